"""Signing in: slow guessing of one account, quick for the others, and a session that ends when it should."""

import hashlib
from datetime import timedelta

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from kit.errors import Unidentified
from kit.secrets import mark
from people import sessions, sign_in
from people.models import Account, SignInAttempt, StaffSession
from people.roles import Role
from people.sign_in import WaitBeforeSignIn, WeakPassword
from tests import make
from tests.make import NOW

PASSWORD = "correct horse 电池"
SECOND = timedelta(seconds=1)


@pytest.fixture
def body(session):
    return make.org(session, "town")


@pytest.fixture
def clerk(session, body):
    return account(session, body, "clerk")


def account(session, body, username):
    return sign_in.create_officer(
        session, org=body, username=username, name="王某", password=PASSWORD, roles=[Role.TOWN_CLERK, Role.TOWN_OFFICER]
    )


def fail(session, times, *, username="clerk", now=NOW):
    for _ in range(times):
        assert sign_in.sign_in(session, username, "wrong password", now=now) is None


def test_the_right_password_gives_a_session_that_says_who_it_is(session, clerk, body):
    signed_in = sign_in.sign_in(session, "clerk", PASSWORD, now=NOW)
    assert signed_in is not None
    actor = sessions.actor_of(session, signed_in.token, now=NOW)
    assert (actor.account_id, actor.org_id, actor.org_kind) == (clerk.id, body.id, "town")
    assert actor.roles == {Role.TOWN_CLERK, Role.TOWN_OFFICER}
    assert actor == signed_in.actor


def test_neither_password_nor_token_is_stored(session, clerk):
    signed_in = sign_in.sign_in(session, "clerk", PASSWORD, now=NOW)
    stored = session.scalars(select(StaffSession)).one()
    assert bytes(stored.token_hash) == hashlib.sha256(signed_in.token.encode()).digest()
    hashed = session.scalars(select(Account.password_hash)).one()
    assert hashed.startswith("$argon2id$")
    assert PASSWORD not in hashed


def test_an_unknown_name_an_inactive_account_and_a_wrong_password_look_alike(session, clerk, body):
    account(session, body, "gone").active = False
    session.flush()
    assert sign_in.sign_in(session, "nobody", PASSWORD, now=NOW) is None
    assert sign_in.sign_in(session, "gone", PASSWORD, now=NOW) is None
    assert sign_in.sign_in(session, "clerk", "wrong password", now=NOW) is None


@pytest.mark.parametrize("password", ["x" * 129, "x" * 1_000_000])
def test_a_password_too_long_to_be_one_is_wrong_and_costs_nothing(session, clerk, password):
    assert sign_in.sign_in(session, "clerk", password, now=NOW) is None
    assert failures(session) == 1


@pytest.mark.parametrize(("length", "allowed"), [(11, False), (12, True), (128, True), (129, False)])
def test_a_password_has_twelve_to_128_characters(session, body, length, allowed):
    make_one = lambda: sign_in.create_officer(  # noqa: E731 - asked twice
        session, org=body, username="new", name="新", password="x" * length, roles=[]
    )
    if allowed:
        assert make_one().id
    else:
        with pytest.raises(WeakPassword):
            make_one()


# --- guessing


def test_five_failures_are_free_and_then_each_waits_twice_as_long(session, clerk):
    fail(session, 5)
    waits, now = [], NOW
    for _ in range(3):
        waits.append(wait(session, now=now))
        now += timedelta(seconds=waits[-1])
        fail(session, 1, now=now)
    assert waits == [2, 4, 8]


@pytest.mark.parametrize("failures", [14, 15, 10_000])
def test_nobody_is_kept_waiting_longer_than_a_quarter_of_an_hour(session, clerk, failures):
    tried(session, "clerk", failures)
    assert wait(session, now=NOW) == 15 * 60


def wait(session, *, now, username="clerk"):
    with pytest.raises(WaitBeforeSignIn) as refusal:
        sign_in.sign_in(session, username, PASSWORD, now=now)
    return refusal.value.extra["retry_after_s"] - 1


def failures(session):
    return session.scalars(select(SignInAttempt.failures)).one()


def tried(session, username, failures):
    session.add(SignInAttempt(name_mark=mark("sign-in", username.encode()), failures=failures, tried_at=NOW))
    session.flush()


def test_after_the_wait_the_right_password_is_taken_and_the_count_begins_anew(session, clerk):
    fail(session, 5)
    assert sign_in.sign_in(session, "clerk", PASSWORD, now=NOW + timedelta(seconds=2)) is not None
    assert failures(session) == 0


def test_guessing_one_account_slows_no_other(session, clerk, body):
    account(session, body, "other")
    tried(session, "clerk", 20)
    assert wait(session, now=NOW) > 0
    assert sign_in.sign_in(session, "other", PASSWORD, now=NOW) is not None
    fail(session, 1, username="nobody")


@pytest.mark.parametrize("username", ["clerk", "nobody", "gone", "空", "a" * 64, "'; drop table"])
def test_a_name_that_nobody_has_is_slowed_like_one_that_somebody_has(session, clerk, body, username):
    """Or five guesses would tell which names exist."""
    account(session, body, "gone").active = False
    session.flush()
    told = []
    now = NOW
    for _ in range(9):
        try:
            told.append(sign_in.sign_in(session, username, "wrong password", now=now))
        except WaitBeforeSignIn as refusal:
            told.append(refusal.extra["retry_after_s"] - 1)
            now += timedelta(seconds=told[-1])
    assert told == [None] * 5 + [2, None, 4, None]


def test_what_is_kept_of_a_name_tells_nobody_the_name(session, clerk):
    fail(session, 1, username="nobody")
    kept = session.scalars(select(SignInAttempt.name_mark)).one()
    assert len(kept) == 32
    assert kept != hashlib.sha256(b"nobody").digest()


def test_a_name_is_forgotten_a_day_after_its_last_try(session, clerk):
    fail(session, 3, username="nobody")
    for hours, left in ((23, 1), (25, 0)):
        sign_in.forget_attempts(session, now=NOW + timedelta(hours=hours))
        assert session.query(SignInAttempt).count() == left


# --- sessions


@pytest.fixture
def token(session, clerk):
    return sign_in.sign_in(session, "clerk", PASSWORD, now=NOW).token


def test_a_session_ends_after_half_an_hour_without_use(session, token):
    almost = NOW + sessions.IDLE - SECOND
    sessions.actor_of(session, token, now=almost)
    session.expire_all()
    sessions.actor_of(session, token, now=almost + sessions.IDLE - SECOND)
    session.expire_all()
    with pytest.raises(Unidentified):
        sessions.actor_of(session, token, now=almost + 2 * sessions.IDLE)


def test_a_session_ends_after_twelve_hours_whatever_its_use(session, token):
    now = NOW
    while now + timedelta(minutes=29) < NOW + sessions.ABSOLUTE:
        now += timedelta(minutes=29)
        session.expire_all()
        sessions.actor_of(session, token, now=now)
    session.expire_all()
    with pytest.raises(Unidentified):
        sessions.actor_of(session, token, now=NOW + sessions.ABSOLUTE)


def test_a_session_is_noted_as_used_at_most_once_a_minute(session, token):
    sessions.actor_of(session, token, now=NOW + timedelta(seconds=59))
    session.expire_all()
    assert session.scalars(select(StaffSession.seen_at)).one() == NOW
    sessions.actor_of(session, token, now=NOW + timedelta(seconds=60))
    assert session.scalars(select(StaffSession.seen_at)).one() == NOW + timedelta(seconds=60)


def test_signing_out_ends_this_session_at_once_and_no_other(session, token):
    other = sign_in.sign_in(session, "clerk", PASSWORD, now=NOW).token
    sessions.sign_out(session, token, now=NOW)
    session.expire_all()
    with pytest.raises(Unidentified):
        sessions.actor_of(session, token, now=NOW)
    assert sessions.actor_of(session, other, now=NOW)


def test_an_account_that_is_closed_acts_no_more(session, clerk, token):
    clerk.active = False
    session.flush()
    with pytest.raises(Unidentified):
        sessions.actor_of(session, token, now=NOW)


@pytest.mark.parametrize("token", ["", "x", "x" * 5000, "令牌"])
def test_a_token_that_was_never_given_is_nobodys(session, token):
    with pytest.raises(Unidentified):
        sessions.actor_of(session, token, now=NOW)


def test_the_hash_of_nobody_costs_what_any_other_costs(slow_passwords):
    passwords, nobody = slow_passwords
    hasher, somebody = PasswordHasher(), passwords.hash("a password of somebody")

    assert not hasher.check_needs_rehash(somebody)
    assert not hasher.check_needs_rehash(nobody)
    assert len(nobody) == len(somebody)
    with pytest.raises(VerifyMismatchError):  # and not InvalidHashError, which is told before anything is computed
        hasher.verify(nobody, "a password of nobody")

"""The second factor, and sessions that die at once with what they were opened under (security.md §3.8)."""

from datetime import timedelta
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from api.rights import MustEnrol, NeedsFreshCode, Policy, Scope
from kit.errors import Unidentified
from kit.settings import settings
from people import absences, accounts, second_factor, sessions, sign_in
from people.absences import Leave
from people.models import AccountEntry, RecoveryCode, SecondFactor
from people.roles import Role
from people.sign_in import CodeWanted, WaitBeforeSignIn
from tests import make
from tests.make import NOW

PASSWORD = "correct horse 电池"
STEP = timedelta(seconds=30)
LATER = NOW + timedelta(minutes=10)


@pytest.fixture
def body(session):
    return make.org(session, "district")


@pytest.fixture
def officer(session, body):
    return sign_in.create_officer(
        session, org=body, username="an", name="安某", password=PASSWORD, roles=[Role.CUSTODIAN]
    )


@pytest.fixture
def admin(session, body):
    return make.officer(session, body, Role.SYSADMIN)


@pytest.fixture
def totp(session, officer):
    """Enrolled at NOW."""
    uri = second_factor.begin(session, officer.id, now=NOW)
    totp = pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0])
    totp.recovery = second_factor.confirm(session, officer.id, totp.at(NOW), now=NOW)
    return totp


def enter(session, code=None, *, now=LATER):
    return sign_in.sign_in(session, "an", PASSWORD, code, now=now)


def test_whoever_has_enrolled_needs_a_code_beside_the_password(session, totp):
    with pytest.raises(CodeWanted):
        enter(session)
    assert enter(session, "000000" if totp.at(LATER) != "000000" else "111111") is None
    assert enter(session, totp.at(LATER)) is not None


def test_a_wrong_password_does_not_say_that_a_code_is_wanted(session, totp):
    assert sign_in.sign_in(session, "an", "not the password", None, now=LATER) is None


def test_a_code_is_good_once_and_an_older_one_never_after_it(session, totp):
    assert enter(session, totp.at(LATER)) is not None
    assert enter(session, totp.at(LATER), now=LATER + timedelta(seconds=5)) is None
    assert enter(session, totp.at(LATER - STEP), now=LATER + timedelta(seconds=10)) is None


@pytest.mark.parametrize(("steps", "passes"), [(-2, False), (-1, True), (0, True), (1, True), (2, False)])
def test_a_clock_may_be_wrong_by_one_step(session, totp, steps, passes):
    assert (enter(session, totp.at(LATER + steps * STEP)) is not None) is passes


def test_wrong_codes_are_slowed_down_like_wrong_passwords(session, totp):
    wrong = "123456" if totp.at(LATER) != "123456" else "654321"
    for _ in range(sign_in.FREE_FAILURES):
        assert enter(session, wrong) is None
    with pytest.raises(WaitBeforeSignIn):
        enter(session, totp.at(LATER))


def test_a_recovery_code_is_good_once_however_it_is_typed(session, totp, officer):
    assert len(set(totp.recovery)) == second_factor.RECOVERY_CODES
    assert enter(session, totp.recovery[0].lower().replace("-", " ")) is not None
    assert enter(session, totp.recovery[0]) is None
    assert second_factor.left(session, officer.id) == second_factor.RECOVERY_CODES - 1


@pytest.mark.parametrize("hostile", ["１２３４５６", "12345６", "\ud800" * 6, "' or 1=1 --", "-" * 32])
def test_hostile_codes_are_wrong_codes(session, totp, hostile):
    assert enter(session, hostile) is None


def test_neither_secret_nor_recovery_code_is_stored(session, totp, officer):
    row = session.get(SecondFactor, officer.id)
    assert totp.secret.encode() not in bytes(row.secret)
    marks = {bytes(each) for each in session.scalars(select(RecoveryCode.mark))}
    assert all(len(each) == 32 and code.encode() not in each for each in marks for code in totp.recovery)


def test_a_sealed_secret_opens_for_its_own_account_alone(session, totp, officer, admin):
    copied = SecondFactor(account_id=admin.account_id, secret=session.get(SecondFactor, officer.id).secret, last_step=0)
    with pytest.raises(InvalidTag):
        second_factor._secret(copied)


def test_who_must_enrol_gets_a_session_for_enrolling_only(session, officer, monkeypatch):
    monkeypatch.setenv("JZ_SECOND_FACTOR", "custodian, sysadmin")
    settings.cache_clear()
    signed = enter(session, now=NOW)
    usual = Policy(frozenset(Role), Scope.SELF)
    with pytest.raises(MustEnrol):
        usual.admit(signed.actor)
    Policy(frozenset(Role), Scope.SELF, enrolling=True).admit(signed.actor)
    uri = second_factor.begin(session, officer.id, now=NOW)
    code = pyotp.TOTP(parse_qs(urlsplit(uri).query)["secret"][0]).at(NOW)
    second_factor.confirm(session, officer.id, code, now=NOW)
    second_factor.made_fresh(session, sessions.token_hash(signed.token), by=signed.actor, now=NOW)
    usual.admit(sessions.actor_of(session, signed.token, now=NOW))
    monkeypatch.undo()
    settings.cache_clear()


@pytest.mark.parametrize(
    ("said", "demo", "asked"),
    [("", "1", set()), ("", "0", {"all"}), ("off", "0", set()), ("finance,custodian", "1", {"finance", "custodian"})],
)
def test_the_setting_says_who_must(monkeypatch, database_url, said, demo, asked):
    monkeypatch.setenv("JZ_SECOND_FACTOR", said)
    monkeypatch.setenv("JZ_DEMO", demo)
    settings.cache_clear()
    assert settings().second_factor_roles == asked
    monkeypatch.undo()
    settings.cache_clear()


def test_the_gravest_acts_want_a_fresh_code(session, totp):
    grave = Policy(frozenset(Role), Scope.SELF, grave=True)
    signed = enter(session, totp.at(LATER))
    grave.admit(signed.actor)
    then = LATER + second_factor.FRESH
    stale = sessions.actor_of(session, signed.token, now=then)
    Policy(frozenset(Role), Scope.SELF).admit(stale)
    with pytest.raises(NeedsFreshCode):
        grave.admit(stale)
    assert sign_in.step_up(session, signed.token, totp.at(then), by=stale, now=then)
    grave.admit(sessions.actor_of(session, signed.token, now=then))
    assert not sign_in.step_up(session, signed.token, totp.at(then), by=stale, now=then)


DEATHS = {
    "suspended": lambda s, who, by: accounts.suspend(s, who.id, reason="调离", by=by, now=NOW),
    "roles changed": lambda s, who, by: accounts.set_roles(s, who.id, [Role.FINANCE], reason="调岗", by=by, now=NOW),
    "factor reset": lambda s, who, by: accounts.reset_factor(s, who.id, reason="手机遗失", by=by, now=NOW),
}


@pytest.mark.parametrize("how", DEATHS)
def test_a_session_dies_with_what_it_was_opened_under(session, totp, officer, admin, how):
    signed = enter(session, totp.at(LATER))
    DEATHS[how](session, officer, admin)
    session.flush()
    with pytest.raises(Unidentified):
        sessions.actor_of(session, signed.token, now=LATER)
    entry = session.scalars(select(AccountEntry)).one()
    assert (entry.account_id, entry.by_id) == (officer.id, admin.account_id)


def test_a_session_dies_with_the_password(session, officer):
    signed = enter(session, now=NOW)
    accounts.change_password(session, "another horse 电池", by=signed.actor, now=NOW)
    with pytest.raises(Unidentified):
        sessions.actor_of(session, signed.token, now=NOW)
    assert enter(session, now=NOW) is None


def test_a_session_dies_when_its_officer_is_away_and_a_later_one_may_end_the_absence(session, officer, body):
    colleague = make.officer(session, body, Role.CUSTODIAN)
    signed = enter(session, now=NOW)
    leave = Leave(officer.id, colleague.account_id, NOW + STEP, NOW + timedelta(days=3), "休假")
    absence = absences.enter(session, leave, by=signed.actor, now=NOW)
    sessions.actor_of(session, signed.token, now=NOW)
    with pytest.raises(Unidentified):
        sessions.actor_of(session, signed.token, now=NOW + STEP)
    again = enter(session, now=NOW + 2 * STEP)
    absences.cancel(
        session, absence.id, by=sessions.actor_of(session, again.token, now=NOW + 2 * STEP), now=NOW + 2 * STEP
    )


@pytest.mark.parametrize("act", ["suspend", "set_roles", "reset_factor"])
def test_nobody_does_it_to_their_own_account(session, admin, act):
    more = {"roles": list(Role)} if act == "set_roles" else {}
    with pytest.raises(accounts.YourOwnAccount):
        getattr(accounts, act)(session, admin.account_id, **more, reason="x", by=admin, now=NOW)


def test_a_suspended_account_signs_in_when_it_is_restored(session, officer, admin):
    accounts.suspend(session, officer.id, reason="调查", by=admin, now=NOW)
    session.flush()
    assert enter(session, now=NOW) is None
    accounts.restore(session, officer.id, reason="查清", by=admin, now=NOW)
    session.flush()
    assert enter(session, now=NOW) is not None


def test_one_sees_and_ends_one_s_own_sessions(session, officer, admin):
    first, second = enter(session, now=NOW), enter(session, now=NOW)
    rows = sessions.open_sessions(session, by=first.actor, now=NOW)
    assert len(rows) == 2
    other = next(row for row in rows if bytes(row.token_hash) == sessions.token_hash(second.token))
    with pytest.raises(sessions.NoSuchSession):
        sessions.end_one(session, other.id, by=admin, now=NOW)
    sessions.end_one(session, other.id, by=first.actor, now=NOW)
    with pytest.raises(Unidentified):
        sessions.actor_of(session, second.token, now=NOW)
    sessions.end_all(session, by=first.actor, now=NOW)
    with pytest.raises(Unidentified):
        sessions.actor_of(session, first.token, now=NOW)

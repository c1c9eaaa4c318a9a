"""A custodian enrols a second factor, signs in with it, and is shut out the moment the account is suspended."""

import time
from urllib.parse import parse_qs, urlsplit

import pyotp
import world

from kit.db import OWNER, unit_of_work
from people.models import Account
from people.roles import Role


def enter(client, username, code=None):
    return client.post("/o/v1/sessions", json={"username": username, "password": world.PASSWORD, "code": code})


def officer(client, username, code=None):
    answer = enter(client, username, code)
    assert answer.status_code == 201, answer.text
    return world.Officer(client, answer.json()["token"])


def enrol(client, username):
    """The authenticator, the recovery codes, and the session in which it was enrolled."""
    who = officer(client, username)
    begun = who.post("/me/second-factor", {"password": world.PASSWORD})
    assert begun.status_code == 201, begun.text
    assert begun.headers["cache-control"] == "no-store"
    assert begun.json()["qr_svg"].startswith("<svg")
    totp = pyotp.TOTP(parse_qs(urlsplit(begun.json()["uri"]).query)["secret"][0])
    assert totp.secret == begun.json()["secret"]
    confirmed = who.post("/me/second-factor/confirmation", {"code": totp.at(time.time() - 30)})
    assert confirmed.status_code == 201, confirmed.text
    return totp, confirmed.json()["recovery_codes"], who


def test_the_code_is_asked_for_from_then_on(client, person):
    username, _ = person(Role.CUSTODIAN)
    other = officer(client, username)
    totp, recovery, who = enrol(client, username)
    assert other.get("/me").status_code == 401  # what was open elsewhere has ended
    assert who.get("/me").status_code == 200
    refused = enter(client, username)
    assert (refused.status_code, refused.json()["code"]) == (401, "sign_in.code_wanted")
    assert enter(client, username, "000000").status_code == 401
    code = totp.now()
    officer(client, username, code)
    assert enter(client, username, code).status_code == 401  # used
    officer(client, username, recovery[0])
    assert enter(client, username, recovery[0]).status_code == 401
    listed = who.get("/me/sessions").json()
    assert listed["recovery_codes_left"] == 9
    assert [row["current"] for row in listed["items"]] == [False, False, True]
    assert who.post(f"/me/sessions/{listed['items'][0]['id']}/ending").status_code == 204
    assert who.post("/me/sessions/ending").status_code == 204
    assert who.get("/me").status_code == 401


def test_the_very_next_request_of_a_suspended_account_is_refused(client, person):
    """And so it is after a change of roles, a reset, and a new password."""
    admin, (username, account_id) = officer(client, person(Role.SYSADMIN)[0]), person(Role.CUSTODIAN)
    _totp, recovery, who = enrol(client, username)
    acts = {
        "suspensions": {"reason": "调查"}, "restorations": {"reason": "查清"},
        "roles": {"roles": ["custodian", "hotline_clerk"], "reason": "调岗"},
        "second-factor-resets": {"reason": "手机遗失"},
    }  # fmt: skip
    for number, (act, body) in enumerate(acts.items()):
        if act != "restorations":
            assert who.get("/me").status_code == 200
        assert admin.post(f"/accounts/{account_id}/{act}", body).status_code == 201
        assert who.get("/me").status_code == 401
        if act == "suspensions":
            assert enter(client, username, recovery[9]).status_code == 401
        else:
            who = officer(client, username, recovery[number])
    changed = who.post("/me/passwords", {"password": world.PASSWORD, "new_password": "another-password"})
    assert changed.status_code == 204, changed.text
    assert who.get("/me").status_code == 401
    with unit_of_work(OWNER) as session:
        assert session.get_one(Account, account_id).active


def test_a_grave_act_wants_a_fresh_code_and_nobody_resets_their_own(client, person):
    username, account_id = person(Role.SYSADMIN)
    totp, recovery, who = enrol(client, username)
    own = who.post(f"/accounts/{account_id}/second-factor-resets", {"reason": "忘了"})
    assert (own.status_code, own.json()["code"]) == (403, "account.your_own")
    with unit_of_work(OWNER) as session:  # a quarter of an hour later
        session.connection().exec_driver_sql(
            "update handling.staff_session set confirmed_at = confirmed_at - interval '15 minutes'"
        )
    stale = who.post("/me/second-factor/recovery-codes")
    assert (stale.status_code, stale.json()["code"]) == (403, "second_factor.fresh")
    assert who.post("/me/second-factor/fresh-codes", {"code": "000000"}).status_code == 403
    assert who.post("/me/second-factor/fresh-codes", {"code": totp.now()}).status_code == 204
    renewed = who.post("/me/second-factor/recovery-codes")
    assert renewed.status_code == 201
    assert enter(client, username, recovery[0]).status_code == 401
    officer(client, username, renewed.json()["recovery_codes"][0])

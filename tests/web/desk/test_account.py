"""What an officer does to their own account in a browser: what must be enrolled is, and what is grave asks anew."""

import re

import pyotp
import pytest
from sqlalchemy import select, update

from kit import clock
from people import second_factor, sign_in
from people.models import StaffSession
from people.roles import Role
from people.sessions import token_hash
from tests import make
from web.desk.door import COOKIE

PASSWORD, NEW = "a long enough password", "another long password"


@pytest.fixture
def signed_in(client, committing):
    """An officer of the desk with a password, at the console in a session that is good for enrolling alone."""
    with committing() as session:
        org = make.org(session, "district")
        sign_in.create_officer(
            session, org=org, username="lisi", name="李四", password=PASSWORD,
            roles=[Role.INTAKE_OFFICER],
        )  # fmt: skip
    answer = client.post("/desk/sign-in", data={"username": "lisi", "password": PASSWORD})
    assert answer.status_code == 303
    with committing() as session:
        session.execute(update(StaffSession).values(limited=True))
    return client


def test_who_must_have_a_second_factor_enrols_it_and_then_works(signed_in, committing):
    client = signed_in
    sent = client.get("/desk")
    assert (sent.status_code, sent.headers["location"].partition("?")[0]) == (303, "/desk/account")
    page = client.get("/desk/account")
    assert "必须启用动态码" in page.text
    assert 'href="/desk"' not in page.text.partition('class="tabs"')[2].partition("</nav>")[0]

    wrong = client.post("/desk/account/second-factor", data={"password": "a wrong password!!"})
    assert (wrong.status_code, "密码不对" in wrong.text) == (422, True)
    begun = client.post("/desk/account/second-factor", data={"password": PASSWORD})
    assert "<svg" in begun.text
    secret = re.search(r"<code>([A-Z2-7]{32})</code>", begun.text)[1]
    mistyped = client.post("/desk/account/second-factor/confirmation", data={"code": "000000"})
    assert (mistyped.status_code, "动态码不对" in mistyped.text) == (422, True)
    totp = pyotp.TOTP(secret)
    done = client.post("/desk/account/second-factor/confirmation", data={"code": totp.at(clock.now())})
    codes = re.findall(r"<code>([0-9A-Z-]{19})</code>", done.text)
    assert (done.status_code, len(codes)) == (200, second_factor.RECOVERY_CODES)
    assert client.get("/desk").status_code == 200
    assert client.post("/desk/account/second-factor", data={"password": PASSWORD}).status_code == 422

    assert client.get("/desk/fresh-code?next=/desk/cases/1").status_code == 200
    wrong = client.post("/desk/fresh-code", data={"code": "000000", "next": "/desk/cases/1"})
    assert (wrong.status_code, 'value="/desk/cases/1"' in wrong.text) == (422, True)
    right = client.post("/desk/fresh-code", data={"code": codes[0].lower(), "next": "/desk/cases/1"})
    assert right.headers["location"] == "/desk/cases/1"


def test_a_new_password_ends_every_session_and_others_are_ended_one_by_one(signed_in, committing):
    client, here = signed_in, signed_in.cookies[COOKIE]
    body = {"username": "lisi", "password": PASSWORD}
    elsewhere = [client.post("/o/v1/sessions", json=body).json()["token"] for _ in range(2)]

    def is_open(token):
        return client.get("/o/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 200

    page = client.get("/desk/account")
    assert page.text.count("退出这一处") == 2
    with committing() as session:
        one = session.scalars(select(StaffSession.id).where(StaffSession.token_hash == token_hash(elsewhere[0]))).one()
    assert client.post(f"/desk/account/sessions/{one}/ending").status_code == 303
    assert [is_open(token) for token in (here, *elsewhere)] == [True, False, True]
    assert client.post("/desk/account/sessions/ending").status_code == 303
    assert [is_open(token) for token in (here, *elsewhere)] == [True, False, False]

    different = client.post("/desk/account/password", data={"password": PASSWORD, "new": NEW, "again": NEW + "!"})
    short = client.post("/desk/account/password", data={"password": PASSWORD, "new": "short", "again": "short"})
    assert (different.status_code, short.status_code) == (422, 422)
    changed = client.post("/desk/account/password", data={"password": PASSWORD, "new": NEW, "again": NEW})
    assert changed.headers["location"] == "/desk/sign-in"
    assert not is_open(here)
    client.cookies.clear()
    assert client.post("/desk/sign-in", data={"username": "lisi", "password": NEW}).status_code == 303

"""Signing in at the console: the same passwords, codes, throttle and ends of a session as /o/v1's."""

from datetime import timedelta

import pyotp
import pytest

from cases.models.case import Case
from kit import clock
from people import second_factor, sign_in
from people.models import Org
from people.roles import Role
from tests.web.desk.conftest import HERE
from web.desk.door import COOKIE, place

PASSWORD = "a long enough password"
IN = "/desk/sign-in"


@pytest.fixture
def officer(ground, committing):
    """Somebody of the western town with a password: their name and their account."""
    with committing() as session:
        town = session.get_one(Org, session.get_one(Case, ground.ours).responsible_org_id)
        made = sign_in.create_officer(
            session, org=town, username="zhangsan", name="张三", password=PASSWORD, roles=[Role.TOWN_CLERK]
        )
        return made.id


def give(client, password=PASSWORD, code="", headers=HERE, onward="/desk", name="zhangsan"):
    client.cookies.clear()
    form = {"username": name, "password": password, "code": code, "next": onward}
    return client.post(IN, data=form, headers=headers)


def test_a_session_is_opened_kept_from_scripts_and_other_sites_and_ended_at_once(client, officer, committing):
    assert client.get("/desk?state=signed").headers["location"] == f"{IN}?next=%2Fdesk%3Fstate%3Dsigned"

    wrong = give(client, "a wrong password!!")
    assert (wrong.status_code, COOKIE in wrong.cookies) == (401, False)
    assert "账号、密码或者动态码不对" in wrong.text
    assert "zhangsan" in wrong.text
    assert "a wrong password" not in wrong.text

    right = give(client, onward="/desk?state=signed")
    assert (right.status_code, right.headers["location"]) == (303, "/desk?state=signed")
    said = right.headers["set-cookie"].lower()
    assert all(word in said for word in ("httponly", "samesite=strict", "path=/desk"))
    assert "secure" not in said  # plain http: a browser would throw it away
    assert "max-age" not in said

    page = client.get("/desk")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "张三" in page.text
    assert "unsafe" not in page.headers["content-security-policy"]

    token = client.cookies[COOKIE]
    out = client.post("/desk/sign-out")
    assert (out.status_code, out.headers["location"]) == (303, IN)
    client.cookies.set(COOKIE, token, domain="testserver.local", path="/desk")
    assert client.get("/desk").status_code == 303
    assert client.get("/o/v1/me", headers={"authorization": f"Bearer {token}"}).status_code == 401


def test_a_session_that_is_ended_elsewhere_is_over_with_the_next_page(client, officer):
    assert give(client).status_code == 303
    token = client.cookies[COOKIE]
    assert client.get("/desk").status_code == 200
    client.post("/o/v1/me/sessions/ending", headers={"authorization": f"Bearer {token}"})
    assert client.get("/desk").headers["location"].startswith(IN)
    form = "http://testserver/desk/cases?state=signed"
    posted = client.post("/desk/views", data={"name": "x", "filter": ""}, headers={"referer": form})
    assert posted.headers["location"] == f"{IN}?next=%2Fdesk%2Fcases%3Fstate%3Dsigned"
    part = client.get("/desk", headers={"hx-request": "true"})
    assert (part.status_code, part.headers["hx-redirect"].startswith(IN)) == (200, True)


def test_a_code_is_asked_for_where_there_is_a_second_factor(client, officer, committing):
    with committing() as session:
        uri = second_factor.begin(session, officer, now=clock.now())
        totp = pyotp.parse_uri(uri)
        second_factor.confirm(session, officer, totp.at(clock.now() - timedelta(seconds=30)), now=clock.now())
    without, wrong = give(client), give(client, code="000000")
    assert (without.status_code, wrong.status_code) == (401, 401)
    assert "启用了动态码" in without.text
    assert give(client, code=totp.at(clock.now())).status_code == 303


def test_guessing_is_slowed_down_for_the_name_here_and_at_the_api(client, officer):
    for _ in range(sign_in.FREE_FAILURES + 1):
        last = give(client, "a wrong password!!")
    slow = give(client)
    assert last.status_code in {401, 429}
    assert (slow.status_code, int(slow.headers["retry-after"]) > 0) == (429, True)
    assert "分钟后再试" in slow.text
    body = {"username": "zhangsan", "password": PASSWORD}
    assert client.post("/o/v1/sessions", json=body).status_code == 429


FOREIGN = [
    {},
    {"origin": "null"},
    {"origin": "https://elsewhere.example"},
    {"origin": "http://testserver", "sec-fetch-site": "same-site"},
    {"origin": "http://testserver", "sec-fetch-site": "cross-site"},
    {"sec-fetch-site": "none"},
]


def test_what_another_site_posts_is_not_done(client, sit_down, ground):
    client.headers.pop("origin")
    sit_down(ground.people[Role.TOWN_CLERK])
    for said in FOREIGN:
        answer = client.post("/desk/sign-out", headers=said)
        assert (answer.status_code, "不是从本站页面发出的" in answer.text) == (403, True), said
        assert client.post(IN, data={"username": "a", "password": "b"}, headers=said).status_code == 403
    assert client.get("/desk").status_code == 200
    for said in ({"origin": "http://testserver"}, {"sec-fetch-site": "same-origin"}):
        sit_down(ground.people[Role.TOWN_CLERK])
        assert client.post("/desk/sign-out", headers=said).status_code == 303
        assert client.get("/desk").status_code == 303


@pytest.mark.parametrize(
    "said", ["//evil.example", "https://evil.example", "/desk\\evil", "/deskevil", "/o/v1/me", "", "/desk/\nx"]
)
def test_nobody_is_led_out_of_the_console(said):
    assert place(said) == "/desk"


@pytest.mark.parametrize("said", ["/desk", "/desk/cases/1?x=%E4%B8%AD", "/desk?state=signed"])
def test_a_page_of_the_console_is_gone_on_to(said):
    assert place(said) == said

"""Q6, X38-X40, X48: every route that the application has, asked as every officer, says nothing of the canary.

Routes are read from the application itself: one that is built tomorrow is asked tomorrow. First all is looked at, then
every act is tried with nothing in it: refusals speak, too.
"""

import pytest
import structlog
import world
from canary import EXTRACT, WORDS, walk
from prometheus_client import generate_latest
from sqlalchemy import text
from starlette.testclient import TestClient
from sweeping import PLACEHOLDER, Answers, ids, inside, look, operations, paths, words

from cases.models.case import Case
from kit import logs, metrics
from kit.db import OWNER, unit_of_work
from tests.receivers import reachable

# Who reads reports, and who reads identities that were released to them; what the vault holds, nobody is shown unasked.
SEES_REPORTS = ("desk",)
SEALED = (
    "name", "phone", "lon", "lat", "id number", "code", "bare code", "claim secret", "bare claim secret", "client id",
)  # fmt: skip
OWN_SESSIONS = "/o/v1/me/sessions"  # when somebody signed in themselves, which may be that very second
LEAST_OPENED = 700
LEAST_ROUTES = 70


@pytest.fixture
def told():
    return metrics.registry()


@pytest.fixture
def client(built, told):
    """The application as a process serves it: with its pages, its feed and its counts."""
    from api import metrics as counts  # noqa: PLC0415 - settings exist only now
    from api.app import create_app  # noqa: PLC0415
    from api.public.raw_feed import RawFeed  # noqa: PLC0415
    from web import app as pages  # noqa: PLC0415

    app = create_app()
    pages.install(app)
    feed = RawFeed(app)
    counts.install(app, feed, told)
    with TestClient(feed, raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def logged(capfd):
    """All that this process writes down meanwhile, at the finest."""
    logs.configure("debug")
    yield lambda: "".join(capfd.readouterr())
    structlog.reset_defaults()


def known(app):
    """For each placeholder of any path, some things that there are."""
    names = {name for _, path in operations(app.router.routes) for name in PLACEHOLDER.findall(path)}
    with unit_of_work(OWNER) as session:
        return {name: ids(session, name) for name in names} | {"size": ["large", "small"], "year": ["2026"]}


def sweep(client, sign_in, secrets, usernames, methods=("GET",)):
    """Ask every route as each of them."""
    app, answers = inside(client.app), Answers()
    things = known(app)
    for username in usernames:
        who = sign_in(username)
        theirs = {name: secrets[name] for name in (SEALED if username in SEES_REPORTS else secrets)}
        for method, template in operations(app.router.routes):
            if method not in methods or template == "/o/v1/sessions/end":
                continue
            for path in paths(template, things):
                body = {"json": {}} if method == "POST" else {}
                answer = client.request(method, path, headers=who.headers | {"If-Match": '"1"'}, **body)
                if answer.status_code == 401 and template.startswith("/o/v1/"):
                    who = sign_in(username)
                answers.opened += answer.is_success
                answers.routes |= {template} if answer.is_success else set()
                if answer.status_code == 500:
                    answers.failed.append((username, method, path, answer.status_code))
                said = words(answer)
                for asked in path.split("/"):  # what was asked for may be said again
                    said = said.replace(asked, "") if len(asked) > 30 else said
                sought = {
                    k: v for k, v in theirs.items() if template != OWN_SESSIONS or not k.startswith(("sent", "seen"))
                }
                look(answers, username, f"{method} {template}", said, sought)
    return answers


def test_q6_no_route_says_a_word_of_the_canary_to_anybody_who_handles(
    client, work, sign_in, told, tmp_path, monkeypatch, logged
):
    with reachable(tmp_path, monkeypatch) as (box, robot):
        leader, safety = sign_in("leader"), sign_in("safety")
        assert leader.post("/mail-addresses", {"address": "leader@example.gov.cn"}).status_code == 201
        bot = {"org_id": leader.me["org_id"], "kind": "wecom", "url": robot.url}
        assert safety.post("/group-bots", bot).status_code == 201
        case_id, secrets = walk(client, work, sign_in)
        export = leader.post("/exports", {"filter": {}, "reason": "月度核对"}).json()
        sheet = leader.post(f"/exports/{export['id']}/downloads", seen=export["version"])
        assert leader.act(case_id, "papers", {"kind": "closing"}).status_code == 201
        urge = {"case_id": case_id, "level": "reminder", "org_id": leader.me["org_id"], "text": "请核查"}
        safety.post("/urge-orders", urge)
        work()
        looked = sweep(client, sign_in, secrets, world.PEOPLE)
        tried = sweep(client, sign_in, secrets, ("clerk", "fire", "publisher", "desk"), methods=("POST",))
        sent = " ".join([*robot.texts, *(f"{mail['subject']} {mail.get_content()}" for mail in box.mails)])

    assert EXTRACT in words(leader.get(f"/cases/{case_id}"))
    assert looked.failed == tried.failed == []
    assert looked.opened > LEAST_OPENED
    assert len(looked.routes) > LEAST_ROUTES, sorted(looked.routes)
    assert looked.leaks == tried.leaks == {}
    structlog.get_logger().warning("the end", words=secrets["words"])  # that there is a log, and that it is looked at
    rest = Answers()
    for what, said in (
        ("the export", words(sheet)),
        ("what was sent", sent),
        ("the counts", generate_latest(told).decode()),
        ("the log", logged()),
        ("notices", _rows("handling.notice")),
    ):
        assert said.strip(), what
        look(rest, "anybody", what, said, secrets)
    assert rest.leaks == {}


@pytest.mark.parametrize("column", ["extract", "place_text"])
def test_a_leak_is_found_wherever_it_comes_out(client, work, sign_in, column):
    """The sweep can fail: one careless copy of a reporter's words, and it names the routes that tell it."""
    case_id, secrets = walk(client, work, sign_in)
    with unit_of_work(OWNER) as session:
        setattr(session.get_one(Case, case_id), column, WORDS)
    found = sweep(client, sign_in, secrets, ("clerk",))
    assert {name for _, _, name in found.leaks} == {"words"}
    assert {"GET /o/v1/cases", "GET /o/v1/cases/{case_id}"} <= {what for _, what, _ in found.leaks}


def _rows(table):
    with unit_of_work(OWNER) as session:
        return " ".join(session.scalars(text(f"select to_jsonb(t)::text from {table} t")))  # noqa: S608

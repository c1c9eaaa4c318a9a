"""Who reported: sealed as it arrives, opened once for one person when two agree, by a real vault; and never shown else.

C12 Q1, Q3, Q4, Q6, Q10, X39, X48; security.md 3.1.3 and 3.1.4.
"""

from datetime import timedelta

import world
from sqlalchemy import text
from test_a_report_reaches_the_feed import dispatched, handled

from kit import clock
from kit.db import OWNER, unit_of_work
from workers.steps import STEPS, Work

NAME, PHONE, LON = "甄举报", "13912345678", 117.3512345
CONTACT = {"name": NAME, "phone": PHONE}
FROM = {"lon": LON, "lat": 31.1509876, "crs": "wgs84", "accuracy_m": 9.0}
WISH = {
    "reason": "contact_facts",
    "words": "两处地点须当面指认，查询码下三次询问未获回复，情况紧迫。",
    "fields": ["name", "phone"],
}


def sent(client, **changes):
    answer = client.post("/m/v1/reports", json=world.report(contact=CONTACT, sent_from=FROM, **changes))
    assert answer.status_code == 201, answer.text
    return answer.json()


def on_the_desk(client, work, sign_in):
    """A report that a person at the desk must look at."""
    receipt = sent(client, emergency={"answer": "happening"})
    work()
    desk = sign_in("desk")
    return desk, receipt, desk.get("/desk/reports").json()["items"][0]["id"]


def asked(desk, report_id, **changes):
    answer = desk.desk(report_id, "identity-releases", WISH | changes)
    assert answer.status_code == 201, answer.text
    return answer.json()["id"]


def approve(keeper, release_id, password=world.PASSWORD):
    return keeper.post(f"/identity-releases/{release_id}/approval", {"password": password})


def test_q4_it_is_asked_agreed_to_by_another_and_read_once(vault, client, work, sign_in):
    desk, _receipt, report_id = on_the_desk(client, work, sign_in)
    keeper = sign_in("keeper")
    release = asked(desk, report_id)
    assert desk.post(f"/identity-releases/{release}/reading").json()["code"] == "case.not_in_state"
    (waiting,) = keeper.get("/identity-releases").json()["items"]
    assert (waiting["id"], waiting["reason_code"], waiting["words"]) == (release, "contact_facts", WISH["words"])
    assert approve(desk, release).status_code == 403
    assert approve(keeper, release, "not-the-password-of-anybody").json()["code"] == "password.wrong"
    assert approve(keeper, release).status_code == 201
    assert keeper.post(f"/identity-releases/{release}/reading").json()["code"] == "release.not_the_reader"

    read = desk.post(f"/identity-releases/{release}/reading")
    assert read.status_code == 201, read.text
    assert read.json()["identity"] == CONTACT
    assert str(desk.me["account_id"]) in read.json()["watermark"]
    assert read.headers["cache-control"] == "no-store"
    again = desk.post(f"/identity-releases/{release}/reading")
    assert (again.status_code, again.json()["code"]) == (409, "case.not_in_state")
    (mine,) = desk.get("/identity-releases", params={"which": "mine"}).json()["items"]
    assert (mine["state"], mine["reader_id"]) == ("read", desk.me["account_id"])


def test_q3_the_desk_sees_how_far_the_phone_was_and_never_where(vault, client, work, sign_in):
    desk, _receipt, report_id = on_the_desk(client, work, sign_in)
    seen = desk.get(f"/desk/reports/{report_id}")
    assert seen.json()["place"]["sent_from"] == "under_1km"
    assert str(LON) not in seen.text
    release = asked(desk, report_id, fields=["position"])
    assert approve(sign_in("keeper"), release).status_code == 201
    read = desk.post(f"/identity-releases/{release}/reading").json()["identity"]
    assert read == {"position": FROM}


def test_reports_come_in_without_the_vault_and_nobody_reads_meanwhile(vault, client, work, sign_in):
    stop, start = vault
    stop()
    desk, receipt, report_id = on_the_desk(client, work, sign_in)
    assert client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).status_code == 200
    release = asked(desk, report_id)
    assert approve(sign_in("keeper"), release).status_code == 201
    away = desk.post(f"/identity-releases/{release}/reading")
    assert (away.status_code, away.json()["code"], away.json()["retryable"]) == (503, "vault.away", True)
    start()
    assert desk.post(f"/identity-releases/{release}/reading").json()["identity"] == CONTACT


def test_a_wish_without_a_proper_reason_is_none(vault, client, work, sign_in):
    desk, _receipt, report_id = on_the_desk(client, work, sign_in)
    for change in (
        {"words": "因为想知道"}, {"fields": []}, {"fields": ["id_card"]}, {"reason": "any"}, {"reason": None},
        {"more": 1}, {"words": "\0" * 30},
    ):  # fmt: skip
        answer = desk.desk(report_id, "identity-releases", WISH | change)
        assert answer.status_code == 422, (change, answer.text)


def test_q10_whoever_declared_a_relation_is_kept_away_until_it_ends(vault, client, work, sign_in):
    keeper = sign_in("keeper")
    desk, _receipt, report_id = on_the_desk(client, work, sign_in)
    declared = keeper.post("/relations", {"name": "消防通道", "kind": "other"})
    assert declared.status_code == 201, declared.text
    release = asked(desk, report_id)
    refused = approve(keeper, release)
    assert (refused.status_code, refused.json()["code"], refused.json()["why"]) == (403, "report.conflict", "related")
    assert [each["name"] for each in keeper.get("/relations").json()["items"]] == ["消防通道"]
    assert desk.post(f"/relations/{declared.json()['id']}/end").json()["code"] == "relation.unknown"
    assert keeper.post(f"/relations/{declared.json()['id']}/end").status_code == 201
    assert approve(keeper, release).status_code == 201


def test_a_leave_that_nobody_used_lapses_and_one_may_ask_again(vault, client, work, sign_in):
    desk, _receipt, report_id = on_the_desk(client, work, sign_in)
    release = asked(desk, report_id)
    assert approve(sign_in("keeper"), release).status_code == 201
    with unit_of_work("jz_worker") as session:
        STEPS["lapse_releases"](session, Work(None, {}), clock.now() + timedelta(minutes=16))
    assert desk.get(f"/identity-releases/{release}").json()["state"] == "lapsed"
    assert desk.post(f"/identity-releases/{release}/reading").json()["code"] == "case.not_in_state"
    assert asked(desk, report_id) != release


def test_the_discipline_body_gets_the_weekly_list_and_reads_no_identity(vault, client, work, sign_in):
    desk, _receipt, report_id = on_the_desk(client, work, sign_in)
    release = asked(desk, report_id)
    watcher = sign_in("discipline")
    with unit_of_work("jz_worker") as session:
        STEPS["list_releases"](session, Work(None, {}), clock.now() + timedelta(days=7))
    (made,) = watcher.get("/identity-release-lists").json()["items"]
    assert made["rows"] == [
        {"account_id": desk.me["account_id"], "name": "desk", "reason": "contact_facts", "state": "asked",
         "town": "未定", "times": 1}
    ]  # fmt: skip
    for path in (f"/identity-releases/{release}", "/identity-releases"):
        assert watcher.get(path).json()["code"] == "release.role"
    for username in ("clerk", "leader", "fire", "publisher"):
        assert sign_in(username).get("/identity-release-lists").json()["code"] == "role.missing"


def test_q6_x39_no_officer_who_handles_the_case_is_shown_anything_of_who_reported(vault, client, work, sign_in):
    """A canary reporter walks through every list and every page of a case that a handler can open."""
    sign = sign_in("desk")
    receipt, report_id, case_id = dispatched(client, work, sign, contact=CONTACT, sent_from=FROM)
    handled(sign_in, case_id)
    work()
    release = asked(sign, report_id)
    assert approve(sign_in("keeper"), release).status_code == 201
    assert sign.post(f"/identity-releases/{release}/reading").json()["identity"] == CONTACT
    tokens = [NAME, PHONE, str(LON), receipt["tracking_code"]]
    handlers = ("clerk", "officer", "leader", "fire", "safety", "lawyer", "publisher", "discipline")
    secrets = {each: [*tokens, report_id, receipt["reference"]] for each in handlers}
    secrets |= {"desk": tokens, "keeper": tokens}
    opened = 0
    for username, secret in secrets.items():
        who = sign_in(username)
        for path in readable_paths(client.app, case_id):
            answer = who.get(path)
            opened += answer.status_code == 200
            for token in secret:
                assert token not in answer.text, (username, path, token)
    assert opened > 150
    with unit_of_work(OWNER) as session:
        for table in ("handling.case_event", "handling.notice", "handling.job", "vault.event", "intake.report_event"):
            rows = " ".join(str(row) for row in session.execute(text(f"select to_jsonb(t) from {table} t")))  # noqa: S608
            assert rows
            for token in (NAME, PHONE, str(LON)):
                assert token not in rows, table


def readable_paths(app, case_id):
    """Every GET of the officers' API that needs nothing but a case."""
    inner = app.app if hasattr(app, "app") else app
    found = inner.openapi()["paths"]
    wanted = [path for path, acts in found.items() if path.startswith("/o/v1/") and "get" in acts]
    paths = [path.removeprefix("/o/v1").replace("{case_id}", case_id) for path in wanted]
    return [path for path in paths if "{" not in path]

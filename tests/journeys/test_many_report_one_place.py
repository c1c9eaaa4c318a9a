"""Sixty phones report one place: one case, sixty receipts, sixty replies, and nobody learns of another (T11, X42)."""

import secrets
from collections import Counter

import pytest
import world
from sqlalchemy import func, select
from test_a_report_reaches_the_feed import handled
from test_told_satisfied_closed import TEXT, tracked

from cases.models.case import Case
from cases.models.report import ReportCase
from kit import clock
from kit.db import OWNER, unit_of_work

PHONES = 60
LON, LAT = world.CENTRE


def send(client, number, **changes):
    """A few metres from the others, each by another device."""
    place = (LON + (number % 8) * 0.00002, LAT)
    sent = world.report(place, text=f"第{number}位路过者看到通道被堵死", device=secrets.token_urlsafe(24), **changes)
    answer = client.post("/m/v1/reports", json=sent)
    assert answer.status_code == 201, answer.text
    return answer.json()


def chosen(rows):
    return [{"id": row["id"], "version": row["version"]} for row in rows]


def pages(desk, path, limit=25, **words):
    rows, after = [], None
    while True:
        page = desk.get(path, params={"limit": limit, **words, **({"after": after} if after else {})}).json()
        rows += page["items"]
        after = page["next"]
        if after is None:
            return rows


def how_many(table):
    with unit_of_work(OWNER) as session:
        return session.scalar(select(func.count()).select_from(table))


def test_sixty_reports_are_one_case_and_sixty_replies(client, work, sign_in):
    desk, clerk = sign_in("desk"), sign_in("clerk")
    receipts = []
    for number in range(PHONES):
        receipts.append(send(client, number))
        if number == 0:
            work()
    (case,) = clerk.get("/cases").json()["items"]
    before = clerk.get(f"/cases/{case['id']}").json()
    work()

    waits = Counter(row["waits_for"] for row in pages(desk, "/desk/reports", which="waiting"))
    assert waits == {"possible_duplicate": 20, "site_flood": 39}
    (flood,) = desk.get("/desk/floods").json()["items"]
    assert (flood["case"]["id"], flood["waiting"]) == (case["id"], 59)
    rows = pages(desk, f"/desk/floods/{case['id']}")
    assert len({row["id"] for row in rows}) == 59
    assert all(row["text"] for row in rows)
    # Eight spots to the seventh digit for sixty phones: told to whoever reads them, and held against nobody.
    assert {tuple(sign["code"] for sign in row["doubt"]["signals"]) for row in rows} == {("same_point",)}
    assert how_many(Case) == 1

    body = {"reports": chosen(rows), "evidence": "同一通道，同一堆货物，逐件看过"}
    joined = desk.post(f"/desk/floods/{case['id']}/merges", body)
    assert (joined.status_code, joined.json()["done"], joined.json()["refused"]) == (201, 59, 0)
    again = desk.post(f"/desk/floods/{case['id']}/merges", body).json()
    assert (again["done"], {row["problem"]["code"] for row in again["results"]}) == (0, {"case.changed"})
    work()
    assert (how_many(Case), how_many(ReportCase)) == (1, PHONES)
    assert clerk.get(f"/cases/{case['id']}").json() == before  # X42: no handler can tell

    handled(sign_in, case["id"])
    work()
    rows = pages(desk, "/desk/reports", which="to_reply")
    assert len(rows) == PHONES
    told = desk.post("/desk/replies", {"reports": chosen(rows), "text": TEXT}).json()
    assert (told["done"], told["refused"]) == (PHONES, 0)
    work()
    progress = [tracked(client, receipt) for receipt in receipts]
    assert {each["state"] for each in progress} == {"replied"}
    assert {each["outcome"]["text"] for each in progress} == {TEXT}
    assert len({each["reference"] for each in progress}) == PHONES
    lines = {tuple(line["text"] for line in each["timeline"]) for each in progress}
    assert not any("并" in text or "他人" in text for line in lines for text in line)


def test_what_is_to_be_looked_at_by_itself_joins_no_flood(client, work, sign_in):
    desk = sign_in("desk")
    send(client, 0)
    work()
    emergency = send(client, 1, emergency={"answer": "happening"})
    official = client.post("/m/v1/reports", json=world.report((LON, LAT), text="村支书家的仓库堵了消防通道")).json()
    plain = [send(client, number) for number in (2, 3)]
    work()
    (flood,) = desk.get("/desk/floods").json()["items"]
    mine = pages(desk, f"/desk/floods/{flood['case']['id']}")
    assert {row["reference"] for row in mine} == {each["reference"] for each in plain}

    every = pages(desk, "/desk/reports", which="waiting")
    answer = desk.post(
        f"/desk/floods/{flood['case']['id']}/merges", {"reports": chosen(every), "evidence": "同一处"}
    ).json()
    by_id = {row["id"]: row["reference"] for row in every}
    refused = {by_id[row["report_id"]]: row["problem"]["code"] for row in answer["results"] if not row["done"]}
    assert refused == {emergency["reference"]: "flood.not_of_it", official["reference"]: "flood.not_of_it"}
    assert answer["done"] == 2  # one refusal leaves the others done


def test_what_cannot_be_asked_of_it_is_a_problem(client, work, sign_in):
    desk = sign_in("desk")
    for number in range(3):
        send(client, number)
        work()
    (flood,) = desk.get("/desk/floods").json()["items"]
    case_id = flood["case"]["id"]
    one, other = chosen(pages(desk, f"/desk/floods/{case_id}"))
    nobody = "00000000-0000-4000-8000-000000000000"

    def asked(case, reports, **more):
        return desk.post(f"/desk/floods/{case}/merges", {"reports": reports, "evidence": "同一处", **more})

    assert asked(nobody, [one]).json()["code"] == "case.unknown"
    assert asked(case_id, [one, one]).json()["code"] == "flood.repeated"
    assert asked(case_id, []).status_code == asked(case_id, [one], evidence="").status_code == 422
    many = [{"id": f"00000000-0000-4000-8000-{number:012}", "version": 1} for number in range(101)]
    assert asked(case_id, many).json()["code"] == "flood.too_many"
    mixed = asked(case_id, [one | {"version": 9}, {"id": nobody, "version": 1}, other]).json()
    assert [row.get("problem", {}).get("code") for row in mixed["results"]] == [
        "case.changed", "report.unknown", None,
    ]  # fmt: skip
    reply = desk.post("/desk/replies", {"reports": [one], "text": TEXT}).json()
    assert (reply["done"], reply["refused"]) == (0, 1)


@pytest.mark.parametrize("who", ["clerk", "fire", "discipline", "publisher"])
def test_only_the_desk_sees_a_flood(client, work, sign_in, who):
    """Q2, X42: how many report a place is nobody's business outside the desk."""
    send(client, 0)
    work()
    with unit_of_work(OWNER) as session:
        case_id = session.scalars(select(Case.id)).one()
    officer = sign_in(who)
    assert officer.get("/desk/floods").status_code == 403
    assert officer.get(f"/desk/floods/{case_id}").status_code == 403
    assert officer.get("/desk/board").status_code == 403
    one = [{"id": str(case_id), "version": 1}]
    assert officer.post(f"/desk/floods/{case_id}/merges", {"reports": one, "evidence": "-"}).status_code == 403
    assert officer.post("/desk/replies", {"reports": one, "text": "-"}).status_code == 403


def test_the_board_counts_what_is_held_until_somebody_has_decided(client, work, sign_in):
    """T11: a held report never ends in silence; the safety office sees the numbers, and no report."""
    desk, safety = sign_in("desk"), sign_in("safety")
    empty = safety.get("/desk/board").json()
    assert (empty["all"], empty["held"], empty["reasons"]) == (
        {"waiting": 0, "overdue": 0, "next_due_at": None}, {"waiting": 0, "overdue": 0, "next_due_at": None}, {},
    )  # fmt: skip
    for number in range(24):
        send(client, number)
        if number == 0:
            work()
    work()
    board = safety.get("/desk/board").json()
    assert board["reasons"] == {"possible_duplicate": 20, "site_flood": 3}
    assert (board["all"]["waiting"], board["held"]["waiting"], board["held"]["overdue"]) == (23, 3, 0)
    assert board["held"]["next_due_at"] > clock.now().isoformat()
    assert "reference" not in str(board)
    (flood,) = desk.get("/desk/floods").json()["items"]
    rows = pages(desk, f"/desk/floods/{flood['case']['id']}")
    desk.post(f"/desk/floods/{flood['case']['id']}/merges", {"reports": chosen(rows), "evidence": "同一处"})
    assert safety.get("/desk/board").json()["all"]["waiting"] == 0

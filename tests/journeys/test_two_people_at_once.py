"""Two people act on what they both saw: one is done, the other is shown what it is now (412)."""

from concurrent.futures import ThreadPoolExecutor

from test_a_report_reaches_the_feed import dispatched


def test_the_second_of_two_acts_is_told_that_the_case_changed(client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    clerk, leader = sign_in("clerk"), sign_in("leader")
    person, seen = clerk.me["account_id"], clerk.get(f"/cases/{case_id}").json()["version"]

    with ThreadPoolExecutor(2) as pool:
        answers = list(
            pool.map(
                lambda who: who.post(f"/cases/{case_id}/signatures", {"person_id": person}, seen=seen), (clerk, leader)
            )
        )

    assert sorted(answer.status_code for answer in answers) == [201, 412]
    stale = next(answer.json() for answer in answers if answer.status_code == 412)
    assert stale["code"] == "case.changed"
    assert (stale["current"]["state"], stale["current"]["version"]) == ("signed", seen + 1)


def test_an_act_must_say_what_it_saw(client, work, sign_in):
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))

    answer = sign_in("clerk").post(f"/cases/{case_id}/signatures", {"person_id": 1})

    assert (answer.status_code, answer.json()["code"]) == (428, "precondition.required")


def test_a_signed_out_session_is_dead_at_once(client, sign_in):
    clerk = sign_in("clerk")

    assert clerk.post("/sessions/end").status_code == 204

    assert clerk.get("/queue").status_code == 401
    assert client.get("/o/v1/queue").status_code == 401


def test_the_queue_is_paged_by_what_is_due(client, work, sign_in):
    places = [(117.31 + step * 0.01, 31.13) for step in range(5)]
    for place in places:
        dispatched(client, work, sign_in("desk"), place=place)
    clerk, rows, after = sign_in("clerk"), [], ""
    while True:
        page = clerk.get(f"/queue?limit=2&state=dispatched{after}").json()
        rows += page["items"]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert len({row["task_id"] for row in rows}) == len(rows) == len(places)
    assert [row["due_at"] for row in rows] == sorted(row["due_at"] for row in rows)
    assert clerk.get("/queue?after=made-up").json()["code"] == "page.cursor_invalid"

"""Two reports of one matter are merged by a person, and separated again when they were two (C3, X18, X19, X42)."""

import world
from test_a_report_reaches_the_feed import dispatched


def second_report(client, work, desk):
    """A report beside the first that waits as a possible duplicate: receipt and id."""
    receipt = client.post("/m/v1/reports", json=world.report()).json()
    work()
    items = desk.get("/desk/reports?limit=100").json()["items"]
    row = next(item for item in items if item["reference"] == receipt["reference"])
    assert row["waits_for"] == "possible_duplicate"
    return receipt, row["id"]


def tracked(client, receipt):
    return client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}).json()


def told(progress):
    """What a reporter reads but for what is each one's own."""
    return {name: progress[name] for name in ("state", "state_text", "timeline", "next", "outcome")}


def test_merged_reports_share_a_case_and_nothing_else(client, work, sign_in):
    desk = sign_in("desk")
    first, _first_id, case_id = dispatched(client, work, desk)
    clerk = sign_in("clerk")
    before = clerk.get(f"/cases/{case_id}").json()
    second, second_id = second_report(client, work, desk)
    shown = desk.get(f"/desk/reports/{second_id}").json()["possible_duplicates"]
    assert [case["id"] for case in shown] == [case_id]

    merged = desk.desk(second_id, "merges", {"case_id": case_id, "evidence": "同一通道，照片中同一辆车"})
    work()

    assert (merged.status_code, merged.json()["case"]["id"]) == (201, case_id), merged.text
    assert clerk.get(f"/cases/{case_id}").json() == before  # X42
    one, other = tracked(client, first), tracked(client, second)
    assert one["reference"] != other["reference"]
    assert told(one) == told(other)


def test_x19_accepted_into_a_case_a_report_is_merged_with_what_was_seen_and_can_be_parted_again(client, work, sign_in):
    desk = sign_in("desk")
    _, _, case_id = dispatched(client, work, desk)
    _, second_id = second_report(client, work, desk)
    shown = desk.get(f"/desk/reports/{second_id}").json()["possible_duplicates"]
    assert [case["because"] for case in shown] == [["near"]]
    unsaid = desk.desk(second_id, "acceptances", {"join_case_id": case_id})
    assert (unsaid.status_code, unsaid.json()["code"]) == (422, "merge.evidence_missing")
    joined = desk.desk(second_id, "acceptances", {"join_case_id": case_id, "evidence": "照片中同一辆车"})
    assert (joined.status_code, joined.json()["case"]["id"]) == (201, case_id)
    parted = desk.desk(second_id, "separations", {"why": "两家不同的店"})
    assert parted.status_code == 201, parted.text


def test_a_separated_report_is_dispatched_afresh_and_nobody_is_told_of_another(client, work, sign_in):
    desk = sign_in("desk")
    first, _first_id, case_id = dispatched(client, work, desk)
    second, second_id = second_report(client, work, desk)
    desk.desk(second_id, "merges", {"case_id": case_id, "evidence": "相邻"})
    work()
    clerk = sign_in("clerk")
    before, first_before = clerk.get(f"/cases/{case_id}").json(), told(tracked(client, first))

    parted = desk.desk(second_id, "separations", {"why": "两家不同的店"})
    work()

    assert parted.status_code == 201, parted.text
    own = parted.json()["case"]
    assert own["id"] != case_id
    assert (own["state"], own["responsible_org_id"]) == ("dispatched", before["responsible_org_id"])
    assert clerk.get(f"/cases/{case_id}").json() == before
    assert told(tracked(client, first)) == first_before
    assert tracked(client, second)["state"] == "accepted"
    assert clerk.get(f"/cases/{own['id']}").json()["extract"] is None
    again = desk.desk(second_id, "separations", {"why": "再分"})
    assert (again.status_code, again.json()["code"]) == (409, "separation.opened_its_case")


def test_a_repeated_entry_is_voided_by_two_people_and_its_reporter_loses_nothing(client, work, sign_in):
    desk, safety = sign_in("desk"), sign_in("safety")
    _first, _first_id, case_id = dispatched(client, work, desk)
    second, second_id, other_id = dispatched(client, work, desk, place=(117.36, 31.16))
    number = desk.get(f"/cases/{case_id}").json()["number"]
    body = {"reason": "exact_duplicate", "text": "同一件", "same_as": number}
    assert sign_in("clerk").act(other_id, "voidings", body).status_code == 403

    proposed = desk.act(other_id, "voidings", body)
    assert proposed.status_code == 201, proposed.text
    voiding_id = proposed.json()["voiding"]["id"]
    assert [row["id"] for row in safety.get("/voidings").json()["items"]] == [voiding_id]
    assert sign_in("clerk").get("/voidings").status_code == 403
    assert desk.act(other_id, f"voidings/{voiding_id}/confirmation", {}).status_code == 403
    confirmed = safety.act(other_id, f"voidings/{voiding_id}/confirmation", {})
    work()

    assert (confirmed.status_code, confirmed.json()["state"]) == (201, "void"), confirmed.text
    assert desk.get(f"/desk/reports/{second_id}").json()["case_id"] == case_id
    assert tracked(client, second)["state"] == "accepted"


def test_a_void_test_entry_sends_its_report_back_to_the_desk(client, work, sign_in):
    desk, safety = sign_in("desk"), sign_in("safety")
    receipt, report_id, case_id = dispatched(client, work, desk)
    voiding = safety.act(case_id, "voidings", {"reason": "test_entry", "text": "演练"}).json()["voiding"]
    assert desk.act(case_id, f"voidings/{voiding['id']}/confirmation", {}).status_code == 201
    work()

    assert tracked(client, receipt)["state"] == "in_review"
    waiting = desk.get("/desk/reports?limit=100").json()["items"]
    assert [(row["id"], row["waits_for"]) for row in waiting] == [(report_id, "case_void")]
    assert sign_in("clerk").act(case_id, "signatures", {"person_id": 1}).status_code in {409, 422}

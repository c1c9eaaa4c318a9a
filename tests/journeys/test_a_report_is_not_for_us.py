"""The desk decides other than to accept: sent elsewhere, or refused by two people; its reporter reads which and why."""

import pytest
import world

REFUSAL = {"reason": "not_safety", "text": "属于邻里纠纷，建议由社区调解", "evidence": "现场照片只有花盆"}


@pytest.fixture
def desk(sign_in):
    return sign_in("desk")


def sent(client, work, desk, **changes):
    """A report that waits at the desk: its receipt and its id there."""
    receipt = client.post("/m/v1/reports", json=world.report(**({"place": world.OUTSIDE} | changes))).json()
    work()
    items = desk.get("/desk/reports?limit=100").json()["items"]
    return receipt, next(item["id"] for item in items if item["reference"] == receipt["reference"])


def tracked(client, receipt, **headers):
    return client.post("/m/v1/tracking", json={"tracking_code": receipt["tracking_code"]}, headers=headers).json()


def test_r5_a_reporter_reads_where_to_turn(client, work, desk):
    receipt, report_id = sent(client, work, desk)
    to = {"body": "临江区应急管理局", "phone": "010-12350", "link": "https://example.org/report"}

    done = desk.desk(report_id, "redirections", {"reason": "outside_district", "text": "已电话告知对方", **to})

    assert done.status_code == 201, done.text
    assert done.json()["redirected_to"] == {"reason": "outside_district", **to}
    told = tracked(client, receipt)
    assert (told["state"], told["state_text"], told["next"], told["can"]) == (
        "redirected", "请另行反映", None, ["message", "retaliation"],
    )  # fmt: skip
    assert {name: told["redirected_to"][name] for name in to} == to
    assert told["redirected_to"]["text"] == "已电话告知对方"
    assert told["outcome"]["verdict"] is None
    assert "临江区应急管理局" in told["outcome"]["text"]
    assert told["timeline"][-1]["text"] == "不属于本平台受理范围，已告知应向哪里反映"
    assert tracked(client, receipt, **{"Accept-Language": "en"})["redirected_to"]["reason"] == (
        "The place is outside this district"
    )


def test_r6_a_refusal_takes_two_people_and_its_reason_is_told(client, work, desk, second):
    receipt, report_id = sent(client, work, desk)
    proposed = desk.desk(report_id, "refusals", REFUSAL)
    assert proposed.status_code == 201, proposed.text
    refusal_id = proposed.json()["refusal"]["id"]
    assert tracked(client, receipt)["state"] == "in_review"
    mine, theirs = (who.get("/desk/refusals").json()["items"] for who in (desk, second))
    assert [(row["id"], row["mine"]) for row in mine] == [(refusal_id, True)]
    assert [(row["id"], row["mine"]) for row in theirs] == [(refusal_id, False)]

    alone = desk.desk(report_id, f"refusals/{refusal_id}/confirmation", {})
    assert (alone.status_code, alone.json()["code"]) == (403, "case.same_person")
    confirmed = second.desk(report_id, f"refusals/{refusal_id}/confirmation", {})

    assert confirmed.status_code == 201, confirmed.text
    told = tracked(client, receipt)
    assert (told["state"], told["can"]) == ("not_accepted", ["message", "retaliation"])
    assert told["not_accepted"]["reason"] == "不属于安全生产、消防等安全事项"
    assert told["not_accepted"]["text"] == REFUSAL["text"]
    assert REFUSAL["evidence"] not in str(told)
    assert told["redirected_to"] is None
    page = client.post("/m/v1/answers", json=_supplement(receipt))
    assert (page.status_code, page.json()["code"]) == (409, "answer.not_open")


def _supplement(receipt):
    return {
        "id": world.report()["id"], "tracking_code": receipt["tracking_code"], "kind": "supplement", "text": "还有一句",
    }  # fmt: skip


def test_r6_a_disagreement_leaves_the_report_to_be_accepted(client, work, desk, second):
    receipt, report_id = sent(client, work, desk, place=world.BORDER)
    refusal_id = desk.desk(report_id, "refusals", REFUSAL).json()["refusal"]["id"]
    assert second.desk(report_id, f"refusals/{refusal_id}/rejection", {"note": "通道确实堵了"}).status_code == 201

    accepted = second.desk(report_id, "acceptances", {})

    assert accepted.status_code == 201, accepted.text
    assert tracked(client, receipt)["state"] == "accepted"


def test_two_desks_that_saw_the_same_report_do_not_both_decide(client, work, desk, second):
    _receipt, report_id = sent(client, work, desk, place=world.BORDER)
    seen = desk.get(f"/desk/reports/{report_id}").json()["version"]

    assert desk.post(f"/desk/reports/{report_id}/refusals", REFUSAL, seen=seen).status_code == 201

    late = second.post(f"/desk/reports/{report_id}/acceptances", {}, seen=seen)
    assert (late.status_code, late.json()["code"]) == (412, "case.changed")


@pytest.mark.parametrize("noun", ["redirections", "refusals", "categorisations", "merges", "separations"])
def test_c12_nobody_but_the_desk_decides_on_a_report(client, work, desk, sign_in, noun):
    _receipt, report_id = sent(client, work, desk)
    for name in ("clerk", "leader", "fire", "safety", "discipline"):
        answer = sign_in(name).post(f"/desk/reports/{report_id}/{noun}", {}, seen=1)
        assert (answer.status_code, answer.json()["code"]) in {(403, "report.desk_only"), (422, "body.invalid")}
        assert sign_in(name).get("/desk/refusals").status_code == 403


@pytest.mark.parametrize(
    ("noun", "body"),
    [
        ("redirections", {"reason": "noise", "link": "javascript:alert(1)"}),
        ("redirections", {"reason": "noise", "phone": "<b>"}),
        ("redirections", {"reason": "noise' or 1=1"}),
        ("redirections", {"reason": "unheard_of"}),
        ("redirections", {"reason": "other_body"}),
        ("refusals", {"reason": "untrue", "text": "编造"}),
        ("refusals", {"reason": "not_safety", "text": ""}),
        ("refusals", {"reason": "not_safety", "text": "\x00"}),
        ("refusals", {"reason": "not_safety", "text": "x", "state": "confirmed"}),
        ("categorisations", {"category": "XXX-99", "reason": "看错"}),
        ("categorisations", {"category": "'; --", "reason": "看错"}),
        ("merges", {"case_id": "not-a-uuid", "evidence": "x"}),
        ("separations", {"why": "x", "town_org_id": 2**40}),
    ],
)
def test_what_is_not_understood_is_refused_and_changes_nothing(client, work, desk, noun, body):
    receipt, report_id = sent(client, work, desk)

    answer = desk.desk(report_id, noun, body)

    assert answer.status_code in {409, 422}, answer.text
    assert tracked(client, receipt)["state"] == "in_review"


def test_r4_the_desk_files_a_report_anew_before_anybody_is_sent_out(client, work, desk):
    _receipt, report_id = sent(client, work, desk, place=world.BORDER, category="OTH-01")

    filed = desk.desk(report_id, "categorisations", {"category": "PUB-01", "reason": "照片是窨井"})

    assert (filed.status_code, filed.json()["category"], filed.json()["urgency"]) == (201, "PUB-01", "immediate")

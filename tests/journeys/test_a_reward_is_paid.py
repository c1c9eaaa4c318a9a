"""C11: what was so is rewarded: proposed, looked at, allowed, claimed by both secrets, paid by two (F56, X38)."""

from test_told_satisfied_closed import closed, told, tracked

GENERAL = {"kind": "general", "tier": "general", "found_before": "no", "note": "查实，首个举报"}


def rewards(officer, state):
    return officer.get("/rewards", params={"state": state}).json()["items"]


def act(officer, reward, noun, body=None):
    return officer.post(f"/rewards/{reward['id']}/{noun}", body, seen=reward["version"])


def claim(client, receipt, **said):
    body = {
        "tracking_code": receipt["tracking_code"], "claim_secret": receipt["claim_secret"], "declares_no_duty": True,
    }  # fmt: skip
    return client.post("/m/v1/claims", json=body | said)


def on_voucher(officer, voucher, noun, body):
    number = voucher["number"].replace("-", "")
    every = [row for state in ("held", "issued", "prepared") for row in
             officer.get("/vouchers", params={"state": state}).json()["items"]]  # fmt: skip
    seen = next((row["version"] for row in every if row["number"] == number), 1)
    return officer.post(f"/vouchers/{voucher['number']}/{noun}", body, seen=seen)


def allowed(client, work, sign_in):
    """A report whose case is closed, and whose reward is allowed and told; gives its receipt."""
    receipt, _, case_id, clerk, leader = told(client, work, sign_in)
    closed(sign_in, work, clerk, leader, case_id)
    desk, lawyer, safety = sign_in("desk"), sign_in("lawyer"), sign_in("safety")
    (reward,) = rewards(desk, "eligible")
    assert reward["reference"] == receipt["reference"]
    proposed = act(desk, reward, "proposal", GENERAL)
    assert (proposed.status_code, proposed.json()["amount_fen"]) == (201, 50_000), proposed.text
    (reward,) = rewards(lawyer, "proposed")
    assert {"reference", "report_id"}.isdisjoint(reward)  # Q1: which report it is, the desk alone reads
    assert act(lawyer, reward, "review").status_code == 201
    (reward,) = rewards(safety, "reviewed")
    assert act(safety, reward, "approval").status_code == 201
    work()
    return receipt


def test_from_a_closed_case_to_money_in_a_hand(client, work, sign_in):
    receipt = allowed(client, work, sign_in)
    progress = tracked(client, receipt)
    assert (progress["reward"]["state"], progress["reward"]["amount_yuan"]) == ("notified", 500)
    assert "举报奖励已批准，请在期限内领取" in [line["text"] for line in progress["timeline"]]

    first, again = claim(client, receipt), claim(client, receipt)

    assert (first.status_code, again.status_code, again.json()["replay"]) == (201, 200, True)
    assert first.json()["vouchers"] == again.json()["vouchers"]
    assert first.headers["cache-control"] == "no-store"
    (voucher,) = first.json()["vouchers"]
    safety, cashier, second = sign_in("safety"), sign_in("cashier"), sign_in("cashier-second")
    if safety.get("/vouchers", params={"state": "held"}).json()["items"]:  # drawn by lot
        assert on_voucher(safety, voucher, "release", {"note": "已核对申明"}).status_code == 201
    wrong = on_voucher(cashier, voucher, "preparation", {"collection_code": receipt["tracking_code"]})
    assert (wrong.status_code, wrong.json()["code"]) == (403, "voucher.wrong_code")
    code = {"collection_code": voucher["collection_code"]}
    assert on_voucher(cashier, voucher, "preparation", code).status_code == 201
    alone = on_voucher(cashier, voucher, "payment", {"receipt": "2026-001"})
    assert (alone.status_code, alone.json()["guard"]) == (403, "paid_by_another")
    assert on_voucher(second, voucher, "payment", {"receipt": "2026-001"}).status_code == 201
    work()
    assert tracked(client, receipt)["reward"]["state"] == "paid"


def test_finance_reads_no_word_of_the_matter(client, work, sign_in):
    receipt = allowed(client, work, sign_in)
    claim(client, receipt)
    cashier, desk = sign_in("cashier"), sign_in("desk")
    (reward,) = rewards(desk, "claimed")
    shown = "".join(cashier.get("/vouchers", params={"state": state}).text for state in ("held", "issued"))
    assert "amount_fen" in shown
    for hidden in (receipt["reference"], reward["id"], reward["report_id"], *reward["case"].values()):
        assert hidden not in shown
    assert cashier.get("/rewards").json()["code"] == "role.missing"
    assert sign_in("clerk").get("/rewards").json()["code"] == "role.missing"
    assert sign_in("leader").get("/vouchers").json()["code"] == "role.missing"


def test_what_is_sent_amiss_says_where(client, work, sign_in):
    receipt = allowed(client, work, sign_in)
    stranger = claim(client, receipt, claim_secret=receipt["tracking_code"])
    unknown = claim(client, receipt, tracking_code="0000-0000-0000-0000")
    assert (stranger.status_code, stranger.json()["code"]) == (404, "tracking.unknown")
    assert {**stranger.json(), "request_id": ""} == {
        **unknown.json(),
        "request_id": "",
    }  # one is not told from the other
    silent = claim(client, receipt, declares_no_duty=False)
    assert (silent.status_code, silent.json()["errors"][0]["pointer"]) == (422, "/declares_no_duty")
    for bad in ({"declares_no_duty": "true"}, {"id_number": "1"}, {"extra": 1}, {"claim_secret": "\u202e" * 20}):
        assert claim(client, receipt, **bad).json()["code"] == "body.invalid"
    assert tracked(client, receipt)["reward"]["state"] == "notified"


def test_a_proposal_that_does_not_fit_says_where(client, work, sign_in):
    receipt, _, case_id, clerk, leader = told(client, work, sign_in)
    assert claim(client, receipt).json()["code"] == "claim.nothing_to_claim"
    closed(sign_in, work, clerk, leader, case_id)
    desk = sign_in("desk")
    (reward,) = rewards(desk, "eligible")
    none = act(desk, reward, "proposal", GENERAL | {"tier": "of-nobody's"})
    assert (none.status_code, none.json()["code"], none.json()["errors"][0]["pointer"]) == (
        422,
        "reward.no_amount",
        "/tier",
    )
    known = act(desk, reward, "proposal", GENERAL | {"found_before": "and_handled"})
    assert (known.status_code, known.json()["code"], known.json()["guard"]) == (
        409, "reward.found_before", "not_found_before",
    )  # fmt: skip
    assert desk.post(f"/rewards/{reward['id']}/proposal", GENERAL).status_code == 428
    assert desk.post(f"/rewards/{reward['id']}/proposal", GENERAL, seen=99).status_code == 412
    refused = act(sign_in("safety"), reward, "refusal", {"reason": "found_before"})
    assert (refused.status_code, refused.json()["state"]) == (201, "refused")

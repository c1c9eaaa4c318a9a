"""M44 over HTTP: a case under a mandatory penalty closes by each lawful exit, and by nothing else (G-PEN)."""

import hashlib

import bureaus
import pytest
import world
from test_suspended_means_suspended import in_force

OFFICERS = ("emergency-first", "emergency-second")
RECORD = world.RECORD | {"permit_check": {"outcome": "not_seen"}}


@pytest.fixture
def departments(built):
    bureaus.open_doors()
    yield
    bureaus.close_doors()


@pytest.fixture
def case_id(departments, client, work, sign_in):
    """An illegal fireworks shop that was found and has stopped: everything is done but the penalty."""
    desk = sign_in("desk")
    receipt = client.post("/m/v1/reports", json=world.report(category="FW-01", text="小卖部无证卖烟花爆竹"))
    assert receipt.status_code == 201, receipt.text
    work()
    items = desk.get("/desk/reports?which=to_confirm&limit=100").json()["items"]
    report_id = next(row["id"] for row in items if row["reference"] == receipt.json()["reference"])
    case_id = desk.get(f"/desk/reports/{report_id}").json()["case_id"]
    carry(sign_in, case_id)
    work()
    done(desk.desk(report_id, "extracts", {"text": "某小卖部卖烟花"}))
    done(desk.desk(report_id, "replies", {"text": "经核查属实，已依法查处"}))
    work()
    leader = sign_in("leader")
    refused = leader.act(case_id, "closures", {"note": "结案"})
    assert refused.status_code == 409
    assert [row["code"] for row in refused.json()["guards"] if not row["holds"]] == ["G-PEN"]
    return case_id


def done(answer, status=201):
    assert answer.status_code == status, answer.text
    return answer.json()


def carry(sign_in, case_id):
    """From dispatch to closure review, with an enforcement check of the department on the way."""
    clerk, officer, leader = map(sign_in, ("clerk", "officer", "leader"))
    first, third = sign_in("emergency-first"), sign_in("emergency-third")
    done(clerk.act(case_id, "signatures", {"person_id": officer.me["account_id"]}))
    lon, lat = world.CENTRE
    position = {"lon": lon, "lat": lat, "crs": "wgs84"}
    done(officer.act(case_id, "visits", {"position": position}))
    done(officer.write_record(case_id, RECORD))
    companions = [bureaus.account_id("emergency-second")]
    done(first.act(case_id, "visits", {"kind": "enforcement", "position": position, "companion_ids": companions}))
    done(first.write_record(case_id, RECORD))
    for role in ("near", "far"):
        done(officer.take_picture(case_id, role))
    verdict = {"outcome": "substantiated", "summary": "属实", "qualification": "烟花爆竹安全管理条例第三十六条"}
    done(officer.act(case_id, "verdicts", verdict))
    plan = world.PLAN | {"due_at": world.future(1)}
    done(leader.act(case_id, "orders", {"text": "停止销售", "plan": plan, "consequences": world.CONSEQUENCES}))
    done(officer.take_picture(case_id, "after"))
    done(officer.act(case_id, "completions", {"statement": "已停止销售"}))
    done(third.accept_all(case_id))  # a mandatory penalty: of another body than the town (M64)
    for copy in leader.get(f"/cases/{case_id}").json()["copies"]:
        done(clerk.act(case_id, f"copies/{copy['id']}/delivery", {"note": "当面签收"}))
    for name in ("emergency-first", "police-constable"):
        done(sign_in(name).act(case_id, "task-answers", {"text": "已配合"}))


def filed(sign_in, case_id):
    """A penalty track of the department."""
    body = {"party_kind": "person", "party": "店主王某", "cause": "无证经营烟花爆竹",
            "officer_ids": [bureaus.account_id(name) for name in OFFICERS]}  # fmt: skip
    return done(sign_in(OFFICERS[0]).act(case_id, "penalties", body))["penalty"]["id"]


def fined(sign_in, case_id, penalty_id, *, number):
    """From filing to a decision of the department's leader."""
    officer, track = sign_in(OFFICERS[0]), f"penalties/{penalty_id}"
    done(officer.act(case_id, f"{track}/investigations", {"findings": "无证", "qualification": "第三十六条"}))
    done(officer.act(case_id, f"{track}/notifications", {"text": "拟罚款二万元"}))
    done(officer.act(case_id, f"{track}/defences", {"text": "当事人书面表示放弃陈述、申辩"}))
    decision = {"number": number, "kinds": ["fine"], "fine_fen": 1_900_000, "text": "罚款一万九千元"}
    return done(sign_in("emergency-chief").act(case_id, f"{track}/decisions", decision))


def copied(officer, case_id, penalty_id):
    """The signed decision, scanned into the file (G-DOC)."""
    return stored(officer, case_id, "penalty", penalty_id)


def stored(officer, case_id, kind, subject_id):
    content = b"%PDF-1.7\n%%EOF\n"
    data = {"kind": kind, "subject_id": subject_id, "sha256": hashlib.sha256(content).hexdigest()}
    return officer.client.post(
        f"/o/v1/cases/{case_id}/scans", headers=officer.headers, data=data,
        files={"file": ("a.pdf", content, "application/pdf")},
    )  # fmt: skip


def closes(sign_in, case_id):
    answer = done(sign_in("leader").act(case_id, "closures", {"note": "结案"}))
    assert answer["state"] == "closed"


def owed(seen):
    """The clocks beside a closed case, without the look-back that a lot may have drawn."""
    return sorted(row["kind"] for row in seen["clocks_beside"] if row["kind"] != "look_back")


def test_a_decision_closes_it(sign_in, case_id, work):
    officer, chief = sign_in(OFFICERS[0]), sign_in("emergency-chief")
    track = f"penalties/{filed(sign_in, case_id)}"
    assert sign_in("leader").act(case_id, "closures", {"note": "结案"}).status_code == 409
    people = [bureaus.account_id(name) for name in OFFICERS]
    assert officer.act(case_id, f"{track}/handovers", {"officer_ids": people, "reason": "调整"}).status_code == 403
    refused = chief.act(case_id, f"{track}/handovers", {"officer_ids": people[:1], "reason": "调离"})
    assert (refused.status_code, refused.json()["code"]) == (422, "power.too_few_officers")
    assert chief.act(case_id, f"{track}/handovers", {"officer_ids": [2**40], "reason": "调离"}).status_code == 422
    done(chief.act(case_id, f"{track}/handovers", {"officer_ids": people[::-1], "reason": "调整承办人"}))
    done(officer.act(case_id, f"{track}/investigations", {"findings": "无证", "qualification": "第三十六条"}))
    done(officer.act(case_id, f"{track}/notifications", {"text": "拟罚款二万元"}))
    decision = {"number": "应急罚〔2026〕1号", "kinds": ["fine"], "fine_fen": 1_900_000, "text": "罚款一万九千元"}
    early = chief.act(case_id, f"{track}/decisions", decision)
    assert (early.status_code, early.json()["code"]) == (409, "penalty.time_to_be_heard")
    assert early.json()["until"] > world.future(2)
    done(officer.act(case_id, f"{track}/defences", {"text": "当事人书面表示放弃陈述、申辩"}))
    for wrong in ({"fine_fen": 0}, {"fine_fen": 19_999.5}, {"fine_fen": -1}, {"kinds": ["closure"]}, {"number": " "}):
        assert chief.act(case_id, f"{track}/decisions", decision | wrong).status_code == 422
    assert officer.act(case_id, f"{track}/decisions", decision).status_code == 403
    told = done(chief.act(case_id, f"{track}/decisions", decision))
    assert (told["penalty"]["state"], told["penalty"]["fine_fen"]) == ("decided", 1_900_000)

    work()  # the time to file it ends with its filing
    seen = chief.get(f"/cases/{case_id}").json()
    assert [row["state"] for row in seen["penalties"]] == ["decided"]
    assert [row["kind"] for row in seen["clocks_beside"]] == ["publish_penalty"]
    unserved = officer.act(case_id, f"{track}/publications", {"text": "区政府网站"})
    assert (unserved.status_code, unserved.json()["code"]) == (409, "case.not_in_state")
    done(officer.act(case_id, f"{track}/services", {"text": "当面送达"}))
    done(officer.act(case_id, f"{track}/publications", {"text": "区政府网站"}))
    refused = sign_in("leader").act(case_id, "closures", {"note": "结案"})
    assert [row["reason"] for row in refused.json()["guards"] if not row["holds"]] == ["penalty_copy_missing"]
    done(copied(officer, case_id, told["penalty"]["id"]))
    closes(sign_in, case_id)


def test_f25_what_is_revoked_after_closing_is_owed_and_filed_again(sign_in, case_id, work):
    officer, chief = sign_in(OFFICERS[0]), sign_in("emergency-chief")
    first = filed(sign_in, case_id)
    fined(sign_in, case_id, first, number="应急罚〔2026〕9号")
    done(copied(officer, case_id, first))
    closes(sign_in, case_id)
    handed_over = {"reason": "移交处罚", "basis": "x", "materials": ["记录"], "to_org_id": bureaus.org_id("police")}
    refused = chief.act(case_id, "referrals", handed_over | {"scope": "penalty"})
    assert (refused.status_code, refused.json()["code"]) == (409, "case.not_being_handled")

    done(chief.act(case_id, f"penalties/{first}/revocations", {"text": "复议撤销"}))
    work()
    seen = chief.get(f"/cases/{case_id}").json()
    assert owed(seen) == ["file_penalty", "withdraw_publication"]
    guards = chief.get(f"/cases/{case_id}/guards").json()["guards"]
    assert [row["code"] for row in guards if not row["holds"]] == ["G-PEN"]
    refused = chief.act(case_id, "referrals", handed_over | {"scope": "case"})
    assert (refused.status_code, refused.json()["code"]) == (409, "case.not_being_handled")
    filed(sign_in, case_id)
    work()
    seen = chief.get(f"/cases/{case_id}").json()
    assert (seen["state"], owed(seen)) == ("closed", ["penalty", "withdraw_publication"])


def waived(sign_in, case_id):
    """A reviewed decision not to penalise."""
    chief, lawyer = sign_in("emergency-chief"), sign_in("lawyer")
    track = f"penalties/{filed(sign_in, case_id)}"
    waiver = {"reason": "first_offence", "conditions": {"first": True, "slight_harm": True, "corrected": False},
              "text": "初次违法", "education": "已当面教育"}  # fmt: skip
    refused = chief.act(case_id, f"{track}/waivers", waiver)
    assert (refused.status_code, refused.json()["missing"]) == (422, ["corrected"])
    done(chief.act(case_id, f"{track}/waivers", waiver | {"conditions": waiver["conditions"] | {"corrected": True}}))
    assert sign_in("leader").act(case_id, "closures", {"note": "结案"}).status_code == 409
    back = done(lawyer.act(case_id, f"{track}/waiver-refusals", {"reason": "未写明整改的时间"}))["penalty"]
    assert (back["state"], back["review_note"]) == ("filed", "未写明整改的时间")
    assert lawyer.act(case_id, f"{track}/waiver-reviews", {"text": "同意"}).status_code == 422
    done(chief.act(case_id, f"{track}/waivers", waiver | {"conditions": dict.fromkeys(waiver["conditions"], True)}))
    assert chief.act(case_id, f"{track}/waiver-reviews", {"text": "同意"}).status_code == 403
    done(lawyer.act(case_id, f"{track}/waiver-reviews", {"text": "同意"}))


def test_a_reviewed_decision_not_to_penalise_closes_it(sign_in, case_id):
    waived(sign_in, case_id)
    closes(sign_in, case_id)


def test_m41_a_breach_after_closing_opens_it_again(sign_in, case_id, work):
    """Closed with the suspension in force; found at work again."""
    town, leader = sign_in("officer"), sign_in("leader")
    waived(sign_in, case_id)
    path = in_force(sign_in, case_id)
    east = sign_in("east-clerk")
    assert east.post(f"/cases/{case_id}/{path}/breaches", {"facts": "x"}, seen=1).status_code == 404
    closes(sign_in, case_id)
    breach = done(town.act(case_id, f"{path}/breaches", {"facts": "夜间照常营业"}))
    assert (breach["state"], breach["urgency"]) == ("closed", "immediate")
    work()
    seen = leader.get(f"/cases/{case_id}").json()
    assert (seen["state"], [row["cause"] for row in seen["reopenings"]]) == ("rectifying", ["breach"])
    assert "rectify" in {row["kind"] for row in seen["clocks"]}


def test_a_referral_that_was_accepted_and_answered_closes_it(sign_in, case_id):
    """The town hands the penalty to the department that has the power."""
    leader, chief = sign_in("leader"), sign_in("emergency-chief")
    body = {"scope": "penalty", "to_org_id": bureaus.org_id("emergency"), "reason": "镇街无处罚权",
            "basis": "行政处罚法第二十四条", "materials": ["现场检查记录", "照片"]}  # fmt: skip
    referral = done(leader.act(case_id, "referrals", body))["referral"]
    assert [row["id"] for row in leader.get("/referrals").json()["items"]] == [referral["id"]]
    assert [row["id"] for row in chief.get("/referrals?which=received").json()["items"]] == [referral["id"]]
    path = f"referrals/{referral['id']}"
    assert leader.act(case_id, f"{path}/acceptances", {}).status_code == 403
    done(chief.act(case_id, f"{path}/acceptances", {}))
    refused = leader.act(case_id, "closures", {"note": "结案"})
    assert [row["code"] for row in refused.json()["guards"] if not row["holds"]] == ["G-REF"]
    done(chief.act(case_id, f"{path}/results", {"text": "已罚款二万元"}))
    assert leader.get("/referrals").json()["items"] == []
    closes(sign_in, case_id)


def test_a_referral_that_was_refused_waits_for_the_safety_office_and_is_no_exit(sign_in, case_id):
    leader, chief, safety = map(sign_in, ("leader", "emergency-chief", "safety"))
    body = {"to_org_id": bureaus.org_id("emergency"), "reason": "镇街无处罚权", "basis": "x", "materials": ["记录"]}
    referral = done(leader.act(case_id, "referrals", body))
    assert referral["state"] == "referred"
    path = f"referrals/{referral['referral']['id']}"
    done(chief.act(case_id, f"{path}/refusals", {"reason": "应由镇街办理"}))
    assert [row["state"] for row in leader.get("/referrals").json()["items"]] == ["refused"]
    assert any(row["kind"] == "referral_refused" for row in safety.get("/notices").json()["items"])
    assert leader.act(case_id, f"{path}/settlements", {"whose": "sender", "text": "x"}).status_code == 403
    done(safety.act(case_id, f"{path}/settlements", {"whose": "sender", "text": "退回镇街"}))
    assert leader.get(f"/cases/{case_id}").json()["state"] == "closure_review"
    refused = leader.act(case_id, "closures", {"note": "结案"})
    assert [row["code"] for row in refused.json()["guards"] if not row["holds"]] == ["G-PEN"]


def shut_for(sign_in, case_id):
    refused = sign_in("leader").act(case_id, "closures", {"note": "结案"})
    assert refused.status_code == 409, refused.text
    return [row["reason"] for row in refused.json()["guards"] if not row["holds"]]


def test_m44_x22_a_slip_of_a_body_outside_is_entered_by_a_second_person_and_stored(sign_in, case_id):
    leader, officer, safety = map(sign_in, ("leader", "officer", "safety"))
    body = {"scope": "penalty", "to_external": "市应急管理局", "reason": "镇街无处罚权", "basis": "行政处罚法",
            "materials": ["现场检查记录"]}  # fmt: skip
    sent = done(leader.act(case_id, "referrals", body))["referral"]["id"]
    path, slip = f"referrals/{sent}", {"slip": "市应急收〔2026〕1号"}
    refused = leader.act(case_id, f"{path}/acceptances", slip)
    assert (refused.status_code, refused.json()["code"]) == (403, "case.same_person")
    done(officer.act(case_id, f"{path}/acceptances", slip))
    assert any(row["kind"] == "accepted_outside" for row in safety.get("/notices").json()["items"])
    done(leader.act(case_id, f"{path}/results", {"text": "已罚款"}))
    assert shut_for(sign_in, case_id) == ["slip_not_stored"]
    done(stored(officer, case_id, "other", sent))
    assert shut_for(sign_in, case_id) == ["slip_not_stored"]
    done(stored(officer, case_id, "transfer", sent))
    closes(sign_in, case_id)


def test_m44_f30_a_slip_of_the_police_that_the_organ_enters_is_entered_by_a_second_person_and_stored(sign_in, case_id):
    first, second, chief = map(sign_in, (*OFFICERS, "emergency-chief"))
    people = [bureaus.account_id(name) for name in OFFICERS]
    report = {"suspicion": "危险作业罪", "facts": "大量储存", "officer_ids": people}
    transfer = done(first.act(case_id, "criminal-transfers", report))["criminal_transfer"]["id"]
    path = f"criminal-transfers/{transfer}"
    done(chief.act(case_id, f"{path}/decisions", {"approved": True, "reasons": "涉嫌犯罪"}))
    done(first.act(case_id, f"{path}/handovers", {"police_org_id": bureaus.org_id("police"), "materials": ["案卷"]}))
    refused = first.act(case_id, f"{path}/slips", {"slip": "受案1号"})
    assert (refused.status_code, refused.json()["code"]) == (403, "case.same_person")
    done(second.act(case_id, f"{path}/slips", {"slip": "受案1号"}))
    assert shut_for(sign_in, case_id) == ["slip_not_stored"]
    done(stored(second, case_id, "transfer", transfer))
    closes(sign_in, case_id)


def test_the_slip_of_the_police_closes_it(sign_in, case_id):
    officer, chief, constable = map(sign_in, (OFFICERS[0], "emergency-chief", "police-constable"))
    body = {"suspicion": "危险作业罪", "facts": "大量储存", "officer_ids": [bureaus.account_id(OFFICERS[0])]}
    alone = officer.act(case_id, "criminal-transfers", body)
    assert (alone.status_code, alone.json()["code"]) == (422, "power.too_few_officers")
    body["officer_ids"] = [bureaus.account_id(name) for name in OFFICERS]
    transfer = done(officer.act(case_id, "criminal-transfers", body))["criminal_transfer"]["id"]
    path = f"criminal-transfers/{transfer}"
    done(chief.act(case_id, f"{path}/decisions", {"approved": True, "reasons": "涉嫌犯罪"}))
    handover = {"police_org_id": bureaus.org_id("police"), "materials": ["案卷"]}
    done(officer.act(case_id, f"{path}/handovers", handover))
    assert sign_in("leader").act(case_id, "closures", {"note": "结案"}).status_code == 409
    done(constable.act(case_id, f"{path}/slips", {"slip": "受案字〔2026〕1号"}))
    closes(sign_in, case_id)


def test_m58_a_town_penalises_only_with_a_delegation_in_force(sign_in, case_id):
    officer, safety = sign_in("officer"), sign_in("safety")
    body = {"party_kind": "person", "party": "店主", "cause": "无证", "officer_ids": [officer.me["account_id"]]}
    refused = officer.act(case_id, "penalties", body)
    assert (refused.status_code, refused.json()["code"]) == (403, "power.none")
    today = world.future(0)[:10]
    entry = {"kind": "entrusted", "from_org_id": bureaus.org_id("emergency"), "to_org_id": officer.me["org_id"],
             "items": ["fine"], "valid_from": "2020-01-01", "valid_to": "2020-12-31", "document": "委托书",
             "published": "区政府网站"}  # fmt: skip
    assert officer.post("/delegations", entry).status_code == 403
    done(safety.post("/delegations", entry))
    assert officer.act(case_id, "penalties", body).status_code == 403
    valid = done(safety.post("/delegations", entry | {"valid_to": "2099-12-31"}))
    allowed = officer.act(case_id, "penalties", body)
    assert (allowed.status_code, allowed.json()["code"]) == (422, "power.too_few_officers")
    ended = safety.post(f"/delegations/{valid['id']}/ends", {"reason": "收回"}, seen=valid["version"])
    assert done(ended)["ended_at"][:10] >= today[:4]
    assert officer.act(case_id, "penalties", body).status_code == 403
    assert len(officer.get("/delegations").json()["items"]) >= 2


def test_a_stranger_finds_neither_the_case_nor_its_tracks(sign_in, case_id):
    track = filed(sign_in, case_id)
    stranger = sign_in("east-clerk")
    report = {"suspicion": "x", "facts": "x", "officer_ids": []}
    for path, body in (
        (f"penalties/{track}/services", {"text": "x"}), ("obstructions", {"facts": "x"}),
        ("referrals", {"reason": "x", "basis": "x", "materials": ["x"]}), ("criminal-transfers", report),
    ):  # fmt: skip
        answer = stranger.post(f"/cases/{case_id}/{path}", body, seen=1)
        # Whose roles do not allow an act is told so before anything is looked up.
        assert (answer.status_code, answer.json()["code"]) in {(404, "case.unknown"), (403, "role.missing")}
    for noun in ("penalties", "measures", "referrals", "criminal-transfers"):
        answer = stranger.get(f"/cases/{case_id}/{noun}")
        assert (answer.status_code, answer.json()["code"]) == (404, "case.unknown")
    discipline = sign_in("discipline")
    assert [row["id"] for row in discipline.get(f"/cases/{case_id}/penalties").json()["items"]] == [track]
    assert discipline.act(case_id, f"penalties/{track}/services", {"text": "x"}).status_code == 403

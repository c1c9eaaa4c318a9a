"""C3, TRN-01, X19: reports that name the same vehicle or enterprise are proposed as one matter, wherever they lie."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event, select

from cases import intake, retention, triage
from cases.models.decisions import Merge
from cases.models.report import Named
from cases.routing import place
from cases.triage.duplicates import candidates, named_alike
from cases.wording import Identifier
from kit.db import take_role
from tests import make
from tests.desk import accepted, case_of, waiting
from tests.make import IN_EAST, IN_WEST, NOW, OUTSIDE

CODE = "91350100M000100Y43"


def judged(session, *args, **facts):
    report = make.report(session, *args, **({"category": "TRN-01"} | facts))
    triage.judge(session, report.id, now=NOW)
    return report


def proposed(session, report):
    return [(each.case.id, each.because) for each in triage.of_report(session, report, now=NOW).duplicates]


def named(session, report):
    rows = session.execute(select(Named.kind, Named.value).where(Named.report_id == report.id))
    return {tuple(row) for row in rows}


def test_trn_01_a_second_report_of_a_plate_waits_for_a_person_with_its_case_proposed(session, district):
    first = judged(session, IN_WEST, text="黑车苏A·D12345每天在校门口拉客")
    assert first.state == "accepted"
    second = judged(session, IN_EAST, text="又看到苏ａｄ１２３４５ 超载")
    assert (second.state, second.waits_for) == ("in_review", "possible_duplicate")
    assert proposed(session, second) == [(case_of(session, first).id, ("plate",))]
    assert triage.of_report(session, second, now=NOW).named == [Identifier("plate", "苏AD12345")]


def test_it_is_found_without_a_place_and_above_what_is_only_near(session, district):
    far = case_of(session, judged(session, IN_EAST, text=f"信用代码{CODE}，车牌苏A12345"))
    near = case_of(session, judged(session, IN_WEST, text="一辆白车"))
    both = waiting(session, IN_WEST, category="TRN-01", text=f"{CODE} 苏A12345")
    assert proposed(session, both) == [(far.id, ("plate", "uscc")), (near.id, ("near",))]
    nowhere = judged(session, None, address="幸福路1号", text="苏A12345")
    assert proposed(session, nowhere) == [(far.id, ("plate",))]


def test_near_and_named_is_one_proposal_with_both_reasons(session, district):
    first = case_of(session, judged(session, text="苏A12345"))
    second = judged(session, text="还是苏A-12345")
    assert proposed(session, second) == [(first.id, ("plate", "near"))]


@pytest.mark.parametrize("change", ["closed", "old", "group", "plate"])
def test_c3_a_case_that_is_over_old_or_of_another_group_and_another_plate_are_not_proposed(session, district, change):
    first = case_of(session, judged(session, IN_WEST, text="苏A12345"))
    if change == "closed":
        first.state = "closed"
    if change == "old":
        first.opened_at = NOW - timedelta(days=31)
    session.flush()
    category = "FIR-02" if change == "group" else "TRN-01"
    second = judged(session, IN_EAST, category=category, text="苏A12346" if change == "plate" else "苏A12345")
    assert (second.state, named_alike(session, second, now=NOW)) == ("accepted", [])


def test_its_own_case_is_not_proposed_and_a_report_is_not_alike_itself(session, district):
    first = judged(session, text="苏A12345")
    assert proposed(session, first) == []
    other = accepted(session, district, IN_WEST, category="TRN-01", text="苏A12345", join=case_of(session, first))
    assert proposed(session, other) == proposed(session, first) == []


def test_r3_what_is_named_later_counts_too(session, district):
    first = case_of(session, judged(session, IN_EAST, text="苏A12345"))
    second = waiting(session, IN_WEST, category="TRN-01", text="一辆白车在校门口拉客")
    assert proposed(session, second) == []
    code = intake.codes.tracking_code(second.client_id)
    take_role(session, "jz_intake", {})
    intake.add(session, intake.Addition(uuid4(), b"\1" * 32, code, "supplement", None, "车牌是苏A12345"), now=NOW)
    intake.add(session, intake.Addition(uuid4(), b"\2" * 32, code, "message", None, "我的车是苏B54321"), now=NOW)
    session.connection().exec_driver_sql("reset role")
    assert named(session, second) == {("plate", "苏A12345")}
    assert proposed(session, second) == [(first.id, ("plate",))]


def test_x19_what_both_named_is_measured_when_a_person_merges_and_not_what_it_was(session, district):
    first = case_of(session, judged(session, IN_EAST, text="苏A12345"))
    second = judged(session, IN_WEST, text="苏A12345")
    where = place(session, second)
    triage.merge(session, second, first.id, where, evidence="同一辆车", by=district.intake, now=NOW)
    assert session.scalars(select(Merge)).one().facts["same_named"] == ["plate"]


def test_one_question_to_the_database_by_index(session, district):
    report = judged(session, text="苏A12345 " + CODE)
    asked = []
    event.listen(session.connection(), "before_cursor_execute", lambda *args: asked.append(args[2]))
    named_alike(session, report, now=NOW)
    assert len([each for each in asked if "intake.named" in each]) == 1
    session.connection().exec_driver_sql("set local enable_seqscan = off")
    plan = session.connection().exec_driver_sql(
        "explain select report_id from intake.named where value = 'x' and kind = 'plate'"
    )
    assert "ix_named_value" in "".join(row[0] for row in plan)


def test_q11_it_goes_with_the_words_of_the_report(session, district):
    report = judged(session, OUTSIDE, text="苏A12345")
    kept = judged(session, OUTSIDE, text="苏A54321")
    report.state = "withdrawn"
    session.flush()
    retention.RULES[-1].let_go(session, report)
    assert (named(session, report), named(session, kept)) == (set(), {("plate", "苏A54321")})


def test_judging_again_names_nothing_twice(session, district):
    report = judged(session, OUTSIDE, text="苏A12345，苏A12345")
    report.state = "submitted"
    session.flush()
    triage.judge(session, report.id, now=NOW)
    assert named(session, report) == {("plate", "苏A12345")}
    assert candidates(session, report, None, now=NOW) == []

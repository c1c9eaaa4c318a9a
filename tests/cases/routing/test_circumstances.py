"""Circumstances of a case as the catalogue has them: graver, a penalty that must be, other bodies ((d), M24, X33)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import clocks, handling, policy, triage
from cases.handling.circumstance import Ended, KnownAlready, MayNotNote
from cases.lifecycle.closing import panel
from cases.lifecycle.guards import NotYourBody
from cases.models.case import CaseEvent, Task
from cases.routing import dispatch, learn, place, redispatch
from cases.routing.circumstances import ForTheDesk
from people.actors import SYSTEM
from people.roles import Role
from tests import make
from tests.desk import case_of, entries, notices, waiting
from tests.make import NOW
from tests.walk import Walk

# category, circumstance: urgency before and after, penalty before and after (domain.md (d), urg. and pen.).
GRAVER = {
    ("FW-01", "key_period"): ("urgent", "immediate", "mandatory", "mandatory"),
    ("FW-04", "crowd"): ("normal", "urgent", "conditional", "conditional"),
    ("BLD-03", "in_progress"): ("normal", "urgent", "mandatory", "mandatory"),
    ("TRN-01", "children"): ("urgent", "immediate", "mandatory", "mandatory"),
    ("FIR-01", "unit_refuses"): ("urgent", "urgent", "conditional", "mandatory"),
    ("FIR-03", "flammables"): ("urgent", "immediate", "conditional", "mandatory"),
    ("GAS-02", "leak"): ("urgent", "immediate", "conditional", "conditional"),
    ("GAS-02", "third_party_digging"): ("urgent", "immediate", "conditional", "conditional"),
    ("IND-01", "confined_space_now"): ("normal", "immediate", "conditional", "conditional"),
}
# Those that change whose main duty it is, and the departments that lead then.
OTHERS_LEAD = {
    ("BLD-02", "small_works"): ("main", []),
    ("BLD-02", "large_works"): ("assist", ["housing"]),
    ("BLD-03", "village_area"): ("main", ["planning", "urban"]),
    ("FIR-05", "enforcement"): ("assist", ["fire"]),
    ("RNT-01", "enforcement"): ("assist", ["police", "housing"]),
    ("WTR-01", "township_boat"): ("main", ["transport"]),
    ("MIN-01", "licensed_unsafe"): ("assist", ["emergency"]),
    ("PUB-01", "no_operator"): ("main", ["urban", "housing", "water"]),
}
DESK_ONLY = ("PUB-01", "no_one_at_risk")


def noted(walk, when, *, by=None):
    handling.note_circumstance(
        walk.session, walk.case, when=when, facts="现场可见", by=by or walk.town.officer, now=walk.now
    )


def test_every_circumstance_of_the_catalogue_is_played_here(session):
    known = {(row.category_code, each["when"]) for row in policy.categories(session, NOW) for each in row.variants}
    assert known == {*GRAVER, *OTHERS_LEAD, DESK_ONLY}


@pytest.mark.parametrize("key", GRAVER, ids="-".join)
def test_d_a_circumstance_makes_a_case_graver(session, district, key):
    (category, when), (before, after, conditional, penalty) = key, GRAVER[key]
    walk = Walk(session, district, category=category).dispatched()
    assert (walk.case.urgency, walk.case.penalty_policy) == (before, conditional)
    noted(walk, when)
    assert (walk.case.urgency, walk.case.penalty_policy) == (after, penalty)
    assert (walk.case.circumstances, entries(session, walk.case)[-1]) == ([when], "circumstance_learned")


@pytest.mark.parametrize("key", OTHERS_LEAD, ids="-".join)
def test_d_a_circumstance_decides_who_leads_and_whose_main_duty_it_is_m03_m24_f88(session, district, key):
    (category, when), (town_role, leads) = key, OTHERS_LEAD[key]
    for kind in ("housing", "planning", "urban", "water", "transport", "emergency"):
        make.org(session, "department", department_kind=kind)
    case = make.case(session, category=category)
    learn(session, case, when, facts="举报写明", by=district.intake, now=NOW)
    applied = policy.category_of(session, case)
    assert (applied.town_role, applied.lead_dept_kinds) == (town_role, leads)
    dispatch(session, case, to=district.west.org, by=SYSTEM, now=NOW)
    live = session.execute(select(Task.kind, Task.duty_item).where(Task.case_id == case.id)).all()
    assert sum(kind == "lead" for kind, _ in live) == (len(leads[:1]) if applied.lead_rule == "first" else len(leads))
    assert ("town", {"main": "TOWN-01", "assist": "TOWN-02"}[town_role]) in live


def test_x33_only_the_desk_finds_before_dispatch_that_nobody_is_at_risk(session, district):
    """Nobody who handles a case makes it less urgent to gain time (X14)."""
    walk = Walk(session, district, category="PUB-01")
    learn(session, walk.case, "no_one_at_risk", facts="井盖已盖好", by=district.intake, now=NOW)
    assert walk.case.urgency == "urgent"
    other = Walk(session, district, category="PUB-01").dispatched()
    for who in (other.town.officer, district.intake):
        with pytest.raises(ForTheDesk):
            noted(other, "no_one_at_risk", by=who)
    assert (other.case.urgency, other.case.circumstances) == ("immediate", [])


def test_a_case_never_becomes_less_urgent_by_a_circumstance(session, district):
    walk = Walk(session, district, category="FW-04").dispatched()
    walk.case.urgency = "immediate"  # somebody resisted (M59)
    noted(walk, "crowd")
    assert walk.case.urgency == "immediate"


def test_c5_a_case_that_is_immediate_gets_the_shorter_of_both_times(session, district):
    """Children in an illegal bus: verified within 24 hours and not within two working days; the first look in two."""
    calm, grave = make.case(session, category="TRN-01"), make.case(session, category="TRN-01")
    learn(session, grave, "children", facts="校车", by=district.intake, now=NOW)
    for case in (calm, grave):
        dispatch(session, case, to=district.west.org, by=SYSTEM, now=NOW)
    due = {case.urgency: {each.kind: each.due_at for each in clocks.running(session, case)} for case in (calm, grave)}
    assert due["immediate"]["verify"] == NOW + timedelta(hours=24) < due["urgent"]["verify"]
    assert due["immediate"]["first_arrival"] == NOW + timedelta(hours=2)
    assert "first_arrival" not in due["urgent"]


def test_d10_fireworks_in_a_key_period_are_looked_at_within_four_hours(session, district):
    case = make.case(session, category="FW-01")
    learn(session, case, "key_period", facts="春节", by=district.intake, now=NOW)
    dispatch(session, case, to=district.west.org, by=SYSTEM, now=NOW)
    assert {each.kind: each.due_at for each in clocks.running(session, case)}["verify"] == NOW + timedelta(hours=4)


def test_m44_a_unit_that_refuses_is_penalised_or_the_case_does_not_close(session, district):
    """FIR-01, C (unit refuses: M): what the verdict did not know yet guards the closing all the same."""
    walk = Walk(session, district, category="FIR-01").accepted()
    assert {each.code: each.holds for each in panel(session, walk.case)}["G-PEN"]
    noted(walk, "unit_refuses")
    assert not {each.code: each.holds for each in panel(session, walk.case)}["G-PEN"]


def test_a_department_that_leads_under_a_circumstance_gets_its_task_and_the_others_keep_theirs(session, district):
    emergency = make.org(session, "department", department_kind="emergency")
    walk = Walk(session, district, category="MIN-01").signed()
    before = set(session.scalars(select(Task.id).where(Task.case_id == walk.case.id)))
    noted(walk, "licensed_unsafe")
    (new,) = session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.id.not_in(before))).all()
    assert (new.org_id, new.kind, new.state) == (emergency.id, "lead", "open")
    assert [each.kind for each in clocks.beside(session, walk.case) if each.org_id == emergency.id] == ["answer"]


def test_m115_a_case_that_turns_immediate_is_told_to_its_town_and_the_district(session, district):
    walk = Walk(session, district, category="GAS-02").signed()
    noted(walk, "leak")
    told = notices(session, "circumstance")
    assert {each.org_id for each in told} == {district.office.id, walk.town.org.id}
    assert all(each.text == f"案件 {walk.case.number}：正在泄漏的按特急办理" for each in told)
    noted(walk, "third_party_digging")  # as urgent as before: nobody is called twice
    assert len(notices(session, "circumstance")) == len(told)


def test_what_is_noted_twice_or_unknown_or_too_late_is_refused(session, district):
    walk = Walk(session, district, category="GAS-02").dispatched()
    with pytest.raises(policy.UnknownCircumstance) as refusal:
        noted(walk, "children")
    assert refusal.value.extra["known"] == ["leak", "third_party_digging"]
    noted(walk, "leak")
    with pytest.raises(KnownAlready):
        noted(walk, "leak")
    walk.case.state = "closed"
    with pytest.raises(Ended):
        noted(walk, "third_party_digging")


def test_m07_those_who_handle_a_case_and_the_desk_note_circumstances_and_nobody_else(session, district):
    walk = Walk(session, district, category="GAS-02").dispatched()
    with pytest.raises(NotYourBody):
        noted(walk, "leak", by=district.east.officer)
    for who in (district.supervisor, make.officer(session, district.office, Role.PUBLISHER)):
        with pytest.raises(MayNotNote):
            noted(walk, "leak", by=who)
    noted(walk, "leak", by=district.intake)


def test_r4_the_desk_reads_circumstances_from_a_report_before_anybody_is_sent_out(session, district):
    report = waiting(session, category="FIR-03")
    report.emergency, report.urgency = "none", "urgent"
    triage.accept(
        session, report, place(session, report), category_code="FIR-03", by=district.intake, now=NOW,
        reads=triage.Reading(["flammables"]),
    )  # fmt: skip
    case = case_of(session, report)
    assert (case.urgency, case.penalty_policy, case.circumstances) == ("immediate", "mandatory", ["flammables"])
    assert {each.kind for each in clocks.running(session, case)} == {"sign", "first_arrival", "verify"}
    order = entries(session, case)
    assert order.index("circumstance_learned") < order.index("dispatched")


def test_x42_what_one_more_report_shows_makes_the_case_graver_and_names_no_report(session, district):
    case = Walk(session, district, category="FIR-03").dispatched().case
    report = waiting(session, category="FIR-03")
    triage.accept(
        session, report, place(session, report), category_code="FIR-03", by=district.intake, now=NOW, join=case,
        reads=triage.Reading(["flammables"]),
    )  # fmt: skip
    assert case.urgency == "immediate"
    body = session.scalars(
        select(CaseEvent.body).where(CaseEvent.case_id == case.id).order_by(CaseEvent.seq.desc()).limit(1)
    ).one()
    assert body == {
        "when": "flammables", "facts": "受理时判明", "urgency": "immediate", "penalty_policy": "mandatory",
    }  # fmt: skip


def test_under_another_category_a_case_has_none_of_its_old_circumstances(session, district):
    walk = Walk(session, district, category="FIR-03").dispatched()
    noted(walk, "flammables")
    redispatch(
        session, walk.case, to=district.west.org, move="redispatch", why="类别错误", by=district.intake, now=walk.now,
        category_code="FIR-02",
    )  # fmt: skip
    assert (walk.case.circumstances, walk.case.penalty_policy) == ([], "conditional")
    assert walk.case.urgency == "immediate"  # and is dealt with no slower

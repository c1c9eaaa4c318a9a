"""The closing panel of C4.3: every guard shut and open, and who may close what."""

import pytest

from cases import handling
from cases.lifecycle import closing
from cases.lifecycle.closing import GuardsOpen, findings
from cases.lifecycle.guards import WrongLevel
from cases.lifecycle.machine import NotYourRole
from cases.models.handling import Acceptance, Completion
from people.roles import Role
from tests import make
from tests.cases.exposures import published

ORDER = ["G-REP", "G-ACC", "G-LOOK", "G-DEC", "G-PEN", "G-MEA", "G-REF", "G-LIST", "G-DOC", "G-TASK", "G-EXP"]


@pytest.fixture
def town(district):
    return district.west


@pytest.fixture
def ready(session, town):
    """A case that waits in closure_review with every guard open to it: found, ordered, accepted, four copies out."""
    case = make.case(session, town.org, state="closure_review", outcome="substantiated", grade="general")
    visit = make.visit(session, case, town.officer)
    make.verdict(
        session, case, visit, town.officer, state="approved", decided_by=town.leader.account_id, decided_at=make.NOW,
        consequences=make.UNDECIDED,
    )  # fmt: skip
    accept(session, case, make.order(session, case, town.leader), town, "pass")
    make.copies(session, visit, delivered=4)
    return case


def accept(session, case, order, town, result):
    completion = Completion(
        case_id=case.id, order_id=order.id, statement="已整改", stated_by=town.officer.account_id, stated_at=make.NOW
    )
    session.add(completion)
    session.flush()
    session.add(
        Acceptance(
            case_id=case.id, completion_id=completion.id, result=result, findings=["x"], note="",
            accepted_by=town.colleague.account_id, accepted_at=make.NOW,
        )
    )  # fmt: skip
    session.flush()


def shut(session, case):
    return [state.code for state in closing.panel(session, case) if not state.holds]


def test_the_panel_shows_every_guard_of_c43_in_its_order(session, ready):
    states = closing.panel(session, ready)
    assert [state.code for state in states] == ORDER
    assert all(state.reason == "ok" for state in states)


def test_g_rep_stays_shut_while_a_reply_is_open(session, ready):
    ready.replies_open = True
    assert shut(session, ready) == ["G-REP"]


@pytest.mark.parametrize("last", ["fail", None])
def test_g_acc_stays_shut_until_the_last_acceptance_passed(session, town, last):
    case = make.case(session, town.org, state="closure_review", outcome="partly")
    make.copies(session, make.visit(session, case, town.officer), delivered=4)
    if last:
        accept(session, case, make.order(session, case, town.leader), town, last)
    assert shut(session, case) == ["G-ACC"]


def test_g_acc_is_open_for_what_was_not_found_once_a_second_person_approved_it(session, town):
    case = make.case(session, town.org, state="closure_review", outcome="unsubstantiated")
    visit = make.visit(session, case, town.officer)
    make.copies(session, visit, delivered=4)
    verdict = make.verdict(session, case, visit, town.officer, outcome="unsubstantiated")
    assert shut(session, case) == ["G-ACC"]
    verdict.state, verdict.decided_at = "approved", make.NOW
    session.flush()
    assert shut(session, case) == []


def test_g_pen_x22_rectified_is_not_penalised(session, ready, town):
    """S4: a mandatory penalty keeps a case open although it was rectified and accepted."""
    ready.penalty_policy = "mandatory"
    assert shut(session, ready) == ["G-PEN"]
    with pytest.raises(GuardsOpen):
        handling.close(session, ready, note="", by=town.leader, now=make.NOW)
    assert ready.state == "closure_review"


def test_g_pen_x22_a_mandatory_penalty_is_not_forced_on_what_was_not_found(session, ready):
    ready.penalty_policy, ready.outcome = "mandatory", "unsubstantiated"
    assert shut(session, ready) == []


@pytest.mark.parametrize(
    ("consequence", "code"), [("penalise", "G-PEN"), ("suspend", "G-MEA"), ("prosecute", "G-REF"), ("expose", "G-EXP")]
)
def test_a_consequence_that_was_decided_keeps_its_guard_shut_until_its_machine_is_built(
    session, ready, consequence, code
):
    verdict = findings.approved_verdict(session, ready)
    verdict.consequences = make.UNDECIDED | {consequence: {"decided": True, "reason": "情节严重"}}
    session.flush()
    assert shut(session, ready) == [code]


def test_g_list_stays_shut_for_a_major_hazard(session, ready):
    ready.grade = "major"
    assert shut(session, ready) == ["G-LIST"]


@pytest.mark.parametrize("delivered", [0, 3])
def test_g_doc_stays_shut_until_all_four_copies_are_delivered(session, town, delivered):
    case = make.case(session, town.org, state="closure_review", outcome="unsubstantiated")
    visit = make.visit(session, case, town.officer)
    make.verdict(session, case, visit, town.officer, state="approved", decided_at=make.NOW)
    assert shut(session, case) == ["G-DOC"]
    make.copies(session, visit, delivered=delivered)
    assert shut(session, case) == ["G-DOC"]
    line = {state.code: state for state in closing.panel(session, case)}["G-DOC"]
    assert (line.reason, line.en) == ("copies_undelivered", f"{delivered} of 4 copies delivered")


def test_g_doc_counts_the_copies_of_every_visit(session, ready, town):
    again = make.visit(session, ready, town.officer)
    make.copies(session, again, delivered=2)
    assert shut(session, ready) == ["G-DOC"]


@pytest.mark.parametrize(
    ("state", "holds"), [("open", False), ("signed", False), ("answered", True), ("cancelled", True)]
)
@pytest.mark.parametrize("kind", ["lead", "coop"])
def test_g_task_stays_shut_until_every_department_answered(session, ready, district, state, holds, kind):
    make.task(session, ready, district.fire, kind=kind, state=state)
    assert shut(session, ready) == ([] if holds else ["G-TASK"])


def test_g_exp_stays_shut_until_the_public_status_follows(session, ready, district):
    public = published(session, ready, district)
    public.progress = "rectifying"
    session.flush()
    assert shut(session, ready) == ["G-EXP"]
    public.progress = "rectified"
    session.flush()
    assert shut(session, ready) == []


def test_t16_the_refusal_carries_the_whole_panel(session, ready, town):
    ready.replies_open = True
    with pytest.raises(GuardsOpen) as refusal:
        handling.close(session, ready, note="", by=town.leader, now=make.NOW)
    assert [guard["code"] for guard in refusal.value.extra["guards"]] == ORDER
    assert [guard["code"] for guard in refusal.value.extra["guards"] if not guard["holds"]] == ["G-REP"]


def test_t16_a_general_case_is_closed_by_the_leader_of_its_own_body(session, ready, town, district):
    for stranger in (district.east.leader, district.supervisor):
        with pytest.raises(WrongLevel):
            handling.close(session, ready, note="", by=stranger, now=make.NOW)
    with pytest.raises(NotYourRole):
        handling.close(session, ready, note="", by=town.officer, now=make.NOW)
    handling.close(session, ready, note="办结", by=town.leader, now=make.NOW)
    assert ready.state == "closed"


def test_t16_an_immediate_case_is_closed_by_the_safety_office(session, ready, town, district):
    ready.urgency = "immediate"
    with pytest.raises(WrongLevel):
        handling.close(session, ready, note="", by=town.leader, now=make.NOW)
    handling.close(session, ready, note="办结", by=district.supervisor, now=make.NOW)
    assert ready.state == "closed"


def test_t16_a_major_case_is_not_closed_by_a_town(session, ready, town, district):
    """C2: a town leader may not close a major case; the safety office meets G-LIST first."""
    ready.grade = "major"
    with pytest.raises(WrongLevel):
        handling.close(session, ready, note="", by=town.leader, now=make.NOW)
    with pytest.raises(GuardsOpen):
        handling.close(session, ready, note="", by=district.supervisor, now=make.NOW)


def test_a_leader_who_is_also_of_the_safety_office_closes_as_either(session, ready, town):
    ready.urgency = "immediate"
    both = make.officer(session, town.org, Role.TOWN_LEADER, Role.SAFETY_OFFICE)
    handling.close(session, ready, note="办结", by=both, now=make.NOW)
    assert ready.state == "closed"


def test_a_shut_guard_says_why_in_both_languages_and_where_it_is_put_right(session, ready, town, district):
    ready.replies_open, ready.penalty_policy, ready.grade = True, "mandatory", "major"
    again = make.visit(session, ready, town.officer)
    make.copies(session, again, delivered=3)
    make.task(session, ready, district.fire, kind="lead")
    published(session, ready, district).progress = "rectifying"
    session.flush()
    states = {state.code: state for state in closing.panel(session, ready) if not state.holds}
    assert set(states) == {"G-REP", "G-PEN", "G-LIST", "G-DOC", "G-TASK", "G-EXP"}
    assert all(state.zh and state.en and state.link.startswith("/") for state in states.values())
    assert states["G-DOC"].link == f"/cases/{ready.id}#/copies"
    assert len({state.reason for state in states.values()}) == len(states)


@pytest.mark.parametrize("state", ["registered", "dispatched", "verifying", "rectifying", "closed", "void"])
def test_the_panel_can_be_asked_in_every_state(session, town, state):
    case = make.case(session, town.org, state=state)
    assert [line.code for line in closing.panel(session, case)] == ORDER


def test_t18_what_was_accepted_or_approved_before_a_reopening_counts_no_more(session, ready):
    ready.reopened_at = make.NOW
    session.flush()
    assert shut(session, ready) == ["G-ACC"]
    ready.outcome = None
    assert shut(session, ready) == ["G-ACC"]

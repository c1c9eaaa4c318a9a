"""T18: what did not hold is open again, more urgent, with all clocks anew; nothing done before counts any more."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import aftercare, exposure, handling, triage
from cases.aftercare import Grounds
from cases.aftercare.reopening import DueOutOfRange, NoNewFinding, TooLongAgo
from cases.lifecycle import closing
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.second_look import NotByOthers
from cases.models.aftercare import Reopening
from cases.models.case import Clock, Task
from cases.models.exposure import PublicExposure
from cases.models.handling import Picture, RecordCopy
from cases.models.penalty import Penalty
from cases.models.report import ReportEvent
from cases.models.second_look import DecisionTask, SecondLook
from cases.models.supervision import ListingCandidate
from people.actors import SYSTEM
from tests import accepting, make
from tests.cases.exposures import published
from tests.desk import entries, jobs, notices
from tests.looking_back import DAY, arrived, closed, denied, looks, pictured, planned, rebounded
from tests.walk import all_passed
from workers import reopenings


def running(session, case):
    found = session.scalars(select(Clock).where(Clock.case_id == case.id, Clock.stopped_at.is_(None)))
    return {(clock.kind, clock.org_id): clock for clock in found}


def shut(walk):
    return {state.code for state in closing.panel(walk.session, walk.case) if not state.holds}


def test_t18_m75_a_rebound_opens_the_case_again_in_the_same_moment(session, walk):
    rebounded(walk)
    case, (look,) = walk.case, looks(session, walk.case)
    assert (case.state, case.urgency, case.reopen_count, case.closed_at) == ("rectifying", "immediate", 1, None)
    assert (case.reopened_at, case.listing_candidate_at, look.state) == (walk.now, walk.now, "rebound")
    row = session.scalars(select(Reopening)).one()
    assert (row.cause, row.urgency_before, row.urgency, row.to_state) == (
        "rebound", "urgent", "immediate", "rectifying",
    )  # fmt: skip
    assert (row.look_back_id, row.reopened_by) == (look.id, walk.district.fire_leader.account_id)
    assert row.closed_at is not None
    assert entries(session, case)[-2:] == ["rebound_found", "reopened"]
    follow = {step for step in ("mirror_reports", "follow_progress", "settle_reopening") if jobs(session, step)}
    assert follow == {"mirror_reports", "follow_progress", "settle_reopening"}


@pytest.mark.parametrize(("before", "after"), [("normal", "urgent"), ("urgent", "immediate"), ("immediate",) * 2])
def test_t18_urgency_goes_up_by_one_and_never_beyond(session, walk, before, after):
    closed(walk, urgency=before)
    aftercare.reopen(session, walk.case, Grounds("rebound", "又堵"), by=SYSTEM, now=walk.now + DAY)
    assert walk.case.urgency == after


def test_t18_clocks_run_anew_and_the_same_bodies_have_it_again(session, walk, district):
    closed(walk, urgency="normal")
    assert running(session, walk.case) == {}
    now = walk.now + DAY
    aftercare.reopen(session, walk.case, Grounds("rebound", "又堵"), by=SYSTEM, now=now)
    clocks = running(session, walk.case)
    assert set(clocks) == {("total", None), ("rectify", None), ("answer", district.fire.id),
                           ("answer", district.police.id)}  # fmt: skip
    assert all(clock.started_at == now for clock in clocks.values())
    tasks = {task.kind: task for task in session.scalars(select(Task).where(Task.case_id == walk.case.id))}
    assert (tasks["town"].state, tasks["town"].person_id) == ("signed", walk.town.officer.account_id)
    assert tasks["town"].due_what == "rectify"
    assert {tasks[kind].state for kind in ("lead", "coop")} == {"open"}
    kept = handling.dossier(session, walk.case, by=district.supervisor).events[-1].body["answers"]
    assert [each["answer"] for each in kept] == ["已配合", "已配合"]


def test_t18_the_act_may_set_a_nearer_date_and_none_that_the_profile_forbids(session, walk):
    closed(walk)
    now = walk.now + DAY

    def reopen(due_at):
        return aftercare.reopen(session, walk.case, Grounds("rebound", "又堵", due_at=due_at), by=SYSTEM, now=now)

    for wrong in (now, now - DAY, now + 40 * DAY):
        with session.begin_nested() as undone, pytest.raises(DueOutOfRange):
            reopen(wrong)
        del undone
        session.refresh(walk.case)
    walk.case.urgency = "urgent"
    reopen(now + 2 * DAY)
    assert running(session, walk.case)["rectify", None].due_at == now + 2 * DAY


def test_t18_nothing_done_before_counts_any_more(session, walk, district):
    rebounded(walk)
    assert shut(walk) >= {"G-ACC", "G-TASK"}
    who, now = walk.town, walk.now
    with pytest.raises(Incomplete):  # the photo of the first round shows nothing
        handling.complete(session, walk.case, statement="已整改", by=who.officer, now=now)
    walk.complete_again()
    acceptor = accepting.acceptor(session, walk.case, who.colleague)  # more urgent now: of another body (M64)
    with pytest.raises(Incomplete) as missing:  # what had passed is looked at anew, one by one
        accepting.pass_(session, walk.case, note="合格", findings=["x"], by=acceptor, now=walk.now)
    assert len(missing.value.extra["missing"]) == 1
    accepting.pass_(
        session, walk.case, note="合格", findings=["x"], checks=all_passed(session, walk.case), by=acceptor,
        now=walk.now,
    )  # fmt: skip
    assert shut(walk) == {"G-DOC", "G-TASK"}  # the record of the new acceptance goes out in four copies as well
    for copy in session.scalars(select(RecordCopy).where(RecordCopy.delivered_at.is_(None))).all():
        handling.deliver(session, walk.case, copy_id=copy.id, note="送达", by=who.clerk, now=walk.now)
    assert shut(walk) == {"G-TASK"}
    for department in (district.fire_officer, district.police_officer):
        handling.answer_task(session, walk.case, text="再次配合", by=department, now=walk.now)
    handling.close(session, walk.case, note="再次办结", by=district.supervisor, now=walk.now)
    assert [each.round for each in planned(walk)] == [0, 1, 1]
    assert walk.case.closed_at == walk.now


def test_g_dec_a_decision_of_the_round_before_is_neither_asked_for_nor_enough(session, walk):
    rebounded(walk)
    acceptance = handling.dossier(session, walk.case, by=walk.town.leader).acceptances[0]
    task = DecisionTask(
        case_id=walk.case.id, acceptance_id=acceptance.id, state="decided", why="second_failure", choice="suspend",
        opened_at=walk.now - DAY, due_at=walk.now,
    )  # fmt: skip
    session.add(task)
    session.flush()
    assert "G-DEC" not in shut(walk)
    task.opened_at = walk.now + DAY
    session.flush()
    assert "G-DEC" in shut(walk)


def penalised(session, case, district, *, at):
    made = Penalty(
        case_id=case.id, org_id=district.fire.id, state="not_penalised", party_kind="unit", party="某公司", cause="x",
        filed_by=district.fire_officer.account_id, filed_at=at, officer_ids=[],
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def test_g_pen_a_violation_that_came_back_is_decided_on_anew_x22(session, walk, district):
    closed(walk)
    walk.case.penalty_policy = "mandatory"
    penalty = penalised(session, walk.case, district, at=walk.now)
    aftercare.reopen(session, walk.case, Grounds("rebound", "又堵"), by=SYSTEM, now=walk.now + DAY)
    assert "G-PEN" in shut(walk)
    penalty.filed_at = walk.now + 2 * DAY
    session.flush()
    assert "G-PEN" not in shut(walk)
    session.scalars(select(Reopening)).one().cause = "review_upheld"  # looked at badly: the same violation as before
    penalty.filed_at = walk.now
    session.flush()
    assert "G-PEN" not in shut(walk)


def test_t18_x21_where_nothing_had_been_found_others_verify_anew(session, walk):
    denied(walk)
    walk.case.urgency = "normal"
    aftercare.reopen(session, walk.case, Grounds("review_upheld", "确有其事"), by=SYSTEM, now=walk.now + DAY)
    assert (walk.case.state, walk.case.outcome) == ("verifying", None)
    assert {kind for kind, _ in running(session, walk.case)} >= {"verify", "total"}
    walk.now += 2 * DAY
    with pytest.raises((Incomplete, NotByOthers)):
        walk.propose_again("substantiated")
    walk.visit_again()
    taken = session.scalars(select(Picture).where(Picture.received_at > walk.case.reopened_at)).all()
    for picture in taken:
        picture.received_at -= 30 * DAY
    session.flush()
    with pytest.raises(Incomplete):  # of pictures taken before the reopening
        walk.propose_again("substantiated")
    for picture in taken:
        picture.received_at += 30 * DAY
    session.flush()
    with pytest.raises(NotByOthers):
        walk.propose_again("substantiated")
    walk.town = type(walk.town)(**(vars(walk.town) | {"officer": walk.town.colleague}))
    walk.visit_again()
    walk.propose_again("unsubstantiated")
    handling.find_unsubstantiated(session, walk.case, comment="仍未见", by=walk.town.leader, now=walk.now)
    newest = session.scalars(select(SecondLook).order_by(SecondLook.drawn_at.desc()).limit(1)).one()
    assert (newest.state, newest.why) == ("waiting", "returned")


def test_the_rest_is_dropped_the_case_comes_up_for_listing_and_its_body_is_told(session, walk, district):
    closed(walk, urgency="immediate")
    first, second = planned(walk)
    who = district.fire_leader
    arrived(walk, first, who)
    pictured(session, walk.case, at=first.due_at, by=who)
    aftercare.rebound(session, walk.case, first, findings="又堵", by=who, now=first.due_at)
    reopenings.settle(session, walk.case.id, now=first.due_at)
    assert (first.state, second.state) == ("rebound", "dropped")
    assert {kind for kind, _ in running(session, walk.case)}.isdisjoint({"look_back"})
    candidate = session.scalars(select(ListingCandidate)).one()
    assert (candidate.case_id, candidate.reason, candidate.state) == (walk.case.id, "rebound", "open")
    assert {told.org_id for told in notices(session, "reopened")} == {walk.town.org.id, district.office.id}


def test_a_case_that_is_open_is_not_opened_again(session, walk):
    walk.ordered()
    with pytest.raises(NotInState):
        aftercare.reopen(session, walk.case, Grounds("rebound", "又堵"), by=SYSTEM, now=walk.now)


def test_t18_only_the_safety_office_and_the_system_reopen(session, walk, district):
    closed(walk)
    for stranger in (district.fire_leader, walk.town.leader, district.intake):
        with pytest.raises(NotYourRole):
            aftercare.reopen(session, walk.case, Grounds("rebound", "又堵"), by=stranger, now=walk.now)
    with pytest.raises(Incomplete):
        aftercare.reopen(session, walk.case, Grounds("rebound", " "), by=district.supervisor, now=walk.now)


def by_report(walk, other, *, now=None):
    return aftercare.reopen_for_report(
        walk.session, walk.case, other=other, evidence="同一出口", due_at=None, by=walk.district.supervisor,
        now=now or walk.now + DAY,
    )  # fmt: skip


def test_t18_a_new_report_that_was_found_true_opens_it_again_within_its_days(session, walk, district):
    closed(walk)
    other = make.case(
        session, district.west.org, state="rectifying", outcome="substantiated", opened_at=walk.now + timedelta(hours=1)
    )
    for wrong in (None, walk.case):
        with pytest.raises(NoNewFinding):
            by_report(walk, wrong)
    for name, value in (("outcome", None), ("outcome", "unsubstantiated"), ("opened_at", make.NOW)):
        was = getattr(other, name)
        setattr(other, name, value)
        with pytest.raises(NoNewFinding):
            by_report(walk, other)
        setattr(other, name, was)
    with pytest.raises(TooLongAgo):
        by_report(walk, other, now=walk.case.closed_at + 180 * DAY + timedelta(seconds=1))
    row = by_report(walk, other, now=walk.case.closed_at + 180 * DAY)
    assert (row.cause, row.other_case_id, walk.case.state) == ("new_report", other.id, "rectifying")


def test_m85_e8_what_the_public_reads_follows(session, walk, district):
    closed(walk)
    public = session.get_one(PublicExposure, published(session, walk.case, district).public_id)
    exposure.follow_progress(session, walk.case.id, now=walk.now)
    assert public.progress == "rectified"
    look, who = planned(walk)[0], district.fire_leader
    arrived(walk, look, who)
    exposure.follow_progress(session, walk.case.id, now=look.due_at)
    assert public.progress == "rectified"  # nothing else is known while they look
    pictured(session, walk.case, at=look.due_at, by=who)
    aftercare.rebound(session, walk.case, look, findings="又堵", by=who, now=look.due_at)
    exposure.follow_progress(session, walk.case.id, now=look.due_at)
    assert public.progress == "rectifying"


def stages(session, report):
    told = select(ReportEvent.body).where(ReportEvent.report_id == report.id, ReportEvent.kind == "mirrored")
    return [body["stage"] for body in session.scalars(told.order_by(ReportEvent.seq))]


def test_t18_the_reporter_is_told_and_each_stage_once_more(session, walk):
    report = make.joined(session, make.report(session), walk.case, state="replied", opened=True)
    report.outcome = "substantiated"
    closed(walk)
    triage.mirror(session, walk.case.id, now=walk.now)
    look, who = planned(walk)[0], walk.district.fire_leader
    arrived(walk, look, who)
    pictured(session, walk.case, at=look.due_at, by=who)
    aftercare.rebound(session, walk.case, look, findings="又堵", by=who, now=look.due_at)
    late = make.joined(session, make.report(session), walk.case, state="verifying")
    for minutes in (1, 2):
        triage.mirror(session, walk.case.id, now=look.due_at + timedelta(minutes=minutes))
    assert stages(session, report) == ["closed", "reopened", "rectifying"]
    assert stages(session, late) == ["rectifying"]  # X42: it had never heard of the first round
    assert report.state == "replied"


def test_t18_who_was_told_otherwise_is_told_so(session, walk):
    report = make.joined(session, make.report(session), walk.case, state="replied", opened=True)
    report.outcome = "unsubstantiated"
    denied(walk)
    triage.mirror(session, walk.case.id, now=walk.now)
    aftercare.reopen(session, walk.case, Grounds("review_upheld", "确有其事"), by=SYSTEM, now=walk.now + DAY)
    walk.case.state, walk.case.outcome = "rectifying", "substantiated"
    triage.mirror(session, walk.case.id, now=walk.now + 2 * DAY)
    assert stages(session, report) == ["closed", "reopened", "found_otherwise", "rectifying"]
    assert report.outcome == "unsubstantiated"  # of the reply that was given


def test_a_closing_in_the_second_round_waits_for_all_of_it(session, walk, district):
    rebounded(walk)
    walk.case.state = "closure_review"
    with pytest.raises(GuardsOpen):
        handling.close(session, walk.case, note="x", by=district.supervisor, now=walk.now)

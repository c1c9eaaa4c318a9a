"""R8: who was replied to asks once for a new look by other people; it is decided, told, and done again where upheld."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import aftercare, handling, intake, triage
from cases.aftercare.requests import NotUnderReview
from cases.aftercare.reviews import NoSuchReview
from cases.intake import Addition
from cases.intake.answers import NotOpen
from cases.intake.codes import tracking_code
from cases.lifecycle import closing
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.review import NotYourReview, ReviewOpen
from cases.models.aftercare import Reopening, Review
from cases.models.case import Clock, Task
from cases.models.reply import Reply, ReviewRequest
from people.roles import Role
from tests import make
from tests.cases.handling.test_straight_path import acting
from tests.desk import entries, jobs, notices
from tests.looking_back import DAY, arrived, closed, denied, pictured, planned


@pytest.fixture
def fresh(session, district):
    """An officer of a department that has nothing to do with the case."""
    return make.officer(session, make.org(session, "department", department_kind="education"), Role.DEPT_OFFICER)


def replied(walk, *, at=None, outcome="substantiated", opened=True):
    facts = {"replied_at": at or walk.now, "reply": "已查实", "outcome": outcome}
    report = make.report(walk.session, **facts)
    walk.session.add(
        Reply(
            report_id=report.id, number=1, text="已查实", channel="code", reached=True, outcome=outcome,
            replied_at=report.replied_at, review_until=report.replied_at + 30 * DAY,
        )
    )  # fmt: skip
    return make.joined(walk.session, report, walk.case, state="replied", opened=opened)


def ask(walk, report, *, at=None, text="根本没有整改"):
    addition = Addition(uuid4(), b"\1" * 32, tracking_code(report.client_id), "review_request", None, text)
    intake.add(walk.session, addition, now=at or walk.now)
    settle(walk, report)


def settle(walk, report):
    """What follows, as the worker does it."""
    aftercare.open_review(walk.session, report.id, now=walk.now)
    triage.settle_replies(walk.session, report.id, now=walk.now)


def review_of(walk):
    found = select(Review).where(Review.case_id == walk.case.id).order_by(Review.opened_at.desc())
    return walk.session.scalars(found).first()


def given(walk, who):
    review = review_of(walk)
    return aftercare.assign_review(
        walk.session, walk.case, review, account_id=who.account_id, by=walk.district.supervisor, now=walk.now
    )


def decide(walk, verb, who, **facts):
    verb(walk.session, walk.case, review_of(walk), **({"finding": "仍未整改"} | facts), by=who, now=walk.now)
    aftercare.settle_reviews(walk.session, walk.case.id, now=walk.now)


def can(walk, report, now):
    return intake.progress(walk.session, tracking_code(report.client_id), now=now).can


def test_r8_within_thirty_days_of_the_reply_and_once(walk):
    closed(walk)
    report = replied(walk)
    last = walk.now + 30 * DAY
    assert "ask_review" in can(walk, report, walk.now)
    assert "ask_review" not in can(walk, report, last + 3 * DAY)
    with pytest.raises(NotOpen):
        ask(walk, report, at=last + 3 * DAY)
    ask(walk, report, at=last)
    assert (report.state, report.reply_due_at > last + 29 * DAY) == ("review_requested", True)
    assert "ask_review" not in can(walk, report, last)
    with pytest.raises(NotOpen):
        ask(walk, report, at=last)
    report.state = "replied"
    with pytest.raises(NotOpen):  # once, also after the second reply
        ask(walk, report, at=last)
    assert entries(walk.session, report)[-1] == "review_requested"


@pytest.mark.parametrize(
    "state", ["submitted", "in_review", "need_more", "accepted", "verifying", "not_accepted", "redirected", "closed",
              "withdrawn", "review_requested"],
)  # fmt: skip
def test_r8_who_was_not_replied_to_has_nothing_to_review(walk, state):
    report = replied(walk.dispatched())
    report.state = state
    with pytest.raises(NotOpen):
        ask(walk, report)


def test_r8_q2_the_case_knows_that_it_is_looked_at_anew_and_nothing_else(walk, district):
    closed(walk)
    report = replied(walk)
    ask(walk, report)
    review = review_of(walk)
    request = walk.session.get_one(ReviewRequest, report.id)
    assert (request.review_id, request.reason) == (review.id, "根本没有整改")
    assert (review.state, review.grounds, review.due_at) == ("requested", None, request.due_at)
    body = handling.dossier(walk.session, walk.case, by=district.supervisor).events[-1].body
    assert set(body) == {"rule", "id", "until"}
    seen = handling.dossier(walk.session, walk.case, by=walk.town.leader)
    assert "review_opened" not in {each.kind for each in seen.events}
    assert {told.org_id for told in notices(walk.session, "review_opened")} == {district.office.id}
    clock = walk.session.scalars(select(Clock).where(Clock.about_id == review.id)).one()
    assert (clock.kind, clock.due_at, clock.stopped_at) == ("re_verify", review.due_at, None)


def test_x42_two_who_ask_get_one_review_and_each_their_own_answer(walk, fresh):
    closed(walk)
    first, second = replied(walk), replied(walk, opened=False)
    for report in (first, second):
        ask(walk, report)
    settle(walk, first)  # safe to repeat
    assert entries(walk.session, walk.case).count("review_opened") == 1
    given(walk, fresh)
    decide(walk, aftercare.dismiss, fresh, finding="已整改")
    for report in (first, second):
        assert walk.session.get_one(ReviewRequest, report.id).result == "dismissed"
        assert report.reply_due_at is not None
        assert entries(walk.session, report)[-1] == "mirrored"


def test_r8_c2_neither_who_had_a_hand_nor_their_bodies_decide(session, walk, district, fresh):
    closed(walk)
    look, looker = planned(walk)[0], make.officer(session, district.office, Role.SAFETY_OFFICE)
    arrived(walk, look, looker)
    pictured(session, walk.case, at=look.due_at, by=looker)
    aftercare.confirm(session, walk.case, look, findings="畅通", by=looker, now=look.due_at)
    ask(walk, replied(walk))
    for concerned in (district.fire_leader, district.police_officer, looker):  # lead and coop; who looked back
        with pytest.raises(SamePerson):
            given(walk, concerned)
    assert given(walk, district.supervisor).state == "assigned"
    assert given(walk, fresh).assignee_id == fresh.account_id  # somebody else instead
    with pytest.raises(NotYourReview):
        decide(walk, aftercare.dismiss, district.supervisor)
    make.visit(session, walk.case, walk.town.officer, companions=[fresh])
    with pytest.raises(SamePerson):  # and has had a hand in it since
        decide(walk, aftercare.dismiss, fresh)


def test_r8_only_the_safety_office_names_and_a_finding_is_said(walk, district, fresh):
    closed(walk)
    ask(walk, replied(walk))
    with pytest.raises(NotYourRole):
        aftercare.assign_review(
            walk.session, walk.case, review_of(walk), account_id=fresh.account_id, by=district.intake, now=walk.now
        )
    with pytest.raises(NotInState):
        decide(walk, aftercare.dismiss, fresh)
    given(walk, fresh)
    with pytest.raises(Incomplete):
        decide(walk, aftercare.dismiss, fresh, finding=" ")
    with pytest.raises(NoSuchReview):
        aftercare.find_review(walk.session, walk.case, walk.case.id)


def test_r8_dismissed_it_stays_closed_and_the_reporter_is_replied_to(session, walk, district, fresh):
    closed(walk)
    report = replied(walk)
    ask(walk, report)
    assert walk.case.replies_open
    with pytest.raises(ReviewOpen):
        triage.reply(session, report, text="仍为属实", by=district.intake, now=walk.now)
    assert report not in triage.to_reply(session, limit=9)
    given(walk, fresh)
    decide(walk, aftercare.dismiss, fresh, finding="已整改")
    assert (walk.case.state, review_of(walk).state) == ("closed", "dismissed")
    assert report in triage.to_reply(session, limit=9)
    triage.reply(session, report, text="经复核，举报属实，维持原处理结果", by=district.intake, now=walk.now)
    triage.settle_replies(session, report.id, now=walk.now)
    assert (report.state, report.reply, walk.case.replies_open) == (
        "replied",
        "经复核，举报属实，维持原处理结果",
        False,
    )
    assert "ask_review" not in can(walk, report, walk.now)
    assert session.get_one(Task, review_of(walk).id).state == "answered"


def test_r8_t18_upheld_the_closed_case_is_opened_again(session, walk, district, fresh):
    closed(walk)
    report = replied(walk)
    ask(walk, report)
    given(walk, fresh)
    with acting(session, fresh):
        aftercare.uphold(session, walk.case, review_of(walk), finding="仍未整改", by=fresh, now=walk.now)
    row = session.scalars(select(Reopening)).one()
    assert (row.cause, row.review_id, row.reopened_by) == ("review_upheld", review_of(walk).id, fresh.account_id)
    assert (walk.case.state, walk.case.urgency) == ("rectifying", "immediate")
    aftercare.settle_reviews(session, walk.case.id, now=walk.now)
    assert report in triage.to_reply(session, limit=9)
    assert jobs(session, "settle_reviews")
    assert not [state for state in closing.panel(session, walk.case) if state.code == "G-REP" and state.holds]


def test_r8_x21_upheld_where_nothing_was_found_the_reply_waits_for_what_others_find(session, walk, district, fresh):
    denied(walk)
    report = replied(walk, outcome="unsubstantiated")
    ask(walk, report)
    given(walk, fresh)
    decide(walk, aftercare.uphold, fresh, finding="确有其事")
    assert (walk.case.state, walk.case.outcome, report.outcome) == ("verifying", None, None)
    assert report.state == "review_requested"
    assert report not in triage.to_reply(session, limit=9)
    walk.case.outcome = "substantiated"
    triage.mirror(session, walk.case.id, now=walk.now + DAY)
    assert report in triage.to_reply(session, limit=9)


def test_r8_a_case_about_to_be_closed_goes_round_again_and_its_whole_clock_runs_on(session, walk, fresh):
    walk.closable()
    before = session.scalars(select(Clock).where(Clock.kind == "total")).one()
    ask(walk, replied(walk))
    with pytest.raises(GuardsOpen):
        handling.close(session, walk.case, note="办结", by=walk.town.leader, now=walk.now)
    given(walk, fresh)
    decide(walk, aftercare.uphold, fresh, due_at=walk.now + 2 * DAY)
    assert (walk.case.state, walk.case.reopen_count) == ("rectifying", 1)
    assert session.scalars(select(Clock).where(Clock.kind == "total")).one() is before
    assert before.stopped_at is None
    assert session.scalars(select(Reopening)).one().closed_at is None


def test_r8_what_is_in_hand_goes_on_and_its_body_is_told(session, walk, fresh):
    walk.completed()
    report = replied(walk)
    ask(walk, report)
    given(walk, fresh)
    decide(walk, aftercare.uphold, fresh)
    assert (walk.case.state, walk.case.reopen_count) == ("acceptance", 0)
    assert {told.org_id for told in notices(session, "review_upheld")} == {walk.town.org.id}
    assert report in triage.to_reply(session, limit=9)


def test_g_look_a_case_is_not_closed_while_a_review_is_open(session, walk, fresh):
    walk.closable()
    ask(walk, replied(walk))
    reasons = {state.code: state.reason for state in closing.panel(session, walk.case)}
    assert (reasons["G-LOOK"], reasons["G-REP"]) == ("review_open", "reply_open")
    with acting(session, walk.town.leader):  # who does not see the review, and cannot close either
        reasons = {state.code: state.reason for state in closing.panel(session, walk.case)}
        assert (reasons["G-LOOK"], reasons["G-REP"]) == ("ok", "reply_open")


def test_r9_who_withdraws_keeps_nothing_waiting_and_the_review_goes_on(session, walk, fresh):
    closed(walk)
    report = replied(walk)
    ask(walk, report)
    withdrawal = Addition(uuid4(), b"\2" * 32, tracking_code(report.client_id), "withdrawal", None, "")
    intake.add(session, withdrawal, now=walk.now)
    triage.settle_replies(session, report.id, now=walk.now)
    assert (report.state, walk.case.replies_open) == ("withdrawn", False)
    given(walk, fresh)
    decide(walk, aftercare.uphold, fresh)
    assert walk.case.state == "rectifying"
    assert (report.state, session.get_one(ReviewRequest, report.id).result) == ("withdrawn", "upheld")
    assert report.outcome == "substantiated"


def test_q2_grounds_are_the_desks_words_and_those_of_two_stand_together(session, walk, district, fresh):
    closed(walk)
    reports = [replied(walk), replied(walk, opened=False)]
    with pytest.raises(NotUnderReview):
        aftercare.give_grounds(session, reports[0], text="x", by=district.intake, now=walk.now)
    for number, report in enumerate(reports):
        ask(walk, report)
        aftercare.give_grounds(session, report, text=f"理由{number}", by=district.intake, now=walk.now)
    assert review_of(walk).grounds == "理由0\n理由1"
    assert {report.id for _, report in aftercare.requests(session, limit=9)} == {report.id for report in reports}
    given(walk, fresh)
    decide(walk, aftercare.dismiss, fresh)
    assert aftercare.requests(session, limit=9) == []
    with pytest.raises(NotUnderReview):
        aftercare.give_grounds(session, reports[0], text="x", by=district.intake, now=walk.now)


def test_a_review_is_in_the_queue_of_its_office_and_on_the_lists(walk, district, fresh):
    closed(walk)
    ask(walk, replied(walk))
    given(walk, fresh)
    review = review_of(walk)
    assert [each.id for each, _ in aftercare.waiting_reviews(walk.session, by=fresh, limit=9)] == [review.id]
    assert [each.id for each, _ in aftercare.waiting_reviews(walk.session, by=district.supervisor, limit=9)] == [
        review.id
    ]
    assert aftercare.waiting_reviews(walk.session, by=district.fire_leader, limit=9) == []
    task = walk.session.get_one(Task, review.id)
    assert (task.org_id, task.kind, task.due_at) == (fresh.org_id, "review", review.due_at)


def test_opening_a_review_for_a_report_that_asked_for_none_does_nothing(walk):
    closed(walk)
    report = replied(walk)
    aftercare.open_review(walk.session, report.id, now=walk.now)
    assert review_of(walk) is None


def test_r8_the_thirty_days_of_the_new_look_begin_with_the_request(walk):
    closed(walk)
    report = replied(walk)
    ask(walk, report, at=walk.now + 5 * DAY)
    request = walk.session.get_one(ReviewRequest, report.id)
    assert timedelta(days=30) <= request.due_at - request.asked_at < timedelta(days=31)


def test_m67_a_review_that_nobody_was_given_for_a_day_is_listed(session, walk, fresh):
    closed(walk)
    ask(walk, replied(walk))
    assert aftercare.find_orphans(session, now=walk.now + DAY / 2).items == []
    (found,) = aftercare.find_orphans(session, now=walk.now + 2 * DAY).items
    assert (found["kind"], found["case_id"]) == ("review_of_nobody", str(walk.case.id))
    given(walk, fresh)
    assert aftercare.find_orphans(session, now=walk.now + 2 * DAY).items == []

"""D2, X09: limits that are no profile's, of a second look, a decision, a rework, an answer, are counted again, too."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select, update

from cases import aftercare, handling, provisional, supervision, triage
from cases.models.aftercare import LookBack, Review
from cases.models.case import Case, Clock, Task
from cases.models.handling import Visit
from cases.models.policy import DeadlineRule
from cases.models.reply import ReviewRequest
from cases.models.report import ReportCase
from cases.models.second_look import DecisionTask
from cases.policy.calendar_years import enter_year
from people.actors import SYSTEM
from tests import accepting, make
from tests.desk import REPLIES, accepted
from tests.walk import Walk, order_draft

MONDAY = datetime(2026, 12, 28, 2, tzinfo=UTC)
HOLIDAYS = {date(2026, 12, 31): ("rest", "元旦")} | {date(2027, 1, day): ("rest", "元旦") for day in (1, 2, 3)}
DAY = timedelta(days=1)


@pytest.fixture
def walk(session, district):
    made = Walk(session, district, category="FIR-04", now=MONDAY)
    made.case.urgency = "normal"
    return made


def clock_of(walk, kind):
    found = select(Clock).where(Clock.case_id == walk.case.id, Clock.kind == kind).order_by(Clock.id.desc())
    return walk.session.scalars(found.limit(1)).one()


def enter(session, days=HOLIDAYS):
    enter_year(session, 2027, days, source="国办2027")


def recount(walk):
    assert walk.case.id in supervision.find_recountable(walk.session, now=walk.now)
    supervision.recount(walk.session, walk.case, now=walk.now)


def moves(walk, kind, days=3, holidays=HOLIDAYS):
    """The clock waits, and moves by what the holidays take from its working days."""
    clock = clock_of(walk, kind)
    assert (clock.provisional, clock.amount, clock.unit) == (True, days, "work_d")
    was = clock.due_at
    enter(walk.session, holidays)
    recount(walk)
    assert not clock.provisional
    assert clock.due_at == clock.original_due_at > was
    return clock


def test_t9_a_second_look_is_counted_again(walk):
    make.value(walk.session, "second_look_share", 1)
    walk.proposed("unsubstantiated")
    handling.find_unsubstantiated(walk.session, walk.case, comment="查无此事", by=walk.town.leader, now=walk.now)
    moves(walk, "second_look")


def fail(walk, now):
    return accepting.fail(
        walk.session, walk.case, note="未清理", findings=["通道仍堵"], by=walk.town.colleague, now=now
    )


def test_m40_a_decision_is_counted_again_where_it_is_shown_as_well(walk):
    walk.now -= 3 * DAY
    walk.completed(days=1)
    walk.now = MONDAY
    fail(walk, walk.now)  # after its deadline
    task = walk.session.scalars(select(DecisionTask)).one()
    assert task.due_at == clock_of(walk, "decision").due_at
    moved = moves(walk, "decision")
    assert task.due_at == moved.due_at


def test_t14_the_rework_of_what_was_fixed_on_the_spot_is_counted_again(walk):
    walk.proposed()
    visit = walk.session.scalars(select(Visit).where(Visit.case_id == walk.case.id)).one()
    make.pictures(walk.session, walk.case, "before", "after", at=visit.started_at)
    draft = order_draft(due_at=None, fixed_on_spot=True)
    handling.order(walk.session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    fail(walk, walk.now)
    rework = moves(walk, "rework")
    task = walk.session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.kind == "town")).one()
    walk.session.refresh(task)
    assert (task.due_what, task.due_at) == ("rework", rework.due_at)


def test_t18_m09_what_departments_answer_anew_is_counted_again_and_shown_on_their_tasks(walk):
    """Reopened after nothing had been found: the facts are verified anew, by the town and by each department."""
    make.value(walk.session, "second_look_share", 0)
    walk.proposed("unsubstantiated")
    handling.find_unsubstantiated(walk.session, walk.case, comment="查无此事", by=walk.town.leader, now=walk.now)
    walk.delivered()
    handling.close(walk.session, walk.case, note="办结", by=walk.town.leader, now=walk.now)
    aftercare.reopen(walk.session, walk.case, aftercare.Grounds("review_upheld", "有新情况"), by=SYSTEM, now=walk.now)
    rest = {date(2026, 12, 30): ("rest", "元旦")}
    moves(walk, "answer", days=2, holidays=rest)  # more urgent than before
    shown = select(Task).where(Task.case_id == walk.case.id, Task.kind.in_(("lead", "coop")))
    for task in walk.session.scalars(shown).all():
        walk.session.refresh(task)
        of_it = select(Clock.due_at).where(Clock.task_id == task.id, Clock.stopped_at.is_(None))
        assert task.due_at == walk.session.scalars(of_it).one()


def test_an_order_s_date_and_the_rework_that_is_its_share_stay(walk):
    """An act has decided them (M39, T14)."""
    walk.completed(days=10)
    fail(walk, walk.now)
    rework = clock_of(walk, "rework")
    assert (rework.provisional, rework.amount) == (False, 0)
    was = rework.due_at
    enter(walk.session)
    supervision.recount(walk.session, walk.case, now=walk.now)
    assert rework.due_at == was


@pytest.fixture
def replied(session, district):
    """A report replied to on 8 December: the thirtieth day is 7 January, in a year that nobody knows yet."""
    report = accepted(session, district)
    report.outcome = "substantiated"
    told = triage.reply(
        session, report, text=REPLIES["substantiated"], by=district.intake,
        now=datetime(2026, 12, 8, 2, tzinfo=UTC),
    )  # fmt: skip
    assert told.review_until == datetime(2027, 1, 7, 16, tzinfo=UTC)
    return report, told


def test_d3_r8_until_when_a_review_may_be_asked_for_rolls_over_a_holiday_that_becomes_known(session, district, replied):
    report, told = replied
    assert provisional.find_recountable(session, now=MONDAY, limit=9) == []
    enter(session, {date(2027, 1, day): ("rest", "某节") for day in (7, 8)})
    assert report.id in provisional.find_recountable(session, now=MONDAY, limit=9)
    provisional.recount(session, report, now=MONDAY)
    assert told.review_until == datetime(2027, 1, 11, 16, tzinfo=UTC)  # the Monday after
    assert triage.find_late(session, now=told.review_until, limit=9) == []  # nothing comes due to the desk


def test_d2_r8_what_a_reporter_was_told_never_becomes_earlier(session, district):
    """The ninth of January is a Saturday, worked only once the notice says so: until Monday was told, and holds."""
    report = accepted(session, district)
    report.outcome = "substantiated"
    told = triage.reply(
        session, report, text=REPLIES["substantiated"], by=district.intake,
        now=datetime(2026, 12, 10, 2, tzinfo=UTC),
    )  # fmt: skip
    monday = datetime(2027, 1, 11, 16, tzinfo=UTC)
    assert told.review_until == monday
    enter(session, {date(2027, 1, 9): ("work", "调休上班"), date(2027, 1, 1): ("rest", "元旦")})
    provisional.recount(session, report, now=MONDAY)
    assert told.review_until == monday


def test_d2_r8_a_reply_that_is_owed_after_a_review_is_counted_again(session, district, replied):
    report, _ = replied
    case = session.scalars(select(Case)).one()
    case.outcome = "substantiated"
    report.state = "review_requested"
    session.add(ReviewRequest(report_id=report.id, reason="-", asked_at=MONDAY, due_at=MONDAY + 30 * DAY))
    session.flush()
    aftercare.open_review(session, report.id, now=MONDAY)
    review = session.scalars(select(Review).where(Review.case_id == case.id)).one()
    review.state, review.decided_at = "dismissed", MONDAY
    session.flush()
    report.urgency = "normal"
    aftercare.settle_reviews(session, case.id, now=MONDAY)
    was = report.reply_due_at
    enter(session)
    provisional.recount(session, report, now=MONDAY)
    assert report.reply_due_at > was


def in_working_days(session, clock, days):
    """As this district has set it: the seeds have calendar days."""
    session.execute(update(DeadlineRule).where(DeadlineRule.clock == clock).values(unit="work_d", amount=days))
    session.expire_all()


def test_d2_t17_a_look_back_in_working_days_is_counted_again_with_the_errand_that_was_given(walk):
    in_working_days(walk.session, "look_back", 5)
    walk.dispatched()
    case = walk.case
    case.responsible_org_id, case.urgency = walk.town.org.id, "urgent"
    case.state, case.closed_at = "closed", MONDAY
    walk.session.flush()
    aftercare.plan(walk.session, case.id, now=MONDAY + DAY / 24)
    look = walk.session.scalars(select(LookBack).where(LookBack.case_id == case.id)).one()
    who = walk.district.fire_officer.account_id
    aftercare.assign(walk.session, case, look, account_id=who, by=walk.district.supervisor, now=walk.now)
    clock = moves(walk, "look_back", days=5)
    assert clock.started_at == MONDAY  # from the closing, however late it was planned
    assert look.due_at == walk.session.get_one(Task, look.id).due_at == clock.due_at


def test_d2_r8_a_review_in_working_days_is_counted_again_and_its_reporter_is_told_the_later_date(
    session, district, replied, walk
):
    report, _ = replied
    in_working_days(session, "re_verify", 10)
    case = session.scalars(select(Case).join(ReportCase, ReportCase.case_id == Case.id)).one()
    until = datetime(2027, 1, 11, 16, tzinfo=UTC)
    report.state, report.reply_due_at = "review_requested", until
    session.add(ReviewRequest(report_id=report.id, reason="-", asked_at=MONDAY, due_at=until))
    session.flush()
    aftercare.open_review(session, report.id, now=MONDAY)
    walk.case = case
    clock = moves(walk, "re_verify", days=10)
    review = session.scalars(select(Review).where(Review.case_id == case.id)).one()
    provisional.recount(session, report, now=MONDAY)
    assert review.due_at == clock.due_at == report.reply_due_at > until

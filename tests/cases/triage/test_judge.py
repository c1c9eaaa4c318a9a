"""What the system decides by itself and what waits for a person (R2, R4, C13, X17-X19, X33, X34)."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import Range

from cases import policy, triage
from cases.models.case import Case, Clock, Notice, Task
from cases.models.job import Job
from cases.models.policy import PolicyValue
from cases.models.report import ReportCase, ReportEvent
from cases.triage.duplicates import Candidate
from geo.datums import Datum
from geo.points import Point
from tests import make
from tests.desk import jobs
from tests.make import IN_EAST, IN_WEST, NEAR_BORDER, NOW, OUTSIDE

SOON = NOW + timedelta(minutes=6)


def judged(session, *args, **facts):
    report = make.report(session, *args, **facts)
    triage.judge(session, report.id, now=NOW)
    return report


def case_of(session, report):
    return session.scalars(
        select(Case).join(ReportCase, ReportCase.case_id == Case.id).where(ReportCase.report_id == report.id)
    ).one()


def how_many(session, table):
    return session.scalar(select(func.count()).select_from(table))


def kinds(session, report):
    found = select(ReportEvent.kind).where(ReportEvent.report_id == report.id).order_by(ReportEvent.seq)
    return session.scalars(found).all()


def notices(session):
    return session.scalars(select(Notice.kind).order_by(Notice.id)).all()


# --- unambiguous


def test_r4_an_unambiguous_report_is_dispatched_to_its_town_with_all_that_decided_it(session, district):
    report = judged(session)
    case = case_of(session, report)
    assert (report.state, report.waits_for) == ("accepted", None)
    assert (case.state, case.responsible_org_id, case.provisional) == ("dispatched", district.west.org.id, False)
    assert (case.unit_id, case.edition_id, case.crs) == (
        make.unit_of(session, district.west.org.unit_code).id, district.edition.id, "wgs84",
    )  # fmt: skip
    assert 900 < case.border_m < 1000
    assert (case.accuracy_m, case.routed_how) == (8.0, "inside")
    assert case.profile_id == policy.profile_in_force(session, NOW).id
    assert (case.urgency, case.penalty_policy) == ("urgent", "conditional")
    running = select(Clock.kind, Clock.task_id.is_not(None)).where(Clock.case_id == case.id, Clock.stopped_at.is_(None))
    assert {tuple(row) for row in session.execute(running)} == {
        ("sign", False), ("verify", False), ("total", False), ("answer", True),
    }  # fmt: skip
    assert kinds(session, report) == ["review_started", "accepted"]


def test_m15_the_town_and_the_departments_of_the_category_get_their_tasks(session, district):
    case = case_of(session, judged(session))
    tasks = session.execute(select(Task.org_id, Task.kind, Task.state).where(Task.case_id == case.id))
    assert {tuple(row) for row in tasks} == {
        (district.west.org.id, "town", "open"),
        (district.fire.id, "lead", "open"),
        (district.police.id, "coop", "open"),
    }


def test_judging_twice_is_judging_once(session, district):
    report = judged(session)
    before = [how_many(session, table) for table in (Case, Task, ReportEvent, Job, ReportCase)]
    triage.judge(session, report.id, now=SOON)
    assert [how_many(session, table) for table in (Case, Task, ReportEvent, Job, ReportCase)] == before


def test_c13_a_position_in_gcj02_is_placed_where_it_is_and_not_where_it_says(session, district):
    """X01: read as WGS-84, this fix would lie in the eastern town."""
    report = judged(session, Point(120.0235, 31.009), crs=Datum.GCJ02)
    assert case_of(session, report).responsible_org_id == district.west.org.id
    assert report.raw_lon == 120.0235


def test_the_edition_in_force_at_receipt_decides(session, district):
    """X07: a later edition that gives the place to the other town changes nothing for what came before."""
    later = NOW + timedelta(days=1)
    district.edition.valid = Range(make.LONG_AGO, later)
    district.edition.state = "retired"
    session.flush()
    west, east = district.west.org, district.east.org
    make.edition(session, {west.unit_code: make.EAST, east.unit_code: make.WEST}, valid=(later, None))
    before = make.report(session)
    after = make.report(session, received_at=later, category="BLD-02")
    for report in (before, after):
        triage.judge(session, report.id, now=later + timedelta(hours=1))
    assert case_of(session, before).responsible_org_id == west.id
    assert case_of(session, after).responsible_org_id == east.id


# --- waits


@pytest.mark.parametrize(
    ("place", "facts", "why"),
    [
        (NEAR_BORDER, {}, "border"),
        (IN_WEST, {"accuracy_m": 1500.0}, "border"),
        (OUTSIDE, {}, "outside"),
        (None, {"address": "幸福路1号"}, "no_position"),
        (IN_WEST, {"emergency": "yes"}, "emergency"),
        (IN_WEST, {"emergency": "unsure"}, "emergency"),
        (IN_WEST, {"deaths": True, "category": "CCL-01"}, "death"),
        (IN_WEST, {"deaths": True}, "death"),
        (IN_WEST, {"category": "CCL-01"}, "death"),
        (IN_WEST, {"category": "OTH-01"}, "category"),
    ],
)
def test_what_only_a_person_decides_waits_at_the_desk_with_its_reason_and_clock(session, district, place, facts, why):
    report = judged(session, place, **facts)
    assert (report.state, report.waits_for) == ("in_review", why)
    assert how_many(session, Case) == 0
    assert kinds(session, report) == ["review_started", "waits"]
    job = session.scalars(select(Job).where(Job.subject == report.id)).one()
    assert (job.step, job.run_after) == ("review_due", report.review_due_at)
    assert [row.id for row in triage.waiting(session, limit=10)] == [report.id]


def test_a_border_is_ambiguous_only_within_the_accuracy_or_thirty_metres(session, district):
    """C13-4."""
    thirty_one = Point(120.02 - 31 / 95_500, 31.01)
    assert judged(session, thirty_one).state == "accepted"
    other = judged(session, Point(120.02 - 31 / 95_500, 31.012), accuracy_m=32.0, category="BLD-02")
    assert other.waits_for == "border"


def test_x19_a_possible_duplicate_is_proposed_and_never_joined_by_the_system(session, district):
    first = judged(session)
    second = judged(session, Point(IN_WEST.lon + 0.0002, IN_WEST.lat), category="FIR-01")
    assert (second.state, second.waits_for) == ("in_review", "possible_duplicate")
    assert how_many(session, Case) == 1
    assert triage.of_report(session, second, now=NOW).duplicates == [Candidate(case_of(session, first), ("near",))]


def test_x32_how_near_a_border_is_in_doubt_and_what_is_near_are_the_districts_own(session, district):
    outside = judged(session, Point(119.999, 31.01))  # 95 m
    near = [len(triage.of_report(session, outside, now=NOW).placing.near)]
    for key, metres in (("border_ambiguous_m", 40), ("outside_nearest_m", 90)):
        make.value(session, key, metres)
    near += [len(triage.of_report(session, outside, now=NOW).placing.near)]
    assert (outside.waits_for, near) == ("outside", [1, 0])
    assert judged(session, Point(120.02 - 31 / 95_500, 31.01)).waits_for == "border"


def test_x19_a_district_may_have_cases_of_every_group_proposed(session, district):
    make.value(session, "merge_group_only", to=False)
    first = judged(session)
    second = judged(session, IN_WEST, category="BLD-02")
    assert second.waits_for == "possible_duplicate"
    assert [each.case for each in triage.of_report(session, second, now=NOW).duplicates] == [case_of(session, first)]


def test_x19_another_group_another_place_or_another_month_is_no_duplicate(session, district):
    first = case_of(session, judged(session))
    assert judged(session, IN_WEST, category="BLD-02").state == "accepted"
    assert judged(session, Point(120.01, 31.0115)).state == "accepted"
    first.opened_at = NOW - timedelta(days=31)
    session.flush()
    assert judged(session).state == "accepted"


def test_a_district_may_turn_off_what_the_system_does_by_itself(session, district):
    session.add(PolicyValue(key="auto_dispatch", version=2, effective_at=make.LONG_AGO, value=False, note="off"))
    assert judged(session).waits_for == "policy"


def test_a_place_that_no_body_answers_for_waits_and_is_not_tried_for_ever(session, district):
    """Promise 4: never nowhere."""
    district.west.org.active = False
    session.flush()
    report = judged(session)
    assert (report.state, report.waits_for) == ("in_review", "no_owner")


# --- emergencies


@pytest.mark.parametrize("facts", [{"emergency": "yes"}, {"deaths": True, "category": "CCL-01"}])
def test_x33_an_emergency_is_told_to_the_duty_list_at_once(session, district, facts):
    judged(session, **facts)
    assert notices(session) == ["emergency"]


def test_x33_a_usual_report_alarms_nobody_but_those_who_get_it(session, district):
    judged(session)
    assert set(notices(session)) == {"dispatched"}


def test_r2_an_emergency_that_nobody_looked_at_goes_to_the_town_provisionally(session, district):
    report = judged(session, emergency="yes")
    triage.review_due(session, report.id, now=SOON)
    case = case_of(session, report)
    assert (case.state, case.provisional, case.urgency) == ("dispatched", True, "immediate")
    assert case.responsible_org_id == district.west.org.id
    assert kinds(session, report) == ["review_started", "waits", "review_overdue", "accepted"]
    steps = session.scalars(select(Job.step).where(Job.subject == report.id).order_by(Job.id)).all()
    assert steps == ["review_due", "tell_duty"]


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        (IN_WEST, {"deaths": True, "category": "CCL-01"}),
        (IN_WEST, {"deaths": True, "category": "FIR-02"}),
        (IN_WEST, {"emergency": "yes", "category": "CCL-01"}),
        (IN_WEST, {"emergency": "yes", "category": "OTH-01"}),
        (OUTSIDE, {"emergency": "yes"}),
        (None, {"emergency": "yes"}),
        (NEAR_BORDER, {}),
    ],
)
def test_x34_a_death_and_whatever_has_no_town_is_alarmed_and_never_dispatched_by_the_system(
    session, district, place, facts
):
    report = judged(session, place, **facts)
    triage.review_due(session, report.id, now=report.review_due_at)
    assert (report.state, how_many(session, Case)) == ("in_review", 0)
    assert kinds(session, report)[-1] == "review_overdue"


def test_r2_an_emergency_on_the_border_goes_to_the_containing_town(session, district):
    report = judged(session, NEAR_BORDER, emergency="yes")
    triage.review_due(session, report.id, now=SOON)
    assert case_of(session, report).responsible_org_id == district.west.org.id


def test_r2_an_emergency_where_no_body_answers_is_still_alarmed(session, district):
    district.west.org.active = False
    session.flush()
    report = judged(session, emergency="yes")
    triage.review_due(session, report.id, now=SOON)
    assert (report.state, kinds(session, report)[-1]) == ("in_review", "review_overdue")


def test_r2_a_first_look_stops_the_review_clock(session, district):
    report = judged(session, OUTSIDE)
    triage.mark_seen(session, report, by=district.intake, now=NOW)
    triage.mark_seen(session, report, by=district.intake, now=SOON)
    assert report.seen_at == NOW
    triage.review_due(session, report.id, now=report.review_due_at)
    assert kinds(session, report) == ["review_started", "waits", "seen"]
    assert how_many(session, Case) == 0


def test_r2_an_emergency_that_somebody_opened_and_left_goes_out_as_if_nobody_had(session, district):
    """D-accept: what is immediate is decided with the first look."""
    report = judged(session, emergency="yes")
    triage.mark_seen(session, report, by=district.intake, now=NOW)
    triage.review_due(session, report.id, now=report.review_due_at - timedelta(seconds=1))
    assert how_many(session, Case) == 0
    for _ in range(2):
        triage.review_due(session, report.id, now=SOON)
    case = case_of(session, report)
    assert (case.state, case.provisional, case.responsible_org_id) == ("dispatched", True, district.west.org.id)
    assert kinds(session, report) == ["review_started", "waits", "seen", "review_overdue", "accepted"]
    assert [job.step for job in jobs(session, "tell_duty")] == ["tell_duty"]


@pytest.mark.parametrize("facts", [{"deaths": True}, {"emergency": "yes", "category": "CCL-01"}])
def test_x34_a_death_that_somebody_opened_and_left_is_alarmed_and_goes_to_no_town(session, district, facts):
    report = judged(session, **facts)
    triage.mark_seen(session, report, by=district.intake, now=NOW)
    for _ in range(2):
        triage.review_due(session, report.id, now=SOON)
    assert (report.state, how_many(session, Case)) == ("in_review", 0)
    assert kinds(session, report).count("review_overdue") == len(jobs(session, "tell_duty")) == 1


@pytest.mark.parametrize("facts", [{"emergency": "yes"}, {"deaths": True}])
def test_r2_the_review_clock_runs_out_once(session, district, facts):
    report = judged(session, **facts)
    for _ in range(2):
        triage.review_due(session, report.id, now=SOON)
    assert kinds(session, report).count("review_overdue") == 1
    assert how_many(session, Case) <= 1


def test_a_district_may_turn_off_provisional_dispatch(session, district):
    rule = {"enabled": False, "urgencies": ["immediate"], "never": []}
    session.add(PolicyValue(key="provisional_dispatch", version=2, effective_at=make.LONG_AGO, value=rule, note="off"))
    report = judged(session, emergency="yes")
    triage.review_due(session, report.id, now=SOON)
    assert (report.state, how_many(session, Case)) == ("in_review", 0)


# --- Q2


def test_q2_a_dispatched_case_carries_no_word_no_photo_and_no_number_of_its_report(session, district):
    report = judged(session, text="我家楼下的王老板锁了安全出口", address="幸福路1号3单元")
    case = case_of(session, report)
    assert (case.extract, case.place_text) == (None, "")
    assert case.seen_on == report.observed_at.date()
    forbidden = {str(report.id), str(report.client_id), report.reference, "王老板", "幸福路"}
    for table in ("case", "task", "clock", "case_event", "notice"):
        rows = session.scalars(text(f'select to_jsonb(t)::text from handling."{table}" t')).all()  # noqa: S608
        assert not [word for word in forbidden for row in rows if word in row], table


def test_an_eastern_place_goes_to_the_eastern_town(session, district):
    assert case_of(session, judged(session, IN_EAST)).responsible_org_id == district.east.org.id

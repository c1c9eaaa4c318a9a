"""X53, M09, M111: what is late is held against whoever is late. No town's case is listed for another's lateness."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases import clocks, supervision
from cases.models.aftercare import LookBack
from cases.models.case import Clock, Notice
from cases.models.supervision import BulletinEntry, Escalation, Interview, ListingCandidate, UrgeOrder
from cases.supervision import urging
from cases.supervision.urging import Demand
from people import leaders
from people.leaders import Naming
from tests import make
from tests.cases.supervision.conftest import A_DAY, DUE
from tests.make import NOW

LONG_AFTER = DUE + 30 * A_DAY
OWN = ("second_look", "look_back", "re_verify", "referral_check", "arbitrate")


def many(session, table):
    return session.scalar(select(func.count()).select_from(table))


@pytest.fixture
def late(session, district):
    """A closed or open case of a town with one late clock that is not the town's."""

    def _late(kind, org=None, *, about=None, task=None, state="signed"):
        case = make.case(session, district.west.org, state=state, urgency="normal")
        clocks.start_beside(
            session, case, kind, about=about, task=task and task(case).id, org_id=org and org.id, due_at=DUE, now=NOW
        )
        return case

    return _late


@pytest.mark.parametrize("kind", OWN)
def test_x53_the_safety_offices_own_lateness_is_told_to_it_and_lists_no_towns_case(session, district, late, told, kind):
    case = late(kind, district.office if kind == "referral_check" else None, about=uuid4())
    supervision.climb(session, case, now=LONG_AFTER)
    rungs = ["yellow", "alert", "reminder", "urge_order", "interview", "listing_candidate"]
    assert list(session.scalars(select(Escalation.rung).order_by(Escalation.reached_at))) == rungs
    assert [many(session, table) for table in (UrgeOrder, Interview, BulletinEntry, ListingCandidate)] == [0] * 4
    assert told() == [("overdue", district.supervisor.account_id)] * (len(rungs) - 1)  # yellow came too late


def test_d5_what_the_safety_office_has_not_settled_in_time_reaches_its_director(session, district, late, told):
    director = make.officer(session, district.office)
    naming = Naming(
        district.office.id, "赵某", "安委办主任", "government", "安委办", NOW.date(), account_id=director.account_id
    )
    leaders.assign(session, naming, by=district.supervisor, now=NOW)
    case = late("arbitrate", state="arbitrating")
    supervision.climb(session, case, now=DUE - timedelta(hours=1))
    assert told() == [("due_soon", district.supervisor.account_id)]
    supervision.climb(session, case, now=DUE)
    assert told("overdue") == [("overdue", district.supervisor.account_id), ("overdue", director.account_id)]


def test_x53_a_departments_lateness_is_its_own_and_raised_a_level_without_listing_the_towns_case(
    session, district, late, told
):
    case = late("answer", district.fire, task=lambda of: make.task(session, of, district.fire, kind="lead"))
    supervision.climb(session, case, now=LONG_AFTER)
    assert set(session.scalars(select(UrgeOrder.org_id))) == {district.fire.id}
    assert list(session.scalars(select(BulletinEntry.org_id))) == [district.fire.id]
    assert many(session, ListingCandidate) == 0
    raised = [
        ("listing_candidate", district.fire_leader.account_id),
        ("listing_candidate", district.supervisor.account_id),
    ]
    assert told("listing_candidate") == raised
    words = session.scalars(select(Notice.text).where(Notice.kind == "listing_candidate")).all()
    assert all("提级督办" in each for each in words)


def test_m09_of_two_departments_that_are_late_at_one_moment_each_is_named(session, district, late, told):
    """Else whoever leads, and the safety office, would read the same line twice, and not whose it is."""
    case = late("answer", district.fire, task=lambda of: make.task(session, of, district.fire, kind="coop"))
    other = make.task(session, case, district.police, kind="coop")
    clocks.start_beside(session, case, "answer", org_id=district.police.id, task=other.id, due_at=DUE, now=NOW)
    supervision.climb(session, case, now=DUE + 3 * A_DAY)
    words = select(Notice.text).where(Notice.kind == "reminder", Notice.account_id == district.supervisor.account_id)
    lines = list(session.scalars(words))
    assert len(lines) == len(set(lines)) == 2
    assert {org.name_zh for org in (district.fire, district.police) for line in lines if org.name_zh in line} == {
        district.fire.name_zh, district.police.name_zh,
    }  # fmt: skip


def test_m10_of_two_departments_that_wait_for_an_arbitration_each_is_named(session, district, late):
    case = late("arbitrate", task=lambda of: make.task(session, of, district.fire, kind="lead"))
    other = make.task(session, case, district.police, kind="coop")
    clocks.start_beside(session, case, "arbitrate", org_id=None, task=other.id, due_at=DUE, now=NOW)
    supervision.climb(session, case, now=DUE)
    words = select(Notice.text).where(Notice.kind == "overdue", Notice.account_id == district.supervisor.account_id)
    lines = list(session.scalars(words))
    assert len(lines) == len(set(lines)) == 2
    assert [sum(org.name_zh in line for line in lines) for org in (district.fire, district.police)] == [1, 1]


def test_x53_a_second_order_to_a_department_does_not_list_the_towns_case(session, district, late):
    case = late("answer", district.fire, task=lambda of: make.task(session, of, district.fire, kind="lead"))
    for _ in range(3):
        demand = Demand("urge_order", district.fire.id, "请反馈")
        urging.issue(session, case, demand, by=district.supervisor, now=NOW)
    assert many(session, ListingCandidate) == 0
    for _ in range(2):
        urging.issue(
            session, case, Demand("urge_order", district.west.org.id, "请核查"), by=district.supervisor, now=NOW
        )
    assert session.scalars(select(ListingCandidate.reason)).one() == "second_order"


def test_t17_a_late_look_back_is_told_to_who_was_asked_to_make_it(session, district, late, told):
    """The department has the case in hand by another person, whose lateness it is not."""
    look_id = uuid4()
    case = late("look_back", district.fire, about=look_id, state="closed")
    make.task(session, case, district.fire, kind="lead").person_id = district.fire_officer.account_id
    session.add(
        LookBack(
            id=look_id, case_id=case.id, round=0, step=1, state="due", version=1, origin="closing", opens_at=NOW,
            due_at=DUE, org_id=district.fire.id, assignee_id=district.fire_leader.account_id, created_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    supervision.climb(session, case, now=DUE)
    assert told() == [("overdue", district.fire_leader.account_id)]


def test_m111_a_late_clock_of_the_town_itself_lists_its_case(session, district):
    case = make.case(session, district.west.org, state="signed", urgency="normal")
    clocks.start_beside(session, case, "decision", about=uuid4(), org_id=district.west.org.id, due_at=DUE, now=NOW)
    supervision.climb(session, case, now=LONG_AFTER)
    found = select(ListingCandidate.reason).join(Clock, Clock.id == ListingCandidate.clock_id)
    assert session.scalars(found.where(Clock.kind == "decision")).one() == "ladder"

"""G-LIST, C6: a major hazard is closed once two people of the safety office decided, with reasons, not to list it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import handling, supervision
from cases.aftercare import reopening
from cases.journey import Kind, Step
from cases.lifecycle import closing
from cases.lifecycle.closing import GuardsOpen
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.listing import NotOwed
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import CaseEvent, Notice
from cases.models.job import Job
from cases.models.listing import ListingWaiver
from cases.models.supervision import ListingCandidate
from cases.supervision import listing
from people import leaders
from people.actors import SYSTEM
from people.leaders import Naming
from people.roles import Role
from tests import accepting, make
from tests.walk import Walk, all_passed

A_DAY = timedelta(days=1)
WHY = {"reason": "限期内可以整改到位", "basis": "安委办会议纪要〔2026〕12号"}


@pytest.fixture
def second(session, district):
    return make.officer(session, district.office, Role.SAFETY_OFFICE)


@pytest.fixture
def walk(session, district):
    """A major hazard that was put right, with nothing left to do for anybody but the safety office."""
    walk = Walk(session, district).ordered(grade="major", by=district.fire_leader).complete_again()
    accepting.pass_(
        session, walk.case, note="合格", findings=["出口畅通"], checks=all_passed(session, walk.case),
        by=district.fire_officer, now=walk.now,
    )  # fmt: skip
    return walk.delivered()


@pytest.fixture
def agreed(session, walk, second):
    waiver = listing.propose(session, walk.case, **WHY, by=walk.district.supervisor, now=walk.now)
    return listing.confirm(session, walk.case, waiver, by=second, now=walk.now)


def line(session, case):
    return next(each for each in closing.panel(session, case) if each.code == "G-LIST")


def shut(session, case):
    return [each.code for each in closing.panel(session, case) if not each.holds]


def close(walk):
    return handling.close(walk.session, walk.case, note="办结", by=walk.district.supervisor, now=walk.now)


def told(session):
    return session.scalars(select(Notice.account_id).where(Notice.kind == "listing_owed")).all()


def test_g_list_t16_a_major_hazard_closes_when_two_people_decided_not_to_list_it(session, walk, second):
    office = walk.district.supervisor
    assert shut(session, walk.case) == ["G-LIST"]
    assert line(session, walk.case).reason == "listing_undecided"
    with pytest.raises(GuardsOpen):
        close(walk)
    waiver = listing.propose(session, walk.case, **WHY, by=office, now=walk.now)
    said = line(session, walk.case)
    assert (said.reason, said.link) == ("listing_waiver_unconfirmed", f"/cases/{walk.case.id}#/listing_waivers")
    with pytest.raises(SamePerson):
        listing.confirm(session, walk.case, waiver, by=office, now=walk.now)
    assert shut(session, walk.case) == ["G-LIST"]
    listing.confirm(session, walk.case, waiver, by=second, now=walk.now)
    assert shut(session, walk.case) == []
    assert close(walk).state == "closed"
    kept = (waiver.reason, waiver.basis, waiver.proposed_by, waiver.decided_by)
    assert kept == (WHY["reason"], WHY["basis"], office.account_id, second.account_id)


def test_not_agreed_to_it_is_still_owed_by_the_same_day(session, walk, second):
    waiver = listing.propose(session, walk.case, **WHY, by=walk.district.supervisor, now=walk.now)
    due_at = waiver.due_at
    with pytest.raises(Incomplete):
        listing.reject(session, walk.case, waiver, comment=" ", by=second, now=walk.now)
    listing.reject(session, walk.case, waiver, comment="依据不足", by=second, now=walk.now + A_DAY)
    assert (waiver.state, waiver.comment, waiver.due_at) == ("owed", "依据不足", due_at)
    assert line(session, walk.case).reason == "listing_undecided"
    with pytest.raises(NotInState):
        listing.confirm(session, walk.case, waiver, by=second, now=walk.now)
    again = listing.propose(session, walk.case, **WHY, by=second, now=walk.now)
    assert (again.id, again.comment) == (waiver.id, None)


def test_taken_back_while_the_case_is_open_it_is_owed_anew(session, walk, agreed):
    listing.withdraw(session, walk.case, agreed, comment="已有社会影响", by=walk.district.supervisor, now=walk.now)
    assert shut(session, walk.case) == ["G-LIST"]
    found = session.scalars(select(ListingWaiver).order_by(ListingWaiver.state.desc())).all()
    assert [each.state for each in found] == ["withdrawn", "owed"]


def test_once_the_case_is_closed_nothing_is_taken_back(session, walk, agreed):
    close(walk)
    with pytest.raises(NotOwed):
        listing.withdraw(session, walk.case, agreed, comment="x", by=walk.district.supervisor, now=walk.now)
    assert agreed.state == "confirmed"


@pytest.mark.parametrize("lacks", ["reason", "basis"])
def test_it_is_proposed_with_reason_and_basis(session, walk, lacks):
    with pytest.raises(Incomplete) as refusal:
        listing.propose(session, walk.case, **WHY | {lacks: " "}, by=walk.district.supervisor, now=walk.now)
    assert (refusal.value.extra["missing"], refusal.value.pointer) == ([lacks], f"/{lacks}")


def test_nobody_but_the_safety_office_decides(session, walk):
    waiver = listing.owe(session, walk.case, now=walk.now)
    for who in (walk.town.leader, walk.district.fire_leader, walk.district.intake):
        with pytest.raises(NotYourRole):
            listing.propose(session, walk.case, **WHY, by=who, now=walk.now)
        with pytest.raises(NotYourRole):
            listing.confirm(session, walk.case, waiver, by=who, now=walk.now)


def test_x29_only_a_major_hazard_is_decided_on_and_only_once(session, district, walk, agreed):
    general = make.case(session, district.west.org, state="rectifying", grade="general")
    for case in (general, walk.case):
        with pytest.raises(NotOwed):
            listing.propose(session, case, **WHY, by=district.supervisor, now=walk.now)


def test_from_the_order_on_the_office_owes_it_and_is_told_once(session, district, second):
    walk = Walk(session, district).ordered(grade="major", by=district.fire_leader)
    steps = session.scalars(select(Job.step).where(Job.subject == walk.case.id)).all()
    assert str(Step.OWE_LISTING) in steps
    for later in range(3):
        supervision.owe_listing(session, walk.case, now=walk.now + later * A_DAY)
    waiver = session.scalars(select(ListingWaiver)).one()
    assert (waiver.state, waiver.owed_at, waiver.provisional) == ("owed", walk.now, False)
    assert waiver.due_at > walk.now + 5 * A_DAY
    assert set(told(session)) == {district.supervisor.account_id, second.account_id}
    assert len(told(session)) == 2
    rows = [(each.id, case.id) for each, case in listing.to_decide(session, by=district.supervisor, limit=5)]
    assert rows == [(waiver.id, walk.case.id)]


def test_what_is_late_is_told_to_the_office_and_its_director_once(session, district, walk):
    director = make.officer(session, district.office).account_id
    naming = Naming(
        district.office.id, "赵某", "安委办主任", "government", "安委办", walk.now.date(), account_id=director
    )
    leaders.assign(session, naming, by=district.supervisor, now=walk.now)
    waiver = supervision.owe_listing(session, walk.case, now=walk.now)
    for when in (waiver.due_at - A_DAY, waiver.due_at, waiver.due_at + A_DAY):
        supervision.tell_owed(session, walk.case, now=when)
    late = session.scalars(select(Notice).where(Notice.kind == "overdue")).all()
    assert {each.account_id for each in late} == {district.supervisor.account_id, director}
    assert len(late) == 2
    assert {each.text for each in late} == {f"案件 {walk.case.number}：重大隐患是否挂牌督办到期尚未决定"}


def test_t18_what_came_back_is_decided_on_anew(session, walk, agreed):
    close(walk)
    later = walk.now + 3 * A_DAY
    found = reopening.Grounds("rebound", "又被堵")
    reopening.reopen(session, walk.case, found, by=SYSTEM, now=later)
    assert line(session, walk.case).reason == "listing_undecided"
    supervision.owe_listing(session, walk.case, now=later)
    assert [each.state for each in session.scalars(select(ListingWaiver).order_by(ListingWaiver.owed_at))] == [
        "confirmed", "owed",
    ]  # fmt: skip


def test_a_hazard_that_is_less_after_all_is_nobodys_to_decide(session, walk):
    waiver = supervision.owe_listing(session, walk.case, now=walk.now)
    walk.case.grade = "general"
    for _ in range(2):
        assert supervision.owe_listing(session, walk.case, now=walk.now) is None
    assert waiver.state == "not_owed"
    assert shut(session, walk.case) == []


def test_c6_what_is_not_listed_is_up_for_listing_no_more(session, district, walk, second):
    supervision.propose_listing(session, walk.case, reason="ladder", leaders=[], by=SYSTEM, now=walk.now)
    other = make.case(session, district.west.org, state="rectifying")
    supervision.propose_listing(session, other, reason="ladder", leaders=[], by=SYSTEM, now=walk.now)
    waiver = listing.propose(session, walk.case, **WHY, by=district.supervisor, now=walk.now)
    listing.confirm(session, walk.case, waiver, by=second, now=walk.now)
    states = dict(session.execute(select(ListingCandidate.case_id, ListingCandidate.state)).all())
    assert states == {walk.case.id: "dropped", other.id: "open"}


def test_the_trail_says_who_proposed_and_who_agreed(session, walk, agreed):
    kinds = (Kind.LISTING_WAIVER_PROPOSED, Kind.LISTING_WAIVED)
    rows = session.scalars(select(CaseEvent).where(CaseEvent.kind.in_([str(each) for each in kinds])))
    told_of = {each.kind: (each.actor, each.body) for each in rows}
    proposed, waived = (told_of[str(kind)] for kind in kinds)
    assert proposed[0] != waived[0]
    assert proposed[1] == WHY | {"id": str(agreed.id), "rule": "G-LIST"}

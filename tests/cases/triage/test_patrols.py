"""T1, M22: what an officer finds is a case of their own town, of source patrol, with nobody to reply to."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select

from cases import triage
from cases.lifecycle.accepting import not_a_handler
from cases.lifecycle.closing import panel
from cases.lifecycle.guards import SamePerson, not_the_verifier
from cases.models.case import Case, CaseEvent, Task
from cases.models.patrol import PatrolFinding
from cases.models.report import ReportCase
from cases.triage.accept import ChooseTown
from cases.triage.categorise import NotForATown
from cases.triage.patrols import FindingIdReused, NoSuchFinding, PossiblyTheSame
from cases.triage.reports import NotTheDesk
from kit.db import take_role
from kit.errors import Stale, Unconditional
from people.roles import Role
from tests import make
from tests.desk import accepted, case_of, jobs, notices
from tests.make import IN_EAST, IN_WEST, NEAR_BORDER, NOW, OUTSIDE

DAY = timedelta(days=1)


def seen(at=IN_WEST, *, category="FIR-02", **facts):
    parts = {"place": "幸福路1号", "text": "安全出口上锁", "seen_at": NOW - timedelta(minutes=9)} | facts
    return triage.Seen(category, at.lon, at.lat, "wgs84", 8.0, **parts)


def filed(session, district, *args, by=None, client_id=None, **facts):
    by = by or district.west.officer
    return triage.file_finding(session, client_id or uuid4(), seen(*args, **facts), by=by, now=NOW)[0]


def registered(session, district, *args, **facts):
    finding = filed(session, district, *args, **facts)
    triage.register_finding(session, finding.id, now=NOW)
    return finding


def the_case(session, finding):
    return session.get_one(Case, finding.opened_case_id)


def how_many(session, table):
    return session.scalar(select(func.count()).select_from(table))


def test_m22_it_is_a_case_of_the_town_and_the_departments_hear_of_it_at_once(session, district):
    finding = filed(session, district)
    assert [(job.subject, job.run_after) for job in jobs(session, "register_finding")] == [(finding.id, NOW)]
    triage.register_finding(session, finding.id, now=NOW)
    case = the_case(session, finding)
    assert (finding.state, case.state, case.source, case.responsible_org_id) == (
        "opened", "dispatched", "patrol", district.west.org.id,
    )  # fmt: skip
    assert (case.place_text, case.extract, case.provisional) == ("幸福路1号", "安全出口上锁", False)
    tasks = session.execute(select(Task.org_id, Task.kind).where(Task.case_id == case.id))
    assert {tuple(row) for row in tasks} == {
        (district.west.org.id, "town"), (district.fire.id, "lead"), (district.police.id, "coop"),
    }  # fmt: skip
    assert {district.fire.id, district.police.id} <= {notice.org_id for notice in notices(session, "dispatched")}
    entered = session.scalars(select(CaseEvent).where(CaseEvent.kind == "registered")).one()
    assert entered.actor == district.west.officer.label


def test_t1_there_is_no_report_behind_it_and_nobody_to_reply_to(session, district):
    case = the_case(session, registered(session, district))
    assert (how_many(session, ReportCase), case.replies_open) == (0, False)
    assert next(each for each in panel(session, case) if each.code == "G-REP").holds


def test_registering_twice_is_registering_once(session, district):
    finding = registered(session, district)
    triage.register_finding(session, finding.id, now=NOW)
    assert (how_many(session, Case), how_many(session, PatrolFinding)) == (1, 1)


def test_the_same_id_is_the_same_finding_and_another_content_a_conflict(session, district):
    id_ = uuid4()
    first = filed(session, district, client_id=id_)
    again, is_new = triage.file_finding(session, id_, seen(), by=district.west.officer, now=NOW + DAY)
    assert (again, is_new) == (first, False)
    with pytest.raises(FindingIdReused):
        filed(session, district, client_id=id_, text="别的")
    other = filed(session, district, client_id=id_, by=district.west.colleague)
    assert other.id != first.id


@pytest.mark.parametrize(
    ("at", "category", "why"),
    [
        (IN_EAST, "FIR-02", "another_town"),
        (OUTSIDE, "FIR-02", "outside"),
        (NEAR_BORDER, "FIR-02", "border"),
        (IN_WEST, "CCL-01", "category"),
        (IN_WEST, "OTH-01", "category"),
    ],
)
def test_t1_what_is_not_plainly_its_own_waits_for_the_desk(session, district, at, category, why):
    finding = registered(session, district, at, category=category)
    assert (finding.state, finding.waits_for, how_many(session, Case)) == ("waiting", why, 0)
    assert len(notices(session, "patrol_waiting")) == 1
    assert triage.findings_waiting(session, limit=5) == [finding]


def test_m19_the_desk_is_told_again_as_long_as_it_waits(session, district):
    finding = registered(session, district, OUTSIDE)
    due = jobs(session, "register_finding")[-1].run_after
    assert due > NOW
    triage.register_finding(session, finding.id, now=due)
    assert len(notices(session, "patrol_overdue")) == 1
    assert jobs(session, "register_finding")[-1].run_after > due


@pytest.mark.parametrize(("category", "to"), [("FW-02", "east"), ("CCL-01", None)])
def test_r2_an_emergency_in_another_town_that_the_desk_left_goes_out_provisionally_and_a_death_never(
    session, district, category, to
):
    finding = registered(session, district, IN_EAST, category=category)
    triage.register_finding(session, finding.id, now=NOW + timedelta(minutes=5))
    if to is None:
        assert finding.state == "waiting"
    else:
        case = the_case(session, finding)
        assert (case.provisional, case.responsible_org_id) == (True, district.east.org.id)


def test_the_desk_says_whose_it_is(session, district):
    inside, outside = (registered(session, district, at) for at in (IN_EAST, OUTSIDE))
    with pytest.raises(ChooseTown), session.begin_nested():
        triage.accept_finding(session, outside, category_code="FIR-02", town=None, by=district.intake, now=NOW)
    one = triage.accept_finding(session, inside, category_code="FIR-02", town=None, by=district.intake, now=NOW)
    assert one.responsible_org_id == district.east.org.id
    other = triage.accept_finding(
        session, outside, category_code="BLD-02", town=district.west.org, by=district.intake, now=NOW
    )
    assert (other.responsible_org_id, other.category_code, other.source) == (district.west.org.id, "BLD-02", "patrol")
    with pytest.raises(NoSuchFinding):
        triage.accept_finding(session, inside, category_code="FIR-02", town=None, by=district.intake, now=NOW)


def test_x34_a_death_that_was_found_goes_to_the_group_and_to_no_town(session, district):
    finding = registered(session, district, category="CCL-01")
    with pytest.raises(NotForATown), session.begin_nested():
        triage.accept_finding(
            session, finding, category_code="CCL-01", town=district.west.org, by=district.intake, now=NOW
        )
    case = triage.accept_finding(session, finding, category_code="CCL-01", town=None, by=district.intake, now=NOW)
    assert case.responsible_org_id == district.group.id


def test_the_desk_may_open_none_and_whoever_found_it_reads_why(session, district):
    finding = registered(session, district, OUTSIDE)
    triage.dismiss_finding(session, finding, note="不在本区", by=district.intake, now=NOW)
    assert (finding.state, how_many(session, Case)) == ("dismissed", 0)
    (told,) = notices(session, "patrol_dismissed")
    assert (told.org_id, told.account_id) == (district.west.org.id, district.west.officer.account_id)
    triage.register_finding(session, finding.id, now=NOW + DAY)
    assert finding.state == "dismissed"


def test_only_the_desk_decides_in_the_version_that_it_saw(session, district):
    finding = registered(session, district, OUTSIDE)
    for role in set(Role) - {Role.INTAKE_OFFICER}:
        with pytest.raises(NotTheDesk):
            triage.lock_finding(
                session, finding.id, by=make.officer(session, district.office, role), expected_version=finding.version
            )
    with pytest.raises(Stale):
        triage.lock_finding(session, finding.id, by=district.intake, expected_version=finding.version - 1)
    with pytest.raises(Unconditional):
        triage.lock_finding(session, finding.id, by=district.intake, expected_version=None)


def test_x19_an_open_case_near_is_shown_and_a_person_says_that_it_is_another(session, district):
    first = case_of(session, accepted(session, district))
    with pytest.raises(PossiblyTheSame) as refused:
        filed(session, district)
    assert refused.value.extra["cases"] == [{"id": str(first.id), "number": first.number}]
    other = registered(session, district, apart="隔壁另一家店")
    assert the_case(session, other).id != first.id


def test_x19_a_case_of_another_town_is_not_told_of(session, district):
    accepted(session, district, IN_EAST)
    finding = registered(session, district, IN_EAST)
    assert finding.state == "waiting"
    assert len(triage.near_finding(session, finding, now=NOW)) == 1


def test_c2_whoever_found_it_neither_decides_nor_accepts(session, district):
    finder = make.officer(session, district.west.org, Role.TOWN_OFFICER, Role.TOWN_LEADER)
    case = the_case(session, registered(session, district, by=finder))
    visit = make.visit(session, case, district.west.officer)
    verdict = make.verdict(session, case, visit, district.west.officer)
    for guard in (not_the_verifier, not_a_handler):
        with pytest.raises(SamePerson):
            guard(session=session, case=case, by=finder, visit=visit, verdict=verdict)
        guard(session=session, case=case, by=district.west.leader, visit=visit, verdict=verdict)


def test_a_town_files_and_reads_its_own_as_its_database_role(session, district):
    made = registered(session, district)
    filed(session, district, IN_EAST, by=district.east.officer)
    session.flush()
    take_role(session, "jz_town", {"org": str(district.west.org.id), "account": ""})
    assert session.scalars(select(PatrolFinding.id)).all() == [made.id]
    assert triage.findings_of(session, by=district.west.clerk, limit=5) == [made]
    mine = filed(session, district, category="BLD-02")
    session.connection().exec_driver_sql("reset role")
    assert [job.subject for job in jobs(session, "register_finding")][-1] == mine.id

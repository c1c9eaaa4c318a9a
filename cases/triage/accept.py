"""R4 and T1: accept a report, and open a case for it or join it to one. The two never name each other (Q1)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from geoalchemy2 import WKTElement
from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, notices, policy, trail
from cases.journey import Kind, Step
from cases.lifecycle import report as machine
from cases.lifecycle import tagging
from cases.lifecycle.deciding import IMMEDIATE
from cases.models.case import OVER, Case, case_number
from cases.models.report import Report, ReportCase
from cases.routing import Placing, dispatch, group_of_the_district, is_answered_for, learn, owner_of_unit
from cases.triage import refuse
from cases.triage.categorise import NotForATown, refile
from geo.points import SRID
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid
from people.actors import SYSTEM, Actor
from people.models import Org


class ChooseTown(Invalid):
    """The place does not decide the town; a person must name one."""

    code = "routing.choose_town"
    message = "Name the town that answers for this place."
    pointer = "/town_org_id"


class ClosedAlready(Conflict):
    """A report joins only a case that is still open."""

    code = "case.closed"
    message = "This case is closed; open a new one."


@dataclass(frozen=True)
class Reading:
    """What a person at the desk reads from a report; one of an `official` goes to the group, past every town (Q10)."""

    circumstances: Sequence[str] = ()
    official: bool = False


NOTHING = Reading()


def accept(
    session: Session,
    report: Report,
    placing: Placing,
    *,
    category_code: str,
    by: Actor,
    now: datetime,
    join: Case | None = None,
    town: Org | None = None,
    provisional: bool = False,
    reads: Reading = NOTHING,
) -> Case:
    """Accept a locked report into a new, dispatched case, or into the locked case `join`.

    `reads` is what the desk reads from it: circumstances, of which the catalogue says what each changes ((d)), and
    whether it names an official. A `provisional` one overtakes no proposal not to accept it (R6). Raises ChooseTown
    when neither the place nor `town` decides the owner, NotForATown, ClosedAlready, UnknownCircumstance.
    """
    if join is None:
        case = open_case(
            session, report, placing, category_code=category_code, by=by, now=now, town=town, provisional=provisional,
            reads=reads,
        )  # fmt: skip
    else:
        case = join_case(session, report, join, now=now, official=reads.official)
        _learn(session, case, reads.circumstances, by=by, now=now)
    machine.move(report, "accept", by=by)
    report.waits_for = None
    if not provisional:
        refuse.overtake(session, report, by=by, now=now)
    link(session, report, case, opened=join is None, now=now)
    trail.record(session, report, Kind.ACCEPTED, by=by, now=now)
    return case


def open_case(
    session: Session,
    report: Report,
    placing: Placing,
    *,
    category_code: str,
    by: Actor,
    now: datetime,
    town: Org | None = None,
    provisional: bool = False,
    reads: Reading = NOTHING,
) -> Case:
    """Open a case for a locked report and dispatch it; a town that must not get it is told at most (M117)."""
    if category_code != report.category_code:
        refile(session, report, category_code=category_code, reason="accepted as", by=by, now=now)
    case = register(session, report, placing, category_code=category_code, by=by, now=now)
    _learn(session, case, reads.circumstances, by=by, now=now)
    if reads.official:
        tagging.put(session, case, tagging.PUBLIC_OFFICIAL, facts="受理时判明", by=by, now=now)
        trail.record(session, case, Kind.TAGGED, by=by, now=now, tag=tagging.PUBLIC_OFFICIAL)
    to = owner_of(session, placing, case=case, town=town, never_a_town=report.deaths or reads.official)
    dispatch(session, case, to=to, by=by, now=now, provisional=provisional, reported_at=report.received_at)
    if to.kind == "group" and not reads.official:
        _tell_town(session, placing, now=now)
    return case


def join_case(session: Session, report: Report, case: Case, *, now: datetime, official: bool = False) -> Case:
    """Let a locked case wait for one more reply. Its own trail says nothing: no handler learns of it (X42).

    Where somebody is in danger now the case becomes immediate, as its own would have been (X33); its handlers read that
    it is, and not why.

    The time of the whole case stays as it is, whatever the report's day. A later report has a later end of its own,
    which nobody is to wait for; an older one would bring the date forward that officers, and perhaps its reporters,
    have been shown, and so tell handlers that somebody else reported before. It is answered with the case.

    Raises ClosedAlready, and NotForATown for a report of deaths, or of an official, and a case that is not the group's.
    """
    if case.state in OVER:
        raise ClosedAlready
    if (report.deaths or official) and not _is_with_the_group(session, case):
        raise NotForATown
    case.replies_open = True
    trail.enqueue(session, Step.MIRROR_REPORTS, case.id, now=now)
    if report.emergency != "none" and case.urgency != IMMEDIATE:
        _make_immediate(session, case, now=now)
    return case


def link(session: Session, report: Report, case: Case, *, opened: bool, now: datetime) -> None:
    """Write down which case a report has joined, in place of one that it has left."""
    session.merge(ReportCase(report_id=report.id, case_id=case.id, linked_at=now, opened=opened))
    session.flush()


def register(
    session: Session, report: Report, placing: Placing, *, category_code: str, by: Actor, now: datetime
) -> Case:
    """T1: open a case from a report, with nothing of the citizen's words, photos or minute (design.md §10)."""
    return enter(
        session, placing, source="report", category_code=category_code, urgency=report.urgency, crs=report.crs,
        seen_at=report.observed_at, by=by, now=now,
    )  # fmt: skip


def enter(
    session: Session,
    placing: Placing,
    *,
    source: str,
    category_code: str,
    urgency: str,
    crs: str | None,
    seen_at: datetime,
    by: Actor,
    now: datetime,
) -> Case:
    """T1: a case in the register, from wherever it comes; replies are open where reporters wait for them."""
    category = policy.category_in_force(session, category_code, now)
    number = session.scalar(case_number.next_value())
    inside, point = placing.inside, placing.point
    case = Case(
        number=f"{now.astimezone(LOCAL_ZONE):%Y}-{number:06d}", state="registered", source=source,
        category_code=category_code, category_version=category.version, urgency=urgency,
        penalty_policy=category.penalty_policy, opened_at=now,
        seen_on=seen_at.astimezone(LOCAL_ZONE).date(),
        point=WKTElement(f"POINT({point.lon!r} {point.lat!r})", srid=SRID) if point else None,
        crs=crs, accuracy_m=placing.accuracy_m,
        unit_id=inside.unit_id if inside else None, edition_id=inside.edition_id if inside else None,
        border_m=inside.border_m if inside else None, routed_how=inside.how if inside else "manual",
        profile_id=policy.profile_in_force(session, now).id, replies_open=source == "report",
    )  # fmt: skip
    session.add(case)
    session.flush()
    trail.record(session, case, Kind.REGISTERED, by=by, now=now, category=category_code, urgency=case.urgency)
    return case


def _learn(session: Session, case: Case, circumstances: Sequence[str], *, by: Actor, now: datetime) -> None:
    for when in circumstances:
        learn(session, case, when, facts="受理时判明", by=by, now=now)


def _make_immediate(session: Session, case: Case, *, now: datetime) -> None:
    """Running clocks keep their ends and get the ladder of hours; a hold ends (D6, D8)."""
    clocks.be_timed_by(session, case, IMMEDIATE)
    case.version += 1
    trail.record(session, case, Kind.MADE_IMMEDIATE, by=SYSTEM, now=now)
    text = f"案件 {case.number}：情况紧急，转为特急，请立即到场处置"
    if case.responsible_org_id is not None:
        notices.tell(session, case.responsible_org_id, "made_immediate", text, now=now, case_id=case.id)
    notices.tell_district(session, "made_immediate", text, now=now, case_id=case.id)


def _is_with_the_group(session: Session, case: Case) -> bool:
    return session.scalar(select(Org.kind).where(Org.id == case.responsible_org_id)) == "group"


def _tell_town(session: Session, placing: Placing, *, now: datetime) -> None:
    """M117: the town knows that something happened in its territory, and neither what was said nor by which case."""
    if placing.inside is not None and is_answered_for(session, placing.inside.unit_id):
        town = owner_of_unit(session, placing.inside.unit_id)
        text = "本辖区有涉及人员死亡的线索，由区核查组组织核查，请知悉并配合，不得自行处置"
        notices.tell(session, town.id, "group_case", text, now=now)


def owner_of(session: Session, placing: Placing, *, case: Case, town: Org | None, never_a_town: bool) -> Org:
    """Who answers for a registered case: as a person says, or as the place does. Raises ChooseTown, NotForATown."""
    category = policy.category_version(session, case.category_code, case.category_version)
    if never_a_town or category.routing == "group":
        if town is not None and town.kind == "town":
            raise NotForATown
        return group_of_the_district(session)
    if town is not None:
        if town.kind == "town" and (placing.inside is None or town.unit_code is None):
            case.routed_how = "manual"
        return town
    if placing.inside is None:
        raise ChooseTown
    return owner_of_unit(session, placing.inside.unit_id)

"""R4 and T1: accept a report, and open a case for it or join it to one. The two never name each other (Q1)."""

from datetime import datetime

from geoalchemy2 import WKTElement
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import report as machine
from cases.models.case import Case, case_number
from cases.models.report import Report, ReportCase
from cases.routing import Placing, dispatch, group_of_the_district, owner_of_unit
from geo.points import SRID
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid
from people.actors import Actor
from people.models import Org


class NotForATown(Conflict):
    """A matter of this category is verified under the county's own group, never by a town (F05, X34)."""

    code = "routing.never_a_town"
    message = "This matter goes to the county-level group."


class ChooseTown(Invalid):
    """The place does not decide the town; a person must name one."""

    code = "routing.choose_town"
    message = "Name the town that answers for this place."
    pointer = "/town_org_id"


class ClosedAlready(Conflict):
    """A report joins only a case that is still open."""

    code = "case.closed"
    message = "This case is closed; open a new one."


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
) -> Case:
    """Accept a locked report into a new, dispatched case, or into the locked case `join`.

    Raises ChooseTown when neither the place nor `town` decides the owner, NotForATown, and ClosedAlready.
    """
    if join is None:
        case = register(session, report, placing, category_code=category_code, by=by, now=now)
        to = _owner(session, placing, case=case, town=town)
        dispatch(session, case, to=to, by=by, now=now, provisional=provisional)
    else:
        case = _joined(session, join, by=by, now=now)
    machine.move(report, "accept", by=by)
    report.waits_for = None
    session.add(ReportCase(report_id=report.id, case_id=case.id, linked_at=now, opened=join is None))
    session.flush()
    trail.record(session, report, Kind.ACCEPTED, by=by, now=now)
    return case


def register(
    session: Session, report: Report, placing: Placing, *, category_code: str, by: Actor, now: datetime
) -> Case:
    """T1: open a case from a report, with nothing of the citizen's words, photos or minute (design.md §10)."""
    category = policy.category_in_force(session, category_code, now)
    number = session.scalar(case_number.next_value())
    inside, point = placing.inside, placing.point
    case = Case(
        number=f"{now.astimezone(LOCAL_ZONE):%Y}-{number:06d}", state="registered", source="report",
        category_code=category_code, category_version=category.version, urgency=report.urgency,
        penalty_policy=category.penalty_policy, opened_at=now,
        seen_on=report.observed_at.astimezone(LOCAL_ZONE).date(),
        point=WKTElement(f"POINT({point.lon!r} {point.lat!r})", srid=SRID) if point else None,
        crs=report.crs, accuracy_m=report.accuracy_m,
        unit_id=inside.unit_id if inside else None, edition_id=inside.edition_id if inside else None,
        border_m=inside.border_m if inside else None, routed_how=inside.how if inside else "manual",
        profile_id=policy.profile_in_force(session, now).id, replies_open=True,
    )  # fmt: skip
    session.add(case)
    session.flush()
    trail.record(session, case, Kind.REGISTERED, by=by, now=now, category=category_code, urgency=case.urgency)
    return case


def _joined(session: Session, case: Case, *, by: Actor, now: datetime) -> Case:
    if case.state in {"closed", "void"}:
        raise ClosedAlready
    case.replies_open = True
    trail.record(session, case, Kind.REPORT_JOINED, by=by, now=now)
    return case


def _owner(session: Session, placing: Placing, *, case: Case, town: Org | None) -> Org:
    category = policy.category_version(session, case.category_code, case.category_version)
    if category.routing == "group":
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

"""T1, M22: what an officer found on patrol becomes a case of their own town, with no report and no reporter behind it.

The officer says what and where. The worker places it as a report is placed, opens the case and dispatches it (T2), so
that the departments hear of it at once. Where the place or the matter is not plainly their own town's, the desk decides
whose it is: nobody registers into another town, or for nobody.
"""

import hashlib
from dataclasses import astuple, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, func, select, tuple_
from sqlalchemy.orm import Session

from cases import deadlines, notices, policy, trail
from cases.journey import Step
from cases.lifecycle.finders import PATROL
from cases.models.case import Case
from cases.models.patrol import PatrolFinding
from cases.routing import Placing, dispatch, is_answered_for, owner_of_unit, place_point
from cases.triage.accept import enter, owner_of
from cases.triage.duplicates import possible
from cases.triage.reports import NotTheDesk
from geo.datums import Datum, to_wgs84
from geo.points import Point
from kit.errors import Conflict, NotFound, Stale, Unconditional
from people.actors import SYSTEM, Actor
from people.models import Account, Org
from people.roles import Role

WAITS = "巡查发现不在本辖区或归属不明，请到受理台处理"


class FindingIdReused(Conflict):
    """The same id was used for something else that was found."""

    code = "patrol.id_reused"
    message = "This id belongs to another finding."


class PossiblyTheSame(Conflict):
    """Open cases of the office lie near: whoever was there says why this is another matter, or adds to one (X19)."""

    code = "patrol.possible_duplicate"
    message = "Open cases of yours are near. Say in `apart` why this is another matter, or add to one of them."


class NoSuchFinding(NotFound):
    """There is no such finding that waits for the desk."""

    code = "patrol.unknown"
    message = "There is no such finding that waits for the desk."


@dataclass(frozen=True)
class Seen:
    """What an officer saw; `apart` says why it is none of the open cases near, where some are."""

    category_code: str
    lon: float
    lat: float
    crs: str
    accuracy_m: float
    place: str
    text: str
    seen_at: datetime
    apart: str = ""

    @property
    def point(self) -> Point:
        """Where it is."""
        return to_wgs84(self.lon, self.lat, Datum(self.crs))


def file_finding(
    session: Session, client_id: UUID, seen: Seen, *, by: Actor, now: datetime
) -> tuple[PatrolFinding, bool]:
    """Take what an officer found; gives it, and whether it is new. The worker makes it a case within the minute (M22).

    Raises FindingIdReused, UnknownCategory, PossiblyTheSame.
    """
    session.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(str(client_id), 0))))
    print_ = hashlib.sha256(repr(astuple(seen)).encode()).digest()
    mine = (PatrolFinding.account_id == by.account_id, PatrolFinding.client_id == client_id)
    known = session.scalars(select(PatrolFinding).where(*mine)).one_or_none()
    if known is not None:
        if known.fingerprint != print_:
            raise FindingIdReused
        return known, False
    policy.category_in_force(session, seen.category_code, now)
    _must_be_another(session, seen, by=by, now=now)
    finding = PatrolFinding(
        client_id=client_id, fingerprint=print_, org_id=by.org_id, account_id=by.account_id, found_at=now,
        state="sent", version=1, note="", **vars(seen),
    )  # fmt: skip
    session.add(finding)
    session.flush()
    trail.enqueue(session, Step.REGISTER_FINDING, finding.id, now=now)
    return finding, True


def register_finding(session: Session, finding_id: UUID, *, now: datetime) -> None:
    """Open the case of a finding, or let it wait for the desk, which is told again as long as it waits.

    What is immediate and was left goes to the town that contains the place, provisionally, as a report does (R2).
    Safe to repeat.
    """
    finding = _locked(session, finding_id)
    placing = _placed(session, finding)
    if finding.state == "sent":
        finding.waits_for = _why_the_desk(session, finding, placing, now=now)
        if finding.waits_for is None:
            _open(session, finding, placing, category_code=finding.category_code, town=None, by=SYSTEM, now=now)
        else:
            finding.state = "waiting"
            finding.version += 1
            notices.tell_district(session, "patrol_waiting", WAITS, now=now)
            _come_again(session, finding, now=now)
    elif finding.state == "waiting":
        if _may_go_unseen(session, finding, placing, now=now):
            _open(
                session, finding, placing, category_code=finding.category_code, town=None, by=SYSTEM, now=now,
                provisional=True,
            )  # fmt: skip
        else:
            _come_again(session, finding, now=now)
        notices.remind_district(session, "patrol_overdue", WAITS, now=now)


def accept_finding(
    session: Session, finding: PatrolFinding, *, category_code: str, town: Org | None, by: Actor, now: datetime
) -> Case:
    """The desk says whose a locked finding is, and what. Raises NoSuchFinding, ChooseTown, NotForATown."""
    _must_wait(finding)
    placing = _placed(session, finding)
    finding.decided_by, finding.decided_at = by.account_id, now
    return _open(session, finding, placing, category_code=category_code, town=town, by=by, now=now)


def dismiss_finding(session: Session, finding: PatrolFinding, *, note: str, by: Actor, now: datetime) -> None:
    """The desk opens no case for a locked finding; its office reads why. Raises NoSuchFinding."""
    _must_wait(finding)
    finding.state, finding.note = "dismissed", note
    finding.decided_by, finding.decided_at = by.account_id, now
    finding.version += 1
    notices.tell(
        session, finding.org_id, "patrol_dismissed", f"巡查发现未立案：{note}", now=now, account_id=finding.account_id
    )


def lock_finding(session: Session, finding_id: UUID, *, by: Actor, expected_version: int | None) -> PatrolFinding:
    """A finding that waits for the desk, locked. Raises NotTheDesk, NoSuchFinding, Unconditional, Stale."""
    if not by.has(Role.INTAKE_OFFICER):
        raise NotTheDesk
    finding = _locked(session, finding_id)
    if expected_version is None:
        raise Unconditional
    if finding.version != expected_version:
        raise Stale(current={"id": str(finding.id), "state": finding.state, "version": finding.version})
    return finding


def findings_waiting(
    session: Session, *, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[PatrolFinding]:
    """What waits for the desk, the oldest first."""
    return _page(session, select(PatrolFinding).where(PatrolFinding.state == "waiting"), limit, after)


def findings_of(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[PatrolFinding]:
    """What the actor's office found, the oldest first."""
    return _page(session, select(PatrolFinding).where(PatrolFinding.org_id == by.org_id), limit, after)


def near_finding(session: Session, finding: PatrolFinding, *, now: datetime) -> list[Case]:
    """Open cases that may be the same matter (X19)."""
    return possible(
        session, point=_point(finding), accuracy_m=finding.accuracy_m, category_code=finding.category_code, now=now
    )


def _open(
    session: Session,
    finding: PatrolFinding,
    placing: Placing,
    *,
    category_code: str,
    town: Org | None,
    by: Actor,
    now: datetime,
    provisional: bool = False,
) -> Case:
    """T1, T2: entered by whoever found it, with their own words, and dispatched."""
    urgency = policy.category_in_force(session, category_code, now).urgency
    case = enter(
        session, placing, source=PATROL, category_code=category_code, urgency=urgency, crs=finding.crs,
        seen_at=finding.seen_at, by=_finder(session, finding), now=now,
    )  # fmt: skip
    case.place_text, case.extract, case.extract_confirmed_at = finding.place, finding.text, now
    to = owner_of(session, placing, case=case, town=town, never_a_town=False)
    dispatch(session, case, to=to, by=by, now=now, provisional=provisional)
    finding.state, finding.waits_for, finding.opened_case_id = "opened", None, case.id
    finding.version += 1
    return case


def _must_be_another(session: Session, seen: Seen, *, by: Actor, now: datetime) -> None:
    if seen.apart.strip():
        return
    near = possible(session, point=seen.point, accuracy_m=seen.accuracy_m, category_code=seen.category_code, now=now)
    ours = [case for case in near if case.responsible_org_id == by.org_id]
    if ours:
        raise PossiblyTheSame(cases=[{"id": str(case.id), "number": case.number} for case in ours])


def _why_the_desk(session: Session, finding: PatrolFinding, placing: Placing, *, now: datetime) -> str | None:
    category = policy.category_in_force(session, finding.category_code, now)
    if category.routing != "town":
        return "category"
    if placing.in_doubt or placing.inside is None:
        return placing.in_doubt
    if not is_answered_for(session, placing.inside.unit_id):
        return "no_owner"
    return None if owner_of_unit(session, placing.inside.unit_id).id == finding.org_id else "another_town"


def _may_go_unseen(session: Session, finding: PatrolFinding, placing: Placing, *, now: datetime) -> bool:
    rule = policy.value(session, "provisional_dispatch", now)
    category = policy.category_in_force(session, finding.category_code, now)
    pressing = rule["enabled"] and category.urgency in rule["urgencies"] and finding.category_code not in rule["never"]
    there = placing.inside is not None and is_answered_for(session, placing.inside.unit_id)
    return bool(pressing and there and category.routing == "town")


def _come_again(session: Session, finding: PatrolFinding, *, now: datetime) -> None:
    urgency = policy.category_in_force(session, finding.category_code, now).urgency
    limit = policy.limit(policy.profile_in_force(session, now), "review", urgency)
    due = deadlines.add(now, limit.amount, limit.unit, policy.calendar(session, now), roll=limit.roll)
    trail.enqueue(session, Step.REGISTER_FINDING, finding.id, now=now, due=due.due_at)


def _finder(session: Session, finding: PatrolFinding) -> Actor:
    account = session.get_one(Account, finding.account_id)
    return Actor("officer", account.name, account.id, finding.org_id, session.get_one(Org, finding.org_id).kind)


def _point(finding: PatrolFinding) -> Point:
    return to_wgs84(finding.lon, finding.lat, Datum(finding.crs))


def _placed(session: Session, finding: PatrolFinding) -> Placing:
    return place_point(session, _point(finding), at=finding.found_at, accuracy_m=finding.accuracy_m)


def _must_wait(finding: PatrolFinding) -> None:
    if finding.state != "waiting":
        raise NoSuchFinding


def _locked(session: Session, finding_id: UUID) -> PatrolFinding:
    found = select(PatrolFinding).where(PatrolFinding.id == finding_id).with_for_update()
    finding = session.scalars(found.execution_options(populate_existing=True)).one_or_none()
    if finding is None:
        raise NoSuchFinding
    return finding


def _page(
    session: Session, found: Select[PatrolFinding], limit: int, after: tuple[datetime, UUID] | None
) -> list[PatrolFinding]:
    place = tuple_(PatrolFinding.found_at, PatrolFinding.id)
    if after is not None:
        found = found.where(place > after)
    return list(session.scalars(found.order_by(PatrolFinding.found_at, PatrolFinding.id).limit(limit)))

"""The life of a release of who reported (C12 Q4, security.md 3.1.4) as a table: asked, agreed to by another, read once.

`read` is made by the vault itself, with the same table: it believes neither the API nor a signed-in officer.
"""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import machine, retaliation
from cases.lifecycle.conflict import screen
from cases.lifecycle.guards import SamePerson, commented
from cases.lifecycle.machine import Move
from cases.models.release import Release
from cases.models.report import Report
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, NotAllowed
from people.actors import Actor
from people.roles import Role

NEW = "new"
RULES = "identity_release"
WEEK = timedelta(days=7)
_ASKERS = frozenset({Role.INTAKE_OFFICER, Role.SAFETY_OFFICE})
_CUSTODIANS = frozenset({Role.CUSTODIAN})
GRANTED = ("approved", "read")
PROTECTING = ("retaliation", "danger")


class NotTheReader(NotAllowed):
    """It was agreed that one person reads; everybody else does not, whoever they are."""

    code = "release.not_the_reader"
    message = "Somebody else was allowed to read this."


class ReleaseOver(Conflict):
    """The time in which it could be decided, or read, has passed."""

    code = "release.over"
    message = "The time of this release is over."


class ReleaseNotOver(Conflict):
    """What may still be decided or read is not ended by the system."""

    code = "release.not_over"
    message = "The time of this release is not over."


class TooManyReleases(Conflict):
    """A person, or the district, has reached what is allowed in a day or a week."""

    code = "release.limit"
    message = "No more identities are released now: the limit is reached."


class KeysAndPeople(NotAllowed):
    """Whoever runs the machines releases nothing (C2), and the discipline body opens nothing (M78)."""

    code = "release.separated_role"
    message = "Whoever runs the machines, or watches over discipline, takes no part in this."


class OnlyToProtect(NotAllowed):
    """The safety office has to do with who reported only where it looks into a retaliation (Q9)."""

    code = "release.only_to_protect"
    message = "The safety office asks only where a retaliation is looked into."


class RetaliationOpen(Conflict):
    """Somebody may have leaked who this is: until that is looked into, it is told only to protect them (Q9)."""

    code = "release.retaliation_open"
    message = "While a retaliation is looked into, an identity is released only to protect, or in danger."


def separated(*, by: Actor, **_: Any) -> None:
    """C2, M78: sysadmin and custodian are two people; the discipline body does not open the vault."""
    if by.has(Role.SYSADMIN, Role.DISCIPLINE):
        raise KeysAndPeople


def only_to_protect(*, session: Session, thing: Release, by: Actor, **_: Any) -> None:
    """Q9: whoever is not of the desk asks where a retaliation is open; while one is, nobody asks for anything else."""
    is_open = retaliation.is_open(session, thing.report_id)
    if not by.has(Role.INTAKE_OFFICER, Role.CUSTODIAN) and not (is_open and thing.reason_code == "retaliation"):
        raise OnlyToProtect
    if is_open and thing.reason_code not in PROTECTING:
        raise RetaliationOpen


def by_another(*, thing: Release, by: Actor, **_: Any) -> None:
    """C2: whoever asks does not decide."""
    if by.is_person(thing.asked_by):
        raise SamePerson("Whoever asks for an identity does not release it.")


def by_the_asker(*, thing: Release, by: Actor, **_: Any) -> None:
    """Only whoever asked takes a wish back."""
    if by.account_id != thing.asked_by:
        raise SamePerson("Somebody else has asked for this.")


def by_the_reader(*, thing: Release, by: Actor, **_: Any) -> None:
    """Q4: a view for one person."""
    if by.account_id != thing.reader_id:
        raise NotTheReader


def in_time(*, thing: Release, now: datetime, **_: Any) -> None:
    """Q4: a time-boxed view, and a wish that does not wait for ever."""
    if now >= thing.lapses_at:
        raise ReleaseOver


def time_is_over(*, thing: Release, now: datetime, **_: Any) -> None:
    """Nothing is ended before its time."""
    if now < thing.lapses_at:
        raise ReleaseNotOver


def screened(*, session: Session, report: Report, thing: Release, by: Actor, now: datetime, **_: Any) -> None:
    """Q10: neither whoever decides nor whoever is to read is tied to the matter."""
    for account_id in dict.fromkeys((by.account_id, thing.asked_by)):
        screen(session, report, account_id, now=now)


def within_limits(*, session: Session, thing: Release, by: Actor, now: datetime, **_: Any) -> None:
    """security.md 3.1.4: so many in a day for a person, so many in a week for the district; nobody may go over."""
    rules = policy.value(session, RULES, now)
    reader = thing.reader_id or (by.account_id if thing.call_back else thing.asked_by)
    day = now.astimezone(LOCAL_ZONE).replace(hour=0, minute=0, second=0, microsecond=0)
    others = select(func.count()).where(Release.state.in_(GRANTED), Release.id != thing.id)
    a_day = session.scalars(others.where(Release.reader_id == reader, Release.decided_at >= day)).one()
    a_week = session.scalars(others.where(Release.decided_at > now - WEEK)).one()
    if a_day >= rules["person_day"] or a_week >= rules["district_week"]:
        raise TooManyReleases


def told_at(session: Session, now: datetime) -> datetime:
    """When a reporter is told that who they are was read (security.md 3.1.4)."""
    return now + timedelta(hours=policy.value(session, RULES, now)["told_after_h"])


RELEASE_MOVES: dict[str, Move] = {
    "ask": Move("Q4", frozenset({NEW}), "asked", by=_ASKERS, guards=(separated, only_to_protect)),
    "withdraw": Move("Q4", frozenset({"asked"}), "withdrawn", by=_ASKERS, guards=(by_the_asker,)),
    "approve": Move(
        "Q4", frozenset({"asked"}), "approved", by=_CUSTODIANS,
        guards=(separated, by_another, in_time, only_to_protect, screened, within_limits),
    ),
    "refuse": Move("Q4", frozenset({"asked"}), "refused", by=_CUSTODIANS, guards=(separated, by_another, commented)),
    "read": Move(
        "Q4", frozenset({"approved"}), "read", by=_ASKERS | _CUSTODIANS,
        guards=(separated, by_the_reader, in_time, within_limits),
    ),
    "lapse": Move("Q4", frozenset({"asked", "approved"}), "lapsed", system=True, guards=(time_is_over,)),
}  # fmt: skip
_ENTRIES = {
    "ask": Kind.IDENTITY_ASKED, "withdraw": Kind.IDENTITY_WITHDRAWN, "approve": Kind.IDENTITY_APPROVED,
    "refuse": Kind.IDENTITY_REFUSED, "read": Kind.IDENTITY_READ, "lapse": Kind.IDENTITY_LAPSED,
}  # fmt: skip


def move(
    session: Session,
    report: Report,
    release: Release,
    name: str,
    *,
    by: Actor,
    now: datetime,
    writes: dict[str, Any] | None = None,
    due: datetime | None = None,
    **facts: Any,
) -> None:
    """Make a move on a release; its report is locked by the caller, whose trail tells of it.

    Raises NotInState, NotYourRole, or the refusal of the guard that does not hold; then nothing has changed. The
    vault's own log is written by the database, whatever changes the row (migration 0022).
    """
    row = RELEASE_MOVES[name]
    machine.check(release, row, by=by)
    machine.hold(row, session=session, report=report, thing=release, by=by, now=now, **facts)
    for column, value in (writes or {}).items():
        setattr(release, column, value)
    machine.apply(release, row)
    session.add(release)
    session.flush()
    trail.record(
        session, report, _ENTRIES[name], by=by, now=now, follow_at=due, rule=row.rule, release=str(release.id),
        reason=release.reason_code, fields=release.fields,
    )  # fmt: skip

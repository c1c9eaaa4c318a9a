"""Asking to know who reported: a reason of the list, words, what is needed, and by whom it is to be read."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.lifecycle import release as machine
from cases.lifecycle.conflict import screen
from cases.models.release import PHOTOS, Release
from cases.models.report import Report
from cases.releases.finding import lock
from cases.releases.originals import has_originals
from kit.errors import Conflict
from people.actors import Actor
from people.models import Org
from people.roles import Role


class NothingSealed(Conflict):
    """The reporter has left nothing by which they could be known."""

    code = "release.nothing_sealed"
    message = "This report came without what is asked for: a name, a phone number or a position, or photos."


class AskedAlready(Conflict):
    """A wish of the same officer about the same report is not decided, or not read."""

    code = "release.asked_already"
    message = "You have asked for this already."


@dataclass(frozen=True)
class Wish:
    """What is asked for. With `call_back` the custodian reaches the reporter, and whoever asks learns no identity."""

    reason: str
    words: str
    fields: tuple[str, ...]
    call_back: bool = False


def ask(session: Session, report: Report, wish: Wish, *, by: Actor, now: datetime) -> Release:
    """Ask to know who sent a locked report; the custodians are told.

    Raises UnknownReason, NotYourRole, KeysAndPeople, InConflict, NothingSealed, AskedAlready.
    """
    reason = policy.reason(session, "release", wish.reason, now)
    rules = policy.value(session, machine.RULES, now)
    screen(session, report, by.account_id, now=now)
    if not _is_sealed(session, report, wish):
        raise NothingSealed
    if _open(session, report, by) is not None:
        raise AskedAlready
    release = Release(
        report_id=report.id, state=machine.NEW, version=0, reason_code=reason.code, words=wish.words,
        fields=sorted(set(wish.fields)), call_back=wish.call_back, asked_by=by.account_id, asked_at=now,
        lapses_at=now + timedelta(hours=rules["asked_lapses_h"]),
    )  # fmt: skip
    machine.move(session, report, release, "ask", by=by, now=now)
    _tell_custodians(session, now=now)
    return release


def withdraw(session: Session, release_id: UUID, *, by: Actor, now: datetime) -> Release:
    """Take a wish back that nobody has decided. Raises NoSuchRelease, NotInState, SamePerson."""
    report, release = lock(session, release_id, by=by)
    machine.move(session, report, release, "withdraw", by=by, now=now)
    return release


def _is_sealed(session: Session, report: Report, wish: Wish) -> bool:
    """Whether anything of what is asked for is there."""
    if PHOTOS in wish.fields and has_originals(session, report):
        return True
    asks_who = any(each != PHOTOS for each in wish.fields)
    return asks_who and bool(session.scalar(text("select vault.is_sealed(:report)"), {"report": report.id}))


def _open(session: Session, report: Report, by: Actor) -> UUID | None:
    undone = select(Release.id).where(
        Release.report_id == report.id, Release.asked_by == by.account_id, Release.state.in_(("asked", "approved"))
    )
    return session.scalars(undone.limit(1)).one_or_none()


def _tell_custodians(session: Session, *, now: datetime) -> None:
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)):
        people = notices.holders(session, org_id, Role.CUSTODIAN)
        if people:
            notices.tell_people(session, org_id, people, "release_asked", "有一件查阅举报人信息的申请待审批", now=now)

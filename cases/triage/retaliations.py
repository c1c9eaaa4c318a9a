"""Looking into what a reporter says of retaliation (Q9): told at once to those who may, taken up, concluded, told back.

The discipline body reads it, with everybody who had to do with who reported, and writes nothing (M78); the safety
office acts. Neither the desk nor any handler sees a word of it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from cases import notices, trail
from cases.journey import Kind
from cases.lifecycle import retaliation as machine
from cases.lifecycle.machine import NotYourRole
from cases.lifecycle.thread import SYSTEM as SYSTEM_LINE
from cases.models.release import Release
from cases.models.report import Report, ReportCase
from cases.models.retaliation import Retaliation
from cases.models.thread import Message
from cases.triage.reply_text import must_give_nobody_away
from kit.errors import NotAllowed, NotFound, Stale, Unconditional
from people.actors import SYSTEM, Actor
from people.models import Account, Org
from people.roles import Role

READERS = (Role.DISCIPLINE, Role.SAFETY_OFFICE, Role.CUSTODIAN)
AGAIN_AFTER = timedelta(days=1)
RECEIVED = (
    "已收到您关于打击报复的反映，由区安委办核查，并同时告知纪检人员；办理案件的单位和人员看不到。"
    "如有人身危险，请立即拨打110。"
)
CONCLUDED = "关于您反映的打击报复：{text}"


class NotForYou(NotAllowed):
    """The discipline body, the safety office and the custodians see what is said of retaliation, nobody else."""

    code = "retaliation.not_yours"
    message = "This is for the discipline body, the safety office and the custodians."


class NoSuchRetaliation(NotFound):
    """There is no such report of retaliation."""

    code = "retaliation.unknown"
    message = "There is no such report of retaliation."


def retaliations(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[Retaliation]:
    """All of them, the oldest first. Raises NotForYou."""
    _only_readers(by)
    found = select(Retaliation)
    if after is not None:
        found = found.where(tuple_(Retaliation.filed_at, Retaliation.id) > after)
    return session.scalars(found.order_by(Retaliation.filed_at, Retaliation.id).limit(limit)).all()


def read_retaliation(session: Session, retaliation_id: UUID, *, by: Actor) -> Retaliation:
    """One of them. Raises NotForYou, NoSuchRetaliation."""
    _only_readers(by)
    found = session.get(Retaliation, retaliation_id)
    if found is None:
        raise NoSuchRetaliation
    return found


def who_knew(session: Session, found: Retaliation) -> list[dict[str, Any]]:
    """Everybody who asked for, decided about or read who this reporter is, with reason and time; not who it is."""
    columns = (
        Release.reason_code, Release.state, Release.call_back, Release.asked_by, Release.asked_at, Release.decided_by,
        Release.decided_at, Release.reader_id, Release.read_at,
    )  # fmt: skip
    rows = session.execute(select(*columns).where(Release.report_id == found.report_id).order_by(Release.asked_at))
    names = dict(session.execute(select(Account.id, Account.name)).all())
    return [
        {
            "reason": row.reason_code, "state": row.state, "call_back": row.call_back,
            "asked_by": names.get(row.asked_by), "asked_at": row.asked_at.isoformat(),
            "decided_by": names.get(row.decided_by), "decided_at": row.decided_at and row.decided_at.isoformat(),
            "reader": names.get(row.reader_id), "read_at": row.read_at and row.read_at.isoformat(),
        }
        for row in rows
    ]  # fmt: skip


def lock_retaliation(
    session: Session, retaliation_id: UUID, *, by: Actor, expected_version: int | None
) -> tuple[Report, Retaliation]:
    """One of them and its report, both locked, in the version that the officer saw.

    Raises as `read_retaliation`, and NotYourRole, Unconditional and Stale.
    """
    report_id = read_retaliation(session, retaliation_id, by=by).report_id
    if not by.has(Role.SAFETY_OFFICE) or by.has(Role.DISCIPLINE):  # whose database role could not even lock a row
        raise NotYourRole("Only the safety office acts on this.")
    report = session.scalars(select(Report).where(Report.id == report_id).with_for_update()).one()
    again = select(Retaliation).where(Retaliation.id == retaliation_id).with_for_update()
    found = session.scalars(again, execution_options={"populate_existing": True}).one()
    if expected_version is None:
        raise Unconditional
    if found.version != expected_version:
        raise Stale(current={"id": str(found.id), "state": found.state, "version": found.version})
    return report, found


def take_up(session: Session, report: Report, found: Retaliation, *, by: Actor, now: datetime) -> None:
    """Begin to look into it. Raises NotInState, NotYourRole, KnewWho, InConflict."""
    writes = {"taken_by": by.account_id, "taken_at": now, "due_at": machine.due(session, "conclude", now)}
    machine.move(session, report, found, "take_up", by=by, now=now, writes=writes | {"told_late_at": None})


def conclude(
    session: Session, report: Report, found: Retaliation, *, finding: str, text: str, by: Actor, now: datetime
) -> None:
    """Say what was found, and tell the reporter. Raises as `take_up`, and UnfitMessage for words that name anybody."""
    must_give_nobody_away(session, report, text=text, now=now)
    writes = {"finding": finding, "conclusion": text, "concluded_by": by.account_id, "concluded_at": now}
    machine.move(session, report, found, "conclude", by=by, now=now, writes=writes)
    _say(session, report, CONCLUDED.format(text=text), about=None, now=now)


def tell_of_retaliation(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Tell those who may know, and the reporter that it came in. Once for each; safe to repeat."""
    report = session.scalars(select(Report).where(Report.id == report_id).with_for_update()).one()
    told = set(session.scalars(select(Message.about_id).where(Message.report_id == report.id)))
    for found in session.scalars(select(Retaliation).where(Retaliation.report_id == report.id)).all():
        if found.id in told:
            continue
        linked = session.get(ReportCase, report.id)
        found.case_id = linked.case_id if linked else None
        _say(session, report, RECEIVED, about=found.id, now=now)
        _tell(session, "retaliation_filed", "有举报人反映受到打击报复，请立即处理", now=now)


def find_late(session: Session, *, now: datetime) -> None:
    """Those that nobody took up, or concluded, in time: told again, once a day."""
    told_before = or_(Retaliation.told_late_at.is_(None), Retaliation.told_late_at <= now - AGAIN_AFTER)
    late = select(Retaliation).where(Retaliation.state != "concluded", Retaliation.due_at <= now, told_before)
    for found in session.scalars(late.with_for_update(skip_locked=True)):
        found.told_late_at = now
        _tell(session, "retaliation_late", "举报人反映的打击报复超过时限未处理", now=now)


def _tell(session: Session, kind: str, words: str, *, now: datetime) -> None:
    for org_id in session.scalars(select(Org.id).where(Org.active)):
        people = notices.holders(session, org_id, *READERS)
        if people:
            notices.tell_people(session, org_id, people, kind, words, now=now)


def _say(session: Session, report: Report, text: str, *, about: UUID | None, now: datetime) -> None:
    session.add(Message(report_id=report.id, sender=SYSTEM_LINE, text=text, sent_at=now, about_id=about))
    trail.record(session, report, Kind.MESSAGE_SENT, by=SYSTEM, now=now)


def _only_readers(by: Actor) -> None:
    if not by.has(*READERS):
        raise NotForYou

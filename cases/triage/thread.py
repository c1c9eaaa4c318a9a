"""Writing to a reporter through the code, and hearing of what they write (C12 Q4: questions go through the thread)."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, policy, trail
from cases.journey import Kind
from cases.lifecycle import thread
from cases.lifecycle.conflict import screen
from cases.lifecycle.thread import SYSTEM as SYSTEM_LINE
from cases.models.release import Release
from cases.models.report import Report
from cases.models.thread import Message
from cases.triage.reply_text import must_give_nobody_away
from cases.triage.reports import NotTheDesk, lock
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict
from people.actors import SYSTEM, Actor
from people.models import Org
from people.roles import Role

FIELDS = {"name": "姓名", "phone": "电话", "position": "提交位置", "photos": "原始照片"}


class ThreadClosed(Conflict):
    """The reporter has withdrawn: nobody writes to them any more."""

    code = "message.closed"
    message = "The reporter has withdrawn; nobody writes to them any more."


def write(session: Session, report: Report, *, text: str, by: Actor, now: datetime) -> Message:
    """Write to the reporter of a locked report; what they wrote before counts as read.

    Raises NotTheDesk, InConflict, ThreadClosed, and UnfitMessage for a text that names an officer or anybody else.
    """
    if not by.has(Role.INTAKE_OFFICER):
        raise NotTheDesk
    if not thread.is_open(report):
        raise ThreadClosed
    screen(session, report, by.account_id, now=now)
    must_give_nobody_away(session, report, text=text, now=now)
    sent = Message(report_id=report.id, sender=thread.DESK, text=text, sent_by=by.account_id, sent_at=now)
    session.add(sent)
    _heard(report)
    trail.record(session, report, Kind.MESSAGE_SENT, by=by, now=now)
    return sent


def hear(session: Session, report: Report, *, by: Actor, now: datetime) -> None:
    """Say that what the reporter wrote was read and needs no answer. Raises NotTheDesk, InConflict."""
    if not by.has(Role.INTAKE_OFFICER):
        raise NotTheDesk
    screen(session, report, by.account_id, now=now)
    _heard(report)
    trail.record(session, report, Kind.MESSAGE_HEARD, by=by, now=now)


def tell_desk(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Tell whoever wrote last, or the whole desk, that a reporter has written or added to their report.

    Safe to repeat, and to come too late.
    """
    report = lock(session, report_id, by=SYSTEM)
    if report.unheard_since is None:
        return
    last = select(Message.sent_by).where(Message.report_id == report.id, Message.sent_by.is_not(None))
    wrote = session.scalars(last.order_by(Message.sent_at.desc()).limit(1)).one_or_none()
    for org_id in session.scalars(select(Org.id).where(Org.kind == "district", Org.active)):
        desk = notices.holders(session, org_id, Role.INTAKE_OFFICER)
        people = [wrote] if wrote in desk else desk
        if people:
            notices.tell_people(
                session, org_id, people, "message_received", "有举报人留言或补充情况，请到受理台查看", now=now
            )


def tell_of_readings(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Tell a reporter, some days later, that who they are was read, on what ground, by how many (security.md 3.1.4).

    Once for each reading; safe to repeat.
    """
    report = lock(session, report_id, by=SYSTEM)
    told = select(Message.about_id).where(Message.report_id == report.id, Message.about_id.is_not(None))
    known = set(session.scalars(told))
    wait = timedelta(hours=policy.value(session, "identity_release", now)["told_after_h"])
    for release in session.scalars(select(Release).where(Release.report_id == report.id, Release.state == "read")):
        if release.id not in known and release.read_at is not None and release.read_at + wait <= now:
            _say(session, report, _of_reading(session, release, release.read_at), about=release.id, now=now)


def _say(session: Session, report: Report, text: str, *, about: UUID, now: datetime) -> None:
    session.add(Message(report_id=report.id, sender=SYSTEM_LINE, text=text, sent_at=now, about_id=about))
    trail.record(session, report, Kind.MESSAGE_SENT, by=SYSTEM, now=now)


def _of_reading(session: Session, release: Release, read_at: datetime) -> str:
    day = f"{read_at.astimezone(LOCAL_ZONE):%Y年%-m月%-d日}"
    why = policy.reason(session, "release", release.reason_code, release.asked_at).zh
    fields = "、".join(FIELDS[each] for each in release.fields)
    return (
        f"{day}，因“{why}”，经两人批准，一名工作人员查阅了您留下的{fields}，仅此一次。"
        "办理案件的人员看不到这些信息。您如有疑问，可以在这里留言；如果受到打击报复，请在这里反映。"
    )


def _heard(report: Report) -> None:
    report.unheard_since = None
    report.version += 1

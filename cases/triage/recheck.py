"""R6: of what was not accepted a share is drawn each month, and other people look at it again."""

import secrets
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import exists, select, tuple_
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import access, lots, notices, policy, provisional, trail
from cases.journey import Kind
from cases.lifecycle import deciding
from cases.lifecycle import recheck as machine
from cases.lifecycle import report as report_machine
from cases.lifecycle.beside import NEW
from cases.models.decisions import Refusal
from cases.models.reply import Recheck, RecheckDraw
from cases.models.report import Report, ReportEvent
from kit.errors import NotFound, Stale, Unconditional
from people.actors import SYSTEM, Actor


class NoSuchRecheck(NotFound):
    """There is no such re-check."""

    code = "recheck.unknown"
    message = "There is no such re-check."


def draw_rechecks(session: Session, *, now: datetime) -> None:
    """Draw the lots of every month that is over and has none yet; of two who draw at once, one does. Safe to repeat.

    The tickets are the refusals that a second person confirmed in the month. Beyond the share each one is drawn whose
    report had been refused wrongly before.
    """
    for period, first, end in lots.months_over(now):
        _draw_month(session, period, first, end, now=now)


def rechecks_due(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[Recheck, Report]]:
    """What waits for a second look of the safety office, the next due first. Raises NotTheOffice."""
    access.only_the_office(by)
    found = select(Recheck, Report).join(Report, Report.id == Recheck.report_id).where(Recheck.state == "due")
    if after is not None:
        found = found.where(tuple_(Recheck.due_at, Recheck.id) > after)
    rows = session.execute(found.order_by(Recheck.due_at, Recheck.id).limit(limit))
    return [(recheck, report) for recheck, report in rows]


def recheck_draw(session: Session, period: str, *, by: Actor) -> RecheckDraw | None:
    """The lots of a month with their seed and pool, so that they can be drawn again (M52). Raises NotTheOffice."""
    access.only_the_office(by)
    return session.scalars(select(RecheckDraw).where(RecheckDraw.period == period)).one_or_none()


def read_recheck(session: Session, recheck_id: UUID, *, by: Actor, now: datetime) -> tuple[Recheck, Report, Refusal]:
    """A re-check with the report and the refusal it is about, while it waits. Who reads it is written down (C12, F57).

    Raises NotTheOffice, NoSuchRecheck.
    """
    recheck, report = _locked(session, recheck_id, by=by)
    if recheck.state != "due":
        raise NoSuchRecheck
    by_them = select(ReportEvent.id).where(
        ReportEvent.report_id == report.id, ReportEvent.kind == str(Kind.RECHECK_READ), ReportEvent.actor == by.label,
        ReportEvent.body["recheck"].astext == str(recheck.id),
    )  # fmt: skip
    if session.scalars(by_them.limit(1)).first() is None:
        trail.record(session, report, Kind.RECHECK_READ, by=by, now=now, recheck=str(recheck.id))
    return recheck, report, session.get_one(Refusal, recheck.refusal_id)


def lock_recheck(
    session: Session, recheck_id: UUID, *, by: Actor, expected_version: int | None
) -> tuple[Recheck, Report]:
    """A re-check and its report, both locked. Raises NotTheOffice, NoSuchRecheck, Unconditional, Stale."""
    recheck, report = _locked(session, recheck_id, by=by)
    if expected_version is None:
        raise Unconditional
    if recheck.version != expected_version:
        raise Stale(current={"id": str(recheck.id), "state": recheck.state, "version": recheck.version})
    return recheck, report


def uphold_refusal(
    session: Session, recheck: Recheck, report: Report, *, note: str, by: Actor, now: datetime
) -> Recheck:
    """R6: it was right not to accept the report. Raises SamePerson, Incomplete, NotInState."""
    _decide(session, recheck, "confirm", note=note, by=by, now=now)
    trail.record(session, report, Kind.REFUSAL_UPHELD, by=by, now=now)
    return recheck


def overturn_refusal(
    session: Session, recheck: Recheck, report: Report, *, note: str, by: Actor, now: datetime
) -> Recheck:
    """R6: it was wrong; the report is on the desk again, with the whole time of a new one, and its reporter reads so.

    Raises SamePerson, Incomplete, NotInState.
    """
    _decide(session, recheck, "overturn", note=note, by=by, now=now)
    report_machine.move(report, "overturn", by=by)
    report.waits_for, report.seen_at = "overturned", None
    due_at = deciding.begin_anew(session, report, now=now)
    trail.record(session, report, Kind.REFUSAL_OVERTURNED, by=by, now=now, follow_at=due_at)
    notices.tell_district(session, "refusal_overturned", "有不予受理件经复查退回受理台，请重新决定", now=now)
    return recheck


def _draw_month(session: Session, period: str, first: datetime, end: datetime, *, now: datetime) -> None:
    if session.scalar(select(exists().where(RecheckDraw.period == period))):
        return
    refused = (
        select(Refusal, Report)
        .join(Report, Report.id == Refusal.report_id)
        .where(Refusal.state == "confirmed", Refusal.decided_at >= first, Refusal.decided_at < end)
        .where(Report.state == "not_accepted")
    )
    reports = {
        str(refusal.id): report
        for refusal, report in session.execute(refused.order_by(Report.id).with_for_update(of=Report))
    }
    again = select(Recheck.report_id).where(Recheck.state == "overturned")
    wrong_before = set(session.scalars(again.where(Recheck.report_id.in_([each.id for each in reports.values()]))))
    seed, share = secrets.token_hex(16), float(policy.value(session, "return_resample_share", now))
    drawn = lots.draw(seed, reports, share=share)
    row = {"period": period, "seed": seed, "pool": sorted(reports), "share": share, "drawn": drawn, "drawn_at": now}
    draw_id = session.scalars(
        insert(RecheckDraw).values(row).on_conflict_do_nothing().returning(RecheckDraw.id)
    ).first()
    if draw_id is None:
        return
    certain = [ticket for ticket, report in reports.items() if report.id in wrong_before]
    wanted = dict.fromkeys([*drawn, *certain])
    for ticket in wanted:
        _put_in(session, reports[ticket], draw_id, UUID(ticket), why="sample" if ticket in drawn else "again", now=now)
    if wanted:
        text = f"本月抽查不予受理件 {len(wanted)} 件，请由未经办人员复查"
        notices.tell_safety_office(session, "recheck_drawn", text, now=now)


def _put_in(session: Session, report: Report, draw_id: UUID, refusal_id: UUID, *, why: str, now: datetime) -> None:
    recheck_id = uuid4()
    limit = policy.limit_of_value(session, "recheck_limit", now)
    due_at = provisional.due(session, report, "recheck", start=now, now=now, thing_id=recheck_id, limit=limit)
    recheck = Recheck(
        id=recheck_id, draw_id=draw_id, report_id=report.id, refusal_id=refusal_id, why=why, state=NEW,
        version=0, due_at=due_at,
    )  # fmt: skip
    machine.move(session, recheck, "draw", by=SYSTEM)
    session.add(recheck)
    session.flush()
    trail.record(session, report, Kind.RECHECK_DRAWN, by=SYSTEM, now=now)


def _decide(session: Session, recheck: Recheck, move: str, *, note: str, by: Actor, now: datetime) -> None:
    machine.move(session, recheck, move, by=by, note=note)
    recheck.decided_by, recheck.decided_at, recheck.note = by.account_id, now, note


def _locked(session: Session, recheck_id: UUID, *, by: Actor) -> tuple[Recheck, Report]:
    """The report first: whoever decides about it at the desk locks it, too."""
    access.only_the_office(by)
    theirs = select(Report).join(Recheck, Recheck.report_id == Report.id).where(Recheck.id == recheck_id)
    report = session.scalars(theirs.with_for_update(of=Report)).one_or_none()
    if report is None:
        raise NoSuchRecheck
    return session.get_one(Recheck, recheck_id, with_for_update=True, populate_existing=True), report

"""G-REP, G-DOC, G-TASK: replies given, copies delivered and stored, tasks answered (C4.3)."""

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session

from cases.lifecycle.closing.findings import concluded_elsewhere
from cases.lifecycle.closing.shut import Shut, at
from cases.models.case import Case, Task
from cases.models.handling import RecordCopy, Visit
from cases.models.paper import Scan
from cases.models.penalty import DECIDED, Penalty

COPIES = 4


def replied(_: Session, case: Case) -> Shut | None:
    """G-REP: every linked report is replied to. A case knows only that one is open, never which or how many (X42)."""
    if not case.replies_open:
        return None
    return Shut("reply_open", "尚有举报未答复", "A reply to a reporter is open", "/desk/reports?which=to_reply")


def documented(session: Session, case: Case) -> Shut | None:
    """G-DOC: no record is open, the copies are delivered, and a copy of each penalty decision is stored."""
    return _records_done(session, case) or _records_out(session, case) or _penalties_stored(session, case)


def _records_done(session: Session, case: Case) -> Shut | None:
    """Nobody's visit is without its record (M46)."""
    open_ = exists().where(Visit.case_id == case.id, Visit.state == "open")
    if not session.scalar(select(open_)):
        return None
    return Shut("record_open", "现场检查记录尚未完成", "The record of a visit is not complete", at(case, "visits"))


def _records_out(session: Session, case: Case) -> Shut | None:
    """The copies of each record, of a visit or an acceptance, are delivered, or noted why not (M47, T15).

    Of what another organ has dealt with from the beginning there is no record of ours (T12).
    """
    copies = session.scalars(
        select(RecordCopy).where(RecordCopy.case_id == case.id).order_by(RecordCopy.recipient, RecordCopy.id)
    ).all()
    waiting = [copy for copy in copies if copy.delivered_at is None]
    none_of_ours = not copies and concluded_elsewhere(session, case)
    if none_of_ours or (len(copies) >= COPIES and not waiting):
        return None
    of = max(len(copies), COPIES)
    given = len(copies) - len(waiting)
    link = at(case, "copies" if waiting else "visits")
    return Shut(
        "copies_undelivered", f"检查、验收记录已送达 {given}/{of} 份", f"{given} of {of} copies delivered", link
    )


def _penalties_stored(session: Session, case: Case) -> Shut | None:
    """Of each decision in force there is a scan, made since it was decided, that can be shown (C4.5, X57)."""
    stored = exists().where(
        Scan.case_id == case.id, Scan.kind == "penalty", Scan.subject_id == Penalty.id, Scan.state == "clean",
        Scan.received_at >= Penalty.decided_at,
    )  # fmt: skip
    missing = session.scalar(
        select(func.count()).where(Penalty.case_id == case.id, Penalty.state.in_(DECIDED), ~stored)
    )
    if not missing:
        return None
    return Shut(
        "penalty_copy_missing", f"尚有 {missing} 份处罚决定书未存档",
        f"{missing} penalty decisions without a stored copy", at(case, "penalties"),
    )  # fmt: skip


def tasks_answered(session: Session, case: Case) -> Shut | None:
    """G-TASK: all department and cooperating tasks are answered (M09)."""
    waiting = session.scalars(
        select(Task.id).where(
            Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state.in_(("open", "signed"))
        )
    ).all()
    if not waiting:
        return None
    count = len(waiting)
    return Shut(
        "tasks_open", f"尚有 {count} 项部门任务未反馈", f"{count} department tasks are not answered",
        at(case, "tasks"),
    )  # fmt: skip

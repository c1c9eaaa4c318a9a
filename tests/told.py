"""A report that was asked about, replied to or found worth a reward, for tests of what its reporter does next."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from cases import policy
from cases.intake import mark_of
from cases.intake.codes import claim_secret, grouped
from cases.models.reply import Reply, ReviewRequest
from cases.models.report import Answer, Question, Report
from cases.models.reward import Reward
from kit import clock
from kit.db import OWNER, unit_of_work


def reply_to(code: str) -> str:
    """Reply to the report of this code now; gives the code."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        told = {"reply": "经核查属实，已责令清理。", "outcome": "substantiated", "state": "replied", "replied_at": now}
        report_id = session.scalars(
            update(Report).where(Report.tracking_mark == mark_of(code)).values(**told).returning(Report.id)
        ).one()
        session.add(
            Reply(
                report_id=report_id, number=1, text=told["reply"], channel="code", reached=True,
                outcome="substantiated", replied_at=now, review_until=now + timedelta(days=30),
            )
        )  # fmt: skip
    return code


def ask_of(code: str, text: str = "在几号楼？") -> str:
    """Ask the reporter of this code something; gives the code."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        report = _report(session, code)
        report.state = "need_more"
        session.add(Question(report_id=report.id, text=text, asked_at=now, due_at=now + timedelta(days=5)))
    return code


def offer(code: str, *, yuan: int = 500, **rule: Any) -> str:
    """Offer the reporter of this code a reward; gives its second secret, as its receipt had it."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        report = _report(session, code)
        shipped = policy.value(session, "reward_rule", now)
        session.add(
            Reward(
                id=uuid4(), report_id=report.id, case_id=uuid4(), state="notified", version=1, opened_at=now,
                rule={**shipped, "check_share": 0, **rule}, kind="general", amount_fen=yuan * 100, signers=1,
                claim_until=now + timedelta(days=60),
            )
        )  # fmt: skip
        return grouped(claim_secret(report.client_id))


def heard(code: str) -> tuple[str, list[tuple[str, str]]]:
    """Its state, and what its reporter has added, in order: kind and text."""
    with unit_of_work(OWNER) as session:
        report = _report(session, code)
        added = select(Answer.kind, Answer.text).where(Answer.report_id == report.id).order_by(Answer.received_at)
        return report.state, [(kind, text) for kind, text in session.execute(added)]


def kept(code: str) -> tuple[Any, ...]:
    """Its state, how its reply was rated, whether that is enough, why a review is asked for, and how many answers."""
    with unit_of_work(OWNER) as session:
        report = _report(session, code)
        reply = session.scalars(select(Reply).where(Reply.report_id == report.id)).one()
        asked = session.get(ReviewRequest, report.id)
        count = len(session.scalars(select(Answer.client_id).where(Answer.report_id == report.id)).all())
        return report.state, reply.satisfaction, reply.enough, asked.reason if asked else None, count


def _report(session: Session, code: str) -> Report:
    return session.scalars(select(Report).where(Report.tracking_mark == mark_of(code))).one()

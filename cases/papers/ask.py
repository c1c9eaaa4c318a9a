"""Asking for a paper: its content is read now, in the asker's own sight, and kept; a worker prints from that alone."""

import hashlib
import json
import secrets
from dataclasses import asdict
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from cases import access, trail
from cases.journey import Kind
from cases.models.case import Case
from cases.models.paper import Paper
from cases.papers.kinds import PAPERS
from kit.errors import Conflict, NotAllowed, NotFound
from people.actors import Actor


class NoSuchPaper(NotFound):
    """There is no such paper, or it is not for this actor."""

    code = "paper.unknown"
    message = "There is no such paper."


class MayNotPrint(NotAllowed):
    """This paper is made by those who handle the case (M07)."""

    code = "role.missing"


class NotPrinted(Conflict):
    """The paper is not there yet, or could not be made: `state` says which."""

    code = "paper.not_printed"
    message = "This paper is not printed."


def ask(session: Session, case: Case, *, kind: str, subject_id: UUID | None, by: Actor, now: datetime) -> Paper:
    """Ask for a paper of a locked case. The same content again is the same paper; changed content, its next edition.

    Raises MayNotPrint, NoSuchSubject, and what the kind's own content refuses.
    """
    row = PAPERS[kind]
    if not by.has(*row.by):
        raise MayNotPrint
    content = _plain(asdict(row.read(session, case, subject_id, now)))
    digest = hashlib.sha256(json.dumps(content, ensure_ascii=False, sort_keys=True).encode()).digest()
    of_this = _same(case, kind, subject_id)
    same = select(Paper).where(*of_this, Paper.content_sha256 == digest, Paper.state != "failed")
    known = session.scalars(same).one_or_none()
    if known is not None:
        return known
    edition = session.scalar(select(func.coalesce(func.max(Paper.edition), 0) + 1).where(*of_this))
    paper = Paper(
        case_id=case.id, kind=kind, subject_id=subject_id, edition=edition, state="asked", content=content,
        content_sha256=digest, code=secrets.token_hex(8) if row.public else None, asked_by=by.account_id, asked_at=now,
    )  # fmt: skip
    session.add(paper)
    session.flush()
    trail.record(session, case, Kind.PAPER_ASKED, by=by, now=now, rule=row.rule, paper=kind, edition=paper.edition)
    return paper


def find(session: Session, paper_id: UUID, *, by: Actor) -> Paper:
    """A paper of a case that the actor may see. Raises NoSuchPaper."""
    statement = select(Paper).join(Case, Case.id == Paper.case_id).where(Paper.id == paper_id, access.visible_to(by))
    paper = session.scalars(statement).one_or_none()
    if paper is None:
        raise NoSuchPaper
    return paper


def printed(session: Session, paper_id: UUID, *, by: Actor) -> Paper:
    """A paper whose PDF is there. Raises NoSuchPaper, NotPrinted."""
    paper = find(session, paper_id, by=by)
    if paper.state != "printed":
        raise NotPrinted(state=paper.state)
    return paper


def papers_of(session: Session, case: Case) -> list[Paper]:
    """Every paper of a case that the actor was allowed to load, the newest first."""
    return list(
        session.scalars(select(Paper).where(Paper.case_id == case.id).order_by(Paper.asked_at.desc(), Paper.id))
    )


def _same(case: Case, kind: str, subject_id: UUID | None) -> tuple[ColumnElement[bool], ...]:
    subject = Paper.subject_id.is_(None) if subject_id is None else Paper.subject_id == subject_id
    return Paper.case_id == case.id, Paper.kind == kind, subject


def _plain(value: Any) -> Any:
    """A value as JSON keeps it: instants as text, tuples as lists."""
    if isinstance(value, dict):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, datetime) else value

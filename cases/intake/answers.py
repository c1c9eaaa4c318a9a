"""What a reporter adds through the code, once for each id (R3, R8–R10).

A supplement, an answer, a message, a rating, the wish for a review, or the withdrawal. What is said of the matter may
have photos, which follow as those of the report do.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import policy, trail
from cases.intake.additions import promise
from cases.intake.submission import PromisedPhoto
from cases.intake.tracking import RATED_IN, by_code, open_question
from cases.journey import Kind
from cases.lifecycle import deciding, naming, retaliation, thread
from cases.lifecycle import report as machine
from cases.lifecycle.machine import sources
from cases.lifecycle.replies import newest_reply
from cases.lifecycle.report import REPORT_MOVES
from cases.lifecycle.review import may_be_asked, until
from cases.models.reply import ReviewRequest
from cases.models.report import ENDED, Answer, Report
from kit.errors import Conflict, Invalid, TooMany
from people.actors import CITIZEN

OF_THE_MATTER = ("supplement", "answer")


class NotOpen(Conflict):
    """There is no such open question, or the report takes nothing more."""

    code = "answer.not_open"
    message = "This cannot be added any more."


class AnswerIdReused(Invalid):
    """This id was used for another addition."""

    code = "answer.id_reused"
    message = "This id was used for something else."
    pointer = "/id"


@dataclass(frozen=True)
class Addition:
    """One addition; `fingerprint` is the hash of its content."""

    client_id: UUID
    fingerprint: bytes
    typed_code: str
    kind: str
    question_id: UUID | None
    text: str
    satisfaction: int | None = None
    enough: bool = False
    photos: tuple[PromisedPhoto, ...] = ()


def fingerprint(
    kind: str,
    question_id: UUID | None,
    text: str,
    satisfaction: int | None = None,
    *,
    enough: bool = False,
    photos: Sequence[PromisedPhoto] = (),
) -> bytes:
    """The hash of what an addition says, by which a repetition is known whichever way it comes."""
    content = f"{kind}|{question_id}|{text}"
    if kind == "rating":
        content += f"|{satisfaction}|{enough}"
    content += "".join(f"|{photo.id}|{photo.sha256}" for photo in photos)
    return hashlib.sha256(content.encode()).digest()


def add(session: Session, addition: Addition, *, now: datetime) -> tuple[Report, Answer, bool]:
    """Store an addition; gives the report, the stored answer and whether it is a replay.

    Raises Mistyped, UnknownCode, NotOpen, AnswerIdReused, PhotoIdReused, TooManyPhotos, TooMany.
    """
    report = by_code(session, addition.typed_code, lock=True)
    known = session.get(Answer, addition.client_id)
    if known is not None:
        if known.report_id != report.id or known.body_hash != addition.fingerprint:
            raise AnswerIdReused
        return report, known, True
    _ACTS[addition.kind](session, report, addition, now)
    if addition.kind in OF_THE_MATTER:
        naming.note(session, report, addition.text)
    promise(session, report, addition.photos, now=now)
    answer = Answer(
        client_id=addition.client_id, report_id=report.id, body_hash=addition.fingerprint, kind=addition.kind,
        question_id=addition.question_id, received_at=now, photos=len(addition.photos),
        text="" if addition.kind == "retaliation" else addition.text,  # which stands where the desk does not look
    )  # fmt: skip
    session.add(answer)
    session.flush()
    return report, answer, False


def _supplement(session: Session, report: Report, _: Addition, now: datetime) -> None:
    """More of the matter. The desk hears of it, for it may have let the report go long ago."""
    if report.state in ENDED:
        raise NotOpen
    _not_too_many(session, report, now, kind="supplement")
    _unheard(report, now)
    trail.record(session, report, Kind.SUPPLEMENTED, by=CITIZEN, now=now)


def _answer(session: Session, report: Report, addition: Addition, now: datetime) -> None:
    """What was asked. A report that went on without it does not come back: the desk hears of more (R3, X33)."""
    question = open_question(session, report, now=now)
    if question is None or question.id != addition.question_id:
        raise NotOpen
    question.answered_at = now
    if report.state != "need_more":
        _unheard(report, now)
        trail.record(session, report, Kind.SUPPLEMENTED, by=CITIZEN, now=now)
        return
    machine.move(report, "hear_answer", by=CITIZEN)
    due_at = deciding.begin_anew(session, report, now=now)
    trail.record(session, report, Kind.ANSWERED, by=CITIZEN, now=now, follow_at=due_at)


def _withdraw(session: Session, report: Report, _: Addition, now: datetime) -> None:
    if "withdraw" not in sources(REPORT_MOVES, report.state):
        raise NotOpen
    machine.move(report, "withdraw", by=CITIZEN)
    trail.record(session, report, Kind.WITHDRAWN, by=CITIZEN, now=now)


def _rate(session: Session, report: Report, addition: Addition, now: datetime) -> None:
    """The last rating counts, as long as the report is open; `enough` may be taken back until it closes."""
    told = newest_reply(session, report)
    if told is None or report.state not in RATED_IN:
        raise NotOpen
    told.satisfaction, told.rated_at, told.enough = addition.satisfaction, now, addition.enough
    trail.record(
        session, report, Kind.RATED, by=CITIZEN, now=now, satisfaction=addition.satisfaction, enough=addition.enough
    )


def _ask_review(session: Session, report: Report, addition: Addition, now: datetime) -> None:
    """R8: who was replied to asks, within its days, once; other people look, and a reply tells what they found."""
    if not may_be_asked(session, report, now):
        raise NotOpen
    machine.move(report, "ask_review", by=CITIZEN)
    report.reply_due_at = until(session, report, "re_verify", now, now)
    session.add(
        ReviewRequest(report_id=report.id, reason=addition.text, asked_at=now, due_at=report.reply_due_at)
    )  # fmt: skip
    trail.record(session, report, Kind.REVIEW_REQUESTED, by=CITIZEN, now=now)


def _write(session: Session, report: Report, _: Addition, now: datetime) -> None:
    """A message to the desk, which hears of it; also about a report that has ended (C12 Q4)."""
    if not thread.is_open(report):
        raise NotOpen
    _not_too_many(session, report, now)
    _unheard(report, now)
    trail.record(session, report, Kind.MESSAGE_RECEIVED, by=CITIZEN, now=now)


def _unheard(report: Report, now: datetime) -> None:
    report.unheard_since = report.unheard_since or now
    report.version += 1  # so that nobody says to have heard what came after they looked


def _tell_of_retaliation(session: Session, report: Report, addition: Addition, now: datetime) -> None:
    """Q9: past the desk and every handler, in whatever state the report is."""
    _not_too_many(session, report, now, kind="retaliation")
    retaliation.file(session, report, text=addition.text, now=now)


def _not_too_many(session: Session, report: Report, now: datetime, *, kind: str = "message") -> None:
    """So many of a kind in a day, that nobody can be drowned in them. Raises TooMany."""
    day = timedelta(days=1)
    since = select(func.count(), func.min(Answer.received_at)).where(
        Answer.report_id == report.id, Answer.kind == kind, Answer.received_at > now - day
    )
    count, first = session.execute(since).one()
    if count >= policy.value(session, "messages_a_day", now):
        raise TooMany(retry_after_s=int((first + day - now).total_seconds()) + 1)


_ACTS = {
    "message": _write,
    "retaliation": _tell_of_retaliation,
    "supplement": _supplement, "answer": _answer, "withdrawal": _withdraw, "rating": _rate,
    "review_request": _ask_review,
}  # fmt: skip

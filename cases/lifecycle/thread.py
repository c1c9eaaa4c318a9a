"""The masked thread: what the desk and a reporter have said to each other, as both of them read it.

One thread of everything: questions and their answers (R3), supplements, and messages either way. Neither side is named.
What would give somebody away in a reporter's message is covered when it is shown, to the reporter as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.report import Answer, Question, Report
from cases.models.thread import Message
from cases.wording import Known, covered

DESK, REPORTER, SYSTEM = "desk", "reporter", "system"
SPOKEN = ("supplement", "answer", "message")  # kinds of additions that are words of the reporter to the desk
CLOSED = ("withdrawn",)


@dataclass(frozen=True)
class Line:
    """One line of the thread; `sender` is desk, reporter or system."""

    id: UUID
    sender: str
    kind: str
    text: str
    sent_at: datetime
    photos: int = 0  # how many came with it


def lines(session: Session, report: Report, *, now: datetime, for_desk: bool = False) -> list[Line]:
    """The whole thread, oldest first. What the system says is said to the reporter alone."""
    known = Known(reference=report.reference, public_phones=public_phones(session, now))
    found = [*_from_the_desk(session, report), *_from_the_reporter(session, report, known)]
    return sorted((each for each in found if not (for_desk and each.sender == SYSTEM)), key=_by_time)


def is_open(report: Report) -> bool:
    """Whether either side may still write: until the report is withdrawn, also when it is closed."""
    return report.state not in CLOSED


def _from_the_desk(session: Session, report: Report) -> Iterator[Line]:
    for asked in session.scalars(select(Question).where(Question.report_id == report.id)):
        yield Line(asked.id, DESK, "question", asked.text, asked.asked_at)
    for sent in session.scalars(select(Message).where(Message.report_id == report.id)):
        yield Line(sent.id, sent.sender, "message", sent.text, sent.sent_at)


def _from_the_reporter(session: Session, report: Report, known: Known) -> Iterator[Line]:
    said = select(Answer).where(Answer.report_id == report.id, Answer.kind.in_(SPOKEN))
    for each in session.scalars(said):
        text = covered(each.text, known) if each.kind == "message" else each.text
        yield Line(each.client_id, REPORTER, each.kind, text, each.received_at, each.photos)


def public_phones(session: Session, now: datetime) -> frozenset[str]:
    """Phones that the district gives to everybody, in digits: they may stand in any text."""
    phones = policy.value(session, "reply_wording", now)["public_phones"]
    return frozenset("".join(filter(str.isdigit, phone)) for phone in phones)


def _by_time(line: Line) -> tuple[datetime, str]:
    return line.sent_at, str(line.id)

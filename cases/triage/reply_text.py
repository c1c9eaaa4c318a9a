"""R7: whether a text may go out: nothing of handlers, inner papers or third persons, and all that it must say.

What is known of the case is read here; the rules are pure (cases/wording).
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case, CaseEvent, Task
from cases.models.handling import Order, Visit
from cases.models.measure import Measure
from cases.models.penalty import Penalty
from cases.models.report import Report, ReportCase
from cases.wording import Contents, Known, lacking, leaks, looks_like_a_name
from kit.errors import Invalid
from people.models import Account


class UnfitWording(Invalid):
    """The text holds what its reporter must not read, or does not say what it must; `found` lists it all.

    Each find has a stable `code`, the `pointer` of its field, what it is in `zh` and `en`, and, where it stands in the
    text, `start` and `end` in code points.
    """

    code = "reply.wording"
    message = "The wording is not fit to be sent."


class UnfitMessage(UnfitWording):
    """The message names somebody; `found` lists it all."""

    code = "message.wording"


def must_give_nobody_away(session: Session, report: Report, *, text: str, now: datetime) -> None:
    """Raise UnfitMessage unless the text may go to the reporter: no officer, no third person, no inner number (R7)."""
    known = _known(session, report, policy.value(session, "reply_wording", now)["public_phones"])
    found = [{"pointer": "/text", **asdict(one)} for one in leaks(text, known)]
    if found:
        raise UnfitMessage(_told(found), pointer="/text", found=found)


def must_be_fit(session: Session, report: Report, *, text: str, unreachable: str = "", now: datetime) -> None:
    """Raise UnfitWording unless the text may be sent for the report's outcome (R7, C12, C14)."""
    value = policy.value(session, "reply_wording", now)
    known = _known(session, report, value["public_phones"])
    found = [
        {"pointer": pointer, **asdict(one)}
        for pointer, words in (("/text", text), ("/unreachable", unreachable))
        for one in leaks(words, known)
    ]
    found += [
        {"pointer": "/text", "code": part.code, "zh": part.zh, "en": part.en, "words": list(part.any_of)}
        for part in lacking(text, report.outcome or "", Contents.of(value))
    ]
    if found:
        raise UnfitWording(_told(found), pointer=str(found[0]["pointer"]), found=found)


def _told(found: list[dict[str, Any]]) -> str:
    return "Not fit to be sent: " + "; ".join(dict.fromkeys(str(one["en"]) for one in found)) + "."


def _known(session: Session, report: Report, public_phones: Iterable[str]) -> Known:
    case_id = session.scalar(select(ReportCase.case_id).where(ReportCase.report_id == report.id))
    visits = session.scalars(select(Visit).where(Visit.case_id == case_id)).all()
    penalties = session.scalars(select(Penalty).where(Penalty.case_id == case_id)).all()
    had_a_hand = set(session.scalars(select(Task.person_id).where(Task.case_id == case_id)))
    had_a_hand |= {who for visit in visits for who in (visit.officer_id, *visit.companion_ids)}
    accounts = session.execute(select(Account.id, Account.name)).all()
    acted = select(CaseEvent.actor_name).where(CaseEvent.case_id == case_id, CaseEvent.actor.like("officer:%"))
    return Known(
        handlers=frozenset({*session.scalars(acted), *(name for each, name in accounts if each in had_a_hand)}),
        officers=frozenset(name for _, name in accounts),
        persons=frozenset(_persons(session, case_id, visits, penalties)),
        numbers=frozenset(_numbers(session, case_id, visits, penalties)),
        reference=report.reference,
        public_phones=frozenset(re.sub(r"\D", "", phone) for phone in public_phones),
    )


def _persons(session: Session, case_id: Any, visits: Iterable[Visit], penalties: Iterable[Penalty]) -> Iterator[str]:
    """Whoever was there, was to put right, was held to a measure or penalised: persons, no units."""
    yield from (penalty.party for penalty in penalties if penalty.party_kind == "person")
    ordered = session.scalars(select(Order.responsible_party).where(Order.case_id == case_id))
    measured = session.scalars(select(Measure.party).where(Measure.case_id == case_id))
    there = (name for visit in visits for name in re.split(r"[\s,，、;；/（）()]+", visit.people_present or ""))
    yield from (name for name in (*ordered, *measured, *there) if looks_like_a_name(name))


def _numbers(session: Session, case_id: Any, visits: Iterable[Visit], penalties: Iterable[Penalty]) -> Iterator[str]:
    """Of the case, of certificates, and of penalties that are not public yet (F12)."""
    yield from session.scalars(select(Case.number).where(Case.id == case_id))
    yield from (str(row["number"]) for visit in visits for row in visit.certificates)
    yield from (each.number for each in penalties if each.number is not None and each.published_at is None)

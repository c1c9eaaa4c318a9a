"""Q2: all that handlers get of a citizen's words and photos: the redactor proposes it, a person confirms it."""

import hashlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import photos, trail
from cases.journey import Kind
from cases.lifecycle.thread import public_phones
from cases.models.case import Case
from cases.models.handling import Picture
from cases.models.report import Answer, Report, ReportCase
from cases.triage.reports import NotLinked
from cases.wording import MAY_STAY, Known, Proposal, propose, unfit
from kit.errors import Invalid
from people.actors import Actor
from people.models import Account

TOLD_LATER = ("supplement", "answer")  # messages stand in the thread, and of retaliation the desk reads nothing (Q9)


class PhotoNotReady(Invalid):
    """A photo that is not of this report, or on which nobody has confirmed what is hidden, cannot be released (E4)."""

    code = "extract.photo_not_ready"
    pointer = "/photo_ids"


class UnfitExtract(Invalid):
    """The text would give somebody away; `found` lists it all.

    Each find has a stable `code`, `start` and `end` in code points, what it is in `zh` and `en`, and whether it
    `may_stay`: then the desk may send its code in `overruling`, with the reason.
    """

    code = "extract.wording"
    pointer = "/text"


class PlaceMissing(Invalid):
    """The case has no point, and no words say where it is: nobody would find it (T1)."""

    code = "extract.place_missing"
    message = "Say where it is; the case has no point on the map."
    pointer = "/place"


@dataclass(frozen=True)
class Overruling:
    """Codes of finds that are facts of the case and stay in the text, and why; of those that may never, none does."""

    codes: frozenset[str]
    reason: str


@dataclass(frozen=True)
class Redacted:
    """What a reporter has said, and what the redactor would make of it for handlers; `place` is that of the address."""

    source: str
    proposal: Proposal
    place: Proposal


def redacted(session: Session, report: Report, *, now: datetime) -> Redacted:
    """All that the reporter has told of the matter until now, the report first, with the redactor's proposal."""
    later = select(Answer.text).where(Answer.report_id == report.id, Answer.kind.in_(TOLD_LATER))
    source = "\n".join([report.text, *session.scalars(later.order_by(Answer.received_at))])
    known = _known(session, report, now)
    return Redacted(source, propose(source, known), propose(report.address or "", known))


def confirm_extract(
    session: Session,
    report: Report,
    case: Case,
    *,
    text: str,
    photo_ids: Sequence[UUID],
    by: Actor,
    now: datetime,
    place: str = "",
    overruling: Overruling | None = None,
) -> Case:
    """Release a text and chosen masked photos of a locked report to its locked case, once more or anew.

    `place` says in words where it is, and replaces what said so before; without it that stays.
    The report's trail says who confirmed it and when, whether it is what was proposed, and what stays by whose reason.
    Raises NotLinked, UnfitExtract, PlaceMissing, PhotoNotReady.
    """
    linked = session.get(ReportCase, report.id)
    if linked is None or linked.case_id != case.id:
        raise NotLinked
    if case.point is None and not (place or case.place_text):
        raise PlaceMissing
    known = _known(session, report, now)
    stays = sorted(_must_be_fit(text, known, overruling) | _must_be_fit(place, known, overruling, "/place"))
    _release(session, report, case, photo_ids, now=now)
    as_proposed = redacted(session, report, now=now).proposal.text == text
    case.extract, case.extract_confirmed_at, case.place_text = text, now, place or case.place_text
    case.version += 1
    trail.record(session, case, Kind.EXTRACT_RELEASED, by=by, now=now, pictures=len(photo_ids))
    trail.record(
        session, report, Kind.EXTRACT_CONFIRMED, by=by, now=now, sha256=hashlib.sha256(text.encode()).hexdigest(),
        as_proposed=as_proposed, stays=stays, reason=overruling.reason if overruling and stays else None,
    )  # fmt: skip
    return case


def _must_be_fit(text: str, known: Known, overruling: Overruling | None, pointer: str = "/text") -> set[str]:
    """The codes of what stays in the text. Raises UnfitExtract for all else that was found."""
    found = unfit(text, known)
    may = MAY_STAY & overruling.codes if overruling else frozenset()
    if any(one.code not in may for one in found):
        told = "; ".join(dict.fromkeys(one.en for one in found if one.code not in may))
        raise UnfitExtract(
            f"It would give somebody away: {told}.",
            pointer=pointer,
            found=[
                {"pointer": pointer, **asdict(one), "may_stay": one.code in MAY_STAY}
                for one in found
                if one.code not in may
            ],
        )
    return {one.code for one in found}


def _release(session: Session, report: Report, case: Case, photo_ids: Sequence[UUID], *, now: datetime) -> None:
    found = photos.masked(session, report, photo_ids)
    if not set(photo_ids) <= set(found):
        raise PhotoNotReady
    for photo_id in photo_ids:
        # A new row with a new id: nothing on the handling side leads back to the citizen's file.
        session.add(
            Picture(
                case_id=case.id, role="extract", received_at=now, state="clean",
                large_key=found[photo_id].large_key, small_key=found[photo_id].small_key,
            )
        )  # fmt: skip


def _known(session: Session, report: Report, now: datetime) -> Known:
    """Whoever is named in a report need not be told of it; only names of three signs and more are surely names."""
    return Known(
        officers=frozenset(session.scalars(select(Account.name))),
        reference=report.reference,
        public_phones=public_phones(session, now),
    )

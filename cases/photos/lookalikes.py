"""The same photo twice (T12, X20, X54): found by what it looks like, for a person to look at; nothing is refused.

Photos of reports are compared with photos of other reports, and officers' pictures with those of other cases; never one
with the other, or a case would learn of its reports (X42).
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, case, func, insert, literal, or_, select
from sqlalchemy.dialects.postgresql import BIT, BitString
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from cases.models.handling import Picture
from cases.models.report import Lookalike, Report, ReportPhoto
from kit.images import SAME_WITHIN, Likeness

_ONE_AT_A_TIME: Final = "lookalikes"  # two that come at once would not see each other


@dataclass(frozen=True, slots=True)
class Seen:
    """Another report that has a photo which looks the same, perhaps mirrored."""

    report_id: UUID
    reference: str
    mirrored: bool


def note_photo(session: Session, photo: ReportPhoto, found: Likeness) -> None:
    """Keep what a locked photo looks like, and which photos of other reports look the same."""
    _wait_for_turn(session)
    other = aliased(ReportPhoto)
    straight, mirrored = _apart(other.likeness, found.straight), _apart(other.likeness, found.mirrored)
    same = (
        select(literal(photo.id), other.id, func.least(straight, mirrored), mirrored < straight)
        .where(other.report_client_id != photo.report_client_id, func.least(straight, mirrored) <= SAME_WITHIN)
    )  # fmt: skip
    session.execute(insert(Lookalike).from_select(["photo_id", "other_id", "bits_apart", "mirrored"], same))
    photo.likeness = BitString(found.straight)
    session.flush()


def note_picture(session: Session, picture: Picture, found: Likeness) -> None:
    """Keep what an officer's locked picture looks like, and whether another case has one that looks the same."""
    _wait_for_turn(session)
    apart = func.least(_apart(Picture.likeness, found.straight), _apart(Picture.likeness, found.mirrored))
    same = select(Picture.id).where(Picture.case_id != picture.case_id, apart <= SAME_WITHIN)
    picture.alike = session.scalar(same.limit(1)) is not None
    picture.likeness = BitString(found.straight)
    session.flush()


def seen_before(session: Session, photo_ids: Collection[UUID]) -> dict[UUID, list[Seen]]:
    """For each of a report's photos, the other reports that have the same, the oldest first."""
    if not photo_ids:
        return {}
    mine, other = aliased(ReportPhoto), aliased(ReportPhoto)
    rows = session.execute(
        select(mine.id, Report.id, Report.reference, func.bool_and(Lookalike.mirrored))
        .join(Lookalike, or_(Lookalike.photo_id == mine.id, Lookalike.other_id == mine.id))
        .join(other, other.id == case((Lookalike.photo_id == mine.id, Lookalike.other_id), else_=Lookalike.photo_id))
        .join(Report, Report.client_id == other.report_client_id)
        .where(mine.id.in_(photo_ids))
        .group_by(mine.id, Report.id)
        .order_by(Report.received_at, Report.id)
    )
    found = defaultdict[UUID, list[Seen]](list)
    for photo_id, *seen in rows:
        found[photo_id].append(Seen(*seen))
    return found


def _apart(kept: InstrumentedAttribute[BitString | None], bits: str) -> ColumnElement[Any]:
    """In how many places two likenesses differ; null where one is not known."""
    return func.bit_count(kept.bitwise_xor(literal(BitString(bits), BIT(len(bits)))))


def _wait_for_turn(session: Session) -> None:
    session.execute(select(func.pg_advisory_xact_lock(func.hashtext(_ONE_AT_A_TIME))))

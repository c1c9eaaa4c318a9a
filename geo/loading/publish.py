"""One atomic swap: the old edition's time ends where the new one's begins, and readers see one or the other (X07)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final

import shapely
from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from geo.loading.fields import Town
from geo.loading.preview import PRIORITY, editions_in_force
from geo.models import DRAFT, IN_FORCE, LIVE, REJECTED, RETIRED, Boundary, Edition, Unit
from geo.names import initials
from geo.shapes import areal, loaded, stored
from kit.errors import Conflict, NotFound, Stale

_ONE_SWAP_AT_A_TIME: Final = text("select pg_advisory_xact_lock(hashtext('geo.loading.publish'))")


class EffectiveTooEarly(Conflict):
    """An edition that has already answered for the chosen day cannot be replaced without rewriting history."""

    code = "boundaries.effective_too_early"
    message = "An edition already in force begins on that day or later; choose a later day."


class ChangedMeanwhile(Stale):
    """Another edition came into force since the preview was drawn."""

    code = "boundaries.changed_meanwhile"
    message = "The boundaries in force have changed since the preview; look at it again."


class NotADraft(Conflict):
    """Only a draft can be published or rejected."""

    code = "boundaries.not_a_draft"
    message = "This edition is not a draft any more."


class NoSuchEdition(NotFound):
    """There is no edition of this number."""

    code = "boundaries.no_such_edition"
    message = "There is no such edition."


def stage(
    session: Session, towns: Sequence[Town], *, facts: dict[str, Any], layer: str, effective_at: datetime, now: datetime
) -> list[Edition]:
    """Store a draft for each district of the towns (they must be settled). A draft answers nothing; ids are set.

    `facts` are the columns of `Edition` that tell where the file came from and what was found in it.
    """
    drafts = []
    for district in sorted({town.district_code for town in towns}):
        draft = Edition(
            **facts,
            district_code=district,
            layer=layer,
            state=DRAFT,
            valid=Range(effective_at, None),
            created_at=now,
        )
        session.add(draft)
        session.flush()
        for town in towns:
            if town.district_code == district:
                session.add(_boundary(session, town, draft))
        session.flush()
        drafts.append(draft)
    return drafts


def _boundary(session: Session, town: Town, draft: Edition) -> Boundary:
    unit = session.get(Unit, town.unit_id) if town.unit_id is not None else None
    if unit is None:
        unit = Unit(code=str(town.code), district_code=town.district_code, open_from=_begins(draft))
        session.add(unit)
    unit.code, unit.kind, unit.name_zh, unit.name_en = str(town.code), town.kind, town.name_zh, town.name_en
    unit.pinyin, unit.closed_on, unit.successor_id = initials(town.name_zh), None, None
    session.flush()
    return Boundary(
        edition_id=draft.id, unit_id=unit.id, priority=PRIORITY[draft.layer], geom=stored(areal(town.shape))
    )


def publish(
    session: Session, drafts: Sequence[Edition], *, approved_by: str, base: Iterable[int] | None = None
) -> None:
    """Bring drafts into force at their effective time, all in the caller's one transaction, under one lock.

    `base` are the editions that the preview was drawn against. Raises ChangedMeanwhile, NotADraft, EffectiveTooEarly.
    """
    session.execute(_ONE_SWAP_AT_A_TIME)
    effective_at = _begins(drafts[0])
    districts = {draft.district_code for draft in drafts}
    if base is not None and {each.id for each in editions_in_force(session, districts, effective_at)} != set(base):
        raise ChangedMeanwhile
    for draft in drafts:
        _swap(session, draft, approved_by)
    session.flush()


def _swap(session: Session, draft: Edition, approved_by: str) -> None:
    if draft.state != DRAFT:
        raise NotADraft
    effective_at = _begins(draft)
    previous = _before(session, draft, effective_at)
    if previous is not None:
        previous.valid, previous.state = Range(previous.valid.lower, effective_at), RETIRED
        session.flush()
        _close_left_out(session, previous, draft, effective_at)
    draft.state, draft.approved_by = LIVE, approved_by


def _before(session: Session, draft: Edition, effective_at: datetime) -> Edition | None:
    """The edition that is followed. One that was to begin later is set aside if it never answered."""
    line = session.scalars(
        select(Edition)
        .where(Edition.district_code == draft.district_code, Edition.layer == draft.layer, Edition.state.in_(IN_FORCE))
        .order_by(Edition.valid.desc())
        .with_for_update()
    ).all()
    for edition in line:
        if _begins(edition) < effective_at:
            return edition
        if _begins(edition) <= draft.created_at:
            raise EffectiveTooEarly
        edition.state = REJECTED
        session.flush()
    return None


def _close_left_out(session: Session, previous: Edition, draft: Edition, effective_at: datetime) -> None:
    """A unit that the new edition leaves out closes; its successor is who takes most of its territory."""
    coming = _areas(session, draft)
    elsewhere = _units_elsewhere(session, draft, effective_at)
    for unit_id, area in _areas(session, previous).items():
        if unit_id in coming or unit_id in elsewhere:
            continue
        shares = {each: shapely.intersection(area, other).area for each, other in coming.items()}
        heir = max(shares, key=lambda each: shares[each])
        unit = session.get_one(Unit, unit_id)
        unit.closed_on, unit.successor_id = effective_at, heir if shares[heir] > 0 else None


def _units_elsewhere(session: Session, draft: Edition, effective_at: datetime) -> set[int]:
    """The units that another layer gives territory to: a town that becomes a special zone goes on."""
    others = editions_in_force(session, [draft.district_code], effective_at)
    editions = [edition.id for edition in others if edition.layer != draft.layer]
    return set(session.scalars(select(Boundary.unit_id).where(Boundary.edition_id.in_(editions))))


def _begins(edition: Edition) -> datetime:
    if edition.valid.lower is None:
        raise AssertionError("ck_edition_valid lets no edition be without a beginning")
    return edition.valid.lower


def _areas(session: Session, edition: Edition) -> dict[int, Any]:
    rows = session.scalars(select(Boundary).where(Boundary.edition_id == edition.id))
    return {row.unit_id: loaded(row.geom) for row in rows}


def reject(session: Session, edition_id: int) -> Edition:
    """Set a draft aside for good; raises NoSuchEdition or NotADraft."""
    draft = session.get(Edition, edition_id, with_for_update=True)
    if draft is None:
        raise NoSuchEdition
    if draft.state != DRAFT:
        raise NotADraft
    draft.state = REJECTED
    return draft

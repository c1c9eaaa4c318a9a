"""From a file that was read to boundaries in force: `prepare` looks and changes nothing, `carry_out` swaps them in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

import shapely
from shapely import MultiPolygon
from sqlalchemy.orm import Session

from geo.datums import Datum
from geo.loading import checks, fields, identity, measuring, mending, placing, publish
from geo.loading import preview as previewing
from geo.loading.fields import BY_SPELLING, Columns, Town
from geo.loading.findings import Finding, errors
from geo.loading.measuring import Measured
from geo.loading.preview import OpenCases, Preview
from geo.loading.source import Source
from geo.models import ADMIN, Edition
from geo.shapes import areal
from kit.errors import Conflict, Invalid


class Faulty(Invalid):
    """The file has errors: they stand in `findings`, all at once."""

    code = "boundaries.faulty"
    message = "The file has errors and cannot come into force."


class DatumHeld(Conflict):
    """The file fits a trusted outline under another datum than it was declared with (X04)."""

    code = "boundaries.datum_mismatch"
    message = "The file is held: its coordinates fit another datum than the declared one."


class AlreadyInForce(Conflict):
    """The very same file answers already."""

    code = "boundaries.already_in_force"
    message = "This file is already in force; there is nothing to change."


@dataclass(frozen=True, slots=True)
class Order:
    """What a person says about a file, and wants done with it."""

    datum: Datum
    effective_at: datetime
    layer: str = ADMIN
    district: str | None = None
    crs: str | None = None
    """Overrides the CRS of a file that has none, or a wrong one."""
    columns: Columns = BY_SPELLING
    repair: bool = False
    accept_datum: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """An import that has been thought through: the towns in WGS-84, all that was found, and what would change."""

    source: Source
    order: Order
    towns: tuple[Town, ...]
    findings: tuple[Finding, ...]
    measured: Measured | None
    preview: Preview | None
    """None while there are errors."""

    @property
    def districts(self) -> tuple[str, ...]:
        """The districts that the file speaks of: each gets an edition of its own."""
        return tuple(sorted({town.district_code for town in self.towns}))

    def as_report(self) -> dict[str, object]:
        """What the editions keep of it."""
        return {
            "findings": [finding.as_dict() for finding in self.findings],
            "datum": self.measured.as_dict() if self.measured else None,
            "preview": self.preview.as_dict() if self.preview else None,
            "encoding": self.source.encoding,
            "format": self.source.format,
        }


def prepare(
    session: Session,
    source: Source,
    order: Order,
    *,
    outline: Source | None = None,
    open_cases: OpenCases | None = None,
) -> Plan:
    """Think an import through without changing anything.

    `outline` is a trusted file in WGS-84 or CGCS2000; without one, the edition in force serves. Raises the refusals of
    what cannot be read at all; everything else is among the findings.
    """
    towns, found = fields.towns(source.features, order.layer, order.columns, order.district)
    raw = placing.in_degrees(session, [town.shape for town in towns], order.crs or source.crs)
    trusted = _outline(session, towns, raw, order, outline)
    measured = measuring.measure(raw, *trusted) if trusted else None
    found.append(measuring.told(measured, order.datum, accepted=order.accept_datum))
    moved = placing.in_wgs84(raw, order.datum)
    towns = [replace(town, shape=shape) for town, shape in zip(towns, moved, strict=True)]
    if order.repair:
        towns, done = mending.mended(towns, order.layer)
        found += done
    found += checks.findings(towns, order.layer, trusted[0] if trusted else None)
    if errors(found):
        return Plan(source, order, tuple(towns), tuple(found), measured, None)
    towns = identity.settled(session, towns)
    seen = previewing.preview(session, towns, order.layer, order.effective_at, open_cases)
    return Plan(source, order, tuple(towns), tuple(found), measured, seen)


def _outline(
    session: Session, towns: Sequence[Town], raw: Sequence[object], order: Order, outline: Source | None
) -> tuple[MultiPolygon, str] | None:
    """The trusted territory and its name. Special jurisdictions fill no outline, so theirs is not measured."""
    if order.layer != ADMIN:
        return None
    wanted = {town.district_code for town in towns}
    if outline is not None:
        shapes = placing.in_degrees(session, [each.shape for each in outline.features], outline.crs)
        codes = [_district_of(each.facts.values()) for each in outline.features]
        near = shapely.box(*shapely.total_bounds(raw))
        return measuring.outline_of(shapes, codes, wanted, near), outline.name
    present = previewing.editions_in_force(session, wanted, order.effective_at, ADMIN)
    if {edition.district_code for edition in present} != wanted:
        return None
    union = areal(shapely.union_all([each.area for each in previewing.holdings(session, present)]))
    return union, "the edition in force"


def _district_of(facts: Iterable[object]) -> str:
    texts = [fields.as_text(fact) for fact in facts]
    return next((text for text in texts if text.isdigit() and len(text) == 6), "")  # noqa: PLR2004 - a county's code


def carry_out(session: Session, plan: Plan, *, imported_by: str, approved_by: str, now: datetime) -> list[Edition]:
    """Bring a plan into force: one edition for each district, all or none, in the caller's transaction.

    Raises Faulty or DatumHeld while there are errors, AlreadyInForce, and the refusals of geo.loading.publish.
    """
    faults = errors(plan.findings)
    if faults or plan.preview is None:
        kind = DatumHeld if {fault.code for fault in faults} == {"datum_mismatch"} else Faulty
        raise kind(findings=[fault.as_dict() for fault in faults])
    if is_in_force(session, plan.source, plan.order.layer, plan.districts, plan.order.effective_at):
        raise AlreadyInForce
    facts = {
        "source_name": plan.source.name,
        "source_sha256": plan.source.sha256,
        "source_crs": plan.order.crs or plan.source.crs,
        "declared_datum": plan.order.datum.value,
        "measured_datum": plan.measured.best.value if plan.measured else None,
        "report": plan.as_report(),
        "imported_by": imported_by,
        "approved_by": None,
    }
    order = plan.order
    drafts = publish.stage(
        session, plan.towns, facts=facts, layer=order.layer, effective_at=order.effective_at, now=now
    )
    publish.publish(session, drafts, approved_by=approved_by, base=plan.preview.base)
    return drafts


def is_in_force(session: Session, source: Source, layer: str, districts: Iterable[str], at: datetime) -> bool:
    """Whether this very file answers for all of these districts at a moment."""
    wanted = set(districts)
    present = previewing.editions_in_force(session, wanted, at, layer)
    same = {edition.district_code for edition in present if edition.source_sha256 == source.sha256}
    return bool(wanted) and same == wanted

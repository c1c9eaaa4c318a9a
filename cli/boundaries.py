"""`./jz import-boundaries`: town boundaries from a file, looked at by a person before they come into force."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from enum import StrEnum
from getpass import getuser
from pathlib import Path
from typing import Annotated

import typer
from shapely import MultiPolygon, total_bounds
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.models.case import Case
from cli.refusal import CannotGoOn
from geo.datums import Datum
from geo.loading import plan, reading
from geo.loading.fields import Columns
from geo.loading.findings import errors
from geo.loading.preview import Preview
from geo.loading.source import Source
from geo.models import ADMIN, JURISDICTION
from geo.shapes import stored
from kit import clock
from kit.db import OWNER, unit_of_work

MARKS = {"error": "ERROR  ", "warning": "warning", "note": "note   "}
MOST_LINES = 60
HALF_ROUND = 180.0
ABOUT_A_KILOMETRE = 0.01  # degrees by which the search for a trusted outline goes beyond the file


class Layer(StrEnum):
    """Towns, which share all borders; or special jurisdictions, which lie over them and take precedence."""

    ADMIN = ADMIN
    JURISDICTION = JURISDICTION


def import_boundaries(
    file: Annotated[Path, typer.Argument(help="A GeoJSON, a GeoPackage or a Shapefile (.shp).", dir_okay=False)],
    *,
    datum: Annotated[Datum, typer.Option(help="The datum of its coordinates, as its source declares it.")],
    effective: Annotated[str, typer.Option(help="The first day on which it answers, such as 2026-12-01.")],
    layer: Annotated[Layer, typer.Option(help="Towns, or special jurisdictions lying over them.")] = Layer.ADMIN,
    district: Annotated[str, typer.Option(help="Six digits; only its rows are taken.")] = "",
    trusted_outline: Annotated[
        Path | None, typer.Option(help="An outline of the district, to measure the datum.")
    ] = None,
    accept_datum: Annotated[bool, typer.Option(help="Take the declared datum although another fits better.")] = False,
    encoding: Annotated[str, typer.Option(help="Of the names; else UTF-8 and GB18030 are tried.")] = "",
    crs: Annotated[str, typer.Option(help="For a file that tells none, such as EPSG:4548.")] = "",
    table: Annotated[str, typer.Option(help="Which table of a GeoPackage.")] = "",
    code_field: Annotated[str, typer.Option(help="The field that holds the division code.")] = "",
    name_field: Annotated[str, typer.Option(help="The field that holds the name.")] = "",
    repair: Annotated[bool, typer.Option(help="Mend slivers, rings and split rows, and tell what was done.")] = False,
    dry_run: Annotated[bool, typer.Option(help="Only look.")] = False,
    yes: Annotated[bool, typer.Option(help="Bring it into force without asking.")] = False,
) -> None:
    """Load town boundaries from a file: check, show what changes, ask, and swap them in at once."""
    source = reading.read(file, encoding=encoding or None, table=table or None)
    order = plan.Order(
        datum,
        _midnight(effective),
        layer=layer.value,
        district=district or None,
        crs=crs or None,
        columns=Columns(code=code_field or None, name=name_field or None),
        repair=repair,
        accept_datum=accept_datum,
    )
    outline = _outline(trusted_outline, source) if trusted_outline else None
    with unit_of_work(OWNER) as session:
        thought = plan.prepare(session, source, order, outline=outline, open_cases=_open_cases(session))
    _show(thought)
    if faults := errors(thought.findings):
        raise CannotGoOn(f"Nothing was changed: errors found: {len(faults)}. {_advice(thought)}")
    if dry_run:
        return
    if not yes and not _agreed():
        raise CannotGoOn("Nothing was changed.")
    by = f"cli:{getuser()}"
    with unit_of_work(OWNER) as session:
        editions = plan.carry_out(session, thought, imported_by=by, approved_by=by, now=clock.now())
        numbers = ", ".join(f"{edition.district_code} edition {edition.id}" for edition in editions)
    print(f"In force from {effective}: {numbers}.")


def _midnight(day: str) -> datetime:
    try:
        return datetime.combine(date.fromisoformat(day), time(), clock.LOCAL_ZONE).astimezone(UTC)
    except ValueError as wrong:
        raise CannotGoOn(f"{day} is not a day; write it as 2026-12-01.") from wrong


def _outline(path: Path, source: Source) -> Source:
    west, south, east, north = total_bounds([feature.shape for feature in source.features])
    if max(abs(west), abs(east)) > HALF_ROUND:
        return reading.read(path)  # the file is in metres, which tell no box in the outline's degrees
    around = ABOUT_A_KILOMETRE
    return reading.read(path, box=(west - around, south - around, east + around, north + around))


def _open_cases(session: Session) -> Callable[[int, MultiPolygon], int]:
    def count(unit_id: int, area: MultiPolygon) -> int:
        inside = func.st_intersects(Case.point, stored(area))
        wanted = select(func.count()).where(Case.unit_id == unit_id, Case.closed_at.is_(None), inside)
        return session.scalar(wanted) or 0

    return count


def _agreed() -> bool:
    if not sys.stdin.isatty():
        raise CannotGoOn("Nothing was changed: nobody is here to agree. Add --yes to bring it into force.")
    return typer.confirm("Bring these boundaries into force?")


def _advice(thought: plan.Plan) -> str:
    faults = errors(thought.findings)
    if any(fault.code == "datum_mismatch" for fault in faults):
        return "Ask where the file comes from; --datum corrects the declaration, --accept-datum insists on it."
    if all(fault.mendable for fault in faults):
        return "All of it can be mended with --repair."
    return "Correct the file, and import it again."


def _show(thought: plan.Plan) -> None:
    source = thought.source
    print(
        f"{source.name}: {source.format}, {source.encoding}, {source.crs or 'no CRS'}, {len(source.features)} features"
    )
    print(f"{len(thought.towns)} units of {', '.join(thought.districts)}; sha256 {source.sha256[:16]}…")
    for finding in thought.findings[:MOST_LINES]:
        where = f" at {finding.at[0]}, {finding.at[1]}" if finding.at else ""
        print(
            f"  {MARKS[finding.grade]} {' / '.join(finding.units)}{': ' if finding.units else ''}{finding.text}{where}"
        )
    if len(thought.findings) > MOST_LINES:
        print(f"  … and {len(thought.findings) - MOST_LINES} more")
    if thought.preview:
        _show_changes(thought.preview)


def _show_changes(preview: Preview) -> None:
    print("What changes:" if preview.changes or preview.renamed or preview.recoded else "No territory changes hands.")
    for change in preview.changes[:MOST_LINES]:
        cases = f", {change.open_cases} open cases" if change.open_cases else ""
        print(f"  {change.from_name or '(nobody)'} → {change.to_name or '(nobody)'}: {change.km2:.3f} km²{cases}")
    for word, names in (("opens", preview.opened), ("closes", preview.closed)):
        if names:
            print(f"  {word}: {'、'.join(names)}")
    for was, will in (*preview.renamed, *preview.recoded):
        print(f"  {was} is {will} now")

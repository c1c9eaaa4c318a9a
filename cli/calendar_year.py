"""`./jz enter-calendar`: a year's notice of holidays from a file, shown first and published on `--yes`."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from cases.policy.holiday_notices import HolidayNotice, Row
from cases.supervision import entering
from cases.supervision.entering import Preview, UnsoundNotice
from cli.refusal import CannotGoOn
from cli.terminal import say
from kit import clock
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work
from people.actors import SYSTEM

HEAD = ("day", "kind", "name")
SHOWN = 20


def enter_calendar(
    year: Annotated[int, typer.Argument(min=2020, max=2098, help="The year of the notice.")],
    file: Annotated[Path, typer.Argument(help="CSV with the columns day, kind (rest or work) and name.")],
    *,
    source: Annotated[str, typer.Option(help="The title of the notice.")],
    document: Annotated[str, typer.Option(help="Its number, such as 国办发明电〔2025〕7号.")],
    irregular: Annotated[str, typer.Option(help="Why its sums are not the usual ones, where they are not.")] = "",
    yes: Annotated[
        bool, typer.Option("--yes", help="Publish it; without this, only what would change is shown.")
    ] = False,
) -> None:
    """Enter the holidays and worked weekends of a year, or replace what was entered."""
    notice, now = HolidayNotice(year, _rows(file), source, document, irregular), clock.now()
    with unit_of_work(OWNER) as session:
        try:
            told = entering.preview(session, notice, by=SYSTEM, now=now)
            if yes:
                entering.publish(session, notice, by=SYSTEM, now=now)
        except UnsoundNotice as unsound:
            raise CannotGoOn(_faults(unsound)) from unsound
    _show(told)
    say(f"{year} is published." if yes else f"Nothing was changed. To publish {year}, say it again with --yes.")


def _rows(file: Path) -> tuple[Row, ...]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            read = csv.DictReader(lines)
            if tuple(read.fieldnames or ()) != HEAD:
                raise CannotGoOn(f"{file} begins with the line {','.join(HEAD)}.")
            return tuple(_row(file, number, line) for number, line in enumerate(read, 2))
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotGoOn(f"{file} cannot be read ({type(failure).__name__}).") from failure


def _row(file: Path, number: int, line: dict[str, str]) -> Row:
    try:
        return Row(
            date.fromisoformat((line["day"] or "").strip()), (line["kind"] or "").strip(), (line["name"] or "").strip()
        )
    except ValueError as wrong:
        raise CannotGoOn(f"{file}, line {number}: {line['day']!r} is no day such as 2027-01-01.") from wrong


def _faults(unsound: UnsoundNotice) -> str:
    lines = [f"  {each['zh']} ({each['en']})" for each in unsound.extra["faults"]]
    hint = (
        ""
        if any(not each["may_be_explained"] for each in unsound.extra["faults"])
        else ("\nIf the notice really says so, say why with --irregular.")
    )
    return "\n".join(["The rows cannot be published:", *lines]) + hint


def _show(told: Preview) -> None:
    say(f"{told.certain} deadlines become certain, {told.later} of them later; {told.waiting} go on waiting.")
    for each in told.items[:SHOWN]:
        whose = f"case {each['case']}" if "case" in each else f"report {each['report']}"
        was, until = (each[name].astimezone(LOCAL_ZONE).strftime("%Y-%m-%d %H:%M") for name in ("was", "until"))
        print(f"  {whose}, {each['clock']}: {was} -> {until}")
    if len(told.items) > SHOWN:
        print(f"  ... and {told.later - SHOWN} more")

"""What the software ships: seed files a person can read, put in as first versions (X32: every district edits them)."""

import csv
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases.models.policy import (
    CalendarDay,
    CalendarYear,
    Category,
    CategoryVersion,
    DeadlineProfile,
    DeadlineRule,
    DepartmentKind,
    DutyItem,
    MeasureType,
    PolicyValue,
    ReasonCode,
)
from cases.policy import shipped
from kit.db import Base

SEEDS = Path(__file__).parent / "seeds"
Row = dict[str, Any]
# What a category of the seed files leaves out because it is the common case.
USUAL: Row = {
    "routing": "town",
    "lead_rule": "all",
    "other_parties": [],
    "danger": False,
    "fix_at_once": False,
    "criminal_screen": False,
    "moving_object": False,
    "night_rule": False,
}


@dataclass(frozen=True)
class Update:
    """What an update has done: rows that got a new version, and rows that the district has edited and were left."""

    renewed: tuple[str, ...]
    left: tuple[str, ...]


def load_defaults(session: Session, now: datetime) -> Update:
    """Put in what the software ships. Safe to repeat.

    A row that is not there comes as its first version and holds from its shipped day. Where the newest version says
    what was shipped before, what is shipped now becomes a version more, from `now` on: nothing that was decided before
    is decided anew, and a case keeps what it was opened under (M03, D4). What the district has edited stays as it is,
    and is told of (X32). A calendar year that the district has published itself is left alone.
    """
    _add_missing(session, DepartmentKind, _csv("department_kinds.csv"))
    rows = shipped_rows()
    _add_missing(session, Category, [{"code": row["category_code"]} for row in rows[CategoryVersion]])
    renewed: list[str] = []
    left: list[str] = []
    for table, each in rows.items():
        _keep_up(session, table, each, now, renewed, left)
    _keep_up_limits(session, now, renewed, left)
    _add_calendar(session)
    return Update(tuple(renewed), tuple(left))


def shipped_rows() -> dict[type[Base], list[Row]]:
    """The rows of each table as they are shipped now, without version and day."""
    return {
        CategoryVersion: [{**USUAL, **row} for row in _categories()],
        PolicyValue: [{"key": key, **row} for key, row in _json("values.json").items()],
        ReasonCode: list(_placed(_csv("reasons.csv"))),
        DutyItem: _csv("duty_items.csv"),
        MeasureType: list(_placed(_powers())),
    }


def shipped_limits() -> list[Row]:
    """The limits of the profile as they are shipped now."""
    return [_rule(row) for row in _csv("deadlines.csv")]


def fingerprints_now() -> Iterator[tuple[str, str, str]]:
    """Of every shipped row its table, its key and its fingerprint; of the profile that of all its limits."""
    for table, rows in shipped_rows().items():
        for row in rows:
            yield table.__tablename__, shipped.key_of(table, row), shipped.fingerprint(table, row)
    code = _json("shipped.json")["profile"]["code"]
    yield DeadlineProfile.__tablename__, code, shipped.of_all(DeadlineRule, shipped_limits())


def _keep_up(session: Session, table: Any, rows: list[Row], now: datetime, renewed: list[str], left: list[str]) -> None:
    """The first version of what is missing, a next one of what nobody has edited."""
    newest: dict[str, Any] = {}
    for found in session.scalars(select(table).order_by(table.version)):
        newest[shipped.key_of(table, shipped.as_row(found))] = found
    known, wanted = shipped.shipped()[table.__tablename__], []
    for row in rows:
        key = shipped.key_of(table, row)
        found = newest.get(key)
        said = shipped.fingerprint(table, shipped.as_row(found)) if found is not None else None
        if found is None:
            wanted.append({**row, "version": 1, "effective_at": _shipped_day()})
        elif said == shipped.fingerprint(table, row):
            continue
        elif said in known.get(key, ()):
            wanted.append({**row, "version": found.version + 1, "effective_at": max(now, found.effective_at)})
            renewed.append(f"{table.__tablename__} {key}")
        else:
            left.append(f"{table.__tablename__} {key}")
    if wanted:
        _add_missing(session, table, wanted)


def _keep_up_limits(session: Session, now: datetime, renewed: list[str], left: list[str]) -> None:
    """The same for the profile, whose limits have one version together."""
    profile: Row = _json("shipped.json")["profile"]
    of_it = select(DeadlineProfile).where(DeadlineProfile.code == profile["code"])
    newest = session.scalars(of_it.order_by(DeadlineProfile.version.desc()).limit(1)).first()
    if newest is None:
        _add_profile(session, {**profile, "version": 1, "effective_at": _shipped_day()})
        return
    rules = session.scalars(select(DeadlineRule).where(DeadlineRule.profile_id == newest.id))
    said = shipped.of_all(DeadlineRule, [shipped.as_row(rule) for rule in rules])
    if said == shipped.of_all(DeadlineRule, shipped_limits()):
        return
    name = f"deadline_profile {newest.code}"
    if said in shipped.shipped()[DeadlineProfile.__tablename__].get(newest.code, ()):
        at = max(now, newest.effective_at)
        _add_profile(session, {**profile, "version": newest.version + 1, "effective_at": at})
        renewed.append(name)
    else:
        left.append(name)


def _categories() -> Iterator[Row]:
    groups = [group["code"] for group in _json("values.json")["category_groups"]["value"]]
    rows = [(group, row) for group in groups for row in _json(f"categories/{group}.json")]
    for position, (group, row) in enumerate(rows, start=1):
        rest = {key: value for key, value in row.items() if key != "code"}
        yield {"category_code": row["code"], "group_code": group, "position": position, **rest}


def _powers() -> list[Row]:
    flags = ("delegable", "needs_acceptance", "needs_decision", "stops_business")
    return [
        {
            **row, **{flag: row[flag] == "yes" for flag in flags}, "organ_kinds": row["organ_kinds"].split(),
            "term_amount": int(row["term_amount"]) if row["term_amount"] else None,
            "term_unit": row["term_unit"] or None,
        }
        for row in _csv("measure_types.csv")
    ]  # fmt: skip


def _placed(rows: list[Row]) -> Iterator[Row]:
    for position, row in enumerate(rows, start=1):
        yield {"position": position, **row}


def _shipped_day() -> datetime:
    return datetime.fromisoformat(_json("shipped.json")["effective_at"])


def _add_profile(session: Session, row: Row) -> None:
    profile = DeadlineProfile(**row)
    session.add(profile)
    session.flush()
    _add_missing(session, DeadlineRule, [{**rule, "profile_id": profile.id} for rule in shipped_limits()])


def _rule(row: Row) -> Row:
    flags = {key: row[key] == "yes" for key in ("at_once", "roll")}
    return {**row, "amount": int(row["amount"]), **flags}


def _add_calendar(session: Session) -> None:
    known = set(session.scalars(select(CalendarYear.year).where(CalendarYear.published)))
    days = [{**day, "day": date.fromisoformat(day["day"])} for day in _csv("calendar_days.csv")]
    for notice in _csv("calendar_years.csv"):
        year, source = int(notice["year"]), notice["source"]
        if year in known:
            continue
        # A day belongs to the notice that names it, which may reach back into the December before (F99).
        _add_missing(session, CalendarDay, [day for day in days if day["source"] == source])
        row = {"year": year, "published": True, "source": source}
        session.execute(insert(CalendarYear).values(row).on_conflict_do_update(index_elements=["year"], set_=row))


def _add_missing(session: Session, table: type[Base], rows: list[Row]) -> None:
    session.execute(insert(table).on_conflict_do_nothing(), rows)


def _json(name: str) -> Any:
    return json.loads((SEEDS / name).read_text(encoding="utf-8"))


def _csv(name: str) -> list[Row]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))

"""What the software ships: seed files a person can read, put in as first versions (X32: every district edits them)."""

import csv
import json
from collections.abc import Iterable, Iterator
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


def load_defaults(session: Session, now: datetime) -> None:
    """Put in every shipped version that is missing; what is there stays as it is, also where it differs.

    Safe to repeat. A first version holds from its shipped day; a later one that arrives late, from `now`: nothing that
    was decided before is decided anew (D4). A calendar year that the district has published itself is left alone.
    """
    shipped = _json("shipped.json")

    def versions(rows: Iterable[Row]) -> list[Row]:
        return [_version({**shipped["stamp"], **row}, now) for row in rows]

    categories = versions({**USUAL, **row} for row in _categories())
    _add_missing(session, DepartmentKind, _csv("department_kinds.csv"))
    _add_missing(session, Category, [{"code": row["category_code"]} for row in categories])
    _add_missing(session, CategoryVersion, categories)
    _add_missing(session, PolicyValue, versions({"key": key, **row} for key, row in _json("values.json").items()))
    _add_missing(session, ReasonCode, versions(_placed(_csv("reasons.csv"))))
    _add_missing(session, DutyItem, versions(_csv("duty_items.csv")))
    _add_missing(session, MeasureType, versions(_placed(_powers())))
    _add_profile(session, versions([shipped["profile"]])[0])
    _add_calendar(session)


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


def _version(row: Row, now: datetime) -> Row:
    """The row with its first day as an instant; a version after the first never begins before it arrived."""
    shipped_at = datetime.fromisoformat(row["effective_at"])
    return {**row, "effective_at": shipped_at if row["version"] == 1 else max(shipped_at, now)}


def _add_profile(session: Session, row: Row) -> None:
    known = select(DeadlineProfile.id).where(
        DeadlineProfile.code == row["code"], DeadlineProfile.version == row["version"]
    )
    if session.scalar(known) is not None:
        return
    profile = DeadlineProfile(**row)
    session.add(profile)
    session.flush()
    _add_missing(session, DeadlineRule, [_rule(profile.id, row) for row in _csv("deadlines.csv")])


def _rule(profile_id: int, row: Row) -> Row:
    flags = {key: row[key] == "yes" for key in ("at_once", "roll")}
    return {**row, "profile_id": profile_id, "amount": int(row["amount"]), **flags}


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

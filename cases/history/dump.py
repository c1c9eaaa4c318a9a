"""Reading history out of a dump of the database (plain SQL with COPY, as pg_dump writes it), line by line.

Needs no database: an auditor brings a dump, or `pg_restore -f -` of one.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final
from uuid import UUID

from cases.history.entry import CASE, REPORT, VAULT, Entry

Row = Mapping[str, str | None]
TABLES: Final = (
    "intake.report_event", "handling.case_event", "record.log_pending", "record.log_node", "record.log_head",
    "vault.event",
)  # fmt: skip
_LATER: Final = {"vault.event"}  # an older dump has none; where entries were left out, the tree misses them
_TRAILS: Final = {
    "intake.report_event": (REPORT, "report_id", ("kind", "actor")),
    "handling.case_event": (CASE, "case_id", ("kind", "actor", "actor_name", "org_id")),
    "vault.event": (VAULT, "subject", ("kind", "actor")),
}
_COPY = re.compile(r'^COPY "?(\w+)"?\."?(\w+)"? \((.*)\) FROM stdin;$')
_ESCAPE = re.compile(r"\\([0-7]{1,3}|x[0-9A-Fa-f]{1,2}|.)", re.DOTALL)
_LETTERS = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}


class NoDump(ValueError):
    """These lines hold no history: another kind of file, or a dump without the tables."""


def rows(lines: Iterable[str]) -> Iterator[tuple[str, Row]]:
    """Every row of the tables of history, with its table's name. Raises NoDump when a table is missing or torn."""
    left = set(TABLES)
    source = iter(lines)
    for line in source:
        found = _COPY.match(line.rstrip("\n"))
        if found and (table := f"{found[1]}.{found[2]}") in left:
            left.discard(table)
            columns = [column.strip().strip('"') for column in found[3].split(",")]
            yield from ((table, row) for row in _block(source, table, columns))
    if left - _LATER:
        raise NoDump(f"not in this dump: {', '.join(sorted(left - _LATER))}")


def entry(table: str, row: Row) -> Entry:
    """The entry that a row of a trail holds. Raises NoDump when it is none."""
    try:
        chain, subject, columns = _TRAILS[table]
        return Entry(
            chain=chain, subject=UUID(row[subject]), seq=int(row["seq"] or ""), at=_moment(row["at"]),
            recorded_at=_moment(row["recorded_at"]), texts=tuple(row[column] or "" for column in columns),
            body=row["body"] or "", salt=None if row["salt"] is None else octets(row["salt"]),
            body_commit=octets(row["body_commit"]), prev_hash=octets(row["prev_hash"]), hash=octets(row["hash"]),
        )  # fmt: skip
    except (KeyError, ValueError, AttributeError) as wrong:
        raise NoDump(f"a row of {table} cannot be read: {dict(row)}") from wrong


def octets(text: str | None) -> bytes:
    """A `bytea` as a dump writes it."""
    if text is None or not text.startswith("\\x"):
        raise NoDump("a bytea is not in hexadecimal")
    return bytes.fromhex(text[2:])


def _block(source: Iterator[str], table: str, columns: list[str]) -> Iterator[Row]:
    for line in source:
        content = line.rstrip("\n")
        if content == "\\.":
            return
        fields = content.split("\t")
        if len(fields) != len(columns):
            raise NoDump(f"a line of {table} is torn")
        yield {column: _plain(field) for column, field in zip(columns, fields, strict=True)}
    raise NoDump(f"the dump ends inside {table}")


def _plain(field: str) -> str | None:
    return None if field == "\\N" else _ESCAPE.sub(_unescaped, field) if "\\" in field else field


def _unescaped(found: re.Match[str]) -> str:
    said = found[1]
    if said[0] in "01234567":
        return chr(int(said, 8))
    if said[0] == "x" and len(said) > 1:
        return chr(int(said[1:], 16))
    return _LETTERS.get(said, said)


def _moment(text: str | None) -> datetime:
    moment = datetime.fromisoformat(text or "")
    if moment.tzinfo is None:
        raise ValueError("a time without its zone")
    return moment

"""Which contents of a policy row were shipped, so that an update renews what nobody has edited, and nothing else (X32).

A row is known by a fingerprint of what it says. `seeds/fingerprints.json` keeps, for each row, those of every content
that was ever shipped, the newest last; `./jz fingerprints` adds to it.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from kit.db import Base

FINGERPRINTS = Path(__file__).parent / "seeds" / "fingerprints.json"
Row = Mapping[str, Any]
# What makes a row another version, or stands elsewhere on a list, without meaning anything else.
NOT_SAID = frozenset({"version", "effective_at", "position", "note", "profile_id"})
_USUAL = {"": "", "true": True, "false": False, "''": "", "'{}'::jsonb": {}, "'[]'::jsonb": []}


def key_of(table: type[Base], row: Row) -> str:
    """What the versions of a row share: its key without the version."""
    names = [column.name for column in table.__table__.primary_key if column.name not in NOT_SAID]
    return "/".join(str(row[name]) for name in names)


def fingerprint(table: type[Base], row: Row) -> str:
    """What a row says, whichever way it came: what it leaves out counts as what the database puts there."""
    said = {column.name: row.get(column.name, _usual(column)) for column in table.__table__.columns}
    said = {name: value for name, value in said.items() if name not in NOT_SAID}
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()[:16]


def of_all(table: type[Base], rows: Iterable[Row]) -> str:
    """One fingerprint of rows that have their versions together, in any order."""
    return hashlib.sha256("".join(sorted(fingerprint(table, row) for row in rows)).encode()).hexdigest()[:16]


def shipped() -> dict[str, dict[str, list[str]]]:
    """Every fingerprint that was shipped: by table, and by the key of its row."""
    found: dict[str, dict[str, list[str]]] = json.loads(FINGERPRINTS.read_text(encoding="utf-8"))
    return found


def as_row(found: Base) -> dict[str, Any]:
    """A stored row as a mapping of its columns."""
    return {column.name: getattr(found, column.name) for column in type(found).__table__.columns}


def _usual(column: Any) -> Any:
    default = getattr(column.server_default, "arg", None)
    return None if default is None else _USUAL[str(getattr(default, "text", default))]

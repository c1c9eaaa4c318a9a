"""What lies beside a case as officers read it: every column of its rows, and the clocks that run against a body."""

from typing import Any

from cases.enforcing import EnforcementFile
from cases.models.case import Clock
from kit.db import Base


def plain(row: Base) -> dict[str, Any]:
    """A row's columns as JSON values: instants and days in ISO, ids as text. Who reads it is the database's own."""
    return {column.key: _json(getattr(row, column.key)) for column in row.__mapper__.column_attrs}


def enforcement_body(found: EnforcementFile) -> dict[str, Any]:
    """The part of a case's dossier that is about enforcement."""
    reviews = [plain(row) for row in found.reviews]
    return {
        "measures": [
            {**plain(row), "reviews": [each for each in reviews if each["measure_id"] == str(row.id)]}
            for row in found.measures
        ],
        "penalties": [plain(row) for row in found.penalties],
        "referrals": [plain(row) for row in found.referrals],
        "criminal_transfers": [plain(row) for row in found.criminal_transfers],
        "operations": [
            {"id": str(row.id), "title": row.title, "state": row.state, "lead_org_id": row.lead_org_id}
            for row in found.operations
        ],
        "tags": [{"code": row.code, "facts": row.facts, "at": _json(row.tagged_at)} for row in found.tags],
        "clocks_beside": [_clock(row) for row in found.clocks],
    }


def _clock(row: Clock) -> dict[str, Any]:
    return {
        "kind": row.kind, "org_id": row.org_id, "about_id": _json(row.about_id), "task_id": _json(row.task_id),
        "started_at": _json(row.started_at), "due_at": _json(row.due_at), "provisional": row.provisional,
        "overlay": {"code": row.overlay_code, "version": row.overlay_version} if row.overlay_code else None,
    }  # fmt: skip


def _json(value: Any) -> Any:
    if isinstance(value, (int, float, str, list, dict, type(None))):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)

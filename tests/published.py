"""Rows of the public record as an act of exposure leaves them."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from cases.models.exposure import Change, PublicExposure
from kit import clock
from kit.db import OWNER, unit_of_work

PUBLISHED_AT = datetime(2026, 11, 20, 2, tzinfo=UTC)
Publish = Callable[..., str]


def an_exposure() -> dict[str, Any]:
    """The values of one."""
    return {
        "version": 1, "status": "usable", "published_at": PUBLISHED_AT, "updated_at": PUBLISHED_AT,
        "expires_at": PUBLISHED_AT + timedelta(days=36500), "ground": "D", "title": "某仓库安全出口堵塞",
        "body": "检查发现，二楼安全出口被货物堵死。\n已责令限期整改。", "entity_name": "望澜某物流有限公司",
        "category_code": "FIR-01", "category_zh": "安全出口、疏散通道堵塞", "category_en": "Blocked exit",
        "town_code": "990101003", "town_zh": "东篱街道", "town_en": "Dongli Subdistrict",
        "found_on": date(2026, 11, 12), "basis": "责令整改通知书 ZG-2026-0001", "progress": "rectifying",
        "authority": "东篱街道办事处", "phone": "0512-00000000", "point": "SRID=4326;POINT(120.6301 31.3776)",
    }  # fmt: skip


def gone(status: str = "withdrawn", reason: str = "处罚决定已撤销") -> dict[str, Any]:
    """What is left of one."""
    nothing = dict.fromkeys({*an_exposure(), "corrections"} - {"version", "status", "published_at", "updated_at"})
    return {**nothing, "version": 2, "status": status, "withdrawn_at": PUBLISHED_AT, "withdraw_reason": reason}


def publishing(database_url: str) -> Iterator[Publish]:
    """Put rows into the record, each with its line in the change log, as an act would; they are taken out again."""
    made: list[str] = []

    def publish(public_id: str | None = None, **facts: Any) -> str:
        public_id = public_id or uuid.uuid4().hex[:16]
        made.append(public_id)
        values = {**an_exposure(), **facts}
        with unit_of_work(OWNER) as session:
            session.merge(PublicExposure(**values, public_id=public_id))
            op = "published" if values["status"] == "usable" else values["status"]
            waits = values.get("released_at") if op == "published" else None
            session.add(Change(kind="exposure", ref=public_id, op=op, version=values["version"],
                               at=waits or clock.now(), released_at=waits))  # fmt: skip
        return public_id

    yield publish
    with unit_of_work(OWNER) as session:
        for table, column in ((PublicExposure, PublicExposure.public_id), (Change, Change.ref)):
            session.execute(delete(table).where(column.in_(made)))
        assert session.scalar(select(PublicExposure).where(PublicExposure.public_id.in_(made))) is None

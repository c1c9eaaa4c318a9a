"""The public record, read-only: pages of exposures, and the change log up to where nothing can still come in before."""

from dataclasses import dataclass
from datetime import datetime

from geoalchemy2.functions import ST_X, ST_Y
from sqlalchemy import func, select, text, tuple_
from sqlalchemy.orm import Session

from cases.models.exposure import Change, PublicExposure

LIVE = 50
TOMBSTONES_DAYS = 180


@dataclass(frozen=True)
class Item:
    """One public exposure with its generalised point, WGS-84 degrees."""

    exposure: PublicExposure
    lon: float | None
    lat: float | None


def newest(session: Session, *, limit: int = LIVE, after: tuple[datetime, str] | None = None) -> list[Item]:
    """Exposures by last change, the newest first, withdrawn ones included as their tombstones."""
    statement = (
        select(PublicExposure, ST_X(PublicExposure.point), ST_Y(PublicExposure.point))
        .order_by(PublicExposure.updated_at.desc(), PublicExposure.public_id.desc())
        .limit(limit)
    )
    if after is not None:
        statement = statement.where(tuple_(PublicExposure.updated_at, PublicExposure.public_id) < after)
    return [Item(*row) for row in session.execute(statement)]


def one(session: Session, public_id: str) -> Item | None:
    """One public exposure or its tombstone; None when there never was one."""
    statement = select(PublicExposure, ST_X(PublicExposure.point), ST_Y(PublicExposure.point))
    row = session.execute(statement.where(PublicExposure.public_id == public_id)).one_or_none()
    return Item(*row) if row else None


def last_number(session: Session) -> int:
    """The number of the last change of all, safe to tell or not; 0 when there is none."""
    return session.scalar(select(func.coalesce(func.max(Change.seq), 0))) or 0


def horizon(session: Session) -> int:
    """The number of the last change that is safe to tell: no running transaction can still add one before it."""
    oldest_running = text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    return session.scalar(select(func.coalesce(func.max(Change.seq), 0)).where(Change.xid < oldest_running)) or 0


def changes(session: Session, *, since: int, limit: int) -> list[Change]:
    """Changes after `since` that are safe to tell, oldest first."""
    oldest_running = text("pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
    statement = select(Change).where(Change.seq > since, Change.xid < oldest_running)
    return list(session.scalars(statement.order_by(Change.seq).limit(limit)))

"""Which rows name a file in the store. Nothing is deleted from it that one of them still names, whoever came first."""

from collections.abc import Collection, Iterator
from typing import Any, Final, NamedTuple

from sqlalchemy import select, text, union_all
from sqlalchemy.orm import InstrumentedAttribute, Session

from cases.models.handling import Picture
from cases.models.paper import Paper, Scan
from cases.models.report import SEALED, Masking, ReportPhoto
from kit.storage import Store

# Complete by test. A citizen's photo that was released to a case is named by its row and by the case's picture (E4).
NAMING: Final[tuple[InstrumentedAttribute[str] | InstrumentedAttribute[str | None], ...]] = (
    ReportPhoto.storage_key, ReportPhoto.large_key, ReportPhoto.small_key,
    Masking.large_key, Masking.small_key,
    Picture.storage_key, Picture.large_key, Picture.small_key,
    Scan.storage_key, Scan.large_key, Scan.small_key,
    Paper.storage_key,
)  # fmt: skip
# What was written down of a file's content: when it came, or when it was first read where it is sealed.
HASHED: Final = (
    (ReportPhoto.storage_key, ReportPhoto.sha256), (ReportPhoto.storage_key, ReportPhoto.sealed_sha256),
    (Picture.storage_key, Picture.sha256), (Picture.storage_key, Picture.sealed_sha256),
    (Scan.storage_key, Scan.sha256), (Scan.storage_key, Scan.sealed_sha256), (Paper.storage_key, Paper.sha256),
)  # fmt: skip
AT_ONCE = 1000


class Lost(NamedTuple):
    """A file that a row names and the store has not."""

    table: str
    column: str
    key: str


def named(session: Session, keys: Collection[str]) -> set[str]:
    """Those of the keys that a row names."""
    asked = (select(column.label("key")).where(column.in_(keys)) for column in NAMING)
    return set(session.scalars(union_all(*asked))) if keys else set()


def names(session: Session) -> Iterator[str]:
    """Every key that a row names, each once."""
    there = [column for column in NAMING if _is_there(session, column)]
    every = union_all(*(select(column.label("key")).where(column.is_not(None)) for column in there)).subquery()
    yield from session.scalars(select(every.c.key).distinct().order_by(every.c.key))


def hashes(session: Session) -> dict[str, str]:
    """What was written down of files' content: SHA-256 by key, in lower-case hex. Of a sealed file, as it lies."""
    found: dict[str, str] = {}
    for key, sha256 in (pair for pair in HASHED if all(_is_there(session, column) for column in pair)):
        of_sealed = sha256.key == "sealed_sha256"
        rows = select(key, sha256).where(key.is_not(None), sha256.is_not(None), key.startswith(SEALED) == of_sealed)
        found |= {str(each): bytes(content or b"").hex() for each, content in session.execute(rows)}
    return found


def lost(session: Session, store: Store) -> Iterator[Lost]:
    """Every file that a row names and the store has not: never, if all is well. Raises StorageUnavailable."""
    for column in (column for column in NAMING if _is_there(session, column)):
        keys = session.scalars(select(column).where(column.is_not(None)).execution_options(yield_per=AT_ONCE))
        for key in keys:
            if key is not None and not store.exists(key):
                yield Lost(str(column.class_.__tablename__), column.key, key)


def _is_there(session: Session, column: InstrumentedAttribute[Any]) -> bool:
    """Whether this database has the column: a backup may be of an older release. Never asked before a deletion."""
    found = text("select exists (select from pg_attribute where attrelid = to_regclass(:of) and attname = :name)")
    return bool(session.scalar(found, {"of": str(column.class_.__table__), "name": column.key}))

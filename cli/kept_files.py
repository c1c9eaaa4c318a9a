"""The keys of officers' files, when the installation gets another secret: each is wrapped anew (ADR 0027)."""

from collections.abc import Iterator
from contextlib import suppress

from cryptography.exceptions import InvalidTag
from sqlalchemy import Connection, text

from kit.db import OWNER, engine
from kit.storage.kept import is_shut, wrap_anew

TABLES = ("handling.picture", "handling.scan")
_HAS_KEYS = "select exists (select from pg_attribute where attrelid = to_regclass(:name) and attname = 'wrapped')"


def follow(before: str) -> int:
    """Wrap anew what the secret `before` has wrapped; how many open with neither. Safe to repeat."""
    with engine(OWNER).begin() as connection:
        return sum(_left_shut(connection, name, before) for name in TABLES)


def _left_shut(connection: Connection, name: str, before: str) -> int:
    left = 0
    for id_, key, wrapped in _shut(connection, name):
        anew = None
        with suppress(InvalidTag):
            anew = wrap_anew(key, wrapped, before=before)
        if anew is None:
            left += 1
        else:
            renewed = text(f"update {name} set wrapped = :anew where id = :id")  # noqa: S608 - one of TABLES
            connection.execute(renewed, {"anew": anew, "id": id_})
    return left


def _shut(connection: Connection, name: str) -> Iterator[tuple[object, str, bytes]]:
    if not connection.scalar(text(_HAS_KEYS), {"name": name}):  # data of before files had keys
        return
    rows = text(f"select id, storage_key, wrapped from {name} where wrapped is not null")  # noqa: S608 - likewise
    for id_, key, wrapped in connection.execute(rows).all():
        if is_shut(key, bytes(wrapped)):
            yield id_, key, bytes(wrapped)

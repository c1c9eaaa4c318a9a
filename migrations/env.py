"""How migrations run: as the owner, under a lock time limit, one at a time, with the geometry types known."""

from typing import Any

from alembic import context
from geoalchemy2 import alembic_helpers
from sqlalchemy import text

import cases.models  # noqa: F401 - imported for its tables, so that the check knows every one
import geo.models  # noqa: F401 - likewise
import people.media
import people.models  # noqa: F401 - likewise
from kit.db import OWNER, Base, engine

SCHEMAS = {"vault", "intake", "handling", "record"}


def include_name(name: str | None, kind: str, _parents: Any) -> bool:
    """Only our own schemas take part."""
    return name in SCHEMAS if kind == "schema" else True


def include_object(thing: Any, name: str | None, kind: str, reflected: bool, other: Any) -> bool:  # noqa: FBT001
    """Nothing of PostGIS, and none of the keys that only keep copies true (migration 0057): models have the plain one."""
    if kind == "foreign_key_constraint" and (name or "").endswith("_readers"):
        return False
    of_ours = alembic_helpers.include_object(thing, name, kind, reflected, other)  # type: ignore[no-untyped-call]
    return bool(of_ours)


with engine(OWNER).connect() as connection:
    with connection.begin():  # both belong to the connection and outlast this
        connection.execute(text("set lock_timeout = '10s'"))
        connection.execute(text("select pg_advisory_lock(hashtext('jingzhong migrations'))"))
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        include_schemas=True,
        include_name=include_name,
        include_object=include_object,
        render_item=alembic_helpers.render_item,
        version_table="migration",
        compare_server_default=False,
    )
    with context.begin_transaction():
        context.run_migrations()

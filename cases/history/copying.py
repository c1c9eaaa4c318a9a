"""The tables of history out of a living database, as the lines that a dump of them has."""

from collections.abc import Iterator

import psycopg

from cases.history.dump import TABLES


def as_dumped(connection: psycopg.Connection) -> Iterator[str]:
    """Lines for `audit`. The connection's transaction decides of which moment they are."""
    connection.execute("set local timezone = 'UTC'")
    connection.execute("set local datestyle = 'ISO'")
    for table in TABLES:
        cursor = connection.execute(f"select * from {table} limit 0")  # noqa: S608 - our own constant
        columns = ", ".join(f'"{column.name}"' for column in cursor.description or ())
        yield f"COPY {table} ({columns}) FROM stdin;\n"
        with connection.cursor().copy(f"copy (select * from {table}) to stdout") as copy:  # noqa: S608
            rest = b""
            for block in copy:
                *whole, rest = (rest + block).split(b"\n")
                yield from (line.decode() for line in whole)
        yield "\\.\n"

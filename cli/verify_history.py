"""`./jz verify-history`: the auditor, over the database here or a dump from anywhere."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Annotated

import psycopg
import typer

from cases import history
from cli.refusal import CannotGoOn
from kit.db import OWNER, url_for
from kit.signed_note import public_key

SHOWN = 20


def verify_history(
    dump: Annotated[str, typer.Option(help="A dump (pg_dump, plain) to read; - for standard input.")] = "",
    key: Annotated[str, typer.Option(help="The log's public key, as /log/key tells it.")] = "",
    head: Annotated[list[Path] | None, typer.Option(help="A head that was kept elsewhere; may be repeated.")] = None,
) -> None:
    """Check that no entry of any history was changed or lost. Ends with 1 when one was, and names the first."""
    remembered = [_text(path) for path in head or ()]
    try:
        public = public_key(key or history.signer().verifier)[1]
    except ValueError:
        raise CannotGoOn("This is no key of a log: give the line that /log/key tells.") from None
    try:
        with ExitStack() as open_:
            found = history.audit(_lines(dump, open_), public, remembered)
    except history.NoDump as wrong:
        raise CannotGoOn(f"This holds no whole history: {wrong}.") from None
    print(
        f"{found.entries} entries in {found.chains} chains ({found.erased} erased), {found.size} in the tree,"
        f" {found.waiting} on their way, {found.heads} signed heads here, {len(remembered)} kept elsewhere."
    )
    if found.first is None:
        print("History is whole.")
        return
    print(f"History was changed. First: {found.first.about}: {found.first.says}.", file=sys.stderr)
    for fault in sorted(found.faults)[1:SHOWN]:
        print(f"  also: {fault.about}: {fault.says}.", file=sys.stderr)
    if len(found.faults) > SHOWN:
        print(f"  and {len(found.faults) - SHOWN} more.", file=sys.stderr)
    raise typer.Exit(1)


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as failure:
        raise CannotGoOn(f"The head {path} cannot be read: {failure}.") from None


def _lines(dump: str, open_: ExitStack) -> Iterable[str]:
    if dump == "-":
        return sys.stdin
    if dump:
        try:
            return open_.enter_context(Path(dump).open(encoding="utf-8", newline="\n"))
        except OSError as failure:
            raise CannotGoOn(f"The dump {dump} cannot be read: {failure.strerror}.") from None
    return _from_database(open_)


def _from_database(open_: ExitStack) -> Iterator[str]:
    """All as of one moment."""
    address = url_for(OWNER).set(drivername="postgresql").render_as_string(hide_password=False)
    connection = open_.enter_context(psycopg.connect(address))
    connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
    connection.read_only = True
    return history.as_dumped(connection)

"""`./jz check`: whether everything that was taken is there and done, and another try for what was given up."""

from typing import Annotated

import typer

from kit import clock
from kit.db import OWNER, unit_of_work
from kit.storage import store
from workers import reconciling


def check(
    *,
    contents: Annotated[bool, typer.Option(help="Read every file that came, too, and compare its hash.")] = False,
    mend: Annotated[bool, typer.Option(help="Give what was given up or forgotten another try.")] = False,
) -> None:
    """Find what was given up, forgotten or lost. Ends with 1 when anything was found."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        found = list(reconciling.gaps(session, store(), now=now, contents=contents))
        mended = reconciling.mend(session, now=now) if mend else 0
    for each in found:
        print(f"{each.times:>7} {each.says}")
    if not found:
        print("Everything that was taken is there, and nothing is left undone.")
        return
    if mended:
        print(f"{mended} jobs are tried again now.")
    elif any(each.mendable for each in found):
        print("Mend the cause (docs/runbook.md), then give it another try: ./jz check --mend")
    raise typer.Exit(1)

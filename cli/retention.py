"""`./jz retention`: what the rules of retention would let go of now, and with --yes lets go of at once."""

from __future__ import annotations

from typing import Annotated

import typer

from cases import retention
from kit import clock
from kit.db import OWNER, unit_of_work

AT_ONCE = 100
WORDS = {
    "identity": "who reported, sealed",
    "originals": "photos as they came",
    "words": "words, places and pictures of reports",
}


def keep_no_longer(
    *, yes: Annotated[bool, typer.Option(help="Let go of it now; without, only count.")] = False
) -> None:
    """Count what has been kept long enough; the worker lets go of it each night."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        found = retention.due(session, now=now)
    for each in found:
        print(f"  {each.rule:<10} {each.reports:>7} reports   {WORDS[each.rule]}")
    if not yes:
        print("Nothing was changed.")
        return
    while True:
        with unit_of_work(OWNER) as session:
            if not any(retention.let_go(session, now=now, at_once=AT_ONCE).values()):
                break
    print("Let go of.")

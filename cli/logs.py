"""`./jz logs`: what the processes said, one or all, and what they go on to say."""

import time
from pathlib import Path
from typing import Annotated

import typer

from cli.child import Log
from cli.places import Places
from cli.refusal import CannotGoOn
from cli.terminal import Echo


def logs(
    name: Annotated[str, typer.Argument(help="One process, such as api or worker; all when left out.")] = "",
    *,
    follow: Annotated[bool, typer.Option("--follow", "-f", help="Go on until Ctrl-C.")] = False,
    lines: Annotated[int, typer.Option("--lines", "-n", help="How many of the last lines to begin with.")] = 50,
) -> None:
    """What the processes said."""
    folder = Places().log
    known = sorted(path.stem for path in folder.glob("*.log"))
    if name and name not in known:
        raise CannotGoOn(f"There is no log of {name!r}. There are: {', '.join(known) or 'none yet'}.")
    chosen = [folder / f"{each}.log" for each in ([name] if name else known)]
    echo = Echo(prefix=not name)
    ends = {path: path.stat().st_size for path in chosen}
    for path in chosen:
        for line in Log(path).tail(lines).splitlines():
            echo(path.stem, line)
    try:
        while follow:
            time.sleep(0.3)
            for path in chosen:
                ends[path] = _go_on(path, ends[path], echo)
    except KeyboardInterrupt:
        return


def _go_on(path: Path, position: int, echo: Echo) -> int:
    """Print the whole lines that were added behind `position`; a file that has become shorter was begun anew."""
    try:
        with path.open("rb") as source:
            source.seek(position if path.stat().st_size >= position else 0)
            start, text = source.tell(), source.read()
    except FileNotFoundError:
        return position
    whole = text[: text.rfind(b"\n") + 1]
    for line in whole.decode(errors="replace").splitlines():
        echo(path.stem, line)
    return start + len(whole)

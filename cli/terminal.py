"""What a person at the terminal reads."""

import sys
from contextlib import suppress


def say(text: str) -> None:
    """Print a line of our own; one that begins with a newline is a text that stands by itself."""
    with suppress(OSError):  # nobody reads any more: no reason to stop what runs
        print(f"jz: {text}" if not text.startswith("\n") else text, flush=True)


class Echo:
    """Prints lines of output behind the name of their process, until nobody reads them any more."""

    def __init__(self, *, prefix: bool = True) -> None:
        """Colours are given in the order in which processes speak, and only on a terminal."""
        self._colours: dict[str, int] = {}
        self._is_read = True
        self._prefix = prefix

    def __call__(self, name: str, line: str) -> None:
        """Print one line."""
        if not self._is_read:
            return
        label = f"{name:<8} | " if self._prefix else ""
        if label and sys.stdout.isatty():
            colour = self._colours.setdefault(name, 31 + len(self._colours) % 6)
            label = f"\033[{colour}m{label}\033[0m"
        try:
            print(label + line, flush=True)
        except OSError:
            self._is_read = False

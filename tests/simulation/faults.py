"""What the oracle found: a long play goes on after a fault, and tells all of them at the end."""

import sys
from collections.abc import Callable
from dataclasses import dataclass, field

SHOWN = 2_000  # characters of each


@dataclass
class Faults:
    """One line for each assertion that did not hold."""

    found: list[str] = field(default_factory=list)

    def judge(self, when: str, oracle: Callable[..., object], *given: object) -> None:
        """Ask one oracle."""
        try:
            oracle(*given)
        except AssertionError as fault:
            self.found.append(f"{when} {oracle.__module__}.{oracle.__qualname__}: {fault}"[:SHOWN])
            sys.stdout.write(f"FAULT {self.found[-1]}\n")
            sys.stdout.flush()

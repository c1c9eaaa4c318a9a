"""Every (state, act, role) of every machine, asked of machine.check; run as a module it writes the files to review."""

import importlib
import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from cases import lifecycle
from cases.lifecycle.machine import Move, NotInState, NotYourRole, check
from people.actors import CITIZEN, SYSTEM, Actor
from people.roles import Role

EXPECTED = Path(__file__).parent / "expected"
ACTORS = {role.value: Actor("officer", role.value, roles=frozenset({role})) for role in Role}
ACTORS |= {"system": SYSTEM, "citizen": CITIZEN}


@dataclass
class Thing:
    """Anything in a state."""

    state: str
    version: int = 1


def machines() -> dict[str, Mapping[str, Move]]:
    """Every table of moves in cases/lifecycle, by its name."""
    modules = [
        importlib.import_module(f"{lifecycle.__name__}.{m.name}") for m in pkgutil.iter_modules(lifecycle.__path__)
    ]
    return {
        name.removesuffix("_MOVES").lower(): table
        for module in modules
        for name, table in vars(module).items()
        if name.endswith("_MOVES") and isinstance(table, Mapping)
    }


def allowed(move: Move, state: str, by: Actor) -> bool:
    """Whether the machine itself lets this actor make the move from this state."""
    try:
        check(Thing(state), move, by=by)
    except (NotInState, NotYourRole):
        return False
    return True


def lines(table: Mapping[str, Move]) -> list[str]:
    """One line for each state and act: who may, and where it leads; nobody where the line ends empty."""
    states = sorted({s for m in table.values() for s in m.source | m.targets})
    rows = ["state,act,rule,leads_to,allowed"]
    for state in states:
        for act, move in table.items():
            who = " ".join(sorted(name for name, actor in ACTORS.items() if allowed(move, state, actor)))
            rows.append(f"{state},{act},{move.rule},{' '.join(sorted(move.leads_to(state)))},{who}")
    return rows


if __name__ == "__main__":
    for name, table in machines().items():
        (EXPECTED / f"{name}.csv").write_text("\n".join(lines(table)) + "\n", encoding="utf-8")

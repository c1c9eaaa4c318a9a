"""Running what is written in JavaScript and TypeScript, with the Node and the tools of the set-up (cli/vendor.py)."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
NODE = ROOT / ".local" / "tools" / "bin" / "node"
LONGEST_S = 240


def node(*arguments: str | Path, cwd: Path = ROOT, env: Mapping[str, str] | None = None) -> str:
    """What a script says. AssertionError with all of it where it fails."""
    command = [str(NODE), *map(str, arguments)]
    done = subprocess.run(
        command, cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True, timeout=LONGEST_S, check=False,
    )  # fmt: skip
    assert done.returncode == 0, f"{' '.join(command)}\n{done.stdout}"
    return done.stdout

"""Running what is written in JavaScript and TypeScript, with the Node and the tools of the set-up (cli/vendor.py)."""

import os
import subprocess
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).parents[1]
NODE = ROOT / ".local" / "tools" / "bin" / "node"
MODULES = ROOT / ".local" / "npm" / "node_modules"
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


def tsc(project: Path) -> None:
    """Check the types of a folder by its tsconfig.json, writing nothing."""
    node(MODULES / "typescript" / "bin" / "tsc", "--noEmit", "--project", project)


def typed_contract(document: Path, into: Path) -> None:
    """Write the TypeScript types of an OpenAPI document, as openapi-typescript makes them.

    A member with a default need not be sent; and it is run beside its file, for it reads any redocly.yaml where it is.
    """
    generator = MODULES / "openapi-typescript" / "bin" / "cli.js"
    node(generator, document, "--default-non-nullable", "false", "--output", into, cwd=into.parent)

"""`python -m cli COMMAND`: what `./jz` runs."""

import sys

from cli.app import app
from cli.refusal import CannotGoOn
from kit.errors import Refusal


def main() -> int:
    """Run one command; a reason to stop is one sentence on stderr and status 1, never a traceback."""
    try:
        app(prog_name="jz")
    except (CannotGoOn, Refusal) as reason:
        print(f"jz: {reason}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

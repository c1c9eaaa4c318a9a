"""`python -m cli COMMAND`: what `./jz` runs."""

import errno
import os
import sys

from cli.app import app
from cli.refusal import CannotGoOn
from kit.errors import Misconfigured, Refusal, Unavailable

OF_THE_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS)


def main() -> int:
    """Run one command; a reason to stop is one sentence on stderr and status 1, never a traceback."""
    try:
        app(prog_name="jz")
    except Unavailable:
        return _stopped_by("The database does not answer. ./jz status shows what runs here, ./jz up starts it.")
    except (CannotGoOn, Misconfigured, Refusal) as reason:
        return _stopped_by(str(reason))
    except OSError as failure:
        if failure.errno not in OF_THE_DISK:
            raise
        return _stopped_by(
            f"{failure.filename or 'A file'} cannot be written: {os.strerror(failure.errno)}. Make room first."
        )
    return 0


def _stopped_by(sentence: str) -> int:
    print(f"jz: {sentence}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main())

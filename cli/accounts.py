"""The demo accounts that `up` shows at its end, asked for while the processes start: both take the same seconds."""

import os
import subprocess
import sys
from collections.abc import Mapping

from cli.places import Places

LONGEST_S = 60


class Accounts:
    """`demo-accounts` in a process of its own. What it prints is kept nowhere: passwords stand in it."""

    def __init__(self, places: Places, settings: Mapping[str, str]) -> None:
        """Nothing is asked yet."""
        self._root = places.root
        self._environment = {**os.environ, **settings, "PYTHONPATH": str(places.root)}
        self._asked: subprocess.Popen[str] | None = None

    def ask(self) -> None:
        """Begin to look them up."""
        self._asked = subprocess.Popen(
            [sys.executable, "-P", "-m", "cli", "demo-accounts"],
            env=self._environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=self._root,
            start_new_session=True,  # Ctrl-C is for the supervisor, which calls `close`
        )

    def told(self) -> str:
        """The list; empty when there is none, or it does not come."""
        if self._asked is None:
            return ""
        try:
            text, _ = self._asked.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            return ""
        return text.rstrip() if self._asked.returncode == 0 else ""

    def close(self) -> None:
        """End it where it still runs."""
        if self._asked is None:
            return
        self._asked.kill()
        self._asked.communicate()

"""The near side of the press: one process for each paper, without secrets, network or files of ours."""

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kit.errors import Invalid, Unavailable

WAIT_S = 85.0  # the press's own wall limit is 75
NOT_PRINTABLE = 3  # exit status of a press that could not lay a paper out
_HEAD = b"%PDF-"
_HERE = Path(__file__).resolve().parents[2]
_ENVIRONMENT = {"PYTHONPATH": str(_HERE), "LANG": "C.UTF-8", "SOURCE_DATE_EPOCH": "0"}
_TOO_MUCH = {-24, -25}  # SIGXCPU, SIGXFSZ: this paper is longer than the press allows, and will be the next time


class PressBusy(Unavailable):
    """The machine could not print in time; nothing is known against the paper."""

    code = "paper.busy"
    message = "The paper could not be printed at the moment."


class NotPrintable(Invalid):
    """This paper cannot be laid out, or is too long; trying again will not help."""

    code = "paper.not_printable"
    message = "This paper cannot be printed."


@dataclass(frozen=True, slots=True)
class Printed:
    """A PDF and the number of its pages."""

    pdf: bytes
    pages: int


def print_sheets(sheets: Sequence[str]) -> Printed:
    """One PDF of several sheets, each an HTML document with its own page numbers; tagged, with fonts inside.

    A sheet may fetch nothing, not even a file. Raises NotPrintable, or PressBusy when it is the machine that failed.
    """
    press = [sys.executable, "-s", "-m", "kit.paper.press"]
    order = json.dumps(list(sheets)).encode()
    try:
        done = subprocess.run(  # noqa: S603 - our own module
            press, input=order, capture_output=True, env=_ENVIRONMENT, timeout=WAIT_S, check=False,
            start_new_session=True,
        )  # fmt: skip
    except subprocess.TimeoutExpired as slow:
        raise PressBusy(reason="too_slow") from slow
    if done.returncode == NOT_PRINTABLE or done.returncode in _TOO_MUCH:
        raise NotPrintable(reason=f"press_{abs(done.returncode)}")
    pages, _, pdf = done.stdout.partition(b"\n")
    if done.returncode != 0 or not pdf.startswith(_HEAD):
        raise PressBusy(reason=f"press_{abs(done.returncode)}")
    return Printed(pdf, int(pages))

"""The press's own process: `python -m kit.paper.press`, sheets on its standard input, a PDF on its standard output.

It is started with an empty environment and shut in before anything is read. Whatever a sheet asks to be fetched is
refused, and refuses the paper: fonts are the system's, everything else stands in the sheet.
"""

import contextlib
import json
import logging
import os
import sys
from typing import BinaryIO

from weasyprint import HTML
from weasyprint.text.fonts import FontConfiguration
from weasyprint.urls import FatalURLFetchingError, URLFetcher

from kit.confinement import isolate, limit
from kit.paper.printing import NOT_PRINTABLE

MEMORY_BYTES = 2 * 1024**3
CPU_S = 70
WALL_S = 75
FILE_BYTES = 64 * 1024**2
VARIANT = "pdf/ua-1"
NOWHERE = "nowhere:///"  # where a relative address leads: to the refusal, like every other


class Refusing(URLFetcher):  # type: ignore[misc] # the engine tells no types
    """Fetches nothing: no network, no file, no data of a sheet's own making."""

    def fetch(self, url: str, headers: object = None) -> object:  # noqa: ARG002 - the engine's arguments
        """Refuse, so that the paper fails instead of lacking something."""
        raise FatalURLFetchingError("a sheet fetches nothing")


def lay_out(sheets: list[str]) -> tuple[bytes, int]:
    """The PDF of all sheets in their order, each numbered from 1, and how many pages it has."""
    fonts = FontConfiguration()
    laid = [
        HTML(string=sheet, url_fetcher=Refusing(), base_url=NOWHERE).render(font_config=fonts, pdf_variant=VARIANT)
        for sheet in sheets
    ]
    pages = [page for document in laid for page in document.pages]
    pdf: bytes = laid[0].copy(pages).write_pdf(pdf_variant=VARIANT)
    return pdf, len(pages)


def main(order: BinaryIO, answer: BinaryIO) -> int:
    """Print one paper; the exit status says whether it could be."""
    isolate()
    limit(memory_bytes=MEMORY_BYTES, cpu_s=CPU_S, file_bytes=FILE_BYTES, wall_s=WALL_S)
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)  # what it says would hold words of the sheet
    with contextlib.suppress(Exception, FatalURLFetchingError):
        pdf, pages = lay_out(json.load(order))
        answer.write(b"%d\n" % pages + pdf)
        answer.flush()
        return 0
    return NOT_PRINTABLE


if __name__ == "__main__":
    status = main(sys.stdin.buffer, sys.stdout.buffer)
    os._exit(status)  # nothing to tidy up, and the engine takes its time over it

"""The press: the same bytes for the same sheets, fonts inside, and nothing fetched from anywhere."""

import io
import subprocess
import sys
from pathlib import Path

import pytest
from pypdf import PdfReader

from kit.paper import NotPrintable, print_sheets

ROOT = Path(__file__).parents[2]
SHEET = """<!doctype html><html lang="zh-CN"><head><title>纸</title><style>
@page { size: A4; @bottom-center { content: counter(page) "/" counter(pages); } }
html { font-family: "Noto Serif CJK SC"; }
</style></head><body><h1>现场检查记录</h1><p>安全出口上锁，㙍𠮷</p><p style="break-before: page">完</p></body></html>"""
FETCHING = (
    '<img src="file:///etc/passwd">',
    '<img src="http://127.0.0.1:1/a.png">',
    '<img src="/etc/passwd">',
    '<img src="data:image/png;base64,AAAA">',
    '<link rel="stylesheet" href="file:///etc/passwd">',
    '<link rel="attachment" href="file:///etc/passwd">',
    '<style>@import "other.css"; p { color: red }</style>',
    "<style>@font-face { font-family: a; src: url(file:///etc/passwd) } p { font-family: a }</style><p>字</p>",
    '<p style="background: url(file:///etc/passwd)">字</p>',
    '<object data="file:///etc/passwd"></object>',
)


def test_the_same_sheets_give_the_same_bytes():
    first, second = print_sheets([SHEET, SHEET]), print_sheets([SHEET, SHEET])
    assert first.pdf == second.pdf
    assert first.pages == 4


def test_each_sheet_counts_its_own_pages_and_characters_come_out_as_they_went_in():
    pages = [page.extract_text() for page in PdfReader(io.BytesIO(print_sheets([SHEET, SHEET]).pdf)).pages]
    assert [text.strip().splitlines()[-1] for text in pages] == ["1/2", "2/2", "1/2", "2/2"]
    assert "㙍𠮷" in pages[0]


def test_the_pdf_is_tagged_and_brings_its_fonts():
    reader = PdfReader(io.BytesIO(print_sheets([SHEET]).pdf))
    root = reader.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "zh-CN"
    fonts = [font.get_object() for page in reader.pages for font in page["/Resources"]["/Font"].values()]
    assert fonts
    for font in fonts:
        descriptor = font["/DescendantFonts"][0].get_object()["/FontDescriptor"]
        assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(descriptor)
        assert "Noto-Serif-CJK-SC" in font["/BaseFont"]


@pytest.mark.parametrize("fetching", FETCHING)
def test_a_sheet_that_would_fetch_anything_is_not_printed(fetching):
    with pytest.raises(NotPrintable):
        print_sheets([f"<!doctype html><html><head><title>t</title></head><body>{fetching}</body></html>"])


def test_the_press_has_neither_network_nor_secrets():
    """What the press runs in: no address can be reached, and nothing of our environment goes along."""
    code = (
        "import os, socket; from kit.confinement import isolate; isolate()\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1)\n"
        "except OSError as refused: print(refused.errno)"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert told.strip() in {"101", "111"}  # unreachable; refused where the kernel lets nobody shut the network


def test_neither_the_api_nor_a_worker_carries_the_layout_engine():
    code = "import sys, api.app, workers.steps; print([name for name in sys.modules if name.startswith('weasyprint')])"
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=False)
    assert told.stdout.strip() == "[]", told.stderr

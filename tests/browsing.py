"""A real browser for tests of pages: what it asked for and complained of, and what is unsound about a page."""

import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

WIDTHS = {"phone": 390, "desk": 1366}
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--enable-unsafe-swiftshader",
]  # fmt: skip
SMALLEST_TARGET = 44


@dataclass
class Seen:
    """What a browser asked for and complained about."""

    hosts: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)


def opening() -> Iterator[Browser]:
    """This machine's Chromium, for a fixture."""
    program = shutil.which("chromium") or shutil.which("chromium-browser")
    if program is None:
        pytest.skip("no chromium on this machine")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=QUIET)
        yield opened
        opened.close()


def watched(context: BrowserContext) -> tuple[Page, Seen]:
    page, seen = context.new_page(), Seen()
    page.on("request", lambda request: seen.hosts.add(request.url.split("/")[2]))
    page.on("console", lambda message: seen.complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: seen.complaints.append(str(error)))
    return page, seen


def faults(page: Page) -> list[str]:
    """axe's serious and critical findings, and what it cannot see: sideways scrolling and small targets."""
    found = Axe().run(page).response["violations"]
    told = [f"{row['id']}: {row['nodes'][0]['html']}" for row in found if row["impact"] in {"serious", "critical"}]
    if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
        told.append("scrolls sideways")
    return told + page.evaluate(
        """least => [...document.querySelectorAll('a, button, input:not([type=hidden]), textarea, summary')]
            .filter(e => e.checkVisibility())
            .filter(e => !e.closest('p:not(:has(.more)):not(.eyebrow), h2, .skip') && !e.matches('.skip'))
            .filter(e => e.getBoundingClientRect().height < least)
            .map(e => 'small target: ' + e.outerHTML)""",
        SMALLEST_TARGET,
    )

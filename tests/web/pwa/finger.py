"""A finger on the app: what a person does to make a report, and when the phone has done its part."""

from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Page

PATIENCE_MS = 30_000
ROWS = """
    const opening = indexedDB.open("jingzhong");
    const db = await new Promise((done) => { opening.onsuccess = () => done(opening.result) });
    const rows = db.transaction("outbox").objectStore("outbox").count();
"""


@dataclass
class Finger:
    """Taps, and counts them."""

    page: Page
    taps: int = 0

    def tap(self, name: str, role: str = "radio") -> None:
        self.taps += 1
        self.page.get_by_role(role, name=name, exact=False).first.click()

    def take(self, photo: Path) -> None:
        self.taps += 1
        self.page.locator("input[capture]").set_input_files(photo)
        self.page.locator(".shots img").first.wait_for()


def opened(page: Page, site: str) -> Finger:
    page.goto(site + "/app/")
    ready(page)
    return Finger(page)


def ready(page: Page) -> None:
    page.wait_for_selector("html[data-ready]", timeout=PATIENCE_MS)


def kept_for_later(page: Page) -> None:
    """Wait until the shell is kept, and a reload comes from it."""
    page.evaluate("async () => { await navigator.serviceWorker.ready }")
    until(page, "navigator.serviceWorker.controller !== null")


def fill(finger: Finger, photo: Path) -> None:
    finger.tap("没有正在发生")
    finger.take(photo)
    finger.tap("消防隐患", "button")
    finger.tap("占堵疏散通道")
    if finger.page.locator("#consent").count():
        finger.tap("我已阅读并同意", "checkbox")
    finger.page.get_by_text("误差约 12 米").wait_for()


def receipt(page: Page) -> str:
    page.locator(".number").wait_for(timeout=PATIENCE_MS)
    return page.locator(".number").inner_text()


def emptied(page: Page) -> None:
    """Wait until nothing is in the outbox any more."""
    until(page, "(await new Promise((done) => { rows.onsuccess = () => done(rows.result) })) === 0", ROWS)


def until(page: Page, what: str, first: str = "") -> None:
    """Ask the page again and again; the policy keeps playwright from waiting inside of it."""
    for _ in range(PATIENCE_MS // 200):
        if page.evaluate(f"async () => {{ {first} return {what} }}"):
            return
        page.wait_for_timeout(200)
    pytest.fail(f"never: {what}")


def version(page: Page) -> str:
    """Which shell this page is of."""
    found: str = page.evaluate("document.querySelector('script').src.split('/').at(-2)")
    return found

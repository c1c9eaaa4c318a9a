"""The pin on the map: our own boundaries, nothing asked outside, moved without dragging; words where no map is."""

from collections.abc import Iterator

import pytest

from tests import make
from tests.browsing import watched
from tests.serving import serving
from tests.web.pwa.conftest import sound

PATIENCE_MS = 60_000
STEPS = 20  # of some 100 m each: from one town into the other
NO_WEBGL = "HTMLCanvasElement.prototype.getContext = () => null; window.WebGL2RenderingContext = undefined"


@pytest.fixture
def mapped(committing) -> Iterator[str]:
    """A site with two towns side by side."""
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with committing() as session:
        make.district(session)
    with serving(application(), ws="none") as port:
        yield f"http://127.0.0.1:{port}"


def test_x56_the_pin_is_set_by_tap_and_moved_by_keys_and_buttons_and_the_words_follow(browser, mapped):
    with browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN") as context:
        page, seen = watched(context)
        page.goto(mapped + "/app/")
        page.get_by_text("还不知道位置").wait_for(timeout=PATIENCE_MS)
        page.get_by_role("button", name="在地图上选").click()
        page.locator("[data-map=ready]").wait_for(timeout=PATIENCE_MS)
        page.locator(".pin-map").click(position={"x": 60, "y": 150})
        page.locator(".where").get_by_text("误差较大").wait_for()
        page.locator(".pin-map").click(position={"x": 170, "y": 160})
        page.locator(".where").get_by_text("误差较大").wait_for(state="detached")
        first = page.locator(".where").inner_text()
        page.locator(".pin-map").focus()
        for _ in range(STEPS):
            page.keyboard.press("ArrowRight")
        there = page.locator(".where").inner_text()
        assert ("一带" in first, "一带" in there, first == there) == (True, True, False)
        for _ in range(STEPS):
            page.get_by_role("button", name="向西移").click()
        assert page.locator(".where").inner_text() == first
        assert "位置" not in page.locator("#missing").inner_text()
        assert sound(page) == []
    assert seen.hosts == {mapped.removeprefix("http://")}
    assert seen.complaints == []


def test_without_webgl_the_words_remain(browser, site):
    with browser.new_context(viewport={"width": 390, "height": 800}, locale="zh-CN") as context:
        context.add_init_script(NO_WEBGL)
        page, _ = watched(context)
        page.goto(site + "/app/")
        page.get_by_role("button", name="在地图上选").click()
        page.locator(".pin").get_by_text("这台设备显示不了地图").wait_for(timeout=PATIENCE_MS)
        page.get_by_label("用文字说明地点").fill("学府路 12 号东门")
        assert "位置" not in page.locator("#missing").inner_text()

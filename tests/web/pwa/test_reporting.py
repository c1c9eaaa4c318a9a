"""A report from a phone: at most seven taps, at most 2 kB before it exists, and sound on every page."""

from uuid import uuid4

import pytest

from cases.intake import challenge
from cases.intake.work import WorkInvalid, check
from kit import clock
from tests.browsing import WIDTHS, watched
from tests.web.pwa.conftest import counted, sound
from tests.web.pwa.finger import PATIENCE_MS, emptied, fill, opened, receipt, version

MOST_TAPS = 7
MOST_BYTES = 2048


def test_m21_a_report_takes_seven_taps_and_two_kilobytes_before_it_exists(phone, site, snapshot):
    page, seen = watched(phone)
    before = counted()
    sent: list[int] = []
    phone.on(
        "requestfinished", lambda request: sent.append(size(request)) if request.url.endswith("/m/v1/reports") else 0
    )
    finger = opened(page, site)
    fill(finger, snapshot)
    assert page.locator("#missing").inner_text() == "可以提交了"
    finger.tap("提交", "button")
    reference = receipt(page)
    emptied(page)

    assert finger.taps <= MOST_TAPS
    assert len(sent) == 1
    assert sent[0] <= MOST_BYTES
    assert counted() == (before[0] + 1, before[1] + 1)
    assert seen.hosts == {site.removeprefix("http://")}
    assert seen.complaints == []
    with page.expect_download() as saved:
        page.get_by_role("button", name="存成图片").click()
    assert saved.value.suggested_filename == f"{reference}.png"


def size(request) -> int:
    sizes = request.sizes()
    return sizes["requestBodySize"] + sizes["requestHeadersSize"]


def test_what_is_missing_is_said_and_led_to_and_danger_shows_whom_to_call(phone, site):
    page, _ = watched(phone)
    finger = opened(page, site)
    finger.tap("提交", "button")
    assert page.evaluate("document.activeElement.textContent") == "现在正发生危险吗？"
    finger.tap("有人被困")
    assert page.locator(".alarm a[href='tel:119']").is_visible()
    page.get_by_label("名称或拼音首字母").fill("jsj")
    finger.tap("塔吊/脚手架")
    assert page.locator("#block-kind .alarm a[href='tel:119']").is_visible()
    page.get_by_role("button", name="不确定").click()
    assert "类别" not in page.locator("#missing").inner_text()


def test_what_is_refused_keeps_everything_and_is_sent_again_once_it_is_put_right(phone, site, snapshot):
    """The contract takes no text that turns its direction round, as comes along with what is pasted."""
    before = counted()
    page, _ = watched(phone)
    finger = opened(page, site)
    fill(finger, snapshot)
    page.locator("#note-text").fill("通道被堵死\u202e了")
    finger.tap("提交", "button")
    page.get_by_role("heading", name="这件没有被收下").wait_for(timeout=PATIENCE_MS)
    finger.tap("修改后再发", "button")
    page.locator(".shots img").first.wait_for()
    assert page.get_by_role("radio", name="占堵疏散通道").is_checked()
    page.locator("#note-text").fill("通道被堵死了")
    finger.tap("提交", "button")
    receipt(page)
    emptied(page)

    assert counted() == (before[0] + 1, before[1] + 1)


def test_the_work_of_a_busy_sender_is_done_on_the_phone(phone, site):
    page, _ = watched(phone)
    opened(page, site)
    easy = {"minutes": 10, "prefix": "0", "cost": {"anonymous": 2, "device": 1, "named": 1}}
    about = uuid4()
    wanted = challenge(about, easy, standing="anonymous", now=clock.now())
    done = page.evaluate(f"async (it) => (await import('/app/{version(page)}/work.mjs')).solve(it)", wanted)

    check(about, done, now=clock.now())
    with pytest.raises(WorkInvalid):
        check(uuid4(), done, now=clock.now())


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_every_page_is_sound_in_both_schemes_and_with_large_type(browser, site, snapshot, scheme, width):
    with browser.new_context(viewport={"width": width, "height": 800}, color_scheme=scheme, locale="zh-CN") as context:
        page, seen = watched(context)
        finger = opened(page, site)
        finger.tap("有人被困")
        finger.take(snapshot)
        finger.tap("燃气与危化品", "button")
        finger.tap("燃气使用与管道隐患")
        page.locator("summary").first.click()
        assert sound(page) == []
        page.get_by_label("用文字说明地点").fill("学府路 12 号东门")
        finger.tap("我已阅读并同意", "checkbox")
        finger.tap("提交", "button")
        receipt(page)
        assert sound(page) == []
        page.get_by_role("link", name="查看进度").click()
        page.get_by_role("heading", name="经过").wait_for()
        for summary in page.locator("main summary").all():
            summary.click()
        assert sound(page) == []
        for path in ("#/mine", "#/code"):
            page.goto(f"{site}/app/{path}")
            page.locator("h1").wait_for()
            assert sound(page) == []
        page.get_by_role("button", name="大字").click()
        assert sound(page) == []
    assert seen.complaints == []
    assert seen.hosts == {site.removeprefix("http://")}


def test_the_words_speak_english_to_whoever_reads_it(browser, site):
    with browser.new_context(locale="en-GB", viewport={"width": 390, "height": 800}) as context:
        page, seen = watched(context)
        opened(page, site)
        assert page.locator("h1").inner_text() == "Report a hazard"
        assert page.evaluate("document.documentElement.lang") == "en"
        page.get_by_role("button", name="中文").click()
        page.get_by_role("heading", name="举报隐患").wait_for()
    assert seen.complaints == []

"""A report from a phone: at most seven taps, at most 2 kB before it exists, and neither lost nor doubled."""

from dataclasses import dataclass
from uuid import uuid4

import pytest
from playwright.sync_api import Page, Route

from cases.intake import challenge
from cases.intake.work import WorkInvalid, check
from kit import clock
from tests.browsing import WIDTHS, watched
from tests.web.pwa.conftest import counted, sound

MOST_TAPS = 7
MOST_BYTES = 2048
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

    def take(self, photo) -> None:
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


def fill(finger: Finger, photo) -> None:
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


def test_x56_without_a_network_it_is_made_kept_and_sent_once(phone, site, snapshot):
    """The network is gone before the first tap; the page is reloaded at every step, and closed before it comes back."""
    page, seen = watched(phone)
    before = counted()
    opened(page, site)
    kept_for_later(page)
    phone.set_offline(True)
    steps = [
        lambda finger: finger.tap("没有正在发生"),
        lambda finger: finger.take(snapshot),
        lambda finger: (finger.tap("消防隐患", "button"), finger.tap("占堵疏散通道")),
        lambda finger: finger.page.get_by_label("用文字说明地点").fill("学府路 12 号东门"),
    ]
    for step in steps:
        page.reload()
        ready(page)
        step(Finger(page))
        page.wait_for_timeout(300)
    page.reload()
    ready(page)
    finger = Finger(page)
    finger.tap("我已阅读并同意", "checkbox")
    finger.tap("提交", "button")
    page.get_by_role("heading", name="没有网络，待发送").wait_for()
    page.reload()
    page.get_by_role("heading", name="没有网络，待发送").wait_for()
    page.get_by_role("link", name="1 件待发送").wait_for()
    assert counted() == before
    page.close()

    phone.set_offline(False)
    again, _ = watched(phone)
    again.goto(site + "/app/#/mine")
    again.get_by_text("已收到", exact=True).wait_for(timeout=PATIENCE_MS)
    emptied(again)
    assert counted() == (before[0] + 1, before[1] + 1)
    assert seen.hosts == {site.removeprefix("http://")}


@pytest.mark.parametrize("path", ["/m/v1/reports", "/m/v1/photos"])
@pytest.mark.parametrize("reached", [False, True], ids=["lost on the way", "only the answer is lost"])
def test_x56_a_cut_while_it_is_sent_neither_loses_nor_doubles_it(phone, site, snapshot, path, reached):
    before = counted()
    cuts: list[str] = []

    def cut(route: Route) -> None:
        cuts.append(route.request.url)
        if reached:
            route.fetch()
        route.abort("connectionreset")

    phone.route(f"**{path}", cut, times=2)
    page, _ = watched(phone)
    finger = opened(page, site)
    fill(finger, snapshot)
    finger.tap("提交", "button")
    page.wait_for_timeout(1500)
    page.reload()
    receipt(page)
    emptied(page)

    assert len(cuts) == 2
    assert counted() == (before[0] + 1, before[1] + 1)


def test_two_windows_with_the_same_draft_send_one_report(phone, site, snapshot):
    before = counted()
    one, _ = watched(phone)
    fill(opened(one, site), snapshot)
    other, _ = watched(phone)
    finger = opened(other, site)
    finger.tap("我已阅读并同意", "checkbox")
    Finger(one).tap("提交", "button")
    receipt(one)
    other.get_by_role("textbox", name="再说两句").fill("另一个窗口里又写了几个字")
    finger.tap("提交", "button")
    other.get_by_role("status").filter(has_text="已经提交").wait_for()
    emptied(one)

    assert counted() == (before[0] + 1, before[1] + 1)


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


def test_the_work_of_a_busy_sender_is_done_on_the_phone(phone, site):
    page, _ = watched(phone)
    opened(page, site)
    easy = {"minutes": 10, "prefix": "0", "cost": {"anonymous": 2, "device": 1, "named": 1}}
    about = uuid4()
    wanted = challenge(about, easy, standing="anonymous", now=clock.now())
    version = page.evaluate("document.querySelector('script').src.split('/').at(-2)")
    done = page.evaluate(f"async (it) => (await import('/app/{version}/work.mjs')).solve(it)", wanted)

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

"""In a real browser: every page asks its own host only, keeps to its policy, and passes axe, light and dark."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Page

from tests.browsing import WIDTHS, faults, opening, watched
from tests.serving import serving
from tests.told import ask_of, heard, kept, offer, reply_to

browser = pytest.fixture(opening, scope="module")


@pytest.fixture
def site(database_url: str) -> Iterator[str]:
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with serving(application(), ws="none") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    scheme: str = request.param
    return scheme


@pytest.fixture
def pages(site: str, publish, withdrawn: str, counted: None) -> list[str]:
    shown = publish(progress="not_rectified", title="某工地脚手架未设防护网、作业人员未系安全带且无人监护")
    publish(progress="rectifying")
    note = {
        "version": 2,
        "at": "2026-11-21T02:00:00+00:00",
        "note": "原文单位名称有误，该单位与本次检查无关，特此更正。",
    }
    right = publish(progress="rectified", status="corrected", version=2, corrections=[note])
    board = [f"/exposures/{each}" for each in (shown, right, withdrawn, "none")]
    return ["/", "/duties", "/transparency", "/exposures", *board]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_every_page_is_sound_and_asks_no_other_host(browser, site, pages, scheme, width):
    size = {"width": width, "height": 800}
    with browser.new_context(viewport=size, color_scheme=scheme, bypass_csp=False) as context:
        page, seen = watched(context)
        for path in pages:
            page.goto(site + path)
            # A page that says 404 or 410 on purpose is told to the console; that is no complaint about the page.
            seen.complaints = [text for text in seen.complaints if "404" not in text and "410" not in text]
            assert faults(page) == [], path

    assert seen.hosts == {site.removeprefix("http://")}
    assert seen.complaints == []


def test_a_report_is_looked_up_without_a_script_and_by_keyboard_alone(browser, site, client, tracking_code):
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page, seen = watched(context)
        page.goto(site + "/")
        page.get_by_label("查询码").focus()
        page.keyboard.type(tracking_code.lower())
        page.keyboard.press("Enter")

        page.get_by_role("heading", name="经过").wait_for()

    assert page.url == site + "/track"
    assert seen.hosts == {site.removeprefix("http://")}


@pytest.mark.parametrize("typed", ["ABCD-EFGH", None])
def test_the_pages_of_a_look_up_are_sound(browser, site, client, tracking_code, scheme, typed):
    with browser.new_context(color_scheme=scheme, viewport={"width": 390, "height": 800}) as context:
        page, seen = watched(context)
        page.goto(site + "/")
        page.get_by_label("查询码").fill(typed or tracking_code)
        page.get_by_role("button", name="查进度").click()
        page.wait_for_url("**/track")

        assert faults(page) == []
        seen.complaints = [text for text in seen.complaints if "422" not in text]

    assert seen.complaints == []


def test_the_first_thing_that_the_keyboard_reaches_leads_to_the_content(browser, site):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(site + "/")
        page.keyboard.press("Tab")
        focused = page.evaluate("[document.activeElement.textContent, document.activeElement.getAttribute('href')]")

    assert focused == ["跳到正文", "#main"]


def test_r8_r10_a_reply_is_rated_and_a_review_asked_for_without_a_script(browser, site, client, tracking_code, scheme):
    """On a phone, by whoever holds the code; each page on the way is sound."""
    code = reply_to(tracking_code)
    size = {"width": 390, "height": 800}
    with browser.new_context(java_script_enabled=True, color_scheme=scheme, viewport=size) as looking:
        page, seen = watched(looking)
        page.goto(site + "/")
        page.get_by_label("查询码").fill(code)
        page.get_by_role("button", name="查进度").click()
        page.get_by_role("heading", name="评价答复").wait_for()
        assert faults(page) == []
        assert seen.complaints == []
    with browser.new_context(java_script_enabled=False, color_scheme=scheme, viewport=size) as context:
        page, seen = watched(context)
        page.goto(site + "/")
        page.get_by_label("查询码").fill(code)
        page.get_by_role("button", name="查进度").click()
        page.get_by_label("不满意", exact=True).check()
        page.get_by_role("button", name="提交评价").click()
        page.get_by_role("status").wait_for()
        assert page.get_by_label("不满意", exact=True).is_checked()
        page.get_by_label("为什么不同意").fill("通道仍然堵着，没有清理")
        page.get_by_role("button", name="申请复核").click()
        page.get_by_text("已收到您的复核申请，将由未经办的人员重新核查").wait_for()
        assert page.get_by_role("heading", level=1).inner_text() == "复核中"
        assert page.url == site + "/track/acts"
        assert code.replace("-", "") not in page.content()
    assert seen.hosts == {site.removeprefix("http://")}
    assert kept(code)[:2] == ("review_requested", 2)


def look_up(page: Page, site: str, code: str) -> None:
    page.goto(site + "/")
    page.get_by_label("查询码").fill(code)
    page.get_by_role("button", name="查进度").click()
    page.get_by_role("heading", name="经过").wait_for()


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_every_form_of_a_report_is_sound_with_all_of_them_open(browser, site, client, tracking_code, scheme, width):
    offer(ask_of(tracking_code, "在几号楼、几层？"))
    size = {"width": width, "height": 900}
    with browser.new_context(color_scheme=scheme, viewport=size) as context:
        page, seen = watched(context)
        look_up(page, site, tracking_code)
        for closed in page.locator("details.more-acts, .more-acts details").all():
            closed.locator("summary").click()
        assert page.locator("form.act").count() == 7
        assert faults(page) == []
    assert seen.complaints == []


def test_r3_r9_c11_a_reporter_answers_claims_and_withdraws_without_a_script(browser, site, client, tracking_code):
    secret = offer(ask_of(tracking_code))
    size = {"width": 390, "height": 800}
    with browser.new_context(java_script_enabled=False, viewport=size) as context:
        page, seen = watched(context)
        look_up(page, site, tracking_code)
        page.get_by_label("您的回答").fill("3号楼二层")
        page.get_by_role("button", name="提交回答").click()
        page.get_by_text("已收到您的补充，谢谢").wait_for()
        page.get_by_label("领奖密码").fill(secret)
        page.get_by_label("没有安全监管职责").check()
        page.get_by_role("button", name="领取奖励").click()
        page.get_by_text("已登记领奖").wait_for()
        assert page.locator(".spelled").count() == 2
        page.get_by_text("撤回举报", exact=True).first.click()
        page.get_by_label("我确定要撤回").check()
        page.get_by_role("button", name="撤回举报").click()
        page.get_by_text("已撤回您的举报").wait_for()
        assert tracking_code.replace("-", "") not in page.content()
    assert seen.hosts == {site.removeprefix("http://")}
    assert heard(tracking_code) == ("withdrawn", [("answer", "3号楼二层"), ("withdrawal", "")])

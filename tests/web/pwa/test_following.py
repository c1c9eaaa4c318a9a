"""What a reporter does after the receipt, from the device that holds it: each goes through the outbox, once."""

import pytest
from playwright.sync_api import Page

from tests.browsing import watched
from tests.told import ask_of, heard, kept, offer, reply_to
from tests.web.pwa.conftest import sound

PATIENCE_MS = 30_000


@pytest.fixture
def page(phone, site) -> Page:
    opened, _ = watched(phone)
    opened.on("dialog", lambda dialog: dialog.accept())
    return opened


def look_up(page: Page, site: str, code: str) -> None:
    page.goto(site + "/app/#/code")
    page.get_by_label("查询码").fill(code.lower().replace("-", " "))
    page.get_by_role("button", name="查看", exact=True).click()
    page.get_by_role("heading", name="经过").wait_for(timeout=PATIENCE_MS)


def test_r3_a_question_is_answered_while_there_is_no_network(page, phone, site, client, tracking_code):
    code = ask_of(tracking_code, "在几号楼、几层？")
    look_up(page, site, code)
    page.get_by_text("在几号楼、几层？").first.wait_for()
    assert sound(page) == []
    phone.set_offline(True)
    page.get_by_label("您的回答").fill("3 号楼二层")
    page.locator("form", has=page.locator("#act-answer")).get_by_role("button", name="提交", exact=True).click()
    page.get_by_text("1 项正在发送").wait_for()
    assert heard(code)[1] == []
    phone.set_offline(False)
    page.get_by_role("heading", name="需要您补充").wait_for(state="detached", timeout=PATIENCE_MS)

    assert heard(code)[1] == [("answer", "3 号楼二层")]
    assert code.replace("-", "") not in page.url.replace("-", "").upper()


def test_r8_r10_a_reply_is_rated_and_doubted(page, site, client, tracking_code):
    code = reply_to(tracking_code)
    look_up(page, site, code)
    page.get_by_label("不满意", exact=True).check()
    page.get_by_role("button", name="提交评价").click()
    page.get_by_text("已评价：不满意").wait_for(timeout=PATIENCE_MS)
    page.get_by_role("button", name="没有解决，要求重新核查").click()
    page.get_by_label("哪里没有改好").fill("通道仍然堵着，没有清理")
    page.locator("#again").get_by_role("button", name="提交").click()
    page.get_by_role("heading", level=1, name="复核中").wait_for(timeout=PATIENCE_MS)

    assert kept(code)[:2] == ("review_requested", 2)


def test_c11_a_reward_is_claimed_with_the_second_secret_and_again_with_the_same_voucher(
    page, site, client, tracking_code
):
    secret = offer(tracking_code)
    look_up(page, site, tracking_code)
    claimed = []
    for _ in range(2):
        page.get_by_label("领奖密码").fill(tracking_code)
        page.get_by_role("button", name="领取奖励").click()
        page.get_by_role("alert").filter(has_text="没有安全监管职责").wait_for()
        page.get_by_label("没有安全监管职责").check()
        page.get_by_role("button", name="领取奖励").click()
        page.get_by_role("alert").filter(has_not_text="职责").wait_for()
        page.get_by_label("领奖密码").fill(secret)
        assert sound(page) == []
        page.get_by_role("button", name="领取奖励").click()
        page.get_by_text("已登记领奖").wait_for(timeout=PATIENCE_MS)
        claimed.append(page.locator(".spelled").all_inner_texts())
        page.reload()
        page.get_by_role("heading", name="经过").wait_for(timeout=PATIENCE_MS)

    assert claimed[0] == claimed[1]
    assert len(claimed[0]) == 2


def test_r9_a_report_is_withdrawn_and_the_device_forgets(page, site, client, tracking_code):
    look_up(page, site, tracking_code)
    page.get_by_text("撤回举报", exact=True).first.click()
    page.get_by_role("button", name="撤回举报").click()
    page.get_by_role("heading", level=1, name="已撤回").wait_for(timeout=PATIENCE_MS)
    page.get_by_role("button", name="从本机删除这一件").click()
    page.get_by_text("这台设备上还没有举报").wait_for()

    assert heard(tracking_code) == ("withdrawn", [("withdrawal", "")])


def test_a_scanned_code_leaves_the_address_at_once_and_a_mistyped_one_is_not_asked_for(
    page, site, client, tracking_code
):
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{site}/app/#c={tracking_code}")
    page.get_by_label("查询码").wait_for()

    assert page.url == site + "/app/#/code"
    assert page.get_by_label("查询码").input_value() == tracking_code
    wrong = tracking_code[:-1] + ("0" if tracking_code[-1] != "0" else "1")
    page.get_by_label("查询码").fill(wrong)
    page.get_by_role("button", name="查看", exact=True).click()
    page.get_by_role("alert").filter(has_text="输错").wait_for()
    assert not any(tracking_code in url or url.endswith("/tracking") for url in asked)


def test_what_is_public_nearby_may_be_the_same(page, site, client, publish):
    publish(title="某仓库安全出口堵塞", point="SRID=4326;POINT(120.63 31.377)")
    publish(title="别处的仓库", point="SRID=4326;POINT(120.70 31.40)")
    page.goto(site + "/app/")
    page.get_by_text("误差约 12 米").wait_for(timeout=PATIENCE_MS)
    page.get_by_role("button", name="消防隐患").click()
    page.get_by_role("radio", name="占堵疏散通道").check()
    page.get_by_role("button", name="我也看到").click()

    assert "某仓库安全出口堵塞" in page.locator("#note-text").input_value()
    assert page.get_by_text("别处的仓库").count() == 0

"""A report made with a bad network, in two windows, or by a wrong clock is neither lost nor doubled (X56)."""

import pytest
from playwright.sync_api import Route

from tests.browsing import watched
from tests.web.pwa.conftest import counted
from tests.web.pwa.finger import PATIENCE_MS, Finger, emptied, fill, kept_for_later, opened, ready, receipt, version
from web import citizen_app


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


def test_a_phone_whose_clock_is_wrong_is_set_right_by_the_server(phone, site, snapshot):
    before = counted()
    page, _ = watched(phone)
    page.clock.set_system_time("2031-01-01T00:00:00Z")
    finger = opened(page, site)
    fill(finger, snapshot)
    finger.tap("提交", "button")
    receipt(page)

    assert counted()[0] == before[0] + 1


def test_a_newer_app_is_offered_and_taken_whole(phone, site, monkeypatch):
    page, _ = watched(phone)
    opened(page, site)
    kept_for_later(page)
    old = version(page)
    monkeypatch.setitem(citizen_app.FILES, "app.css", citizen_app.FILES["app.css"] + "/* newer */")
    citizen_app.version.cache_clear()
    page.reload()
    ready(page)
    assert version(page) == old
    page.get_by_role("button", name="现在更新").click(timeout=PATIENCE_MS)
    page.wait_for_selector(f"script[src='/app/{citizen_app.version()}/app.mjs']", state="attached", timeout=PATIENCE_MS)
    phone.set_offline(True)
    page.reload()
    ready(page)
    assert version(page) == citizen_app.version() != old
    monkeypatch.undo()
    citizen_app.version.cache_clear()

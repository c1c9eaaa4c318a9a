"""The console in a real browser: sound on a phone and on a desk, quick by keys, and whole without a script."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from cases.models.case import Task
from kit import clock
from people import sign_in
from people.models import Org
from people.roles import Role
from tests import make
from tests.browsing import WIDTHS, faults, watched
from tests.serving import serving

PASSWORD = "a long enough password"
PAGES = ["/desk", "/desk?due=late", "/desk/cases?state=signed", "/desk/account"]


@pytest.fixture
def site(committing):
    """A town with four cases, the last of them on hold, and its leader."""
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with committing() as session:
        district = make.district(session)
        town = session.get_one(Org, district.west.org.id)
        sign_in.create_officer(
            session, org=town, username="chen", name="陈立群", password=PASSWORD, roles=[Role.TOWN_LEADER]
        )
        office = session.get_one(Org, district.office.id)
        sign_in.create_officer(
            session, org=office, username="shen", name="沈洁", password=PASSWORD, roles=[Role.INTAKE_OFFICER]
        )
        make.report(session, state="in_review", waits_for="border", address="人民路9号")
        for at, hours in enumerate((-29, 3, 30, 400)):
            state, what = ("on_hold", "hold") if at == 3 else ("signed", "verify")
            case = make.case(session, town, state=state, place_text=f"人民路{at}号", number=f"2026-{at}")
            task = session.scalars(select(Task).where(Task.case_id == case.id)).one()
            task.due_at, task.due_what = clock.now() + timedelta(hours=hours), what
    with serving(application(), ws="none") as port:
        yield f"http://127.0.0.1:{port}"


def sign_in_as(page, site, name="chen", onward="/desk"):
    page.goto(f"{site}{onward}")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(PASSWORD)
    page.get_by_role("button", name="登录").click()
    page.wait_for_url(f"{site}{onward}")


def at(page):
    """The number of the case that the keyboard is at."""
    return page.evaluate("document.activeElement.closest('.row')?.querySelector('.row-number').textContent ?? null")


def test_pages_are_sound_and_keys_walk_through_the_queue(browser, site):
    for width in WIDTHS.values():
        with browser.new_context(viewport={"width": width, "height": 800}) as context:
            page, seen = watched(context)
            page.goto(f"{site}/desk/sign-in")
            assert faults(page) == []
            sign_in_as(page, site)
            for path in PAGES:
                page.goto(site + path)
                assert faults(page) == [], (width, path)
            context.clear_cookies()
            sign_in_as(page, site, "shen", "/desk/reports")
            assert faults(page) == []
            page.locator("a[data-open]").click()
            page.get_by_text("请举报人补充").click()
            page.get_by_text("提出不予受理").click()
            assert faults(page) == []
            assert (seen.hosts, seen.complaints) == ({site.removeprefix("http://")}, [])
    with browser.new_context(viewport={"width": 1366, "height": 800}, color_scheme="dark") as context:
        page, seen = watched(context)
        sign_in_as(page, site)
        page.keyboard.press("j")
        page.keyboard.press("j")
        assert at(page) == "2026-1"
        page.keyboard.press("k")
        assert at(page) == "2026-0"
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()
        assert faults(page) == []
        page.get_by_label("使用快捷键").uncheck()
        page.keyboard.press("Escape")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.locator("main").focus()
        page.keyboard.press("j")
        assert at(page) is None  # switched off, and the device remembers
        page.reload()
        page.keyboard.press("j")
        assert at(page) is None
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_have_count(0)
        page.goto(f"{site}/desk/account")
        page.get_by_label("使用快捷键").check()
        page.goto(f"{site}/desk/cases")
        page.keyboard.press("/")
        page.keyboard.type("2026-jk")
        assert page.get_by_label("案件编号").input_value() == "2026-jk"  # inside a field a letter is a letter
        page.keyboard.press("Control+a")
        page.keyboard.press("Delete")  # what is left changed would be searched for
        page.keyboard.press("Escape")
        page.keyboard.press("k")
        assert at(page) is not None

        page.goto(f"{site}/desk")
        page.get_by_label("状态").select_option("on_hold")  # htmx: the list changes, and the address with it
        expect(page.locator(".row")).to_have_count(1)
        expect(page.get_by_text("暂停计时")).to_be_visible()
        assert page.url.startswith(f"{site}/desk?state=on_hold")
        assert page.evaluate("performance.getEntriesByType('navigation').length") == 1
        page.go_back()
        expect(page.locator(".row")).to_have_count(4)
        page.keyboard.press("n")
        assert at(page) == "2026-0"
        assert (seen.hosts, seen.complaints) == ({site.removeprefix("http://")}, [])
        page.keyboard.press("Enter")
        page.wait_for_url("**/desk/cases/*")


def test_the_whole_console_works_without_a_script(browser, site):
    with browser.new_context(java_script_enabled=False, viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        sign_in_as(page, site, onward="/desk/cases")
        page.get_by_label("状态").select_option("on_hold")
        page.get_by_role("button", name="筛选").click()
        expect(page.locator(".row")).to_have_count(1)
        page.get_by_text("保存和管理视图").click()
        page.get_by_label("把现在的条件保存为").fill("缓办的")
        page.get_by_role("button", name="保存", exact=True).click()
        expect(page.get_by_role("link", name="缓办的 1")).to_be_visible()
        page.get_by_role("button", name="退出").click()
        page.wait_for_url("**/desk/sign-in")
        page.goto(f"{site}/desk")
        expect(page.get_by_role("heading", name="登录")).to_be_visible()

"""In a real browser: the pages of a case and its forms keep to their policy, ask no other host, and pass axe."""

import os
from datetime import timedelta

import pytest

from kit import clock
from tests import make
from tests.api.rights.ground import signed_in
from tests.serving import serving
from tests.walk import Walk
from tests.web.test_browser import WIDTHS, browser, faults, watched
from web.desk.door import COOKIE

__all__ = ["browser"]


@pytest.fixture
def walk(committing):
    with committing() as session:
        return Walk(session, make.district(session), now=clock.now() - timedelta(hours=9)).proposed()


@pytest.fixture
def site(committing):
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with serving(application(), ws="none") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture
def token_of(committing):
    def of(who):
        with committing() as session:
            return signed_in(session, who)

    return of


SEND_AS_IT_IS = """said => {
    const form = document.querySelector('.c-form');
    form.noValidate = true;
    for (const [name, value] of Object.entries(said)) form.elements[name].value = value;
    form.requestSubmit();
}"""


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_a_refusal_and_a_case_that_has_changed_are_sound_and_read_first(browser, site, walk, token_of, width):
    refusals = {
        "order": ({}, "提交的内容有误"),
        "return_verdict": ({"_version": "1", "comment": "请补查"}, "案件有了变化"),
    }
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        cookie = {"name": COOKIE, "value": token_of(walk.town.leader), "url": f"{site}/desk"}
        context.add_cookies([cookie])
        page, seen = watched(context)
        for act, (said, told) in refusals.items():
            page.goto(f"{site}/desk/cases/{walk.case.id}/acts/{act}")
            with page.expect_navigation():
                page.evaluate(SEND_AS_IT_IS, said)
            if os.environ.get("SHOTS"):
                page.screenshot(path=f"{os.environ['SHOTS']}/{width}-refused-{act}.png", full_page=True)
            assert told in page.evaluate("document.activeElement.textContent")
            assert unsound(page) == [], act
    assert [text for text in seen.complaints if "422" not in text and "412" not in text] == []


def test_a_phone_fills_in_where_it_is_and_asks_nobody_else(browser, site, walk, token_of):
    """On a page of ours, by the browser alone; without a script the reason is written instead (T6)."""
    here = {"longitude": 120.0101, "latitude": 31.0102, "accuracy": 8}
    size = {"width": 390, "height": 800}
    with browser.new_context(viewport=size, geolocation=here, permissions=["geolocation"]) as context:
        cookie = {"name": COOKIE, "value": token_of(walk.town.officer), "url": f"{site}/desk"}
        context.add_cookies([cookie])
        page, seen = watched(context)
        page.goto(f"{site}/desk/cases/{walk.case.id}/acts/start_visit")
        page.get_by_role("button", name="用我的位置").click()
        page.get_by_text("已定位，误差约 8 米").wait_for()
        filled = [page.locator(f'[name="position.{name}"]').input_value() for name in ("lon", "lat")]
        assert unsound(page) == []

    assert filled == ["120.010100", "31.010200"]
    assert (seen.hosts, seen.complaints) == ({site.removeprefix("http://")}, [])


def unsound(page):
    """A box to tick is as large as the words beside it, which tick it too; the keys are told where there are keys."""
    within = ('type="checkbox"', 'type="radio"', "data-tell-keys")
    return [
        told for told in faults(page) if not (told.startswith("small target") and any(each in told for each in within))
    ]


@pytest.mark.parametrize("width", WIDTHS.values(), ids=WIDTHS.keys())
def test_the_page_of_a_case_and_every_kind_of_form_are_sound(browser, site, walk, token_of, width):
    case = f"{site}/desk/cases/{walk.case.id}"
    seen_by = {
        walk.town.leader: ["", "/acts/order", "/acts/find_unsubstantiated", f"/acts/deliver_copy/{walk.case.id}"],
        walk.town.officer: [
            "", "/pictures", "/scans", "/acts/complete_visit", "/acts/request_extension", "/acts/request_hold",
        ],
        walk.district.supervisor: ["", "/acts/bring_in_department"],
        walk.district.fire_officer: ["", "/acts/sign_case", "/acts/answer_task"],
    }  # fmt: skip
    with browser.new_context(viewport={"width": width, "height": 900}) as context:
        for who, paths in seen_by.items():
            context.clear_cookies()
            context.add_cookies([{"name": COOKIE, "value": token_of(who), "url": f"{site}/desk"}])
            page, seen = watched(context)
            for path in paths:
                page.goto(case + path)
                if os.environ.get("SHOTS"):
                    name = f"{width}-{min(who.roles)}-{path.strip('/').replace('/', '-') or 'case'}"
                    page.screenshot(path=f"{os.environ['SHOTS']}/{name}.png", full_page=True)
                seen.complaints = [text for text in seen.complaints if "404" not in text]
                assert unsound(page) == [], path
            assert (seen.hosts, seen.complaints) == ({site.removeprefix("http://")}, [])

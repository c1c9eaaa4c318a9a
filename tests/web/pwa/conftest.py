"""The citizen's app as a phone has it: served whole, in a Chromium that stands somewhere in the district."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page
from sqlalchemy import func, select

from cases.models.report import Report, ReportPhoto
from kit.db import OWNER, unit_of_work
from tests.browsing import faults, opening
from tests.serving import serving

browser = pytest.fixture(opening, scope="module")


@pytest.fixture(scope="module")
def site(database_url: str) -> Iterator[str]:
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with serving(application(), ws="none") as port:
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    scheme: str = request.param
    return scheme


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    place = {"longitude": 120.63, "latitude": 31.377, "accuracy": 12}
    settings = {"locale": "zh-CN", "geolocation": place, "permissions": ["geolocation"]}
    with browser.new_context(viewport={"width": 390, "height": 800}, has_touch=True, **settings) as context:
        yield context


@pytest.fixture(scope="session")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a camera gives: larger than the app sends, and not two of them alike to the eye."""
    path = tmp_path_factory.mktemp("camera") / "IMG_0001.jpg"
    Image.effect_noise((2400, 1800), 60).convert("RGB").save(path, quality=80)
    return path


def counted() -> tuple[int, int]:
    """How many reports there are, and how many photos have come."""
    with unit_of_work(OWNER) as session:
        reports = session.scalar(select(func.count()).select_from(Report))
        come = ReportPhoto.state.in_(("stored", "clean", "waiting"))
        return reports or 0, session.scalar(select(func.count()).where(come)) or 0


# Inputs whose label is the target, and a button of the map that is not shown.
WITHIN_LARGER = ('class="unseen"', 'type="radio"', 'type="checkbox"', "maplibregl-ctrl-attrib-button")


def sound(page: Page) -> list[str]:
    """The faults of a page, where a label stands for the input inside of it."""
    page.wait_for_timeout(200)
    return [each for each in faults(page) if not any(mark in each for mark in WITHIN_LARGER)]

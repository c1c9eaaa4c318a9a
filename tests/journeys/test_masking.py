"""E3, E4, X39, X43: the desk sees a photo and what is proposed, confirms, and handlers get the masked copy alone."""

import io

import pytest
from PIL import Image
from sqlalchemy import select
from test_what_photos_tell import send

from cases.models.report import ReportCase
from kit.db import OWNER, unit_of_work
from tests.kit.photos import encoded, scene

FACE = {"kind": "face", "left": 400, "top": 300, "width": 240, "height": 160}


@pytest.fixture
def report(client, work):
    found = send(client, encoded(scene(), "JPEG"))
    work()
    return found


@pytest.fixture
def photo(sign_in, report):
    (row,) = sign_in("desk").get(f"/desk/reports/{report}").json()["photos"]
    return row


def confirm(officer, report, photo, *regions, seen=None):
    version = officer.get(f"/desk/reports/{report}").json().get("version") if seen is None else seen
    return officer.post(f"/desk/reports/{report}/photos/{photo['id']}/maskings", {"regions": regions}, seen=version)


def pixel(answer, at):
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    return Image.open(io.BytesIO(answer.content)).convert("RGB").getpixel(at)


def test_a_photo_reaches_a_handler_only_masked(work, sign_in, report, photo):
    desk, path = sign_in("desk"), f"/desk/reports/{report}"
    assert photo["masking"] | {"proposed": [], "proposed_by": ""} == {
        "width": 1200, "height": 900, "proposed": [], "proposed_by": "", "confirmed": None, "confirmed_at": None,
        "burnt": False,
    }  # fmt: skip
    assert isinstance(photo["masking"]["proposed"], list)
    assert desk.get(f"{path}/photos/{photo['id']}/masked").status_code == 404
    early = desk.desk(str(report), "extracts", {"text": "安全出口上锁", "photo_ids": [photo["id"]]})
    assert (early.status_code, early.json()["code"]) == (422, "extract.photo_not_ready")

    confirmed = confirm(desk, report, photo, FACE)
    assert confirmed.status_code == 201, confirmed.text
    assert (confirmed.json()["masking"]["confirmed"], confirmed.json()["masking"]["burnt"]) == ([FACE], False)
    work()
    assert max(pixel(desk.get(f"{path}/photos/{photo['id']}/masked"), (500, 380))) <= 8
    assert max(pixel(desk.get(f"{path}/photos/{photo['id']}/large"), (500, 380))) > 8
    released = desk.desk(str(report), "extracts", {"text": "安全出口上锁", "photo_ids": [photo["id"]]})
    assert released.status_code == 201, released.text

    with unit_of_work(OWNER) as session:
        case_id = session.scalars(select(ReportCase.case_id).where(ReportCase.report_id == report)).one()
    clerk = sign_in("clerk")
    case = clerk.get(f"/cases/{case_id}")
    (picture,) = [each for each in case.json()["pictures"] if each["role"] == "extract"]
    assert max(pixel(clerk.get(f"/pictures/{picture['id']}/large"), (500, 380))) <= 8
    assert photo["id"] not in case.text
    assert "masking" not in case.text


@pytest.mark.parametrize("who", ["clerk", "officer", "fire", "safety", "discipline", "publisher"])
def test_nobody_but_the_desk_sees_or_hides_anything(sign_in, report, photo, who):
    someone = sign_in(who)
    assert confirm(someone, report, photo, FACE, seen=1).status_code in {403, 404}
    for size in ("large", "small", "masked"):
        assert someone.get(f"/desk/reports/{report}/photos/{photo['id']}/{size}").status_code in {403, 404}


def test_two_officers_do_not_write_over_each_other(sign_in, report, photo):
    desk = sign_in("desk")
    seen = desk.get(f"/desk/reports/{report}").json()["version"]
    assert confirm(desk, report, photo, FACE, seen=seen).status_code == 201
    assert confirm(desk, report, photo, seen=seen).status_code == 412
    unseen = desk.post(f"/desk/reports/{report}/photos/{photo['id']}/maskings", {"regions": []})
    assert unseen.status_code == 428


@pytest.mark.parametrize(
    ("regions", "pointer"),
    [
        ([FACE, FACE | {"left": 1100}], "/regions/1"),
        ([FACE | {"kind": "cat"}], "/regions/0/kind"),
        ([FACE | {"left": -1}], "/regions/0/left"),
        ([FACE | {"width": 0}], "/regions/0"),
        ([FACE | {"more": 1}], "/regions/0/more"),
        ([FACE] * 201, "/regions"),
    ],
)
def test_hostile_regions_are_refused_with_a_pointer(sign_in, report, photo, regions, pointer):
    desk = sign_in("desk")
    seen = desk.get(f"/desk/reports/{report}").json()["version"]
    answer = confirm(desk, report, photo, *regions, seen=seen)
    assert answer.status_code == 422, answer.text
    assert answer.json()["errors"][0]["pointer"] == pointer
    assert desk.get(f"/desk/reports/{report}").json()["photos"][0]["masking"]["confirmed"] is None


def test_a_photo_that_is_not_of_the_report_is_unknown(sign_in, report, photo):
    other = {"id": "5f0f662c-0957-4665-a15e-1da81bd3832f"}
    answer = confirm(sign_in("desk"), report, other, FACE)
    assert (answer.status_code, answer.json()["code"]) == (404, "masking.unknown")

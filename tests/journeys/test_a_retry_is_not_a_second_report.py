"""One report, once (promise 2); a photo may come first, late or twice; borders, outside and other datums."""

from concurrent.futures import ThreadPoolExecutor

import pytest
import world
from sqlalchemy import func, select

from cases.models.report import Report, ReportPhoto
from geo.datums import Datum, from_wgs84
from geo.points import Point
from kit.db import OWNER, unit_of_work


def send_photo(client, report_id, photo_id, content, sha256):
    return client.post(
        "/m/v1/photos", data={"photo_id": photo_id, "report_id": report_id, "sha256": sha256},
        files={"file": ("x.jpg", content, "image/jpeg")},
    )  # fmt: skip


def with_photo(content, sha256, **changes):
    entry = {"id": "5f0f662c-0957-4665-a15e-1da81bd3832e", "sha256": sha256, "bytes": len(content), "capture": "camera"}
    return world.report(photos=[entry], **changes), entry["id"]


def test_twenty_parallel_sends_make_one_report(client):
    sent = world.report()

    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: client.post("/m/v1/reports", json=sent), range(20)))

    assert sorted(a.status_code for a in answers) == [200] * 19 + [201]
    assert len({a.json()["tracking_code"] for a in answers}) == 1
    with unit_of_work(OWNER) as session:
        assert session.scalar(select(func.count()).where(Report.client_id == sent["id"])) == 1


def test_the_same_id_with_other_content_is_refused_and_tells_nothing(client):
    sent = world.report()
    client.post("/m/v1/reports", json=sent)

    other = client.post("/m/v1/reports", json=sent | {"text": "完全不同的另外一件事情"})

    assert (other.status_code, other.json()["code"], other.json()["retryable"]) == (422, "report.id_reused", False)
    assert "tracking_code" not in other.text


def test_a_photo_may_come_first_and_twice(client, work):
    content, sha256 = world.photo()
    sent, photo_id = with_photo(content, sha256)

    first = send_photo(client, sent["id"], photo_id, content, sha256)
    again = send_photo(client, sent["id"], photo_id, content, sha256)
    receipt = client.post("/m/v1/reports", json=sent).json()
    late = send_photo(client, sent["id"], photo_id, content, sha256)
    work()

    assert (first.status_code, first.json()["state"]) == (201, "waiting")
    assert (again.status_code, again.json()["state"]) == (200, "waiting")
    assert receipt["photos"] == [{"id": photo_id, "state": "stored"}]
    assert (late.status_code, late.json()["state"]) == (200, "stored")
    with unit_of_work(OWNER) as session:
        photo = session.scalars(select(ReportPhoto).where(ReportPhoto.report_client_id == sent["id"])).one()
        assert photo.state == "clean"


def test_a_photo_that_the_manifest_does_not_name_is_refused(client):
    content, sha256 = world.photo()
    sent = world.report()
    client.post("/m/v1/reports", json=sent)

    answer = send_photo(client, sent["id"], "5f0f662c-0957-4665-a15e-1da81bd3832f", content, sha256)

    assert (answer.status_code, answer.json()["code"]) == (422, "photo.not_in_manifest")


@pytest.mark.parametrize(
    ("content", "code"), [(b"GIF89a" + b"0" * 400, "photo.type"), (b"\xff\xd8\xff\xe0", "photo.broken")]
)
def test_what_is_no_photo_is_refused(client, content, code):
    import hashlib  # noqa: PLC0415

    sha256 = hashlib.sha256(content).hexdigest()
    sent, photo_id = with_photo(content, sha256)
    client.post("/m/v1/reports", json=sent)

    answer = send_photo(client, sent["id"], photo_id, content, sha256)

    assert answer.json()["code"] == code


def test_a_torn_photo_is_refused_and_may_be_sent_again(client):
    content, sha256 = world.photo()
    sent, photo_id = with_photo(content, sha256)
    client.post("/m/v1/reports", json=sent)

    torn = send_photo(client, sent["id"], photo_id, world.photo((1, 2, 3))[0], sha256)
    whole = send_photo(client, sent["id"], photo_id, content, sha256)

    assert (torn.json()["code"], torn.json()["retryable"]) == ("photo.checksum", True)
    assert whole.status_code == 201


@pytest.mark.parametrize("datum", list(Datum))
def test_the_same_place_in_every_datum_lands_in_the_same_town(client, datum):
    near_border = Point(117.3985, 31.15)
    lon, lat = from_wgs84(near_border, datum)
    sent = world.report()
    sent["position"] |= {"lon": lon, "lat": lat, "crs": str(datum)}

    assert client.post("/m/v1/reports", json=sent).json()["town"]["code"] == "990101001"


@pytest.mark.parametrize(
    ("place", "reason"), [(world.BORDER, "border"), (world.OUTSIDE, "outside"), ((117.39999, 31.15), "border")]
)
def test_a_place_in_doubt_waits_at_the_desk_with_a_clock(client, work, sign_in, place, reason):
    receipt = client.post("/m/v1/reports", json=world.report(place)).json()
    work()

    waiting = sign_in("desk").get("/desk/reports?which=waiting&limit=100").json()["items"]
    mine = next(item for item in waiting if item["reference"] == receipt["reference"])

    assert mine["waits_for"] == reason
    assert mine["review_due_at"]
    if reason == "outside":
        assert receipt["town_words"] == "区级受理"
    desk = sign_in("desk")
    east = next(org for org in desk.get("/orgs").json()["items"] if org["code"] == "E")
    answer = desk.desk(mine["id"], "acceptances", {"town_org_id": east["id"]})
    assert answer.status_code == 201, answer.text
    case_id = answer.json()["case"]["id"]
    assert sign_in("east-clerk").get(f"/cases/{case_id}").status_code == 200
    assert sign_in("clerk").get(f"/cases/{case_id}").status_code == 404


def test_an_emergency_shows_the_numbers_and_alarms_the_district(client, work, sign_in):
    sent = world.report(emergency={"answer": "trapped"})

    receipt = client.post("/m/v1/reports", json=sent).json()
    work()

    assert {call["number"] for call in receipt["emergency_call"]} >= {"119", "110", "120"}
    kinds = [notice["kind"] for notice in sign_in("desk").get("/notices?limit=100").json()["items"]]
    assert "emergency" in kinds


def test_bad_input_is_a_problem_with_a_code_and_a_pointer(client):
    def refused(**changes):
        answer = client.post("/m/v1/reports", json=world.report(**changes))
        assert answer.headers["content-type"] == "application/problem+json"
        body = answer.json()
        return answer.status_code, body["code"], [error["pointer"] for error in body["errors"]]

    assert refused(text="短") == (422, "report.nothing_to_act_on", ["/text"])
    assert refused(position=None) == (422, "report.place_missing", ["/position"])
    assert refused(surprise=1) == (422, "body.invalid", ["/surprise"])
    assert refused(observed_at="2031-01-01T00:00:00+08:00")[1] == "time.out_of_range"
    assert refused(observed_at="2026-11-24T00:00:00")[2] == ["/observed_at"]
    assert refused(text="\x00" * 20)[2] == ["/text"]
    assert refused(id="nonsense")[2] == ["/id"]
    too_large = client.post(
        "/m/v1/reports", content=b"{" + b" " * 300_000, headers={"content-type": "application/json"}
    )
    assert (too_large.status_code, too_large.json()["code"]) == (413, "body.too_large")
    assert client.post("/m/v1/reports", content=b"<a/>", headers={"content-type": "text/xml"}).status_code == 415
    assert client.post("/m/v1/reports", content=b"{", headers={"content-type": "application/json"}).status_code == 422
    assert client.get("/m/v1/nothing").json()["code"] == "path.unknown"
    assert client.get("/m/v1/reports").json()["code"] == "method.not_allowed"

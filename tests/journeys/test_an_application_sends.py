"""GeoReport v2: an application sends for somebody, and that is a report like any other (promises 1, 2, 3, 7)."""

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
import world
from sqlalchemy import text
from test_who_reported import approve, asked

from cases.intake import lane
from kit import clock
from kit.db import OWNER, unit_of_work
from kit.settings import settings
from tests.georeport import JSON, XML, refusal, tree

V2 = "/open311/v2"
REQUESTS, UPDATES = f"{V2}/requests", f"{V2}/servicerequestupdates"
LON, LAT = world.CENTRE
WORDS = {
    "service_code": "FIR-01", "lat": str(LAT), "long": str(LON), "description": "消防通道被电动车堵死了，出不去",
    "first_name": "举报", "last_name": "甄", "phone": "13912345678", "email": "someone@example.org",
    "device_id": "an-application-s-own-id", "account_id": "",
}  # fmt: skip


@pytest.fixture
def key(sign_in):
    """Give another application a key."""
    publisher, given = sign_in("publisher"), []

    def _key(scopes=("reports:send",)):
        given.append(None)
        name = f"应用 {len(given)} {clock.now().isoformat()}"
        made = publisher.post("/media-clients", {"name": name, "contact": "0000-1111"}).json()
        issued = publisher.post(f"/media-clients/{made['id']}/keys", {"scopes": list(scopes), "days": 30})
        assert issued.status_code == 201, issued.text
        return issued.json()["key"]

    return _key


def send(client, api_key, form="json", files=None, **changes):
    return client.post(f"{REQUESTS}.{form}", data=WORDS | {"api_key": api_key} | changes, files=files)


def sent(client, api_key, **changes):
    answer = send(client, api_key, **changes)
    assert answer.status_code == 201, answer.text
    (told,) = answer.json()
    return told["service_request_id"], told["service_notice"]


def row(statement, **values):
    with unit_of_work(OWNER) as session:
        return session.execute(text(statement), values).mappings().one()


def report_of(reference):
    return row("select * from intake.report where reference = :r", r=reference)


def many(what):
    return row(f"select count(*) from {what}")["count"]  # noqa: S608 - our own words


def stored_files():
    folder = Path(urlsplit(settings().storage_url).path) / "sealed"
    return {path for path in folder.rglob("*") if path.is_file()}


def test_it_is_a_report_like_any_other(client, key, work, sign_in):
    """Routed, receipted, tracked, sealed: nobody who handles it can learn who sent it."""
    answer = send(client, key(), form="xml")
    assert (answer.status_code, answer.headers["cache-control"]) == (201, "no-store")
    request = tree(answer, "service_requests").find("request")
    assert [each.tag for each in request] == ["service_request_id", "service_notice", "account_id"]
    report = report_of(request.findtext("service_request_id"))
    assert (report["channel"], report["category_code"], report["crs"]) == ("open311", "FIR-01", "wgs84")
    assert row("select code from handling.unit where id = :u", u=report["unit_id"])["code"] == "990101001"
    assert not {WORDS["phone"], WORDS["email"], "甄举报"} & {str(value) for value in report.values()}
    assert many("vault.identity") == 1
    code = re.search(r"查询码 ([0-9A-Z-]{19})", request.findtext("service_notice"))[1]
    work()
    progress = client.post("/m/v1/tracking", json={"tracking_code": code})
    assert progress.status_code == 200, progress.text
    assert progress.json()["reference"] == report["reference"]
    assert report["reference"] in [each["reference"] for each in
                                   sign_in("desk").get("/desk/reports?which=to_confirm").json()["items"]]  # fmt: skip


def test_only_the_key_that_sent_it_reads_how_it_stands(client, key, sign_in):
    """Promise 7: for all others it is not there, and nobody is told what it says, where it is or who sent it."""
    own, other = key(), key()
    reference, notice = sent(client, own)
    assert client.get(f"{REQUESTS}.json").json() == []
    for form in ("xml", "json"):
        refusal(client.get(f"{REQUESTS}/{reference}.{form}"), 404)
        refusal(client.get(f"{REQUESTS}/{reference}.{form}?api_key={other}"), 404)
        refusal(client.get(f"{REQUESTS}.{form}?service_request_id={reference}&api_key={other}"), 404)
        refusal(client.get(f"{V2}/tokens/{reference}.{form}?api_key={other}"), 404)
        refusal(client.get(f"{V2}/tokens/{reference}.{form}"), 404)
        refusal(client.get(f"{REQUESTS}/{reference}.{form}?api_key={own}x"), 403)
    answer = client.get(f"{REQUESTS}/{reference}.json?api_key={own}")
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (JSON, "no-store")
    (told,) = answer.json()
    assert told == client.get(f"{REQUESTS}.json?service_request_id={reference}&api_key={own}").json()[0]
    assert (told["service_request_id"], told["status"], told["service_code"]) == (reference, "open", "FIR-01")
    assert told["requested_datetime"] == told["updated_datetime"]
    known = {name for name, value in told.items() if value is not None}
    assert known == {"service_request_id", "status", "status_notes", "service_name", "service_code",
                     "requested_datetime", "updated_datetime", "expected_datetime"}  # fmt: skip
    token = tree(client.get(f"{V2}/tokens/{reference}.xml?api_key={own}"), "service_requests").find("request")
    assert {each.tag: each.text for each in token} == {"service_request_id": reference, "token": reference}
    assert client.get(f"{REQUESTS}.json?api_key={own}").json() == []
    fresh = sign_in("publisher").post(f"/media-keys/{own.split('_')[1]}/rotations", {"days": 0})
    refusal(client.get(f"{REQUESTS}/{reference}.xml?api_key={own}"), 403)
    assert client.get(f"{REQUESTS}/{reference}.xml?api_key={fresh.json()['key']}").status_code == 200
    assert re.search(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", notice)[0] not in client.get(
        f"{REQUESTS}/{reference}.json?api_key={fresh.json()['key']}").text  # fmt: skip


def test_sent_twice_it_is_one_report(client, key):
    """Promise 2, for those who have no id of their own to give."""
    own = key()
    with ThreadPoolExecutor(8) as hands:
        answers = list(hands.map(lambda _: send(client, own), range(8)))
    assert sorted(each.status_code for each in answers) == [200] * 7 + [201]
    assert len({each.text for each in answers}) == 1
    assert many("intake.report") == 1
    others = ({"description": "消防通道又被电动车堵死了，请来看"}, {"phone": "13912345679"}, {"email": ""})
    changed = [*(send(client, own, **words) for words in others), send(client, key())]
    assert [each.status_code for each in changed] == [201] * 4
    assert many("intake.report") == 5


def test_photos_come_with_it_and_are_those_of_any_report(client, key, work):
    """Sealed as they arrive, looked at by the worker; once, however often the form comes."""
    own, before = key(), stored_files()
    content = [world.photo((number * 40, 90, 10))[0] for number in range(3)]
    files = [("media", (f"{number}.jpg", each, "image/jpeg")) for number, each in enumerate(content)]
    answers = [send(client, own, files=files, description="") for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 200], answers[0].text
    report = report_of(answers[0].json()[0]["service_request_id"])
    assert report["photos_promised"] == 3
    assert many("intake.photo where state = 'stored' and named") == 3
    assert len(stored_files()) == len(before) + 3
    assert not any(each[:64] in path.read_bytes() for each in content for path in stored_files())
    work()
    assert many("intake.photo where state = 'clean'") == 3


def test_addresses_of_pictures_are_for_a_person_and_are_not_followed(client, key):
    urls = ["https://example.org/1.jpeg", "http://127.0.0.1:1/2.jpeg"]
    reference, _ = sent(client, key(), description="", media_url=urls)
    assert all(url in report_of(reference)["text"] for url in urls)


def test_what_the_service_asks_is_understood(client, key):
    seen = (clock.now() - timedelta(hours=3)).astimezone(UTC).replace(microsecond=0)
    reference, _ = sent(client, key(), **{
        "attribute[emergency]": "trapped", "attribute[observed_at]": seen.isoformat(), "attribute[unknown]": "x",
        "lat": "", "long": "", "address_string": "望西街道某路 1 号",
    })  # fmt: skip
    report = report_of(reference)
    assert (report["urgency"], report["emergency"], report["observed_at"]) == ("immediate", "trapped", seen)
    assert (report["address"], report["raw_lat"]) == ("望西街道某路 1 号", None)
    dead, _ = sent(client, key(), **{"attribute[deaths]": "yes", "lat": "", "long": "", "address_id": "A-17"})
    assert (report_of(dead)["category_code"], report_of(dead)["address"]) == ("CCL-01", "A-17")


REFUSED = [
    (403, None, {"api_key": ""}), (403, None, {"api_key": "mk_00000000_x"}), (404, None, {"service_code": "NONE"}),
    (400, "service_code", {"service_code": ""}), (400, "lat", {"lat": "", "long": ""}), (400, "lat", {"lat": ""}),
    (400, "long", {"long": "181"}), (400, "lat", {"lat": "nan"}), (400, "lat", {"lat": "x"}),
    (400, "description", {"description": "长" * 4001}), (400, "description", {"description": "有一个 \0 在里面的说明"}),
    (400, "phone", {"phone": "call me"}), (400, "email", {"email": "nobody"}),
    (400, "media_url", {"media_url": "file:///etc/passwd"}),
    (400, "attribute[emergency]", {"attribute[emergency]": "maybe"}),
    (400, "attribute[observed_at]", {"attribute[observed_at]": "2026-11-01T08:00:00"}),
    (400, "attribute[observed_at]", {"attribute[observed_at]": "2001-11-01T08:00:00Z"}),
    (404, None, {"jurisdiction_id": "sfgov.org"}),
]  # fmt: skip


def test_what_cannot_be_taken_is_refused_by_its_name_and_leaves_nothing(client, key):
    own, before = key(), stored_files()
    for status, names, changes in REFUSED:
        for form, files in (("xml", None), ("json", [("media", ("a.jpg", world.photo()[0], "image/jpeg"))])):
            told = refusal(send(client, form=form, files=files, **{"api_key": own} | changes), status)
            assert names is None or {re.split("[:/]", each)[0] for each in told} == {names}, (changes, told)
    assert refusal(send(client, own, description="短"), 400)[0].startswith("description:")
    assert many("intake.report") == many("intake.photo") == 0
    assert stored_files() == before


def test_a_body_of_another_kind_is_refused(client, key):
    own, before = key(), stored_files()
    words = WORDS | {"api_key": own}
    refusal(client.post(f"{REQUESTS}.json", json=words), 400)
    refusal(client.post(f"{REQUESTS}.xml", content=b"\xff\xfe=%", headers={
        "Content-Type": "application/x-www-form-urlencoded"}), 400)  # fmt: skip
    refusal(client.post(f"{REQUESTS}.xml", data=words | {"description": "x" * 300_000}), 413)
    no_picture = [("media", ("a.jpg", b"GIF89a no picture", "image/jpeg"))]
    refusal(send(client, own, form="xml", files=no_picture), 400)
    too_many = [("media", (f"{n}.jpg", world.photo((n, 0, 0))[0], "image/jpeg")) for n in range(10)]
    refusal(send(client, own, files=too_many), 400)
    whole = client.build_request("POST", f"{REQUESTS}.json", data=words, files=too_many[:2])
    body = whole.read()
    torn = client.post(f"{REQUESTS}.json", content=body[:-40], headers={"Content-Type": whole.headers["content-type"]})
    refusal(torn, 400)
    assert many("intake.report") == 0
    assert stored_files() == before


def test_a_key_for_other_things_sends_nothing(client, key):
    reader = key(("exposures:read",))
    refusal(send(client, reader), 403)
    refusal(client.get(f"{UPDATES}.xml?api_key={reader}"), 403)


def test_its_steps_are_told_to_whoever_sent_it(client, key, work, sign_in):
    """What an application asks again and again to tell its users; nothing of the case, nothing of others."""
    own, other = key(), key()
    reference, _ = sent(client, own)
    assert client.post("/m/v1/reports", json=world.report()).status_code == 201
    work()
    span = {"start_date": (clock.now() - timedelta(days=1)).isoformat(), "end_date": clock.now().isoformat()}
    answer = client.get(f"{UPDATES}.xml", params=span | {"api_key": own})
    assert (answer.headers["content-type"], answer.headers["cache-control"]) == (XML, "no-store")
    steps = tree(answer, "service_request_updates").findall("request_update")
    assert {each.findtext("service_request_id") for each in steps} == {reference}
    assert steps[-1].findtext("status") == "open"
    assert steps[0].findtext("status") == "investigating"
    assert len({each.findtext("update_id") for each in steps}) == len(steps) > 1
    moments = [datetime.fromisoformat(each.findtext("updated_datetime")) for each in steps]
    assert moments == sorted(moments, reverse=True)
    assert client.get(f"{UPDATES}.json", params=span | {"api_key": other}).json() == []
    assert client.get(f"{UPDATES}.json", params=span).json() == []
    (last,) = client.get(f"{UPDATES}.json", params=span | {"api_key": own, "page_size": "1"}).json()
    assert last["update_id"] == steps[0].findtext("update_id")
    (now,) = client.get(f"{REQUESTS}/{reference}.json?api_key={own}").json()
    assert now["updated_datetime"] == last["updated_datetime"]


def test_an_application_is_counted_as_a_network_of_people(client, key):
    """X33: nobody is refused; its address is nobody's, and what is more than a network's waits for a person."""
    own = key()
    references = {sent(client, own, description=f"第 {number} 处消防通道被堵死")[0] for number in range(3)}
    assert len(references) == 3
    application = row("select client_id from handling.media_key where id = :i", i=own.split("_")[1])["client_id"]
    now, wide = clock.now(), lane.Size(300, 1)
    ((name, mark),) = lane.sender("8.8.8.8", device=None, phone=None, now=now, application=application).marks
    assert (name, round(lane.COUNTS.left(mark, wide, now=now))) == ("network", 297)
    ((_, others),) = lane.sender("8.8.8.8", device=None, phone=None, now=now, application=uuid4()).marks
    assert lane.COUNTS.left(others, wide, now=now) == 300


def test_an_address_that_came_with_it_is_opened_by_the_vault_alone(vault, client, key, work, sign_in):
    reference, _ = sent(client, key(), **{"attribute[emergency]": "happening"})
    work()
    desk, keeper = sign_in("desk"), sign_in("keeper")
    report_id = str(report_of(reference)["id"])
    release = asked(desk, report_id, fields=["name", "email"])
    assert approve(keeper, release).status_code == 201
    read = desk.post(f"/identity-releases/{release}/reading")
    assert read.status_code in {200, 201}, read.text
    assert "someone@example.org" in read.text
    assert "甄举报" in read.text
    assert WORDS["phone"] not in read.text

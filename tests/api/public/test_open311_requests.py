"""GeoReport v2 of the public record: what is asked for, how it is narrowed, and what never is told."""

from datetime import timedelta

import pytest

from api.open311 import asked
from kit import clock
from tests import published
from tests.georeport import JSON, refusal, tree

REQUESTS, UPDATES = "/open311/v2/requests", "/open311/v2/servicerequestupdates"
FIELDS = [
    "service_request_id", "status", "status_notes", "service_name", "service_code", "description",
    "agency_responsible", "service_notice", "requested_datetime", "updated_datetime", "expected_datetime", "address",
    "address_id", "zipcode", "lat", "long", "media_url",
]  # fmt: skip


@pytest.fixture
def shown(publish):
    """Publish something, by itself an hour ago."""

    def _shown(*, hours=1, **facts):
        at = clock.now() - timedelta(hours=hours)
        return publish(**{"published_at": at, "updated_at": at, **facts})

    return _shown


def ids(client, **words):
    answer = client.get(f"{REQUESTS}.json", params=words)
    assert answer.status_code == 200, answer.text
    return [each["service_request_id"] for each in answer.json()]


def ago(**span):
    return (clock.now() - timedelta(**span)).isoformat(timespec="seconds")


def test_a_published_exposure_is_a_request_in_both_forms(client, shown):
    public_id = shown()
    listed = client.get(f"{REQUESTS}.json")
    assert listed.headers["content-type"] == JSON
    (told,) = listed.json()
    assert list(told) == FIELDS
    assert told["service_request_id"] == public_id
    assert (told["status"], told["service_code"]) == ("open", "FIR-01")
    assert (told["lat"], told["long"]) == (31.3776, 120.6301)
    assert told["requested_datetime"].endswith("+08:00")
    assert told["description"].startswith("某仓库安全出口堵塞\n")
    (one,) = client.get(f"{REQUESTS}/{public_id}.json").json()
    assert one == told
    (found,) = tree(client.get(f"{REQUESTS}.xml"), "service_requests").findall("request")
    assert {each.tag: each.text for each in found} == {
        name: None if value is None else str(value) for name, value in told.items()
    }
    assert client.get(f"{REQUESTS}/{public_id}.xml").content == client.get(f"{REQUESTS}.xml").content


def test_what_was_rectified_is_closed(client, shown):
    is_open, closed = shown(), shown(hours=2, progress="rectified")
    assert ids(client, status="open") == [is_open]
    assert ids(client, status="closed") == [closed]
    assert ids(client, status="OPEN,closed") == ids(client, status="") == [is_open, closed]
    refusal(client.get(f"{REQUESTS}.xml?status=fixed"), 400)


def test_without_dates_it_is_the_last_ninety_days(client, shown):
    recent, old = shown(hours=24 * 89), shown(hours=24 * 92)
    assert ids(client) == [recent]
    assert ids(client, start_date=ago(days=93)) == [recent, old]
    assert ids(client, end_date=ago(days=90)) == [old]
    assert ids(client, start_date=ago(days=100), end_date=ago(days=91)) == [old]
    assert ids(client, start_date=ago(days=100).replace("+00:00", "Z"), end_date=ago(days=91)) == [old]
    spaced = f"{REQUESTS}.json?start_date={ago(days=100)}&end_date={ago(days=91)}"  # a + that nobody has encoded
    assert [each["service_request_id"] for each in client.get(spaced).json()] == [old]


@pytest.mark.parametrize(
    "words",
    [{"start_date": "2026-11-01T00:00:00"}, {"start_date": "2026-11-01"}, {"end_date": "01-11-2026"},
     {"start_date": "2026-13-01T00:00:00Z"}, {"start_date": "9999-12-31T00:00:00Z"},
     {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-02T00:00:00Z"},
     {"start_date": "2026-04-02T00:00:00Z", "end_date": "2026-04-01T00:00:00Z"},
     {"page": "0"}, {"page_size": "1001"}, {"page_size": "x"}, {"page": "nan"}, {"lat": "31"}, {"radius": "100"},
     {"lat": "91", "long": "1"}, {"lat": "31", "long": "120", "radius": "1e9"}, {"lat": "inf", "long": "120"}],
)  # fmt: skip
@pytest.mark.parametrize("form", ["xml", "json"])
def test_a_word_that_cannot_be_read_is_refused_by_its_name(client, words, form):
    (told,) = refusal(client.get(f"{REQUESTS}.{form}", params=words), 400)
    assert told.split(":")[0] in {*words, "lat"}


def test_ninety_days_are_not_too_many(client):
    words = {"start_date": "2026-01-01T00:00:00Z", "end_date": "2026-04-01T00:00:00Z"}
    assert client.get(f"{REQUESTS}.xml", params=words).status_code == 200


def test_services_narrow_it_and_one_that_is_none_is_404(client, shown):
    fire, gas = shown(), shown(hours=2, category_code="GAS-01")
    assert ids(client, service_code="FIR-01") == [fire]
    assert ids(client, service_code="GAS-01,FIR-01") == [fire, gas]
    refusal(client.get(f"{REQUESTS}.json?service_code=FIR-01,NONE"), 404)


def test_an_area_narrows_it(client, shown):
    near = shown()
    shown(point="SRID=4326;POINT(120.70 31.40)")
    shown(point=None)
    assert ids(client, lat="31.378", long="120.630", radius="200") == [near]
    assert ids(client, lat="31.378", long="120.630") == [near]
    assert len(ids(client, lat="31.378", long="120.630", radius="20000")) == 2
    assert ids(client, lat="31.3", long="120.5", radius="100") == []


def test_pages_lead_to_all_of_it_and_one_beyond_is_empty(client, shown, monkeypatch):
    made = [shown(hours=number + 1) for number in range(5)]
    pages = [ids(client, page=str(number), page_size="2") for number in (1, 2, 3, 4)]
    assert [len(page) for page in pages] == [2, 2, 1, 0]
    assert [each for page in pages for each in page] == made
    assert tree(client.get(f"{REQUESTS}.xml?page=9"), "service_requests").findall("request") == []
    monkeypatch.setattr(asked, "MOST", 3)
    assert ids(client) == made[:3]


def test_ids_override_all_other_words(client, shown, withdrawn):
    first, second = shown(), shown(hours=24 * 200)
    asked_for = f"{first},{second},{withdrawn},unknown"
    assert ids(client, service_request_id=asked_for, status="closed", start_date="nonsense") == [first, second]
    refusal(client.get(f"{REQUESTS}.xml?service_request_id=unknown,{withdrawn}"), 404)
    refusal(client.get(f"{REQUESTS}.json", params={"service_request_id": ",".join(map(str, range(201)))}), 400)


@pytest.mark.parametrize(("status", "reason"), [("withdrawn", "处罚决定已撤销"), ("expired", "展示期满")])
@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_is_gone_is_in_no_list_and_its_own_address_says_why(client, shown, publish, status, reason, form):
    public_id = shown()
    publish(public_id, **published.gone(status, reason))
    assert ids(client) == []
    (told,) = refusal(client.get(f"{REQUESTS}/{public_id}.{form}"), 404)
    assert reason in told


def test_what_never_was_is_404(client):
    refusal(client.get(f"{REQUESTS}/unknown.xml"), 404)
    refusal(client.get(f"{REQUESTS}/unknown.json?jurisdiction_id=sfgov.org"), 404)


def test_what_goes_beyond_the_standard_is_told_to_whoever_asks(client, shown):
    public_id = shown()
    (told,) = client.get(f"{REQUESTS}/{public_id}.json?extensions=true").json()
    assert told["extended_attributes"]["extended_status"] == "in_progress"
    assert told["extended_attributes"]["version"] == 1
    found = tree(client.get(f"{REQUESTS}.xml?extensions=true"), "service_requests")
    assert found.findtext("request/extended_attributes/extended_status") == "in_progress"


def test_updates_tell_how_each_is_now_and_what_went(client, shown, publish):
    is_open = shown(progress="not_rectified")
    fixed = shown(hours=24 * 40, updated_at=clock.now() - timedelta(hours=2), progress="rectified", version=3)
    public_id = shown(hours=3)
    publish(public_id, **published.gone() | {"updated_at": clock.now() - timedelta(minutes=5)})
    told = client.get(f"{UPDATES}.json").json()
    assert list(told[0]) == [
        "update_id",
        "service_request_id",
        "status",
        "updated_datetime",
        "description",
        "media_url",
    ]
    assert [(each["service_request_id"], each["status"]) for each in told] == [
        (public_id, "closed"), (is_open, "open"), (fixed, "fixed")
    ]  # fmt: skip
    assert "处罚决定已撤销" in told[0]["description"]
    assert told[2]["update_id"] == f"{fixed}-3"
    since = client.get(f"{UPDATES}.xml", params={"start_date": ago(minutes=90), "end_date": ago(minutes=0)})
    found = tree(since, "service_request_updates").findall("request_update")
    assert [each.findtext("service_request_id") for each in found] == [public_id, is_open]
    again = client.get(f"{REQUESTS}.json", params={"updated_after": ago(hours=2, minutes=5)}).json()
    assert [each["service_request_id"] for each in again] == [is_open, fixed]
    refusal(client.get(f"{UPDATES}.xml?start_date=yesterday"), 400)


def test_whoever_has_it_is_told_so_until_something_changes(client, shown):
    shown()
    answer = client.get(f"{REQUESTS}.json")
    etag = answer.headers["etag"]
    assert client.get(f"{REQUESTS}.json", headers={"If-None-Match": etag}).status_code == 304
    shown(title="另一条")
    assert client.get(f"{REQUESTS}.json", headers={"If-None-Match": etag}).status_code == 200

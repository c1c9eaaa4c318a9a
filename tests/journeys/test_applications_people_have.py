"""The requests of clients that people have, replayed: `three` of PyPI and FixMyStreet's Open311.pm (GeoReport v2)."""

import json
from datetime import UTC, timedelta
from xml.etree import ElementTree as ET

import pytest
import world

from kit import clock

V2 = "/open311/v2"
LON, LAT = world.CENTRE


@pytest.fixture
def key(sign_in):
    publisher = sign_in("publisher")
    made = publisher.post("/media-clients", {"name": f"应用 {clock.now()}", "contact": "0000-1111"}).json()
    return publisher.post(f"/media-clients/{made['id']}/keys", {"scopes": ["reports:send"]}).json()["key"]


def simple(answer):
    """A document as Perl's XML::Simple gives it to FixMyStreet: what may be many is a list, what is empty no text."""
    assert answer.is_success, answer.text

    def value(element):
        children = {}
        for child in element:
            many = child.tag in {"service", "attribute", "value", "request", "request_update", "error"}
            children.setdefault(child.tag, []).append(value(child))
            if not many:
                (children[child.tag],) = children[child.tag]
        return children or element.text

    return value(ET.fromstring(answer.content))  # noqa: S314 - our own


def test_fixmystreet_lists_sends_and_fetches_updates(client, key, work):
    services = simple(client.get(f"{V2}/services.xml"))["service"]
    assert {each["metadata"] for each in services} == {"true"}
    meta = simple(client.get(f"{V2}/services/FIR-01.xml"))["attributes"]["attribute"]
    assert [each["code"] for each in meta if each["required"] == "true"] == []
    sent = client.post(f"{V2}/requests.xml", data={
        "description": "消防通道堵塞\n\n三号楼消防通道被电动车堵死\n\nhttps://fix.example.org/report/1\n",
        "service_code": "FIR-01",
        "first_name": "Jian", "last_name": "Zhen", "email": "zhen@example.org", "lat": f"{LAT:.6f}",
        "long": f"{LON:.6f}", "media_url": ["https://fix.example.org/photo/1.0.full.jpeg"] * 2, "api_key": key,
        "attribute[easting]": "1", "attribute[title]": "消防通道堵塞", "attribute[fixmystreet_id]": "1",
    })  # fmt: skip
    reference = simple(sent)["request"][0]["service_request_id"]
    assert isinstance(reference, str)
    work()
    start = (clock.now() - timedelta(hours=2)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    end = (clock.now() + timedelta(minutes=1)).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    words = {"api_key": key, "start_date": start, "end_date": end}
    updates = simple(client.get(f"{V2}/servicerequestupdates.xml", params=words))["request_update"]
    assert {each["service_request_id"] for each in updates} == {reference}
    assert all(each["update_id"] and each["description"] for each in updates)
    assert {each["status"] for each in updates} <= {"open", "investigating", "unchanged"}
    reports = simple(client.get(f"{V2}/requests.xml", params={"service_request_id": reference, "api_key": key}))
    assert reports["request"][0]["status"] == "open"


def test_fixmystreet_reads_why_it_was_refused(client, key):
    refused = client.post(f"{V2}/requests.xml", data={"service_code": "FIR-01", "api_key": key})
    assert refused.status_code == 400
    told = [(each.findtext("code"), each.findtext("description")) for each in ET.fromstring(refused.content)]  # noqa: S314
    assert told
    assert all(code == "400" and words for code, words in told)


def test_three_finds_sends_with_a_photo_and_asks(client, key):
    """It asks for JSON, whichever the server likes, and reads the answer whatever its status is."""
    endpoint = json.loads(client.get(f"{V2}/discovery.json").content)["endpoints"][0]
    assert endpoint["url"].endswith(V2)
    assert len(json.loads(client.get(f"{V2}/services.json").content)) == 27
    data = {"service_code": "FIR-01", "address_string": "望西街道某路 1 号", "first_name": "Jian", "last_name": "Zhen",
            "phone": "555-5555", "description": "My issue description.", "api_key": key}  # fmt: skip
    sent = client.post(f"{V2}/requests.json", data=data, files={"media": ("photo.jpg", world.photo()[0])})
    (told,) = json.loads(sent.content)
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    (status,) = json.loads(client.get(f"{V2}/requests/{told['service_request_id']}.json?api_key={key}").content)
    assert status["status"] == "open"
    (token,) = json.loads(client.get(f"{V2}/tokens/{told['service_request_id']}.json?api_key={key}").content)
    assert token["service_request_id"] == told["service_request_id"]
    (refused,) = json.loads(client.post(f"{V2}/requests.json", data=data | {"api_key": ""}).content)
    assert set(refused) == {"code", "description"}
    words = {"start_date": "2026-11-01T00:00:00Z", "end_date": "2026-11-28T00:00:00Z", "page_size": "10"}
    assert json.loads(client.get(f"{V2}/requests.json", params=words).content) == []

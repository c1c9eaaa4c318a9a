"""GeoReport v2: discovery, services and their definitions, in both forms; and refusals in the standard's own words."""

import pytest

from kit.settings import settings
from tests.georeport import JSON, refusal, tree

V2 = "/open311/v2"
DATATYPES = {"string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"}


@pytest.mark.parametrize("path", ["/open311/discovery", f"{V2}/discovery"])
def test_discovery_leads_to_the_endpoint_in_both_forms(client, path):
    told = client.get(f"{path}.json")
    assert told.headers["content-type"] == JSON
    assert set(told.json()) == {"changeset", "contact", "key_service", "endpoints"}
    (endpoint,) = told.json()["endpoints"]
    assert endpoint["specification"] == "http://wiki.open311.org/GeoReport_v2"
    assert endpoint["url"] == f"{settings().base_url}{V2}"
    assert endpoint["formats"] == ["text/xml", "application/json"]
    found = tree(client.get(f"{path}.xml"), "discovery")
    assert [each.tag for each in found] == ["changeset", "contact", "key_service", "endpoints"]
    assert [each.text for each in found.find("endpoints/endpoint/formats")] == ["text/xml", "application/json"]
    assert all(each.text for each in found.iter() if len(each) == 0)


def test_the_catalogue_is_the_list_of_services(client):
    listed = client.get(f"{V2}/services.json")
    assert listed.headers["content-type"] == JSON
    assert len(listed.json()) == 27
    names = ["service_code", "service_name", "description", "metadata", "type", "keywords", "group"]
    for each in listed.json():
        assert list(each) == names
        assert all(each.values())
    assert next(each for each in listed.json() if each["service_code"] == "FIR-01")["metadata"] is True
    found = tree(client.get(f"{V2}/services.xml"), "services").findall("service")
    assert [each.findtext("service_code") for each in found] == [each["service_code"] for each in listed.json()]
    assert {each.findtext("metadata") for each in found} == {"true"}
    assert {each.findtext("type") for each in found} == {"realtime"}
    english = client.get(f"{V2}/services.json", headers={"Accept-Language": "en"})
    assert english.headers["vary"] == "Accept-Language"
    assert english.json()[0]["service_name"] != listed.json()[0]["service_name"]


def test_every_service_has_a_definition_that_no_plain_client_must_answer(client):
    for each in client.get(f"{V2}/services.json").json():
        told = client.get(f"{V2}/services/{each['service_code']}.json").json()
        assert told["service_code"] == each["service_code"]
        attributes = told["attributes"]
        assert [one["order"] for one in attributes] == list(range(1, len(attributes) + 1))
        assert {one["datatype"] for one in attributes} <= DATATYPES
        assert not any(one["required"] for one in attributes)
        assert {one["code"]: one["variable"] for one in attributes}["notice"] is False
        for one in attributes:
            assert ("values" in one) == (one["datatype"] == "singlevaluelist")


def test_a_definition_says_the_same_in_xml(client):
    told = client.get(f"{V2}/services/FIR-01.json").json()["attributes"]
    found = tree(client.get(f"{V2}/services/FIR-01.xml"), "service_definition")
    assert found.findtext("service_code") == "FIR-01"
    attributes = found.findall("attributes/attribute")
    assert [each.findtext("code") for each in attributes] == [each["code"] for each in told]
    assert [each.findtext("variable") for each in attributes] == [str(each["variable"]).lower() for each in told]
    emergency = next(each for each in attributes if each.findtext("code") == "emergency")
    assert [each.findtext("key") for each in emergency.findall("values/value")] == ["none", "happening", "trapped"]
    hint = next(each for each in attributes if each.findtext("code") == "emergency").find("datatype_description")
    assert hint.text is None


@pytest.mark.parametrize("form", ["xml", "json"])
def test_what_is_not_there_is_404_in_the_words_of_the_standard(client, form):
    assert refusal(client.get(f"{V2}/services/NONE.{form}"), 404) == ["没有这个服务类别"]
    english = client.get(f"{V2}/services/NONE.{form}", headers={"Accept-Language": "en"})
    assert refusal(english, 404) == ["There is no such service"]
    refusal(client.get(f"{V2}/nothing.{form}"), 404)


def test_a_form_that_is_none_and_a_method_that_is_none_are_told_in_xml(client):
    assert refusal(client.get(f"{V2}/services.yaml"), 400)
    assert refusal(client.put(f"{V2}/services.xml"), 405)


def test_a_jurisdiction_may_be_left_out_and_another_is_refused(client, monkeypatch):
    monkeypatch.setattr(settings(), "public_url", "https://www.wanglan.gov.cn:8443")
    for ours in ("", "wanglan.gov.cn", "www.wanglan.gov.cn"):
        assert client.get(f"{V2}/services.xml", params={"jurisdiction_id": ours}).status_code == 200
    for path in ("services.json", "services/FIR-01.json"):
        refusal(client.get(f"{V2}/{path}", params={"jurisdiction_id": "sfgov.org"}), 404)


def test_anybody_s_page_may_read_it_and_head_says_the_same(client):
    for path in ("/open311/discovery.xml", f"{V2}/services.xml", f"{V2}/services/FIR-01.json"):
        whole, head = client.get(path), client.head(path)
        assert whole.headers["access-control-allow-origin"] == "*"
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["content-type"] == whole.headers["content-type"]

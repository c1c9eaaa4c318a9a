"""An app that grows old is told so by the district's own rows, and what is in its queue is taken all the same."""

from collections.abc import Iterator
from uuid import uuid4

import pytest
from sqlalchemy import delete, text
from starlette.testclient import TestClient

from api.app import create_app
from api.mobile.retiring import headers_of
from cases.models.policy import PolicyValue
from kit import clock
from kit.db import OWNER, unit_of_work
from mobile_contract.examples import load_examples

OLD = {"deprecated_on": "2026-11-01", "gone_on": "2027-11-01", "see": "https://example.gov.cn/apps"}
ROWS = {
    "app_retiring": {"get_config": OLD, "get_changes": OLD, "send_report": OLD},
    "app_minimum_versions": {"pwa": "9.0.0"},
    "app_banner": {
        "level": "danger",
        "zh": "台风红色预警，请勿外出拍摄。",
        "en": "Typhoon: stay inside.",
    },
}


@pytest.fixture(scope="module")
def client(database_url) -> Iterator[TestClient]:
    with unit_of_work(OWNER) as session:
        for key, value in ROWS.items():
            session.add(PolicyValue(key=key, version=1000, effective_at=clock.now(), value=value, note="test"))
    with TestClient(create_app(), raise_server_exceptions=False, client=("198.51.100.79", 50000)) as opened:
        yield opened
    with unit_of_work(OWNER) as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(delete(PolicyValue).where(PolicyValue.version == 1000))


def test_an_operation_that_will_go_says_so_in_every_answer(client):
    tag = client.get("/m/v1/config").headers["etag"]
    answers = {
        200: client.get("/m/v1/config"),
        304: client.get("/m/v1/config", headers={"If-None-Match": tag}),
        422: client.get("/m/v1/sync?cursor=none"),
        415: client.post("/m/v1/reports", content=b"<a/>", headers={"Content-Type": "text/xml"}),
    }
    for status, answer in answers.items():
        assert answer.status_code == status
        assert answer.headers["deprecation"] == "@1793462400"
        assert answer.headers["sunset"] == "Sun, 31 Oct 2027 16:00:00 GMT"
        assert answer.headers["link"] == '<https://example.gov.cn/apps>; rel="deprecation"'


def test_all_others_say_nothing(client):
    for answer in (client.get("/m/v1/towns"), client.get("/open/exposures")):
        assert not {"deprecation", "sunset"} & set(answer.headers)


def test_the_configuration_asks_for_an_update_and_tells_what_everybody_should_know(client):
    told = client.get("/m/v1/config").json()

    assert told["minimum_versions"] == {"pwa": "9.0.0"}
    assert told["banner"]["level"] == "danger"
    assert told["banner"]["text"]["zh"].startswith("台风")


def test_what_an_app_below_the_floor_has_queued_is_taken(client):
    notice = client.get("/m/v1/config").json()["notice"]["version"]
    [shown] = [each.request for each in load_examples() if (each.operation, each.name) == ("send_report", "words_only")]
    sent = shown | {"id": str(uuid4()), "observed_at": clock.now().isoformat()}

    answer = client.post("/m/v1/reports", json=sent | {"client": "pwa/0.0.1", "notice_version": notice})

    assert answer.status_code == 201, answer.text


@pytest.mark.parametrize("row", [
    {}, OLD | {"gone_on": "soon"},
    OLD | {"gone_on": "2027-10-31"}, OLD | {"see": "https://例.cn"}, OLD | {"gone_on": None},
])  # fmt: skip
def test_a_row_that_cannot_be_is_told_to_no_phone_and_keeps_none_from_being_told(row):
    told = headers_of({"get_towns": row, "no_such_operation": OLD, "get_config": OLD})

    assert list(told) == [("GET", "/m/v1/config")]

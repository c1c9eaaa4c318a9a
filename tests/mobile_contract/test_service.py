"""The service keeps the contract: every journey walks through it, over HTTP, with the real database and store."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.cursors import pack
from kit import clock
from mobile_contract.v1.operations import OPERATIONS
from tests.mobile_contract.journeys import check_shape, load, names, run


@pytest.fixture(scope="module")
def client(database_url) -> Iterator[TestClient]:
    # Look-ups are counted for each place, and every other test client is in one and the same.
    with TestClient(create_app(), raise_server_exceptions=False, client=("198.51.100.77", 50000)) as opened:
        yield opened


@pytest.mark.parametrize("name", names())
def test_a_journey_goes_as_told(client, name):
    moment = clock.now().isoformat(timespec="seconds")
    of_another_log = pack("sync", 1_000_000, moment, 0, moment)

    run(load(name), client.request, given={"now": moment, "lon": 120.6, "lat": 31.3, "expired_cursor": of_another_log})


@pytest.mark.parametrize("name", ["get_config", "get_towns"])
def test_what_has_not_changed_is_not_sent_again(client, name):
    op = OPERATIONS[name]
    first = client.get(op.path)
    check_shape(op, first, first.json())

    again = client.get(op.path, headers={"If-None-Match": first.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("op", [op for op in OPERATIONS.values() if op.body], ids=lambda op: op.name)
@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "application/json"),
        (b"{", "application/json"),
        (b"[]", "application/json"),
        (b"null", "application/json"),
        (b'{"id": "\\ud800"}', "application/json"),
        (b"\xff\xfe", "application/json"),
        (b"[" * 100_000, "application/json"),
        (b"a=1", "application/x-www-form-urlencoded"),
        (b"<a/>", "text/xml"),
        (b"x", "multipart/form-data"),
        (b"--b\r\n", "multipart/form-data; boundary=b"),
        (b"{}", ""),
        (b" " * 300_000, "application/json"),
    ],
)
def test_a_body_of_any_kind_gets_an_answer_that_the_contract_lists(client, op, content, kind):
    answer = client.request(op.method.upper(), op.path, content=content, headers={"Content-Type": kind} if kind else {})

    assert 400 <= answer.status_code < 500
    check_shape(op, answer, answer.json())


@pytest.mark.parametrize(
    "query", ["cursor=", "cursor=%00", "cursor=" + "x" * 300, "limit=0", "limit=a", "limit=99999", "limit=1&limit=2"]
)
def test_a_strange_query_gets_an_answer_that_the_contract_lists(client, query):
    answer = client.get(f"/m/v1/sync?{query}")

    assert answer.status_code in {200, 422}
    check_shape(OPERATIONS["get_changes"], answer, answer.json())


@pytest.mark.parametrize(("method", "path", "code"), [
    ("GET", "/m/v1/nothing", "path.unknown"),
    ("DELETE", "/m/v1/reports", "method.not_allowed"),
    ("GET", "/m/v1/reports", "method.not_allowed"),
])  # fmt: skip
def test_an_address_outside_the_contract_is_a_problem_too(client, method, path, code):
    answer = client.request(method, path)

    assert answer.json()["code"] == code
    check_shape(OPERATIONS["send_report"], answer, answer.json())


def test_problems_speak_the_language_asked_for(client):
    def title(language):
        return client.get("/m/v1/nothing", headers={"Accept-Language": language}).json()["title"]

    assert (title("zh-CN"), title("en-GB,en;q=0.9")) == ("没有这个地址", "There is nothing at this address")

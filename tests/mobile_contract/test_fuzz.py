"""Requests that schemathesis makes up from the frozen document: never a 500, never an answer that is not listed."""

import json
from collections import Counter
from types import SimpleNamespace
from uuid import uuid4

import pytest
import schemathesis
from hypothesis import HealthCheck, settings
from starlette.testclient import TestClient

from api.app import create_app
from kit import clock
from mobile_contract.build import OPENAPI
from mobile_contract.examples import load_examples
from mobile_contract.v1.operations import OPERATIONS
from tests.mobile_contract.journeys import check_shape
from tests.serving import serving

SENT = {"method", "url", "params", "json", "data", "files", "headers", "content"}
BY_PATH = {op.path: op for op in OPERATIONS.values()}
schema = schemathesis.openapi.from_dict(json.loads(OPENAPI.read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def client(database_url):
    with TestClient(create_app(), raise_server_exceptions=False) as opened:
        yield opened


@schema.parametrize()
@settings(max_examples=15, derandomize=True, deadline=None, suppress_health_check=list(HealthCheck))
def test_whatever_is_sent_the_answer_is_one_that_the_contract_lists(case, client):
    made = case.as_transport_kwargs(base_url="http://testserver")
    request = {key: value for key, value in made.items() if key in SENT}
    if isinstance(request.get("data"), (bytes, str)):
        request["content"] = request.pop("data")
    try:
        sent = client.build_request(**request)
        sent.read()
    except (TypeError, ValueError, AttributeError):
        return  # the client itself cannot write this down

    answer = client.send(sent)
    assert answer.status_code < 500, answer.text
    if answer.content:
        check_shape(BY_PATH[case.path], answer, answer.json())


def test_whoever_goes_on_from_an_answer_gets_one_that_the_contract_lists(database_url):
    """Along the document's links: a report that was taken is tracked, added to, subscribed to and withdrawn."""
    walked = Counter()
    [shown] = [e.request for e in load_examples() if (e.operation, e.name) == ("send_report", "words_only")]
    with serving(create_app(), proxy_headers=False) as port:

        class Reporter(schema.as_state_machine()):
            """One phone after the other. Reports are sound, for of made-up ones hardly any is; what follows is not."""

            def before_call(self, case):
                if case.path == "/m/v1/reports":
                    case.body = shown | {"id": str(uuid4()), "observed_at": clock.now().isoformat()}
                    case.media_type = "application/json"

            def get_call_kwargs(self, case):  # noqa: ARG002 - the name is the machine's
                return {"base_url": f"http://127.0.0.1:{port}"}

            def validate_response(self, response, case, **_):
                assert response.status_code < 500, response.text
                walked[BY_PATH[case.path].name, response.status_code] += 1
                if response.content:
                    heard = {name: values[0] for name, values in response.headers.items()}
                    said = SimpleNamespace(status_code=response.status_code, headers=heard)
                    check_shape(BY_PATH[case.path], said, response.json())

        Reporter.run(settings=settings(
            max_examples=12, stateful_step_count=5, derandomize=True, deadline=None,
            suppress_health_check=list(HealthCheck),
        ))  # fmt: skip
    assert walked["send_report", 201]
    assert walked["track_report", 200], walked

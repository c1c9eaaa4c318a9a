"""The mock says what the examples say, takes what the models take, and knows a replay."""

import json
import threading

import httpx2
import pytest

from mobile_contract.examples import load_examples
from mobile_contract.mock import Mock, serve
from mobile_contract.v1.operations import OPERATIONS
from tests.mobile_contract.journeys import check_shape, load, picture, run
from tests.mobile_contract.test_journeys import GIVEN, Said

EXAMPLES = {(each.operation, each.name): each for each in load_examples()}
JSON = {"content-type": "application/json"}


def ask(mock, operation, said=None, **headers):
    op = OPERATIONS[operation]
    body = json.dumps(said).encode() if said is not None else b""
    return mock.answer(op.method.upper(), op.path, JSON | headers, body)


@pytest.mark.parametrize("example", [e for e in EXAMPLES.values() if not OPERATIONS[e.operation].multipart],
                         ids=lambda each: f"{each.operation}.{each.name}")  # fmt: skip
def test_any_example_can_be_asked_for(example):
    taken = EXAMPLES[example.operation, next(n for o, n in EXAMPLES if o == example.operation)].request
    said = taken if OPERATIONS[example.operation].body else None
    answer = ask(Mock(), example.operation, said, prefer=f"example={example.name}")

    assert (answer.status, set(answer.body)) == (example.status, set(example.response))


def test_the_most_alike_answers_under_the_ids_that_were_sent():
    sent = EXAMPLES["send_report", "emergency"].request | {"id": "6f1d3c52-4c5e-4b0f-9d0e-0a6f3f6f2b77"}

    answer = ask(Mock(), "send_report", sent)

    assert (answer.status, answer.body["id"], answer.body["replay"]) == (201, sent["id"], False)
    assert answer.body["emergency_call"]
    assert [each["id"] for each in answer.body["photos"]] == [each["id"] for each in sent.get("photos", [])]


def test_an_id_comes_once_again_as_a_replay_and_with_other_content_not_at_all():
    mock, sent = Mock(), EXAMPLES["send_report", "words_only"].request

    statuses = [
        ask(mock, "send_report", said).status for said in (sent, sent, sent | {"text": "另一件事，也有十个字。"})
    ]

    assert statuses == [201, 200, 422]


def test_what_the_models_do_not_take_is_refused_with_its_place():
    answer = ask(Mock(), "send_report", {"category": 5})

    assert (answer.status, answer.body["code"]) == (422, "body.invalid")
    assert "/category" in [error["pointer"] for error in answer.body["errors"]]


@pytest.mark.parametrize(("method", "target", "headers", "status"), [
    ("GET", "/m/v1/nothing", {}, 404),
    ("PATCH", "/m/v1/reports", {}, 405),
    ("POST", "/m/v1/reports", {"content-type": "text/plain"}, 415),
    ("POST", "/m/v1/reports", JSON, 422),
    ("POST", "/m/v1/photos", {"content-type": "multipart/form-data; boundary=b"}, 422),
    ("GET", "/m/v1/sync?cursor=any", {"prefer": "code=410"}, 410),
])  # fmt: skip
def test_a_refusal_is_of_the_contract(method, target, headers, status):
    answer = Mock().answer(method, target, headers, b"")
    at_path = [op for op in OPERATIONS.values() if op.path == target.partition("?")[0]]

    assert answer.status == status
    check_shape([*at_path, OPERATIONS["get_config"]][0], Said(status, answer.body), answer.body)


def test_over_http_a_journey_is_walked_and_what_has_not_changed_is_not_sent_again():
    with serve(0) as server, httpx2.Client(base_url=f"http://127.0.0.1:{server.server_port}") as client:
        hand = threading.Thread(target=server.serve_forever)
        hand.start()
        try:
            run(load("a_replay_is_not_a_second_report"), client.request, given=GIVEN)
            photo = picture()
            form = EXAMPLES["send_photo", "stored"].request | {"sha256": photo.sha256}
            sent = client.post("/m/v1/photos", data=form, files={"file": ("photo.jpg", photo.content, "image/jpeg")})
            tag = client.get("/m/v1/config").headers["etag"]
            again = client.get("/m/v1/config", headers={"If-None-Match": tag})
        finally:
            server.shutdown()
            hand.join()

    assert (sent.status_code, sent.json()["sha256"]) == (201, photo.sha256)
    assert (again.status_code, again.content) == (304, b"")

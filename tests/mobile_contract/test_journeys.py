"""The journeys are well-formed, and their runner notices what is wrong."""

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from mobile_contract.v1.operations import OPERATIONS
from tests.mobile_contract.journeys import load, names, run

GIVEN = {"now": "2026-11-24T10:00:00+08:00", "lon": 120.6, "lat": 31.3, "expired_cursor": "of-another-log"}


@dataclass
class Said:
    status_code: int
    body: dict[str, Any]
    headers: dict[str, str] = field(default_factory=lambda: {"content-type": "application/problem+json"})

    def json(self) -> Any:
        return self.body


@pytest.mark.parametrize("name", names())
def test_a_journey_says_what_it_does_and_only_with_what_it_has(name):
    journey = load(name)
    known = {*GIVEN, *journey["make"]}

    assert journey["name"] == name.replace("_", " ")
    assert journey["why"]
    for step in journey["steps"]:
        used = {part.split("}")[0].split(".")[0] for part in json.dumps(step).split("${")[1:]}
        assert used <= known, step["say"]
        assert step["do"] in OPERATIONS
        assert set(step) <= {"say", "do", "body", "form", "query", "expect", "keep", "until_s"}
        known |= set(step.get("keep", {}))


@pytest.mark.parametrize("name", names())
def test_what_a_journey_sends_is_a_valid_request(name):
    sent = []

    def send(method, path, **request):
        sent.append((method.lower(), path, request))
        raise StopIteration

    journey = load(name)
    models = {(op.method, op.path): op.body for op in OPERATIONS.values()}
    for step in journey["steps"]:
        code = "7K3M-9QXT-2VWB-5RDM"
        given = GIVEN | {"code": code, "second_code": code, "first_code": code, "notice": "2026-11", "cursor": "c"}
        with pytest.raises(StopIteration):
            run({**journey, "steps": [{**step, "keep": {}}]}, send, given=given)

    for method, path, request in sent:
        model = models[method, path]
        if model is not None:
            model.model_validate(request.get("json") or request["data"])


def test_a_wrong_status_is_told_with_its_step():
    said = Said(500, {"code": "internal"})

    with pytest.raises(AssertionError, match=r"step 1 \(Start without cursor.\): status 500, not 200"):
        run(load("a_cursor_starts_over"), lambda *_, **__: said, given=GIVEN)


def test_an_answer_of_another_shape_is_noticed():
    body = {"items": [], "removed": [], "next_cursor": "c", "has_more": False, "poll_after_s": 1}

    with pytest.raises(ValueError, match="server_time"):
        run(load("a_cursor_starts_over"), lambda *_, **__: Said(200, body), given=GIVEN)


def test_a_member_that_the_contract_does_not_list_is_noticed():
    body = {"items": [], "removed": [], "next_cursor": "c", "has_more": False, "poll_after_s": 1}
    body |= {"server_time": "2026-11-24T02:00:00Z", "reporter": "张三"}

    with pytest.raises(AssertionError, match="says more than the contract"):
        run(load("a_cursor_starts_over"), lambda *_, **__: Said(200, body), given=GIVEN)


def test_a_step_waits_until_what_it_expects_is_true():
    journey = load("a_cursor_starts_over")
    journey["steps"] = [{**journey["steps"][0], "until_s": 5}]
    body = {"items": [], "removed": [], "next_cursor": "c", "has_more": False, "poll_after_s": 1}
    answers = [Said(503, {}), Said(503, {}), Said(200, body | {"server_time": "2026-11-24T02:00:00Z"})]

    known = run(journey, lambda *_, **__: answers.pop(0), given=GIVEN)

    assert known["cursor"] == "c"

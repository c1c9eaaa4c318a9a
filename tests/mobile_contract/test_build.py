"""openapi.json is made from the app, says what app teams need, and is the same text every time."""

import copy
import json

import pytest

from mobile_contract import build
from mobile_contract.build import Disagreement, canonical, dumps, freeze, generated, stale
from mobile_contract.errors import PROBLEMS
from mobile_contract.v1.operations import OPERATIONS
from tests.mobile_contract.sample import sample_app


@pytest.fixture(scope="module")
def app():
    return sample_app().openapi()


@pytest.fixture
def document(app):
    return canonical(app)


def operations(document):
    return [op for methods in document["paths"].values() for op in methods.values()]


def test_every_operation_is_there_under_its_name(document):
    assert {op["operationId"] for op in operations(document)} == set(OPERATIONS)


def test_nothing_but_the_mobile_surface_is_in_it(document):
    assert all(path.startswith("/m/v1/") for path in document["paths"])


def test_only_get_and_post_are_used(document):
    assert {method for methods in document["paths"].values() for method in methods} == {"get", "post"}


def test_every_refusal_is_a_problem_document(document):
    for op in operations(document):
        for status, answer in op["responses"].items():
            if status[0] in "45d":
                assert list(answer["content"]) == ["application/problem+json"], op["operationId"]
                assert answer["content"]["application/problem+json"]["schema"] == {
                    "$ref": "#/components/schemas/Problem"
                }


def test_the_framework_own_errors_are_gone(document):
    assert "HTTPValidationError" not in dumps(document)
    assert "ValidationError" not in document["components"]["schemas"]


def test_all_successes_of_one_operation_share_one_schema(document):
    for op in operations(document):
        schemas = {
            json.dumps(answer["content"]["application/json"]["schema"])
            for status, answer in op["responses"].items()
            if status.startswith("2")
        }
        assert len(schemas) == 1, op["operationId"]


def test_every_code_stands_at_its_status(document):
    for op in operations(document):
        for status, answer in op["responses"].items():
            for code in answer.get("x-problem-codes", []):
                assert str(PROBLEMS[code].status) == status


def test_a_retryable_refusal_says_how_long_to_wait(document):
    for op in operations(document):
        assert "Retry-After" in op["responses"]["503"]["headers"]


def test_states_are_open_enums(document):
    state = document["components"]["schemas"]["Progress"]["properties"]["state"]

    assert "enum" not in state
    assert "replied" in state["x-extensible-enum"]


def test_what_comes_in_is_closed_and_what_goes_out_is_open(document):
    schemas = document["components"]["schemas"]

    assert schemas["ReportIn"]["additionalProperties"] is False
    assert "additionalProperties" not in schemas["Receipt"]


def test_the_photo_form_has_its_file(document):
    form = document["components"]["schemas"]["PhotoForm"]

    assert form["properties"]["file"]["format"] == "binary"
    assert "file" in form["required"]


def test_no_reference_leads_nowhere(document):
    assert {name for name in build._refs(document) if name not in document["components"]["schemas"]} == set()


def test_parameters_come_from_the_app(document):
    names = [row["name"] for row in document["paths"]["/m/v1/sync"]["get"]["parameters"]]

    assert names == ["cursor", "limit"]


def test_examples_are_in_it_for_the_mock(document):
    reports = document["paths"]["/m/v1/reports"]["post"]

    assert "with_photos" in reports["requestBody"]["content"]["application/json"]["examples"]
    assert "busy" in reports["responses"]["503"]["content"]["application/problem+json"]["examples"]


def test_the_text_is_the_same_whatever_the_order_of_the_app(app):
    turned = json.loads(json.dumps(app), object_pairs_hook=lambda pairs: dict(reversed(pairs)))

    assert dumps(canonical(turned)) == dumps(canonical(app))


def test_an_app_that_lacks_an_operation_is_refused(app):
    app = copy.deepcopy(app)
    del app["paths"]["/m/v1/towns"]

    with pytest.raises(Disagreement, match=r"lacks .*towns"):
        canonical(app)


def test_an_app_with_an_operation_of_its_own_is_refused(app):
    app = copy.deepcopy(app)
    app["paths"]["/m/v1/secrets"] = app["paths"]["/m/v1/towns"]

    with pytest.raises(Disagreement, match="secrets"):
        canonical(app)


def test_an_app_that_answers_with_another_shape_is_refused(app):
    app = copy.deepcopy(app)
    app["paths"]["/m/v1/towns"]["get"] = app["paths"]["/m/v1/config"]["get"]

    with pytest.raises(Disagreement, match="Config"):
        canonical(app)


def test_an_app_that_takes_another_shape_is_refused(app):
    app = copy.deepcopy(app)
    app["paths"]["/m/v1/tracking"]["post"]["requestBody"] = app["paths"]["/m/v1/reports"]["post"]["requestBody"]

    with pytest.raises(Disagreement, match="takes ReportIn"):
        canonical(app)


def test_freezing_writes_what_is_stale_and_only_that(app, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "HOME", tmp_path)
    monkeypatch.setattr(build, "OPENAPI", tmp_path / "openapi.json")

    assert len(freeze(app)) == len(generated(app)) == 4
    assert stale(app) == []
    (tmp_path / "enums.json").write_text("{}")
    assert [path.name for path in freeze(app)] == ["enums.json"]

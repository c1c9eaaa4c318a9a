"""The gate's mutation table: each row changes one thing of a document; do apps break (ecosystem 1.4)?

Add a row for every break that got past the gate.
"""

import copy
from datetime import date

import pytest

from mobile_contract.build import canonical
from mobile_contract.compat import Allowed, breaking_changes, not_allowed, read_allowed
from tests.mobile_contract.sample import sample_app

DOCUMENT = canonical(sample_app().openapi())


def old_document():
    """The contract, with one closed enum in an answer and a key for one operation, which it has not itself."""
    document = copy.deepcopy(DOCUMENT)
    schema(document, "AnswerReceipt")["properties"]["kind"] = {"type": "string", "enum": ["supplement", "answer"]}
    op(document, "sync", "get")["security"] = [{"key": ["read"]}]
    return document


def schema(document, name):
    return document["components"]["schemas"][name]


def prop(document, name, member):
    return schema(document, name)["properties"][member]


def op(document, path, method="post"):
    return document["paths"][f"/m/v1/{path}"][method]


def drop(node, key):
    del node[key]


def without(rows, value):
    rows.remove(value)


def bodies(document, path):
    return op(document, path)["requestBody"]["content"]


BREAKING = [
    # what an app calls
    ("a path is gone", lambda d: drop(d["paths"], "/m/v1/towns"), "GET /m/v1/towns: removed"),
    ("a method is gone", lambda d: drop(d["paths"]["/m/v1/config"], "get"), "GET /m/v1/config: removed"),
    ("an operation is renamed", lambda d: op(d, "config", "get").update(operationId="config"), "operationId"),
    ("an operation asks for a key", lambda d: op(d, "config", "get").update(security=[{"key": []}]), "security"),
    ("a key needs more scope", lambda d: op(d, "sync", "get").update(security=[{"key": ["read", "all"]}]), "security"),
    # what an app says
    (
        "a member is not taken any more",
        lambda d: drop(schema(d, "ReportIn")["properties"], "address"),
        "address: removed",
    ),
    ("optional becomes required", lambda d: schema(d, "ReportIn")["required"].append("text"), "optional -> required"),
    (
        "a new member is required",
        lambda d: (
            schema(d, "ReportIn")["properties"].update(mood={"type": "string"}),
            schema(d, "ReportIn")["required"].append("mood"),
        ),
        "mood: new and required",
    ),
    (
        "a value is not taken any more",
        lambda d: without(prop(d, "PositionIn", "crs")["enum"], "bd09"),
        "'bd09' is gone",
    ),
    ("a length is tightened", lambda d: prop(d, "ReportIn", "text").update(maxLength=500), "maxLength 2000 -> 500"),
    ("a maximum is tightened", lambda d: prop(d, "PhotoIn", "bytes").update(maximum=10), "maximum"),
    ("a minimum appears", lambda d: prop(d, "ReportIn", "text").update(minLength=10), "minLength None -> 10"),
    ("fewer items are taken", lambda d: prop(d, "ReportIn", "photos").update(maxItems=3), "maxItems 9 -> 3"),
    ("a pattern is tightened", lambda d: prop(d, "ReportIn", "category").update(pattern="^[A-Z]+$"), "pattern"),
    ("a format is asked for", lambda d: prop(d, "TrackingIn", "tracking_code").update(format="uuid"), "format"),
    ("a type is changed", lambda d: prop(d, "PositionIn", "lon").update(type="string"), "type number -> string"),
    (
        "a number must be whole",
        lambda d: prop(d, "PositionIn", "accuracy_m").update(type="integer"),
        "number -> integer",
    ),
    ("null is not taken any more", lambda d: prop(d, "ReportIn", "address")["anyOf"].pop(), "type null"),
    (
        "a silent default changes",
        lambda d: prop(d, "ReportIn", "locale").update(default="en"),
        "default 'zh-CN' -> 'en'",
    ),
    (
        "a nested member is required",
        lambda d: schema(d, "ContactIn").update(required=["phone"]),
        "contact.phone: optional -> required",
    ),
    (
        "an enum appears",
        lambda d: prop(d, "ReportIn", "notice_version").update(enum=["2026-11"]),
        "enum open -> ['2026-11']",
    ),
    (
        "an open object is closed",
        lambda d: schema(d, "TrackingIn").update(additionalProperties=False),
        "additionalProperties",
    ),
    (
        "a media type is gone",
        lambda d: drop(bodies(d, "photos"), "multipart/form-data"),
        "media type multipart/form-data",
    ),
    ("a parameter is gone", lambda d: op(d, "sync", "get")["parameters"].pop(0), "query.cursor: removed"),
    (
        "a parameter is required",
        lambda d: op(d, "sync", "get")["parameters"][1].update(required=True),
        "query.limit: optional -> required",
    ),
    (
        "a new parameter is required",
        lambda d: op(d, "towns", "get").update(
            parameters=[{"in": "header", "name": "Client-Version", "required": True, "schema": {"type": "string"}}]
        ),
        "header.Client-Version: new and required",
    ),
    (
        "a parameter is tightened",
        lambda d: op(d, "sync", "get")["parameters"][1]["schema"].update(maximum=10),
        "query.limit: maximum None -> 10",
    ),
    (
        "a body is asked for where there was none",
        lambda d: op(d, "config", "get").update(requestBody={"required": True, "content": {}}),
        "body: new and required",
    ),
    # what an app hears
    ("a member is not said any more", lambda d: drop(schema(d, "Receipt")["properties"], "town"), "town: removed"),
    ("a member may be absent", lambda d: without(schema(d, "Receipt")["required"], "town"), "may be absent now"),
    (
        "a member may be null",
        lambda d: schema(d, "Receipt")["properties"].update(
            reference={"anyOf": [{"type": "string"}, {"type": "null"}]}
        ),
        "reference: type string -> null is possible now",
    ),
    ("a closed enum grows", lambda d: prop(d, "AnswerReceipt", "kind")["enum"].append("rating"), "'rating' is new"),
    ("a closed enum opens", lambda d: drop(prop(d, "AnswerReceipt", "kind"), "enum"), "-> open"),
    ("a maximum is loosened in an answer", lambda d: prop(d, "PhotoReceipt", "bytes").update(maximum=10**9), "maximum"),
    ("a format is dropped in an answer", lambda d: drop(prop(d, "Receipt", "id"), "format"), "format uuid -> None"),
    (
        "a type is changed deep in an answer",
        lambda d: prop(d, "LonLat", "lon").update(type="string"),
        "label_point.lon",
    ),
    (
        "values of a map change their type",
        lambda d: prop(d, "Config", "minimum_versions").update(additionalProperties={"type": "integer"}),
        "minimum_versions.*",
    ),
    ("items change their type", lambda d: prop(d, "Config", "crs").update(items={"type": "integer"}), "crs[]"),
    ("a success is gone", lambda d: drop(op(d, "reports")["responses"], "200"), "200: removed"),
    (
        "a new success",
        lambda d: op(d, "reports")["responses"].update({"202": {"description": "Later."}}),
        "202: new success",
    ),
    ("304 is gone", lambda d: drop(op(d, "config", "get")["responses"], "304"), "304: removed"),
    (
        "a media type of an answer is gone",
        lambda d: drop(op(d, "reports")["responses"]["422"]["content"], "application/problem+json"),
        "media type application/problem+json removed",
    ),
    ("a header is gone", lambda d: drop(op(d, "config", "get")["responses"]["200"], "headers"), "header ETag: removed"),
    (
        "a problem code is gone",
        lambda d: without(op(d, "sync", "get")["responses"]["410"]["x-problem-codes"], "sync.cursor_expired"),
        "code sync.cursor_expired: removed",
    ),
]

HARMLESS = [
    ("nothing changes", lambda _: None),
    ("a path is added", lambda d: d["paths"].update({"/m/v1/ratings": {"post": {"responses": {}}}})),
    ("a method is added", lambda d: d["paths"]["/m/v1/towns"].update({"post": {"responses": {}}})),
    ("an optional member is taken", lambda d: schema(d, "ReportIn")["properties"].update(mood={"type": "string"})),
    ("a member is said", lambda d: schema(d, "Receipt")["properties"].update(mood={"type": "string"})),
    (
        "a said member is always there now",
        lambda d: schema(d, "Problem")["required"].append("errors"),
    ),
    (
        "an optional parameter is added",
        lambda d: op(d, "towns", "get").update(
            parameters=[{"in": "query", "name": "kind", "required": False, "schema": {"type": "string"}}]
        ),
    ),
    ("a length is loosened", lambda d: prop(d, "ReportIn", "text").update(maxLength=5000)),
    ("a pattern is dropped", lambda d: drop(prop(d, "ReportIn", "category"), "pattern")),
    ("required becomes optional", lambda d: without(schema(d, "ReportIn")["required"], "emergency")),
    ("one more value is taken", lambda d: prop(d, "PositionIn", "crs")["enum"].append("xian80")),
    (
        "null is taken too",
        lambda d: schema(d, "ReportIn")["properties"].update(
            category={"anyOf": [prop(d, "ReportIn", "category"), {"type": "null"}]}
        ),
    ),
    ("a whole number may be any number", lambda d: prop(d, "PhotoIn", "bytes").update(type="number")),
    (
        "null is not said any more",
        lambda d: schema(d, "Receipt")["properties"].update(town={"$ref": "#/components/schemas/TownName"}),
    ),
    ("a closed enum of an answer shrinks", lambda d: prop(d, "AnswerReceipt", "kind")["enum"].pop()),
    ("an open enum grows", lambda d: prop(d, "Progress", "state")["x-extensible-enum"].append("audited")),
    ("a description is added", lambda d: prop(d, "ReportIn", "text").update(description="Say it in your words.")),
    ("a refusal is added", lambda d: op(d, "reports")["responses"].update({"451": {"description": "No."}})),
    (
        "a problem code is added",
        lambda d: op(d, "sync", "get")["responses"]["410"]["x-problem-codes"].append("sync.moved"),
    ),
    ("an example is changed", lambda d: bodies(d, "reports")["application/json"].update(examples={})),
    ("a key is not asked for any more", lambda d: op(d, "sync", "get").update(security=[])),
    (
        "a schema is moved out of line",
        lambda d: (
            d["components"]["schemas"].update(Words2=copy.deepcopy(schema(d, "Words"))),
            schema(d, "District")["properties"].update(name={"allOf": [{"$ref": "#/components/schemas/Words2"}]}),
        ),
    ),
]


@pytest.mark.parametrize(("change", "said"), [row[1:] for row in BREAKING], ids=[row[0] for row in BREAKING])
def test_a_breaking_change_is_told(change, said):
    old, new = old_document(), old_document()
    if said == "additionalProperties":  # ours are closed on the way in from the start
        drop(schema(old, "TrackingIn"), "additionalProperties")
    change(new)

    findings = breaking_changes(old, new)

    assert findings, "not noticed"
    assert any(said in finding for finding in findings), findings


@pytest.mark.parametrize("change", [row[1] for row in HARMLESS], ids=[row[0] for row in HARMLESS])
def test_a_harmless_change_passes(change):
    old, new = old_document(), old_document()
    change(new)

    assert breaking_changes(old, new) == []


def test_one_change_is_told_once_and_by_its_place():
    new = old_document()
    prop(new, "ReportIn", "text")["maxLength"] = 100

    assert breaking_changes(old_document(), new) == ["POST /m/v1/reports body.text: maxLength 2000 -> 100"]


def test_a_schema_that_holds_itself_comes_to_an_end():
    old = old_document()
    schema(old, "District")["properties"]["parts"] = {
        "anyOf": [{"type": "array", "items": {"$ref": "#/components/schemas/District"}}, {"type": "null"}]
    }
    new = copy.deepcopy(old)
    schema(new, "District")["properties"]["code"] = {"type": "integer"}

    assert any("district.code" in finding for finding in breaking_changes(old, new))


def test_a_deliberate_break_passes_until_its_day_and_no_longer():
    rows = read_allowed([{"finding": "GET /m/v1/towns: removed", "why": "moved into sync", "until": "2027-01-31"}])

    assert rows == [Allowed("GET /m/v1/towns: removed", "moved into sync", date(2027, 1, 31))]
    assert not_allowed(["GET /m/v1/towns: removed"], rows, today=date(2027, 1, 31)) == []
    assert not_allowed(["GET /m/v1/towns: removed"], rows, today=date(2027, 2, 1)) == ["GET /m/v1/towns: removed"]
    assert not_allowed(["GET /m/v1/config: removed"], rows, today=date(2027, 1, 1)) == ["GET /m/v1/config: removed"]

"""The frozen document passes Redocly's strict rules, which also hold each example against its schema."""

import json

from mobile_contract.build import OPENAPI
from tests.node import MODULES, ROOT, node

LINT = ROOT / "tests" / "mobile_contract" / "lint.cjs"


def found(document):
    return node(LINT, document, MODULES).splitlines()


def test_the_document_has_no_fault():
    assert found(OPENAPI) == []


def test_a_fault_would_be_found(tmp_path):
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    del document["paths"]["/m/v1/towns"]["get"]["operationId"]
    sent = document["paths"]["/m/v1/reports"]["post"]["requestBody"]["content"]["application/json"]
    sent["examples"]["words_only"]["value"]["category"] = 5
    broken = tmp_path / "openapi.json"
    broken.write_text(json.dumps(document), encoding="utf-8")

    rules = [line.partition(" ")[0] for line in found(broken)]

    assert sorted(rules) == ["no-invalid-media-type-examples", "operation-operationId"]

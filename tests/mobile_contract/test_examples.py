"""Every example is true: the request is taken, or refused with that code; the answer is of the contract's shape."""

import pytest
from pydantic import ValidationError

from mobile_contract.errors import PROBLEMS
from mobile_contract.examples import HOME, load_examples
from mobile_contract.v1.faults import problem_code
from mobile_contract.v1.operations import OPERATIONS
from mobile_contract.v1.problem import Problem
from tests.mobile_contract.journeys import unlisted

EXAMPLES = load_examples()
SYMBOLS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
# These the models notice by themselves; all other problems come from what the service knows.
BY_THE_MODEL = {"body.invalid", "report.nothing_to_act_on", "report.place_missing"}


def named(example):
    return f"{example.operation}.{example.name}"


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_request_is_taken_unless_the_example_says_otherwise(example):
    model = OPERATIONS[example.operation].body
    if model is None:
        return
    code = example.response.get("code")
    if code in BY_THE_MODEL:
        with pytest.raises(ValidationError) as caught:
            model.model_validate(example.request)
        assert problem_code(caught.value.errors()) == code
    else:
        model.model_validate(example.request)


@pytest.mark.parametrize("example", EXAMPLES, ids=named)
def test_the_answer_is_of_the_contracts_shape_and_says_no_more(example):
    op = OPERATIONS[example.operation]
    if example.status in op.statuses:
        answer = op.answer.model_validate(example.response)
        assert unlisted(answer, example.response) == []
        assert set(answer.model_dump()) == set(example.response), "an answer has all its members"
        return
    problem = Problem.model_validate(example.response)
    row = PROBLEMS[problem.code]
    assert problem.code in op.all_problems
    assert (problem.status, problem.retryable, problem.type, problem.title) == (
        row.status,
        row.retryable,
        row.type,
        row.zh,
    )
    assert problem.status == example.status


@pytest.mark.parametrize("op", OPERATIONS.values(), ids=lambda op: op.name)
def test_every_answer_of_every_operation_has_an_example(op):
    shown = {example.status for example in EXAMPLES if example.operation == op.name}

    assert set(op.statuses) <= shown


def test_an_example_stands_in_the_file_of_its_name():
    files = {f"{example.operation}.{example.name}" for example in EXAMPLES}

    assert len(files) == len(EXAMPLES)


def test_the_readme_reads_tracking_codes_truly():
    """Luhn mod 32 over the Crockford symbols, as an app author will copy it."""
    readme = (HOME.parent / "README.md").read_text(encoding="utf-8")
    known: dict = {}
    exec(readme.split("```python\n")[1].split("```")[0], known)  # noqa: S102 - our own file
    codes = [example.response["tracking_code"] for example in EXAMPLES if "tracking_code" in example.response]

    assert codes
    for code in codes:
        assert known["is_well_typed"](code)
        assert known["is_well_typed"](code.lower().replace("-", " "))
        assert not known["is_well_typed"](code[:-1] + SYMBOLS[SYMBOLS.index(code[-1]) - 1])
        assert not known["is_well_typed"](code[1] + code[0] + code[2:]) or code[0] == code[1]

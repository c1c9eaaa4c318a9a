"""The closed list of problem codes is complete, says what to do, and agrees with the operations."""

import http
import re

import pytest

from mobile_contract.errors import PROBLEMS
from mobile_contract.v1.operations import NOWHERE, OPERATIONS, SHARED


@pytest.mark.parametrize("row", PROBLEMS.values(), ids=lambda row: row.code)
def test_a_row_says_everything(row):
    assert re.fullmatch(r"[a-z]+([._][a-z]+)*", row.code)
    assert http.HTTPStatus(row.status) >= http.HTTPStatus.BAD_REQUEST
    assert re.search(r"[\u4e00-\u9fff]", row.zh)
    assert row.en
    assert row.action.endswith(".")


def test_what_may_be_sent_again_is_what_was_not_the_senders_fault():
    for row in PROBLEMS.values():
        torn_on_the_way = row.code == "photo.checksum"
        assert row.retryable == (row.status in {429, 500, 503} or torn_on_the_way), row.code


def test_no_code_stands_twice():
    codes = [row.code for row in PROBLEMS.values()]

    assert len(codes) == len(set(codes))


def test_every_code_belongs_somewhere():
    told = {code for op in OPERATIONS.values() for code in op.all_problems}

    assert told | {*NOWHERE, *SHARED} == set(PROBLEMS)


def test_a_report_is_never_refused_for_its_category():
    assert not any("category" in code for code in PROBLEMS)

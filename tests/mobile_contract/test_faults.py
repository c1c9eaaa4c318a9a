"""From error rows to what the phone reads: pointers, words in two languages, no value that was sent."""

from mobile_contract.v1.faults import WORDS, field_errors, problem_code


def row(kind, *loc, **context):
    return {"type": kind, "loc": loc, "msg": "?", "ctx": context}


def test_the_frameworks_body_prefix_is_no_part_of_the_pointer():
    [error] = field_errors([row("missing", "body", "position", "crs")])

    assert error.pointer == "/position/crs"


def test_a_query_parameter_is_told_by_its_name():
    [error] = field_errors([row("int_parsing", "query", "limit")])

    assert (error.pointer, error.code) == ("?limit", "type")


def test_a_body_that_is_no_json_is_told_at_the_root():
    [error] = field_errors([row("json_invalid", "body", 17)])

    assert (error.pointer, error.code) == ("", "format")


def test_slashes_and_tildes_are_escaped():
    [error] = field_errors([row("extra_forbidden", "a/b~c")])

    assert error.pointer == "/a~1b~0c"


def test_a_fault_with_a_name_of_its_own_gives_the_problem_its_code():
    rows = [row("missing", "client"), row("report.place_missing", pointer="/position")]

    assert problem_code(rows) == "report.place_missing"
    assert problem_code(rows[:1]) == "body.invalid"


def test_messages_come_in_the_language_asked_for():
    [zh], [en] = (field_errors([row("missing", "id")], locale=locale) for locale in ("zh-CN", "en-GB"))

    assert (zh.message, en.message) == WORDS["missing"]

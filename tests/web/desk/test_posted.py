"""A posted form becomes the body that the API takes, and what the API says of the body finds its field again."""

from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.officers.acceptances import AcceptanceIn
from api.officers.bodies import OrderIn, Signature
from api.officers.deliveries import ReceiptIn
from api.officers.penalties import DecisionIn, WaiverIn
from api.officers.visits import VisitDone, VisitStart
from web.desk.case.posted import flat, read, rows_of
from web.desk.case.refused import refused
from web.desk.case.shapes import shape_of

ORDER = {
    "text": ["立即清理"], "plan.measures": ["清理\r\n通道"], "plan.due_at": ["2026-12-01T18:00"], "grade": ["general"],
    **{f"consequences.{each}.decided": ["no"] for each in ("suspend", "expose", "penalise", "prosecute")},
    **{f"consequences.{each}.reason": ["情节轻微"] for each in ("suspend", "expose", "penalise", "prosecute")},
}  # fmt: skip


def test_an_order_is_read_with_its_parts_and_in_local_time():
    posted = read(shape_of(OrderIn), ORDER)

    body = OrderIn.model_validate(posted.body)
    assert body.plan.measures == "清理\n通道"
    assert body.plan.due_at == datetime.fromisoformat("2026-12-01T18:00+08:00")
    assert body.criterion is None
    assert (body.fixed_on_spot, body.consequences["expose"].decided) == (False, False)
    assert posted.places["/plan/due_at"] == "plan.due_at"
    assert posted.unknown == []


def test_blank_rows_are_left_out_and_a_fault_finds_the_row_it_is_about():
    form = {
        "findings.0.text": [""],
        "findings.3.text": ["通道堵塞"],
        "findings.3.picture_ids": ["x"],
        "place": ["3号楼"],
    }

    posted = read(shape_of(VisitDone), form)

    assert posted.body["findings"] == [{"text": "通道堵塞", "picture_ids": ["x"]}]
    assert posted.places["/findings/0/picture_ids"] == "findings.3.picture_ids"


def test_a_row_that_the_page_has_set_counts_once_somebody_has_answered_in_it():
    form = {
        "checks.0.finding_id": ["a"], "_fixed.checks.0": ["finding_id"],
        "checks.1.finding_id": ["b"], "_fixed.checks.1": ["finding_id"], "checks.1.result": ["pass"],
        "result": ["pass"], "note": ["合格"],
    }  # fmt: skip

    assert read(shape_of(AcceptanceIn), form).body["checks"] == [{"finding_id": "b", "result": "pass"}]


def test_no_position_is_sent_where_only_its_datum_stands_there():
    shape = shape_of(VisitStart)

    assert "position" not in read(shape, {"position.crs": ["wgs84"], "kind": ["verification"]}).body
    at = {"position.crs": ["wgs84"], "position.lon": ["120.1"], "position.lat": ["31.2"]}
    assert read(shape, at).body["position"] == {"lon": 120.1, "lat": 31.2, "crs": "wgs84"}


def test_flags_marks_money_and_several_ids():
    receipt = {
        "how": ["direct"],
        "companion_ids": ["3", "4"],
        "filmed": ["yes"],
        "witnesses.0": ["王某"],
        "witnesses.1": [""],
    }
    assert read(shape_of(ReceiptIn), receipt).body == {
        "how": "direct", "companion_ids": [3, 4], "filmed": True, "witnesses": ["王某"],
    }  # fmt: skip
    assert read(shape_of(WaiverIn), {"conditions": ["minor", "first"]}).body["conditions"] == {
        "minor": True,
        "first": True,
    }
    assert read(shape_of(DecisionIn), {"fine_fen": ["1200.5"]}).body["fine_fen"] == 120_050


@pytest.mark.parametrize("said", ["zwölf", "1.234", "9" * 5000, "inf", "1e999", "-", "NaN"])
def test_what_is_no_amount_is_sent_as_it_was_written(said):
    assert read(shape_of(DecisionIn), {"fine_fen": [said]}).body["fine_fen"] == said


def test_what_no_form_of_ours_asks_is_named():
    assert read(shape_of(Signature), {"person_id": ["3"], "role": ["leader"], "_version": ["1"]}).unknown == ["role"]


def test_a_body_fills_a_form_that_says_the_same_again():
    body = read(shape_of(OrderIn), ORDER).body

    assert read(shape_of(OrderIn), flat({**body, "consequences": _yes_no(body["consequences"])})).body == body


def _yes_no(rows):
    return {name: row | {"decided": "yes" if row["decided"] else "no"} for name, row in rows.items()}


def test_a_refusal_is_told_beside_its_field_or_in_words_above():
    shape = shape_of(OrderIn)
    posted = read(shape, ORDER)
    problem = {
        "title": "材料或内容不齐全", "code": "case.incomplete", "guard": "five_items",
        "missing": ["funding", "photo_near"],
        "errors": [{"pointer": "/plan/due_at", "code": "range", "message": "超出范围"},
                   {"pointer": "/nowhere", "code": "x", "message": "别处的问题"}],
    }  # fmt: skip

    told = refused(shape, posted, ORDER, 422, problem)

    assert told.faults == {"plan.due_at": "超出范围", "plan.funding": "请填写"}
    assert told.besides == ["别处的问题", "缺少近景照片"]


def test_an_answer_that_is_missing_is_told_in_its_row():
    form = {"checks.4.code": ["exit"], "checklist.1.block": ["posts"]}
    problem = {
        "title": "不齐全",
        "code": "case.incomplete",
        "missing": ["checks.exit.note", "checks.exit", "checklist.posts"],
    }

    told = refused(shape_of(VisitDone), read(shape_of(VisitDone), form), form, 422, problem)

    assert set(told.faults) == {"checks.4.note", "checks.4.answer", "checklist.1.answer"}
    assert told.besides == []


@settings(max_examples=200, deadline=None)
@given(
    st.dictionaries(
        st.text(max_size=40) | st.sampled_from(["findings.0.text", "checks.1.value"]),
        st.lists(st.text(max_size=20), min_size=1, max_size=3),
        max_size=8,
    )
)
def test_whatever_is_posted_is_read_without_falling_over(form):
    posted = read(shape_of(VisitDone), form)

    assert isinstance(posted.body, dict)
    assert rows_of(form, "findings") == sorted(rows_of(form, "findings"))

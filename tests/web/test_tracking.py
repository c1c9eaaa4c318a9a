"""Looking up a report on the page: by a form, by POST only, told kindly when the code is wrong."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from cases import trail
from cases.intake import guessing, mark_of
from cases.journey import Kind
from cases.models.report import Report
from cases.models.reward import Reward
from kit.buckets import Bucket
from kit.db import OWNER, unit_of_work
from people.actors import SYSTEM


def look_up(client, code):
    return client.post("/track", data={"code": code})


def test_a_code_shows_the_progress_and_is_not_repeated_on_the_page(client, tracking_code):
    answer = look_up(client, tracking_code)

    assert answer.status_code == 200
    assert "已收到举报" in answer.text
    assert tracking_code not in answer.text
    assert tracking_code.replace("-", "") not in answer.text


@pytest.mark.parametrize(("state", "told"), [("notified", "凭回执上的领奖密码领取"), ("paid", "已发放")])
def test_a_reward_stands_on_the_page_once_it_is_approved(client, tracking_code, state, told):
    with unit_of_work(OWNER) as session:
        report = session.scalars(select(Report).where(Report.tracking_mark == mark_of(tracking_code))).one()
        until = report.received_at + timedelta(days=60)
        session.add(
            Reward(
                report_id=report.id, case_id=uuid4(), state=state, rule={}, opened_at=report.received_at,
                amount_fen=300_000, claim_until=until,
            )
        )  # fmt: skip
    answer = look_up(client, tracking_code)
    assert "举报奖励：3000 元" in answer.text
    assert told in answer.text


def test_f39_more_time_for_the_whole_is_read_with_its_day(client, tracking_code):
    with unit_of_work(OWNER) as session:
        report = session.scalars(select(Report).where(Report.tracking_mark == mark_of(tracking_code))).one()
        trail.record(
            session, report, Kind.MIRRORED, by=SYSTEM, now=report.received_at, stage="extended", until="2027-01-17"
        )
    assert "经批准，办理期限延长至2027年1月17日" in look_up(client, tracking_code).text


def test_progress_is_never_stored_and_never_indexed(client, tracking_code):
    answer = look_up(client, tracking_code)

    assert answer.headers["cache-control"] == "no-store"
    assert '<meta name="robots" content="noindex">' in answer.text


def test_a_code_may_be_typed_in_any_case_grouping_and_width(client, tracking_code):
    plain = tracking_code.replace("-", "").lower()
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in tracking_code.replace("-", ""))

    assert [look_up(client, typed).status_code for typed in (plain, f"  {tracking_code} ", wide)] == [200] * 3


@pytest.mark.parametrize("typed", ["ABCD", "0" * 15 + "1", "你好", "<b>", "\x00", "A" * 5000])
def test_a_mistyped_code_is_told_beside_the_form_with_what_was_typed(client, typed):
    answer = look_up(client, typed)

    assert answer.status_code == 422
    assert "查询码似乎输错了" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert "<b>" not in answer.text


def test_an_empty_form_is_asked_for_the_code(client):
    assert "请填写查询码" in look_up(client, "").text
    assert client.post("/track").status_code == 422


def test_a_well_typed_code_that_nobody_has_is_unknown(client):
    answer = look_up(client, "0" * 16)

    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert "没有找到" in answer.text


def test_guessing_is_slowed(client, monkeypatch):
    monkeypatch.setattr(guessing, "GUESSES", Bucket(f"test-{uuid4()}", burst=1, per_hour=60))

    first, second = look_up(client, "ABCD"), look_up(client, "ABCD")

    assert (first.status_code, second.status_code) == (422, 429)
    assert "请约 1 分钟后再试" in second.text


def test_opening_the_address_again_leads_back_to_the_form(client):
    answer = client.get("/track?code=SECRET", follow_redirects=False)

    assert (answer.status_code, answer.headers["location"]) == (303, "/#track")


def test_words_of_a_report_are_written_as_text(client, tracking_code):
    with unit_of_work(OWNER) as session:
        hostile = {"reply": '<img src=x onerror="alert(1)">', "outcome": "substantiated", "state": "replied"}
        session.execute(update(Report).where(Report.tracking_mark == mark_of(tracking_code)).values(**hostile))

    text = look_up(client, tracking_code).text

    assert "答复：属实" in text
    assert "<img src=x" not in text
    assert "&lt;img src=x" in text

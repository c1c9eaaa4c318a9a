"""R7: what may be told to a reporter, by which channel, and what is kept of it (M20, X37, X39, X42)."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from cases import triage
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.replies import newest_reply
from cases.models.handling import Visit
from cases.models.reply import Reply
from cases.models.report import ReportEvent
from cases.triage.reply import CodeAlwaysReaches
from cases.triage.reply_text import UnfitWording
from people.models import Account
from tests import make
from tests.desk import REPLIES, accepted, case_of, entries, notices
from tests.make import NOW
from tests.walk import Walk

FIT = REPLIES["substantiated"]


@pytest.fixture
def report(session, district):
    made = accepted(session, district)
    made.outcome = "substantiated"
    return made


def tell(session, district, report, text=FIT, **how):
    return triage.reply(session, report, text=text, by=district.intake, now=NOW, **how)


def found(refusal):
    return [(one["code"], one["pointer"]) for one in refusal.value.extra["found"]]


def test_m20_a_reply_is_kept_in_a_row_of_its_own(session, district, report):
    told = tell(session, district, report)
    assert session.scalars(select(Reply)).all() == [told]
    assert (told.report_id, told.number, told.text, told.outcome) == (report.id, 1, FIT, "substantiated")
    assert (told.channel, told.reached, told.unreachable) == ("code", True, "")
    assert (told.replied_by, told.replied_at) == (district.intake.account_id, NOW)
    assert (report.state, report.reply, report.replied_at) == ("replied", FIT, NOW)
    assert newest_reply(session, report) == told


def test_r8_it_says_until_when_a_review_may_be_asked_for(session, district, report):
    """F32, D3: thirty days to the end of the last; 24 December 2026 is a Thursday, so it does not roll."""
    assert tell(session, district, report).review_until.isoformat() == "2026-12-24T16:00:00+00:00"


@pytest.mark.parametrize("channel", ["phone", "letter", "visit"])
def test_r7_that_nobody_was_reached_is_recorded_and_the_text_lies_under_the_code(session, district, report, channel):
    """G-REP: replied or unreachable-recorded; X37: everybody can read it with their code."""
    told = tell(session, district, report, channel=channel, unreachable="三次拨打无人接听")
    assert (told.channel, told.reached, told.unreachable) == (channel, False, "三次拨打无人接听")
    assert (report.state, report.reply) == ("replied", FIT)
    body = session.scalars(select(ReportEvent.body).where(ReportEvent.kind == "replied")).one()
    assert body == {"channel": channel, "reached": False}
    triage.settle_replies(session, report.id, now=NOW)
    assert case_of(session, report).replies_open is False


def test_under_the_code_nobody_is_out_of_reach(session, district, report):
    with pytest.raises(CodeAlwaysReaches):
        tell(session, district, report, unreachable="无人接听")


def test_r7_what_must_not_go_out_is_told_by_kind_and_place_and_nothing_is_sent(session, district, report):
    text = f"{FIT}请联系张经理 13800138000。"
    with pytest.raises(UnfitWording) as refusal:
        tell(session, district, report, text, channel="phone", unreachable="拨打13900139000无人接听")
    told = refusal.value.extra["found"]
    assert [(one["code"], one["pointer"]) for one in told] == [
        ("person_name", "/text"), ("phone", "/text"), ("phone", "/unreachable"),
    ]  # fmt: skip
    assert text[told[1]["start"] : told[1]["end"]] == "13800138000"
    assert (refusal.value.code, refusal.value.pointer) == ("reply.wording", "/text")
    assert (report.state, report.reply, session.scalars(select(Reply)).all()) == ("accepted", None, [])


def test_r7_what_is_missing_for_the_outcome_is_told_with_the_words_that_would_do(session, district, report):
    with pytest.raises(UnfitWording) as refusal:
        tell(session, district, report, "情况不属实。")
    told = refusal.value.extra["found"]
    assert [one["code"] for one in told] == ["verdict_missing", "verdict_other", "measures_missing"]
    assert "属实" in told[0]["words"]


def test_c14_no_name_and_no_number_of_the_case_goes_out(session, district):
    """Officers with a hand in it, whoever was there, and the case's own number, read from the case itself."""
    walk = Walk(session, district)
    report = accepted(session, district, join=walk.case)
    for account_id, name in ((walk.town.officer.account_id, "高峰"), (district.fire_leader.account_id, "钱晓岚")):
        session.get_one(Account, account_id).name = name
    walk.accepted()
    report.outcome = "substantiated"
    session.scalars(select(Visit).where(Visit.case_id == walk.case.id)).one().people_present = "吴桂花、王某，某公司"
    texts = {
        "高峰": "officer_name",
        "钱晓岚": "officer_name",
        "吴桂花": "third_person",
        walk.case.number: "inner_number",
    }
    for words, code in texts.items():
        with pytest.raises(UnfitWording) as refusal:
            tell(session, district, report, f"{FIT}{words}")
        assert found(refusal) == [(code, "/text")]
    tell(session, district, report, f"{FIT}王某已签字，某公司已承诺。您的举报编号{report.reference}。")


def test_a_name_that_is_a_word_counts_only_for_whoever_had_a_hand_in_the_case(session, district, report):
    session.get_one(Account, district.fire_leader.account_id).name = "高峰"
    tell(session, district, report, f"{FIT}已避开用电高峰。")


def test_x42_no_word_of_another_reporter(session, district, report):
    other = make.report(session)
    for words in ("已有其他群众举报", f"与{other.reference}为同一事项"):
        with pytest.raises(UnfitWording) as refusal:
            tell(session, district, report, f"{FIT}{words}。")
        assert found(refusal) == [("other_report", "/text")]


@pytest.mark.parametrize("outcome", REPLIES)
def test_r7_every_outcome_can_be_told(session, district, report, outcome):
    report.outcome = outcome
    assert tell(session, district, report, REPLIES[outcome]).outcome == outcome


def test_r7_it_is_the_desk_that_replies_and_once(session, district, report):
    with pytest.raises(NotYourRole):
        triage.reply(session, report, text="13800138000", by=district.supervisor, now=NOW)
    tell(session, district, report)
    with pytest.raises(NotInState):
        tell(session, district, report)
    assert len(session.scalars(select(Reply)).all()) == 1


@pytest.mark.parametrize(
    ("outcome_at", "due_at"),
    [
        ("2026-11-24T02:00:00+00:00", "2026-11-27T16:00:00+00:00"),  # three working days
        ("2026-02-14T02:00:00+00:00", "2026-02-24T16:00:00+00:00"),  # nine days of Spring Festival: ten days in all
    ],
)
def test_f37_a_reply_is_due_in_three_working_days_and_never_later_than_ten_days(session, district, outcome_at, due_at):
    report = accepted(session, district)
    report.urgency = "normal"
    case = case_of(session, report)
    case.state, case.outcome = "rectifying", "substantiated"
    triage.mirror(session, case.id, now=datetime.fromisoformat(outcome_at))
    assert report.reply_due_at == datetime.fromisoformat(due_at)
    assert triage.find_late(session, now=report.reply_due_at, limit=5) == [report.id]


@pytest.mark.parametrize(("replied", "early", "told"), [(False, False, 1), (True, False, 0), (False, True, 0)])
def test_f37_the_district_hears_of_a_reply_that_is_overdue(session, district, report, replied, early, told):
    report.reply_due_at = NOW
    if replied:
        tell(session, district, report)
    triage.urge_desk(session, report.id, now=NOW - timedelta(minutes=1) if early else NOW)
    assert len(notices(session, "reply_overdue")) == told


def test_f37_a_date_that_is_counted_again_has_the_whole_ladder_before_it(session, district, report):
    """D2: what was late is late no longer, and will be told of when it is."""
    report.reply_due_at = NOW
    triage.urge_desk(session, report.id, now=NOW)
    report.reply_due_at = NOW + timedelta(days=2)
    triage.urge_desk(session, report.id, now=NOW + timedelta(days=1))
    assert entries(session, report).count("reply_overdue") == 1
    triage.urge_desk(session, report.id, now=NOW + timedelta(days=2))
    assert entries(session, report).count("reply_overdue") == 2


def test_f37_many_overdue_replies_are_told_of_once_a_day_until_somebody_reads_it(session, district, report):
    late = [report, *(accepted(session, district) for _ in range(2))]
    for hour, each in enumerate(late):
        each.outcome, each.reply_due_at = "substantiated", NOW
        each.urgency = "normal"
        triage.urge_desk(session, each.id, now=NOW + timedelta(hours=hour))
        assert entries(session, each).count("reply_overdue") == 1
    (first,) = notices(session, "reply_overdue")
    first.read_at, first.read_by = NOW, district.intake.account_id
    another = accepted(session, district)
    another.outcome, another.reply_due_at = "substantiated", NOW
    another.urgency = "normal"
    triage.urge_desk(session, another.id, now=NOW + timedelta(hours=3))
    assert len(notices(session, "reply_overdue")) == 2


def test_r8_a_reply_that_is_owed_after_a_review_is_told_of_anew(session, district, report):
    report.reply_due_at = NOW
    triage.urge_desk(session, report.id, now=NOW)
    tell(session, district, report)
    report.state, report.reply_due_at = "review_requested", NOW + timedelta(days=40)
    session.flush()
    triage.urge_desk(session, report.id, now=NOW + timedelta(days=40))
    assert len(notices(session, "reply_overdue")) == 2


def test_the_desk_sees_what_was_told_and_what_came_after(session, district, report):
    told = tell(session, district, report)
    shown = triage.of_report(session, report, now=NOW)
    assert (shown.replies, shown.additions) == ([told], [])

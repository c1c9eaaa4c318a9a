"""R10: satisfaction, closing when nobody objects or when it is enough, and never before the case is over (M20, F32)."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import intake, triage
from cases.intake import Addition
from cases.intake.answers import AnswerIdReused, NotOpen
from cases.intake.codes import tracking_code
from cases.lifecycle.replies import newest_reply
from cases.models.case import Case
from cases.models.referral import Referral
from cases.models.reply import Reply
from cases.models.report import REPORT_STATES, Report
from tests.desk import REPLIES, accepted, case_of, entries, jobs, notices
from tests.make import NOW
from workers import sweeps

LATER = NOW + timedelta(days=31)


def told(session, district, **facts):
    """A report with its reply, in a case that is closed."""
    report = accepted(session, district, **facts)
    report.outcome = "substantiated"
    triage.reply(session, report, text=REPLIES["substantiated"], by=district.intake, now=NOW)
    case_of(session, report).state = "closed"
    session.flush()
    return report


@pytest.fixture
def report(session, district):
    return told(session, district)


def rate(session, report, satisfaction=5, *, enough=False, now=NOW, client_id=None):
    addition = Addition(
        client_id or uuid4(), bytes([satisfaction, enough]) * 16, tracking_code(report.client_id), "rating", None, "",
        satisfaction, enough,
    )  # fmt: skip
    return intake.add(session, addition, now=now)


def sweep(session, now):
    """What a beat and a worker do: find, and close what was found."""
    sweeps.find_settled(session, now=now)
    found = [job for job in jobs(session, "close_report") if job.done_at is None]
    for job in found:
        triage.close_settled(session, job.subject, now=now)
        job.done_at = now
    return len(found)


# --- closing


def test_r10_a_report_closes_when_thirty_days_went_by_without_a_word(session, district, report):
    until = newest_reply(session, report).review_until
    assert sweep(session, until) == 0  # the last instant is still in time
    assert sweep(session, until + timedelta(seconds=1)) == 1
    assert (report.state, entries(session, report)[-1]) == ("closed", "report_closed")
    assert sweep(session, LATER) == 0


@pytest.mark.parametrize("stars", [1, 5])
def test_f32_no_number_of_stars_shortens_the_thirty_days(session, report, stars):
    """R8: the reporter may still ask for a review."""
    rate(session, report, stars)
    triage.hear_rating(session, report.id, now=NOW)
    assert report.state == "replied"


def test_r10_the_reporters_own_word_that_it_is_enough_closes_at_once(session, report):
    rate(session, report, 4, enough=True)
    assert [job.subject for job in jobs(session, "hear_rating")] == [report.id]
    for _ in range(2):
        triage.hear_rating(session, report.id, now=NOW)
    assert report.state == "closed"
    assert entries(session, report).count("report_closed") == 1


def test_enough_can_be_taken_back_until_it_closes(session, report):
    case_of(session, report).state = "rectifying"
    rate(session, report, 5, enough=True)
    rate(session, report, 2)
    case_of(session, report).state = "closed"
    triage.hear_rating(session, report.id, now=NOW)
    assert report.state == "replied"


@pytest.mark.parametrize("state", ["rectifying", "acceptance", "closure_review", "referred", "on_hold"])
def test_r10_nothing_closes_before_its_case_is_closed_or_handed_over(session, report, state):
    case_of(session, report).state = state
    rate(session, report, 5, enough=True)
    triage.hear_rating(session, report.id, now=LATER)
    assert (sweep(session, LATER), report.state) == (0, "replied")
    case_of(session, report).state = "closed"
    assert (sweep(session, LATER), report.state) == (1, "closed")


@pytest.mark.parametrize(
    ("state", "scope", "closes"),
    [
        ("sent", "case", 0),
        ("accepted", "case", 1),
        ("external", "case", 1),
        ("accepted", "penalty", 0),
        ("refused", "case", 0),
    ],
)
def test_x24_handed_over_means_that_the_receiver_has_it(session, district, report, state, scope, closes):
    """X24: sent is not handed over."""
    case = case_of(session, report)
    case.state = "referred"
    session.add(
        Referral(
            case_id=case.id, number=f"移送〔{case.number}〕1号", scope=scope, from_org_id=district.west.org.id,
            to_external="市公安局", from_state="verifying", state=state, reason="-", basis="-", materials=["案卷"],
            sent_by=district.west.leader.account_id, sent_at=NOW,
        )
    )  # fmt: skip
    session.flush()
    assert sweep(session, LATER) == closes


@pytest.mark.parametrize("state", [state for state in REPORT_STATES if state not in {"replied", "closed"}])
def test_r10_only_what_was_replied_to_closes(session, report, state):
    report.state = state
    session.flush()
    triage.close_settled(session, report.id, now=LATER)
    assert report.state == state


def test_r7_a_new_reply_begins_the_thirty_days_anew(session, district, report):
    report.state = "verifying"
    triage.reply(session, report, text=REPLIES["substantiated"], by=district.intake, now=LATER)
    assert [each.number for each in session.scalars(select(Reply).order_by(Reply.number))] == [1, 2]
    assert sweep(session, LATER) == 0
    assert sweep(session, LATER + timedelta(days=40)) == 1


def test_m20_every_closed_report_has_its_own_outcome_and_reply(session, district):
    """M20: zero closed reports with null outcome; reply text exists per report, also for merged duplicates."""
    first = accepted(session, district)
    second = accepted(session, district, join=case_of(session, first))
    for report, channel in ((first, "code"), (second, "phone")):
        report.outcome = "partly"
        text = f"{REPLIES['partly']}您的举报编号{report.reference}。"
        triage.reply(session, report, text=text, by=district.intake, now=NOW, channel=channel)
    rate(session, first, 5, enough=True)
    rate(session, second, 1)
    case = case_of(session, first)
    case.state, version, trail = "closed", case.version, entries(session, case)
    triage.hear_rating(session, first.id, now=NOW)
    triage.hear_rating(session, second.id, now=NOW)
    assert (first.state, second.state) == ("closed", "replied")
    assert (case.version, entries(session, case)) == (version, trail)  # X42: no handler learns of either
    assert sweep(session, LATER) == 1
    closed = session.scalars(select(Report).where(Report.state == "closed")).all()
    assert {(each.outcome, each.reply.split("编号")[1].strip("。")) for each in closed} == {
        ("partly", first.reference), ("partly", second.reference),
    }  # fmt: skip
    assert [newest_reply(session, each).satisfaction for each in (first, second)] == [5, 1]


# --- satisfaction


def test_r10_the_last_rating_counts_and_a_retry_is_no_second_one(session, report):
    key = uuid4()
    assert rate(session, report, 2, client_id=key)[2] is False
    assert rate(session, report, 2, client_id=key)[2] is True
    with pytest.raises(AnswerIdReused):
        rate(session, report, 3, client_id=key)
    rate(session, report, 4, now=NOW + timedelta(days=1))
    reply = newest_reply(session, report)
    assert (reply.satisfaction, reply.rated_at) == (4, NOW + timedelta(days=1))
    assert entries(session, report).count("rated") == 2


@pytest.mark.parametrize("state", [state for state in REPORT_STATES if state != "replied"])
def test_only_a_reply_that_was_given_can_be_rated_and_not_after_closing(session, report, state):
    report.state = state
    session.flush()
    with pytest.raises(NotOpen):
        rate(session, report)
    assert "rate" not in intake.progress(session, tracking_code(report.client_id), now=NOW).can


def test_what_may_be_done_says_that_a_reply_may_be_rated(session, report):
    assert "rate" in intake.progress(session, tracking_code(report.client_id), now=NOW).can


def test_f35_the_desk_hears_once_of_a_dissatisfied_reporter(session, report):
    for stars in (3, 2, 1, 5, 1):
        rate(session, report, stars)
        triage.hear_rating(session, report.id, now=NOW)
    (notice,) = notices(session, "dissatisfied")
    assert (notice.case_id, report.reference in notice.text) == (None, False)
    assert triage.dissatisfied(session, limit=10, now=NOW) == [report]
    rate(session, report, 3)
    session.flush()
    assert triage.dissatisfied(session, limit=10, now=NOW) == []


def test_k14_the_numbers_state_their_denominator_and_no_share_of_few(session, district):
    """K14: ratings of 4 and more among ratings given; fewer than ten are not scored (X51, X52)."""
    for number in range(12):
        report = told(session, district)
        if number < 9:
            rate(session, report, 1 + number % 5)
    session.flush()
    period = {"since": NOW - timedelta(days=1), "until": NOW + timedelta(days=1), "now": NOW}
    total, west = triage.satisfaction(session, **period)
    assert (west.org, west.replies, west.ratings, west.satisfied, west.share) == (district.west.org, 12, 9, 3, None)
    rate(session, report, 5)
    session.flush()
    total, west = triage.satisfaction(session, **period)
    assert (total.org, total.replies, total.ratings, total.satisfied, total.share) == (None, 12, 10, 4, 0.4)
    (nothing,) = triage.satisfaction(session, since=LATER, until=LATER, now=NOW)
    assert (nothing.replies, nothing.share) == (0, None)


def test_a_case_in_look_back_was_closed(session, report):
    """T17: closed → look_back → closed."""
    session.get_one(Case, case_of(session, report).id).state = "look_back"
    assert sweep(session, LATER) == 1

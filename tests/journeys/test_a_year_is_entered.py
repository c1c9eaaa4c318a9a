"""D2, X09 over HTTP: the safety office previews and enters a year; what waited is counted again, with its receipts."""

from datetime import date, datetime

import pytest
from sqlalchemy import delete, select
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import done

from cases.models.case import Clock
from cases.models.policy import CalendarDay, CalendarYear
from kit.db import OWNER, unit_of_work
from tests import holidays

PATH = "/calendar-years/2027"


@pytest.fixture
def no_year(client):
    """The calendar is policy and stays in this database: the year is taken away before and after."""

    def forget():
        with unit_of_work(OWNER) as session:
            session.execute(delete(CalendarDay).where(CalendarDay.day >= date(2027, 1, 1)))
            session.execute(delete(CalendarYear).where(CalendarYear.year == 2027))

    forget()
    yield
    forget()


@pytest.fixture
def over_new_year(client, work, sign_in, no_year):
    """A case whose verification was started on 30 December 2026, three working days long: its clock's id."""
    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    with unit_of_work(OWNER) as session:
        clock = session.scalars(select(Clock).where(Clock.case_id == case_id, Clock.kind == "verify")).one()
        clock.amount, clock.unit, clock.provisional = 3, "work_d", True
        clock.started_at = _at("2026-12-30T02:00:00+00:00")
        clock.due_at = clock.original_due_at = _at("2027-01-04T16:00:00+00:00")
        return case_id


def _at(said):
    return datetime.fromisoformat(said)


def clock_of(officer, case_id):
    [clock] = [each for each in officer.get(f"/cases/{case_id}").json()["clocks"] if each["kind"] == "verify"]
    return clock


def test_a_year_is_previewed_entered_and_what_waited_is_counted_again(client, work, sign_in, over_new_year):
    safety = sign_in("safety")
    assert 2027 not in [each["year"] for each in safety.get("/calendar-years").json()["items"]]
    told = safety.post(f"{PATH}/previews", holidays.body())
    assert told.status_code == 200, told.text
    moved = {each["clock"]: (each["was"], each["until"]) for each in told.json()["items"]}
    assert moved["verify"] == ("2027-01-04T16:00:00Z", "2027-01-05T16:00:00Z")
    assert 2027 not in [each["year"] for each in safety.get("/calendar-years").json()["items"]]
    work()
    assert clock_of(sign_in("clerk"), over_new_year)["due_at"].startswith("2027-01-04")

    entry = done(safety.post(f"{PATH}/entries", holidays.body()))
    work()
    assert clock_of(sign_in("clerk"), over_new_year)["due_at"].startswith("2027-01-05")
    [year] = [each for each in sign_in("clerk").get("/calendar-years").json()["items"] if each["year"] == 2027]
    assert (year["published"], year["document"], year["entered_by"]) == (
        True, entry["document"], safety.me["account_id"]
    )  # fmt: skip
    assert len(year["days"]) == len(holidays.rows())


@pytest.mark.parametrize("noun", ["previews", "entries"])
def test_only_the_safety_office_may(client, sign_in, no_year, noun):
    for who in ("desk", "clerk", "leader", "fire", "discipline", "publisher"):
        assert sign_in(who).post(f"{PATH}/{noun}", holidays.body()).status_code == 403, who


def test_an_unsound_notice_is_refused_with_each_of_its_faults_in_both_languages(client, sign_in, no_year):
    safety = sign_in("safety")
    rows = [row for row in holidays.body()["rows"] if row["day"] != "2027-02-20"]
    refused = safety.post(f"{PATH}/entries", holidays.body(rows=rows))
    assert (refused.status_code, refused.json()["code"]) == (422, "calendar.unsound")
    [fault] = refused.json()["faults"]
    assert (fault["code"], fault["may_be_explained"]) == ("unbalanced", True)
    assert fault["zh"] == "放假的工作日18天，调休上班4天，相差应为13天"
    assert fault["en"]
    explained = holidays.body(rows=rows, irregular="国务院通知：2月20日不再调休")
    assert safety.post(f"{PATH}/previews", explained).status_code == 200


@pytest.mark.parametrize(
    "changes",
    [
        {"rows": []},
        {"rows": [{"day": "2027-02-30", "kind": "rest", "name": "x"}]},
        {"rows": [{"day": "2027-01-01", "kind": "holiday", "name": "x"}]},
        {"rows": [{"day": "2027-01-01", "kind": "rest", "name": ""}]},
        {"rows": [{"day": "2027-01-01", "kind": "rest", "name": "x", "more": 1}]},
        {"rows": holidays.body()["rows"] * 4},
        {"source": ""},
        {"document": "x" * 201},
        {"irregular": "\u202e"},
        {"year": 2027},
    ],
)
def test_a_body_that_is_none_is_refused(client, sign_in, no_year, changes):
    answer = sign_in("safety").post(f"{PATH}/entries", holidays.body(**changes))
    assert answer.status_code == 422, answer.text


@pytest.mark.parametrize("year", ["1999", "2099", "next", "2027.5"])
def test_a_year_that_is_none_is_refused(client, sign_in, year):
    assert sign_in("safety").post(f"/calendar-years/{year}/entries", holidays.body()).status_code == 422


def test_d10_the_safety_office_enters_a_key_period_and_every_officer_reads_it(sign_in):
    """Of a year far away: policy stays in this database."""
    body = {
        "code": "FAR-2098", "zh": "重点时段", "en": "Key period", "first_day": "2098-09-25", "last_day": "2098-10-08",
        "basis": "区安委〔2098〕9号", "limits": {"verify": {"amount": 4, "unit": "clock_h"}},
    }  # fmt: skip
    assert sign_in("clerk").post("/key-periods", body).status_code == 403
    entered = done(sign_in("safety").post("/key-periods", body))
    assert sign_in("safety").post("/key-periods", body).status_code == 428
    known = {each["code"]: each for each in sign_in("clerk").get("/key-periods").json()["items"]}
    assert known["FAR-2098"] == entered

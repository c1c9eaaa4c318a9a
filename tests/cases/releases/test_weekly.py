"""The weekly list: who, why, how often, which towns; no report, no case; once a week, also an empty one (Q4)."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from cases import releases
from cases.models.release import ReleaseList
from cases.releases.weekly import NotForYou
from people.roles import Role
from tests import make
from tests.cases.releases.conftest import WISH, approved, ask
from tests.desk import case_of, notices
from tests.make import NOW

MONDAY = datetime(2026, 11, 29, 16, tzinfo=UTC)  # midnight in Shanghai, after the week of NOW


def test_it_counts_by_person_reason_town_and_end_and_names_no_report(session, district, desk):
    other = make.officer(session, district.office, Role.INTAKE_OFFICER)
    approved(session, desk)
    ask(session, desk, replace(WISH, reason="danger"), by=other)
    watcher = make.officer(session, district.office, Role.DISCIPLINE)
    releases.list_week(session, now=MONDAY)
    made = session.get_one(ReleaseList, date(2026, 11, 23))
    town = district.west.org.name_zh
    assert made.rows == [
        {"account_id": desk.asker.account_id, "name": desk.asker.name, "reason": "contact_facts", "state": "approved",
         "town": town, "times": 1},
        {"account_id": other.account_id, "name": other.name, "reason": "danger", "state": "asked", "town": town,
         "times": 1},
    ]  # fmt: skip
    for secret in (desk.report.id, desk.report.reference, case_of(session, desk.report).number):
        assert str(secret) not in str(made.rows)
    (told,) = notices(session, "release_list")
    assert told.account_id == watcher.account_id
    assert "2次" in told.text


def test_it_is_made_once_from_monday_to_sunday(session, desk):
    ask(session, desk, now=MONDAY - timedelta(seconds=1))
    releases.list_week(session, now=MONDAY - timedelta(seconds=1))
    releases.list_week(session, now=MONDAY)
    releases.list_week(session, now=MONDAY + timedelta(days=6, hours=23))
    releases.list_week(session, now=MONDAY + timedelta(days=7))
    weeks = {each.week.isoformat(): len(each.rows) for each in session.query(ReleaseList)}
    assert weeks == {"2026-11-16": 0, "2026-11-23": 1, "2026-11-30": 0}


def test_who_sees_the_lists(session, district):
    for week in range(3):
        releases.list_week(session, now=NOW + timedelta(days=7 * week))
    for role in Role:
        who = make.officer(session, district.office, role)
        if role in {Role.DISCIPLINE, Role.CUSTODIAN, Role.SAFETY_OFFICE}:
            first, second = releases.lists(session, by=who, limit=2)
            assert first.week > second.week
            assert len(releases.lists(session, by=who, limit=9, before=second.week)) == 1
        else:
            with pytest.raises(NotForYou):
                releases.lists(session, by=who, limit=9)

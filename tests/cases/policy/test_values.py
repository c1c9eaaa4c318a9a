"""Thresholds, reasons, duties and the calendar, each as it stood at an instant."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from cases import deadlines, policy
from cases.models.policy import CalendarYear, DutyItem, PolicyValue, ReasonCode

THRESHOLDS = {
    "border_ambiguous_m": 30,  # C13-4
    "outside_nearest_m": 200,
    "merge_distance_m": 50,  # C3
    "merge_age_days": 30,
    "checkin_m": 200,  # T6
    "photos_wait_min": 15,
    "quarantine_days": 7,
    "exposure_min_workdays": 3,  # E5
    "small_entity_workers": 10,  # E5
    "auto_dispatch": True,
}


@pytest.fixture(autouse=True)
def _shipped(session, now):
    policy.load_defaults(session, now)


def test_thresholds_are_rows_x32(session, now):
    found = policy.values(session, now)

    assert {key: found[key] for key in THRESHOLDS} == THRESHOLDS
    assert found["exposure_display_days"]["default"] == 365  # E7
    assert "CCL-01" in found["provisional_dispatch"]["never"]  # X34
    assert all(policy.value(session, key, now) == value for key, value in found.items())


def test_a_new_value_holds_from_its_first_day(session, now):
    later = now + timedelta(hours=1)
    session.add(PolicyValue(key="checkin_m", version=2, effective_at=later, value=120, note="narrower"))
    session.flush()

    assert policy.value(session, "checkin_m", later - timedelta(seconds=1)) == 200
    assert policy.value(session, "checkin_m", later) == 120
    assert policy.values(session, later)["checkin_m"] == 120
    assert policy.values(session, now)["checkin_m"] == 200


def test_a_value_nobody_set_is_an_installation_at_fault(session, now):
    with pytest.raises(LookupError, match="no policy value"):
        policy.value(session, "moon_phase", now)


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("not_accept", ["same_matter", "no_object", "other_procedure", "not_safety", "untrue"]),  # R6
        ("return", ["not_my_territory", "not_my_duty", "duplicate", "wrong_category"]),  # T4
        ("void", ["spam", "test_entry", "exact_duplicate"]),  # T20
        ("hold", ["appraisal", "court", "season", "funded_plan"]),  # T19
        ("exposure_ground", ["A", "B", "C", "D", "E"]),  # E1
        (
            "major_criterion",
            [
                "coal_mine",
                "mine",
                "chemicals",
                "fireworks",
                "industry",
                "fire",
                "construction",
                "town_gas",
                "road_transport",
                "highway",
                "civil_explosives",
            ],
        ),  # F85
    ],
)
def test_reasons_of_an_act_are_those_of_the_domain_file(session, now, kind, codes):
    found = policy.reasons(session, kind, now)

    assert [row.code for row in found] == codes
    assert all(row.zh and row.en for row in found)


def test_lawful_ways_not_to_penalise_are_on_the_list_f22_m69(session, now):
    assert {"minor_corrected", "first_offence"} <= {row.code for row in policy.reasons(session, "no_penalty", now)}


def test_a_reason_outside_the_list_or_withdrawn_is_refused(session, now):
    gone = ReasonCode(
        kind="void", code="spam", version=2, effective_at=now, position=1, zh="垃圾信息", en="Spam", active=False
    )
    session.add(gone)
    session.flush()

    assert policy.reason(session, "void", "test_entry", now).zh == "测试数据"
    for code in ("spam", "because"):
        with pytest.raises(policy.UnknownReason):
            policy.reason(session, "void", code, now)


def test_a_task_cites_the_departments_own_duty_before_the_general_one_m06(session, now):
    assert policy.duty_item(session, "town", "main", now).code == "TOWN-01"
    assert policy.duty_item(session, "town", "assist", now).code == "TOWN-02"
    assert policy.duty_item(session, "fire", "lead", now).code == "FIRE-01"
    assert policy.duty_item(session, "commerce", "lead", now).code == "DEPT-01"
    assert policy.duty_item(session, "fire", "coop", now).code == "DEPT-02"
    assert policy.duty_item(session, "group", "group", now).code == "GROUP-01"


def test_without_a_duty_item_there_is_nothing_to_cite_m06(session, now):
    session.add(
        DutyItem(
            code="TOWN-03", version=2, effective_at=now, org_kind="town", duty="informed",
            zh="-", en="-", basis="-", active=False,
        )
    )  # fmt: skip
    session.flush()

    for org_kind, duty in (("town", "informed"), ("town", "lead"), ("commerce", "main")):
        with pytest.raises(policy.DutyItemMissing):
            policy.duty_item(session, org_kind, duty, now)


def test_every_lead_and_helper_of_the_catalogue_has_a_duty_to_cite_m06(session, now):
    for category in policy.categories(session, now):
        for kind in category.lead_dept_kinds:
            assert policy.duty_item(session, policy.acting_kind(session, kind, now), "lead", now)
        for kind in category.coop_dept_kinds:
            assert policy.duty_item(session, policy.acting_kind(session, kind, now), "coop", now)


def test_the_gas_authority_is_another_departments_hat_by_setting(session, now):
    assert policy.acting_kind(session, "gas", now) == "housing"
    assert policy.acting_kind(session, "fire", now) == "fire"

    session.add(PolicyValue(key="department_stands_in", version=2, effective_at=now, value={"gas": "urban"}, note=""))
    session.flush()

    assert policy.acting_kind(session, "gas", now) == "urban"


def test_the_calendar_of_the_rows_gives_the_golden_vector_f101(session, now):
    calendar = policy.calendar(session, now)

    due = deadlines.add(datetime(2026, 2, 13, 2, tzinfo=UTC), 5, "work_d", calendar)

    assert due == deadlines.Due(datetime(2026, 2, 27, 16, tzinfo=UTC))
    assert calendar.published == {2025, 2026}
    assert calendar.is_working(date(2026, 9, 20))
    assert calendar.hours == ((time(8), time(12)), (time(14), time(18)))


def test_a_year_that_stands_there_unpublished_is_provisional_x09(session, now):
    session.add(CalendarYear(year=2027, published=False, source="awaited"))
    session.flush()

    due = deadlines.add(datetime(2026, 12, 31, 2, tzinfo=UTC), 3, "work_d", policy.calendar(session, now))

    assert due.provisional


def test_summer_hours_are_a_new_value(session, now):
    hours = [["08:30", "12:00"], ["15:00", "18:30"]]
    session.add(PolicyValue(key="working_hours", version=2, effective_at=now, value=hours, note="summer"))
    session.flush()

    assert policy.calendar(session, now).hours == ((time(8, 30), time(12)), (time(15), time(18, 30)))
    assert policy.calendar(session, now - timedelta(days=1)).hours[0] == (time(8), time(12))

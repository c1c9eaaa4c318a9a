"""The catalogue: the 27 categories of domain.md (d), and a version's first day (M03)."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from cases import policy
from cases.models.policy import URGENCIES, CategoryVersion

# code: lead, co-op, town, urgency, penalty, verify, fix, fixed or stopped on the spot (domain.md (d)).
# T, U, N and M, C, - are the letters of the table there.
CATALOGUE = {
    "FW-01": ("emergency", "police market", "assist", "U", "M", "24 clock_h", "", True),
    "FW-02": ("police emergency", "fire market", "assist", "T", "M", "", "", True),
    "FW-03": ("police", "transport post", "informed", "T", "M", "", "", False),
    "FW-04": ("police", "urban", "assist", "N", "C", "24 clock_h", "", False),
    "BLD-01": ("housing", "planning emergency urban", "assist", "U", "M", "2 work_d", "15 cal_d", False),
    "BLD-02": ("housing", "planning agriculture emergency", "main", "U", "C", "3 cal_d", "15 cal_d", False),
    "BLD-03": ("planning urban", "housing", "assist", "N", "M", "3 cal_d", "20 work_d", False),
    "BLD-04": ("housing", "emergency market", "assist", "T", "C", "4 clock_h", "", True),
    "TRN-01": ("transport", "police education culture", "assist", "U", "M", "2 work_d", "", False),
    "TRN-02": ("urban", "police transport housing ecology", "assist", "U", "M", "24 clock_h", "", False),
    "TRN-03": ("police", "transport", "informed", "T", "C", "", "", False),
    "WTR-01": ("transport", "agriculture water police", "assist", "U", "C", "24 clock_h", "", True),
    "FIR-01": ("fire", "police housing urban market", "assist", "U", "C", "24 clock_h", "15 cal_d", True),
    "FIR-02": ("fire", "housing police", "assist", "U", "C", "24 clock_h", "15 cal_d", False),
    "FIR-03": ("fire", "emergency police market housing", "assist", "U", "C", "24 clock_h", "15 cal_d", True),
    "FIR-04": ("fire", "culture police commerce market", "assist", "N", "C", "3 work_d", "30 cal_d", False),
    "FIR-05": ("fire", "housing police market", "main", "N", "C", "3 work_d", "60 cal_d", True),
    "GAS-01": ("gas", "market police emergency fire", "assist", "T", "M", "4 clock_h", "", True),
    "GAS-02": ("gas", "commerce", "assist", "U", "C", "24 clock_h", "15 cal_d", False),
    "CHM-01": ("emergency", "police market commerce transport ecology", "assist", "T", "M", "4 clock_h", "", True),
    "MIN-01": ("planning emergency", "police water ecology", "assist", "U", "M", "2 work_d", "", True),
    "IND-01": ("emergency", "industry housing union", "assist", "N", "C", "3 work_d", "15 cal_d", False),
    "SEQ-01": ("market", "housing emergency", "assist", "U", "M", "2 work_d", "", True),
    "PUB-01": ("urban housing water", "", "assist", "T", "-", "4 clock_h", "", False),
    "RNT-01": ("police housing", "fire market", "main", "N", "C", "3 work_d", "15 cal_d", False),
    "CCL-01": ("emergency", "police union", "none", "T", "M", "60 cal_d", "", False),
    "OTH-01": ("", "", "main", "N", "C", "3 work_d", "30 cal_d", False),
}
LETTERS = {"immediate": "T", "urgent": "U", "normal": "N", "mandatory": "M", "conditional": "C", "none": "-"}
EXTRA_CLOCKS = {
    "FW-02": {"first_arrival": "2 clock_h"},
    "FW-03": {"relay": "1 clock_h"},
    "BLD-01": {"stop_work": "4 work_h"},
    "BLD-03": {"stop_work": "4 work_h", "penalty": "7 work_d"},
    "TRN-03": {"relay": "1 clock_h"},
    "PUB-01": {"cordon": "2 clock_h"},
    "CCL-01": {"verify_start": "24 clock_h"},
}


@pytest.fixture
def catalogue(session, now):
    policy.load_defaults(session, now)
    return {row.category_code: row for row in policy.categories(session, now)}


def said(amount, unit):
    return f"{amount} {unit}" if amount else ""


def test_the_catalogue_is_that_of_the_domain_file(catalogue):
    found = {
        code: (
            " ".join(row.lead_dept_kinds),
            " ".join(row.coop_dept_kinds),
            row.town_role,
            LETTERS[row.urgency],
            LETTERS[row.penalty_policy],
            said(row.verify_amount, row.verify_unit),
            said(row.fix_amount, row.fix_unit),
            row.fix_at_once,
        )
        for code, row in catalogue.items()
    }

    assert found == CATALOGUE


def test_clocks_beside_verify_and_rectify_are_those_of_the_domain_file(catalogue):
    found = {
        code: {clock: said(own["amount"], own["unit"]) for clock, own in row.more_limits.items()}
        for code, row in catalogue.items()
        if row.more_limits
    }

    assert found == EXTRA_CLOCKS


def test_no_category_is_without_a_lead_but_the_one_the_desk_must_first_sort_m03(catalogue):
    assert [code for code, row in catalogue.items() if not row.lead_dept_kinds] == ["OTH-01"]
    assert catalogue["OTH-01"].routing == "desk"


def test_a_death_is_never_routed_to_a_town_f05_x34(catalogue):
    assert [code for code, row in catalogue.items() if row.routing == "group"] == ["CCL-01"]
    assert catalogue["CCL-01"].town_role == "none"


def test_flags_stand_where_the_domain_file_says(catalogue):
    flagged = {
        flag: {code for code, row in catalogue.items() if getattr(row, flag)}
        for flag in ("criminal_screen", "moving_object", "night_rule")
    }

    assert flagged["criminal_screen"] == {"FW-02", "CHM-01"}
    assert flagged["moving_object"] == {"FW-03", "TRN-01", "TRN-02", "TRN-03"}  # C13-6
    assert flagged["night_rule"] == {"TRN-02", "FIR-03"}
    assert {code for code, row in catalogue.items() if row.urgency == "immediate"} <= {
        code for code, row in catalogue.items() if row.danger
    }


def test_every_text_is_there_in_both_languages(catalogue):
    texts = ("zh", "en", "first_action_zh", "first_action_en", "safety_text_zh", "safety_text_en", "initials", "basis")
    for code, row in catalogue.items():
        assert all(getattr(row, name).strip() for name in texts), code
        assert all(check["zh"] and check["en"] for check in row.checks), code
        for note in ("role_note", "verify_note", "fix_note"):
            assert bool(getattr(row, f"{note}_zh")) == bool(getattr(row, f"{note}_en")), (code, note)
        assert re.search(r"[\u4e00-\u9fff]", row.safety_text_zh), code
        assert not re.search(r"[\u4e00-\u9fff]", row.safety_text_en), code
        assert re.fullmatch(r"[a-z]+", row.initials), code


def test_a_reporter_is_never_sent_close_to_explosives_x33(catalogue):
    assert "不要靠近" in catalogue["FW-02"].safety_text_zh
    assert "不需要近距离拍照" in catalogue["FW-02"].safety_text_zh


def test_every_kind_named_is_in_the_vocabulary(catalogue, session):
    kinds = policy.department_kinds(session)
    for code, row in catalogue.items():
        departments = [*row.lead_dept_kinds, *row.coop_dept_kinds]
        assert {kinds[kind].nature for kind in departments} <= {"department"}, code
        assert {kinds[kind].nature for kind in row.other_parties} <= {"town", "party"}, code


def test_a_variant_sets_only_what_a_category_has_and_says_when(catalogue):
    settable = {"urgency", "penalty_policy", "town_role", "lead_dept_kinds", "verify_amount", "verify_unit"}
    for code, row in catalogue.items():
        for variant in row.variants:
            assert variant["when"], code
            assert variant["zh"], code
            assert variant["en"], code
            assert set(variant["set"]) <= settable, code
            assert variant["set"].get("urgency", "urgent") in URGENCIES, code


def test_small_village_works_are_the_towns_and_larger_ones_the_housing_departments_m24_f88(catalogue):
    variants = {variant["when"]: variant["set"] for variant in catalogue["BLD-02"].variants}

    assert variants["small_works"] == {"town_role": "main", "lead_dept_kinds": []}
    assert variants["large_works"] == {"town_role": "assist", "lead_dept_kinds": ["housing"]}


def test_eight_groups_hold_all_categories_and_none_is_empty(catalogue, session, now):
    groups = [group["code"] for group in policy.value(session, "category_groups", now)]

    assert len(groups) == 8
    assert {row.group_code for row in catalogue.values()} == set(groups)
    assert [row.position for row in policy.categories(session, now)] == list(range(1, 28))


def next_version(row, **changes):
    same = {column.name: getattr(row, column.name) for column in CategoryVersion.__table__.columns}
    return CategoryVersion(**{**same, "version": row.version + 1, **changes})


def test_a_new_version_holds_from_its_first_day_and_leaves_cases_in_flight_alone_m03_d4(catalogue, session, now):
    tomorrow = now + timedelta(days=1)
    session.add(next_version(catalogue["TRN-02"], lead_dept_kinds=["transport"], effective_at=tomorrow))
    session.flush()

    assert policy.category_in_force(session, "TRN-02", now).lead_dept_kinds == ["urban"]
    assert policy.category_in_force(session, "TRN-02", tomorrow).lead_dept_kinds == ["transport"]
    assert policy.category_version(session, "TRN-02", 1).lead_dept_kinds == ["urban"]
    listed = {row.category_code: row.version for row in policy.categories(session, tomorrow)}
    assert (listed["TRN-02"], listed["TRN-01"]) == (2, 1)


def test_a_retired_category_is_not_offered_and_its_old_version_still_reads(catalogue, session, now):
    session.add(next_version(catalogue["FW-04"], active=False, effective_at=now))
    session.flush()

    assert "FW-04" not in {row.category_code for row in policy.categories(session, now)}
    with pytest.raises(policy.UnknownCategory):
        policy.category_in_force(session, "FW-04", now)
    assert policy.category_version(session, "FW-04", 1).zh == "违规燃放"


def test_an_unknown_category_and_one_before_its_first_day_are_refused(catalogue, session, now):
    with pytest.raises(policy.UnknownCategory):
        policy.category_in_force(session, "XXX-99", now)
    with pytest.raises(policy.UnknownCategory):
        policy.category_in_force(session, "FW-01", catalogue["FW-01"].effective_at - timedelta(seconds=1))


@pytest.mark.parametrize(
    "changes",
    [{"lead_dept_kinds": []}, {"urgency": "T"}, {"verify_amount": 3, "verify_unit": None}, {"fix_unit": "week"}],
)
def test_the_database_refuses_a_category_that_cannot_work_m03(catalogue, session, now, changes):
    row = catalogue["BLD-01"]
    same = {column.name: getattr(row, column.name) for column in CategoryVersion.__table__.columns}

    with pytest.raises(IntegrityError):
        session.execute(insert(CategoryVersion).values({**same, "version": 2, "effective_at": now, **changes}))

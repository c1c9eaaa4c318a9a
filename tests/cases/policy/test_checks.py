"""The checks of the catalogue as typed rows: each can be asked, and says what follows from which answer ((d))."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import policy
from cases.models.policy import CategoryVersion
from cases.policy import ANSWERS, BadCheck, Check, checks_of
from tests.make import NOW

# What the domain file's columns "first action" and "automatic checks and prompts" ask for, by category: the check, and
# what follows. F a finding, ! something at once, > a department called, # a phone that goes first, * a circumstance,
# t a tag, c the police asked for a crime, m a criterion of a major hazard, d what a denial needs of it.
FOLLOWS = {
    "FW-01": "outside_zone:F sensitive_distance:F permit:F!>police",
    "FW-02": "residential:F!>police>fire permit:F!>police>emergency#110 criminal:>policec official:tpublic_official",
    "FW-03": "permit:F!>police#110",
    "FW-04": "banned:F patrol_plan:dplan",
    "BLD-01": "permit:F! in_progress:! criterion:m",
    "BLD-02": "area:*large_works investment:*large_works collapse:F!>housing",
    "BLD-03": "permit:F in_progress:!*in_progress village_area:*village_area",
    "BLD-04": "danger:F!>housing>emergency people_below:! wind:!",
    "TRN-01": "at_hours:dmust children:!>education*childrentminors permit:F",
    "TRN-02": "permit:F",
    "TRN-03": "moving_now:>police#122 violation:F!",
    "WTR-01": "life_jackets:F! overloaded:F! storm:! township_boat:*township_boat",
    "FIR-01": "blocked:! locked_at_night:F!>firednight unit_refuses:*unit_refuses",
    "FIR-02": "out_of_use:F!",
    "FIR-03": "people_sleep:F! children:tminors flammables:!>emergency*flammables",
    "FIR-04": "fire_check:F opening_hours:dmust exits_usable:F!>fire gb35181:m",
    "FIR-05": "indoors:F! list_given:!",
    "GAS-01": "leak:F!>fire>gas#119 permit:F!>gas",
    "GAS-02": "leak:F!>gas#119*leak digging:F!>gas*third_party_digging alarm:F",
    "CHM-01": "declared:F near_residents:! permit:F!>emergency>police criminal:>policec",
    "MIN-01": "permit:F! licensed_unsafe:F!*licensed_unsafe within_right:F night_blasting:F>policednight",
    "IND-01": "confined_space_now:!*confined_space_now unlicensed_posts:F! criteria:m",
    "SEQ-01": "permit:F! in_use:!",
    "PUB-01": "danger:F! owner_told:! operator:*no_operator",
    "RNT-01": "hazards:F",
    "CCL-01": "concealed:F>police official:tpublic_official",
    "OTH-01": "",
}


@pytest.fixture
def catalogue(session):
    return {row.category_code: row for row in policy.categories(session, NOW)}


def follows(check):
    marks = [
        "F" * bool(check.finding), "!" * bool(check.at_once), *(f">{kind}" for kind in check.call),
        check.phone and f"#{check.phone}", check.circumstance and f"*{check.circumstance}",
        check.tag and f"t{check.tag}", "c" * check.criminal, "m" * check.major, check.to_deny and f"d{check.to_deny}",
    ]  # fmt: skip
    return "".join(marks)


def test_d_what_follows_from_each_check_is_what_the_domain_file_asks_for(catalogue):
    found = {
        code: " ".join(f"{check.code}:{follows(check)}" for check in checks_of(row) if follows(check))
        for code, row in catalogue.items()
    }
    assert found == FOLLOWS


def test_d_every_category_can_be_asked_and_every_word_is_there_in_both_languages(catalogue):
    for code, row in catalogue.items():
        checks = checks_of(row)
        assert checks, code
        for check in checks:
            words = [check.zh, check.en, *(check.finding or {}).values(), *(check.at_once or {}).values()]
            assert all(word.strip() for word in words), (code, check.code)
            assert not check.en.isspace(), (code, check.code)


def test_what_a_check_names_exists(catalogue, session):
    kinds = policy.department_kinds(session)
    tags = {row.code for row in policy.reasons(session, "tag", NOW)}
    phones = {row["number"] for row in policy.value(session, "emergency_numbers", NOW)}
    for code, row in catalogue.items():
        whens = {variant["when"] for variant in row.variants if not variant.get("desk")}
        for check in checks_of(row):
            assert {kinds[kind].nature for kind in check.call} <= {"department"}, (code, check.code)
            assert check.circumstance in {"", *whens}, (code, check.code)
            assert check.tag in {"", *tags}, (code, check.code)
            assert check.phone in {"", *phones}, (code, check.code)


def test_f30_the_categories_with_a_criminal_screen_are_those_that_ask_for_a_crime(catalogue):
    screened = {code for code, row in catalogue.items() if row.criminal_screen}
    assert screened == {code for code, row in catalogue.items() if any(each.criminal for each in checks_of(row))}


def test_m31_a_permit_is_asked_where_the_record_must_look_at_one_and_once(catalogue, session):
    for code, row in catalogue.items():
        permits = [check for check in checks_of(row) if check.kind == "permit"]
        assert len(permits) <= 1, code
        if permits:
            assert policy.needs_permit_check(session, row, row.penalty_policy, NOW), code


def test_x33_what_is_dangerous_goes_by_phone_first(catalogue):
    """Explosives, leaking gas, a vehicle that moves: the number is named, and the record says that it was called."""
    phones = {code: {check.phone for check in checks_of(row)} - {""} for code, row in catalogue.items()}
    assert {code: found for code, found in phones.items() if found} == {
        "FW-02": {"110"}, "FW-03": {"110"}, "TRN-03": {"122"}, "GAS-01": {"119"}, "GAS-02": {"119"},
    }  # fmt: skip


def category(*checks):
    return CategoryVersion(category_code="TST-01", checks=list(checks))


GOOD = {"code": "exit", "kind": "yes_no", "zh": "出口", "en": "exit", "on": ["no"]}


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "riddle"}, {"on": ["maybe"]}, {"on": ["na"]}, {"unit": "m"}, {"least": 1}, {"surprise": True},
        {"on": [], "at_once": {"zh": "打开", "en": "open"}}, {"finding": {"zh": "锁闭"}}, {"to_deny": "never"},
        {"kind": "measure", "on": []}, {"kind": "reminder"}, {"kind": "text"},
    ],
)  # fmt: skip
def test_a_row_that_cannot_be_asked_says_which_it_is(changes):
    with pytest.raises(BadCheck, match="TST-01/0"):
        checks_of(category(GOOD | changes))


def test_two_checks_of_one_code_are_one_too_many():
    with pytest.raises(BadCheck, match="one code"):
        checks_of(category(GOOD, GOOD))


def test_d4_words_alone_as_first_versions_had_them_are_read_and_ask_for_nothing():
    (check,) = checks_of(category({"zh": "拍摄货品", "en": "photo of the goods"}))
    assert (check.kind, check.zh, check.is_asked, check.tells("yes", None)) == ("reminder", "拍摄货品", False, False)


@given(st.sampled_from(sorted(ANSWERS)), st.text(max_size=12), st.none() | st.floats(allow_nan=False))
def test_nothing_follows_from_an_answer_that_is_not_among_those_that_tell(kind, answer, value):
    on = tuple(each for each in ANSWERS[kind] if each not in {"na", "seen", "measured"})[:1]
    check = Check("x", kind, "问", "ask", on=() if kind == "measure" else on, unit="m" if kind == "measure" else "")
    assert check.tells(answer, value) == (kind != "measure" and answer in on)


@given(st.floats(0, 1000), st.floats(0, 1000), st.floats(0, 2000))
def test_a_measure_tells_below_its_least_and_from_its_limit_on(least, wide, value):
    """At least 100 m away: 99.99 tells. Below 300 m²: 300 tells (F88)."""
    check = Check("x", "measure", "量", "measure", unit="m", least=least, under=least + wide)
    assert check.tells("measured", value) == (value < least or value >= least + wide)
    assert not check.tells("na", value)
    assert not check.tells("measured", None)

"""An update brings new versions of what nobody has edited, from now on, and leaves the rest (X32, M03, D4)."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import delete, select, update

from cases import policy
from cases.models.policy import CategoryVersion, DeadlineProfile, DeadlineRule, PolicyValue, ReasonCode
from cases.policy import defaults, shipped
from tests.make import NOW

FIRST_DAY = Path(__file__).parent / "first_day" / "fire.json"  # as it was shipped first: checks were words alone
DAY = timedelta(days=1)
WORDS = {"zh": "照片是否拍到出口标志", "en": "photo shows the exit sign"}


@pytest.fixture
def old(session):
    """An installation of the first day, as far as fire goes."""
    rows = json.loads(FIRST_DAY.read_text(encoding="utf-8"))
    for position, row in enumerate(rows, start=1):
        rest = {name: value for name, value in row.items() if name != "code"}
        session.execute(delete(CategoryVersion).where(CategoryVersion.category_code == row["code"]))
        session.add(
            CategoryVersion(
                category_code=row["code"], version=1, effective_at=NOW - 300 * DAY, group_code="fire",
                position=position, **(defaults.USUAL | rest),
            )
        )  # fmt: skip
    session.flush()
    return [row["code"] for row in rows]


def versions(session, code):
    found = select(CategoryVersion).where(CategoryVersion.category_code == code).order_by(CategoryVersion.version)
    return session.scalars(found).all()


def test_x32_what_nobody_edited_gets_the_new_version_from_now_on(session, old):
    done = policy.load_defaults(session, NOW)
    assert [name for name in done.renewed if "FIR-" in name] == [f"category_version {code}" for code in old]
    assert done.left == ()
    before, after = versions(session, "FIR-01")
    assert (before.version, before.checks[0]) == (1, WORDS)
    assert (after.version, after.effective_at, after.checks[0]["code"]) == (2, NOW, "exit_sign_photo")
    assert policy.category_in_force(session, "FIR-01", NOW - DAY) is before
    assert policy.category_in_force(session, "FIR-01", NOW) is after
    assert policy.category_version(session, "FIR-01", 1) is before  # of a case that was opened under it


def test_an_update_that_comes_twice_comes_once(session, old):
    policy.load_defaults(session, NOW)
    assert policy.load_defaults(session, NOW + DAY) == policy.Update((), ())
    assert [each.version for each in versions(session, "FIR-01")] == [1, 2]


def test_x32_what_the_district_has_edited_is_left_and_told_of(session, old):
    """In place, or as a version of its own, also where it has only withdrawn a category."""
    session.execute(update(CategoryVersion).where(CategoryVersion.category_code == "FIR-01").values(zh="我区的说法"))
    theirs = {**shipped.as_row(versions(session, "FIR-02")[0]), "version": 2, "verify_amount": 12}
    session.add(CategoryVersion(**theirs))
    session.add(CategoryVersion(**{**shipped.as_row(versions(session, "FIR-03")[0]), "version": 2, "active": False}))
    session.flush()
    done = policy.load_defaults(session, NOW)
    assert done.left == tuple(f"category_version FIR-0{n}" for n in (1, 2, 3))
    assert [len(versions(session, code)) for code in ("FIR-01", "FIR-02", "FIR-03", "FIR-04")] == [1, 2, 2, 2]
    assert policy.category_in_force(session, "FIR-02", NOW).verify_amount == 12
    with pytest.raises(policy.UnknownCategory):
        policy.category_in_force(session, "FIR-03", NOW)


def test_a_version_that_is_to_come_is_not_overtaken(session, old):
    """Of the district's own making it would be left; one of ours never begins before the one it follows."""
    session.execute(update(CategoryVersion).where(CategoryVersion.category_code == "FIR-01").values(
        effective_at=NOW + 9 * DAY))  # fmt: skip
    policy.load_defaults(session, NOW)
    assert [each.effective_at for each in versions(session, "FIR-01")] == [NOW + 9 * DAY] * 2


def test_x32_values_and_reasons_that_were_edited_stay(session):
    session.execute(update(PolicyValue).where(PolicyValue.key == "checkin_m").values(value=90))
    session.execute(update(ReasonCode).where(ReasonCode.code == "spam").values(zh="我区的说法"))
    done = policy.load_defaults(session, NOW)
    assert done == policy.Update((), ("policy_value checkin_m", "reason_code void/spam"))
    assert policy.value(session, "checkin_m", NOW) == 90


def test_a_note_and_a_place_on_a_list_mean_nothing(session):
    session.execute(update(PolicyValue).where(PolicyValue.key == "checkin_m").values(note="-"))
    session.execute(update(ReasonCode).where(ReasonCode.code == "spam").values(position=99))
    assert policy.load_defaults(session, NOW) == policy.Update((), ())


@pytest.fixture
def newer(monkeypatch):
    """As if this software shipped one limit more than the one before, which is known."""
    known = shipped.shipped()
    limits = defaults.shipped_limits()
    more = [*limits, {**limits[0], "clock": "once_more"}]
    monkeypatch.setattr(defaults, "shipped_limits", lambda: more)
    known["deadline_profile"]["district"] = [shipped.of_all(DeadlineRule, limits), "newest"]
    monkeypatch.setattr(shipped, "shipped", lambda: known)
    return more


def test_d4_x13_new_limits_are_a_new_profile_and_cases_keep_what_they_have_pinned(session, newer):
    pinned = policy.profile_in_force(session, NOW)
    done = policy.load_defaults(session, NOW)
    assert done.renewed == ("deadline_profile district",)
    assert policy.profile_in_force(session, NOW - DAY).id == pinned.id
    now = policy.profile_in_force(session, NOW)
    assert (now.version, len(now.rules)) == (pinned.version + 1, len(newer))
    assert "once_more" not in {rule.clock for rule in policy.profile(session, pinned.id).rules}


LATER = ("close", "file_penalty")  # clocks that came after the first profile was shipped, in their order
GONE = {  # a limit that was shipped with all of these, and that nothing went by
    "clock": "rectify_listed", "urgency": "any", "amount": 365, "unit": "cal_d", "outer_basis": "F82",
    "note_zh": "挂牌督办隐患的最长期限", "note_en": "a listed hazard, at most",
}  # fmt: skip


@pytest.mark.parametrize("lacking", [LATER[n:] for n in range(len(LATER) + 1)], ids="+".join)
def test_x32_d4_a_profile_that_was_set_up_before_a_clock_came_gets_it_where_nobody_has_edited_it(session, lacking):
    """M15, M44: else no case of that district would ever have the clock. What was opened before keeps what it has."""
    pinned = policy.profile_in_force(session, NOW)
    of_it = DeadlineRule.profile_id == pinned.id
    session.execute(delete(DeadlineRule).where(of_it, DeadlineRule.clock.in_(lacking)))
    session.add(DeadlineRule(profile_id=pinned.id, **GONE))
    session.flush()
    session.expire_all()
    assert policy.load_defaults(session, NOW).renewed == ("deadline_profile district",)
    has = {
        each: set(session.scalars(select(DeadlineRule.clock).where(DeadlineRule.profile_id == each)))
        for each in (pinned.id, policy.profile_in_force(session, NOW).id)
    }
    assert [set(LATER) & clocks for clocks in has.values()] == [set(LATER) - set(lacking), set(LATER)]
    assert [GONE["clock"] in clocks for clocks in has.values()] == [True, False]
    assert policy.load_defaults(session, NOW) == policy.Update((), ())


def test_x32_an_edited_profile_that_lacks_a_clock_is_told_of(session):
    session.execute(delete(DeadlineRule).where(DeadlineRule.clock.in_(LATER)))
    session.execute(update(DeadlineRule).where(DeadlineRule.clock == "verify").values(amount=1))
    session.expire_all()
    assert policy.load_defaults(session, NOW).left == ("deadline_profile district",)


def test_x32_limits_that_the_district_has_edited_are_left(session, newer):
    session.execute(update(DeadlineRule).where(DeadlineRule.clock == "verify").values(amount=1))
    assert policy.load_defaults(session, NOW).left == ("deadline_profile district",)
    assert len(session.scalars(select(DeadlineProfile)).all()) == 1


def test_what_was_shipped_on_the_first_day_is_known():
    known = shipped.shipped()["category_version"]
    for row in json.loads(FIRST_DAY.read_text(encoding="utf-8")):
        whole = {**defaults.USUAL, **row, "category_code": row["code"], "group_code": "fire"}
        assert shipped.fingerprint(CategoryVersion, whole) in known[row["code"]][:-1]


@given(st.lists(st.text(max_size=5), max_size=5), st.randoms())
def test_rows_that_have_their_versions_together_have_no_order(clocks, shuffle):
    limits = [{**defaults.shipped_limits()[0], "clock": clock} for clock in clocks]
    other = list(limits)
    shuffle.shuffle(other)
    assert shipped.of_all(DeadlineRule, other) == shipped.of_all(DeadlineRule, limits)

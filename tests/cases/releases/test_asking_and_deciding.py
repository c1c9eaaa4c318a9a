"""Asking to know who reported, and the second person's decision: who may, when not, and what is written (C12 Q4)."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import IntegrityError

from cases import policy, releases
from cases.lifecycle.guards import Incomplete, SamePerson
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.release import KeysAndPeople, OnlyToProtect, ReleaseNotOver, ReleaseOver, TooManyReleases
from cases.lifecycle.release import move as make_move
from cases.models.report import ReportEvent
from cases.models.vault import VaultEvent
from cases.policy.values import UnknownReason
from cases.releases.asking import AskedAlready, NothingSealed
from cases.releases.finding import NoSuchRelease, NotInvolved
from people.actors import SYSTEM
from people.roles import Role
from tests import make
from tests.cases.releases.conftest import WISH, Desk, approved, ask, people, seal_for
from tests.desk import accepted, entries, notices
from tests.make import NOW

QUARTER = timedelta(minutes=15)


def logged(session, report):
    found = select(VaultEvent).where(VaultEvent.subject == report.id).order_by(VaultEvent.seq)
    return [(each.kind, each.actor, each.body["reason"]) for each in session.scalars(found)]


def test_q4_each_step_stands_on_the_reports_trail_and_in_the_vaults_log(session, desk):
    release = approved(session, desk)
    assert (release.state, release.reader_id, release.lapses_at) == ("approved", desk.asker.account_id, NOW + QUARTER)
    assert entries(session, desk.report)[-2:] == ["identity_asked", "identity_approved"]
    body = session.scalars(select(ReportEvent.body).where(ReportEvent.kind == "identity_asked")).one()
    assert body == {"rule": "Q4", "release": str(release.id), "reason": "contact_facts", "fields": ["phone"]}
    assert logged(session, desk.report) == [
        ("release_asked", desk.asker.label, "contact_facts"),
        ("release_approved", desk.keeper.label, "contact_facts"),
    ]


def test_the_custodians_are_told_and_then_whoever_asked(session, desk):
    release = ask(session, desk)
    told = notices(session, "release_asked")
    assert {each.account_id for each in told} == {desk.keeper.account_id, desk.other_keeper.account_id}
    releases.approve(session, release.id, by=desk.keeper, now=NOW)
    assert [each.account_id for each in notices(session, "release_approved")] == [desk.asker.account_id]
    for each in told:
        assert desk.report.reference not in each.text


def test_a_call_back_is_read_by_the_custodian_and_not_by_whoever_asked(session, desk):
    """Q4: "call-back by custodian" without release."""
    release = approved(session, desk, replace(WISH, call_back=True))
    assert release.reader_id == desk.keeper.account_id
    assert [each for each, _ in releases.mine(session, by=desk.keeper, limit=9)] == [release]


def test_nothing_is_asked_for_where_nothing_was_left(session, district):
    report = accepted(session, district)
    with pytest.raises(NothingSealed):
        ask(session, Desk(report, *people(session, district)))


@pytest.mark.parametrize("reason", ["curiosity", "not_safety", ""])
def test_a_reason_is_of_the_list(session, desk, reason):
    with pytest.raises(UnknownReason):
        ask(session, desk, replace(WISH, reason=reason))


def test_nobody_asks_twice_while_a_wish_is_open_and_again_when_it_is_not(session, desk):
    release = ask(session, desk)
    with pytest.raises(AskedAlready):
        ask(session, desk)
    releases.refuse(session, release.id, comment="理由不足", by=desk.keeper, now=NOW)
    assert ask(session, desk).state == "asked"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTAKE_OFFICER}))
def test_only_the_desk_asks(session, district, desk, role):
    with pytest.raises((NotYourRole, OnlyToProtect)):
        ask(session, desk, by=make.officer(session, district.office, role))


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.CUSTODIAN}))
def test_only_a_custodian_decides(session, district, desk, role):
    release = ask(session, desk)
    who = make.officer(session, district.office, role)
    for decide in (
        lambda: releases.approve(session, release.id, by=who, now=NOW),
        lambda: releases.refuse(session, release.id, comment="-", by=who, now=NOW),
    ):
        with pytest.raises((NotInvolved, NoSuchRelease)):
            decide()
    assert release.state == "asked"


def test_c2_whoever_asks_does_not_decide_though_they_hold_both_roles(session, district, desk):
    both = make.officer(session, district.office, Role.INTAKE_OFFICER, Role.CUSTODIAN)
    release = ask(session, desk, by=both)
    with pytest.raises(SamePerson):
        releases.approve(session, release.id, by=both, now=NOW)
    with pytest.raises(SamePerson):
        releases.refuse(session, release.id, comment="-", by=both, now=NOW)
    assert releases.approve(session, release.id, by=desk.keeper, now=NOW).state == "approved"


@pytest.mark.parametrize("role", [Role.SYSADMIN, Role.DISCIPLINE])
def test_c2_m78_who_runs_the_machines_or_watches_over_discipline_takes_no_part(session, district, desk, role):
    asker = make.officer(session, district.office, Role.INTAKE_OFFICER, role)
    with pytest.raises(KeysAndPeople):
        ask(session, desk, by=asker)
    keeper = make.officer(session, district.office, Role.CUSTODIAN, role)
    with pytest.raises(KeysAndPeople):
        releases.approve(session, ask(session, desk).id, by=keeper, now=NOW)


def test_a_refusal_says_why(session, desk):
    release = ask(session, desk)
    with pytest.raises(Incomplete):
        releases.refuse(session, release.id, comment=" ", by=desk.keeper, now=NOW)
    assert releases.refuse(session, release.id, comment="可通过查询码询问", by=desk.keeper, now=NOW).state == "refused"
    assert entries(session, desk.report)[-1] == "identity_refused"
    assert [each.account_id for each in notices(session, "release_refused")] == [desk.asker.account_id]


def test_only_whoever_asked_takes_a_wish_back(session, district, desk):
    release = ask(session, desk)
    other = make.officer(session, district.office, Role.INTAKE_OFFICER)
    with pytest.raises(NoSuchRelease):
        releases.withdraw(session, release.id, by=other, now=NOW)
    with pytest.raises(NotYourRole):
        releases.withdraw(session, release.id, by=desk.keeper, now=NOW)
    assert releases.withdraw(session, release.id, by=desk.asker, now=NOW).state == "withdrawn"
    with pytest.raises(NotInState):
        releases.approve(session, release.id, by=desk.keeper, now=NOW)


def test_what_was_decided_is_not_decided_again(session, desk):
    release = approved(session, desk)
    with pytest.raises(NotInState):
        releases.approve(session, release.id, by=desk.other_keeper, now=NOW)
    with pytest.raises(NotInState):
        releases.refuse(session, release.id, comment="-", by=desk.other_keeper, now=NOW)


# --- time


def test_a_wish_that_nobody_decided_and_a_leave_that_nobody_used_lapse(session, desk):
    release = ask(session, desk)
    end = NOW + timedelta(hours=72)
    releases.lapse(session, now=end - timedelta(seconds=1))
    assert release.state == "asked"
    with pytest.raises(ReleaseOver):
        releases.approve(session, release.id, by=desk.keeper, now=end)
    releases.lapse(session, now=end)
    assert release.state == "lapsed"
    other = approved(session, desk, now=end)
    releases.lapse(session, now=end + QUARTER)
    assert other.state == "lapsed"
    assert entries(session, desk.report)[-1] == "identity_lapsed"
    assert logged(session, desk.report)[-1] == ("release_lapsed", "system", "contact_facts")


def test_nothing_lapses_before_its_time(session, desk):
    release = ask(session, desk)
    with pytest.raises(ReleaseNotOver):
        make_move(session, desk.report, release, "lapse", by=SYSTEM, now=NOW)


# --- limits (security.md 3.1.4)


def another(session, district, desk):
    report = accepted(session, district)
    seal_for(session, report)
    return replace(desk, report=report)


def test_a_person_is_allowed_three_a_day(session, district, desk):
    for _ in range(3):
        approved(session, another(session, district, desk))
    fourth = ask(session, desk)
    with pytest.raises(TooManyReleases):
        releases.approve(session, fourth.id, by=desk.keeper, now=NOW)
    assert releases.approve(session, fourth.id, by=desk.keeper, now=NOW + timedelta(hours=14)).state == "approved"


def test_a_call_back_counts_for_the_custodian(session, district, desk):
    for _ in range(3):
        approved(session, another(session, district, desk), replace(WISH, call_back=True))
    with pytest.raises(TooManyReleases):
        approved(session, another(session, district, desk), replace(WISH, call_back=True))
    assert approved(session, desk).state == "approved"


def test_the_district_is_allowed_ten_a_week_whoever_asks(session, district, desk):
    for _ in range(10):
        asker = make.officer(session, district.office, Role.INTAKE_OFFICER)
        approved(session, replace(another(session, district, desk), asker=asker))
    rules = policy.value(session, "identity_release", NOW)
    make.value(session, "identity_release", rules | {"asked_lapses_h": 24 * 9})
    last = ask(session, desk)
    with pytest.raises(TooManyReleases):
        releases.approve(session, last.id, by=desk.keeper, now=NOW + timedelta(days=1))
    assert releases.approve(session, last.id, by=desk.keeper, now=NOW + timedelta(days=7)).state == "approved"


# --- what the database holds by itself


@pytest.mark.parametrize(
    "change",
    [
        "update intake.release set state = 'read'",
        "update intake.release set state = 'approved'",
        "update intake.release set decided_by = asked_by, state = 'refused'",
        "update intake.release set words = '-'",
        "update intake.release set fields = '{id_card}', state = 'refused'",
        "update intake.release set fields = '{}', state = 'refused'",
    ],
)
def test_a_release_is_not_changed_past_its_rules(session, desk, change):
    ask(session, desk)
    with pytest.raises(IntegrityError), session.begin_nested():
        session.execute(text(change))


# --- finding


def test_a_desk_sees_its_own_wishes_and_a_custodian_all(session, district, desk):
    other = make.officer(session, district.office, Role.INTAKE_OFFICER)
    mine, theirs = ask(session, desk), ask(session, desk, by=other)
    assert [each for each, _ in releases.mine(session, by=desk.asker, limit=9)] == [mine]
    assert [each for each, _ in releases.waiting(session, by=desk.asker, limit=9)] == [mine]
    waiting = [each.id for each, _ in releases.waiting(session, by=desk.keeper, limit=9)]
    assert sorted(waiting) == sorted([mine.id, theirs.id])
    first = releases.waiting(session, by=desk.keeper, limit=1)[0][0]
    after = releases.waiting(session, by=desk.keeper, limit=9, after=(first.asked_at, first.id))
    assert {first.id} | {each.id for each, _ in after} == {mine.id, theirs.id}
    with pytest.raises(NoSuchRelease):
        releases.find(session, mine.id, by=district.supervisor)
    for who in (district.west.leader, district.fire_leader):
        with pytest.raises(NotInvolved):
            releases.find(session, mine.id, by=who)

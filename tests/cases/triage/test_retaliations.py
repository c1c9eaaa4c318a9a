"""Retaliation (Q9, F52): past the desk and every handler, with its own clock and a list of whoever knew who it was."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError

from cases import intake, releases, triage
from cases.intake import Addition
from cases.lifecycle import thread
from cases.lifecycle.conflict import InConflict
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.release import OnlyToProtect, RetaliationOpen
from cases.lifecycle.retaliation import KnewWho
from cases.models.case import Task
from cases.models.report import Answer
from cases.models.retaliation import Retaliation
from cases.releases.asking import Wish
from cases.triage.reply_text import UnfitMessage
from cases.triage.retaliations import NoSuchRetaliation, NotForYou
from kit.errors import Stale, TooMany, Unconditional
from people.roles import Role
from tests import make
from tests.cases.releases.conftest import WORDS, people, seal_for
from tests.cases.test_access import seen_as
from tests.desk import accepted, case_of, entries, notices
from tests.make import NOW

SAID = "举报后物业停了我家的水，还说知道是我报的"
FOUND = "经核查，停水与举报有关，已责令恢复供水并移交处理。"
READERS = (Role.DISCIPLINE, Role.SAFETY_OFFICE, Role.CUSTODIAN)


@pytest.fixture
def report(session, district):
    made = accepted(session, district)
    seal_for(session, made)
    return made


def code_of(report):
    return intake.tracking_code(report.client_id)


def say(session, report, words=SAID, *, kind="retaliation", now=NOW):
    intake.add(session, Addition(uuid4(), uuid4().bytes * 2, code_of(report), kind, None, words), now=now)


@pytest.fixture
def filed(session, report):
    say(session, report)
    triage.tell_of_retaliation(session, report.id, now=NOW)
    return session.query(Retaliation).one()


def conclude(session, filed, by, *, words=FOUND, now=NOW):
    report, found = triage.lock_retaliation(session, filed.id, by=by, expected_version=filed.version)
    triage.conclude(session, report, found, finding="confirmed", text=words, by=by, now=now)


def take_up(session, filed, by, *, now=NOW):
    report, found = triage.lock_retaliation(session, filed.id, by=by, expected_version=filed.version)
    triage.take_up(session, report, found, by=by, now=now)


def test_q9_it_goes_to_discipline_safety_office_and_custodians_at_once_and_to_no_town(session, district, report):
    told = {make.officer(session, district.office, role).account_id for role in READERS}
    say(session, report)
    for _ in range(2):
        triage.tell_of_retaliation(session, report.id, now=NOW)
    filed = notices(session, "retaliation_filed")
    assert {each.account_id for each in filed} == told | {district.supervisor.account_id}
    assert len(filed) == len(told) + 1
    assert {each.org_id for each in filed} == {district.office.id}
    assert all(SAID not in each.text and report.reference not in each.text for each in filed)


def test_its_words_stand_where_the_desk_does_not_look(session, district, report, filed):
    assert filed.text == SAID
    assert filed.case_id == case_of(session, report).id
    assert [each.text for each in session.query(Answer)] == [""]
    seen = triage.of_report(session, report, now=NOW)
    assert seen.additions == []
    assert seen.thread == []
    assert report.unheard_since is None
    under_the_code = intake.progress(session, code_of(report), now=NOW).thread
    assert [line.sender for line in under_the_code] == ["system"]
    assert "打击报复" in under_the_code[0].text


def test_it_has_a_clock_of_its_own(session, district, filed):
    assert filed.due_at == NOW + timedelta(hours=2)
    triage.find_late_retaliations(session, now=NOW + timedelta(hours=1, minutes=59))
    assert notices(session, "retaliation_late") == []
    late = NOW + timedelta(hours=2)
    for minutes in (0, 10, 60 * 23):
        triage.find_late_retaliations(session, now=late + timedelta(minutes=minutes))
    assert len(notices(session, "retaliation_late")) == 1
    triage.find_late_retaliations(session, now=late + timedelta(days=1))
    assert len(notices(session, "retaliation_late")) == 2
    take_up(session, filed, district.supervisor, now=late)
    assert filed.due_at > late + timedelta(days=14)
    triage.find_late_retaliations(session, now=filed.due_at - timedelta(seconds=1))
    assert len(notices(session, "retaliation_late")) == 2
    conclude(session, filed, district.supervisor)
    triage.find_late_retaliations(session, now=filed.due_at + timedelta(days=9))
    assert len(notices(session, "retaliation_late")) == 2


def test_it_is_taken_up_concluded_and_the_reporter_is_told(session, district, report, filed):
    take_up(session, filed, district.supervisor)
    conclude(session, filed, district.supervisor, now=NOW + timedelta(minutes=1))
    assert (filed.state, filed.finding, filed.concluded_by) == (
        "concluded", "confirmed", district.supervisor.account_id,
    )  # fmt: skip
    last = thread.lines(session, report, now=NOW)[-1]
    assert (last.sender, FOUND in last.text) == ("system", True)
    assert [each for each in entries(session, report) if each.startswith("retaliation")] == [
        "retaliation_filed", "retaliation_taken_up", "retaliation_concluded",
    ]  # fmt: skip
    with pytest.raises(NotInState):
        conclude(session, filed, district.supervisor)


def test_what_the_reporter_is_told_names_nobody(session, district, filed):
    take_up(session, filed, district.supervisor)
    with pytest.raises(UnfitMessage):
        conclude(session, filed, district.supervisor, words=f"{district.west.officer.name} 已被处理")
    assert filed.state == "taken_up"


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.SAFETY_OFFICE}))
def test_only_the_safety_office_acts_the_discipline_body_reads(session, district, filed, role):
    who = make.officer(session, district.office, role)
    refused = NotYourRole if role in READERS else NotForYou
    with pytest.raises(refused):
        take_up(session, filed, who)
    if role in READERS:
        assert triage.retaliations(session, by=who, limit=9) == [filed]
    else:
        with pytest.raises(NotForYou):
            triage.read_retaliation(session, filed.id, by=who)


def test_nobody_who_handles_the_case_looks_into_it(session, district, report, filed):
    task = session.query(Task).where(Task.case_id == case_of(session, report).id).first()
    task.person_id = district.supervisor.account_id
    with pytest.raises(InConflict):
        take_up(session, filed, district.supervisor)


def test_f52_whoever_knew_who_it_was_is_listed_and_does_not_look_into_it(session, district, report):
    asker, keeper, _ = people(session, district)
    asked = releases.ask(session, report, Wish("contact_facts", WORDS, ("name",)), by=asker, now=NOW)
    releases.approve(session, asked.id, by=keeper, now=NOW)
    other = make.officer(session, district.office, Role.SAFETY_OFFICE, Role.INTAKE_OFFICER)
    refused = releases.ask(session, report, Wish("danger", WORDS, ("name",)), by=other, now=NOW + timedelta(minutes=1))
    releases.refuse(session, refused.id, comment="不必要", by=keeper, now=NOW + timedelta(minutes=1))
    say(session, report)
    filed = session.query(Retaliation).one()
    knew = [
        (each["asked_by"], each["state"], each["reader"], each["reason"]) for each in triage.who_knew(session, filed)
    ]
    assert knew == [
        (asker.name, "approved", asker.name, "contact_facts"), (other.name, "refused", None, "danger"),
    ]  # fmt: skip
    with pytest.raises(KnewWho):
        take_up(session, filed, other)
    take_up(session, filed, district.supervisor)


def test_while_it_is_open_an_identity_is_released_only_to_protect(session, district, report):
    asker, keeper, _ = people(session, district)
    asked = releases.ask(session, report, Wish("contact_facts", WORDS, ("name",)), by=asker, now=NOW)
    say(session, report)
    with pytest.raises(RetaliationOpen):
        releases.approve(session, asked.id, by=keeper, now=NOW)
    wish = Wish("retaliation", WORDS, ("phone",))
    protecting = releases.ask(session, report, wish, by=district.supervisor, now=NOW)
    assert releases.approve(session, protecting.id, by=keeper, now=NOW).reader_id == district.supervisor.account_id


def test_the_safety_office_asks_for_nothing_else(session, district, report):
    wish = Wish("retaliation", WORDS, ("phone",))
    with pytest.raises(OnlyToProtect):
        releases.ask(session, report, wish, by=district.supervisor, now=NOW)
    say(session, report)
    with pytest.raises(OnlyToProtect):
        releases.ask(session, report, Wish("danger", WORDS, ("phone",)), by=district.supervisor, now=NOW)


@pytest.mark.parametrize("state", ["submitted", "closed", "withdrawn", "not_accepted", "redirected"])
def test_it_is_heard_in_every_state(session, report, state):
    report.state, report.outcome, report.replied_at = state, "substantiated", NOW
    say(session, report)
    assert "retaliation" in intake.progress(session, code_of(report), now=NOW).can


def test_so_many_in_a_day(session, report):
    make.value(session, "messages_a_day", 1)
    say(session, report)
    say(session, report, "一句话", kind="message")
    with pytest.raises(TooMany):
        say(session, report)


def test_an_act_says_which_version_it_saw(session, district, filed):
    with pytest.raises(Unconditional):
        triage.lock_retaliation(session, filed.id, by=district.supervisor, expected_version=None)
    with pytest.raises(Stale):
        triage.lock_retaliation(session, filed.id, by=district.supervisor, expected_version=9)
    with pytest.raises(NoSuchRetaliation):
        triage.read_retaliation(session, uuid4(), by=district.supervisor)


def test_the_database_shows_it_to_no_town_and_no_more_to_the_discipline_body_than_it_needs(session, district, filed):
    watcher = make.officer(session, district.office, Role.DISCIPLINE)
    with seen_as(session, watcher):
        assert session.execute(text("select text from intake.retaliation")).scalar_one() == SAID
        session.execute(text("select asked_by, reason_code from intake.release"))
    for who, what in (
        (watcher, "words from intake.release"), (watcher, "* from intake.answer"), (watcher, "* from intake.message"),
        (district.west.leader, "* from intake.retaliation"), (district.fire_leader, "* from intake.retaliation"),
    ):  # fmt: skip
        with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, who):
            session.execute(text(f"select {what}"))
    with pytest.raises(ProgrammingError, match="permission denied"), seen_as(session, watcher):
        session.execute(text("update intake.retaliation set state = 'concluded'"))

"""The masked thread: the desk and a reporter write to each other, and neither learns who the other is (C12 Q4, R3)."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cases import intake, releases, triage
from cases.intake import Addition
from cases.intake.answers import NotOpen
from cases.lifecycle import thread
from cases.lifecycle.conflict import InConflict
from cases.lifecycle.release import move as move_release
from cases.models.case import Task
from cases.models.thread import Message
from cases.releases.asking import Wish
from cases.triage import NotTheDesk
from cases.triage.reply_text import UnfitMessage
from cases.triage.thread import ThreadClosed
from kit.errors import Stale, TooMany
from people.models import SealedIdentity
from people.roles import Role
from tests import make
from tests.cases.releases.conftest import WORDS
from tests.desk import accepted, case_of, entries, jobs, notices, waiting
from tests.make import NOW

OK = "请问堆放的是几号楼？"


def code_of(report):
    return intake.tracking_code(report.client_id)


def say(session, report, text, *, kind="message", now=NOW, client_id=None):
    body = Addition(client_id or uuid4(), text.encode()[:32].ljust(32, b"\0"), code_of(report), kind, None, text)
    return intake.add(session, body, now=now)


def shown(session, report, now=NOW):
    return [(line.sender, line.text) for line in thread.lines(session, report, now=now)]


@pytest.fixture
def report(session, district):
    return accepted(session, district)


def test_both_read_the_same_thread_of_all_that_was_said_in_order(session, district):
    report = waiting(session)
    triage.ask(session, report, text="请说明具体位置", by=district.intake, now=NOW)
    say(session, report, "三号楼", kind="supplement", now=NOW + timedelta(minutes=1))
    triage.write(session, report, text=OK, by=district.intake, now=NOW + timedelta(minutes=2))
    say(session, report, "也包括二号楼", now=NOW + timedelta(minutes=3))
    expected = [("desk", "请说明具体位置"), ("reporter", "三号楼"), ("desk", OK), ("reporter", "也包括二号楼")]
    assert shown(session, report) == expected
    under_the_code = intake.progress(session, code_of(report), now=NOW)
    assert [(line.sender, line.text) for line in under_the_code.thread] == expected
    on_the_desk = triage.of_report(session, report, now=NOW)
    assert on_the_desk.thread == under_the_code.thread
    assert [each.kind for each in on_the_desk.additions] == ["supplement"]


def test_a_message_waits_for_the_desk_until_it_is_answered_or_heard(session, district, report):
    say(session, report, "已经两天了", now=NOW)
    say(session, report, "还有人抽烟", now=NOW + timedelta(hours=1))
    assert report.unheard_since == NOW
    assert triage.unheard(session, limit=9) == [report]
    triage.write(session, report, text="已转告核查人员", by=district.intake, now=NOW + timedelta(hours=2))
    assert triage.unheard(session, limit=9) == []
    say(session, report, "好的", now=NOW + timedelta(hours=3))
    triage.hear(session, report, by=district.intake, now=NOW + timedelta(hours=4))
    assert triage.unheard(session, limit=9) == []
    assert entries(session, report)[-5:] == [
        "message_received", "message_received", "message_sent", "message_received", "message_heard",
    ]  # fmt: skip


def test_nobody_says_to_have_heard_what_came_after_they_looked(session, district, report):
    say(session, report, "一")
    seen = report.version
    say(session, report, "二")
    with pytest.raises(Stale):
        triage.lock(session, report.id, by=district.intake, expected_version=seen)


def test_the_desk_is_told_once_it_wrote_whoever_wrote_is(session, district, report):
    other = make.officer(session, district.office, Role.INTAKE_OFFICER)
    say(session, report, "一")
    assert jobs(session, "tell_desk")
    triage.tell_desk(session, report.id, now=NOW)
    told = notices(session, "message_received")
    assert {each.account_id for each in told} == {district.intake.account_id, other.account_id}
    assert all(report.reference not in each.text for each in told)
    triage.write(session, report, text=OK, by=other, now=NOW)
    triage.tell_desk(session, report.id, now=NOW)
    assert len(notices(session, "message_received")) == 2
    say(session, report, "二")
    triage.tell_desk(session, report.id, now=NOW)
    assert [each.account_id for each in notices(session, "message_received")[2:]] == [other.account_id]


@pytest.mark.parametrize(
    ("text", "shown_as"),
    [
        ("打我电话13912345678，随时", "打我电话■■■■■■■■■■■，随时"),
        ("我的身份证 110101199003071234", "我的身份证 ■■■■■■■■■■■■■■■■■■"),
        ("店主王小明不让拍", "店主■■■不让拍"),
        ("微信：abcde12345", "■■■■■■■■■■■■■"),
        ("没有什么要遮的，二号楼", "没有什么要遮的，二号楼"),
    ],
)
def test_what_gives_somebody_away_is_covered_for_both(session, report, text, shown_as):
    say(session, report, text)
    assert shown(session, report) == [("reporter", shown_as)]


def test_the_reports_own_number_and_public_phones_stay(session, report):
    value = {"public_phones": ["0512-12345"], "verdicts": {}, "beside": {}, "parts": {}}
    make.value(session, "reply_wording", value)
    say(session, report, f"编号 {report.reference}，已打 0512-12345")
    assert "■" not in shown(session, report)[0][1]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("请致电 13912345678", "phone"),
        ("由办案人员 {officer} 负责", "officer_name"),
        ("案号 {number} 正在办理", "inner_number"),
        ("其他群众举报过", "other_report"),
    ],
)
def test_r7_the_desk_names_nobody(session, district, report, text, code):
    filled = text.format(officer=district.west.officer.name, number=case_of(session, report).number)
    for write in (
        lambda: triage.write(session, report, text=filled, by=district.intake, now=NOW),
        lambda: triage.ask(session, waiting(session), text=text.format(
            officer=district.west.officer.name, number=case_of(session, report).number
        ), by=district.intake, now=NOW),
    ):  # fmt: skip
        with pytest.raises(UnfitMessage) as refused:
            write()
        assert code in {each["code"] for each in refused.value.extra["found"]}
    assert shown(session, report) == []


@pytest.mark.parametrize("role", sorted(set(Role) - {Role.INTAKE_OFFICER}))
def test_only_the_desk_writes(session, district, report, role):
    who = make.officer(session, district.office, role)
    for act in (
        lambda: triage.write(session, report, text=OK, by=who, now=NOW),
        lambda: triage.hear(session, report, by=who, now=NOW),
    ):
        with pytest.raises(NotTheDesk):
            act()


def test_q10_whoever_handles_the_case_does_not(session, district, report):
    who = make.officer(session, district.office, Role.INTAKE_OFFICER)
    task = session.query(Task).where(Task.case_id == case_of(session, report).id).first()
    task.person_id = who.account_id
    for act in (
        lambda: triage.write(session, report, text=OK, by=who, now=NOW),
        lambda: triage.hear(session, report, by=who, now=NOW),
    ):
        with pytest.raises(InConflict):
            act()


@pytest.mark.parametrize("state", ["closed", "redirected", "not_accepted", "replied", "submitted"])
def test_also_about_what_has_ended(session, district, report, state):
    report.state, report.outcome, report.replied_at = state, "substantiated", NOW
    say(session, report, "又出现了")
    assert "message" in intake.progress(session, code_of(report), now=NOW).can
    triage.write(session, report, text=OK, by=district.intake, now=NOW)


def test_r9_not_once_it_is_withdrawn(session, district, report):
    say(session, report, "", kind="withdrawal")
    with pytest.raises(NotOpen):
        say(session, report, "还有一句")
    with pytest.raises(ThreadClosed):
        triage.write(session, report, text=OK, by=district.intake, now=NOW)
    assert "message" not in intake.progress(session, code_of(report), now=NOW).can


def test_so_many_in_a_day_and_a_repeated_one_is_one(session, report):
    make.value(session, "messages_a_day", 3)
    once = uuid4()
    for number in range(3):
        say(session, report, str(number), client_id=once if number == 0 else None, now=NOW + timedelta(hours=number))
    assert say(session, report, "0", client_id=once, now=NOW + timedelta(hours=3))[2] is True
    with pytest.raises(TooMany) as refused:
        say(session, report, "3", now=NOW + timedelta(hours=3))
    assert refused.value.extra["retry_after_s"] == 21 * 3600 + 1
    say(session, report, "3", now=NOW + timedelta(hours=24))


# --- who was read is told (security.md 3.1.4)


def was_read(session, district, report, at):
    session.merge(SealedIdentity(report_id=report.id, key_id=1, alg=1, envelope=b"\0" * 80, created_on=NOW.date()))
    session.flush()
    wish = Wish("danger", WORDS, ("name", "phone"))
    keeper = make.officer(session, district.office, Role.CUSTODIAN)
    asked = releases.ask(session, report, wish, by=district.intake, now=at)
    releases.approve(session, asked.id, by=keeper, now=at)
    move_release(session, report, asked, "read", by=district.intake, now=at, writes={"read_at": at},
                 due=at + timedelta(hours=72))  # fmt: skip


def test_a_reporter_is_told_three_days_later_once_that_who_they_are_was_read(session, district, report):
    was_read(session, district, report, NOW)
    (job,) = jobs(session, "tell_of_readings")
    assert job.run_after == NOW + timedelta(hours=72)
    triage.tell_of_readings(session, report.id, now=NOW + timedelta(hours=71))
    assert shown(session, report) == []
    for _ in range(2):
        triage.tell_of_readings(session, report.id, now=job.run_after)
    ((sender, text),) = shown(session, report)
    assert sender == "system"
    assert "2026年11月24日，因“举报人或者他人面临现实危险”，经两人批准" in text
    assert "姓名、电话" in text
    for name in (district.intake.name, district.west.officer.name):
        assert name not in text
    was_read(session, district, report, NOW + timedelta(days=2))
    triage.tell_of_readings(session, report.id, now=NOW + timedelta(days=5))
    assert len(shown(session, report)) == 2
    assert session.query(Message).count() == 2

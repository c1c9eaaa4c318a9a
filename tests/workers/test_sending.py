"""Notices on their way out, through real servers: each once, tried again, and a way that fails is seen (M74, M115)."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import notices
from cases.models.case import Notice
from cases.models.job import Job
from cases.models.supervision import Delivery
from cases.supervision import deliveries
from kit import mail
from kit.errors import NotAllowed
from kit.settings import settings
from people.actors import Actor
from people.models import Account
from people.roles import Role
from people.roster import GroupBot, MailAddress
from tests import make
from tests.cases.test_races import at_once
from tests.make import NOW
from tests.receivers import reachable
from workers import jobs, sending
from workers.channels import ROBOT_BYTES, TITLE, Message
from workers.metrics import Waiting

A_MINUTE = timedelta(minutes=1)
GONE = "nobody@gone.example"


@pytest.fixture
def outside(committing, tmp_path, monkeypatch):
    """A mail server and a robot that this installation speaks to."""
    with reachable(tmp_path, monkeypatch) as servers:
        yield servers


@pytest.fixture
def box(outside):
    return outside[0]


@pytest.fixture
def robot(outside):
    return outside[1]


@pytest.fixture
def reached(committing, district, robot):
    """The western town: its officer and leader take mail, and its chat group has a robot."""
    with committing() as session:
        for who in (district.west.officer, district.west.leader):
            mail_of(session, who, f"u{who.account_id}@example.gov.cn")
        session.merge(
            GroupBot(org_id=district.west.org.id, kind="dingtalk", url=robot.url, entered_at=NOW,
                     entered_by=district.supervisor.account_id)
        )  # fmt: skip
    return district.west


def mail_of(session, who, address):
    session.merge(MailAddress(account_id=who.account_id, address=address, entered_at=NOW))
    session.flush()


def work(committing, now=NOW):
    """Do what is due, and what follows from it."""
    while True:
        with committing() as session:
            due = session.scalars(select(Job.id).where(Job.done_at.is_(None), Job.failed_at.is_(None),
                                                       Job.run_after <= now).order_by(Job.id)).all()  # fmt: skip
        if not due:
            return
        for job_id in due:
            jobs.perform(job_id, now=now)


def tell(committing, org, *people, text="消防通道：案件 1 的核查已超过时限"):
    with committing() as session:
        if people:
            notices.tell_people(session, org.id, [who.account_id for who in people], "overdue", text, now=NOW)
        else:
            notices.tell(session, org.id, "overdue", text, now=NOW)


def rows(committing):
    with committing() as session:
        found = session.scalars(select(Delivery).order_by(Delivery.created_at, Delivery.channel)).all()
        session.expunge_all()
        return found


def test_a_notice_to_two_people_is_two_mails_and_one_word_in_the_group(committing, reached, box, robot):
    tell(committing, reached.org, reached.officer, reached.leader)
    work(committing)
    assert sorted(box.to) == sorted(f"u{who.account_id}@example.gov.cn" for who in (reached.officer, reached.leader))
    assert robot.texts == ["【警钟】消防通道：案件 1 的核查已超过时限"]
    assert str(box.mails[0]["Subject"]) == "【警钟】消防通道：案件 1 的核查已超过时限"
    *_, link = box.mails[0].get_content().split()
    assert link == f"请登录查看：{settings().base_url}"
    assert [row.channel for row in rows(committing) if row.sent_at == NOW] == ["bot", "email", "email"]


def test_a_notice_to_an_office_is_said_in_its_group_alone(committing, reached, box, robot):
    tell(committing, reached.org)
    work(committing)
    assert (box.mails, len(robot.texts)) == ([], 1)


def test_who_has_no_way_out_finds_the_notice_inside(committing, district, box, robot):
    tell(committing, district.east.org, district.east.officer)
    work(committing)
    assert (box.mails, robot.posts, rows(committing)) == ([], [], [])
    with committing() as session:
        assert [notice.kind for notice in notices.unread(session, by=district.east.officer, limit=9)] == ["overdue"]


def test_it_goes_out_once_however_often_its_jobs_are_delivered(committing, reached, box, robot):
    tell(committing, reached.org, reached.officer)
    work(committing)
    with committing() as session:
        done = session.scalars(select(Job.id)).all()
        [notice] = session.scalars(select(Notice.id))
        sending.send_notice(session, notice=notice, group=True, now=NOW)  # put in again, as by a second ladder
    for job_id in done:
        jobs.perform(job_id, now=NOW)
    work(committing, NOW + A_MINUTE)
    assert (len(box.mails), len(robot.posts)) == (1, 1)


def test_two_workers_at_once_send_it_once(committing, reached, box, robot):
    tell(committing, reached.org, reached.officer)
    with committing() as session:
        [notice] = session.scalars(select(Notice.id))
        sending.send_notice(session, notice=notice, group=True, now=NOW)
        sent = [row.id for row in session.scalars(select(Delivery))]

    def both():
        for delivery_id in sent:
            with committing() as session:
                sending.deliver(session, delivery_id, now=NOW)

    assert at_once(both, both, both) == [None, None, None]
    assert (len(box.mails), len(robot.posts)) == (1, 1)


class Dies(Exception):
    """A worker that is killed."""


def test_m74_a_worker_that_dies_after_sending_says_it_twice_rather_than_never(committing, reached, box, robot):
    """Nobody can know whether it was taken: the mail is the same one, and the group reads the same words again."""
    tell(committing, reached.org, reached.officer)
    with committing() as session:
        [notice] = session.scalars(select(Notice.id))
        sending.send_notice(session, notice=notice, group=True, now=NOW)
        made = list(session.scalars(select(Delivery.id)))

    def sends_and_dies(delivery_id):
        with committing() as session:
            sending.deliver(session, delivery_id, now=NOW)
            raise Dies

    for delivery_id in made:
        with pytest.raises(Dies):
            sends_and_dies(delivery_id)
    assert [row.sent_at for row in rows(committing)] == [None, None]
    work(committing, NOW + A_MINUTE)
    assert robot.texts == ["【警钟】消防通道：案件 1 的核查已超过时限"] * 2
    assert len({str(mail["Message-ID"]) for mail in box.mails}) == 1
    assert [row.sent_at for row in rows(committing)] == [NOW + A_MINUTE] * 2


def test_what_was_not_taken_is_tried_again_and_arrives_once(committing, reached, box, robot):
    box.answers += ["451 later", "451 later"]
    robot.answers += [(500, b"", {}), (200, b'{"errcode":310000,"errmsg":"keywords not in content"}', {})]
    tell(committing, reached.org, reached.officer)
    work(committing)
    assert (box.mails, len(robot.posts)) == ([], 1)
    said = {row.channel: (row.tries, row.failed_at, row.failure, row.sent_at) for row in rows(committing)}
    assert said == {
        "email": (1, NOW, "mail.not_taken: SMTPDataError", None),
        "bot": (1, NOW, "webhook.not_taken: status 500", None),
    }  # fmt: skip
    work(committing, NOW + 5 * timedelta(seconds=1))
    assert {row.failure for row in rows(committing)} == {
        "mail.not_taken: SMTPDataError", "webhook.not_taken: errcode 310000",
    }  # fmt: skip
    work(committing, NOW + A_MINUTE)
    work(committing, NOW + 2 * A_MINUTE)
    assert (len(box.mails), len(robot.posts)) == (1, 3)
    assert [(row.tries, row.sent_at) for row in rows(committing)] == [(2, NOW + A_MINUTE)] * 2


def test_a_mail_goes_to_the_address_that_holds_when_it_is_tried(committing, reached, box):
    with committing() as session:
        mail_of(session, reached.officer, GONE)
    tell(committing, reached.org, reached.officer)
    work(committing)
    assert [row.failure for row in rows(committing) if row.channel == "email"] == [
        "mail.not_taken: SMTPRecipientsRefused"
    ]
    with committing() as session:
        mail_of(session, reached.officer, "right@example.gov.cn")
    work(committing, NOW + A_MINUTE)
    assert box.to == ["right@example.gov.cn"]


def test_whoever_has_left_meanwhile_gets_nothing(committing, reached, box, robot):
    box.answers += ["451 later"]
    robot.answers += [(503, b"", {})]
    tell(committing, reached.org, reached.officer)
    work(committing)
    with committing() as session:
        session.get_one(Account, reached.officer.account_id).active = False
        session.delete(session.get_one(GroupBot, reached.org.id))
    work(committing, NOW + A_MINUTE)
    assert (box.mails, len(robot.posts)) == ([], 1)
    assert [(row.sent_at, row.dropped_at) for row in rows(committing)] == [(None, NOW + A_MINUTE)] * 2


def test_an_officers_long_words_of_several_lines_go_out_all_the_same(committing, reached, box, robot):
    """A subject has one line, and 企业微信 takes 2,048 bytes."""
    words = "督办〔案件1〕1号：请立即核查\n第一，到场；\n第二，回复。" + "请按时办结，" * 300
    tell(committing, reached.org, reached.officer, text=words)
    work(committing)
    assert len(str(box.mails[0]["Subject"])) <= TITLE + len("【警钟】")
    assert "第二，回复。" in box.mails[0].get_content()
    assert len(robot.texts[0].encode()) <= ROBOT_BYTES
    assert robot.texts[0].startswith("【警钟】督办〔案件1〕1号：请立即核查\n第一，到场；")
    assert robot.texts[0].endswith("…")


@pytest.mark.parametrize(("text", "title"), [("一\n二", "一 二"), ("字" * 60, "字" * 60), ("字" * 61, "字" * 59 + "…")])
def test_a_title_is_one_short_line(text, title):
    assert Message(text, "k").title == title


# --- a way that fails is seen


def told_inside(committing):
    with committing() as session:
        found = select(Notice.org_id, Notice.account_id, Notice.text).where(Notice.kind == deliveries.FAILING)
        return session.execute(found.order_by(Notice.id)).all()


def test_a_way_that_fails_for_long_is_told_to_the_district_inside_once_a_day(committing, district, reached, box, robot):
    with committing() as session:
        mail_of(session, reached.officer, GONE)
    for _ in range(2):
        tell(committing, reached.org, reached.officer)
    work(committing)
    work(committing, NOW + 14 * A_MINUTE)
    assert told_inside(committing) == []
    for minutes in (40, 90, 180):
        work(committing, NOW + minutes * A_MINUTE)
    [(org, account, text)] = told_inside(committing)
    assert (org, account) == (district.office.id, None)
    assert text.startswith("邮件通知持续发送失败")
    work(committing, NOW + 30 * 60 * A_MINUTE)
    assert len(told_inside(committing)) == 2
    assert len(robot.posts) == 2  # the other way works, and nothing of the alarm went out on it
    assert box.mails == []


def test_after_three_days_it_is_given_up_and_says_so(committing, reached, box):
    with committing() as session:
        mail_of(session, reached.officer, GONE)
    tell(committing, reached.org, reached.officer)
    work(committing)
    late = NOW + timedelta(hours=73)
    work(committing, late)
    [row] = [row for row in rows(committing) if row.channel == "email"]
    assert (row.tries, row.given_up_at, row.sent_at) == (2, late, None)
    work(committing, late + timedelta(days=9))
    assert [row.tries for row in rows(committing) if row.channel == "email"] == [2]


def test_the_district_lists_what_did_not_get_out_and_nobody_else_does(committing, district, reached, box, robot):
    box.answers += ["451 later"]
    tell(committing, reached.org, reached.officer)
    work(committing)
    administrator = Actor("officer", "管理员", 1, district.office.id, "district", frozenset({Role.SYSADMIN}))
    with committing() as session:
        for by in (district.supervisor, administrator):
            [(row, notice)] = deliveries.in_state(session, "failing", by=by, limit=9)
            assert (row.channel, row.tries, notice.account_id) == ("email", 1, reached.officer.account_id)
            assert len(deliveries.in_state(session, "sent", by=by, limit=9)) == 1
            assert deliveries.in_state(session, "waiting", by=by, limit=9) == []
            assert deliveries.in_state(session, "dropped", by=by, limit=9) == []
        for by in (district.intake, reached.leader, make.officer(session, reached.org, Role.SYSADMIN)):
            with pytest.raises(NotAllowed):
                deliveries.in_state(session, "failing", by=by, limit=9)


def test_a_scraper_counts_what_fails_by_its_way(committing, reached, box, monkeypatch):
    box.answers += ["451 later"] * 3
    for _ in range(3):
        tell(committing, reached.org, reached.officer)
    work(committing)
    families = {each.name: each for each in Waiting("jz_worker", lambda: NOW).collect()}
    [sample] = families["jz_deliveries_failing"].samples
    assert (sample.labels, sample.value) == ({"channel": "email"}, 3)


def test_no_failure_names_an_address_a_password_or_a_word_of_the_notice(committing, reached, box, robot, monkeypatch):
    monkeypatch.setenv("JZ_SMTP_URL", "smtp://notices:geheim@127.0.0.1:1")
    settings.cache_clear()
    robot.answers += [(200, "秘密".encode(), {})]
    tell(committing, reached.org, reached.officer, text="案件 4711")
    work(committing)
    with committing() as session:
        said = [*session.scalars(select(Delivery.failure)), *session.scalars(select(Job.last_error))]
    for words in filter(None, said):
        assert not any(secret in words for secret in ("geheim", "secret-token", "4711", "秘密", "example.gov.cn"))
    assert mail.is_configured()

"""Each process signs in as itself, and the database lets it do what it is for and nothing else (security.md 3.8)."""

import pytest
from sqlalchemy import text

from kit.db import LOGINS, password_for, unit_of_work

A_JOB = "insert into handling.job (step, subject, args, created_at, run_after) values ('x', null, '{}', now(), now())"
A_MESSAGE = """insert into intake.message (report_id, sender, text, sent_at)
    values (gen_random_uuid(), 'system', 'x', now())"""
PUT_IN_THE_VAULT = "insert into vault.original values ('sealed/x', gen_random_uuid(), 1, 1, '', now())"
OF_WAITING_PHOTOS = "select wrapped from intake.photo_key"
MAY = {
    "jz_relay": (
        "select id, step, sends from handling.job where done_at is null for update skip locked",
        "update handling.job set lease_until = now(), sends = sends + 1",
        "select count(*) from handling.clock where stopped_at is null and due_at <= now()",
        "select channel, count(*) from handling.delivery where sent_at is null group by channel",
        "select max(slot_at) from handling.slot",
        "select waits_for, min(review_due_at) from intake.report where state = 'in_review' group by 1",
    ),
    "jz_beat": (
        A_JOB, "insert into handling.slot values ('x', now()) on conflict do nothing returning name",
        "delete from handling.slot where slot_at < now()", "select max(slot_at) from handling.slot",
    ),
    "jz_intake": ("select id from intake.report", A_JOB, "select id, public from vault.key", PUT_IN_THE_VAULT),
    "jz_worker": (
        "select id from intake.report", 'select id from handling."case"', A_JOB, PUT_IN_THE_VAULT, OF_WAITING_PHOTOS,
        "delete from vault.original where storage_key = 'sealed/x'",
    ),
    "jz_api": ("select id from handling.account", "update handling.staff_session set seen_at = now()"),
    "jz_vault": ("select report_id from vault.identity", "select id, state from intake.release"),
}  # fmt: skip
OF_A_REPORT = (
    "select text from intake.report", "select text from intake.answer", "select text from intake.retaliation",
)  # fmt: skip
OF_A_CASE = ('select id from handling."case"', "select body from handling.case_event")
SECRETS_OF_NEWSROOMS = ("select secret_hash from handling.media_key", "select contact from handling.media_client")
OF_PEOPLE = ("select password_hash from handling.account", "select token_hash from handling.staff_session")
SEALED = (
    "select envelope from vault.identity", "select envelope from vault.original", "select kind from vault.event",
)  # fmt: skip

MAY_NOT = {
    "jz_relay": (
        *OF_A_REPORT, *OF_A_CASE, *OF_PEOPLE, *SEALED, A_JOB, "select subject from handling.job",
        "select args from handling.job", "update handling.job set step = 'x'",
        "update handling.job set done_at = now()", "delete from handling.job",
        "insert into handling.slot values ('x', now())",
        "select id from intake.report", "select reference from intake.report",
        "select case_id from handling.clock", "update handling.clock set stopped_at = now()",
        "select address from handling.mail_address",
    ),
    "jz_beat": (
        *OF_A_REPORT, *OF_A_CASE, *OF_PEOPLE, *SEALED, "select id from handling.job",
        "update handling.job set lease_until = null", "update handling.slot set slot_at = now()",
    ),
    "jz_intake": (
        *OF_A_CASE, *OF_PEOPLE, *SEALED, "select text from intake.retaliation", "select id from handling.job",
        "select id from intake.release", A_MESSAGE, OF_WAITING_PHOTOS, "delete from vault.original",
        "delete from intake.photo_key", "update vault.original set key_id = 2",
        f"{PUT_IN_THE_VAULT} returning photo_id",
    ),
    "jz_worker": (
        *OF_PEOPLE, *SEALED, *SECRETS_OF_NEWSROOMS, "delete from intake.report",
        "delete from handling.webhook", "update handling.case_event set kind = 'x'",
        "update record.log_head set note = 'x'", "update vault.original set key_id = 2",
        "insert into handling.slot values ('x', now())",
    ),
    "jz_api": (
        *OF_A_REPORT, *OF_A_CASE, *SEALED, OF_WAITING_PHOTOS, "select id from handling.job",
        "select id from intake.release", "select url from handling.webhook", "select id from handling.webhook_delivery",
    ),
    "jz_vault": (
        *OF_A_REPORT, *OF_A_CASE, *OF_PEOPLE[:1], "select id from handling.job", "select text from intake.message",
        "update vault.identity set report_id = gen_random_uuid()",
    ),
}  # fmt: skip


def test_every_login_is_asked():
    assert set(MAY) == set(MAY_NOT) == set(LOGINS)


@pytest.mark.parametrize(("login", "statement"), [(login, each) for login in MAY for each in MAY[login]])
def test_it_may(committing, login, statement):
    with unit_of_work(login) as session:
        session.execute(text(statement))
        session.rollback()


@pytest.mark.parametrize(("login", "statement"), [(login, each) for login in MAY_NOT for each in MAY_NOT[login]])
def test_it_may_not(committing, login, statement):
    with pytest.raises(Exception, match="permission denied"), unit_of_work(login) as session:
        session.execute(text(statement))


def test_no_two_have_the_same_password(committing):
    passwords = [password_for(login) for login in LOGINS]
    assert len(set(passwords)) == len(LOGINS)
    assert all(len(each) >= 32 for each in passwords)


@pytest.mark.parametrize("login", LOGINS)
def test_nobody_makes_roles_tables_or_functions(committing, login):
    for statement in (
        "create role somebody", "create table handling.x ()", "create table public.x ()", "create schema x",
        "alter table intake.report disable trigger all", "set session_replication_role = replica",
    ):  # fmt: skip
        with pytest.raises(Exception, match=r"permission denied|must be owner"), unit_of_work(login) as session:
            session.execute(text(statement))

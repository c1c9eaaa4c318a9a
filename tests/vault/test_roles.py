"""Only the vault's own role reads what is sealed, and it reads nothing else of a report or a case (Q1, X48)."""

import psycopg
import pytest
from sqlalchemy import text

from kit.db import LOGINS, VAULT, password_for, unit_of_work, url_for
from kit.secrets import derived

SEALED = ("vault.identity", "vault.original", "vault.event")
ACTING = ("jz_public", "jz_town", "jz_department", "jz_district", "jz_discipline", "jz_newsroom")


def refused(login, statement, role=None):
    with pytest.raises(Exception, match="permission denied"), unit_of_work(login, role=role) as session:
        session.execute(text(statement))


@pytest.mark.parametrize("table", SEALED)
@pytest.mark.parametrize("login", sorted(set(LOGINS) - {VAULT}))
def test_no_other_process_reads_it(committing, login, table):
    refused(login, f"select * from {table}")  # noqa: S608


@pytest.mark.parametrize("table", [*SEALED, "vault.key"])
@pytest.mark.parametrize("role", ACTING)
def test_no_officer_whatever_the_role_reads_it(committing, role, table):
    refused("jz_api", f"select * from {table}", role)  # noqa: S608


@pytest.mark.parametrize("role", [VAULT, *ACTING])
def test_nobody_but_the_api_takes_a_role_and_nobody_the_vaults(committing, role):
    for login in LOGINS:
        if login == VAULT == role or (login == "jz_api" and role != VAULT):
            continue
        with pytest.raises(Exception, match="permission denied to set role"), unit_of_work(login) as session:
            session.execute(text(f"set local role {role}"))


@pytest.mark.parametrize(
    "statement",
    [
        "select text from intake.report",
        "select * from intake.answer",
        'select * from handling."case"',
        "select password_hash from handling.account",
        "select wrapped from intake.photo_key",
        "delete from vault.identity",
        "delete from vault.original",
        "update vault.original set photo_id = gen_random_uuid()",
        "update vault.identity set created_on = now()",
        "insert into vault.event (subject, seq, kind, at, actor) values (gen_random_uuid(), 1, 'x', now(), 'x')",
        "delete from vault.key",
        "update vault.key set public = ''",
    ],
)
def test_the_vault_reads_no_report_and_no_case_and_takes_nothing_away(committing, statement):
    refused(VAULT, statement)


def test_its_password_is_its_own_and_the_secret_of_the_others_does_not_give_it(committing):
    address = url_for(VAULT).set(drivername="postgresql")
    with psycopg.connect(address.render_as_string(hide_password=False)) as connection:
        assert connection.execute("select session_user").fetchone() == (VAULT,)
    guessed = address.set(password=derived(f"db-role:{VAULT}").hex())
    assert password_for(VAULT) != guessed.password
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(guessed.render_as_string(hide_password=False))

"""`./jz create-officer`: an account whose password came in by a prompt or a pipe, never on the command line."""

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner

from cli.officers import create_officer
from people import sign_in
from people.models import Account, Org
from people.roles import Role

APP = typer.Typer()
APP.command()(create_officer)
PASSWORD = "long-enough-to-be-taken"
WANG = ("wang", "--name", "王某", "--org", "T1", "--staff-number", "GA-007", "--role", "town_clerk")


@pytest.fixture
def run(committing):
    with committing() as session:
        session.add(Org(code="T1", kind="town", name_zh="某镇", name_en="Town"))

    def call(*words, password=PASSWORD):
        return CliRunner().invoke(APP, list(words), input=password + "\n")

    return call


def test_an_officer_signs_in_with_the_password_from_the_pipe(run, committing, now):
    done = run(*WANG, "--role", "town_leader")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    with committing() as session:
        signed = sign_in.sign_in(session, "wang", PASSWORD, now=now)
        assert signed is not None
        assert signed.actor.roles == {Role.TOWN_CLERK, Role.TOWN_LEADER}


def test_a_short_password_is_refused_and_leaves_nothing(run, committing):
    done = run(*WANG, password="short")
    assert "12 to 128" in str(done.exception)
    with committing() as session:
        assert session.scalars(select(Account)).all() == []


def test_an_unknown_office_is_refused_with_those_that_exist(run):
    done = run(*("T2" if word == "T1" else word for word in WANG))
    assert "T1  某镇" in str(done.exception)


def test_a_taken_name_is_refused(run):
    run(*WANG)
    assert "wang already" in str(run(*WANG).exception)


def test_there_is_no_way_to_give_a_password_on_the_command_line(run):
    done = run(*WANG, "--password", PASSWORD)
    assert done.exit_code == 2


def test_what_does_not_go_together_is_refused_and_leaves_nothing(run, committing):
    assert "not held in this kind of office" in str(run(*WANG, "--role", "intake_officer").exception)
    assert "staff number" in str(run(*("/" if word == "GA-007" else word for word in WANG)).exception)
    with committing() as session:
        assert session.scalars(select(Account)).all() == []

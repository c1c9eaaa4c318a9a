"""`./jz verify-history` over a real database and over what pg_dump wrote of it."""

import subprocess
from pathlib import Path

import pytest
import typer
from sqlalchemy import text
from typer.testing import CliRunner

from cases import history, trail
from cases.journey import Kind
from cli import installation
from cli.verify_history import verify_history
from kit.db import OWNER, url_for
from people.actors import SYSTEM
from tests import make

APP = typer.Typer()
APP.command()(verify_history)


@pytest.fixture
def written(committing):
    with committing() as session:
        report = make.report(session)
        for said in ("one", "a tab\t, a backslash \\ and \\N", "三\n", "\x7f“四”"):
            trail.record(session, report, Kind.MIRRORED, by=SYSTEM, now=make.NOW, stage=said)
        history.put_in(session, now=make.NOW)
        return report


def run(*arguments: str, given: str | None = None):
    return CliRunner().invoke(APP, list(arguments), input=given)


def dumped(folder: Path) -> Path:
    to = folder / "dump.sql"
    address = url_for(OWNER).set(drivername="postgresql").render_as_string(hide_password=False)
    subprocess.run([str(installation.find().bin / "pg_dump"), "--file", str(to), address], check=True, timeout=120)
    return to


def test_a_whole_history_and_a_changed_one(committing, written):
    told = run()
    assert (told.exit_code, "History is whole." in told.stdout) == (0, True)
    assert "4 entries in 1 chains (0 erased), 4 in the tree" in told.stdout
    with committing() as session:
        session.execute(text("set local session_replication_role = replica"))
        session.execute(text("update intake.report_event set actor = 'nobody' where seq = 3"))
    told = run()
    assert told.exit_code == 1
    assert f"First: report {written.id}, entry 3: the entry is not the one that was recorded." in told.stderr


def test_a_dump_needs_no_database(written, tmp_path, monkeypatch):
    dump, key = dumped(tmp_path), history.signer().verifier
    kept = tmp_path / "head"
    with pytest.MonkeyPatch.context() as away:
        away.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
        for arguments, given in ((("--dump", str(dump)), None), (("--dump", "-"), dump.read_text())):
            told = run(*arguments, "--key", key, given=given)
            assert (told.exit_code, "History is whole." in told.stdout) == (0, True), told.output
    changed = dump.read_text().replace('"stage": "one"', '"stage": "two"')
    told = run("--dump", "-", "--key", key, given=changed)
    assert told.exit_code == 1
    assert f"report {written.id}, entry 1: the body is not the one that was recorded" in told.stderr
    kept.write_text("no head")
    assert run("--dump", str(dump), "--key", key, "--head", str(kept)).exit_code == 1


def test_heads_kept_elsewhere_hold(committing, written, tmp_path):
    kept = tmp_path / "head"
    with committing() as session:
        kept.write_text(history.newest(session).note, encoding="utf-8")
    assert run("--head", str(kept)).exit_code == 0


@pytest.mark.parametrize(
    "arguments",
    [("--key", "no key"), ("--dump", "/no/such/file"), ("--head", "/no/such/file"), ("--dump", __file__)],
)
def test_what_cannot_be_read_is_said_in_a_sentence(written, arguments):
    told = run(*arguments)
    assert (told.exit_code, type(told.exception).__name__) == (1, "CannotGoOn")

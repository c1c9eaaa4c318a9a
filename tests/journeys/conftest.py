"""Journeys walk over HTTP through the real application; jobs are done in place unless a test starts a worker."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from uuid import uuid4

import pytest
import world
from sqlalchemy import select, update
from starlette.testclient import TestClient

from api.public.raw_feed import RawFeed
from cases.intake import lane
from cases.models.job import Job
from kit import clock, gauges
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, Base, unit_of_work
from kit.gauges import Gauges
from kit.redis_line import RedisLine
from kit.settings import settings
from kit.wire import NobodyAnswers, ask
from people import sign_in as signing
from people.models import Account, Org
from people.roles import Role
from tests import visitors
from tests.emptying import empty, reached
from vault.keyring import Keyring
from workers import beat, jobs

ROOT = Path(__file__).resolve().parents[2]
LEFT = (
    "handling.case", "handling.job", "handling.notice", "handling.slot", "intake.report", "intake.photo",
    "handling.delegation", "handling.operation", "handling.mail_address", "handling.group_bot", "record.exposure",
    "record.change", "record.log_pending", "record.log_node", "record.log_head", "vault.identity",
    "vault.key", "vault.event",
    "handling.calendar_entry", "handling.absence", "handling.handover", "handling.saved_view", "handling.bulk_act",
    "handling.export", "handling.voucher", "intake.recheck_draw", "handling.declared_relation", "handling.release_list",
    "handling.joint_meeting", "handling.patrol_finding", "handling.webhook",
)  # fmt: skip


@pytest.fixture(scope="session")
def built(database_url: str) -> str:
    world.build()
    return database_url


patient = pytest.fixture(visitors.unknown, autouse=True)


@pytest.fixture
def client(built: str) -> Iterator[TestClient]:
    from api.app import create_app  # noqa: PLC0415 - settings exist only now

    with TestClient(RawFeed(create_app()), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture
def sign_in(client: TestClient) -> Callable[[str], world.Officer]:
    """Sign somebody in by name."""

    def _sign_in(username: str) -> world.Officer:
        answer = client.post("/o/v1/sessions", json={"username": f"walk-{username}", "password": world.PASSWORD})
        assert answer.status_code == 201, answer.text
        return world.Officer(client, answer.json()["token"])

    return _sign_in


@pytest.fixture
def second(built, sign_in):
    """Another officer of the desk."""
    with unit_of_work(OWNER) as session:
        if session.scalars(select(Account).where(Account.username == "walk-desk-second")).one_or_none() is None:
            org = session.scalars(select(Org).where(Org.code == "D")).one()
            signing.create_officer(
                session, org=org, username="walk-desk-second", name="second", password=world.PASSWORD,
                roles=[Role.INTAKE_OFFICER],
            )  # fmt: skip
    return sign_in("desk-second")


@pytest.fixture
def person(built: str) -> Iterator[Callable[..., tuple[str, int]]]:
    """Somebody new in an office: a name to sign in by, and the number of the account, which ends with the journey."""
    opened: list[int] = []

    def _person(*roles: Role, org: str = "D", staff_number: str | None = None) -> tuple[str, int]:
        username = f"walk-{uuid4().hex[:12]}"
        with unit_of_work(OWNER) as session:
            office = session.scalars(select(Org).where(Org.code == org)).one()
            made = signing.create_officer(
                session, org=office, username=username, name="某", password=world.PASSWORD, roles=list(roles),
                staff_number=staff_number,
            )  # fmt: skip
            opened.append(made.id)
            return username, made.id

    yield _person
    with unit_of_work(OWNER) as session:
        session.execute(update(Account).where(Account.id.in_(opened)).values(active=False))


@pytest.fixture
def vault(built, tmp_path):
    """The real vault; gives a function that ends it and one that starts it again."""
    keyring = Keyring(tmp_path / "keys")
    keyring.folder.mkdir(mode=0o700)
    keyring.add(1)
    running = []

    def start():
        running.append(
            subprocess.Popen(
                [sys.executable, "-P", "-m", "cli", "vault"],
                env={**os.environ, "PYTHONPATH": str(ROOT), "JZ_VAULT_KEYS": str(keyring.folder)},
            )
        )
        deadline = time.monotonic() + 30
        while not _answers():
            assert running[-1].poll() is None
            assert time.monotonic() < deadline
            time.sleep(0.05)

    def stop():
        for process in running:
            process.kill()
            process.wait()

    start()
    yield stop, start
    stop()


def _answers():
    try:
        return bool(ask(settings().vault_socket, {"ask": "alive"}, timeout_s=1))
    except NobodyAnswers:
        return False


@pytest.fixture
def work(built: str) -> Callable[[], int]:
    """Do every due job, and what follows from it, as a worker would."""

    def _work() -> int:
        done = 0
        while True:
            now = clock.now()
            with unit_of_work(OWNER) as session:
                due = session.scalars(
                    select(Job.id).where(Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_after <= now)
                ).all()
            if not due:
                return done
            for job_id in due:
                jobs.perform(job_id, now=now)
                done += 1
                with unit_of_work(OWNER) as session:
                    job = session.get_one(Job, job_id)
                    assert job.last_error is None, f"{job.step}: {job.last_error}"

    return _work


class Time:
    """The clock of the house, as a test sets it; a Tuesday morning until then."""

    def __init__(self) -> None:
        self.now = datetime(2026, 11, 24, 10, tzinfo=LOCAL_ZONE)


@pytest.fixture(name="time")
def _time(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> Time:
    held = Time()
    monkeypatch.setattr(clock, "now", lambda: held.now)
    return held


@pytest.fixture
def pass_to(time: Time, work: Callable[[], int]) -> Callable[[datetime], None]:
    """Let the time come, with one stroke of the beat and what the workers do of it."""

    def _pass_to(moment: datetime) -> None:
        time.now = moment
        beat.strike(now=moment)
        work()

    return _pass_to


@pytest.fixture(autouse=True)
def _counted_nobody(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Who sends is counted for a day, in memory and Redis; each journey begins on a day of its own.

    A busy machine's Redis may be slow: how soon it answers is not what journeys ask.
    """
    if "built" not in request.fixturenames:
        yield
        return
    monkeypatch.setattr(lane, "COUNTS", Gauges())
    line = RedisLine(settings().redis_url, timeout_s=20)
    monkeypatch.setattr(gauges, "_line", lambda: line)
    forget = "for _, key in ipairs(redis.call('KEYS', 'jz:gauge:*')) do redis.call('DEL', key) end return 0"
    line.ask("EVAL", forget, 0)
    yield
    line.close()


@pytest.fixture(autouse=True)
def _leaves_nothing(request: pytest.FixtureRequest) -> Iterator[None]:
    """A journey commits for real: what it has left is taken away, for the next one and for every other test."""
    yield
    if "built" in request.fixturenames:
        with unit_of_work(OWNER) as session:
            empty(session, reached(Base.metadata, LEFT))

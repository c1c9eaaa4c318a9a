"""Newsrooms are told through real servers: signed, in order, at least once, and nobody holds up another (T19)."""

import os
import subprocess
import sys
import threading
import time
from base64 import b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from standardwebhooks.webhooks import Webhook as Verifier

from cases import feeds, webhooks
from cases.models.case import Notice
from cases.models.exposure import Change
from cases.models.job import Job
from cases.models.webhook import Webhook, WebhookDelivery
from kit import clock
from people.media import MediaClient, MediaKey
from people.media_keys import issue, revoke
from tests import receivers
from tests.make import NOW
from workers import jobs

A_SECOND, A_MINUTE, A_DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(days=1)
RETRIES = (5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400)  # seconds, each at most a fifth longer


@pytest.fixture
def outside(committing, tmp_path, monkeypatch):
    with receivers.newsrooms(tmp_path, monkeypatch) as both:
        yield both


@pytest.fixture
def press(committing, district):
    """A newsroom with a key that lives longer than any test."""
    with committing() as session:
        client = MediaClient(
            name="望澜日报", contact="总编室", entered_by=district.supervisor.account_id, entered_at=NOW
        )
        session.add(client)
        session.flush()
        issue(session, client.id, scopes=["exposures:read"], days=365, by=district.supervisor, now=NOW)
        return client.id


@pytest.fixture
def subscribe(committing, press):
    """A webhook of the newsroom, made and, unless told otherwise, proven; gives its id and its secret."""

    def _subscribe(at, *kinds, proven=True, client_id=None, now=NOW):
        with committing() as session:
            made = webhooks.make(session, client_id or press, url=at.url, kinds=kinds, now=now)
        if proven:
            work(committing, now)
            assert state(committing, made.webhook.id) == "live"
        return made.webhook.id, made.secret

    return _subscribe


def work(committing, now=NOW):
    """Do what is due, and what follows from it."""
    while True:
        with committing() as session:
            waiting = (Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_after <= now)
            due = session.scalars(select(Job.id).where(*waiting).order_by(Job.id)).all()
        if not due:
            return
        for job_id in due:
            jobs.perform(job_id, now=now)


def state(committing, webhook_id):
    with committing() as session:
        return session.get_one(Webhook, webhook_id).state


def change(committing, op="published", *, ref="a1", version=1, at=NOW, released_at=None):
    with committing() as session:
        session.add(Change(kind="exposure", ref=ref, op=op, version=version, at=at, released_at=released_at))


def tell(committing, now=NOW):
    """As the schedule does each ten seconds, until what was committed may be told: other tests may hold that up."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with committing() as session:
            webhooks.tell(session, now=now)
            written = select(Change.seq).where(Change.at <= now, Change.released_at.is_(None))
            untold = select(Webhook.id).where(
                Webhook.told_change < written.order_by(Change.seq.desc()).limit(1).scalar_subquery(),
                Webhook.proven_at.is_not(None), Webhook.paused_at.is_(None),
                Webhook.ended_at.is_(None),
            )  # fmt: skip
            done = session.scalars(untold).first() is None
        if done:
            break
        time.sleep(0.1)
    work(committing, now)


def passed(committing):
    """Wait until all that was committed may be told: what other tests have begun before may still be under way."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with committing() as session:
            if feeds.horizon(session) >= (session.scalar(select(func.max(Change.seq))) or 0):
                return
        time.sleep(0.1)
    raise AssertionError("something has been under way for a minute")


def rows(committing, webhook_id):
    with committing() as session:
        found = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
        return session.scalars(found.order_by(WebhookDelivery.number)).all()


def notices_of(committing):
    with committing() as session:
        return session.scalars(select(Notice.text).where(Notice.kind == "webhook")).all()


def verifies(letter, secret):
    """By the library for receivers, whose own clock is not asked."""
    at = datetime.fromtimestamp(int(letter.headers["webhook-timestamp"]), UTC)
    right = Verifier(secret).sign(letter.headers["webhook-id"], at, letter.body.decode())
    return right in letter.headers["webhook-signature"].split(" ")


def test_an_address_gets_nothing_before_a_test_has_reached_it(committing, outside, subscribe):
    one, _ = outside
    one.answers.append(500)
    webhook_id, secret = subscribe(one, proven=False)
    work(committing)
    change(committing)
    passed(committing)
    tell(committing)
    assert state(committing, webhook_id) == "proving"
    (row,) = rows(committing, webhook_id)
    assert (row.kind, row.state, row.status, row.answer) == ("webhook.test", "failed", 500, "no room today")
    with committing() as session:
        webhooks.send_test(session, session.get_one(Webhook, webhook_id), now=NOW)
    work(committing)
    assert state(committing, webhook_id) == "live"
    tell(committing)
    assert one.kinds == [], "what was before its proof is not told"
    change(committing, "updated", version=2)
    tell(committing)
    assert one.kinds == ["exposure.updated"]
    assert all(verifies(each, secret) for each in one.letters)


def test_changes_come_in_their_order_once_and_say_nothing_of_the_exposure(committing, outside, subscribe):
    one, _ = outside
    subscribe(one)
    for version, op in enumerate(("published", "updated", "corrected", "withdrawn"), start=1):
        change(committing, op, version=version)
    change(committing, "expired", ref="b2", version=7)
    tell(committing)
    tell(committing, NOW + A_MINUTE)
    assert one.kinds == [f"exposure.{op}" for op in ("published", "updated", "corrected", "withdrawn", "expired")]
    last = one.letters[-2]
    assert last.headers["content-type"] == "application/json"
    assert last.said == {
        "type": "exposure.withdrawn", "timestamp": NOW.isoformat(),
        "data": {
            "uri": "tag:jingzhong,2026:exposure:a1", "version": 4, "url": last.said["data"]["url"],
        },
    }  # fmt: skip
    assert last.said["data"]["url"].endswith("/open/exposures/a1")
    assert len({each.headers["webhook-id"] for each in one.letters}) == 6


def test_what_was_published_for_a_later_moment_is_told_at_its_moment(committing, outside, subscribe):
    one, _ = outside
    subscribe(one)
    for ref, moment in (("c3", NOW + A_MINUTE), ("d4", clock.now() + timedelta(hours=1))):
        change(committing, ref=ref, at=moment, released_at=moment)
    change(committing, "updated", version=2)
    tell(committing)
    assert one.kinds == ["exposure.updated"]
    for _ in range(2):
        tell(committing, NOW + A_MINUTE)
    assert one.kinds == ["exposure.updated", "exposure.published"]
    assert one.letters[-1].said["data"]["url"].endswith("/open/exposures/c3")


def test_who_wants_some_changes_hears_of_withdrawals_all_the_same(committing, outside, subscribe):
    """E7, E9: whoever shows what was published must hear when it has to go."""
    one, other = outside
    subscribe(one, "exposure.published")
    subscribe(other, "log.head")
    for version, op in enumerate(("published", "updated", "withdrawn"), start=1):
        change(committing, op, version=version)
    tell(committing)
    assert one.kinds == ["exposure.published", "exposure.withdrawn"]
    assert other.kinds == []


def test_nothing_is_told_before_its_time(committing, outside, subscribe):
    one, _ = outside
    subscribe(one)
    change(committing, at=NOW + A_MINUTE)
    change(committing, ref="b2", at=NOW + 2 * A_MINUTE)
    tell(committing, NOW + 59 * A_SECOND)
    assert one.kinds == []
    tell(committing, NOW + A_MINUTE)
    assert [each.said["data"]["uri"][-2:] for each in one.letters[1:]] == ["a1"]
    tell(committing, NOW + 2 * A_MINUTE)
    assert [each.said["data"]["uri"][-2:] for each in one.letters[1:]] == ["a1", "b2"]


def test_what_was_not_taken_is_tried_again_under_the_same_id(committing, outside, subscribe):
    one, _ = outside
    webhook_id, secret = subscribe(one)
    one.answers += [500, 302, 429]
    change(committing)
    tell(committing)
    now = NOW
    for wait in RETRIES[:3]:
        row = rows(committing, webhook_id)[-1]
        assert wait <= (row.next_at - now).total_seconds() <= wait * 1.2
        tell(committing, row.next_at - A_SECOND)
        assert rows(committing, webhook_id)[-1].tries == row.tries
        now = row.next_at
        tell(committing, now)
    letters = one.letters[1:]
    assert [rows(committing, webhook_id)[-1].state, len(letters)] == ["delivered", 4]
    assert len({each.headers["webhook-id"] for each in letters}) == 1
    assert len({each.body for each in letters}) == 1
    assert len({each.headers["webhook-timestamp"] for each in letters}) == 4
    assert all(verifies(each, secret) for each in letters)


@pytest.mark.parametrize(("asked", "given"), [("90", 90), ("3", 5), ("9999999", 86400), ("soon", 5)])
def test_who_asks_for_time_gets_it_and_no_more_than_a_day(committing, outside, subscribe, asked, given):
    one, _ = outside
    webhook_id, _secret = subscribe(one)
    one.answers.append(429)
    one.retry_after = asked
    change(committing)
    change(committing, version=2)
    tell(committing)
    assert len(one.kinds) == 1, "nor is the next one sent meanwhile"
    first = min(rows(committing, webhook_id)[1:], key=lambda row: row.number)
    assert given <= (first.next_at - NOW).total_seconds() <= max(given, 6)
    tell(committing, NOW + (given - 1) * A_SECOND)
    assert len(one.kinds) == 1
    tell(committing, NOW + (given + 2) * A_SECOND)
    assert len(one.kinds) == 3


def test_a_worker_that_dies_while_it_sends_leaves_a_message_that_comes_twice_under_one_id(
    committing, outside, subscribe
):
    """Killed after the bytes are out and before it is written down: nothing is lost, and the receiver can tell."""
    one, _ = outside
    webhook_id, secret = subscribe(one)
    change(committing)
    passed(committing)
    with committing() as session:
        webhooks.tell(session, now=NOW)
    with committing() as session:
        (job_id,) = session.scalars(select(Job.id).where(Job.done_at.is_(None), Job.step == "send_webhook"))
    one.hold_s = 60
    at = f"datetime.fromisoformat({NOW.isoformat()!r})"
    said = f"from datetime import datetime; from workers import jobs; jobs.perform({job_id}, now={at})"
    with subprocess.Popen(
        [sys.executable, "-P", "-c", said], env={**os.environ, "PYTHONPATH": str(Path.cwd())}
    ) as worker:
        until = time.monotonic() + 60
        while not one.kinds and worker.poll() is None and time.monotonic() < until:
            time.sleep(0.02)
        worker.kill()
    assert one.kinds == ["exposure.published"]
    assert rows(committing, webhook_id)[-1].state == "waiting"
    one.hold_s = 0.0
    one.over.set()
    tell(committing, NOW + 10 * A_MINUTE)
    letters = one.letters[1:]
    assert [rows(committing, webhook_id)[-1].state, len(letters)] == ["delivered", 2]
    assert len({(each.headers["webhook-id"], each.body) for each in letters}) == 1
    assert all(verifies(each, secret) for each in letters)


def test_one_that_is_refused_does_not_keep_back_those_behind_it(committing, outside, subscribe):
    one, _ = outside
    webhook_id, _secret = subscribe(one)
    one.answers.append(500)
    change(committing)
    change(committing, "withdrawn", version=2)
    tell(committing)
    tell(committing, NOW + 7 * A_SECOND)
    assert one.kinds == ["exposure.published", "exposure.withdrawn", "exposure.published"]
    assert {each.state for each in rows(committing, webhook_id)} == {"delivered"}


def test_somebody_who_is_away_costs_a_try_now_and_then(committing, outside, subscribe):
    one, _ = outside
    subscribe(one)
    one.answers += [503] * 100
    for version in range(1, 31):
        change(committing, version=version)
    tell(committing)
    assert len(one.kinds) == 1
    for second in range(10, 300, 10):
        tell(committing, NOW + second * A_SECOND)
    assert len(one.kinds) == 2, "after five seconds, then after five minutes"


def test_who_answers_slowly_holds_up_nobody_else(committing, outside, subscribe):
    one, other = outside
    subscribe(one)
    subscribe(other)
    one.hold_s = 30
    change(committing)
    with committing() as session:
        until = time.monotonic() + 60
        while (
            time.monotonic() < until
            and not session.scalars(
                select(WebhookDelivery.id).where(WebhookDelivery.kind == "exposure.published")
            ).first()
        ):
            webhooks.tell(session, now=NOW)
            session.commit()
            time.sleep(0.05)
    with committing() as session:
        waiting = session.scalars(select(Job.id).where(Job.done_at.is_(None)).order_by(Job.id)).all()
    assert len(waiting) == 2, "a job for each"
    hands = [threading.Thread(target=jobs.perform, args=(each,), kwargs={"now": NOW}) for each in waiting]
    began = time.monotonic()
    for hand in hands:
        hand.start()
    while not other.kinds:
        assert time.monotonic() - began < 4, "the other waited for the slow one"
        time.sleep(0.02)
    for hand in hands:
        hand.join()
    assert time.monotonic() - began < 15, "five seconds, and a slow machine"
    one.hold_s = 0


def test_an_address_that_says_it_is_gone_is_never_called_again(committing, outside, subscribe):
    one, _ = outside
    webhook_id, _secret = subscribe(one)
    one.answers.append(410)
    change(committing)
    change(committing, "updated", version=2)
    tell(committing)
    tell(committing, NOW + A_DAY)
    with committing() as session:
        webhook = session.get_one(Webhook, webhook_id)
        assert (webhook.state, webhook.ended_by) == ("ended", "receiver")
        with pytest.raises(webhooks.WrongState):
            webhooks.send_test(session, webhook, now=NOW)
    assert one.kinds == ["exposure.published"]
    assert {each.state for each in rows(committing, webhook_id)[1:]} == {"failed"}
    (told,) = notices_of(committing)
    assert "望澜日报" in told


def test_after_the_last_failure_it_is_paused_and_the_office_told_and_goes_on_where_it_was(
    committing, outside, subscribe, press
):
    one, _ = outside
    webhook_id, _secret = subscribe(one)
    one.answers += [500] * 10
    change(committing)
    tell(committing)
    for _ in RETRIES:
        tell(committing, rows(committing, webhook_id)[-1].next_at)
    with committing() as session:
        webhook = session.get_one(Webhook, webhook_id)
        assert (webhook.state, webhook.paused_by) == ("paused", "failures")
    (row,) = rows(committing, webhook_id)[1:]
    assert (row.state, row.tries) == ("failed", 10)
    assert timedelta(days=3) < row.tried_at - NOW < timedelta(days=4)
    assert len(notices_of(committing)) == 1
    later = NOW + 5 * A_DAY
    change(committing, "withdrawn", version=2)
    tell(committing, later)
    assert len(one.kinds) == 10
    with committing() as session:
        webhooks.resume(session, webhooks.find(session, webhook_id, lock=True), who="newsroom", now=later)
        webhooks.again(session, webhooks.find(session, webhook_id), row.id, now=later)
    tell(committing, later)
    assert sorted(one.kinds[10:]) == ["exposure.published", "exposure.withdrawn"]
    assert one.letters[-1].said["data"]["version"] in {1, 2}


def test_both_secrets_sign_while_one_takes_over_and_then_the_new_one_alone(committing, outside, subscribe):
    one, _ = outside
    webhook_id, old = subscribe(one)
    with committing() as session:
        webhook = webhooks.find(session, webhook_id, lock=True)
        new = webhooks.rotate(webhook, overlap=timedelta(hours=1), now=NOW).secret
    change(committing)
    tell(committing)
    change(committing, "updated", version=2)
    tell(committing, NOW + timedelta(hours=1))
    both, alone = one.letters[1:]
    assert verifies(both, old)
    assert verifies(both, new)
    assert not verifies(alone, old)
    assert verifies(alone, new)
    assert not verifies(both, f"whsec_{b64encode(b'x' * 32).decode()}")


def test_a_secret_is_sealed_to_its_own_row(committing, outside, subscribe):
    one, other = outside
    webhook_id, secret = subscribe(one)
    second, _secret = subscribe(other)
    with committing() as session:
        kept = bytes(session.get_one(Webhook, webhook_id).secret)
        assert secret.encode() not in kept
        session.execute(update(Webhook).where(Webhook.id == second).values(secret=kept))
    change(committing)
    with committing() as session:
        webhooks.tell(session, now=NOW)
    seen = len(other.letters)
    tell(committing)
    assert len(other.letters) == seen, "what was copied to another row signs nothing"
    with committing() as session:
        assert session.scalars(select(Job.last_error).where(Job.subject == second, Job.failed_at.is_(None),
                                                            Job.done_at.is_(None))).one() is not None  # fmt: skip


def test_a_newsroom_without_a_key_is_told_nothing_until_it_has_one(committing, outside, subscribe, district, press):
    one, _ = outside
    subscribe(one)
    with committing() as session:
        key = session.scalars(select(MediaKey.id).where(MediaKey.client_id == press)).one()
        revoke(session, key, by=district.supervisor, now=NOW)
    change(committing, "withdrawn", version=2)
    with committing() as session:
        webhooks.tell(session, now=NOW)
    work(committing)
    assert one.kinds == []
    with committing() as session:
        issue(session, press, scopes=["embargo:read", "exposures:read"], days=1, by=district.supervisor, now=NOW)
    tell(committing)
    assert one.kinds == ["exposure.withdrawn"]


def test_the_head_of_the_log_is_told_once_a_day_and_whole(committing, outside, subscribe):
    one, _ = outside
    put = text("insert into record.log_head (size, root, signed_at, note) values (:size, '', :at, :note)")
    with committing() as session:
        session.execute(put, {"size": 7, "at": NOW - A_DAY, "note": "seven"})
        session.execute(put, {"size": 9, "at": NOW, "note": "nine"})
    subscribe(one, "log.head")
    tell(committing)
    tell(committing, NOW + timedelta(hours=3))
    assert [each.said["data"]["note"] for each in one.letters[1:]] == ["seven"]
    tell(committing, NOW + A_DAY)
    data = one.letters[-1].said["data"]
    assert (data["version"], data["note"], data["uri"]) == (9, "nine", "tag:jingzhong,2026:log:9")
    assert data["url"].endswith("/log/head")
    assert one.kinds == ["log.head"] * 2


def test_what_was_said_is_forgotten_after_a_week_and_that_it_was_after_half_a_year(committing, outside, subscribe):
    one, _ = outside
    webhook_id, _secret = subscribe(one)
    change(committing)
    tell(committing)
    one.answers += [500]
    change(committing, "updated", version=2)
    tell(committing)
    test, sent, waiting = rows(committing, webhook_id)

    def forgotten(days):
        with committing() as session:
            webhooks.forget(session, now=NOW + timedelta(days=days, seconds=1))
        return {row.id: (row.body, row.answer) for row in rows(committing, webhook_id)}

    assert forgotten(6)[sent.id] == (sent.body, "")
    week = forgotten(7)
    assert week[test.id] == week[sent.id] == (None, None)
    assert week[waiting.id] == (waiting.body, "no room today"), "it is still to be sent"
    with committing() as session, pytest.raises(webhooks.BodyGone):
        webhooks.again(session, webhooks.find(session, webhook_id), sent.id, now=NOW + 8 * A_DAY)
    assert set(forgotten(180)) == {waiting.id}


def test_an_address_is_tried_so_often_in_an_hour(committing, outside, subscribe):
    one, _ = outside
    webhook_id, _secret = subscribe(one, proven=False)
    with committing() as session:
        webhook = session.get_one(Webhook, webhook_id)
        for _ in range(19):
            webhooks.send_test(session, webhook, now=NOW)
        with pytest.raises(webhooks.TooManyTests):
            webhooks.send_test(session, webhook, now=NOW + timedelta(minutes=59))
        webhooks.send_test(session, webhook, now=NOW + timedelta(hours=1))


def test_where_the_name_leads_inside_it_is_never_called(committing, outside, subscribe, monkeypatch):
    """The network was named when it was made, and is no more: every try looks anew (T19)."""
    from kit.settings import settings  # noqa: PLC0415

    one, _ = outside
    webhook_id, _secret = subscribe(one, proven=False)
    monkeypatch.setenv("JZ_WEBHOOK_NETWORKS", "192.0.2.0/24")
    settings.cache_clear()
    work(committing)
    assert one.letters == []
    (row,) = rows(committing, webhook_id)
    assert (row.state, row.status, row.error) == ("failed", None, "address_not_allowed")

"""A browser hears through its own push service that there is news: sealed for it, neutral, by day, until it is gone."""

import base64
import json
from contextlib import suppress
from datetime import timedelta

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy import select, text

from cases import subscriptions, trail
from cases.intake import tracking_code
from cases.kinds import Kind
from cases.models.job import Job
from cases.models.report import Report
from cases.models.subscription import Subscription
from kit.web_push import Target
from people.actors import CITIZEN, SYSTEM
from tests import make, receivers
from tests.make import NOW
from workers import jobs

SENTENCE = {"kind": "news", "text": "您有一条新消息，请打开查看。", "url": "/"}
AN_HOUR = timedelta(hours=1)


class Browser:
    """A subscription as a browser makes it, and what only the browser can do: read."""

    def __init__(self, endpoint):
        self.key, self.auth = ec.generate_private_key(ec.SECP256R1()), b"0123456789abcdef"
        self.point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self.target = Target(endpoint, _text(self.point), _text(self.auth))

    def read(self, body):
        """RFC 8291 and 8188 from the receiver's side."""
        salt, length, sender, record = body[:16], body[20], body[21:86], body[86:]
        assert (int.from_bytes(body[16:20], "big"), length) == (4096, 65)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), sender)
        shared = self.key.exchange(ec.ECDH(), theirs)
        agreed = _drawn(shared, self.auth, b"WebPush: info\0" + self.point + sender, 32)
        key, nonce = (_drawn(agreed, salt, f"Content-Encoding: {what}\0".encode(), n)
                      for what, n in (("aes128gcm", 16), ("nonce", 12)))  # fmt: skip
        plain = AESGCM(key).decrypt(nonce, record, None)
        assert plain.endswith(b"\x02")
        return json.loads(plain[:-1])

    def reads(self, letters):
        """What it can read of letters that came in any order: those that are sealed for it."""
        read = []
        for letter in letters:
            with suppress(InvalidTag):
                read.append(self.read(letter.body))
        return read


def _drawn(secret, salt, info, length):
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _text(content):
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


@pytest.fixture
def service(committing, tmp_path, monkeypatch):
    """The push service of a browser's maker, on the loopback address."""
    with receivers.newsrooms(tmp_path, monkeypatch) as (one, _):
        yield one


@pytest.fixture
def report(committing):
    with committing() as session:
        make.district(session)
        return make.report(session).id


@pytest.fixture
def subscribe(committing, report, service):
    """A browser that is told of the report; gives it."""

    def _subscribe(path="hook", *, locale="zh-CN"):
        browser = Browser(service.url.replace("hook", path))
        with committing() as session:
            code = tracking_code(session.get_one(Report, report).client_id)
            address = subscriptions.Address("web_push", browser.target)
            subscriptions.subscribe(session, code, address, locale=locale, now=NOW)
        return browser

    return _subscribe


@pytest.fixture
def happens(committing, report):
    """Something stands on the trail, and the sweep and what it puts in are done."""

    def _happens(*kinds, now=NOW):
        with committing() as session:
            session.execute(text("delete from handling.job where step <> 'push_news'"))
            for kind in kinds:
                by = CITIZEN if kind is Kind.SUPPLEMENTED else SYSTEM
                trail.record(session, session.get_one(Report, report), kind, by=by, now=now)
            session.execute(text("delete from handling.job where step <> 'push_news'"))
            subscriptions.find_news(session, now=now)
        work(committing, now)

    return _happens


def work(committing, now):
    with committing() as session:
        waiting = (Job.done_at.is_(None), Job.failed_at.is_(None), Job.run_after <= now)
        due = session.scalars(select(Job.id).where(*waiting).order_by(Job.id)).all()
    for job_id in due:
        jobs.perform(job_id, now=now)


def test_each_browser_reads_the_same_neutral_sentence_whatever_happened(subscribe, happens, service):
    here, there = subscribe("here"), subscribe("there", locale="en")

    happens(Kind.ACCEPTED)

    said = {letter.headers["content-encoding"] for letter in service.letters}
    assert (said, len(service.letters)) == ({"aes128gcm"}, 2)
    assert here.reads(service.letters) == [SENTENCE]
    assert [said["text"][:22] for said in there.reads(service.letters)] == ["You have a new message"]
    happens(Kind.NOT_ACCEPTED, Kind.REPLIED)
    assert len(service.letters) == 4, "one push for all that happened since"
    assert here.reads(service.letters) == [SENTENCE] * 2
    head = service.letters[0].headers
    assert (head["ttl"], head["topic"], head["authorization"][:8]) == ("259200", "news", "vapid t=")


def test_what_the_reporter_does_and_what_was_before_is_no_news(subscribe, happens, service):
    happens(Kind.ACCEPTED)
    subscribe()
    happens(Kind.SUPPLEMENTED)
    happens()
    assert service.letters == []


def test_nobody_is_woken_by_night(subscribe, happens, service, committing):
    browser = subscribe()
    night = NOW.replace(hour=15)  # 23:00 in the district
    happens(Kind.REPLIED, now=night)
    happens(Kind.REPORT_CLOSED, now=night + 3 * AN_HOUR)
    work(committing, night + 8 * AN_HOUR)
    assert service.letters == []
    work(committing, night + 9 * AN_HOUR)
    assert [browser.read(letter.body) for letter in service.letters] == [SENTENCE]


def test_a_service_that_is_away_is_tried_again_and_a_browser_that_is_gone_is_forgotten(
    subscribe, happens, service, committing
):
    subscribe()
    service.answers += [503, 410]
    happens(Kind.REPLIED)
    work(committing, NOW + timedelta(minutes=1))
    assert len(service.letters) == 2
    with committing() as session:
        assert session.scalars(select(Subscription)).all() == []
    happens(Kind.REPORT_CLOSED)
    assert len(service.letters) == 2


def test_a_report_tells_five_devices_and_none_is_in_clear(subscribe, report, committing, service):
    for number in range(5):
        subscribe(f"device-{number}")
    subscribe("device-4", locale="en")
    with pytest.raises(subscriptions.TooManySubscriptions):
        subscribe("device-5")
    with committing() as session:
        kept = session.scalars(select(Subscription)).all()
        assert len(kept) == 5
        assert not any(b"device" in bytes(each.address) or b"localhost" in bytes(each.address) for each in kept)
        code = tracking_code(session.get_one(Report, report).client_id)
        assert subscriptions.unsubscribe(session, code, service.url.replace("hook", "device-2"))[1] == 1
        assert subscriptions.unsubscribe(session, code, None)[1] == 4

"""The hot path: a report is stored once with all that belongs to it, as the role that may do nothing else."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from psycopg import AsyncConnection
from sqlalchemy import func, select

from cases.intake import IdReused, Received, load_rules, mark_of, store, tracking_code
from cases.intake.submission import PromisedPhoto, SentFrom, Submission
from cases.models.job import Job
from cases.models.report import Report, ReportEvent, ReportPhoto
from kit.db import url_for
from people import vault
from people.models import SealedIdentity, VaultKey
from people.vault import SealingKey, binding
from tests import make
from tests.make import IN_EAST, IN_WEST, NOW, OUTSIDE

CONTACT = {"name": "王某", "phone": "13800000000"}


def submission(**facts: Any) -> Submission:
    """A report as a phone sent it; `facts` replace its parts."""
    usual = Submission(
        client_id=uuid4(), fingerprint=b"\1" * 32, channel="phone", received_at=NOW,
        observed_at=NOW - timedelta(minutes=5), category="FIR-02", text="安全出口上锁", address=None, emergency="none",
        deaths=False, lon=IN_WEST.lon, lat=IN_WEST.lat, crs="wgs84", accuracy_m=8.0, method="gps", fix_at=NOW,
        photos=(), contact=None, notice_version="1", client="tests/1", locale="zh-CN",
    )  # fmt: skip
    return usual._replace(**facts)


def promised(**facts: Any) -> PromisedPhoto:
    return replace(PromisedPhoto(uuid4(), "ab" * 32, 1000, "camera", None), **facts)


@pytest.fixture
def send(rules) -> Callable[..., list[Received | IdReused]]:
    """Store some submissions in one statement, signed in as jz_intake."""

    def _send(*submissions: Submission) -> list[Received | IdReused]:
        return asyncio.run(on_connection(lambda connection: store(connection, [(each, rules) for each in submissions])))

    return _send


async def on_connection(act: Callable[[AsyncConnection[Any]], Awaitable[Any]]) -> Any:
    address = url_for("jz_intake").set(drivername="postgresql").render_as_string(hide_password=False)
    async with await AsyncConnection.connect(address, autocommit=True) as connection:
        return await act(connection)


def count(committing, table):
    with committing() as session:
        return session.scalar(select(func.count()).select_from(table))


def only(committing, table):
    with committing() as session:
        row = session.scalars(select(table)).one()
        session.expunge(row)
        return row


# --- once


def test_a_fresh_report_is_stored_with_its_town_its_entry_and_its_job(send, committing):
    sent = submission()
    (answer,) = send(sent)
    stored = only(committing, Report)
    assert (answer.replay, answer.tracking_code) == (False, tracking_code(sent.client_id))
    assert answer.review_due_at == NOW + timedelta(hours=2)  # FIR-02 is urgent
    assert (stored.state, stored.urgency, stored.reference) == ("submitted", "urgent", answer.reference)
    assert (stored.unit_id, stored.id != stored.client_id) == (answer.unit_id, True)
    assert stored.tracking_mark == mark_of(answer.tracking_code)
    entry, job = only(committing, ReportEvent), only(committing, Job)
    assert (entry.report_id, entry.seq, entry.kind, entry.actor) == (stored.id, 1, "received", "citizen")
    assert (job.step, job.subject, job.run_after) == ("triage", stored.id, NOW)


def test_m18_a_report_keeps_which_notice_brought_it_and_most_say_none(send, committing):
    send(submission(notice_code="0123456789abcdef"), submission())
    with committing() as session:
        assert set(session.scalars(select(Report.notice_code))) == {"0123456789abcdef", None}


def test_each_place_gets_its_own_town_and_outside_none(send, rules):
    west, east, outside, nowhere = send(
        submission(),
        submission(lon=IN_EAST.lon, lat=IN_EAST.lat),
        submission(lon=OUTSIDE.lon, lat=OUTSIDE.lat),
        submission(lon=None, lat=None, crs=None),
    )
    codes = [rules.units[each.unit_id].code if each.unit_id else None for each in (west, east, outside, nowhere)]
    assert codes == [f"{make.DISTRICT_CODE}001", f"{make.DISTRICT_CODE}002", None, None]


def test_x01_a_position_in_gcj02_is_stored_as_it_came_and_placed_where_it_is(send, committing, rules):
    (answer,) = send(submission(lon=120.0235, lat=31.009, crs="gcj02"))
    assert rules.units[answer.unit_id].code == f"{make.DISTRICT_CODE}001"
    assert (only(committing, Report).raw_lon, only(committing, Report).crs) == (120.0235, "gcj02")


def test_a_replay_gets_the_same_receipt_and_stores_nothing(send, committing):
    sent = submission(photos=(promised(),), contact=CONTACT)
    (first,) = send(sent)
    (again,) = send(sent._replace(received_at=NOW + timedelta(days=1)))
    assert again == first._replace(replay=True)
    for table in (Report, ReportEvent, Job, ReportPhoto, SealedIdentity):
        assert count(committing, table) == 1


def test_an_id_with_other_content_is_refused_and_tells_nothing_of_the_first(send, committing):
    sent = submission()
    send(sent)
    (refusal,) = send(sent._replace(fingerprint=b"\2" * 32, text="别的内容"))
    assert isinstance(refusal, IdReused)
    assert (refusal.code, refusal.extra) == ("report.id_reused", {})
    assert only(committing, Report).text == "安全出口上锁"


def test_a_batch_answers_each_member_in_its_order(send, committing):
    one, two = submission(), submission()
    other = one._replace(fingerprint=b"\2" * 32)
    answers = send(two, one, other, one)
    assert [type(answer) for answer in answers] == [Received, Received, IdReused, Received]
    assert [answer.client_id for answer in (answers[0], answers[1], answers[3])] == [
        two.client_id, one.client_id, one.client_id,
    ]  # fmt: skip
    assert [answer.replay for answer in (answers[0], answers[1], answers[3])] == [False, False, True]
    assert count(committing, Report) == 2


def test_twenty_at_once_on_connections_of_their_own_make_one_report(rules, committing):
    sent = submission(photos=(promised(),), contact=CONTACT)

    async def rush() -> list[list[Received | IdReused]]:
        one = lambda connection: store(connection, [(sent, rules)])  # noqa: E731 - named for the line below
        return await asyncio.gather(*(on_connection(one) for _ in range(20)))

    answers = [answer for (answer,) in asyncio.run(rush())]
    assert [answer.replay for answer in answers].count(False) == 1
    assert len({(answer.reference, answer.tracking_code, answer.review_due_at) for answer in answers}) == 1
    for table in (Report, ReportEvent, Job, ReportPhoto, SealedIdentity):
        assert count(committing, table) == 1


# --- what it is filed under


@pytest.mark.parametrize(
    ("facts", "filed", "urgency"),
    [
        ({}, "FIR-02", "urgent"),
        ({"emergency": "yes"}, "FIR-02", "immediate"),
        ({"emergency": "unsure"}, "FIR-02", "immediate"),
        ({"deaths": True}, "CCL-01", "immediate"),
        ({"category": "NO-99"}, "OTH-01", "normal"),
    ],
)
def test_x34_a_death_is_filed_as_one_and_what_is_unknown_as_other(send, committing, facts, filed, urgency):
    send(submission(**facts))
    stored = only(committing, Report)
    assert (stored.category_code, stored.urgency) == (filed, urgency)


# --- photos


def waiting(committing, sent, photo, **facts):
    columns = {"sha256": bytes.fromhex(photo.sha256), "state": "waiting", "storage_key": "originals/k"} | facts
    with committing() as session:
        session.add(
            ReportPhoto(
                report_client_id=sent.client_id, client_id=photo.id, bytes=1000, named=False, stored_at=NOW, **columns
            )
        )  # fmt: skip


def test_a_manifest_promises_its_photos(send, committing):
    photo = promised()
    (answer,) = send(submission(photos=(photo,)))
    assert answer.photos == {photo.id: "promised"}
    stored = only(committing, ReportPhoto)
    assert (stored.named, stored.state, stored.sha256.hex()) == (True, "promised", photo.sha256)
    assert only(committing, Report).photos_promised == 1


def test_a_photo_that_came_first_joins_when_its_manifest_comes(send, committing):
    photo = promised()
    sent = submission(photos=(photo,))
    waiting(committing, sent, photo)
    (answer,) = send(sent)
    assert answer.photos == {photo.id: "stored"}
    stored = only(committing, ReportPhoto)
    assert (stored.named, stored.state, stored.storage_key) == (True, "stored", "originals/k")


@pytest.mark.parametrize(
    "facts", [{"sha256": b"\7" * 32}, {"state": "expired", "storage_key": None}], ids=["another file", "let go"]
)
def test_a_photo_that_came_first_and_is_not_here_any_more_is_asked_for_again(send, committing, facts):
    photo = promised()
    sent = submission(photos=(photo,))
    waiting(committing, sent, photo, **facts)
    (answer,) = send(sent)
    assert answer.photos == {photo.id: "promised"}
    stored = only(committing, ReportPhoto)
    assert (stored.state, stored.storage_key, stored.sha256.hex()) == ("promised", None, photo.sha256)


def test_a_photo_that_no_manifest_names_is_not_told_of(send, committing):
    sent = submission()
    waiting(committing, sent, promised())
    (answer,) = send(sent)
    assert answer.photos == {}
    assert only(committing, ReportPhoto).named is False


# --- the vault


@pytest.fixture
def vault_key(rules):
    """A vault whose private key the test holds."""
    return X25519PrivateKey.generate()


@pytest.fixture
def send_sealed(rules, vault_key):
    """Send to that vault, whose key is number 7."""
    theirs = replace(rules, sealing=SealingKey(7, vault_key.public_key().public_bytes_raw()))
    return lambda one: asyncio.run(on_connection(lambda connection: store(connection, [(one, theirs)])))


def opened(sealed, key, info):
    return Suite(KEM.X25519, KDF.HKDF_SHA256, AEAD.AES_256_GCM).decrypt(sealed.envelope, key, info=info)


def test_a_contact_is_sealed_for_its_report_alone(vault_key, send_sealed, committing):
    send_sealed(submission(contact=CONTACT))
    sealed, stored = only(committing, SealedIdentity), only(committing, Report)
    assert (sealed.report_id, sealed.key_id) == (stored.id, 7)
    for word in CONTACT.values():
        assert word.encode() not in sealed.envelope
        assert word not in str(vars(stored))
    assert json.loads(opened(sealed, vault_key, binding(stored.id))) == CONTACT
    for key, info in ((vault_key, binding(uuid4())), (X25519PrivateKey.generate(), binding(stored.id))):
        with pytest.raises(InvalidTag):
            opened(sealed, key, info)


@pytest.mark.parametrize(
    ("east_m", "band"), [(0, "under_100m"), (95, "under_100m"), (105, "under_1km"), (990, "under_1km"), (1010, "far")]
)
def test_q3_where_the_phone_was_is_sealed_and_only_a_band_is_kept(vault_key, send_sealed, committing, east_m, band):
    there = SentFrom(IN_WEST.lon + east_m / 95_390, IN_WEST.lat, "wgs84", 12.0, NOW)  # metres of a degree at 31.15 N
    send_sealed(submission(sent_from=there))
    sealed, stored = only(committing, SealedIdentity), only(committing, Report)
    assert stored.sent_from == band
    assert json.loads(opened(sealed, vault_key, binding(stored.id))) == {
        "position": {"lon": there.lon, "lat": there.lat, "crs": "wgs84", "accuracy_m": 12.0, "at": NOW.isoformat()}
    }
    if east_m:
        assert str(there.lon) not in str(vars(stored))


def test_q3_without_a_place_of_the_hazard_there_is_no_band(send_sealed, committing):
    there = SentFrom(IN_WEST.lon, IN_WEST.lat, "gcj02", 12.0, None)
    send_sealed(submission(sent_from=there, lon=None, lat=None, crs=None, address="某路"))
    assert only(committing, Report).sent_from is None


def test_a_key_without_the_mark_of_the_installation_is_passed_over(committing, rules):
    """Whoever can write into the database alone must not have new reports sealed to a key of theirs."""
    with committing() as session:
        ours = vault.configured_public()
        session.add(VaultKey(id=1, public=ours, mark=vault.mark_of_key(1, ours), made_at=NOW))
        session.add(VaultKey(id=2, public=b"\2" * 32, mark=vault.mark_of_key(3, b"\2" * 32), made_at=NOW))
        session.flush()
        assert load_rules(session, NOW).sealing == SealingKey(1, ours)
        session.add(VaultKey(id=3, public=b"\3" * 32, mark=vault.mark_of_key(3, b"\3" * 32), made_at=NOW))
        session.flush()
        assert load_rules(session, NOW).sealing == SealingKey(3, b"\3" * 32)


def test_before_the_vault_first_ran_the_configured_key_is_the_first(rules):
    assert rules.sealing == SealingKey(vault.FIRST_KEY, vault.configured_public())


def test_without_a_contact_nothing_is_sealed(send, committing):
    send(submission())
    assert count(committing, SealedIdentity) == 0


@pytest.mark.parametrize(
    "statement",
    [
        "select * from vault.identity",
        "select * from vault.event",
        "insert into vault.key values (2, '', '', now(), null)",
        "select vault.write(gen_random_uuid(), 'x', now(), 'x', '{}')",
        "select envelope from vault.identity",
        "update vault.identity set key_id = 2",
        "delete from vault.identity",
        "insert into vault.identity values (gen_random_uuid(), 1, 1, '', now()) returning report_id",
        'select * from handling."case"',
        "select * from intake.report_case",
        "delete from intake.report",
        "select * from handling.job",
        "select * from handling.account",
    ],
)
def test_q1_whoever_writes_identities_reads_none_and_sees_no_case(statement, rules):
    async def attempt(connection: AsyncConnection[Any]) -> None:
        await connection.execute(statement)

    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        asyncio.run(on_connection(attempt))

"""Rotation: a new key at once, old envelopes after it, whatever is killed; nothing is lost (security.md 3.1.3)."""

import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import func, select, text, update

from cases import history
from cases.models.vault import VaultEvent
from kit.db import VAULT, unit_of_work
from kit.errors import Misconfigured
from kit.settings import settings
from kit.storage import new_data_key
from people.models import SealedIdentity, SealedOriginal, VaultKey
from people.vault import HPKE_X25519, key_in_force, seal_data_key
from tests.make import NOW
from tests.vault.conftest import identity, sealed
from vault import rotation
from vault.keyring import Keyring
from vault.life import seal_anew
from vault.opening import CannotBeOpened, content_of, opened

LATER = NOW + rotation.GRACE


def begin(keyring, now=NOW):
    with unit_of_work(VAULT) as session:
        return rotation.begin(session, keyring, now=now)


def by_key(committing):
    with committing() as session:
        return dict(session.execute(select(SealedIdentity.key_id, func.count()).group_by(SealedIdentity.key_id)).all())


def all_opened(committing, keyring):
    with committing() as session:
        return {each.report_id: opened(keyring, each) for each in session.scalars(select(SealedIdentity))}


def rewrapped(committing):
    with committing() as session:
        return Counter(session.scalars(select(VaultEvent.subject).where(VaultEvent.kind == "rewrapped")))


def test_what_is_new_is_sealed_to_the_new_key_at_once_and_both_open(committing, keyring, put):
    old = put(3)
    key = begin(keyring)
    with unit_of_work("jz_intake") as session:
        assert key_in_force(session) == key
    new = put(2)
    assert by_key(committing) == {1: 3, 2: 2}
    assert all_opened(committing, Keyring(keyring.folder)) == {each: identity(each) for each in old + new}


def test_everything_is_sealed_anew_and_each_time_written_down(committing, keyring, put):
    ids = put(rotation.BATCH * 2 + 5)
    begin(keyring)
    new = put(1)
    assert seal_anew(keyring) == 0
    assert by_key(committing) == {2: len(ids) + 1}
    assert rewrapped(committing) == Counter(ids)
    assert all_opened(committing, keyring) == {each: identity(each) for each in ids + new}
    assert seal_anew(keyring) == 0
    assert rewrapped(committing) == Counter(ids)


def test_killed_in_the_middle_it_goes_on_where_it_was(committing, keyring, put, start):
    """A real vault, killed while it seals anew, twice; under load. Nothing is sealed twice, nothing is lost."""
    ids = put(4000)
    begin(keyring)
    late = []
    for least in (150, 600):
        process = start()
        while sum(rewrapped(committing).values()) < least:
            assert process.poll() is None
            late += put(1)
        process.kill()
        process.wait()
        assert 0 < by_key(committing)[1] < len(ids), "killed in the middle"
        assert len(all_opened(committing, Keyring(keyring.folder))) == len(ids) + len(late)
    start()
    wait_until(lambda: by_key(committing) == {2: len(ids) + len(late)})
    assert rewrapped(committing) == Counter(ids)
    assert all_opened(committing, keyring) == {each: identity(each) for each in ids + late}


def test_two_at_once_take_different_ones(committing, keyring, put):
    ids = put(rotation.BATCH * 3)
    begin(keyring)
    both = [threading.Thread(target=seal_anew, args=(Keyring(keyring.folder),)) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    seal_anew(keyring)
    assert by_key(committing) == {2: len(ids)}
    assert rewrapped(committing) == Counter(ids)


def test_a_rotation_that_is_not_finished_is_not_begun_anew(committing, keyring, put):
    put(1)
    begin(keyring)
    with pytest.raises(rotation.NotFinished):
        begin(keyring)
    seal_anew(keyring)
    assert begin(keyring).id == 3


def test_a_key_that_was_made_before_its_row_was_stored_is_taken(committing, keyring):
    """Killed between the file and the row."""
    public = keyring.add(2)
    key = begin(Keyring(keyring.folder))
    assert (key.id, key.public) == (2, public)
    assert keyring.numbers() == [1, 2]


# --- keys of photos


def photographed(committing, count):
    """The envelopes of so many photos, sealed to the newest key; the photos' ids."""
    with committing() as session:
        key, ids = rotation.current(session), [uuid4() for _ in range(count)]
        session.add_all(
            SealedOriginal(
                storage_key=f"sealed/{each}", photo_id=each, key_id=key.id, alg=HPKE_X25519, created_on=NOW.date(),
                envelope=seal_data_key(key, each, f"sealed/{each}", new_data_key()),
            )
            for each in ids
        )  # fmt: skip
        return ids


def data_keys(committing, keyring):
    with committing() as session:
        return {each.photo_id: content_of(keyring, each) for each in session.scalars(select(SealedOriginal))}


def keys_of_photos(committing):
    with committing() as session:
        counted = select(SealedOriginal.key_id, func.count()).group_by(SealedOriginal.key_id)
        return dict(session.execute(counted).all())


def test_keys_of_photos_follow_whatever_is_killed_and_open_the_same_files(committing, keyring, put, start):
    ids, photos = put(300), photographed(committing, 4000)
    before = data_keys(committing, keyring)
    begin(keyring)
    process = start()
    while keys_of_photos(committing).get(2, 0) < 150:
        assert process.poll() is None
        time.sleep(0.01)
    process.kill()
    process.wait()
    assert 0 < keys_of_photos(committing)[1] < len(photos), "killed in the middle"
    assert data_keys(committing, Keyring(keyring.folder)) == before
    start()
    wait_until(lambda: keys_of_photos(committing) == {2: len(photos)})
    assert data_keys(committing, Keyring(keyring.folder)) == before
    assert rewrapped(committing) == Counter([*ids, *photos])


def test_an_old_key_to_which_a_photo_is_sealed_stays_and_another_rotation_waits(committing, keyring, monkeypatch):
    photographed(committing, 1)
    name_in_settings(monkeypatch, begin(keyring))
    assert retired(committing, LATER) == []
    with pytest.raises(rotation.NotFinished):
        begin(keyring)
    assert seal_anew(keyring) == 0
    assert retired(committing, LATER) == [1]


# --- the end of an old key


def retired(committing, now):
    with committing() as session:
        rotation.retire(session, now=now)
    with committing() as session:
        return list(session.scalars(select(VaultKey.id).where(VaultKey.retired_at.is_not(None)).order_by(VaultKey.id)))


def name_in_settings(monkeypatch, key):
    monkeypatch.setenv("JZ_VAULT_PUBLIC_KEY", key.public.hex())
    settings.cache_clear()


def test_an_old_key_ends_when_nothing_is_sealed_to_it_nobody_seals_to_it_and_no_setting_names_it(
    committing, keyring, put, monkeypatch
):
    put(2)
    key = begin(keyring)
    assert retired(committing, LATER) == []
    name_in_settings(monkeypatch, key)
    assert retired(committing, LATER) == [], "two are sealed to it"
    with unit_of_work(VAULT) as session:
        rotation.advance(session, keyring, rotation.ENVELOPES[0], now=NOW)
    assert retired(committing, LATER - timedelta(seconds=1)) == []
    assert retired(committing, LATER) == [1]
    assert keyring.numbers() == [1, 2], "destroyed only after that is stored"
    seal_anew(keyring)
    assert keyring.numbers() == [2]
    with committing() as session:
        kinds = session.scalars(select(VaultEvent.kind).where(VaultEvent.subject == rotation.log.of_key(1)))
        assert list(kinds) == ["key_made", "key_destroyed"]
        assert key_in_force(session) == key


def test_an_old_key_that_a_setting_names_stays(committing, keyring):
    """Machines fall back to it: what they seal must open."""
    begin(keyring)
    assert retired(committing, LATER) == []


def test_a_retired_key_to_which_something_is_sealed_after_all_is_not_destroyed(committing, keyring, put, monkeypatch):
    name_in_settings(monkeypatch, begin(keyring))
    with committing() as session:
        old = session.get_one(VaultKey, 1)
        session.add(sealed(rotation.SealingKey(old.id, old.public), uuid4()))
        old.retired_at = NOW
    with unit_of_work(VAULT) as session:
        assert list(rotation.useless(session, keyring)) == []
    seal_anew(keyring)
    assert keyring.numbers() == [2]
    assert by_key(committing) == {2: 1}


def test_an_envelope_that_does_not_open_keeps_its_key_and_stops_nobody(committing, keyring, put):
    ids = put(rotation.BATCH + 3)
    torn, moved = ids[0], ids[1]
    with committing() as session:
        session.execute(update(SealedIdentity).where(SealedIdentity.report_id == torn).values(envelope=b"\0" * 80))
        other = session.scalars(select(SealedIdentity.envelope).where(SealedIdentity.report_id == ids[2])).one()
        session.execute(update(SealedIdentity).where(SealedIdentity.report_id == moved).values(envelope=other))
    begin(keyring)
    assert seal_anew(keyring) == 2
    assert by_key(committing) == {1: 2, 2: len(ids) - 2}
    with committing() as session:
        left = session.scalars(select(SealedIdentity).where(SealedIdentity.key_id == 1)).all()
        assert {each.report_id for each in left} == {torn, moved}
        for each in left:
            with pytest.raises(CannotBeOpened):
                opened(keyring, each)
    with pytest.raises(rotation.NotFinished):
        begin(keyring)


# --- the start


def test_a_key_of_another_database_is_refused(committing, keyring, tmp_path):
    other = Keyring(tmp_path / "other")
    other.folder.mkdir()
    other.add(1)
    with unit_of_work(VAULT) as session, pytest.raises(Misconfigured, match="not the one"):
        rotation.register(session, other, now=NOW)


def test_without_its_newest_key_the_vault_does_not_start(committing, keyring):
    begin(keyring)
    (keyring.folder / "private-2.key").unlink()
    with unit_of_work(VAULT) as session, pytest.raises(Misconfigured, match="Key 2"):
        rotation.register(session, Keyring(keyring.folder), now=NOW)


def test_after_the_installation_got_another_secret_the_vault_marks_its_keys_again(committing, keyring):
    with committing() as session:
        session.execute(update(VaultKey).values(mark=b"of another secret"))
    with unit_of_work(VAULT) as session:
        rotation.register(session, keyring, now=NOW)
    with committing() as session:
        assert key_in_force(session).public == keyring.public(1)
        assert session.scalar(select(func.count()).select_from(VaultEvent)) == 1


def test_the_vaults_log_goes_into_the_tree_and_is_audited(committing, keyring, put):
    put(2)
    begin(keyring)
    seal_anew(keyring)
    with committing() as session:
        history.put_in(session, now=NOW)
        session.flush()
        raw = session.connection().connection.driver_connection
        lines = list(history.as_dumped(raw))
        found = history.audit(lines, history.signer().public)
        assert (found.entries, found.size, found.first) == (4, 4, None)
        session.execute(text("set local session_replication_role = replica"))
        session.execute(text("update vault.event set actor = 'nobody' where kind = 'rewrapped'"))
        changed = history.audit(list(history.as_dumped(raw)), history.signer().public)
        assert "the vault's log" in changed.first.about
    left_out = [line for line in lines if not line.startswith("COPY vault.event")]
    assert left_out != lines
    end = next(place for place, line in enumerate(lines) if line.startswith("COPY vault.event"))
    assert history.audit(lines[:end], history.signer().public).first.says.startswith("its entry is gone")


# --- the command


def jz(keyring, *arguments):
    import os  # noqa: PLC0415 - as it is after the fixtures

    return subprocess.run(
        [sys.executable, "-P", "-m", "cli", *arguments],
        env={**os.environ, "JZ_VAULT_KEYS": str(keyring.folder), "PYTHONPATH": "."},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def test_the_command_makes_a_key_and_waits_until_all_is_sealed_to_it(committing, keyring, put, start):
    ids = put(250)
    start()
    done = jz(keyring, "rotate-vault-key")
    assert done.returncode == 0, done.stderr
    assert "everything is sealed to the new key" in done.stdout
    assert by_key(committing) == {2: len(ids)}


def test_the_command_says_that_the_vault_is_needed_and_it_goes_on_later(committing, keyring, put, start):
    ids = put(2)
    done = jz(keyring, "rotate-vault-key")
    assert done.returncode == 1
    assert "2 envelopes wait" in done.stderr
    assert "not finished" in jz(keyring, "rotate-vault-key").stderr
    start()
    wait_until(lambda: by_key(committing) == {2: len(ids)})


def wait_until(holds):
    deadline = time.monotonic() + 90
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)

"""Citizens' photos as they came lie nowhere in clear, and nobody but the vault opens them once they were looked at."""

import hashlib
import threading
from datetime import timedelta
from functools import cache
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import func, select, text, update

from cases.models.job import Job
from cases.models.report import PhotoKey, ReportPhoto
from cases.models.vault import VaultEvent
from kit.db import unit_of_work
from kit.settings import settings
from kit.storage import DoesNotOpen, Opened, store
from people import vault
from people.models import SealedOriginal
from tests import make
from tests.kit.photos import SECRET, encoded, exif, grainy
from tests.make import NOW
from tests.sealing import sealed_photo
from workers import originals, photos, reconciling, sweeps

LATER = NOW + timedelta(hours=1)


@cache
def phone_photo(seed=1):
    return encoded(grainy(320 + seed, 240), "JPEG", exif=exif(telling=True))


def in_clear(session, content, *, state="clean", named=True):
    """A photo as releases before 0051 have kept it."""
    key = f"originals/ab/{uuid4().hex}"
    store().put(key, [content], limit_bytes=len(content))
    report = make.report(session, state="in_review")
    photo = ReportPhoto(
        report_client_id=report.client_id, client_id=uuid4(), sha256=hashlib.sha256(content).digest(),
        bytes=len(content), named=named, state=state, storage_key=key, stored_at=NOW,
    )  # fmt: skip
    session.add(photo)
    session.flush()
    return photo


def root():
    return Path(settings().storage_url.removeprefix("file://"))


def telling():
    """Files in the store, finished or not, and in the scratch folder, in which the canary lies."""
    folders = (root(), settings().scratch)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file() and SECRET in path.read_bytes()]


def keys_of(session, table):
    return set(session.scalars(select(table.storage_key)))


def jobs(session, step):
    return session.scalars(select(Job).where(Job.step == step, Job.done_at.is_(None)).order_by(Job.id)).all()


# --- the one look


def test_after_the_look_only_the_vault_has_the_key_and_nothing_in_clear_was_written(session):
    photo = sealed_photo(session, make.report(session), phone_photo())
    seen = []
    with originals.in_memory(session, photo) as path:
        seen.append(path.read_bytes())
        assert telling() == []
    assert seen == [phone_photo()]

    photos.clean_report_photo(session, photo.id, now=NOW)

    assert photo.state == "clean"
    assert (keys_of(session, PhotoKey), keys_of(session, SealedOriginal)) == (set(), {photo.storage_key})
    with store().open(photo.storage_key) as file:
        assert hashlib.sha256(file.read()).digest() == photo.sealed_sha256
    assert telling() == []
    for key in (photo.large_key, photo.small_key):
        with store().open(key) as copy:
            assert copy.read(3) == b"\xff\xd8\xff", "the clean copies are there to be seen"


def test_no_picture_is_found_in_the_store_outside_its_clean_copies(session):
    before = {path for path in root().rglob("*") if path.is_file()}
    for kind in ("JPEG", "PNG", "WEBP"):
        content = encoded(grainy(), kind, exif=exif(telling=True))
        photo = sealed_photo(session, make.report(session), content)
        photos.clean_report_photo(session, photo.id, now=NOW)
        assert photo.state == "clean"
    fresh = {path for path in root().rglob("*") if path.is_file()} - before
    sealed = {path for path in fresh if path.relative_to(root()).parts[0] == "sealed"}
    assert len(sealed) == 3
    assert {path.relative_to(root()).parts[0] for path in fresh - sealed} == {"clean"}
    for path in sealed:
        for magic in (b"\xff\xd8\xff", b"Exif", b"\x89PNG", b"WEBP", SECRET):
            assert magic not in path.read_bytes()


def test_a_photo_that_cannot_be_shown_is_kept_by_the_vault_alone_as_well(session):
    photo = sealed_photo(session, make.report(session), phone_photo()[:2000])
    photos.clean_report_photo(session, photo.id, now=NOW)
    assert photo.state == "rejected"
    assert (keys_of(session, PhotoKey), keys_of(session, SealedOriginal)) == (set(), {photo.storage_key})


def test_a_sealed_file_that_was_exchanged_is_not_looked_at(session):
    """Its job fails and is given up; ./jz check then tells."""
    mine, other = (sealed_photo(session, make.report(session), phone_photo(seed)) for seed in (1, 2))
    with store().open(other.storage_key) as file:
        content = file.read()
    store().delete(mine.storage_key)
    store().put(mine.storage_key, [content], limit_bytes=len(content))
    with pytest.raises(DoesNotOpen):
        photos.clean_report_photo(session, mine.id, now=NOW)
    assert mine.large_key is None


def test_the_workers_key_of_another_photo_is_of_no_use(session):
    mine, other = (sealed_photo(session, make.report(session), phone_photo(seed)) for seed in (1, 2))
    wrapped = session.get_one(PhotoKey, other.storage_key).wrapped
    session.execute(update(PhotoKey).where(PhotoKey.storage_key == mine.storage_key).values(wrapped=wrapped))
    session.expire_all()
    with pytest.raises(InvalidTag), originals.in_memory(session, mine):
        pass


# --- what an older release left in clear


def test_what_lies_in_clear_is_sealed_and_goes_only_once_that_is_stored(session):
    content = phone_photo()
    photo = in_clear(session, content)
    clear = photo.storage_key

    originals.seal_originals(session, now=NOW)

    assert photo.storage_key.startswith("sealed/")
    assert store().exists(clear), "whoever is killed here loses nothing"
    assert session.get_one(SealedOriginal, photo.storage_key).photo_id == photo.id
    assert keys_of(session, PhotoKey) == set(), "it was looked at long ago"
    (job,) = jobs(session, "drop_file")
    originals.drop_file(session, **job.args)
    originals.drop_file(session, **job.args)
    assert not store().exists(clear)
    with store().open(photo.storage_key) as file:
        assert hashlib.sha256(file.read()).digest() == photo.sealed_sha256
    originals.seal_originals(session, now=NOW)
    assert len(jobs(session, "drop_file")) == 1


@pytest.mark.parametrize("state", ["stored", "waiting"])
def test_what_nobody_has_looked_at_can_still_be_looked_at(session, state):
    photo = in_clear(session, phone_photo(), state=state, named=state == "stored")
    originals.seal_originals(session, now=NOW)
    key = session.get_one(PhotoKey, photo.storage_key)
    with store().open(photo.storage_key) as file:
        content = b"".join(Opened(file, key.storage_key, vault.kept_for_worker(key.storage_key, key.wrapped)))
    assert content == phone_photo()
    with originals.in_memory(session, photo) as path:
        assert path.read_bytes() == phone_photo()


def test_a_photo_that_came_before_the_update_is_made_ready_whichever_job_is_first(session):
    photo = in_clear(session, phone_photo(), state="stored")
    photos.clean_report_photo(session, photo.id, now=NOW)
    assert photo.state == "clean"
    originals.seal_originals(session, now=NOW)
    assert (photo.storage_key.startswith("sealed/"), keys_of(session, PhotoKey)) == (True, set())


def test_more_than_a_round_takes_goes_on_where_it_stopped(session, monkeypatch):
    monkeypatch.setattr(originals, "AT_ONCE", 2)
    made = [in_clear(session, phone_photo(seed)) for seed in range(5)]
    rounds, after = 0, {}
    while after is not None:
        originals.seal_originals(session, now=NOW, **after)
        rounds += 1
        waiting = jobs(session, "seal_originals")
        after = waiting[-1].args if len(waiting) == rounds else None
    assert rounds == 3
    assert all(photo.storage_key.startswith("sealed/") for photo in made)


def test_one_that_is_lost_or_is_not_what_came_does_not_stop_the_others(session):
    lost, altered, good = (in_clear(session, phone_photo(seed)) for seed in range(3))
    store().delete(lost.storage_key)
    store().delete(altered.storage_key)
    store().put(altered.storage_key, [b"y"], limit_bytes=9)
    originals.seal_originals(session, now=NOW)
    assert [each.storage_key.split("/")[0] for each in (lost, altered, good)] == ["originals", "originals", "sealed"]
    assert len(jobs(session, "drop_file")) == 1


class Killed(BaseException):
    """The process ends here."""


def test_killed_in_the_middle_nothing_is_lost_and_another_try_finishes(committing, monkeypatch):
    with committing() as session:
        photo = in_clear(session, phone_photo())
        photo_id, clear = photo.id, photo.storage_key

    def die(*_args, **_more):
        raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(originals.trail, "enqueue", die)
        with pytest.raises(Killed), unit_of_work("jz_worker") as session:
            originals.seal_originals(session, now=NOW)
    with committing() as session:
        assert session.scalars(select(ReportPhoto.storage_key)).one() == clear
        assert keys_of(session, SealedOriginal) == set()
    assert store().exists(clear)

    with unit_of_work("jz_worker") as session:
        originals.seal_originals(session, now=NOW)
    with unit_of_work("jz_worker") as session:
        (args,) = session.scalars(select(Job.args).where(Job.step == "drop_file"))
        originals.drop_file(session, **args)
    with committing() as session:
        photo = session.scalars(select(ReportPhoto).where(ReportPhoto.id == photo_id)).one()
        assert (photo.storage_key.startswith("sealed/"), store().exists(clear)) == (True, False)


def test_two_at_once_seal_each_photo_once(committing):
    with committing() as session:
        ids = {in_clear(session, phone_photo(seed)).id for seed in range(6)}

    def seal():
        with unit_of_work("jz_worker") as session:
            originals.seal_originals(session, now=NOW)

    both = [threading.Thread(target=seal) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join()
    seal()
    with committing() as session:
        assert set(session.scalars(select(SealedOriginal.photo_id))) == ids
        assert session.scalar(select(func.count()).select_from(SealedOriginal)) == len(ids)
        named = set(session.scalars(select(ReportPhoto.storage_key)))
        assert keys_of(session, SealedOriginal) == named


# --- letting go


def test_a_photo_whose_report_never_came_goes_with_its_envelope_and_the_vaults_log_says_so(session):
    photo = sealed_photo(session, make.report(session), phone_photo(), state="waiting")
    photo.stored_at, key = NOW - timedelta(days=8), photo.storage_key
    sweeps.expire_photos(session, now=NOW)
    assert (photo.state, photo.storage_key, store().exists(key)) == ("expired", None, False)
    assert keys_of(session, PhotoKey) == keys_of(session, SealedOriginal) == set()
    told = session.execute(select(VaultEvent.subject, VaultEvent.kind)).all()
    assert [tuple(each) for each in told] == [(photo.id, "photo_erased")]


def test_a_copy_of_the_file_does_not_open_any_more_once_its_envelope_is_gone(session):
    """What backups of the store still hold is of no use to anybody."""
    photo = sealed_photo(session, make.report(session), phone_photo(), state="clean")
    with store().open(photo.storage_key) as file:
        copy = file.read()
    sweeps.photos.let_go_of_original(session, photo)
    assert SECRET not in copy
    assert keys_of(session, SealedOriginal) == keys_of(session, PhotoKey) == set()


def test_an_envelope_whose_file_no_photo_names_goes_with_the_orphans(session):
    photo = sealed_photo(session, make.report(session), phone_photo())
    kept = sealed_photo(session, make.report(session), phone_photo())
    photo.storage_key = None  # another content was announced under its id
    session.flush()
    sweeps.retention.let_go_of_orphans(session, now=NOW)
    assert keys_of(session, PhotoKey) == keys_of(session, SealedOriginal) == {kept.storage_key}


# --- the check


def told(session, **how):
    return {each.says: each.times for each in reconciling.gaps(session, store(), now=NOW, contents=True, **how)}


def test_the_check_names_photos_in_clear_and_sealed_ones_that_nobody_can_open_and_mends_what_it_can(session):
    clear = in_clear(session, phone_photo())
    lost = sealed_photo(session, make.report(session, state="in_review"), phone_photo(), state="clean")
    session.execute(text("delete from vault.original"))
    found = told(session)
    assert found["citizens' photos lie in clear"] == 1
    assert found["citizens' photos have no envelope, and nobody can open them"] == 1
    assert reconciling.mend(session, now=NOW) >= 1
    originals.seal_originals(session, now=NOW)
    assert "citizens' photos lie in clear" not in told(session)
    assert clear.storage_key != lost.storage_key


def test_the_check_compares_sealed_files_without_any_key(session):
    photo = sealed_photo(session, make.report(session, state="in_review"), phone_photo(), state="clean")
    assert not [says for says in told(session) if photo.storage_key in says]
    with store().open(photo.storage_key) as file:
        content = file.read()
    store().delete(photo.storage_key)
    store().put(photo.storage_key, [content[:-1] + b"\0"], limit_bytes=len(content))
    assert f"file is not what came: {photo.storage_key}" in told(session)

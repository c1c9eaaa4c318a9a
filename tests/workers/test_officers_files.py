"""Officers' pictures and scans lie nowhere in clear, and open to whoever may read the row of them (ADR 0027)."""

import hashlib
from pathlib import Path
from uuid import uuid4

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from cases.models.handling import Picture
from cases.models.job import Job
from cases.models.paper import Scan
from cli import kept_files
from kit.settings import settings
from kit.storage import DoesNotOpen, open_kept, store
from tests import make
from tests.kit.photos import SECRET, encoded, exif, grainy
from tests.make import NOW
from workers import originals, paper, photos, reconciling

PDF = b"%PDF-1.7\n" + b"signed and stamped " * 9000


def telling():
    folders = (Path(settings().storage_url.removeprefix("file://")), settings().scratch)
    return [path for folder in folders for path in folder.rglob("*") if path.is_file() and SECRET in path.read_bytes()]


def photo(seed=1):
    return encoded(grainy(320 + seed, 240), "JPEG", exif=exif(telling=True))


def in_clear(session, content, table, **facts):
    """A file as older releases have kept it."""
    case = make.case(session)
    who = make.officer(session, make.org(session, "town"))
    key = f"originals/ab/{uuid4().hex}"
    store().put(key, [content], limit_bytes=len(content))
    row = table(
        case_id=case.id, account_id=who.account_id, received_at=NOW, sha256=hashlib.sha256(content).digest(),
        storage_key=key, **{"state": "clean", **facts},
    )  # fmt: skip
    session.add(row)
    session.flush()
    return row


def picture(session, content, **facts):
    return in_clear(session, content, Picture, role="near", **facts)


def scan(session, content, **facts):
    return in_clear(session, content, Scan, kind="other", bytes_=len(content), **{"media": "pdf", **facts})


def content_of(row):
    return b"".join(open_kept(store(), row.storage_key, row.wrapped))


def done(session):
    """Do the waiting jobs of sealing and dropping, as the relay would, until none is left."""
    while jobs := session.scalars(select(Job).where(Job.done_at.is_(None)).order_by(Job.id)).all():
        for job in jobs:
            job.done_at = NOW
            if job.step == "seal_originals":
                originals.seal_originals(session, **job.args, now=NOW)
            elif job.step == "drop_file":
                originals.drop_file(session, **job.args)
        session.flush()


def test_what_an_older_release_left_in_clear_is_sealed_table_by_table_past_what_is_lost(session, monkeypatch):
    monkeypatch.setattr(originals, "AT_ONCE", 2)
    contents = [photo(seed) for seed in range(5)]
    taken = [picture(session, content) for content in contents]
    signed = scan(session, PDF)
    store().delete(taken[2].storage_key)
    clear = [row.storage_key for row in (*taken, signed)]
    originals.seal_originals(session, now=NOW)
    done(session)
    sealed = [row for row in (*taken, signed) if row is not taken[2]]
    assert all(row.storage_key.startswith("sealed/") for row in sealed)
    assert taken[2].storage_key == clear[2]
    assert not any(store().exists(key) for key in clear)
    assert [content_of(row) for row in sealed] == [contents[n] for n in (0, 1, 3, 4)] + [PDF]
    assert telling() == []
    gaps = {gap.says: gap.times for gap in reconciling.gaps(session, store(), now=NOW, contents=True)}
    assert gaps["officers' pictures lie in clear"] == 1
    assert "scanned papers lie in clear" not in gaps
    assert not any(row.storage_key in says for row in sealed for says in gaps)


def test_a_sealed_picture_and_a_sealed_scan_get_their_clean_copies_on_no_disk(session):
    shot, leaf = picture(session, photo(), state="stored"), scan(session, photo(2), media="image", state="stored")
    originals.seal_originals(session, now=NOW)
    done(session)
    photos.clean_picture(session, shot.id)
    paper.clean_scan(session, leaf.case_id, now=NOW)
    assert (shot.state, leaf.state) == ("clean", "clean")
    assert store().exists(shot.large_key)
    assert store().exists(leaf.large_key)
    assert telling() == []


def test_a_key_opens_its_own_file_alone_and_a_changed_file_does_not_open(session):
    one, other = picture(session, photo(1)), picture(session, photo(2))
    originals.seal_originals(session, now=NOW)
    done(session)
    with pytest.raises(InvalidTag):
        list(open_kept(store(), one.storage_key, other.wrapped))
    with store().open(one.storage_key) as file:
        lies = file.read()
    store().delete(one.storage_key)
    store().put(one.storage_key, [lies[:-1] + b"\0"], limit_bytes=len(lies))
    with pytest.raises(DoesNotOpen):
        content_of(one)


def test_the_keys_follow_a_secret_that_is_changed_on_purpose(committing, monkeypatch):
    before = settings().secret_key.get_secret_value()
    with committing() as session:
        row = scan(session, PDF)
        originals.seal_originals(session, now=NOW, of="scan")
        session.flush()
        id_, key, wrapped = row.id, row.storage_key, row.wrapped
    assert kept_files.follow("another " * 4) == 0  # it opens already
    monkeypatch.setenv("JZ_SECRET_KEY", "changed on purpose " * 2)
    settings.cache_clear()
    try:
        with pytest.raises(InvalidTag):
            list(open_kept(store(), key, wrapped))
        assert kept_files.follow("another " * 4) == 1
        assert kept_files.follow(before) == 0
        with committing() as session:
            assert content_of(session.get_one(Scan, id_)) == PDF
    finally:
        monkeypatch.undo()
        settings.cache_clear()

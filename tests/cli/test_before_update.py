"""The backup before an update keeps the files as well: by a second name, or by a list where that cannot be."""

import hashlib
import json
import shutil
import tempfile
from pathlib import Path
from uuid import uuid4

import pytest

from cases.models.handling import Picture
from cli.backups.archive import Archive
from cli.backups.put_back import check_files
from cli.backups.take import take
from cli.refusal import CannotGoOn
from kit.storage import store
from tests import make
from tests.make import NOW

CONTENT = b"as it came " * 999


@pytest.fixture
def elsewhere():
    """A folder on another filesystem than the storage's."""
    folder = Path(tempfile.mkdtemp(prefix="jz-elsewhere-", dir="/dev/shm"))
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def keys(committing):
    """Of a file in clear, of a clean copy whose hash no row tells, and of one that is lost."""
    made = [f"{folder}/ab/{uuid4().hex}" for folder in ("originals", "clean", "clean")]
    for key in made[:2]:
        store().put(key, [CONTENT], limit_bytes=len(CONTENT))
    with committing() as session:
        case = make.case(session)
        session.add(
            Picture(
                case_id=case.id, role="near", received_at=NOW, sha256=hashlib.sha256(CONTENT).digest(), state="clean",
                storage_key=made[0], large_key=made[1], small_key=made[2],
            )
        )  # fmt: skip
    yield made
    for key in made:
        store().delete(key)


def test_files_beside_get_a_second_name_that_outlives_the_first(keys, tmp_path):
    manifest = take(tmp_path / "kept", beside=True)
    assert (manifest.has_files, manifest.beside, manifest.files, manifest.lost) == (True, True, 2, [keys[2]])
    for key in keys[:2]:
        store().delete(key)  # as the release after does with what it has sealed
    archive = Archive(tmp_path / "kept")
    told = {each.key: each for each in archive.files()}
    assert told.keys() == set(keys[:2])
    for key, each in told.items():
        with archive.store.open(key) as file:
            assert file.read() == CONTENT
        assert (each.sha256, each.bytes) == (hashlib.sha256(CONTENT).hexdigest(), len(CONTENT))


def test_where_files_lie_elsewhere_the_backup_lists_them_and_is_not_put_back_without_them(keys, elsewhere):
    manifest = take(elsewhere / "kept", beside=True)
    archive = Archive(elsewhere / "kept")
    assert (manifest.has_files, manifest.lost) == (False, [keys[2]])
    assert json.loads(archive.path("manifest.json").read_text())["hashes"].keys() >= {"files.txt", "database.dump"}
    assert {each.key: each.sha256 for each in archive.files()} == {
        keys[0]: hashlib.sha256(CONTENT).hexdigest(), keys[1]: "-",
    }  # fmt: skip
    check_files(archive, archive.manifest())
    store().delete(keys[1])
    with pytest.raises(CannotGoOn, match=f"lacks 1 files.*{keys[1]}"):
        check_files(archive, archive.manifest())

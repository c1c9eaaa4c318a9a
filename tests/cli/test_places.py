"""Private folders are private, and sockets fit into their 107 bytes."""

import os

import pytest

from cli.places import Places, private_folder
from cli.refusal import CannotGoOn


def test_sockets_lie_in_the_checkout_when_its_path_is_short(tmp_path):
    assert Places(tmp_path).sockets == tmp_path / ".local" / "run"


@pytest.mark.parametrize("name", ["a" * 90, "警钟", "with space", "per%cent"])
def test_sockets_lie_in_a_short_plain_folder_otherwise(tmp_path, name, monkeypatch):
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1000")  # goes away at logout, and is not set in every shell
    places = Places(tmp_path / name)

    assert len(os.fsencode(places.sockets / ".s.PGSQL.5432.lock")) < 107
    assert not places.sockets.is_relative_to("/run/user/1000")
    assert places.sockets != Places(tmp_path / "other" / name).sockets


def test_everything_made_may_be_entered_by_its_owner_only(tmp_path):
    places = Places(tmp_path)

    places.make()

    for folder in (places.local, places.log, places.run, places.storage, places.scratch):
        assert folder.stat().st_mode & 0o777 == 0o700


def test_a_link_that_somebody_put_there_is_refused(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")

    with pytest.raises(CannotGoOn, match="is no folder"):
        private_folder(tmp_path / "link")


@pytest.mark.skipif(os.getuid() != 0, reason="only root can give a folder away")
def test_a_folder_of_somebody_else_is_refused(tmp_path):
    (tmp_path / "theirs").mkdir()
    os.chown(tmp_path / "theirs", 12345, 12345)

    with pytest.raises(CannotGoOn, match="belongs to user 12345"):
        private_folder(tmp_path / "theirs")


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("")

    with pytest.raises(CannotGoOn, match="cannot be made"):
        private_folder(tmp_path / "file" / "folder")

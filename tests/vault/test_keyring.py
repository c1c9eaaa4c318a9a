"""The private keys lie in files that nobody else can read; a key is on the disk before anything is sealed to it."""

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat

from kit.errors import Misconfigured
from vault.keyring import KeyMissing, Keyring


@pytest.fixture
def keyring(tmp_path):
    return Keyring(tmp_path)


def test_a_new_key_is_readable_by_its_owner_only_and_found_by_whoever_opens_the_folder_next(keyring, tmp_path):
    public = {number: keyring.add(number) for number in (1, 2, 30)}

    assert sorted(path.name for path in tmp_path.iterdir()) == ["private-2.key", "private-30.key", "private.key"]
    assert all(path.stat().st_mode & 0o777 == 0o400 for path in tmp_path.iterdir())
    assert dict(Keyring(tmp_path).pairs()) == public


def test_files_that_are_no_keys_are_left_alone(keyring, tmp_path):
    for name in ("password", "private-1x.key", "private-0.key", "private-2.unfinished", "private-2.key.old"):
        (tmp_path / name).write_text("no key")
    assert keyring.numbers() == []


def test_a_key_is_never_written_over(keyring):
    before = keyring.add(2)
    with pytest.raises(FileExistsError):
        keyring.add(2)
    assert keyring.public(2) == before


def test_a_destroyed_key_is_gone(keyring, tmp_path):
    keyring.add(2)
    keyring.destroy(2)
    keyring.destroy(2)
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(KeyMissing):
        keyring.private(2)


@pytest.mark.parametrize("mode", [0o440, 0o404, 0o640])
def test_a_key_that_others_can_read_is_refused(keyring, tmp_path, mode):
    keyring.add(1)
    (tmp_path / "private.key").chmod(mode)
    with pytest.raises(Misconfigured, match="0400"):
        Keyring(tmp_path).private(1)


@pytest.mark.parametrize("content", ["", "00", "zz" * 32, "0" * 63, "-----BEGIN X-----"])
def test_a_file_that_holds_no_key_is_told_without_its_content(keyring, tmp_path, content):
    path = tmp_path / "private.key"
    path.write_text(content)
    path.chmod(0o400)
    with pytest.raises(Misconfigured) as told:
        keyring.private(1)
    assert not content or content not in str(told.value)


def test_with_a_passphrase_no_key_lies_there_in_the_open(tmp_path):
    public = Keyring(tmp_path, b"a passphrase").add(1)

    assert b"ENCRYPTED" in (tmp_path / "private.key").read_bytes()
    assert Keyring(tmp_path, b"a passphrase").public(1) == public
    for wrong in (b"", b"another"):
        with pytest.raises(Misconfigured, match="PASSPHRASE"):
            Keyring(tmp_path, wrong).private(1)


def test_a_key_of_another_kind_is_refused(keyring, tmp_path):
    other = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"p"))
    path = tmp_path / "private.key"
    path.write_bytes(other)
    path.chmod(0o400)
    with pytest.raises(Misconfigured, match="not a key"):
        Keyring(tmp_path, b"p").public(1)


def test_the_first_key_of_earlier_installations_is_read_as_it_is(keyring, tmp_path):
    key = X25519PrivateKey.generate()
    (tmp_path / "private.key").write_text(key.private_bytes_raw().hex())
    (tmp_path / "private.key").chmod(0o400)
    assert keyring.public(1) == key.public_key().public_bytes_raw()


def test_a_folder_that_is_not_there_is_told(tmp_path):
    with pytest.raises(Misconfigured, match="cannot be read"):
        Keyring(tmp_path / "nowhere").numbers()

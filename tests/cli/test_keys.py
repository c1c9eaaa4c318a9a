"""Secrets are made once, readable by their owner only, and the vault's go to the vault alone."""

import shutil

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from cli import environment
from cli.keys import OWNER_PASSWORD, secrets_of
from cli.places import Places
from cli.processes import NEEDED, VAULTS
from cli.refusal import CannotGoOn


@pytest.fixture
def places(tmp_path):
    made = Places(tmp_path)
    made.make()
    return made


def test_they_are_made_only_when_asked_for_and_only_once(places):
    assert secrets_of(places) == {}

    made = secrets_of(places, make=True)

    assert secrets_of(places, make=True) == made == secrets_of(places)
    assert len(made["JZ_SECRET_KEY"]) >= 32


def test_only_the_owner_may_read_them(places):
    secrets_of(places, make=True)

    assert (places.local / "secrets").stat().st_mode & 0o777 == 0o600
    assert (places.local / "vault").stat().st_mode & 0o777 == 0o700
    assert (places.local / "vault" / "private.key").stat().st_mode & 0o777 == 0o400


def test_the_public_key_belongs_to_the_private_one_that_no_process_gets(places):
    made = secrets_of(places, make=True)

    private = (places.local / "vault" / "private.key").read_text()

    key = X25519PrivateKey.from_private_bytes(bytes.fromhex(private))
    assert key.public_key().public_bytes_raw().hex() == made["JZ_VAULT_PUBLIC_KEY"]
    assert private not in str(environment.installation(places, {}))


def test_the_vault_has_a_password_and_a_folder_that_stand_in_no_setting_of_others(places):
    secrets_of(places, make=True)

    found = environment.installation(places, {}, make=True)

    assert found.vault == {
        "JZ_VAULT_KEYS": str(places.local / "vault"),
        "JZ_VAULT_PASSWORD": found.vault["JZ_VAULT_PASSWORD"],
    }
    assert len(found.vault["JZ_VAULT_PASSWORD"]) >= 32
    assert (places.local / "vault" / "password").stat().st_mode & 0o777 == 0o400
    assert environment.installation(places, {}).vault == found.vault
    assert not set(found.settings) & set(VAULTS)
    assert found.vault["JZ_VAULT_PASSWORD"] not in str(found.settings)


def test_an_installation_of_before_the_vault_gets_its_password_and_keeps_its_key(places):
    made = secrets_of(places, make=True)
    (places.local / "vault" / "password").unlink(missing_ok=True)

    found = environment.installation(places, {}, make=True)

    assert found.vault["JZ_VAULT_PASSWORD"]
    assert secrets_of(places) == made


def test_where_the_folder_was_moved_away_there_is_no_vault_and_no_new_key(places):
    secrets_of(places, make=True)
    shutil.rmtree(places.local / "vault")

    assert environment.installation(places, {}, make=True).vault == {}
    assert not (places.local / "vault").exists()


@pytest.mark.parametrize("how", ["environment", ".env"])
def test_a_password_that_somebody_says_goes_to_the_vault_alone(places, how):
    if how == ".env":
        (places.root / ".env").write_text(f"JZ_VAULT_PASSWORD={'ab' * 16}\n")
    said = {"JZ_VAULT_PASSWORD": "ab" * 16} if how == "environment" else {}

    found = environment.installation(places, said, make=True)

    assert found.vault["JZ_VAULT_PASSWORD"] == "ab" * 16
    assert "ab" * 16 not in str(found.settings)


def test_losing_the_secrets_file_does_not_change_the_vault_key(places):
    before = secrets_of(places, make=True)["JZ_VAULT_PUBLIC_KEY"]
    (places.local / "secrets").unlink()

    assert secrets_of(places, make=True)["JZ_VAULT_PUBLIC_KEY"] == before


def test_losing_the_secrets_file_after_a_rotation_keeps_the_newest_key(places):
    secrets_of(places, make=True)
    newest = X25519PrivateKey.generate()
    (places.local / "vault" / "private-10.key").write_text(newest.private_bytes_raw().hex())
    (places.local / "vault" / "private-9.key").write_text(X25519PrivateKey.generate().private_bytes_raw().hex())
    (places.local / "secrets").unlink()

    assert secrets_of(places, make=True)["JZ_VAULT_PUBLIC_KEY"] == newest.public_key().public_bytes_raw().hex()


def test_an_encrypted_key_is_not_taken_for_none(places):
    secrets_of(places, make=True)
    (places.local / "vault" / "private-2.key").write_text("-----BEGIN ENCRYPTED PRIVATE KEY-----")
    (places.local / "secrets").unlink()

    with pytest.raises(CannotGoOn, match="encrypted"):
        secrets_of(places, make=True)


def test_a_fresh_checkout_has_no_settings_of_its_own(places):
    found = environment.installation(places, {"DATABASE_URL": "postgresql://there", "HOME": "/root"})

    assert found.settings == {"DATABASE_URL": "postgresql://there"}
    assert found.postgres is None
    assert found.redis is None


def test_the_private_parts_give_every_setting_that_processes_need(places):
    found = environment.installation(places, {}, make=True)

    assert set(NEEDED) <= set(found.settings)
    assert OWNER_PASSWORD not in found.settings
    assert found.postgres is not None
    assert found.redis is not None
    assert found.settings["STORAGE_URL"] == places.storage.as_uri()


@pytest.mark.parametrize("how", ["environment", ".env"])
@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "postgresql://u:p@db.example/x"),
        ("REDIS_URL", "redis://r.example/0"),
        ("STORAGE_URL", "s3://photos"),
        ("JZ_SECRET_KEY", "k" * 40),
    ],
)
def test_each_part_can_be_replaced_alone(places, name, value, how):
    if how == ".env":
        (places.root / ".env").write_text(f"{name}={value}\n")
    said = {name: value} if how == "environment" else {}

    found = environment.installation(places, said, make=True)

    assert found.settings[name] == value
    assert (found.postgres is None) is (name == "DATABASE_URL")
    assert (found.redis is None) is (name == "REDIS_URL")
    assert set(NEEDED) <= set(found.settings)


def test_the_environment_wins_over_the_file_and_an_empty_value_says_nothing(places):
    (places.root / ".env").write_text("REDIS_URL=redis://file/0\nJZ_LOG_LEVEL=DEBUG\nSTORAGE_URL=\n")

    found = environment.installation(places, {"REDIS_URL": "redis://said/0", "JZ_LOG_LEVEL": ""}, make=True)

    assert found.settings["REDIS_URL"] == "redis://said/0"
    assert found.settings["JZ_LOG_LEVEL"] == "DEBUG"
    assert found.settings["STORAGE_URL"] == places.storage.as_uri()

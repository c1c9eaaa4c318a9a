"""docker-compose.yml runs the very processes that `./jz up` runs, with the same settings and no secret in the file."""

import os
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path

import pytest
import yaml

from cli import postgres
from cli.alive import CHECKS
from cli.app import COMMANDS
from cli.processes import MIGRATE, NEEDED, NO_DOCSTRINGS, PROCESSES, SEED, VAULTS
from kit.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docker-compose.yml").read_text()
FILE = yaml.safe_load(TEXT)
SERVICES = FILE["services"]
SERVERS = {"postgis", "redis"}
OURS = {process.name: process for process in (MIGRATE, SEED, *PROCESSES)}
LASTING = {process.name for process in PROCESSES}
GIVEN = {
    "POSTGRES_PASSWORD": "given", "JZ_SECRET_KEY": "k" * 64, "JZ_VAULT_PUBLIC_KEY": "0" * 64,
    "JZ_VAULT_PASSWORD": "0" * 32,
}  # fmt: skip


ELSEWHERE = {
    "DATABASE_URL": "postgresql://elsewhere/x", "DATABASE_OWNER_URL": "postgresql://u:p@elsewhere/x",
}  # fmt: skip


def compose(*arguments, **given):
    """The real compose program; its Python wrapper would lose the exit status."""
    program = Path(next(iter(find_spec("compose").submodule_search_locations))) / "docker-compose"
    environment = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **given}
    command = [program, "--project-directory", ROOT, "--env-file", "/dev/null", "-f", ROOT / "docker-compose.yml"]
    return subprocess.run(
        [*command, *arguments], env=environment, capture_output=True, text=True, check=False, timeout=60
    )


def test_its_services_are_the_processes_of_the_table_and_the_two_servers():
    assert set(SERVICES) == SERVERS | set(OURS)


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_process_has_the_command_of_the_table(name):
    assert SERVICES[name]["command"] == OURS[name].command.split()
    assert SERVICES[name]["command"][0] in COMMANDS


@pytest.mark.parametrize("name", sorted(OURS))
def test_each_process_gets_every_setting_but_the_secrets_of_others_and_nothing_else(name):
    given = set(SERVICES[name]["environment"])

    everybodys = {field.alias for field in Settings.model_fields.values()} - set(VAULTS)
    assert given == everybodys | set(OURS[name].secrets) | set(OURS[name].environment)
    assert {name: SERVICES["api"]["environment"][name] for name in NO_DOCSTRINGS} == NO_DOCSTRINGS
    assert set(NEEDED) <= given


@pytest.mark.parametrize("name", sorted(LASTING))
def test_each_lasting_process_waits_for_the_migration_and_is_asked_whether_it_works(name):
    service = SERVICES[name]

    assert service["depends_on"]["migrate"] == {"condition": "service_completed_successfully"}
    asked = service["healthcheck"]["test"][5:]
    assert asked == (["ready"] if name == "api" else ["alive", name])
    assert asked[0] in COMMANDS
    assert service["restart"] == "unless-stopped"


@pytest.mark.parametrize("name", sorted(LASTING))
def test_each_lasting_process_has_the_time_to_end_that_the_supervisor_gives(name):
    assert SERVICES[name]["stop_grace_period"] == f"{OURS[name].stop_seconds}s"


@pytest.mark.parametrize("name", sorted(set(OURS) - LASTING))
def test_what_ends_is_not_started_again(name):
    assert OURS[name].ends
    assert SERVICES[name]["restart"] == "no"


def test_everything_without_an_address_can_be_asked_whether_it_works():
    assert set(CHECKS) == LASTING - {"api"}


def test_the_database_runs_with_the_settings_of_the_private_one():
    flags = SERVICES["postgis"]["command"][2::2]

    assert dict(flag.split("=") for flag in flags) == dict(postgres.DURABLE)
    assert SERVICES["postgis"]["environment"]["POSTGRES_USER"] == postgres.OWNER
    assert "scram-sha-256" in SERVICES["postgis"]["environment"]["POSTGRES_INITDB_ARGS"]


def test_the_servers_are_reached_from_inside_only_and_keep_their_data():
    for name in SERVERS:
        assert SERVICES[name]["networks"] == ["inside"]
        assert "ports" not in SERVICES[name]
        assert SERVICES[name]["healthcheck"]["test"]
    assert FILE["networks"]["inside"] == {"internal": True}
    assert SERVICES["postgis"]["volumes"] == ["database:/var/lib/postgresql/data"]


def test_the_keys_to_who_reported_lie_where_only_the_vault_can_look():
    folders = {name: [mount.split(":")[0] for mount in SERVICES[name].get("volumes", [])] for name in SERVICES}

    assert [name for name in folders if "vault-keys" in folders[name]] == ["vault"]
    assert "storage" not in folders["vault"]
    assert "vault-socket" in folders["api"]
    assert SERVICES["vault"]["networks"] == ["inside"]
    assert SERVICES["vault"]["environment"]["JZ_VAULT_KEYS"] == "/var/lib/jingzhong-vault"


def test_nothing_waits_for_the_vault():
    assert not [name for name in SERVICES if "vault" in SERVICES[name].get("depends_on", {})]


def test_no_secret_stands_in_the_file():
    for name in GIVEN:
        for value in re.findall(rf"{name}: (.*)", TEXT):
            assert value.startswith(f"${{{name}:?"), value
    assert not re.search(r"[0-9a-f]{32}", TEXT)


def test_the_real_compose_program_accepts_it():
    done = compose("--profile", "demo", "config", **GIVEN)

    assert done.returncode == 0, done.stderr
    resolved = yaml.safe_load(done.stdout)["services"]
    addresses = {name: resolved[name]["environment"]["DATABASE_URL"] for name in OURS}
    for name, process in OURS.items():
        owner = "jz_owner:given@" if process.as_owner else ""
        assert addresses[name] == f"postgresql+psycopg://{owner}postgis:5432/jingzhong", name
    assert resolved["api"]["ports"][0]["host_ip"] == "127.0.0.1"


@pytest.mark.parametrize("name", sorted(GIVEN))
def test_it_refuses_to_start_without_a_secret(name):
    given = {other: value for other, value in GIVEN.items() if other != name}

    done = compose("config", "--quiet", **given)

    assert done.returncode != 0
    assert f"{name} is missing" in done.stderr or name in done.stderr


def test_each_part_can_be_replaced_by_one_setting():
    done = compose("config", **GIVEN, STORAGE_URL="s3://photos", **ELSEWHERE)

    environment = yaml.safe_load(done.stdout)["services"]["worker"]["environment"]
    assert environment["DATABASE_URL"] == "postgresql://elsewhere/x"
    assert (
        yaml.safe_load(done.stdout)["services"]["migrate"]["environment"]["DATABASE_URL"]
        == "postgresql://u:p@elsewhere/x"
    )
    assert environment["STORAGE_URL"] == "s3://photos"


def test_the_image_holds_the_system_packages_that_the_door_installs():
    door = re.search(r'run_packages="([^"]+)"', (ROOT / "jz").read_text())[1].split()
    image = re.search(r"--no-install-recommends \\\n(.*?)&&", (ROOT / "Dockerfile").read_text(), re.DOTALL)[1]

    assert sorted(image.replace("\\", "").split()) == sorted(door)


def test_the_image_backs_up_a_server_of_the_version_that_runs_beside_it():
    """pg_dump refuses a server that is newer than itself."""
    served = yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"]["postgis"]["image"]
    major = re.fullmatch(r"postgis/postgis:(\d+)-[\d.]+", served)[1]
    dockerfile = (ROOT / "Dockerfile").read_text()

    assert re.findall(r"^FROM postgres:(\d+)-bookworm AS postgres$", dockerfile, re.MULTILINE) == [major]
    for program in ("pg_dump", "pg_restore"):
        assert f"/usr/lib/postgresql/{major}/bin/{program}" in dockerfile


def test_the_image_runs_as_nobody_special_and_installs_by_hash():
    dockerfile = (ROOT / "Dockerfile").read_text()
    packages = {path.parent.name for path in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    ignore = (ROOT / ".dockerignore").read_text()

    assert "\nUSER 10001\n" in dockerfile
    assert dockerfile.count("--require-hashes") == 2
    assert "HEALTHCHECK" in dockerfile
    for package in packages | {"migrations"}:
        assert f"!{package}\n" in ignore

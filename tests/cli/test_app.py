"""Every command of the table exists, says what it does, and is loaded only when called."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from cli.app import COMMANDS, KEEPERS, app

runner = CliRunner()


@pytest.mark.parametrize("name", COMMANDS)
def test_each_command_of_the_table_can_be_called(name, database_url):
    done = runner.invoke(app, [name, "--help"])

    assert done.exit_code == 0, done.output
    assert "Usage:" in done.output


def test_those_that_look_after_the_environment_are_commands():
    assert set(COMMANDS) >= KEEPERS


def test_the_list_of_commands_loads_none_of_them():
    code = "import sys\nsys.argv[1:] = ['--help']\nfrom cli.app import app\ntry: app()\nexcept SystemExit: pass\n"
    code += "print(sorted({'fastapi', 'celery', 'sqlalchemy', 'cli.up', 'cli.checks'} & set(sys.modules)))"

    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

    assert said.splitlines()[-1] == "[]"
    for name, (_, line) in COMMANDS.items():
        assert f"  {name} " in said
        assert line.split()[0] in said


def test_an_unknown_command_is_told_and_nothing_is_loaded():
    done = runner.invoke(app, ["upp"])

    assert done.exit_code == 2
    assert "No such command 'upp'" in done.output


def new_keys():
    return subprocess.run([sys.executable, "-m", "cli", "new-keys"], capture_output=True, text=True, check=True).stdout


def test_new_keys_are_fresh_and_fit_the_settings():
    first, second = (
        {line for line in new_keys().splitlines() if "private key:" in line or "=" in line} for _ in range(2)
    )

    given = dict(line.split("=") for line in first if "=" in line)
    assert set(given) == {"POSTGRES_PASSWORD", "JZ_SECRET_KEY", "JZ_VAULT_PUBLIC_KEY", "JZ_VAULT_PASSWORD"}
    assert len(given["JZ_VAULT_PUBLIC_KEY"]) == 64
    assert not first & second

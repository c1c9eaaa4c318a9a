"""The commands of `./jz`, as one table. A command's module is loaded when it is called: `./jz status` loads no HTTP.

To add a command: write a function (or a `typer.Typer`) in a module of `cli/` or `bench/`, and add its line to COMMANDS.
"""

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from cli.environment import fill_environment

COMMANDS: dict[str, tuple[str, str]] = {
    # name: (module:function, one line for --help)
    "up": ("cli.up:up", "Run the whole system here with a demo district."),
    "down": ("cli.down:down", "Stop what `up` started; the data stays."),
    "reset": ("cli.down:reset", "Stop it and delete its data."),
    "status": ("cli.status:status", "What runs, since when, and where."),
    "logs": ("cli.logs:logs", "What the processes said."),
    "test": ("cli.checks:test", "All checks and tests; with arguments only pytest with them."),
    "serve": ("cli.serve:serve", "The API and the pages (a process of `up`)."),
    "worker": ("cli.worker:worker", "The Celery worker (a process of `up`)."),
    "relay": ("cli.worker:relay", "Moves due jobs to Celery (a process of `up`)."),
    "beat": ("cli.worker:beat", "Makes jobs that the calendar asks for (a process of `up`)."),
    "vault": ("cli.vault:vault", "Holds the keys to who reported (a process of `up`)."),
    "rotate-vault-key": ("cli.vault_keys:rotate_vault_key", "Make a new key for the vault, and seal everything to it."),
    "keep-vault-key": ("cli.vault_keys:keep_vault_key", "Take the vault's private key from standard input."),
    "migrate": ("cli.migrate:migrate", "Bring the database to the newest schema."),
    "seed-demo": ("cli.demo_district:seed_demo", "Load the fictional demo district."),
    "prepare": ("cli.prepare:prepare", "migrate and seed-demo, unless nothing has changed since (a process of `up`)."),
    "demo-accounts": ("cli.demo_district:demo_accounts", "Show the accounts of the demo district."),
    "demo": ("cli.demo.command:demo", "Send about 200 reports and carry them to every state."),
    "import-boundaries": ("cli.boundaries:import_boundaries", "Load town boundaries from a file."),
    "open-office": ("cli.offices:open_one", "Open an office: the district's own, a department, a town."),
    "open-town-offices": ("cli.offices:open_towns", "Open an office for each unit that nobody answers for yet."),
    "create-officer": ("cli.officers:create_officer", "Make an account for an officer."),
    "enter-calendar": ("cli.calendar_year:enter_calendar", "Enter the holidays and worked weekends of a year."),
    "new-keys": ("cli.new_keys:new_keys", "Print fresh secrets for an installation that is not run by `up`."),
    "adopt-secret": ("cli.logins:adopt_secret", "Let the database follow a secret that was changed on purpose."),
    "ready": ("cli.answers:ready", "Whether the API here is ready (for health checks)."),
    "alive": ("cli.alive:alive", "Whether worker, relay, beat or vault does its work (for health checks)."),
    "contract": ("cli.contract:contract", "Write or check the mobile contract."),
    "fingerprints": ("cli.fingerprints:fingerprints", "Note what the seed files say now, for the next update."),
    "journey-doc": ("cli.journey_doc:journey_doc", "Draw the diagrams of docs/journey.md from the tables."),
    "backup": ("cli.backup:backup", "Back up the database and all files, while everything runs."),
    "restore": ("cli.backup:restore", "Put a backup back into an empty installation, and prove it whole."),
    "check": ("cli.check:check", "Find what was given up, forgotten or lost; --mend gives it another try."),
    "retention": ("cli.retention:keep_no_longer", "Count what was kept long enough; --yes lets go of it."),
    "verify-history": ("cli.verify_history:verify_history", "Check that no entry of any history was changed or lost."),
    "verify-receipt": ("cli.verify_receipt:verify_receipt", "Say what a reporter's signed receipt proves."),
    "bench": ("bench.command:bench", "Measure load and limit side by side."),
}
# These make or look after the environment themselves; all others get it before they start.
KEEPERS = {
    "up", "down", "reset", "status", "logs", "test", "bench", "new-keys", "adopt-secret", "journey-doc", "fingerprints",
    "backup", "restore",
}  # fmt: skip
# These are given what otherwise only the vault has.
VAULTED = {"vault", "rotate-vault-key", "keep-vault-key", "migrate", "prepare"}


class Table(TyperGroup):
    """A group whose commands stand in COMMANDS and are loaded when asked for."""

    def list_commands(self, ctx: Any) -> list[str]:  # noqa: ARG002 - typer's signature
        """Every command, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, loaded now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        if ctx.invoked_subcommand is None and _only_help_is_wanted():
            return _title(cmd_name)
        command = _load(COMMANDS[cmd_name][0])
        command.name = cmd_name
        return command


def _only_help_is_wanted() -> bool:
    return sys.argv[1:2] in ([], ["--help"])


def _title(name: str) -> Any:
    """A stand-in with the help line, so that the list of commands loads none of them."""
    app = typer.Typer(add_completion=False)
    app.command(name, help=COMMANDS[name][1])(lambda: None)
    return typer.main.get_command(app)


def _load(place: str) -> Any:
    module, _, attribute = place.partition(":")
    found = getattr(importlib.import_module(module), attribute)
    if isinstance(found, typer.Typer):
        return typer.main.get_command(found)
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(context_settings=getattr(found, "context_settings", None))(found)
    return typer.main.get_command(app)


app = typer.Typer(cls=Table, add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)


@app.callback(no_args_is_help=True)
def door(context: typer.Context) -> None:
    """Jingzhong 警钟: public hazard reporting and mass supervision."""
    if context.invoked_subcommand not in KEEPERS:
        fill_environment(vault=context.invoked_subcommand in VAULTED)

"""`migrate`: bring the database to the head, give the login roles their passwords, and file the default policy."""

from pathlib import Path

from alembic import command
from alembic.config import Config

from cases.policy import Update, load_defaults
from cli import fitness, logins
from geo import zones
from kit import clock
from kit.db import OWNER, engine, unit_of_work

ROOT = Path(__file__).resolve().parent.parent


def configuration() -> Config:
    """Alembic's configuration: the folder of migrations, and nothing else to forget."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(revision: str = "head") -> None:
    """Bring the database to `revision`; at the head also set role passwords and file missing policy versions.

    Raises CannotGoOn, with nothing changed, when the database is away, unfit, or another installation's.
    """
    fitness.check_database()
    with engine(OWNER).connect() as connection:
        logins.check_whose(connection)
    command.upgrade(configuration(), revision)
    if revision != "head":
        return
    logins.give_passwords()
    with unit_of_work(OWNER) as session:
        _tell(load_defaults(session, clock.now()))
        zones.keep_rules(session)


def _tell(update: Update) -> None:
    """Say which rows of policy an update has renewed, and which the district must look at itself (X32)."""
    if update.renewed:
        print(f"policy: new versions of {', '.join(update.renewed)}")
    if update.left:
        print(f"policy: left as this district has edited them: {', '.join(update.left)}")

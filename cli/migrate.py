"""`migrate`: bring the database to the head, give the login roles their passwords, and file the default policy."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from cases.policy import load_defaults
from geo import zones
from kit import clock
from kit.db import LOGINS, OWNER, engine, password_for, unit_of_work

ROOT = Path(__file__).resolve().parent.parent


def configuration() -> Config:
    """Alembic's configuration: the folder of migrations, and nothing else to forget."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "migrations"))
    return config


def migrate(revision: str = "head") -> None:
    """Bring the database to `revision`; at the head also set role passwords and file missing policy versions."""
    command.upgrade(configuration(), revision)
    if revision != "head":
        return
    set_role_passwords()
    with unit_of_work(OWNER) as session:
        load_defaults(session, clock.now())
        zones.keep_rules(session)


def set_role_passwords() -> None:
    """Give each login role the password that its process will derive from the same secret."""
    with engine(OWNER).begin() as connection:
        connection.execute(text("select pg_advisory_xact_lock(hashtext('jingzhong role passwords'))"))
        for login in LOGINS:
            # The password is hexadecimal and the name is ours: nothing here comes from outside.
            connection.execute(text(f"alter role {login} password '{password_for(login)}'"))

"""What the migrations have made: the same as the models, one chain, and rights that each have a reason."""

import re
from pathlib import Path

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from cases.models.policy import CategoryVersion
from cli.migrate import configuration, migrate
from kit.db import LOGINS, OWNER, unit_of_work

ACTING = ("jz_public", "jz_town", "jz_department", "jz_district", "jz_discipline", "jz_newsroom")


def test_the_models_say_what_the_migrations_made(database_url):
    command.check(configuration())


def test_there_is_one_chain_with_one_head_and_each_number_once():
    """Numbers are reserved beforehand and come in any order; the chain says what follows what."""
    scripts = ScriptDirectory.from_config(configuration())
    revisions = [script.revision for script in scripts.walk_revisions()]
    assert len(scripts.get_heads()) == 1
    assert len(revisions) == len(set(revisions)) == len(list((Path(scripts.dir) / "versions").glob("*.py")))
    assert all(re.fullmatch(r"\d{4}", revision) for revision in revisions)


def test_no_role_may_delete_but_what_it_must_clear_away(database_url):
    rights = text(
        "select grantee, table_name from information_schema.role_table_grants"
        " where grantee like 'jz\\_%' and grantee <> current_user and privilege_type in ('DELETE', 'TRUNCATE')"
    )
    with unit_of_work(OWNER) as session:
        assert {tuple(row) for row in session.execute(rights)} <= {
            ("jz_beat", "slot"),
            ("jz_worker", "sign_in_attempt"),
            ("jz_worker", "identity"),  # kept long enough (Q11)
            ("jz_worker", "original"),  # likewise, with the photo as it came
            ("jz_worker", "photo_key"),  # of a photo that it has looked at (security.md 3.5)
            ("jz_worker", "lookalike"),  # goes with what it compares (Q11)
            ("jz_worker", "origin"),  # what a phone says of itself, after a day (security.md 3.7)
            ("jz_worker", "doubt"),  # goes with the words of its report (Q11)
            ("jz_worker", "named"),  # likewise
            ("jz_worker", "log_pending"),
            # What waits for its moment and is called back: row-level security lets nothing go that is public (C7).
            ("jz_district", "exposure"),
            ("jz_district", "change"),
            ("jz_worker", "exposure"),
            ("jz_worker", "change"),
            ("jz_intake", "subscription"),  # when the holder of the code says so
            ("jz_worker", "subscription"),  # or the browser does, or Q11
            ("jz_worker", "webhook_delivery"),  # that something was sent, after half a year (security.md 3.6)
            ("jz_api", "account_role"),  # taken by who runs the district, and written down (account_entry)
            ("jz_api", "second_factor"),  # lost, and reset
            ("jz_api", "recovery_code"),  # void once there are new ones
        }


def test_only_those_who_sign_in_can_and_none_is_above_the_rules(database_url):
    roles = text("select rolname, rolcanlogin, rolsuper or rolbypassrls from pg_roles where rolname = any(:names)")
    with unit_of_work(OWNER) as session:
        found = {name: (login, above) for name, login, above in session.execute(roles, {"names": [*LOGINS, *ACTING]})}
    assert found == dict.fromkeys(LOGINS, (True, False)) | dict.fromkeys(ACTING, (False, False))


def test_migrating_again_files_nothing_twice(database_url):
    with unit_of_work(OWNER) as session:
        before = session.query(CategoryVersion).count()
    migrate()
    with unit_of_work(OWNER) as session:
        assert session.query(CategoryVersion).count() == before == 27

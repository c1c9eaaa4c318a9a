"""The login roles of the processes: whose they are, and the passwords that the installation's secret gives them.

Roles belong to the whole PostgreSQL cluster, not to one database. A second installation with another secret in the same
cluster would therefore shut the first one's processes out without a word. A mark of the secret stands as the comment of
each role, and whoever comes with another secret is refused before anything is changed. `adopt-secret` is the way for a
secret that was changed on purpose.
"""

import os
import time
from contextlib import nullcontext

from sqlalchemy import Connection, text
from sqlalchemy.exc import InternalError

from cli import environment, kept_files
from cli.places import Places
from cli.private import alone_with
from cli.refusal import CannotGoOn
from cli.terminal import say
from kit.db import LOGINS, OWNER, engine, password_for
from kit.secrets import derived

SIGN = "Login of Jingzhong 警钟; its password comes from the secret with the mark "
COMMENTS = "select shobj_description(oid, 'pg_authid') from pg_roles where rolname = any(:names)"
ATTEMPTS = 3


def own_mark() -> str:
    """The comment of a role whose password comes from this installation's secret. It tells nothing of the secret."""
    return SIGN + derived("mark of the login roles").hex()[:16]


def check_whose(connection: Connection) -> None:
    """Raises CannotGoOn when a login role has its password from another secret. One without a mark is free to take."""
    comments = connection.scalars(text(COMMENTS), {"names": list(LOGINS)})
    if any(comment.startswith(SIGN) and comment != own_mark() for comment in comments if comment):
        raise CannotGoOn(
            "The login roles of this PostgreSQL cluster have their passwords from another JZ_SECRET_KEY than this one. "
            "If they are another installation's, give this one a cluster of its own; if they are this one's, put its "
            "secret back (the backup holds it) or, if it was changed on purpose, run ./jz adopt-secret"
        )


def give_passwords(*, whoever_has_them: bool = False) -> None:
    """Give each login role the password that its process derives from the same secret, and the mark of that secret.

    Raises CannotGoOn, and changes nothing, when they belong to another secret, unless `whoever_has_them` says that this
    does not matter.
    """
    for attempt in range(1, ATTEMPTS + 1):
        try:
            _give_passwords(whoever_has_them=whoever_has_them)
        except InternalError:  # "tuple concurrently updated": another database's migration was faster
            if attempt == ATTEMPTS:
                raise
            time.sleep(0.2)
        else:
            return


def _give_passwords(*, whoever_has_them: bool) -> None:
    with engine(OWNER).begin() as connection:
        for login in filter(password_for, LOGINS):  # without one of its own the vault cannot sign in, as it should be
            # The password is hexadecimal and the name is ours: nothing here comes from outside.
            connection.execute(text(f"alter role {login} password '{password_for(login)}'"))
        if not whoever_has_them:  # asked now, when whoever set a mark in the same moment has been waited for
            check_whose(connection)
        for login in LOGINS:
            connection.execute(text(f"comment on role {login} is '{own_mark()}'"))


def adopt_secret() -> None:
    """Let the database follow a secret that was changed on purpose: its login roles get new passwords.

    The private database is started for it if need be. Tracking codes made with the old secret stay invalid. Files of
    officers follow it where JZ_SECRET_KEY_BEFORE says the old one.
    """
    places = Places()
    found = environment.installation(places, os.environ)
    os.environ.update(found.settings)
    with nullcontext() if found.postgres is None else alone_with(places, found.postgres):
        give_passwords(whoever_has_them=True)
        shut = kept_files.follow(os.environ.get("JZ_SECRET_KEY_BEFORE", ""))
    if shut:
        say(
            f"{shut} pictures and scans of officers do not open with this secret. Give the one before in "
            "JZ_SECRET_KEY_BEFORE, and run this again."
        )
    say("the login roles follow this secret now. Processes that run with the old one must be started again.")

"""`./jz create-officer`: an account for somebody of an office. The password never stands on a command line."""

from __future__ import annotations

import sys
from getpass import getpass
from typing import Annotated

import typer
from sqlalchemy import select
from sqlalchemy.orm import Session

from cli.refusal import CannotGoOn
from cli.terminal import say
from kit.db import OWNER, unit_of_work
from people import sign_in
from people.models import Account, Org
from people.persons import NoStaffNumber
from people.posts import RolesApart, RolesOfAnother
from people.roles import Role
from people.sign_in import WeakPassword


def create_officer(
    username: Annotated[str, typer.Argument(help="What the person signs in with.")],
    *,
    name: Annotated[str, typer.Option(help="The person's name.")],
    org: Annotated[str, typer.Option(help="The code of the office, such as 990101001.")],
    role: Annotated[list[Role], typer.Option(help="A role; may be given several times.")],
    staff_number: Annotated[
        str, typer.Option(help="The person's staff number (工号): two accounts with the same one are one person's.")
    ],
) -> None:
    """Make an account for an officer. The password is asked for, or read as one line from standard input."""
    with unit_of_work(OWNER) as session:
        office = _office(session, org)
        if session.scalars(select(Account.id).where(Account.username == username)).first() is not None:
            raise CannotGoOn(f"There is an account named {username} already.")
        try:
            sign_in.create_officer(
                session, org=office, username=username, name=name, password=_password(),
                roles=list(dict.fromkeys(role)), staff_number=staff_number,
            )  # fmt: skip
        except (WeakPassword, RolesOfAnother, RolesApart, NoStaffNumber) as wrong:
            raise CannotGoOn(wrong.message) from wrong
    say(f"{username} may sign in for {office.name_zh}: {', '.join(dict.fromkeys(role))}.")


def _office(session: Session, code: str) -> Org:
    office = session.scalars(select(Org).where(Org.code == code, Org.active)).one_or_none()
    if office is None:
        known = session.execute(select(Org.code, Org.name_zh).where(Org.active).order_by(Org.code)).all()
        listed = "\n".join(f"  {known_code}  {name}" for known_code, name in known) or "  none yet"
        raise CannotGoOn(f"There is no office {code}. There are:\n{listed}")
    return office


def _password() -> str:
    """The password, typed twice unseen at a terminal, or the first line of a pipe."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\r\n")
    first = getpass("Password: ")
    if getpass("Once more: ") != first:
        raise CannotGoOn("The two passwords differ; nothing was made.")
    return first

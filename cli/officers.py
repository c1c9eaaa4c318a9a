"""`create-officer`: make an account. The password is typed or piped in, never an argument that others can see."""

import getpass
import sys
from typing import Annotated

import typer
from sqlalchemy import select

from cli.refusal import CannotGoOn
from kit.db import OWNER, unit_of_work
from people import sign_in
from people.models import Org
from people.roles import Role


def create_officer(
    username: Annotated[str, typer.Argument(help="The name to sign in with.")],
    org: Annotated[str, typer.Option(help="The code of the office.")],
    name: Annotated[str, typer.Option(help="The officer's name on screens.")],
    role: Annotated[list[Role], typer.Option(help="A role; may be repeated.")],
) -> None:
    """Make an account for an officer of an office."""
    password = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline().rstrip("\n")
    with unit_of_work(OWNER) as session:
        office = session.scalars(select(Org).where(Org.code == org)).one_or_none()
        if office is None:
            raise CannotGoOn(f"There is no office with the code {org}.")
        sign_in.create_officer(session, org=office, username=username, name=name, password=password, roles=role)
    print(f"{username} may sign in for {office.name_zh}.")

"""Who is tied to what a case is about, by what they have declared of themselves (Q10): they neither read nor handle it.

It is compared with what handlers know: the confirmed extract, the place, the parties of orders, measures and penalties,
and exposures. Nothing of a report takes part, so that no answer tells of a reporter. Whoever names somebody
for a case learns that they are tied to it, and not by what; the database answers that alone (migration 0105).

To open a case it is compared anew. Lists, counts and exports go by `kept_from` of the case, which triggers keep.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, cast, func, select
from sqlalchemy.orm import Session

from cases.models.case import Case
from kit.errors import NotAllowed
from people.actors import Actor


class TiedToIt(NotAllowed):
    """Somebody has declared a relation to what the case is about; `accounts` names whom it keeps away."""

    code = "case.conflict"
    message = "A declared relation keeps this person from the case; somebody else deals with it."


def screen(session: Session, case: Case, account_ids: Iterable[int]) -> None:
    """Raise TiedToIt when one of these officers is tied to the case."""
    if tied := among(session, case, account_ids):
        raise TiedToIt(accounts=tied)


def keep_away(session: Session, case: Case, by: Actor) -> None:
    """Raise TiedToIt when the actor is tied to the case, under whichever of their accounts."""
    if by.accounts:
        screen(session, case, by.accounts)


def among(session: Session, case: Case, account_ids: Iterable[int]) -> list[int]:
    """Which of these officers are tied to the case, in the order of their accounts."""
    session.flush()
    found = session.scalar(select(func.handling.tied_to(case.id, sorted(set(account_ids)))))
    return list(found or ())


def untied(accounts: Sequence[int] | ColumnElement[Any]) -> ColumnElement[bool]:
    """The cases that are kept from none of these accounts, which may be a parameter for a statement that is kept."""
    free: ColumnElement[bool] = ~Case.kept_from.overlap(cast(accounts, ARRAY(Integer)))
    return free


def untied_to(actor: Actor) -> ColumnElement[bool]:
    """The cases that are kept from no account of the actor."""
    return untied(actor.accounts)

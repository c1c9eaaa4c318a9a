"""Which accounts are one natural person's: those with the same staff number, of which a keyed mark alone is kept (C2).

Somebody seconded to another office may have an account there as well. What two people must do, one person does not do
twice under two names: Actor.is_person compares with all accounts of the person.
"""

import unicodedata
from collections.abc import Iterable

from sqlalchemy import Text, cast, func, select
from sqlalchemy.orm import Session, aliased

from kit.errors import Invalid
from kit.secrets import mark
from people.models import Account

SHORTEST, LONGEST = 2, 40


class NoStaffNumber(Invalid):
    """A staff number has letters, digits and hyphens."""

    code = "account.staff_number"
    message = "A staff number has 2 to 40 letters, digits and hyphens."
    pointer = "/staff_number"


def mark_of(staff_number: str) -> bytes:
    """The mark of a staff number, however it was typed: full-width, in small letters, with spaces or hyphens in it."""
    plain = "".join(each for each in unicodedata.normalize("NFKC", staff_number).upper() if each not in " -_\t")
    if not (SHORTEST <= len(plain) <= LONGEST and plain.isalnum()):
        raise NoStaffNumber
    return mark("staff number", plain.encode())


def accounts_of(session: Session, account_id: int) -> frozenset[int]:
    """Every account of whoever holds this one, this one among them."""
    other = aliased(Account)
    theirs = select(other.id).join(Account, Account.person_mark == other.person_mark).where(Account.id == account_id)
    return frozenset({account_id, *session.scalars(theirs)})


def meet(session: Session, account_id: int, others: Iterable[int]) -> bool:
    """Whether one of the others is an account of whoever holds this one."""
    return not accounts_of(session, account_id).isdisjoint(others)


def number(session: Session, account_ids: Iterable[int]) -> int:
    """How many people hold these accounts."""
    person = func.coalesce(func.encode(Account.person_mark, "hex"), cast(Account.id, Text))
    return session.scalars(select(func.count(person.distinct())).where(Account.id.in_(list(account_ids)))).one()

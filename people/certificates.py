"""Officers' enforcement certificates: entered and ended by the district, asked for on the day of an act (M61, F21)."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from kit.errors import Conflict, Invalid, NotAllowed, NotFound
from people.actors import Actor
from people.models import Account, Certificate
from people.roles import Role

ENTERED_BY = (Role.SYSADMIN, Role.LEGAL_REVIEWER)
EVERYTHING = "all"


class MayNotAdminister(NotAllowed):
    """Certificates are kept by the district: its administrator, or its legal review (法制审核)."""

    code = "role.missing"


class NoSuchOfficer(NotFound):
    """There is no such account."""

    code = "officer.unknown"


class NoSuchCertificate(NotFound):
    """This officer has no such certificate."""

    code = "certificate.unknown"


class NumberTaken(Conflict):
    """A certificate's number is its own."""

    code = "certificate.number_taken"
    message = "There is a certificate of this number already."


class EndedAlready(Conflict):
    """A certificate ends once."""

    code = "certificate.ended"


class WrongScope(Invalid):
    """A scope names groups of categories, or everything."""

    code = "certificate.scope_unknown"
    pointer = "/scope"


class WrongDates(Invalid):
    """A certificate ends on or after the day on which it begins, and not before it began."""

    code = "certificate.dates"
    pointer = "/valid_to"


def enter(
    session: Session,
    account_id: int,
    *,
    number: str,
    scope: Sequence[str],
    known: Collection[str],
    valid_from: date,
    valid_to: date,
    by: Actor,
    now: datetime,
) -> Certificate:
    """Enter a certificate. `known` are the groups of categories that a scope may name beside `all`.

    Raises MayNotAdminister, NoSuchOfficer, NumberTaken, WrongScope, WrongDates.
    """
    _may_administer(by)
    _known_officer(session, account_id)
    if not scope or set(scope) - set(known) - {EVERYTHING}:
        raise WrongScope
    if valid_to < valid_from:
        raise WrongDates
    if session.scalars(select(Certificate.id).where(Certificate.number == number)).first() is not None:
        raise NumberTaken
    entered = Certificate(
        account_id=account_id, number=number, scope=sorted(set(scope)), valid_from=valid_from, valid_to=valid_to,
        entered_by=by.account_id, entered_at=now,
    )  # fmt: skip
    session.add(entered)
    session.flush()
    return entered


def end(session: Session, account_id: int, certificate_id: int, *, on: date, reason: str, by: Actor) -> Certificate:
    """Let a certificate count no longer from the day `on`. Raises MayNotAdminister, NoSuchCertificate, EndedAlready."""
    _may_administer(by)
    wanted = select(Certificate).where(Certificate.id == certificate_id, Certificate.account_id == account_id)
    found = session.scalars(wanted.with_for_update()).one_or_none()
    if found is None:
        raise NoSuchCertificate
    if found.ended_on is not None:
        raise EndedAlready
    if on < found.valid_from:
        raise WrongDates(pointer="/on")
    found.ended_on, found.ended_by, found.end_reason = on, by.account_id, reason
    return found


def of(session: Session, account_id: int) -> list[Certificate]:
    """Every certificate that an officer has or had, the newest first. Raises NoSuchOfficer."""
    _known_officer(session, account_id)
    wanted = select(Certificate).where(Certificate.account_id == account_id)
    return list(session.scalars(wanted.order_by(Certificate.valid_from.desc(), Certificate.id.desc())))


def held(session: Session, account_ids: Collection[int], *, on: date, scope: str) -> dict[int, str]:
    """Which of the officers hold a certificate that counts on the local day `on` for `scope`, with its number."""
    rows = session.execute(
        select(Certificate.account_id, Certificate.number)
        .where(
            Certificate.account_id.in_(account_ids),
            Certificate.valid_from <= on,
            Certificate.valid_to >= on,
            or_(Certificate.ended_on.is_(None), Certificate.ended_on > on),
            Certificate.scope.overlap([scope, EVERYTHING]),
        )
        .order_by(Certificate.id.desc())
    )
    return {account_id: number for account_id, number in rows}  # noqa: C416 - `dict()` would lose the types


def _may_administer(by: Actor) -> None:
    if by.org_kind not in {"district", "city"} or not by.has(*ENTERED_BY):
        raise MayNotAdminister


def _known_officer(session: Session, account_id: int) -> None:
    if session.scalar(select(Account.id).where(Account.id == account_id)) is None:
        raise NoSuchOfficer

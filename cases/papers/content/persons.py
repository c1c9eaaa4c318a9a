"""Names that papers carry: officers with their offices, and the bodies that a copy goes to."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case, Task
from geo.models import Unit
from kit.errors import NotFound
from people.models import Account, Org


class NoSuchSubject(NotFound):
    """The case has no such visit or order, or it is not complete yet."""

    code = "paper.subject_unknown"
    message = "There is no such record to print, or it is not complete."


@dataclass(frozen=True)
class Person:
    """An officer and the office acted for."""

    name: str
    office: str


def people(session: Session, account_ids: Iterable[int]) -> tuple[Person, ...]:
    """The officers of these accounts, in the order given, each once."""
    wanted = list(dict.fromkeys(account_ids))
    rows = select(Account.id, Account.name, Org.name_zh).join(Org, Org.id == Account.org_id)
    known = {
        number: Person(name, office) for number, name, office in session.execute(rows.where(Account.id.in_(wanted)))
    }
    return tuple(known[number] for number in wanted if number in known)


def person(session: Session, account_id: int | None) -> Person:
    """One officer; an empty one where nobody is named."""
    found = people(session, [account_id] if account_id is not None else [])
    return found[0] if found else Person("", "")


def office_name(session: Session, org_id: int | None) -> str:
    """The name of a body; empty where there is none."""
    return session.scalar(select(Org.name_zh).where(Org.id == org_id)) or ""


def safety_office(session: Session) -> Org | None:
    """The district's safety office."""
    offices = select(Org).where(Org.kind == "district", Org.active).order_by(Org.id).limit(1)
    return session.scalars(offices).one_or_none()


def local_government(session: Session, case: Case) -> str:
    """The town in whose territory the place lies, which also answers for the case unless a group does."""
    of_place = select(Org.name_zh).join(Unit, Unit.code == Org.unit_code).where(Unit.id == case.unit_id, Org.active)
    return session.scalars(of_place.limit(1)).first() or office_name(session, case.responsible_org_id)


def lead_departments(session: Session, case: Case) -> tuple[str, ...]:
    """The departments that lead the case: those with a live task; of the category where none has one yet."""
    live = select(Org.name_zh).join(Task, Task.org_id == Org.id)
    live = live.where(Task.case_id == case.id, Task.kind == "lead", Task.state != "cancelled").order_by(Org.id)
    found = tuple(session.scalars(live))
    if found:
        return found
    kinds = policy.category_of(session, case).lead_dept_kinds
    known = policy.department_kinds(session)
    return tuple(known[kind].zh for kind in kinds if kind in known)


def district_name(session: Session, now: datetime) -> str:
    """The district's name by the policy in force."""
    return str(policy.value(session, "district", now)["name"]["zh"])


def one_subject(subject_id: UUID | None) -> UUID:
    """The subject of a paper that needs one. Raises NoSuchSubject."""
    if subject_id is None:
        raise NoSuchSubject(pointer="/subject_id")
    return subject_id

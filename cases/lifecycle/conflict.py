"""The conflict screen (Q10): who must not come near a reporter, whatever their role says."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import Select, exists, or_, select
from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle import tagging
from cases.models.case import Case, Task
from cases.models.handling import Acceptance, Order, Verdict, Visit
from cases.models.report import Report, ReportCase
from cases.wording import stands_in
from kit.errors import NotAllowed
from people import relations
from people.models import Account, Org


class InConflict(NotAllowed):
    """A conflict of interest: `why` is handler, own_unit, named or related."""

    code = "report.conflict"
    message = "A conflict of interest keeps you from this report."


def screen(session: Session, report: Report, account_id: int | None, *, now: datetime) -> None:
    """Raise InConflict when this officer handles the report's case or is tied to what it is about."""
    why = next(conflicts(session, report, account_id, now=now), None)
    if why is not None:
        raise InConflict(why=why)


def conflicts(session: Session, report: Report, account_id: int | None, *, now: datetime) -> Iterator[str]:
    """Every reason to keep this officer away."""
    case = session.scalars(
        select(Case).join(ReportCase, ReportCase.case_id == Case.id).where(ReportCase.report_id == report.id)
    ).one_or_none()
    account = session.get_one(Account, account_id)
    office = session.get_one(Org, account.org_id)
    said = f"{report.text}\n{report.address or ''}"
    if case is not None and session.scalar(_has_a_hand(case, account.id)):
        yield "handler"
    if case is not None and _is_of(session, case, office.id):
        yield "own_unit"
    if stands_in(office.name_zh, said) and _about_an_official(session, report, case, now):
        yield "own_unit"
    if stands_in(account.name, said):
        yield "named"
    told = f"{said}\n{_parties(session, case)}"
    if any(stands_in(each.name, told) for each in relations.declared_by(session, account.id)):
        yield "related"


def _has_a_hand(case: Case, account_id: int) -> Select[bool]:
    """Whether somebody was given the case, was there, or decided in it."""
    there = or_(Visit.officer_id == account_id, Visit.companion_ids.contains([account_id]))
    decided = or_(Verdict.proposed_by == account_id, Verdict.decided_by == account_id)
    return select(
        or_(
            exists().where(Task.case_id == case.id, Task.person_id == account_id),
            exists().where(Visit.case_id == case.id, there),
            exists().where(Verdict.case_id == case.id, decided),
            exists().where(Acceptance.case_id == case.id, Acceptance.accepted_by == account_id),
        )
    )


def _is_of(session: Session, case: Case, org_id: int) -> bool:
    """Whether the case is, or was, an office's own."""
    theirs = select(Task.id).where(Task.case_id == case.id, Task.org_id == org_id).limit(1)
    return case.responsible_org_id == org_id or session.scalars(theirs).first() is not None


def _about_an_official(session: Session, report: Report, case: Case | None, now: datetime) -> bool:
    if case is not None and tagging.tag_of(session, case, tagging.PUBLIC_OFFICIAL) is not None:
        return True
    return any(word in report.text for word in policy.value(session, "official_words", now))


def _parties(session: Session, case: Case | None) -> str:
    """Whom the case is against, as far as an order names them."""
    if case is None:
        return ""
    return "\n".join(session.scalars(select(Order.responsible_party).where(Order.case_id == case.id)))

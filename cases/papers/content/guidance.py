"""M69, F22: the notice that guides a party which is not penalised: what was wrong, why it is let off, what to mind."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.models.penalty import Penalty
from cases.papers.content.persons import NoSuchSubject, Person, district_name, office_name, one_subject, person


@dataclass(frozen=True)
class GuidancePaper:
    """To whom, for which violation, by which reason of the law with all its conditions, and the education given."""

    case_number: str
    district: str
    office: str
    party: str
    cause: str
    found: str
    reason: str
    conditions: tuple[str, ...]
    text: str
    education: str
    signed_by: Person
    confirmed_at: datetime


def guidance(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> GuidancePaper:
    """A penalty track of this case whose waiver a legal reviewer has confirmed. Raises NoSuchSubject."""
    waived = session.get(Penalty, one_subject(subject_id))
    if waived is None or waived.case_id != case.id or waived.state != "not_penalised":
        raise NoSuchSubject
    if waived.waived_at is None or waived.reviewed_at is None or waived.waiver_reason is None:
        raise NoSuchSubject
    return GuidancePaper(
        case_number=case.number, district=district_name(session, now), office=office_name(session, waived.org_id),
        party=waived.party, cause=waived.cause,
        found=waived.findings or "", conditions=tuple(waived.waiver_conditions or {}), text=waived.waiver_text or "",
        reason=policy.reason(session, "no_penalty", waived.waiver_reason, waived.waived_at).zh,
        education=waived.education or "", signed_by=person(session, waived.waived_by),
        confirmed_at=waived.reviewed_at,
    )  # fmt: skip

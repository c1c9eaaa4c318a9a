"""M18: the notice that a team posts when it enters a unit: purpose, content, two phones and a code to report by.

It names no inspector, no case and no hazard: a passer-by must not learn from it why the team came, or through whom.
"""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case
from cases.papers.content.persons import NoSuchSubject, district_name, safety_office
from kit.errors import Conflict
from people.models import Org


class NoPhone(Conflict):
    """A notice carries two phones (M18), and an office has none on record; `missing` names whose."""

    code = "paper.no_phone"
    message = "Put the duty phone of the office on record first."


@dataclass(frozen=True)
class NoticePaper:
    """What passers-by read."""

    district: str
    title: str
    purpose: str
    content: tuple[str, ...]
    promise: str
    safety_office: str
    office_phone: str
    team: str
    leader_phone: str


def notice(session: Session, case: Case, subject_id: UUID | None, now: datetime) -> NoticePaper:
    """The notice of the body that answers for the case. Raises NoPhone."""
    if subject_id is not None:
        raise NoSuchSubject(pointer="/subject_id")
    office, team = safety_office(session), session.get(Org, case.responsible_org_id or 0)
    missing = [
        name for name, org in (("safety_office", office), ("responsible_body", team)) if not (org and org.duty_phone)
    ]
    if missing or office is None or team is None:
        raise NoPhone(missing=missing)
    words = policy.value(session, "inspection_notice", now)["zh"]
    return NoticePaper(
        district=district_name(session, now), title=words["title"], purpose=words["purpose"],
        content=tuple(words["content"]), promise=words["promise"], safety_office=office.name_zh,
        office_phone=office.duty_phone, team=team.name_zh, leader_phone=team.duty_phone,
    )  # fmt: skip

"""Tags of a case: each once (domain.md (d), tags across categories). What a tag sets off is for whoever puts it."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.models.measure import CaseTag
from kit.errors import Conflict
from people.actors import Actor

PUBLIC_OFFICIAL = "public_official"  # 涉公职人员: never dealt with by a town (Q10)


class TaggedAlready(Conflict):
    """The case has this tag, and what it sets off has been done."""

    code = "tag.there"
    message = "The case has this mark already."


def tag_of(session: Session, case: Case, code: str) -> CaseTag | None:
    """The tag `code` of a case, if it has it."""
    return session.scalars(select(CaseTag).where(CaseTag.case_id == case.id, CaseTag.code == code)).one_or_none()


def put(session: Session, case: Case, code: str, *, facts: str, by: Actor, now: datetime) -> CaseTag:
    """Put a tag on a locked case that does not have it."""
    made = CaseTag(case_id=case.id, code=code, facts=facts, tagged_by=by.account_id, tagged_at=now)
    session.add(made)
    return made

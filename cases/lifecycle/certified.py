"""Who may make an enforcement check: at least two officers, each with a certificate that counts that day (M61, F21)."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle.guards import Incomplete
from cases.models.case import Case
from kit.clock import LOCAL_ZONE
from kit.errors import Invalid
from people import certificates, persons
from people.actors import Actor

ENFORCEMENT = "enforcement"


class NotCertified(Invalid):
    """Too few of the officers hold a certificate that is valid on this day and in scope; `officers` lacks one."""

    code = "visit.not_certified"
    message = "An enforcement check needs two officers, each with a valid certificate in scope."
    pointer = "/companion_ids"


def enough_people(
    *, session: Session, case: Case, by: Actor, now: datetime, visit_kind: str, companion_ids: Sequence[int], **_: Any
) -> None:
    """T6, F21: an enforcement check has its certified officers; a patrol or a verification needs none (M61)."""
    if visit_kind != ENFORCEMENT:
        return
    people = {*companion_ids, by.account_id or 0}
    needed = policy.value(session, "enforcement_officers", now)
    if persons.number(session, people) < needed:
        raise Incomplete("An enforcement check needs at least two officers.", pointer="/companion_ids")
    holders = certified(session, case, people, now=now)
    if persons.number(session, holders) < needed:
        raise NotCertified(officers=sorted(people - set(holders)))


def certified(session: Session, case: Case, account_ids: set[int], *, now: datetime) -> dict[int, str]:
    """Which of the officers hold a certificate for this case's category on the local day of `now`, and its number."""
    category = policy.category_version(session, case.category_code, case.category_version)
    day = now.astimezone(LOCAL_ZONE).date()
    return certificates.held(session, account_ids, on=day, scope=category.group_code)

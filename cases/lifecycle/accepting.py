"""Guards of an acceptance: every finding is checked one by one, and all must have passed (T14, T15)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.lifecycle.guards import Incomplete
from cases.models.case import Case
from cases.models.finding import Finding, FindingCheck
from kit.errors import Invalid


class UnknownFinding(Invalid):
    """A check names a finding that is not of this case."""

    code = "finding.not_of_this_case"
    pointer = "/checks"


def failed_item_named(
    *, session: Session, case: Case, findings: Sequence[str], checks: Mapping[UUID, str], **_: Any
) -> None:
    """T14: what failed is listed, as findings that failed or in words."""
    _of_this_case(session, case, checks)
    if not findings and "fail" not in checks.values():
        raise Incomplete("List what failed.", missing=["findings"], pointer="/findings")


def each_finding_passed(*, session: Session, case: Case, checks: Mapping[UUID, str], **_: Any) -> None:
    """T15: every finding of the case has passed, now or at an acceptance before; `missing` names those that have not.

    Raises Incomplete, UnknownFinding.
    """
    known = _of_this_case(session, case, checks)
    earlier = session.scalars(
        select(FindingCheck).where(FindingCheck.case_id == case.id).order_by(FindingCheck.checked_at)
    )
    results = {each.finding_id: each.result for each in earlier} | dict(checks)
    missing = [str(finding_id) for finding_id in known if results.get(finding_id) != "pass"]
    if missing:
        raise Incomplete("Every finding is accepted one by one.", missing=missing, pointer="/checks")


def _of_this_case(session: Session, case: Case, checks: Mapping[UUID, str]) -> list[UUID]:
    listed = select(Finding.id).where(Finding.case_id == case.id).order_by(Finding.visit_id, Finding.position)
    known = list(session.scalars(listed))
    if set(checks) - set(known):
        raise UnknownFinding
    return known

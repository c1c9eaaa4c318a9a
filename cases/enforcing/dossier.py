"""What lies beside one case: its measures, penalties, referrals, criminal transfers, tags, with their clocks."""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks
from cases.models.case import Case, Clock
from cases.models.measure import CaseTag, Measure, MeasureReview
from cases.models.operation import Operation, OperationCase
from cases.models.penalty import Penalty
from cases.models.referral import CriminalTransfer, Referral

T = TypeVar("T")


@dataclass(frozen=True)
class EnforcementFile:
    """Everything of enforcement that an officer may read of one case, each list in the order of time."""

    measures: list[Measure]
    reviews: list[MeasureReview]
    penalties: list[Penalty]
    referrals: list[Referral]
    criminal_transfers: list[CriminalTransfer]
    operations: list[Operation]
    tags: list[CaseTag]
    clocks: list[Clock]


def enforcement_file(session: Session, case: Case) -> EnforcementFile:
    """Read what lies beside a case that the actor was allowed to load."""

    def of(table: type[T], order: str) -> list[T]:
        columns = table.__table__.columns  # type: ignore[attr-defined]
        return list(session.scalars(select(table).where(columns["case_id"] == case.id).order_by(columns[order])))

    joined = select(Operation).join(OperationCase, OperationCase.operation_id == Operation.id)
    return EnforcementFile(
        of(Measure, "proposed_at"), of(MeasureReview, "signed_at"), of(Penalty, "filed_at"), of(Referral, "sent_at"),
        of(CriminalTransfer, "reported_at"),
        list(session.scalars(joined.where(OperationCase.case_id == case.id).order_by(Operation.planned_at))),
        of(CaseTag, "tagged_at"), clocks.beside(session, case),
    )  # fmt: skip

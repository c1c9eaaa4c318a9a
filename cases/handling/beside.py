"""What stands beside the straight path of a case: findings, holds, extensions, second looks, decisions, look-backs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.models.aftercare import LookBack, Reopening, Review
from cases.models.case import Case
from cases.models.exposure import ExposureRefusal
from cases.models.finding import Finding, FindingCheck, FindingPicture
from cases.models.listing import ListingWaiver
from cases.models.pause import Extension, Hold, Pause
from cases.models.second_look import DecisionTask, SecondLook

T = TypeVar("T")


@dataclass(frozen=True)
class Beside:
    """Rows of one case, each list in the order in which it came about."""

    findings: Sequence[Finding]
    finding_pictures: Sequence[FindingPicture]
    finding_checks: Sequence[FindingCheck]
    holds: Sequence[Hold]
    pauses: Sequence[Pause]
    extensions: Sequence[Extension]
    second_looks: Sequence[SecondLook]
    decisions: Sequence[DecisionTask]
    look_backs: Sequence[LookBack]
    reopenings: Sequence[Reopening]
    reviews: Sequence[Review]
    listing_waivers: Sequence[ListingWaiver]
    exposure_refusals: Sequence[ExposureRefusal]


def beside(session: Session, case: Case) -> Beside:
    """Read what stands beside a case that the actor was allowed to load."""

    def of(table: type[T], *order: Any) -> list[T]:
        return list(session.scalars(select(table).where(table.case_id == case.id).order_by(*order)))  # type: ignore[attr-defined]

    return Beside(
        of(Finding, Finding.visit_id, Finding.position), of(FindingPicture, FindingPicture.linked_at),
        of(FindingCheck, FindingCheck.checked_at), of(Hold, Hold.requested_at), of(Pause, Pause.clock_id),
        of(Extension, Extension.requested_at), of(SecondLook, SecondLook.drawn_at),
        of(DecisionTask, DecisionTask.opened_at), of(LookBack, LookBack.round, LookBack.step),
        of(Reopening, Reopening.round), of(Review, Review.opened_at), of(ListingWaiver, ListingWaiver.owed_at),
        of(ExposureRefusal, ExposureRefusal.refused_at),
    )  # fmt: skip

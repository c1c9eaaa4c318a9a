"""G-LIST, G-EXP: no listing is active, and what the public reads follows (C4.3)."""

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session

from cases.lifecycle import listing
from cases.lifecycle.closing.findings import approved_verdict, decided
from cases.lifecycle.closing.shut import Shut, at
from cases.lifecycle.guards import MAJOR
from cases.models.case import Case
from cases.models.exposure import Exposure, ExposureRefusal, PublicExposure
from cases.models.handling import Verdict
from cases.models.listing import ListingWaiver


def not_listed(session: Session, case: Case) -> Shut | None:
    """G-LIST: two people of the safety office have decided that a major hazard is not listed (ADR 0024)."""
    if case.grade != MAJOR or listing.waived(session, case):
        return None
    link = at(case, "listing_waivers")
    proposed = (ListingWaiver.case_id == case.id, ListingWaiver.state == "proposed")
    if session.scalar(select(exists().where(*proposed))):
        return Shut(
            "listing_waiver_unconfirmed", "不挂牌的提议尚待安委办另一人审核",
            "The proposal not to list the hazard waits for a second person of the safety office", link,
        )  # fmt: skip
    return Shut(
        "listing_undecided", "重大隐患是否挂牌督办，安委办尚未决定",
        "The safety office has not decided that this major hazard is not listed", link,
    )  # fmt: skip


def exposure_follows(session: Session, case: Case) -> Shut | None:
    """G-EXP: what was to be exposed is drafted, or it is said why not (M50); what is published says how it stands."""
    if exposure_owed(session, case) is None:
        return _stale(session, case)
    return Shut(
        "exposure_not_drafted", "已决定曝光，尚未起草，也未说明不予曝光的理由",
        "Exposure was decided on: none is drafted, and nobody has said why not", at(case, "verdicts"),
    )  # fmt: skip


def exposure_owed(session: Session, case: Case) -> Verdict | None:
    """M50: the verdict that decided to expose the case, as long as nothing has come of it."""
    verdict = approved_verdict(session, case)
    if verdict is None or not decided(session, case, "expose"):
        return None
    drafted = exists().where(
        Exposure.case_id == case.id, Exposure.state != "dropped", Exposure.drafted_at >= verdict.decided_at
    )
    refused = exists().where(ExposureRefusal.verdict_id == verdict.id)
    return None if session.scalar(select(or_(drafted, refused))) else verdict


def _stale(session: Session, case: Case) -> Shut | None:
    stale = (
        select(Exposure.id)
        .join(PublicExposure, Exposure.public_id == PublicExposure.public_id)
        .where(Exposure.case_id == case.id, Exposure.state == "published", PublicExposure.progress != "rectified")
    )
    found = session.scalars(stale.limit(1)).first()
    if found is None:
        return None
    return Shut("exposure_stale", "曝光状态尚未更新", "The public status does not follow yet", f"/exposures/{found}")

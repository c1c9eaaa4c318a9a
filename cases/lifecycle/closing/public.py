"""G-LIST, G-EXP: no listing is active, and what the public reads follows (C4.3).

Listings have no machine yet, so that a major hazard stays open (ADR 0009).
"""

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.lifecycle.closing.shut import Shut, at
from cases.models.case import Case
from cases.models.exposure import Exposure, PublicExposure


def not_listed(_: Session, case: Case) -> Shut | None:
    """G-LIST: a major hazard is listed, and delisted before its case is closed."""
    if case.grade != "major":
        return None
    return Shut("not_delisted", "重大隐患须先挂牌并摘牌", "A major hazard is delisted before it is closed", at(case))


def exposure_follows(session: Session, case: Case) -> Shut | None:
    """G-EXP: where an exposure is published, its status says what the case says."""
    stale = (
        select(Exposure.id)
        .join(PublicExposure, Exposure.public_id == PublicExposure.public_id)
        .where(Exposure.case_id == case.id, Exposure.state == "published", PublicExposure.progress != "rectified")
    )
    found = session.scalars(stale.limit(1)).first()
    if found is None:
        return None
    return Shut("exposure_stale", "曝光状态尚未更新", "The public status does not follow yet", f"/exposures/{found}")

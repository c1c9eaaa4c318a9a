"""What the record shows now, by the database's clock: nothing before its moment, nothing after its time (C7, E7).

No job has to run for either. Row-level security says the first again for everybody who only reads (migration 0093).
"""

from sqlalchemy import ColumnElement, and_, func, or_

from cases.models.exposure import GONE, TIME_IS_OVER, PublicExposure


def is_released() -> ColumnElement[bool]:
    """Whether its moment has come."""
    return or_(PublicExposure.released_at.is_(None), PublicExposure.released_at <= func.now())


def is_over() -> ColumnElement[bool]:
    """Whether it has been shown for its time, and nobody has taken it down yet."""
    return and_(PublicExposure.status.not_in(GONE), func.coalesce(PublicExposure.expires_at <= func.now(), False))


def taken_down(public: PublicExposure) -> PublicExposure:
    """What is left of one that is over: what the sweep will make of it."""
    return PublicExposure(
        public_id=public.public_id, version=public.version + 1, status="expired", published_at=public.published_at,
        updated_at=public.updated_at, withdrawn_at=public.expires_at, withdraw_reason=TIME_IS_OVER,
    )  # fmt: skip

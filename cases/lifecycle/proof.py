"""What pictures prove: taken when it matters, of this place only, never the same image twice (T13, M48, X20)."""

from datetime import datetime
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from cases import policy
from cases.lifecycle.guards import Incomplete, at_night
from cases.lifecycle.rounds import of_this_round
from cases.models.case import Case
from cases.models.handling import Acceptance, AcceptanceArrival, Order, Picture, Visit
from kit.errors import Invalid
from people.actors import Actor


class PictureReused(Invalid):
    """The only picture that would prove it shows up in another case, or is one that this case had before (X20)."""

    code = "picture.reused"
    message = "This image has been used before; take a new photo on site."


def after_photo(*, session: Session, case: Case, **_: Any) -> None:
    """T13: photos taken after the work: since the order; for a rework, since it was sent back (X20).

    For a reopened case, since then.
    """
    ordered = session.scalar(select(func.max(Order.issued_at)).where(Order.case_id == case.id))
    failed = select(func.max(Acceptance.accepted_at)).where(Acceptance.case_id == case.id, Acceptance.result == "fail")
    sent_back = session.scalar(failed)
    found = [*_pictures(case, "after"), of_this_round(case, Picture.received_at)]
    if ordered is not None:
        found = [*found, Picture.received_at >= ordered]
    if sent_back is not None:
        found = [*found, Picture.received_at > sent_back]
    _proved(session, found, "photo_after")


def shown_by_the_acceptor(
    *, session: Session, case: Case, by: Actor, arrival: AcceptanceArrival | None, **_: Any
) -> None:
    """T14, T15, M41: whoever accepts was at the place, and shows what is there by a new photo of their own (X20).

    Not by the handler's, and not from the office. Raises Incomplete, PictureReused.
    """
    if arrival is None:
        raise Incomplete("Check in at the place first.", missing=["arrival"])
    own = (Picture.account_id == by.account_id, Picture.received_at >= arrival.arrived_at)
    _proved(session, [*_pictures(case, "after"), *own], "photo_after")


def by_night(*, session: Session, case: Case, now: datetime, arrival: AcceptanceArrival | None, **_: Any) -> None:
    """T15, X20: that it happens no more by night is seen by night."""
    category = policy.category_version(session, case.category_code, case.category_version)
    hours = policy.value(session, "night_hours", now)
    if category.night_rule and (arrival is None or not at_night(arrival.arrived_at, hours)):
        raise Incomplete("What happens by night is accepted by night.", missing=["night_visit"])


def pair_of_visit(*, session: Session, case: Case, fixed_on_spot: bool, **_: Any) -> None:
    """T8, M48: fixed on the spot is proved by a picture before and one after, both taken during a visit."""
    for role in ("before", "after") if fixed_on_spot else ():
        during = exists().where(
            Visit.case_id == case.id,
            Visit.state != "broken_off",  # it proves nothing
            of_this_round(case, Visit.started_at),
            Picture.received_at >= Visit.started_at,
            Picture.received_at <= func.coalesce(Visit.completed_at, Picture.received_at),
        )
        _proved(session, [*_pictures(case, role), during], f"photo_{role}")


def shown_now(session: Session, case: Case, role: str, *, since: datetime | None) -> None:
    """T17: a new picture of this role since then. Raises Incomplete, PictureReused."""
    _proved(session, [*_pictures(case, role), Picture.received_at >= since], f"photo_{role}")


def _proved(session: Session, found: list[Any], missing: str) -> None:
    """At least one picture that meets the conditions and is new. Raises Incomplete, PictureReused."""
    if session.scalar(select(Picture.id).where(*found).limit(1)) is None:
        raise Incomplete("Photos are missing.", missing=[missing])
    if session.scalar(select(Picture.id).where(*found, ~Picture.reused, ~_seen_before()).limit(1)) is None:
        raise PictureReused(missing=[missing])


def _pictures(case: Case, role: str) -> list[Any]:
    return [Picture.case_id == case.id, Picture.state != "rejected", Picture.role == role]


def _seen_before() -> Any:
    """Whether the case had this image before, in whatever role."""
    older = aliased(Picture)
    return exists().where(
        older.case_id == Picture.case_id,
        older.sha256 == Picture.sha256,
        older.id != Picture.id,
        older.received_at <= Picture.received_at,
    )

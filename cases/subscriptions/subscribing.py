"""Subscribing and ending it: whoever holds the code says where to, and takes it back; nobody is asked for a name."""

from datetime import datetime
from uuid import uuid4

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from cases import policy
from cases.intake.tracking import by_code
from cases.models.report import Report, ReportEvent
from cases.models.subscription import Subscription
from cases.subscriptions.ways import Address
from kit.errors import Conflict
from kit.secrets import mark, seal


class TooManySubscriptions(Conflict):
    """The report tells as many devices as it may."""

    code = "push.too_many"
    message = "This report tells as many devices as it may."


def subscribe(
    session: Session, typed_code: str, address: Address, *, locale: str, now: datetime
) -> tuple[Report, bool]:
    """Tell this device from now on; False where it was told already. Its keys and its language are the newest said.

    Raises Mistyped, UnknownCode, BadTarget, TooManySubscriptions.
    """
    report = by_code(session, typed_code, lock=True)
    address.target.check()
    marked = _mark(report, address.target.endpoint)
    of_report = select(Subscription).where(Subscription.report_id == report.id)
    known = session.scalars(of_report.where(Subscription.mark == marked)).one_or_none()
    if known is not None:
        known.address, known.locale = seal("subscription", str(known.id), address.sealable), locale
        return report, False
    many = session.scalar(select(func.count()).select_from(of_report.subquery())) or 0
    if many >= policy.value(session, "push", now)["most"]:
        raise TooManySubscriptions
    newest = select(func.coalesce(func.max(ReportEvent.seq), 0)).where(ReportEvent.report_id == report.id)
    id_ = uuid4()
    session.add(Subscription(
        id=id_, report_id=report.id, way=address.way, mark=marked, locale=locale, made_at=now,
        address=seal("subscription", str(id_), address.sealable), seen_seq=session.scalars(newest).one(),
    ))  # fmt: skip
    session.flush()
    return report, True


def unsubscribe(session: Session, typed_code: str, endpoint: str | None) -> tuple[Report, int]:
    """Tell this device no more, or none of the report's; gives how many were told. Raises Mistyped, UnknownCode."""
    report = by_code(session, typed_code)
    theirs = delete(Subscription).where(Subscription.report_id == report.id)
    if endpoint is not None:
        theirs = theirs.where(Subscription.mark == _mark(report, endpoint))
    return report, len(session.scalars(theirs.returning(Subscription.id)).all())


def _mark(report: Report, endpoint: str) -> bytes:
    """Bound to the report: nobody can see which reports are of one device."""
    return mark("subscription", report.id.bytes, endpoint.encode())

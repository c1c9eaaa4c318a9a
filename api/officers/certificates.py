"""/o/v1/officers/{id}/certificates: who may make an enforcement check, and until when (M61)."""

from datetime import date
from typing import Annotated, Any

from fastapi import Path
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Short
from api.rights import EVERY_OFFICER, Scope, may
from api.routes import officers_router
from cases import policy
from people import certificates
from people.models import Certificate

router = officers_router("/officers/{officer_id}/certificates", tags=["officers"])


Id = Annotated[int, Path(ge=1, le=2**31 - 1)]


class CertificateIn(Body):
    """A certificate as its paper states it; a scope is groups of categories, or `all`."""

    number: Short
    scope: Annotated[list[Short], Field(min_length=1, max_length=20)]
    valid_from: date
    valid_to: date


class CertificateEnd(Body):
    """From which day it no longer counts, and why."""

    on: date
    reason: Short


@router.get("", name="list_certificates")
@may(EVERY_OFFICER, scope=Scope.HOUSE)
def list_certificates(officer_id: Id, session: OfficerSession, _actor: CurrentActor) -> dict[str, Any]:
    """Every certificate that an officer has or had."""
    return {"items": [_shape(each) for each in certificates.of(session, officer_id)]}


@router.post("", status_code=201, name="enter_certificate")
@may(certificates.ENTERED_BY, scope=Scope.DISTRICT)
def enter_certificate(
    officer_id: Id, body: CertificateIn, session: OfficerSession, actor: CurrentActor, now: Now
) -> dict[str, Any]:
    """Enter a certificate, by whoever keeps them for the district."""
    known = {group["code"] for group in policy.value(session, "category_groups", now)}
    entered = certificates.enter(session, officer_id, **body.model_dump(), known=known, by=actor, now=now)
    return _shape(entered)


@router.post("/{certificate_id}/endings", status_code=201, name="end_certificate")
@may(certificates.ENTERED_BY, scope=Scope.DISTRICT)
def end_certificate(
    officer_id: Id, certificate_id: Id, body: CertificateEnd, session: OfficerSession, actor: CurrentActor
) -> dict[str, Any]:
    """End a certificate before its time."""
    return _shape(certificates.end(session, officer_id, certificate_id, on=body.on, reason=body.reason, by=actor))


def _shape(row: Certificate) -> dict[str, Any]:
    return {
        "id": row.id, "account_id": row.account_id, "number": row.number, "scope": row.scope,
        "valid_from": row.valid_from.isoformat(), "valid_to": row.valid_to.isoformat(),
        "ended_on": row.ended_on.isoformat() if row.ended_on else None, "end_reason": row.end_reason,
    }  # fmt: skip

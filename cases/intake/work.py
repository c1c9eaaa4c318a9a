"""Some work of a phone lets its report go on without a person (ALTCHA; security.md 3.7). Never asked for tracking.

A challenge is signed, good for some minutes, and for one report: `data` names its id. The report spends it, in the
transaction that lets it go on; so it is good once whatever is sent again, in whichever process, with or without Redis.
"""

import base64
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Kind
from cases.models.report import UNPROVEN, Report
from kit.errors import Invalid
from kit.secrets import derived
from people.actors import CITIZEN

ALGORITHM = "PBKDF2/SHA-256"
# Before a person has looked at it; afterwards it is theirs.
WAITING = ("submitted", "in_review")


class WorkInvalid(Invalid):
    """Not signed by us, for another report, or not solved. What is known of the report is not told."""

    code = "work.invalid"
    message = "This is not the work that was asked for."
    pointer = "/payload"


class WorkExpired(Invalid):
    """Solved too late."""

    code = "work.expired"
    message = "The time for this work is over."
    pointer = "/payload"


def challenge(report_client_id: UUID, rule: Mapping[str, Any], *, standing: str, now: datetime) -> dict[str, Any]:
    """What a phone is asked for; `rule` is the policy `proof_of_work`, and `standing` says how much it costs."""
    import altcha  # noqa: PLC0415 - with what it imports three megabytes, and most days nobody is asked

    asked = altcha.create_challenge(
        ALGORITHM, rule["cost"][standing], key_prefix=rule["prefix"], data=_about(report_client_id),
        expires_at=now + timedelta(minutes=rule["minutes"]), hmac_secret=_key(),
    )  # fmt: skip
    return asked.to_dict()


def prove(session: Session, report_client_id: UUID, payload: str, *, now: datetime) -> bool:
    """Let a report that waits for this work go on; False where it does not wait for it, or no more.

    Raises WorkInvalid, WorkExpired.
    """
    statement = select(Report).where(Report.client_id == report_client_id).with_for_update()
    report = session.scalars(statement).one_or_none()
    if report is None:
        raise WorkInvalid
    if report.waits_for != UNPROVEN or report.state not in WAITING or report.seen_at is not None:
        return False
    check(report_client_id, payload, now=now)
    report.waits_for = None
    trail.record(session, report, Kind.WORK_PROVEN, by=CITIZEN, now=now)
    return True


def check(report_client_id: UUID, payload: str, *, now: datetime) -> None:
    """Raise WorkInvalid or WorkExpired unless this is our challenge for the report, solved in time."""
    import altcha  # noqa: PLC0415 - as above

    try:
        solved = altcha.Payload.from_dict(json.loads(base64.b64decode(payload, validate=True)))
        asked = solved.challenge.parameters
        if asked.data != _about(report_client_id) or not isinstance(asked.expires_at, int):
            raise WorkInvalid
        found = altcha.verify_solution(solved, _key())
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError) as unreadable:
        raise WorkInvalid from unreadable
    if found.expired or asked.expires_at <= now.timestamp():
        raise WorkExpired
    if not found.verified:
        raise WorkInvalid


def _about(report_client_id: UUID) -> dict[str, str]:
    return {"report": str(report_client_id)}


def _key() -> bytes:
    return derived("proof of work")

"""Where rights are asked: one person of each role, a case of the one town and a case of the other."""

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy.orm import Session

from kit import clock
from people.actors import Actor
from people.models import StaffSession
from people.roles import Role
from tests import make
from tests.api.rights.matrix import HOMES
from tests.walk import Walk


@dataclass(frozen=True)
class Ground:
    """Who asks, and the two cases: one of the western town, on which the fire brigade works too, one of the eastern."""

    people: Mapping[Role, Actor]
    ours: UUID
    theirs: UUID


def built(session: Session) -> Ground:
    """A district with both cases, the western one accepted and waiting to be closed."""
    district = make.district(session)
    homes = {"town": district.west.org, "department": district.fire, "district": district.office}
    ours = Walk(session, district).accepted().case
    theirs = make.case(session, district.east.org, state="signed")
    people = {role: make.officer(session, homes[HOMES[role]], role) for role in Role}
    return Ground(people, ours.id, theirs.id)


def signed_in(session: Session, who: Actor) -> str:
    """A session of somebody, without a password: the token."""
    token, now = secrets.token_urlsafe(32), clock.now()
    row = StaffSession(
        token_hash=hashlib.sha256(token.encode()).digest(), account_id=who.account_id, created_at=now, seen_at=now,
        expires_at=now + timedelta(hours=1),
    )  # fmt: skip
    session.add(row)
    session.flush()
    return token

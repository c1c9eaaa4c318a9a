"""How officers are reached outside the application: the mail of a person, the robot of an office's chat group."""

from datetime import datetime

from sqlalchemy.orm import Session

from kit import webhook
from kit.errors import Invalid, NotAllowed
from people.actors import Actor
from people.models import Org
from people.roles import Role
from people.roster import GroupBot, MailAddress

KEEPERS = (Role.SAFETY_OFFICE, Role.SYSADMIN)


def set_address(session: Session, address: str, *, by: Actor, now: datetime) -> MailAddress:
    """Enter where the actor takes mail; a later entry replaces it."""
    return session.merge(MailAddress(account_id=by.account_id, address=address, entered_at=now))


def set_bot(session: Session, *, org_id: int, kind: str, url: str, by: Actor, now: datetime) -> GroupBot:
    """Enter an office's robot. Raises NotAllowed, NotAllowedHost, and Invalid for an unknown office."""
    if by.org_kind != "district" or not by.has(*KEEPERS):
        raise NotAllowed("Robots are entered by the district.")
    if session.get(Org, org_id) is None:
        raise Invalid("There is no such office.", pointer="/org_id")
    webhook.check(url)
    return session.merge(GroupBot(org_id=org_id, kind=kind, url=url, entered_by=by.account_id, entered_at=now))

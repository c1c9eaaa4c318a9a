"""Reading who reported: the vault is asked, which looks at everything again by itself and writes it down first."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from cases.lifecycle.conflict import screen
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.release import KeysAndPeople, NotTheReader, ReleaseOver, TooManyReleases
from cases.models.release import Release
from cases.models.report import Report
from cases.releases.finding import NoSuchRelease
from kit.errors import Conflict, Refusal, Unavailable, Unidentified
from kit.settings import settings
from kit.wire import NobodyAnswers, ask
from people.actors import Actor


class VaultAway(Unavailable):
    """The vault does not answer; whether it has heard is told by the state of the release."""

    code = "vault.away"
    message = "The vault does not answer. Look whether this was read, before you try again."


class CannotOpen(Conflict):
    """The envelope does not open: its key is missing, or somebody changed it. Nothing was read."""

    code = "vault.cannot_open"
    message = "The envelope does not open. Tell whoever runs the vault."


class NotUnderstood(Unavailable):
    """The vault refused for a reason that this process does not know: two versions run side by side."""

    code = "vault.not_understood"
    message = "The vault and this process do not understand each other."


# What the vault may refuse with; each is raised here as if it had been found here.
REFUSALS: dict[str, type[Refusal]] = {
    kind.code: kind
    for kind in (
        NotInState, NotYourRole, KeysAndPeople, NotTheReader, ReleaseOver, TooManyReleases, NoSuchRelease, CannotOpen,
        Unidentified, Unavailable,
    )
}  # fmt: skip


def read(session: Session, release: Release, *, token: str, by: Actor, now: datetime) -> dict[str, Any]:
    """What was agreed to, once: the fields asked for, as far as the reporter gave them.

    The caller holds no lock: the vault takes its own. `token` is the reader's session, which the vault looks up itself.
    Raises InConflict, VaultAway, CannotOpen, and what the machine refuses with.
    """
    screen(session, session.get_one(Report, release.report_id), by.account_id, now=now)
    try:
        answer = ask(settings().vault_socket, {"ask": "read", "release": str(release.id), "token": token})
    except NobodyAnswers as away:
        raise VaultAway from away
    if "refused" in answer:
        raise REFUSALS.get(answer["refused"], NotUnderstood)
    found: dict[str, Any] = answer["identity"]
    return found

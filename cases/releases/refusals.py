"""What may stand between a reader and what was agreed to."""

from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.release import KeysAndPeople, NotTheReader, ReleaseOver, TooManyReleases
from cases.releases.finding import NoSuchRelease
from kit.errors import Conflict, Refusal, Unavailable, Unidentified


class VaultAway(Unavailable):
    """The vault does not answer; whether it has heard is told by the state of the release."""

    code = "vault.away"
    message = "The vault does not answer. Look whether this was read, before you try again."


class CannotOpen(Conflict):
    """The envelope, or a photo, does not open: its key is missing, or somebody changed it. Nothing was read."""

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

"""Why a newsroom's wish about its webhooks is not met."""

from kit.errors import Conflict, Expired, NotAllowed, NotFound, TooMany


class NoSuchWebhook(NotFound):
    """There is no such webhook, or it is another newsroom's."""

    code = "webhook.unknown"
    message = "There is no such webhook."


class NoSuchDelivery(NotFound):
    """Nothing of this id was sent there, or it is forgotten."""

    code = "webhook.delivery_unknown"
    message = "There is no such delivery."


class AddressTaken(Conflict):
    """The newsroom has a webhook at this address that has not ended."""

    code = "webhook.address_taken"
    message = "You have a webhook at this address already."


class TooManyWebhooks(Conflict):
    """A newsroom has a few webhooks and no more."""

    code = "webhook.too_many"
    message = "You have as many webhooks as one may have; end one first."


class WrongState(Conflict):
    """What has ended stays so, and only what is paused goes on."""

    code = "webhook.state"
    message = "The webhook is not in a state for this."


class PausedByOffice(NotAllowed):
    """What the office has paused, the office lets go on."""

    code = "webhook.paused_by_office"
    message = "The office has paused this webhook; ask there."


class TooManyTests(TooMany):
    """An address is tried so often in an hour and no more: it may be somebody else's."""

    code = "webhook.tests"
    message = "You have sent as many tests as an hour has; wait."


class StillWaiting(Conflict):
    """It has tries left and is sent again by itself."""

    code = "webhook.waiting"
    message = "This is still being tried; wait for its next try."


class BodyGone(Expired):
    """What was said is forgotten, so it cannot be said again."""

    code = "webhook.body_gone"
    message = "What was sent is forgotten after some days; ask the change log."

"""Webhooks: newsrooms that want to be told are told of each change in the public record, signed, at least once."""

from cases.webhooks.events import KINDS
from cases.webhooks.forgetting import forget
from cases.webhooks.letters import deliver
from cases.webhooks.refusals import (
    AddressTaken,
    BodyGone,
    NoSuchDelivery,
    NoSuchWebhook,
    PausedByOffice,
    StillWaiting,
    TooManyTests,
    TooManyWebhooks,
    WrongState,
)
from cases.webhooks.sent import again, sent
from cases.webhooks.subscribing import Made, end, every, find, make, pause, resume, rotate, send_test, theirs
from cases.webhooks.telling import tell

__all__ = [
    "KINDS", "AddressTaken", "BodyGone", "Made", "NoSuchDelivery", "NoSuchWebhook", "PausedByOffice", "StillWaiting",
    "TooManyTests", "TooManyWebhooks", "WrongState", "again", "deliver", "end", "every", "find", "forget", "make",
    "pause", "resume", "rotate", "send_test", "sent", "tell", "theirs",
]  # fmt: skip

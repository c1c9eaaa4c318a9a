"""Being told that there is news of a report, without saying who one is."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from mobile_contract.v1.base import Incoming, Outgoing, TypedCode
from mobile_contract.v1.report import Locale

Endpoint = Annotated[str, StringConstraints(pattern=r"^https://[!-~]+$"), Field(max_length=1000)]


class PushKeys(Incoming):
    """As `PushSubscription.toJSON().keys` gives them."""

    p256dh: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{87}=?$")]
    auth: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}(==)?$")]


class SubscriptionIn(Incoming):
    """A browser's own push subscription, made with `push.web_push_key` of the configuration."""

    tracking_code: TypedCode
    way: Literal["web_push"] = "web_push"
    endpoint: Endpoint
    keys: PushKeys
    locale: Locale = "zh-CN"
    """The language of the one sentence that is pushed."""


class SubscriptionReceipt(Outgoing):
    """201 the first time, 200 when this device was told already; its keys and language are the newest said."""

    reference: str
    replay: bool


class UnsubscriptionIn(Incoming):
    """Ends it for a device, or without `endpoint` for all devices of the report."""

    tracking_code: TypedCode
    endpoint: Endpoint | None = None


class UnsubscriptionReceipt(Outgoing):
    """The addresses are deleted, not only marked."""

    reference: str
    ended: int
    """How many devices were told until now; 0 is no fault."""


class PushMessage(Outgoing):
    """What a device gets, sealed for it alone. It never says a word of the report, whoever sees the screen."""

    kind: str
    """`news`: look up the reports that this device holds codes of. Show `text` for kinds you do not know."""
    text: str
    """One neutral sentence, to be shown as it is."""
    url: str
    """Where a tap leads, on this host."""

"""The ways to a reporter's device, behind one interface. To add one (a WeChat message, an SMS): see docs/push.md."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Protocol

from kit import web_push
from kit.web_push import Target


@dataclass(frozen=True)
class Address:
    """Where to: a way by its name, and what that way needs to know."""

    way: str
    target: Target

    @property
    def sealable(self) -> str:
        """As text, to be sealed."""
        return json.dumps(asdict(self.target))


class Way(Protocol):
    """One way. What it sends is the neutral sentence alone."""

    def send(self, address: str, message: bytes, *, keep_s: int, now: datetime) -> None:
        """Send to an address as it was sealed. Raises Gone where there is nobody any more, else Unavailable."""


class WebPush:
    """A browser, through the service of its maker."""

    def send(self, address: str, message: bytes, *, keep_s: int, now: datetime) -> None:
        """Seal it for the browser and hand it over."""
        web_push.send(Target(**json.loads(address)), message, keep_s=keep_s, now=now)


WAYS: Mapping[str, Way] = {"web_push": WebPush()}

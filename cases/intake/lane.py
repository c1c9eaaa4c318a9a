"""Who sends how much, and what follows: nothing, some work for the phone, or a person who reads it first.

Nobody is refused: a lost report is worse than one that a person reads first (security.md 3.7, T11). Asked and counted
in memory, since intake waits for nothing but the database; what several processes have counted is brought together
beside it (kit/gauges.py). Only what was stored counts, so that a phone that repeats itself through an outage is no
flood.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from cases.models.report import SLOW_LANE, UNPROVEN
from kit.buckets import is_somebody, places_of
from kit.gauges import Gauges, Size
from kit.secrets import mark

COUNTS = Gauges()
_OF_PLACES = ("address", "network")


@dataclass(frozen=True, slots=True)
class Sender:
    """Who sends, as marks of a day: of an address and its network, a device, a phone number. Kept in memory alone."""

    marks: tuple[tuple[str, bytes], ...]
    standing: str  # what makes work cheaper: `anonymous`, `device` or `named`

    @property
    def device(self) -> bytes | None:
        """The mark of the device, where it says which it is."""
        return dict(self.marks).get("device")


def sender(
    host: str, *, device: str | None, phone: str | None, now: datetime, application: UUID | None = None
) -> Sender:
    """The marks of whoever sends from an address; one of the house itself tells nobody from another.

    Behind an `application` many people send from one address: it counts as a network.
    """
    day = f"{now:%Y-%m-%d}"
    told = list(zip(_OF_PLACES, places_of(host), strict=False)) if is_somebody(host) and not application else []
    told += [("network", str(application))] if application else []
    if device:
        told.append(("device", device))
    if phone:
        told.append(("phone", re.sub(r"\D", "", phone)[-11:]))  # the same with and without +86
    standing = "named" if phone else "device" if device else "anonymous"
    return Sender(tuple((name, mark(f"intake {day}", name.encode(), what.encode())) for name, what in told), standing)


def lane_of(sent_by: Sender, values: Mapping[str, Any], *, now: datetime) -> str | None:
    """Why one more report of a sender waits for a person, by the policy in `values`; None for almost all.

    SLOW_LANE beyond a bucket; above a share of it UNPROVEN, as long as all processes count together.
    """
    if not sent_by.marks:
        return None
    fullest = max(_used(name, mark_, values, now) for name, mark_ in sent_by.marks)
    if fullest > 1:
        return SLOW_LANE
    return UNPROVEN if fullest > values["proof_of_work"]["above"] and COUNTS.shared else None


def count_report(sent_by: Sender, values: Mapping[str, Any], *, now: datetime) -> None:
    """Count a report that was stored."""
    for name, mark_ in sent_by.marks:
        COUNTS.take(mark_, size(values["intake_rates"][name]), now=now)


def size(rate: Mapping[str, float]) -> Size:
    """A bucket as policy writes it."""
    return Size(rate["burst"], rate["more"] / (rate["hours"] * 3600))


def _used(name: str, mark_: bytes, values: Mapping[str, Any], now: datetime) -> float:
    """The share of a bucket that is used with one more report."""
    of = size(values["intake_rates"][name])
    return (of.burst - COUNTS.left(mark_, of, now=now) + 1) / of.burst

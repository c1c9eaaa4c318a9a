"""How a report is doing, for whoever holds its tracking code (C3, C12 Q8, X42)."""

from datetime import date
from uuid import UUID

from pydantic import AwareDatetime

from mobile_contract.v1.base import Incoming, Outgoing, TypedCode
from mobile_contract.v1.enums import PhotoState, ReportAction, ReportState, RewardState, ThreadSender, Verdict
from mobile_contract.v1.report import NextStep


class TrackingIn(Incoming):
    """The code goes in the body: addresses are logged, bodies are not."""

    tracking_code: TypedCode
    """As typed: case, spaces and hyphens do not matter; O, I and L are read as 0, 1 and 1."""


class TimelineEntry(Outgoing):
    """One step in one plain sentence. The day, not the minute."""

    day: date
    text: str


class Question(Outgoing):
    """What the intake desk wants to know (R3)."""

    id: UUID
    text: str
    asked_at: AwareDatetime
    due_at: AwareDatetime | None
    """After this moment the desk decides on what it has."""


class TrackedPhoto(Outgoing):
    """A photo of this report and, when it could not be used, why."""

    id: UUID
    state: PhotoState
    reason: str | None = None


class Outcome(Outgoing):
    """The reply (R7): checked text, no handler's data."""

    verdict: Verdict | None
    text: str
    replied_on: date
    satisfaction: int | None = None
    """What the reporter has said of it, 1 to 5."""


class RedirectedTo(Outgoing):
    """Who takes a report that is not for this service (R5). At least one of phone and link is there."""

    reason: str
    body: str
    phone: str | None
    link: str | None
    text: str | None
    """What the desk adds, in its own words."""
    told_on: date


class NotAccepted(Outgoing):
    """Why a report was not accepted, as two people decided (R6)."""

    reason: str
    text: str
    told_on: date


class RewardOffer(Outgoing):
    """What the report earned."""

    state: RewardState
    amount_yuan: int
    claim_until: AwareDatetime
    """Until when it can be claimed, by both secrets."""


class ThreadLine(Outgoing):
    """One line between the reporter and the desk. Neither side is named."""

    sender: ThreadSender
    text: str
    """As both sides see it: what gives somebody away is covered. Empty for photos without a word."""
    photos: int = 0
    """How many photos came with it."""
    sent_at: AwareDatetime


class Progress(Outgoing):
    """Where the report stands."""

    reference: str
    state: ReportState
    state_text: str
    """The state in words, in the language asked for."""
    town_words: str
    received_on: date
    timeline: list[TimelineEntry]
    """Oldest first."""
    question: Question | None
    """Open question to the reporter."""
    photos: list[TrackedPhoto]
    outcome: Outcome | None
    """The reply; for a report that was redirected or not accepted, the same in one text, with `verdict` null."""
    redirected_to: RedirectedTo | None = None
    """There when `state` is `redirected`."""
    not_accepted: NotAccepted | None = None
    """There when `state` is `not_accepted`."""
    reward: RewardOffer | None = None
    """There once a reward was approved."""
    thread: list[ThreadLine]
    """Questions, answers, supplements and messages, oldest first."""
    next: NextStep | None
    """Null when nothing more will happen."""
    can: list[ReportAction]
    """What may be done now."""

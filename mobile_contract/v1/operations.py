"""The operations of version 1: address, shapes, answers, and every problem each may tell."""

from dataclasses import dataclass

from pydantic import BaseModel

from mobile_contract.v1.answer import AnswerIn, AnswerReceipt
from mobile_contract.v1.claim import ClaimIn, ClaimReceipt
from mobile_contract.v1.config import Config
from mobile_contract.v1.photo import PhotoForm, PhotoReceipt
from mobile_contract.v1.report import Receipt, ReportIn
from mobile_contract.v1.subscription import (
    SubscriptionIn,
    SubscriptionReceipt,
    UnsubscriptionIn,
    UnsubscriptionReceipt,
)
from mobile_contract.v1.sync import Sync
from mobile_contract.v1.towns import Towns
from mobile_contract.v1.tracking import Progress, TrackingIn
from mobile_contract.v1.work import WorkIn, WorkReceipt

VERSION = "1.0.0"
PREFIX = "/m/v1"

# What any operation may tell, and any that takes a body.
ANYWHERE = ("rate.limited", "internal", "service.unavailable")
WITH_BODY = ("body.invalid", "body.too_large", "media.unsupported")
# What belongs to no operation: an address or method that is not in this contract.
NOWHERE = ("path.unknown", "method.not_allowed")
# What the officers' JSON API tells in the same words.
SHARED = ("case.changed", "precondition.required")


# What an answer is asked on with: operation, the next one, and which member of the answer is which of its own.
_BY_CODE = {"tracking_code": "/tracking_code"}
LINKS: dict[str, dict[str, dict[str, str]]] = {
    "send_report": {
        "track_report": _BY_CODE,
        "add_answer": _BY_CODE,
        "subscribe": _BY_CODE,
        "unsubscribe": _BY_CODE,
        "send_photo": {"report_id": "/id"},
        "claim_reward": {**_BY_CODE, "claim_secret": "/claim_secret"},
    },
    "get_changes": {"get_changes": {"cursor": "/next_cursor"}},
}


@dataclass(frozen=True, slots=True)
class Operation:
    """One operation. All its 2xx answers share the schema `answer` (ecosystem 1.3, no. 2)."""

    name: str
    """The operationId: the method's name in every generated client, so it never changes."""
    method: str
    path: str
    summary: str
    answer: type[BaseModel]
    statuses: tuple[int, ...] = (200,)
    body: type[BaseModel] | None = None
    multipart: bool = False
    etag: bool = False
    """The answer has an ETag; If-None-Match gets 304 without a body."""
    problems: tuple[str, ...] = ()

    @property
    def all_problems(self) -> tuple[str, ...]:
        """Every code this operation may tell."""
        return (*(WITH_BODY if self.body else ()), *self.problems, *ANYWHERE)


_ROWS = (
    Operation(
        "send_report",
        "post",
        f"{PREFIX}/reports",
        "Send a report. The photos named in it follow one by one.",
        body=ReportIn,
        answer=Receipt,
        statuses=(201, 200),
        problems=(
            "report.nothing_to_act_on",
            "report.place_missing",
            "position.out_of_range",
            "report.id_reused",
            "time.out_of_range",
            "intake.busy",
        ),
    ),
    Operation(
        "prove_work",
        "post",
        f"{PREFIX}/works",
        "Give the work that a receipt has asked for, so that the report goes on at once.",
        body=WorkIn,
        answer=WorkReceipt,
        problems=("work.invalid", "work.expired"),
    ),
    Operation(
        "send_photo",
        "post",
        f"{PREFIX}/photos",
        "Send one photo. It may come before its report, late, or twice.",
        body=PhotoForm,
        multipart=True,
        answer=PhotoReceipt,
        statuses=(201, 200),
        problems=(
            "photo.not_in_manifest",
            "photo.checksum",
            "photo.too_large",
            "photo.type",
            "photo.broken",
            "photo.pixels",
            "photo.waits",
            "photo.id_reused",
            "photo.quota",
            "report.withdrawn",
            "storage.unavailable",
        ),
    ),
    Operation(
        "track_report",
        "post",
        f"{PREFIX}/tracking",
        "See how a report is doing, by its tracking code.",
        body=TrackingIn,
        answer=Progress,
        problems=("tracking.unknown", "tracking.mistyped", "tracking.throttled"),
    ),
    Operation(
        "add_answer",
        "post",
        f"{PREFIX}/answers",
        "Add a supplement, answer a question, rate the reply, or withdraw.",
        body=AnswerIn,
        answer=AnswerReceipt,
        statuses=(201, 200),
        problems=(
            "tracking.unknown",
            "tracking.mistyped",
            "tracking.throttled",
            "answer.not_open",
            "answer.id_reused",
            "answer.too_many_photos",
            "photo.id_reused",
        ),
    ),
    Operation(
        "claim_reward",
        "post",
        f"{PREFIX}/claims",
        "Claim the reward of a report, with or without a name.",
        body=ClaimIn,
        answer=ClaimReceipt,
        statuses=(201, 200),
        problems=(
            "tracking.unknown",
            "tracking.mistyped",
            "tracking.throttled",
            "claim.nothing_to_claim",
            "claim.too_late",
            "claim.undeclared",
            "claim.id_number_missing",
            "claim.cap_reached",
        ),
    ),
    Operation(
        "subscribe",
        "post",
        f"{PREFIX}/subscriptions",
        "Be told by a push that there is news of a report.",
        body=SubscriptionIn,
        answer=SubscriptionReceipt,
        statuses=(201, 200),
        problems=("tracking.unknown", "tracking.mistyped", "tracking.throttled", "push.address", "push.too_many"),
    ),
    Operation(
        "unsubscribe",
        "post",
        f"{PREFIX}/unsubscriptions",
        "Be told no more, on one device or on all.",
        body=UnsubscriptionIn,
        answer=UnsubscriptionReceipt,
        problems=("tracking.unknown", "tracking.mistyped", "tracking.throttled"),
    ),
    Operation(
        "get_config",
        "get",
        f"{PREFIX}/config",
        "Catalogue, limits, notice and numbers, before the first screen.",
        answer=Config,
        etag=True,
    ),
    Operation(
        "get_towns",
        "get",
        f"{PREFIX}/towns",
        "The towns a report may fall to.",
        answer=Towns,
        etag=True,
    ),
    Operation(
        "get_changes",
        "get",
        f"{PREFIX}/sync",
        "What became public, changed or went since a cursor.",
        answer=Sync,
        problems=("body.invalid", "sync.cursor_invalid", "sync.cursor_expired"),
    ),
)
OPERATIONS: dict[str, Operation] = {row.name: row for row in _ROWS}

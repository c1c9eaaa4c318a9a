"""Findings, holds, extensions, second looks, decisions and look-backs of a case, as officers read them."""

from typing import Any

from api.officers.shapes import plain
from cases.handling import Beside

HOLD = (
    "id task_id state version reason_code note interim_measures review_at from_state requested_by requested_at "
    "decided_by decided_at comment renewals ended_at end_note"
)
EXTENSION = (
    "id clock_id state version reason old_due_at new_due_at requested_by requested_at decided_by decided_at comment"
)
# The seed of a draw is for those who replay it, not for those who are drawn.
SECOND_LOOK = "verdict_id state version why drawn_at decided_by decided_at comment"
DECISION = "id state version why opened_at due_at choice ground basis reason decided_by decided_at"
LOOK_BACK = (
    "id round step state version origin draw_id opens_at due_at org_id assignee_id assigned_by assigned_at started_at "
    "distance_m distance_reason done_at findings"
)
REOPENING = (
    "id round cause evidence look_back_id review_id other_case_id closed_at urgency_before urgency to_state "
    "reopened_by reopened_at"
)
EXPOSURE_REFUSAL = "id verdict_id reason refused_by refused_at"
LISTING_WAIVER = (
    "id state version owed_at due_at reason basis proposed_by proposed_at decided_by decided_at comment withdrawn_by "
    "withdrawn_at"
)
REVIEW = "id state version grounds opened_at due_at org_id assignee_id assigned_by assigned_at decided_at finding"


def beside_body(found: Beside) -> dict[str, Any]:
    """The lists that stand beside the straight path."""
    return {
        "findings": _findings(found),
        "holds": [plain(each, HOLD) for each in found.holds],
        "pauses": [plain(each, "clock_id hold_id from_at to_at due_before due_after") for each in found.pauses],
        "extensions": [plain(each, EXTENSION) for each in found.extensions],
        "second_looks": [plain(each, SECOND_LOOK) for each in found.second_looks if each.state != "not_drawn"],
        "decisions": [plain(each, DECISION) for each in found.decisions],
        "look_backs": [plain(each, LOOK_BACK) for each in found.look_backs],
        "reviews": [plain(each, REVIEW) for each in found.reviews],
        "exposure_refusals": [plain(each, EXPOSURE_REFUSAL) for each in found.exposure_refusals],
        "listing_waivers": [plain(each, LISTING_WAIVER) for each in found.listing_waivers],
        "reopenings": [plain(each, REOPENING) for each in found.reopenings],
    }


def _findings(found: Beside) -> list[dict[str, Any]]:
    newest = {each.finding_id: each for each in found.finding_checks}
    shown: dict[Any, list[str]] = {}
    for link in found.finding_pictures:
        shown.setdefault(link.finding_id, []).append(str(link.picture_id))
    return [
        {
            **plain(each, "id visit_id position text"), "picture_ids": shown.get(each.id, []),
            "result": newest[each.id].result if each.id in newest else None,
        }
        for each in found.findings
    ]  # fmt: skip

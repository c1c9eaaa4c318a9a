"""Cases and tasks as officers read them: nothing of a report is in reach of these."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from cases.deadlines import colour, colour_at
from cases.handling import Dossier
from cases.lists import ListRow
from cases.models.case import Case
from cases.models.rows import CaseRow
from cases.queue import QueueRow
from kit.clock import LOCAL_ZONE

ARRIVAL = "id measure_id org_id account_id arrived_at distance_m distance_reason"
ACCEPTANCE = "id arrival_id result findings note accepted_by accepted_at people_present signature signature_note"
DELIVERY = "id order_id how delivered_at officer_ids recipient capacity witnesses filmed note recorded_by recorded_at"
VISIT = (
    "id kind state org_id officer_id companion_ids started_at completed_at broken_off_at broken_off_by "
    "broken_off_reason distance_m place inspected_unit findings facts action penalty permit_check "
    "checklist checks signature supports_penalty certificates"
)


def queue_row(row: QueueRow, now: datetime) -> dict[str, Any]:
    """One row of an office's queue, with the colour of its deadline at `now` (D8)."""
    colour = colour_at(now, row.yellow_at, row.due_at)
    return {**row._asdict(), "colour": colour, "case": case_head(row.case)}


def case_head(case: Case | CaseRow) -> dict[str, Any]:
    """What lists show of a case, with ids and times as they are: whoever writes JSON knows them."""
    return {
        "id": case.id, "number": case.number, "state": case.state, "version": case.version,
        "category": case.category_code, "urgency": case.urgency, "place": case.place_text, "seen_on": case.seen_on,
        "opened_on": case.opened_at.astimezone(LOCAL_ZONE).date(), "extract": case.extract,
        "provisional": case.provisional, "outcome": case.outcome, "grade": case.grade,
        "responsible_org_id": case.responsible_org_id,
    }  # fmt: skip


def listed_case(row: ListRow, now: datetime) -> dict[str, Any]:
    """One row of a list of cases, with the colour of the deadline that runs at `now`, if one does (D8)."""
    return {
        **case_head(row.case), "responsible_org": row.org_name, "due_at": row.due_at, "due_what": row.due_what,
        "colour": colour_at(now, row.yellow_at, row.due_at) if row.due_at else None, "person_id": row.person_id,
        "tags": row.tags,
    }  # fmt: skip


def dossier_body(found: Dossier, now: datetime) -> dict[str, Any]:
    """One case with everything an officer may read of it."""
    case = found.case
    return {
        **case_head(case),
        "place": {
            "lon": found.lon, "lat": found.lat, "accuracy_m": case.accuracy_m, "datum": case.crs,
            "text": case.place_text,
            "border_m": case.border_m, "unit_id": case.unit_id, "edition_id": case.edition_id, "how": case.routed_how,
        },
        "penalty_policy": case.penalty_policy, "circumstances": case.circumstances, "profile_id": case.profile_id,
        "replies_open": case.replies_open,
        "rework_count": case.rework_count, "closed_at": _iso(case.closed_at),
        "tasks": [
            {
                "id": str(t.id), "org": {"id": t.org.id, "name": t.org.name_zh}, "kind": t.kind, "state": t.state,
                "goal": t.goal, "duty_item": t.duty_item, "person_id": t.person_id, "due_at": _iso(t.due_at),
                "answer": t.answer,
            }
            for t in found.tasks
        ],
        "clocks": [
            {"id": c.id, "kind": c.kind, "due_at": _iso(c.due_at), "original_due_at": _iso(c.original_due_at),
             "started_at": _told(c.started_at, case), "provisional": c.provisional, "extended_at": _iso(c.extended_at),
             "overlay": {"code": c.overlay_code, "version": c.overlay_version} if c.overlay_code else None,
             "colour": colour(now, c.started_at, c.due_at, yellow_share=found.yellow_share)}
            for c in found.clocks
        ],
        "trail": [
            {"seq": e.seq, "kind": e.kind, "at": _told(e.at, case), "by": e.actor_name, "body": e.body}
            for e in found.events
        ],
        "pictures": [{"id": str(p.id), "role": p.role, "state": p.state, "reason": p.reason, "reused": p.reused,
                      "alike": p.alike}
                     for p in found.pictures],
        "visits": [plain(v, VISIT) for v in found.visits],
        "verdicts": [plain(v, "id outcome summary qualification proposed_by state decided_by comment grade criterion "
                               "criterion_code criterion_clause consequences") for v in found.verdicts],
        "orders": [plain(o, "id number text responsible_party measures funding contingency interim_measures due_at "
                            "fixed_on_spot")
                   for o in found.orders],
        "deliveries": [plain(d, DELIVERY) for d in found.deliveries],
        "completions": [plain(c, "id statement stated_by stated_at") for c in found.completions],
        "arrivals": [plain(a, ARRIVAL) for a in found.arrivals],
        "acceptances": [plain(a, ACCEPTANCE) for a in found.acceptances],
        "copies": [plain(c, "id visit_id acceptance_id recipient delivered_at note") for c in found.copies],
        "guards": [asdict(guard) for guard in found.guards],
        "next": found.next_moves,
    }  # fmt: skip


def plain(row: object, names: str) -> dict[str, Any]:
    """Some columns of a row as JSON values."""
    values = {name: getattr(row, name) for name in names.split()}
    return {
        name: value.isoformat() if isinstance(value, datetime)
        else value if isinstance(value, (int, float, str, list, dict, type(None)))
        else str(value)
        for name, value in values.items()
    }  # fmt: skip


def _told(moment: datetime, case: Case) -> str:
    """An instant; of what the opening of the case itself has written, the day alone.

    A case may be opened seconds after its report was sent, and who stood there at that minute is known (X40).
    """
    return moment.astimezone(LOCAL_ZONE).date().isoformat() if moment == case.opened_at else moment.isoformat()


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None

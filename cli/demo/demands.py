"""The demo's safety office: what is late is urged, answered, talked over and criticised before all (M74, M77).

The ladder has left orders, interviews and entries with the cases of the past; each list keeps some of every state.
"""

from __future__ import annotations

from datetime import timedelta
from itertools import islice
from typing import Any, Final

from cli.demo.staff import Seat, Staff
from kit import clock

CRITICISED: Final = 2
# What two bodies answer to their 督办单, and what the safety office makes of it.
ANSWERS: Final = (
    ("已安排专人现场督促，三日内完成整改并报送照片。", "acceptances", "回复属实，予以认可"),
    ("正在协调有关部门，尽快办理。", "rejections", "没有明确时限和责任人，请重新办理"),
)


def demand(staff: Staff) -> None:
    """Act on what is late. A second run finds its bulletin there and does nothing. Raises Refused."""
    safety = staff.seat("safety")
    if safety.get("/bulletins?limit=1")["items"]:
        return
    issued = safety.get("/urge-orders?limit=100&state=issued")["items"]
    urged = [
        order for order in issued if order["level"] == "urge_order" and staff.has_people_of_its_own(order["org_id"])
    ]
    for order, (text, judged, comment) in zip(urged, ANSWERS, strict=False):
        answered = _answered(staff, order, text)
        safety.post(f"/urge-orders/{order['id']}/{judged}", {"comment": comment}, seen=answered["version"])
    for interview in safety.get("/interviews?limit=1&state=planned")["items"]:
        _talk(safety, interview)
    _remind(safety)
    entries = [entry["id"] for entry in safety.get("/bulletin-entries?limit=100")["items"]][:CRITICISED]
    if entries:
        words = "以下案件超过时限五个工作日仍未办结，现予通报。"
        safety.post("/bulletins", {"entry_ids": entries, "text": words})


def lists(staff: Staff) -> dict[str, str]:
    """How long each list of the safety office is."""
    safety = staff.seat("safety")
    names = {
        "urge orders": "urge-orders", "interviews": "interviews", "entries for the next bulletin": "bulletin-entries",
        "bulletins": "bulletins", "candidates for listing": "listing-candidates",
    }  # fmt: skip
    return {name: str(len(safety.get(f"/{path}?limit=100")["items"])) for name, path in names.items()}


def _answered(staff: Staff, order: dict[str, Any], text: str) -> dict[str, Any]:
    leader = staff.of(order["org_id"], "leader")
    found: dict[str, Any] = leader.post(f"/urge-orders/{order['id']}/replies", {"text": text}, seen=order["version"])
    return found


def _talk(safety: Seat, interview: dict[str, Any]) -> None:
    now = clock.now()
    record = {
        "held_at": (now - timedelta(hours=1)).isoformat(), "attendees": "单位主要负责人、分管负责人",
        "commitments": "五个工作日内完成整改，举一反三排查同类隐患",
        "commitments_due_at": (now + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    safety.post(f"/interviews/{interview['id']}/records", record, seen=interview["version"])


def _remind(safety: Seat) -> None:
    """A reminder by hand about a case that nobody has signed for; it waits for its answer."""
    waiting = (row["case"]["id"] for row in safety.pages("/queue") if row["case"]["state"] == "dispatched")
    for case_id in islice(waiting, 1):
        org_id = safety.get(f"/cases/{case_id}")["responsible_org_id"]
        body = {"case_id": case_id, "level": "reminder", "org_id": org_id, "text": "群众反映强烈，请抓紧签收核查。"}
        safety.post("/urge-orders", body)

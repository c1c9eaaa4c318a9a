"""The demo's officers in the field: they carry a case from signing to closing, each act by whoever may do it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from cli.demo.answers import answers
from cli.demo.plan import Goal, Story
from cli.demo.staff import Seat, Staff
from cli.demo.views import shot
from cli.demo.words import entity, words
from kit import clock

# How many steps of LADDER lead to each goal.
STEPS: Final[dict[Goal, int]] = {
    Goal.SIGNED: 1, Goal.VISITING: 2, Goal.VISITED: 3, Goal.VERDICT: 4, Goal.RETURNED: 4, Goal.UNFOUND: 4,
    Goal.CLOSED_UNFOUND: 4, Goal.RECTIFYING: 5, Goal.DRAFTED: 5, Goal.IN_REVIEW: 5, Goal.APPROVED: 5,
    Goal.ACCEPTANCE: 6, Goal.REWORK: 6, Goal.ACCEPTED: 7, Goal.CLOSED: 7,
}  # fmt: skip
TO_REPLY: Final = {Goal.ACCEPTED, Goal.CLOSED, Goal.CLOSED_UNFOUND}
TO_CLOSE: Final = {Goal.CLOSED, Goal.CLOSED_UNFOUND}
NOT_FOUND: Final = {Goal.UNFOUND, Goal.CLOSED_UNFOUND}
BLOCKS: Final = ("industry", "posts", "equipment", "hazards")
REASONS: Final = {"suspend": "经责令可以消除危险", "expose": "整改期限内暂不曝光", "prosecute": "未达到立案追诉标准"}
PENALISE: Final = {True: "依法应当立案处罚", False: "情节轻微，首次发现，及时改正"}


@dataclass(frozen=True, slots=True)
class Team:
    """A case with the people of its responsible body, and with who accepts it."""

    story: Story
    path: str
    clerk: Seat
    finder: Seat
    other: Seat  # who accepts
    leader: Seat
    place: dict[str, Any]
    is_penalised: bool


def carry(staff: Staff, story: Story, case_id: str) -> None:
    """Carry a dispatched case as far as its story goes, short of the reply and of closing. Raises Refused."""
    steps = STEPS.get(story.goal, 0)
    path = f"/cases/{case_id}"
    case = staff.seat("safety").get(path)
    if not steps or case["state"] != "dispatched":
        return
    org = case["responsible_org_id"]
    clerk, finder, other, leader = (staff.of(org, job) for job in ("clerk", "officer1", "officer2", "leader"))
    penalised = case["penalty_policy"] == "mandatory"
    other = acceptor(staff, case, other)
    team = Team(story, path, clerk, finder, other, leader, case["place"], penalised)
    for step in LADDER[:steps]:
        step(team)
    _last_turn(team)


def acceptor(staff: Staff, case: dict[str, Any], of_the_town: Seat) -> Seat:
    """Whoever accepts: of the department that leads, or helps, where the town may not (M64)."""
    if case["urgency"] != "immediate" and case["penalty_policy"] != "mandatory":
        return of_the_town
    others = [task for task in case["tasks"] if task["kind"] in {"lead", "coop"} and task["state"] != "cancelled"]
    others.sort(key=lambda task: task["kind"] != "lead")
    return staff.of(others[0]["org"]["id"], "officer") if others else of_the_town


def sign(team: Team) -> None:
    """T3, by the clerk."""
    team.clerk.act(team.path, "signatures", {"person_id": team.finder.account_id})


def visit(team: Team) -> None:
    """T6: check in, some steps from the place."""
    team.finder.act(team.path, "visits", {"kind": "verification"} | _at_the_place(team))


def _at_the_place(team: Team) -> dict[str, Any]:
    if team.place["lon"] is None:
        return {"distance_reason": "举报人未提供定位，按地址现场查找"}
    return {"position": {"lon": team.place["lon"] + 0.0002, "lat": team.place["lat"], "crs": "wgs84"}}


def write_record(team: Team) -> None:
    """Photos from near and far, and the record of the visit (F10)."""
    for role in ("far", "near"):
        _photograph(team, role)
    told = words()[team.story.category]
    team.finder.act(team.path, "visit-records", {
        "place": told.spot, "people_present": f"现场负责人、{team.clerk.username}所在单位网格员",
        "findings": _findings(team), "facts": f"{entity(team.story.category, team.story.number)}：{_findings(team)[0]}",
        "action": "现场宣传并要求停止危险行为",
        "inspected_unit": entity(team.story.category, team.story.number),
        "penalty": "建议立案查处" if team.is_penalised else "",
        "permit_check": {"outcome": "not_seen", "note": "未能出示有关许可"},
        "checklist": [{"block": block, "answer": "clear"} for block in BLOCKS],
        "checks": answers(team.finder.get(f"{team.path}/checklist")["checks"]),
        "signature": "signed" if team.story.number % 7 else "refused",
        "signature_note": "" if team.story.number % 7 else "当事人拒绝签字，见证人在场",
    })  # fmt: skip


def propose(team: Team) -> None:
    """T7, by whoever visited."""
    outcome = "unsubstantiated" if team.story.goal in NOT_FOUND else ("substantiated", "partly")[team.story.number % 2]
    team.finder.act(team.path, "verdicts", {
        "outcome": outcome, "summary": _findings(team)[0],
        "qualification": "违反安全生产有关管理规定" if team.is_penalised else "",
        "sanction": "建议立案查处" if team.is_penalised else "责令改正",
    })  # fmt: skip


def order(team: Team) -> None:
    """T8, by the leader, with the five items (M39)."""
    told, number = words()[team.story.category], team.story.number
    consequences = {name: {"decided": False, "reason": reason} for name, reason in REASONS.items()}
    consequences["penalise"] = {"decided": team.is_penalised, "reason": PENALISE[team.is_penalised]}
    team.leader.act(team.path, "orders", {
        "text": f"责令你单位：{told.measures}。",
        "plan": {
            "responsible_party": f"{entity(team.story.category, number)}负责人", "measures": told.measures,
            "funding": "自筹", "contingency": "整改期间专人值守", "interim": "设置警戒，暂停使用",
            "due_at": (clock.now() + timedelta(days=5 + number % 7)).isoformat(),
        },
        "consequences": consequences, "comment": "同意核查意见",
    })  # fmt: skip


def complete(team: Team) -> None:
    """T13: a photo taken after, and the statement."""
    _photograph(team, "after")
    measures = words()[team.story.category].measures
    team.finder.act(team.path, "completions", {"statement": f"已按要求完成整改：{measures}。"})


def accept(team: Team) -> None:
    """T15, by an officer who did not handle the case and has been there (M64, X20)."""
    _go_and_see(team)
    found = team.other.get(team.path)["findings"]
    body = {
        "result": "pass", "findings": ["整改措施已落实", "现场无新增隐患"], "note": "验收通过",
        "checks": [{"finding_id": each["id"], "result": "pass"} for each in found],
    }  # fmt: skip
    team.other.act(team.path, "acceptances", body)


LADDER: Final[tuple[Callable[[Team], None], ...]] = (sign, visit, write_record, propose, order, complete, accept)


def close(staff: Staff, case_id: str) -> None:
    """Deliver the copies, let the departments answer, and close: by the leader, or the safety office (T16)."""
    path = f"/cases/{case_id}"
    case = staff.seat("safety").get(path)
    org = case["responsible_org_id"]
    for copy in case["copies"]:
        if copy["delivered_at"] is None:
            staff.of(org, "clerk").act(path, f"copies/{copy['id']}/delivery", {"note": "当面送达"})
    for task in case["tasks"]:
        if task["kind"] in {"lead", "coop"} and task["state"] != "answered":
            answer_task(staff.of(task["org"]["id"], "officer"), path)
    is_pressing = case["grade"] == "major" or case["urgency"] == "immediate"
    closer = staff.seat("safety") if is_pressing else staff.of(org, "leader")
    closer.act(path, "closures", {"note": "事项办结，同意结案"})


def answer_task(seat: Seat, path: str) -> None:
    """A department signs for its task and says what it did."""
    seat.act(path, "signatures", {"person_id": seat.account_id})
    seat.act(path, "task-answers", {"text": "已派员配合到场，本部门职责范围内未发现其他问题，后续列入日常检查。"})


def _last_turn(team: Team) -> None:
    goal = team.story.goal
    if goal is Goal.RETURNED:
        team.leader.act(team.path, "verdict-returns", {"comment": "请补充夜间时段的情况后再报"})
    elif goal in NOT_FOUND:
        team.leader.act(team.path, "non-findings", {"comment": "同意，经核查未发现所述情况"})
    elif goal is Goal.REWORK:
        _go_and_see(team)
        body = {"result": "fail", "findings": ["整改不到位：仍有一处未落实"], "note": "退回重新整改"}
        team.other.act(team.path, "acceptances", body)


def _findings(team: Team) -> list[str]:
    if team.story.goal in NOT_FOUND:
        return ["现场未发现所述情况"]
    return [words()[team.story.category].found]


def _go_and_see(team: Team) -> None:
    """T14, T15: whoever accepts checks in, and takes a photo of their own."""
    team.other.act(team.path, "acceptance-arrivals", _at_the_place(team))
    photo = shot(team.story, "after", by=team.other.username)
    team.other.picture(team.path.rpartition("/")[2], "after", photo)


def _photograph(team: Team, role: str) -> None:
    team.finder.picture(team.path.rpartition("/")[2], role, shot(team.story, role))

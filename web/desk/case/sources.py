"""What may be chosen where the body of an act only asks for an id or a code: people, bodies, rows of the case, lists.

A source gives pairs of a value and its words. What no source is named for is written by hand.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy.orm import Session

from api.dependencies import OFFICERS
from cases import aftercare, policy
from cases.lifecycle.checked import CRITERIA
from cases.papers.words import CONDITIONS
from cases.words import CLOCKS
from kit.db import unit_of_work
from people.actors import Actor
from people.roles import Role
from web.desk.case.moments import minute
from web.desk.case.shapes import Shape
from web.desk.case.words import PICTURES

Options = Sequence[tuple[str, str]]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Facts:
    """What the page knows: who asks, the case, and what the API lists beside it, by the names of its routes."""

    actor: Actor
    case: Row
    now: datetime
    lists: Mapping[str, Any] = field(default_factory=dict)

    def of(self, name: str) -> Any:
        """The rows of a list; none where it was not asked for or is not for this person."""
        return self.lists.get(name, ())


def _colleagues(facts: Facts) -> Options:
    return [(str(each["id"]), each["name"]) for each in facts.of("list_colleagues")]


def _others(facts: Facts) -> Options:
    return [(value, name) for value, name in _colleagues(facts) if value != str(facts.actor.account_id)]


def _orgs(*kinds: str, department: str = "") -> Callable[[Facts], Options]:
    def found(facts: Facts) -> Options:
        return [
            (str(each["id"]), each["name_zh"])
            for each in facts.of("list_orgs")
            if (not kinds or each["kind"] in kinds) and (not department or each["department_kind"] == department)
        ]

    return found


def _tasks(facts: Facts) -> Options:
    mine = [each for each in facts.case.get("tasks", ()) if each["org"]["id"] == facts.actor.org_id]
    return [(each["id"], each["goal"] or each["duty_item"]) for each in mine if each["state"] in {"open", "signed"}]


def _clocks(facts: Facts) -> Options:
    return [
        (str(each["id"]), f"{CLOCKS.get(each['kind'], each['kind'])}（现为 {minute(each['due_at'])}）")
        for each in facts.case.get("clocks", ())
    ]


def _pictures(facts: Facts) -> Options:
    rows = [each for each in facts.case.get("pictures", ()) if each["state"] not in {"rejected", "expired"}]
    return [(each["id"], f"照片 {at}：{PICTURES.get(each['role'], each['role'])}") for at, each in enumerate(rows, 1)]


def _measures(facts: Facts) -> Options:
    return [(each["id"], f"{each['type_code']} {each['party']}") for each in facts.case.get("measures", ())]


def _decisions(facts: Facts) -> Options:
    rows = [each for each in facts.case.get("decisions", ()) if each["state"] == "open"]
    return [(each["id"], f"{minute(each['opened_at'])} 验收不合格") for each in rows]


def _returns(facts: Facts) -> Options:
    rows = [each for each in facts.of("list_arbitrations") if each["case"]["id"] == facts.case["id"]]
    return [(each["id"], each["text"]) for each in rows]


def _circumstances(facts: Facts) -> Options:
    return [(each["when"], each["zh"]) for each in facts.of("read_circumstances") if not each["holds"]]


def _parties(facts: Facts) -> Options:
    return [(each["kind"], each["zh"]) for each in facts.of("list_parties")]


def _types(facts: Facts) -> Options:
    return [(each["code"], each["zh"]) for each in facts.of("list_measure_types")]


def _conditions(_facts: Facts) -> Options:
    return list(CONDITIONS.items())


def _reasons(kind: str) -> Callable[[Facts], Options]:
    return lambda facts: _policy(
        facts, lambda session: [(row.code, row.zh) for row in policy.reasons(session, kind, facts.now)]
    )


def categories(facts: Facts) -> dict[str, str]:
    """What the categories in force are called, by their codes."""
    return dict(_categories(facts))


def _categories(facts: Facts) -> Options:
    return _policy(
        facts, lambda session: [(row.category_code, row.zh) for row in policy.categories(session, facts.now)]
    )


def _able(facts: Facts) -> Options:
    """Who may look afterwards, for the safety office alone: whom it may send is no other body's to know (M64)."""
    if not facts.actor.has(Role.SAFETY_OFFICE):
        return ()
    return _policy(
        facts, lambda session: [(str(who.id), f"{org.name_zh} {who.name}") for who, org in aftercare.able(session)]
    )


def _policy(facts: Facts, read: Callable[[Session], Options]) -> Options:
    with unit_of_work(OFFICERS, role=facts.actor.database_role, org=str(facts.actor.org_id)) as session:
        return read(session)


# By the longest path that is named, as labels are.
SOURCES: Final[Mapping[str, Callable[[Facts], Options]]] = {
    "account_id": _able,
    "person_id": _colleagues, "officer_ids": _colleagues, "owner_id": _colleagues, "companion_ids": _others,
    "org_id": _orgs("department"), "to_org_id": _orgs(), "proposed_org_id": _orgs("town", "department", "group"),
    "police_org_id": _orgs(department="police"), "dispatch_anew.to_org_id": _orgs("town", "group", "district"),
    "arbitrate.to_org_id": _orgs("town", "group", "district"), "task_id": _tasks, "clock_id": _clocks,
    "picture_id": _pictures, "picture_ids": _pictures, "measure_id": _measures, "replaces_id": _measures,
    "decision_id": _decisions, "request_id": _returns, "category": _categories, "proposed_category": _categories,
    "when": _circumstances, "tell_party.kind": _parties, "type_code": _types, "conditions": _conditions,
    "criterion.code": _reasons(CRITERIA), "ground": _reasons("measure_ground"),
    "ask_return.reason": _reasons("return"), "propose_void.reason": _reasons("void"),
    "request_hold.reason": _reasons("hold"), "propose_waiver.reason": _reasons("no_penalty"),
}  # fmt: skip
# Which lists of the API a source reads: the name of the route, and whether it is one of the case.
ASKED: Final[Mapping[str, tuple[str, bool]]] = {
    "person_id": ("list_colleagues", False), "officer_ids": ("list_colleagues", False),
    "owner_id": ("list_colleagues", False), "companion_ids": ("list_colleagues", False),
    "request_id": ("list_arbitrations", False), "when": ("read_circumstances", True),
    "tell_party.kind": ("list_parties", True), "type_code": ("list_measure_types", False),
}  # fmt: skip


def source_of(act: str, path: str) -> str | None:
    """The name under which a field's source stands; None where it is written by hand."""
    steps = [act, *path.split(".")]
    names = (".".join(steps[start:]) for start in range(len(steps)))
    return next((name for name in names if name in SOURCES), None)


def sources_of(act: str, shape: Shape) -> dict[str, str]:
    """Which source each field of an act has, by its path."""
    found = {path: source_of(act, path) for path, part in shape.walk() if path and part.kind not in {"choice", "group"}}
    return {path: name for path, name in found.items() if name is not None}

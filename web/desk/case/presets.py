"""What a form is filled in with before anybody has written in it, and which of its rows the page itself has set.

The record of a visit has a row for each block and each check of the category, an acceptance one for each finding.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from cases.papers.words import ANSWERS, UNITS
from web.desk.case.moments import for_input
from web.desk.case.posted import flat
from web.desk.case.sources import Facts, Options

_SAID: Final = {**ANSWERS, "measured": "已测量", "stated": "已写明"}
_VALUES: Final = {"measure"}
_SHOWN: Final = {"photo", "certificate"}
Row = Mapping[str, Any]


@dataclass
class Preset:
    """The values, and what forms.Form is told of the rows."""

    given: dict[str, list[str]] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    fixed: dict[str, Sequence[str]] = field(default_factory=dict)
    options: dict[str, Options] = field(default_factory=dict)
    left_out: set[str] = field(default_factory=set)


def preset(act: str, facts: Facts) -> Preset:
    """What this act begins with."""
    made = Preset()
    fill = _FILLS.get(act)
    if fill is not None:
        fill(made, facts)
    return made


def _record(made: Preset, facts: Facts) -> None:
    made.given |= flat({"place": (facts.case.get("place") or {}).get("text") or ""})
    asked = facts.lists.get("read_checklist", {})
    if not isinstance(asked, Mapping):
        return
    for at, block in enumerate(asked["blocks"]):
        name = f"checklist.{at}"
        made.given[f"{name}.block"] = [block["code"]]
        made.titles[name], made.fixed[name] = f"{block['zh']}：{block['ask_zh']}", ("block",)
    rows = [each for each in asked["checks"] if each["kind"] != "reminder"]
    for at, check in enumerate(rows):
        _check(made, f"checks.{at}", check, asked["answers"])
    permit = asked["permit_check"] or any(each["kind"] == "permit" for each in rows)
    said = {"checklist": asked["blocks"], "checks": rows, "penalty": asked["penalty"], "permit_check": permit}
    made.left_out |= {name for name, is_asked in said.items() if not is_asked}


def _check(made: Preset, name: str, check: Row, answers: Mapping[str, Sequence[str]]) -> None:
    unit = f"（{UNITS.get(check['unit'], check['unit'])}）" if check["unit"] else ""
    made.given[f"{name}.code"] = [check["code"]]
    made.titles[name], made.fixed[name] = check["zh"] + unit, ("code",)
    if check["kind"] == "permit":
        made.left_out |= {f"{name}.{part}" for part in ("answer", "value", "note", "picture_id")}
    else:
        made.options[f"{name}.answer"] = [(each, _SAID[each]) for each in answers[check["kind"]]]
    asked = {
        "value": check["kind"] in _VALUES, "picture_id": check["kind"] in _SHOWN, "done": check["at_once"],
        "phoned": check["phone"],
    }  # fmt: skip
    made.left_out |= {f"{name}.{part}" for part, is_asked in asked.items() if not is_asked}


def _acceptance(made: Preset, facts: Facts) -> None:
    for at, finding in enumerate(facts.case.get("findings", ())):
        name = f"checks.{at}"
        made.given[f"{name}.finding_id"] = [finding["id"]]
        made.titles[name], made.fixed[name] = finding["text"], ("finding_id",)
    if not made.titles:
        made.left_out.add("checks")


def _order(made: Preset, facts: Facts) -> None:
    visits = [each for each in facts.case.get("visits", ()) if each["state"] == "completed"]
    unit = visits[-1]["inspected_unit"] if visits else ""
    made.given |= flat({"plan": {"responsible_party": unit or ""}})


def _here(made: Preset, _facts: Facts) -> None:
    made.given |= flat({"position": {"crs": "wgs84"}})


def _delivery(made: Preset, facts: Facts) -> None:
    made.given["delivered_at"] = [for_input(facts.now)]


def _only_one(member: str, key: str) -> Callable[[Preset, Facts], None]:
    def fill(made: Preset, facts: Facts) -> None:
        rows = [each for each in facts.case.get(member, ()) if each["state"] == "open"]
        if len(rows) == 1:
            made.given[key] = [rows[0]["id"]]

    return fill


_FILLS: Final[Mapping[str, Callable[[Preset, Facts], None]]] = {
    "complete_visit": _record, "accept_rectification": _acceptance, "order": _order, "start_visit": _here,
    "begin_acceptance": _here, "begin_measure_review": _here, "start_look_back": _here, "deliver_order": _delivery,
    "decide_consequence": _only_one("decisions", "decision_id"),
}  # fmt: skip

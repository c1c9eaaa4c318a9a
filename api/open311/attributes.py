"""What a service asks beyond the standard's own fields: all of it may be left out, so that plain clients can report."""

from collections.abc import Mapping
from typing import Any

from cases.models.policy import CategoryVersion

EMERGENCY = {
    "none": ("没有正在发生的紧急情况", "No emergency right now"),
    "happening": ("正在发生", "It is happening right now"),
    "trapped": ("有人被困或者受伤", "People are trapped or hurt"),
}
DEATHS = {"no": ("没有人员死亡", "Nobody has died"), "yes": ("有人员死亡", "Somebody has died")}
EMERGENCY_ASKED = ("是否有正在发生的紧急情况？{}", "Is this an emergency right now? {}")
DEATHS_ASKED = ("是否有人员死亡？", "Has somebody died?")
OBSERVED_ASKED = ("看到的时间", "When it was seen")
A_TIME = ("带时区的时间，如 2026-11-28T08:00:00+08:00", "A time with its zone, as 2026-11-28T08:00:00+08:00")


def attributes(category: CategoryVersion, values: Mapping[str, Any], *, english: bool) -> list[dict[str, Any]]:
    """The notice and what keeps a reporter safe, to be shown; then what may be answered, in this order."""
    language = "en" if english else "zh"
    shown = [("notice", values["notice"][language])]
    safety = category.safety_text_en if english else category.safety_text_zh
    shown += [("safety", safety)] if safety else []
    asked = [
        _asked("emergency", EMERGENCY_ASKED[english].format(values["emergency_text"][language]), EMERGENCY, english),
        _asked("deaths", DEATHS_ASKED[english], DEATHS, english),
        _attribute("observed_at", OBSERVED_ASKED[english], "datetime", hint=A_TIME[english]),
    ]
    told = [_attribute(code, text, "text", answered=False) for code, text in shown] + asked
    return [{**each, "order": order} for order, each in enumerate(told, start=1)]


def _asked(code: str, text: str, choices: Mapping[str, tuple[str, str]], english: bool) -> dict[str, Any]:  # noqa: FBT001 - picks of a pair
    values = [{"key": key, "name": names[english]} for key, names in choices.items()]
    return {**_attribute(code, text, "singlevaluelist"), "values": values}


def _attribute(
    code: str, text: str, datatype: str, *, answered: bool = True, hint: str | None = None
) -> dict[str, Any]:
    return {
        "variable": answered, "code": code, "datatype": datatype, "required": False, "datatype_description": hint,
        "order": 0, "description": text,
    }  # fmt: skip

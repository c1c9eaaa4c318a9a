"""A refusal of the API as a form tells it: one sentence above, and each fault beside its field."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from web.desk.case.act_words import MISSING
from web.desk.case.posted import Given, Posted, rows_of
from web.desk.case.shapes import Shape

STALE: Final = 412
WANTED: Final = "请填写"
UNANSWERED: Final = "请作答；有问题或者不适用的，写明情况"
LONGEST, MOST = 40, 5
_CODES: Final = {"checks": "code", "checklist": "block"}


@dataclass(frozen=True)
class Refused:
    """What is told: the sentence, the API's code, faults by the names of fields, and what belongs to no field."""

    title: str
    code: str
    status: int
    faults: dict[str, str] = field(default_factory=dict)
    besides: list[str] = field(default_factory=list)
    guards: list[Mapping[str, Any]] = field(default_factory=list)


def refused(shape: Shape, posted: Posted, given: Given, status: int, problem: Mapping[str, Any]) -> Refused:
    """From a problem document (RFC 9457)."""
    told = Refused(problem["title"], problem["code"], status, guards=list(problem.get("guards") or ()))
    paths = dict(shape.walk())
    for each in problem.get("errors") or ():
        name = posted.places.get(_pointer(each["pointer"]))
        if each["message"] == told.title and problem.get("missing"):
            continue  # which parts of it are missing is told below
        if name:
            told.faults.setdefault(name, each["message"])
        elif each["message"] != told.title:
            told.besides.append(each["message"])
    for each in problem.get("missing") or ():
        _missing(told, paths, given, str(each))
    return told


def unread(posted: Posted) -> Refused:
    """A form with fields that no form of ours has: nothing was done."""
    named = "、".join(each[:LONGEST] for each in posted.unknown[:MOST])
    return Refused(
        "表单里有不认识的内容，没有提交。请核对后再提交一次。", "form.unknown", 422, besides=[f"不认识：{named}"]
    )


def _missing(told: Refused, paths: Mapping[str, Shape], given: Given, word: str) -> None:
    """What is asked for: beside the field of that name where there is one, in the row that it is about."""
    row = _row(given, word)
    if row:
        told.faults.setdefault(row, UNANSWERED)
        return
    named = [path for path in paths if path and word in {path, path.rpartition(".")[2]}]
    if named:
        told.faults.setdefault(named[0], WANTED)
    else:
        told.besides.append(MISSING.get(word, word))


def _row(given: Given, word: str) -> str:
    """The field of a row that the page has set, from `checks.<code>.<what>`; empty where the word is of none."""
    list_, _, rest = word.partition(".")
    code, _, part = rest.partition(".")
    key = _CODES.get(list_)
    for at in rows_of(given, list_) if key else ():
        if given.get(f"{list_}.{at}.{key}") == [code]:
            return f"{list_}.{at}.{part or 'answer'}"
    return ""


def _pointer(said: str) -> str:
    return said if said.startswith("/") else f"/{said}"

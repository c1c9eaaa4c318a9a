"""How the demo's officers answer the checks of a category: nothing stands out, but a permit that could not be shown."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

DONE: Final = "已当场制止，危险已控制"
MEASURED: Final = 3.0
NOTES: Final = {"text": "现场询问得知", "photo": "现场不具备拍摄条件", "certificate": "不涉及"}


def answers(checks: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """An answer to each check that is asked; `checks` as …/checklist tells them."""
    return [answer for check in checks if (answer := _answer(check)) is not None]


def _answer(check: Mapping[str, Any]) -> dict[str, Any] | None:
    code, kind = check["code"], check["kind"]
    if kind == "reminder":
        return None
    if kind == "permit":
        return {"code": code, "done": DONE, "phoned": True}
    if check["to_deny"] == "night":
        return {"code": code, "answer": "na", "note": "举报不涉及夜间情形"}
    if kind == "yes_no":
        return {"code": code, "answer": "yes" if "no" in check["on"] else "no"}
    if kind == "measure":
        least = check["least"]
        return {"code": code, "answer": "measured", "value": MEASURED if least is None else least}
    return {"code": code, "answer": "stated" if kind == "text" else "na", "note": NOTES[kind]}

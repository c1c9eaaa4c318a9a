"""The demo's publisher and legal reviewer: exposures on their way. E5 holds the last step for three working days."""

from __future__ import annotations

from typing import Any, Final

from cli.demo.plan import Goal, Story
from cli.demo.staff import Staff
from cli.demo.words import entity, words

GOALS: Final = {Goal.DRAFTED, Goal.IN_REVIEW, Goal.APPROVED}
TICKS: Final = {"basis": True, "accuracy": True, "privacy": True, "proportionality": True}


def expose(staff: Staff, story: Story, case_id: str) -> None:
    """Draft the exposure of an ordered case, and carry it as far as its story goes. Raises Refused."""
    publisher = staff.seat("publisher")
    path = f"/exposures/{publisher.post('/exposures', {'case_id': case_id, **draft(story)})['id']}"
    if story.goal in {Goal.IN_REVIEW, Goal.APPROVED}:
        publisher.act(path, "submissions", {})
    if story.goal is Goal.APPROVED:
        staff.seat("legal").act(path, "reviews", {**TICKS, "note": "依据充分，表述准确"})


def draft(story: Story, *, ground: str = "D") -> dict[str, Any]:
    """The text and facts of an exposure (E2): what an inspection found, and never that somebody reported (E5)."""
    told, unit = words()[story.category], entity(story.category, story.number)
    return {
        "ground": ground,
        "title": f"{unit}安全隐患被责令整改",
        "body": f"检查发现，{unit}{told.spot}{told.found}。已责令其{told.measures}。",
        "entity_name": unit,
        "entity_workers": 12 + story.number % 40,
        "own_inspection": True,
        "basis": "《中华人民共和国安全生产法》第七十八条",
        "authority": "望澜区安全生产委员会办公室",
        "phone": "0990-5550000",
    }

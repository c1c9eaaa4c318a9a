"""Photos of the demo: a few drawings of each category, since drawing takes time, and each shot a file of its own."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from cli.demo.pictures import picture
from cli.demo.plan import Story

VIEWS: Final = 2  # drawing takes a good part of a second: each category has so many, and its people share them
_START, _COMMENT = b"\xff\xd8", b"\xff\xfe"


@lru_cache(maxsize=256)
def view(category: str, number: int, *, after: bool = False) -> bytes:
    """A photo of the category."""
    return picture(category, number % VIEWS, after=after)


def shot(story: Story, role: str, *, by: str = "") -> bytes:
    """What an officer took for this case: no image proves something twice (X20), so each has a comment of its own."""
    drawn = view(story.category, story.number + (role == "far"), after=role == "after")
    words = f"{story.client_id} {role}{by}".encode()
    return _START + _COMMENT + (len(words) + 2).to_bytes(2, "big") + words + drawn.removeprefix(_START)

"""The two titles of a problem."""

from typing import NamedTuple


class Title(NamedTuple):
    """One thing that went wrong, as people read it."""

    zh: str
    en: str

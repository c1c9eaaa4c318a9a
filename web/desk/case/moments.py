"""Moments of a case, as people read them and as a field of a form holds them."""

from datetime import datetime

from kit.clock import LOCAL_ZONE


def minute(said: str | datetime) -> str:
    """A moment of the API in the district's time; a day alone stays one."""
    if isinstance(said, str) and len(said) == len("2026-11-24"):
        return said
    moment = datetime.fromisoformat(said) if isinstance(said, str) else said
    return f"{moment.astimezone(LOCAL_ZONE):%Y-%m-%d %H:%M}"


def for_input(moment: datetime) -> str:
    """As a field of a form holds it."""
    return f"{moment.astimezone(LOCAL_ZONE):%Y-%m-%dT%H:%M}"

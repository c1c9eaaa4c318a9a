"""Days and moments as people write them, in the district's time."""

from datetime import date, datetime

from kit.clock import LOCAL_ZONE


def day(moment: datetime | date) -> str:
    """A day: 2026年11月24日. A moment's is that in the district's time."""
    local = moment.astimezone(LOCAL_ZONE) if isinstance(moment, datetime) else moment
    return f"{local.year}年{local.month}月{local.day}日"

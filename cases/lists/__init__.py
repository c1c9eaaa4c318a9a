"""Lists of cases as an office asks for them, over all that it may see: filtered, sorted, counted."""

from cases.lists.conditions import DaysReversed, UnknownOrg, UnknownTag, check
from cases.lists.page import COUNT_LIMIT, ListRow, count, key_of, page
from cases.lists.views import change, counted, lock, remove, save, share, views
from cases.lists.wanted import Category, State, Urgency, Wanted

__all__ = [
    "COUNT_LIMIT",
    "Category",
    "DaysReversed",
    "ListRow",
    "State",
    "UnknownOrg",
    "UnknownTag",
    "Urgency",
    "Wanted",
    "change",
    "check",
    "count",
    "counted",
    "key_of",
    "lock",
    "page",
    "remove",
    "save",
    "share",
    "views",
]

"""Lists of cases as an office asks for them, over all that it may see: filtered, counted, saved, and exported."""

from cases.lists.conditions import DaysReversed, UnknownOrg, UnknownTag, check
from cases.lists.exports import approve, download, expire, exports, refuse, trace, trace_text
from cases.lists.exports import find as find_export
from cases.lists.exports import lock as lock_export
from cases.lists.exports import request as request_export
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
    "approve",
    "change",
    "check",
    "count",
    "counted",
    "download",
    "expire",
    "exports",
    "find_export",
    "key_of",
    "lock",
    "lock_export",
    "page",
    "refuse",
    "remove",
    "request_export",
    "save",
    "share",
    "trace",
    "trace_text",
    "views",
]

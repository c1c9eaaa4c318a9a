"""Whose case is it, when an office says that it is not its own: asked once, decided by the safety office (T4, M10)."""

from cases.disputes.arbitrate import reject, uphold
from cases.disputes.circle import find_circle
from cases.disputes.move_on import move_on
from cases.disputes.requests import ask_return, lock_request, open_requests
from cases.disputes.voidings import find_case, open_voidings

__all__ = [
    "ask_return",
    "find_case",
    "find_circle",
    "lock_request",
    "move_on",
    "open_requests",
    "open_voidings",
    "reject",
    "uphold",
]

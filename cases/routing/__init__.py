"""Whose is it, and until when: from a place to a responsible body, its tasks and clocks; and back, if it was wrong."""

from cases.routing.circumstances import ForTheDesk, learn
from cases.routing.dispatch import add_department_task, dispatch
from cases.routing.involve import add_task, involve, issuer_of_permit, police_of_the_district
from cases.routing.orders import withdraw_orders
from cases.routing.owner import (
    Placing,
    group_of_the_district,
    is_answered_for,
    owner_of_unit,
    place,
    place_point,
    point_of,
    unanswered,
)
from cases.routing.redispatch import ForTheGroup, NotAnOwner, charge, had_it_before, main_task, redispatch
from cases.routing.void import NotTheSame, confirm_void, propose_void, reject_void, void_not_accepted, void_repeated

__all__ = [
    "ForTheDesk",
    "ForTheGroup",
    "NotAnOwner",
    "NotTheSame",
    "Placing",
    "add_department_task",
    "add_task",
    "charge",
    "confirm_void",
    "dispatch",
    "group_of_the_district",
    "had_it_before",
    "involve",
    "is_answered_for",
    "issuer_of_permit",
    "learn",
    "main_task",
    "owner_of_unit",
    "place",
    "place_point",
    "point_of",
    "police_of_the_district",
    "propose_void",
    "redispatch",
    "reject_void",
    "unanswered",
    "void_not_accepted",
    "void_repeated",
    "withdraw_orders",
]

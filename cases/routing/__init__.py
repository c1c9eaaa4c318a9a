"""Whose is it, and until when: from a place to a responsible body, its tasks and its clocks."""

from cases.routing.dispatch import dispatch
from cases.routing.involve import involve, issuer_of_permit, police_of_the_district
from cases.routing.owner import Placing, group_of_the_district, is_answered_for, owner_of_unit, place

__all__ = [
    "Placing",
    "dispatch",
    "group_of_the_district",
    "involve",
    "is_answered_for",
    "issuer_of_permit",
    "owner_of_unit",
    "place",
    "police_of_the_district",
]

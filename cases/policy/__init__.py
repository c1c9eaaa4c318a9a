"""What the district has laid down, as rows with versions: the catalogue, limits, the calendar, thresholds, reasons.

Every question names its instant; the answer is the greatest version whose first day is not after it. Nothing is kept
between transactions, so a change holds from the next one on.
"""

from cases.policy.catalogue import UnknownCategory, asked_category, categories, category_in_force, category_version
from cases.policy.checklists import checklist, needs_permit_check
from cases.policy.checks import ANSWERS, NOT_APPLICABLE, PERMIT_OUTCOMES, BadCheck, Check, checks_of
from cases.policy.circumstances import UnknownCircumstance, category_of, under, variant
from cases.policy.defaults import Update, load_defaults
from cases.policy.duties import DutyItemMissing, acting_kind, department_kinds, duty_item, duty_items, public_duties
from cases.policy.limits import PRESSING, Ending, Limit, NoLimit, Shorter, ends, limit, profile, profile_in_force, rule
from cases.policy.overlays import shorter
from cases.policy.powers import UnknownMeasureType, measure_type, measure_type_version, measure_types
from cases.policy.values import (
    UnknownReason,
    calendar,
    limit_of_value,
    reason,
    reasons,
    value,
    values,
)

__all__ = [
    "ANSWERS",
    "NOT_APPLICABLE",
    "PERMIT_OUTCOMES",
    "PRESSING",
    "BadCheck",
    "Check",
    "DutyItemMissing",
    "Ending",
    "Limit",
    "NoLimit",
    "Shorter",
    "UnknownCategory",
    "UnknownCircumstance",
    "UnknownMeasureType",
    "UnknownReason",
    "Update",
    "acting_kind",
    "asked_category",
    "calendar",
    "categories",
    "category_in_force",
    "category_of",
    "category_version",
    "checklist",
    "checks_of",
    "department_kinds",
    "duty_item",
    "duty_items",
    "ends",
    "limit",
    "limit_of_value",
    "load_defaults",
    "measure_type",
    "measure_type_version",
    "measure_types",
    "needs_permit_check",
    "profile",
    "profile_in_force",
    "public_duties",
    "reason",
    "reasons",
    "rule",
    "shorter",
    "under",
    "value",
    "values",
    "variant",
]

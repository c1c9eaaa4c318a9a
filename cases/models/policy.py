"""Tables of policy: what a district may change without a programmer, each row with its version and first day.

One reading rule for all of them: in force at T is the greatest version whose `effective_at` is not after T.
A version never changes once it is stored; a change is a new version, and cases in flight keep theirs (D4, M03).
"""

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Identity, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column, relationship

from kit.db import Base

HANDLING = "handling"
URGENCIES = ("immediate", "urgent", "normal")  # 特急, 急件, 平件
PENALTY_POLICIES = ("none", "conditional", "mandatory")
UNITS = ("clock_min", "clock_h", "work_h", "work_d", "cal_d")
# Clocks about danger at a place; a rest day must never move them (D3, X12).
SAFETY_CLOCKS = (
    "first_arrival", "verify", "verify_start", "relay", "stop_work", "cordon",
    "rectify", "rectify_major", "rectify_listed", "re_verify",
)  # fmt: skip


class Category(Base):
    """A kind of hazard or violation by its permanent code (domain.md (d)); what it means is in its versions."""

    __tablename__ = "category"
    __table_args__ = ({"schema": HANDLING},)

    code: Mapped[str] = mapped_column(primary_key=True)


class CategoryVersion(Base):
    """What a category means from a day on: who leads, how urgent, how long, what must be checked (M03)."""

    __tablename__ = "category_version"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint(f"urgency in {URGENCIES}", name="urgency"),
        CheckConstraint("penalty_policy in ('mandatory','conditional','none')", name="penalty_policy"),
        CheckConstraint("town_role in ('main','assist','informed','none')", name="town_role"),
        CheckConstraint("lead_rule in ('all','first','intake')", name="lead_rule"),
        CheckConstraint("routing in ('town','desk','group')", name="routing"),
        # Nobody can be told to do something that has no lead (M03); only the intake desk may still be looking for one.
        CheckConstraint("cardinality(lead_dept_kinds) > 0 or lead_rule = 'intake'", name="has_lead"),
        CheckConstraint(f"verify_unit in {UNITS}", name="verify_unit"),
        CheckConstraint(f"fix_unit in {UNITS}", name="fix_unit"),
        CheckConstraint("(verify_amount is null) = (verify_unit is null) and verify_amount > 0", name="verify_limit"),
        CheckConstraint("(fix_amount is null) = (fix_unit is null) and fix_amount > 0", name="fix_limit"),
        {"schema": HANDLING},
    )

    category_code: Mapped[str] = mapped_column(ForeignKey("handling.category.code"), primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_at: Mapped[datetime]
    active: Mapped[bool] = mapped_column(server_default=text("true"))
    position: Mapped[int]  # order on lists
    group_code: Mapped[str]  # one of the eight top groups of policy value `category_groups`
    zh: Mapped[str]
    en: Mapped[str]
    initials: Mapped[str]  # pinyin initials of `zh`, to search by
    urgency: Mapped[str]
    penalty_policy: Mapped[str]
    routing: Mapped[
        str
    ]  # town; desk: a person finds the category first; group: organised by the county, never a town (F05)
    lead_dept_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    lead_rule: Mapped[str]  # all of them jointly; the first unless a fact names another; or the intake desk decides
    coop_dept_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))
    other_parties: Mapped[list[str]] = mapped_column(ARRAY(Text))  # have a task where entered as a department
    town_role: Mapped[str]
    role_note_zh: Mapped[str] = mapped_column(server_default="")
    role_note_en: Mapped[str] = mapped_column(server_default="")
    first_action_zh: Mapped[str]
    first_action_en: Mapped[str]
    safety_text_zh: Mapped[str]  # to the reporter
    safety_text_en: Mapped[str]
    danger: Mapped[bool]  # life-threatening: the emergency question comes before anything else (M115)
    verify_amount: Mapped[int | None]
    verify_unit: Mapped[str | None]
    verify_note_zh: Mapped[str] = mapped_column(server_default="")
    verify_note_en: Mapped[str] = mapped_column(server_default="")
    fix_at_once: Mapped[bool]  # to be fixed, or stopped, on the spot; the length is then only the outer limit
    fix_amount: Mapped[int | None]
    fix_unit: Mapped[str | None]
    fix_note_zh: Mapped[str] = mapped_column(server_default="")
    fix_note_en: Mapped[str] = mapped_column(server_default="")
    more_limits: Mapped[dict[str, Any]] = mapped_column(
        server_default=text("'{}'::jsonb")
    )  # {clock: {amount, unit, zh, en}}
    variants: Mapped[list[Any]] = mapped_column(
        server_default=text("'[]'::jsonb")
    )  # [{when, zh, en, set: {column: value}, desk}]
    checks: Mapped[list[Any]] = mapped_column(server_default=text("'[]'::jsonb"))  # see cases/policy/checks.py
    criminal_screen: Mapped[bool]  # ask at once whether police must take it (F30)
    moving_object: Mapped[bool]  # the place is only where it was seen (C13-6)
    night_rule: Mapped[bool]  # night activity is verified at night (T7)
    basis: Mapped[str]


class DeadlineProfile(Base):
    """A set of limits under one version; a case pins the one in force at its dispatch (D4)."""

    __tablename__ = "deadline_profile"
    __table_args__ = (
        UniqueConstraint("code", "version"),
        CheckConstraint("version > 0", name="version"),
        {"schema": HANDLING},
    )

    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    code: Mapped[str]
    version: Mapped[int]
    effective_at: Mapped[datetime]
    zh: Mapped[str]
    en: Mapped[str]

    rules: Mapped[list["DeadlineRule"]] = relationship(lazy="selectin")


class DeadlineRule(Base):
    """How long one clock runs at one urgency, or at `any` (C5)."""

    __tablename__ = "deadline_rule"
    __table_args__ = (
        CheckConstraint(f"urgency in {(*URGENCIES, 'any')}", name="urgency"),
        CheckConstraint(f"unit in {UNITS}", name="unit"),
        # A limit of no length is a matter for this minute; a day limit is at least a day.
        CheckConstraint("amount > 0 or (amount = 0 and unit in ('clock_min','clock_h'))", name="amount"),
        # A limit about danger never waits for the end of a holiday (D3, X12).
        CheckConstraint(f"not roll or (unit = 'cal_d' and clock not in {SAFETY_CLOCKS})", name="roll"),
        {"schema": HANDLING},
    )

    profile_id: Mapped[int] = mapped_column(ForeignKey("handling.deadline_profile.id"), primary_key=True)
    clock: Mapped[str] = mapped_column(primary_key=True)
    urgency: Mapped[str] = mapped_column(primary_key=True)
    amount: Mapped[int]
    unit: Mapped[str]
    at_once: Mapped[bool] = mapped_column(server_default=text("false"))
    roll: Mapped[bool] = mapped_column(server_default=text("false"))
    outer_basis: Mapped[str] = mapped_column(server_default="")
    note_zh: Mapped[str] = mapped_column(server_default="")
    note_en: Mapped[str] = mapped_column(server_default="")


class CalendarYear(Base):
    """Whether the yearly notice of holidays is known; without it working days are provisional (D2, X09)."""

    __tablename__ = "calendar_year"
    __table_args__ = ({"schema": HANDLING},)

    year: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    published: Mapped[bool]
    source: Mapped[str]


class CalendarDay(Base):
    """A day on which the notices say other than the week does: a rest day, or a worked weekend (F99)."""

    __tablename__ = "calendar_day"
    __table_args__ = (CheckConstraint("kind in ('work','rest')", name="kind"), {"schema": HANDLING})

    day: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str]
    name: Mapped[str]
    source: Mapped[str]


class PolicyValue(Base):
    """One threshold, switch, list or text of the district, by key and version (X32)."""

    __tablename__ = "policy_value"
    __table_args__ = (CheckConstraint("version > 0", name="version"), {"schema": HANDLING})

    key: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_at: Mapped[datetime]
    value: Mapped[Any] = mapped_column(JSONB, nullable=False)
    note: Mapped[str]


class ReasonCode(Base):
    """A reason that an act may or must cite, by the kind of act: not_accept, return, void, … (C3, C4)."""

    __tablename__ = "reason_code"
    __table_args__ = (CheckConstraint("version > 0", name="version"), {"schema": HANDLING})

    kind: Mapped[str] = mapped_column(primary_key=True)
    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_at: Mapped[datetime]
    position: Mapped[int]
    zh: Mapped[str]
    en: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class MeasureType(Base):
    """One power that the law gives: who may use it, for how long, and what ends it (M51, F20)."""

    __tablename__ = "measure_type"
    __table_args__ = (
        CheckConstraint("version > 0", name="version"),
        CheckConstraint("nature in ('measure','penalty','both')", name="nature"),
        CheckConstraint("renewal in ('no','once','while_hazard')", name="renewal"),
        CheckConstraint(f"term_unit in {UNITS}", name="term_unit"),
        CheckConstraint("(term_amount is null) = (term_unit is null) and term_amount > 0", name="term"),
        {"schema": HANDLING},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_at: Mapped[datetime]
    position: Mapped[int]
    zh: Mapped[str]
    en: Mapped[str]
    nature: Mapped[str]  # in a measure, in a penalty decision, or in both
    organ_kinds: Mapped[list[str]] = mapped_column(ARRAY(Text))  # kinds of departments, or `department` for any
    delegable: Mapped[bool]  # may be handed to a town (F19, F20)
    term_amount: Mapped[int | None]  # the legal maximum (F45)
    term_unit: Mapped[str | None]
    renewal: Mapped[str]
    needs_acceptance: Mapped[bool]  # lifted only after a passed review by its organ (M41)
    needs_decision: Mapped[bool]  # of a government at county level, by its document (F08, M43)
    stops_business: Mapped[bool]  # closes or suspends: proportionality is argued (M49)
    basis: Mapped[str]
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class DutyItem(Base):
    """One published duty, which a task cites (M06)."""

    __tablename__ = "duty_item"
    __table_args__ = (
        CheckConstraint("duty in ('main','assist','informed','lead','coop','group','desk')", name="duty"),
        {"schema": HANDLING},
    )

    code: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    effective_at: Mapped[datetime]
    org_kind: Mapped[str]  # town, district, group, department, or one kind of department
    duty: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]
    basis: Mapped[str]
    public: Mapped[bool] = mapped_column(server_default=text("true"))
    active: Mapped[bool] = mapped_column(server_default=text("true"))


class DepartmentKind(Base):
    """The vocabulary of the catalogue: a line of departments, or another party that takes part."""

    __tablename__ = "department_kind"
    __table_args__ = (CheckConstraint("nature in ('department','town','party')", name="nature"), {"schema": HANDLING})

    code: Mapped[str] = mapped_column(primary_key=True)
    nature: Mapped[str]
    zh: Mapped[str]
    en: Mapped[str]

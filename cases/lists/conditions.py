"""From what is wanted to conditions on cases, and the checks that a word of a filter means something here."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session, aliased

from cases import policy
from cases.lists.wanted import Wanted
from cases.models.case import Case, Task
from cases.models.measure import CaseTag
from kit.clock import LOCAL_ZONE
from kit.errors import Invalid
from people.models import Org

FLAGS: dict[str, ColumnElement[bool]] = {
    "provisional": Case.provisional.expression,
    "replies_open": Case.replies_open.expression,
    "reworked": Case.rework_count > 0,
    "reopened": Case.reopen_count > 0,
    "listing_candidate": Case.listing_candidate_at.is_not(None),
}


class UnknownOrg(Invalid):
    """A list is asked for a body that is none."""

    code = "org.unknown"
    message = "There is no such body."


class UnknownTag(Invalid):
    """A list is asked for a tag that is none."""

    code = "tag.unknown"
    message = "There is no such tag."


class DaysReversed(Invalid):
    """A list is asked for days of which the last is before the first."""

    code = "query.days_reversed"
    message = "The last day is before the first."


def check(session: Session, wanted: Wanted, *, now: datetime, at: str = "?") -> None:
    """Refuse words that mean nothing here: they would show an empty list. `at` begins the pointer to the field.

    Raises DaysReversed, UnknownCategory, UnknownOrg, UnknownTag.
    """
    for what in ("opened", "closed", "due"):
        first, last = getattr(wanted, f"{what}_from"), getattr(wanted, f"{what}_to")
        if first is not None and last is not None and last < first:
            raise DaysReversed(pointer=f"{at}{what}_to")
    for code in wanted.category:
        policy.asked_category(session, code, pointer=f"{at}category")
    _known_orgs(session, set(wanted.org_id), f"{at}org_id")
    _known_orgs(session, {wanted.tasked_org_id} - {None}, f"{at}tasked_org_id")
    if wanted.tag and set(wanted.tag) - {row.code for row in policy.reasons(session, "tag", now)}:
        raise UnknownTag(pointer=f"{at}tag")


def conditions(wanted: Wanted, *, now: datetime) -> Iterator[ColumnElement[bool]]:
    """What must hold of a case, and of `Task`, the running task of the body that answers for it."""
    for words, column in (
        (wanted.state, Case.state), (wanted.org_id, Case.responsible_org_id), (wanted.category, Case.category_code),
        (wanted.urgency, Case.urgency), (wanted.grade, Case.grade),
    ):  # fmt: skip
        if words:
            yield column.in_(words)
    if wanted.number:
        yield Case.number.contains(wanted.number, autoescape=True)
    if wanted.tasked_org_id:
        yield _tasked(wanted.tasked_org_id)
    if wanted.tag:
        yield exists().where(CaseTag.case_id == Case.id, CaseTag.code.in_(wanted.tag))
    if wanted.colour:
        yield or_(*(_shade(colour, now) for colour in wanted.colour))
    yield from (FLAGS[flag] for flag in wanted.flag)
    yield from _days(wanted)


def _days(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    for what, column in (("opened", Case.opened_at), ("closed", Case.closed_at)):
        first, last = getattr(wanted, f"{what}_from"), getattr(wanted, f"{what}_to")
        if first is not None:
            yield column >= _midnight(first)
        if last is not None:
            yield column < _midnight(last + timedelta(days=1))
    # A deadline at midnight is 24:00 of the day before (D1): so the day's own midnight is not in it, the next one is.
    if wanted.due_from is not None:
        yield Task.due_at > _midnight(wanted.due_from)
    if wanted.due_to is not None:
        yield Task.due_at <= _midnight(wanted.due_to + timedelta(days=1))


def _shade(colour: str, now: datetime) -> ColumnElement[bool]:
    """The colours of `deadlines.colour_at` as conditions."""
    if colour == "red":
        return Task.due_at <= now
    yellow = and_(Task.due_at > now, Task.yellow_at <= now)
    return (
        yellow if colour == "yellow" else and_(Task.due_at > now, or_(Task.yellow_at.is_(None), Task.yellow_at > now))
    )


def _tasked(org_id: int) -> ColumnElement[bool]:
    theirs = aliased(Task)  # a name of its own beside the task of the body that answers
    return exists().where(theirs.case_id == Case.id, theirs.org_id == org_id, theirs.state != "cancelled")


def _known_orgs(session: Session, ids: set[Any], pointer: str) -> None:
    if ids and len(set(session.scalars(select(Org.id).where(Org.id.in_(ids))))) < len(ids):
        raise UnknownOrg(pointer=pointer)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), LOCAL_ZONE)

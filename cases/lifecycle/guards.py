"""Guards of the case machine: each raises the refusal that says what is missing. Ids are those of domain.md."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import policy
from cases.lifecycle.finders import found_by
from cases.lifecycle.rounds import of_this_round
from cases.models.case import Case, Task
from cases.models.handling import Picture, Verdict, Visit
from cases.models.policy import CategoryVersion
from cases.wording import names_an_office
from kit.clock import LOCAL_ZONE
from kit.errors import Conflict, Invalid, NotAllowed
from people.actors import Actor
from people.models import Account, Org
from people.roles import Role

CONSEQUENCES = ("suspend", "expose", "penalise", "prosecute")
HANDLING = ("town", "group", "lead", "coop")  # the kinds of tasks that let a body handle a case
LEADING = ("lead",)
MAJOR = "major"
PLAN_ITEMS = ("responsible_party", "measures", "funding", "contingency")


class NoOwner(Conflict):
    """A case is dispatched to exactly one responsible body (M08)."""

    code = "case.no_owner"


class NotYourBody(NotAllowed):
    """The act belongs to another body."""

    code = "case.not_your_body"


class SamePerson(NotAllowed):
    """Two different people must act here (C2 separation rules)."""

    code = "case.same_person"


class WrongLevel(NotAllowed):
    """This decision belongs to another level."""

    code = "case.wrong_level"


class Incomplete(Invalid):
    """Something that the law or the rules ask for is missing; `missing` names it."""

    code = "case.incomplete"


class WrongOutcome(Conflict):
    """The verdict's outcome does not lead this way."""

    code = "case.wrong_outcome"


def has_one_owner(*, case: Case, **_: Any) -> None:
    """T2: exactly one responsible body."""
    if case.responsible_org_id is None:
        raise NoOwner


def of_responsible_body(*, case: Case, by: Actor, **_: Any) -> None:
    """T3: somebody of the responsible body."""
    if by.org_id != case.responsible_org_id:
        raise NotYourBody


def of_a_tasked_body(*, session: Session, case: Case, by: Actor, **_: Any) -> None:
    """T6, T7, T13: somebody of a body that has a live task to handle this case, not only to look back at it."""
    _has_a_task(session, case, by, HANDLING)


def _has_a_task(session: Session, case: Case, by: Actor, kinds: Sequence[str]) -> None:
    live = select(Task.id).where(
        Task.case_id == case.id, Task.org_id == by.org_id, Task.state != "cancelled", Task.kind.in_(kinds)
    )
    if session.scalars(live.limit(1)).first() is None:
        raise NotYourBody


def near_enough_or_reason(
    *, session: Session, now: datetime, distance_m: float | None, distance_reason: str | None, **_: Any
) -> None:
    """T6: the visit starts at the place, or says why it could not."""
    limit_m = policy.value(session, "checkin_m", now)
    if (distance_m is None or distance_m > limit_m) and not (distance_reason or "").strip():
        raise Incomplete(f"More than {limit_m} m from the place: give a reason.", pointer="/distance_reason")


def record_complete(
    *, session: Session, case: Case, now: datetime, visit: Visit | None, verdict: Verdict, **_: Any
) -> None:
    """T7: a completed record, two photos taken on site, and what the category asks for (M31, M45, X20, X21).

    All of it since the case was reopened, where it was (T18).
    """
    before = case.reopened_at is not None and visit is not None and visit.started_at <= case.reopened_at
    if visit is None or visit.completed_at is None or before:
        raise Incomplete("Complete the visit record first.", missing=["visit_record"])
    done = (Visit.case_id == case.id, Visit.completed_at.is_not(None), of_this_round(case, Visit.started_at))
    made = session.scalars(select(Visit).where(*done)).all()
    # Sent while or after somebody was there (the net may be bad), and no image that another case has (X20).
    taken = select(Picture.role).where(
        Picture.case_id == case.id, Picture.state != "rejected", ~Picture.reused,
        Picture.received_at >= min(each.started_at for each in made),
    )  # fmt: skip
    roles = set(session.scalars(taken))
    category = policy.category_version(session, case.category_code, case.category_version)
    missing = [f"photo_{role}" for role in ("near", "far") if role not in roles]
    if policy.needs_permit_check(session, category, case.penalty_policy, now):
        missing += ["permit_check"] * (not any(each.permit_check for each in made))
    missing += ["qualification"] * (case.penalty_policy == "mandatory" and not verdict.qualification.strip())
    if verdict.outcome in {"unsubstantiated", "unverifiable"}:
        missing += _denied_without(session, case, category, made, now)
    if missing:
        raise Incomplete("The record is not complete.", missing=missing)


def _denied_without(
    session: Session, case: Case, category: CategoryVersion, made: Sequence[Visit], now: datetime
) -> list[str]:
    """T7, X21: what is not found was looked for at the place, and by night where it happens by night."""
    limit_m = policy.value(session, "checkin_m", now)
    anywhere = case.point is None or category.moving_object
    there = [v for v in made if anywhere or (v.distance_m is not None and v.distance_m <= limit_m)]
    if not there:
        return ["site_visit"]
    hours = policy.value(session, "night_hours", now)
    by_night = any(at_night(each.started_at, hours) for each in there)
    return ["night_visit"] * (category.night_rule and not by_night)


def answers_or_leads(*, session: Session, case: Case, by: Actor, **_: Any) -> None:
    """T10, T11: somebody of the body that answers, or of a department that leads, by a live task; no helper."""
    _has_a_task(session, case, by, ("town", "group", "lead"))


def commented(*, comment: str, **_: Any) -> None:
    """T9, T10: whoever decides says why."""
    if not comment.strip():
        raise Incomplete("Say why.", missing=["comment"], pointer="/comment")


def not_the_verifier(*, session: Session, case: Case, by: Actor, visit: Visit, verdict: Verdict, **_: Any) -> None:
    """C2: verifier ≠ approver; nor whoever found it on patrol (T1)."""
    if by.is_person(verdict.proposed_by, visit.officer_id, *visit.companion_ids, *found_by(session, case)):
        raise SamePerson("Whoever found or verified it does not approve.")


def right_level(*, session: Session, case: Case, by: Actor, grade: str | None = None, **_: Any) -> None:
    """T8, T9: a leader of the responsible body for a general hazard, of the department that leads for a major one."""
    if (grade or case.grade) == MAJOR:
        if not by.has(Role.DEPT_LEADER):
            raise WrongLevel("A major hazard is decided by the leader of a department.")
        _has_a_task(session, case, by, LEADING)
    elif by.org_id != case.responsible_org_id:
        raise NotYourBody


def substantiated(*, verdict: Verdict, **_: Any) -> None:
    """T8: the facts were found, wholly or in part."""
    if verdict.outcome not in {"substantiated", "partly"}:
        raise WrongOutcome


def was_found(*, case: Case, **_: Any) -> None:
    """M61: an enforcement check after the verdict looks at what was found; else there is nothing to penalise."""
    if case.outcome not in {"substantiated", "partly"}:
        raise WrongOutcome


def not_substantiated(*, verdict: Verdict, **_: Any) -> None:
    """T9: the facts were not found, or could not be."""
    if verdict.outcome not in {"unsubstantiated", "unverifiable"}:
        raise WrongOutcome


def consequences_decided(*, consequences: dict[str, Any], **_: Any) -> None:
    """T8: each of the four consequences decided with a reason (M50)."""
    missing = [
        name for name in CONSEQUENCES
        if name not in consequences or not str(consequences[name].get("reason", "")).strip()
    ]  # fmt: skip
    if missing:
        raise Incomplete("Decide each consequence and say why.", missing=missing, pointer="/consequences")


def five_items(
    *, session: Session, plan: dict[str, Any], due_at: datetime | None, fixed_on_spot: bool, **_: Any
) -> None:
    """T8, M39: responsible party, measures, funding, deadline, contingency, unless it was fixed on the spot."""
    if fixed_on_spot:
        return  # its pair of photos is a guard of its own
    missing = [name for name in PLAN_ITEMS if not str(plan.get(name) or "").strip()] + ["due_at"] * (due_at is None)
    if missing:
        raise Incomplete("The plan lacks some of its five items.", missing=missing, pointer="/plan")
    if not plan.get("no_operator") and names_an_office(
        str(plan["responsible_party"]), officers=set(session.scalars(select(Account.name))),
        bodies=set(session.scalars(select(Org.name_zh))),
    ):  # fmt: skip
        raise Incomplete("An office, or an officer, is not the one who rectifies (M16).",
                         pointer="/plan/responsible_party")  # fmt: skip


def safe_meanwhile(
    *,
    session: Session,
    case: Case,
    grade: str,
    consequences: dict[str, Any],
    plan: dict[str, Any],
    fixed_on_spot: bool,
    **_: Any,
) -> None:
    """T8: where it is dangerous, the order says what keeps people safe until it is rectified.

    It is where the category says that lives are at stake, where the hazard is major, or where work is to stop.
    """
    category = policy.category_version(session, case.category_code, case.category_version)
    dangerous = category.danger or grade == MAJOR or consequences.get("suspend", {}).get("decided")
    if dangerous and not fixed_on_spot and not str(plan.get("interim") or "").strip():
        raise Incomplete("Name the interim measures.", missing=["interim"], pointer="/plan/interim")


def right_closer(*, case: Case, by: Actor, **_: Any) -> None:
    """T16: a leader of the responsible body, or the safety office for major and immediate ones."""
    if case.grade == MAJOR or case.urgency == "immediate":
        if not by.has(Role.SAFETY_OFFICE):
            raise WrongLevel("A major or immediate case is closed by the safety office.")
    elif not (by.has(Role.TOWN_LEADER) and by.org_id == case.responsible_org_id):
        raise WrongLevel("A general case is closed by the leader of its responsible body.")


def at_night(moment: datetime, hours: dict[str, int]) -> bool:
    """Whether an instant lies in the local hours of the night (X21)."""
    hour = moment.astimezone(LOCAL_ZONE).hour
    return hour >= hours["from"] or hour < hours["to"]

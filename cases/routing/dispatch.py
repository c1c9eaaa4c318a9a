"""T2: give a case to its responsible body, and to the departments its category names (M03, M08, M15).

Each body is told at once: nobody can sign within half an hour for what they do not know of (D-sign).
"""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import clocks, deadlines, notices, policy
from cases.lifecycle import case as machine
from cases.lifecycle.machine import check
from cases.models.case import Case, Task
from cases.models.policy import CategoryVersion
from cases.routing.involve import add_task
from cases.routing.tied import kept_away
from people.actors import Actor
from people.models import Org
from people.roles import Role

TOLD = "dispatched"
ASKED = {"sign": "请签收", "lead": "请牵头办理", "coop": "请配合办理"}
PRESSING = {"immediate": "【特急】", "urgent": "【急件】"}


def dispatch(
    session: Session,
    case: Case,
    *,
    to: Org,
    by: Actor,
    now: datetime,
    provisional: bool = False,
    reported_at: datetime | None = None,
) -> Case:
    """Dispatch a registered case to exactly one responsible body, with tasks for the departments beside it.

    `provisional`: no person has looked yet (C3 R2). The time of the whole case runs from the report on (D-total, F32,
    F39): from 00:00 of its local day, since a handler knows the day and not the minute (Q2). Without `reported_at`
    nobody waits for a reply, and it runs from now. Raises NotYourRole, NotInState; then nothing has changed.
    """
    check(case, machine.CASE_MOVES["dispatch"], by=by)
    category = policy.category_of(session, case)
    case.responsible_org_id = to.id
    case.provisional = provisional
    add_main_task(session, case, category, to=to, now=now)
    for kind, org in departments(session, category, now):
        add_department_task(session, case, category, kind=kind, org=org, now=now)
    session.flush()
    ask_who_it_is(session, case, category, now=now)
    machine.move(
        session,
        case,
        "dispatch",
        by=by,
        now=now,
        since_={"total": deadlines.start_of_day(reported_at) if reported_at else now},
        trail_={"to": to.code, "name": to.name_zh, "provisional": provisional},
    )
    return case


def add_main_task(session: Session, case: Case, category: CategoryVersion, *, to: Org, now: datetime) -> None:
    """Give the responsible body its task, with the published duty that it cites (M06)."""
    duty = category.town_role if to.kind == "town" else "group"
    item = policy.duty_item(session, to.kind, "main" if duty == "none" else duty, now)
    tied = kept_away(session, case, to, now=now)
    signers = [each for each in notices.holders(session, to.id, Role.TOWN_CLERK, Role.TOWN_LEADER) if each not in tied]
    notices.tell_people(session, to.id, signers, TOLD, _words(case, category, "sign"), now=now, case_id=case.id)
    session.add(
        Task(
            case_id=case.id, org_id=to.id, kind=to.kind, goal=category.first_action_zh, duty_item=item.code,
            due_at=clocks.allowed_until(session, case, "sign", now=now) or now, due_what="sign", created_at=now,
        )
    )  # fmt: skip


def add_department_task(
    session: Session, case: Case, category: CategoryVersion, *, kind: str, org: Org, now: datetime
) -> None:
    """Give a department its task beside the main one, to lead or to help (M03)."""
    item = policy.duty_item(session, org.department_kind or "department", kind, now)
    notices.tell(session, org.id, TOLD, _words(case, category, kind), now=now, case_id=case.id)
    add_task(session, case, org, kind=kind, goal=category.first_action_zh, duty_item=item.code, now=now)


def ask_who_it_is(session: Session, case: Case, category: CategoryVersion, *, now: datetime) -> None:
    """M09, CCL-01: which department a trade's own is, the catalogue cannot know: the safety office names it.

    It is brought in with a task of its own (`handling.bring_in`); where a department stands in for it, that has one.
    """
    here = set(session.scalars(select(Org.department_kind).where(Org.kind == "department", Org.active)))
    names = policy.department_kinds(session)
    wanted = [each for each in policy.value(session, "departments_to_name", now) if each in category.other_parties]
    for kind in wanted:
        if policy.acting_kind(session, kind, now) not in here:
            text = f"案件 {case.number}：请指定{names[kind].zh}参加办理"
            notices.tell_safety_office(session, "department_to_name", text, now=now, case_id=case.id)


def departments(session: Session, category: CategoryVersion, now: datetime) -> list[tuple[str, Org]]:
    """The departments of a category that this district has, each once, with what it has to do.

    Another party helps as a department does where the district has entered it as one, such as the power company (M09).
    """
    leads = list(category.lead_dept_kinds)
    leads = {"all": leads, "first": leads[:1], "intake": []}[category.lead_rule]
    others = [*category.coop_dept_kinds, *category.other_parties]
    wanted = [("lead", kind) for kind in leads] + [("coop", kind) for kind in others]
    orgs = {
        org.department_kind: org for org in session.scalars(select(Org).where(Org.kind == "department", Org.active))
    }
    found: dict[int, tuple[str, Org]] = {}
    for role, kind in wanted:
        org = orgs.get(policy.acting_kind(session, kind, now))
        if org is not None:
            found.setdefault(org.id, (role, org))
    return list(found.values())


def _words(case: Case, category: CategoryVersion, what: str) -> str:
    """A category, a number and what is asked; nothing of a reporter or a place."""
    return f"{PRESSING.get(case.urgency, '')}{category.zh}：案件 {case.number} 已派遣，{ASKED[what]}"

"""Giving a look-back or a review to somebody: their office has it in its queue, and a department can see the case.

Who does it stands on the look-back or the review itself: no substitute steps in who may have handled the case (M64).
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.lifecycle import task
from cases.lifecycle.look_back import LOOKERS
from cases.models.case import Case, Task
from kit.errors import Invalid
from people.actors import Actor
from people.models import Account, AccountRole, Org

KINDS = ("department", "district")
DUTIES = {"department": "coop", "district": "desk"}
GOALS = {"look_back": "到现场回头看：整改是否保持，隐患是否反弹", "review": "由未经办人员重新核查并作出复核决定"}

_LOOKS = select(AccountRole.account_id).where(AccountRole.role.in_([str(role) for role in LOOKERS]))
_ABLE = (Account.active, Org.kind.in_(KINDS), Account.id.in_(_LOOKS))


class NotAble(Invalid):
    """Afterwards an active officer of a department looks at a case, or of the safety office itself (T17, R8)."""

    code = "aftercare.not_able"
    message = "Name an active officer of a department or of the safety office."
    pointer = "/account_id"


def somebody(session: Session, account_id: int) -> Account:
    """An active officer who can be given an errand. Raises NotAble."""
    who = session.scalars(select(Account).join(Org, Org.id == Account.org_id).where(Account.id == account_id, *_ABLE))
    found = who.one_or_none()
    if found is None:
        raise NotAble
    return found


def able(session: Session) -> list[tuple[Account, Org]]:
    """Everybody who can be given an errand, with their office, by office."""
    found = select(Account, Org).join(Org, Org.id == Account.org_id).where(*_ABLE)
    return [(who, org) for who, org in session.execute(found.order_by(Org.code, Account.id))]


def give(
    session: Session, case: Case, errand_id: UUID, kind: str, who: Account, *, due_at: datetime, now: datetime
) -> None:
    """Put the errand into the queue of the office, in place of another's, and tell its person. Its task has its id."""
    org = session.get_one(Org, who.org_id)
    item = policy.duty_item(session, org.department_kind or org.kind, DUTIES[org.kind], now)
    session.merge(
        Task(
            id=errand_id, case_id=case.id, org_id=org.id, kind=kind, state="open", goal=GOALS[kind],
            duty_item=item.code, due_at=due_at, due_what=kind, created_at=now,
        )
    )  # fmt: skip
    session.flush()
    text = f"案件 {case.number}：{GOALS[kind]}"
    notices.tell_people(session, org.id, [who.id], f"{kind}_assigned", text, now=now, case_id=case.id)


def end(session: Session, errand_id: UUID, move: str, *, by: Actor, now: datetime) -> None:
    """Take the errand out of the queue, where it was given to anybody: `done_after`, or `drop_after`."""
    given = session.get(Task, errand_id)
    if given is not None:
        task.move(given, move, by=by)
        given.answered_at = now
        session.flush()

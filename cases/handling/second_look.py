"""T9, X21: drawing what was not found for a second look by the safety office, and what comes of it."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import access, clocks, lots, notices, policy, ties
from cases.handling.bring_in import say_if_nobody_is_left
from cases.lifecycle import beside, second_look
from cases.lifecycle import case as case_machine
from cases.lifecycle.second_look import SECOND_LOOK_MOVES
from cases.models.case import Case
from cases.models.handling import Verdict
from cases.models.second_look import SecondLook
from kit.clock import LOCAL_ZONE
from kit.errors import NotFound
from people.actors import Actor
from people.roles import Role


class NoSuchLook(NotFound):
    """This verdict was not drawn for a second look."""

    code = "second_look.unknown"


def draw(session: Session, case: Case, verdict: Verdict, *, by: Actor, now: datetime) -> SecondLook:
    """Draw whether this verdict, just approved, waits for the safety office.

    Every immediate one does, and every one of a case that was sent back before; of the others a share of policy. The
    seed is made after the verdict is fixed and kept with its ticket: nobody waits for a kind one, anybody draws again.
    """
    seed, ticket = secrets.token_hex(16), f"{case.number}/{verdict.id}"
    share = float(policy.value(session, "second_look_share", now))
    always = "immediate" if case.urgency == "immediate" else "returned" if second_look.sent_back(session, case) else ""
    drawn = bool(always) or lots.is_drawn(seed, ticket, share=share)
    look = SecondLook(
        verdict_id=verdict.id, case_id=case.id, state=beside.NEW, version=0, why=always or "sample",
        pool=f"{now.astimezone(LOCAL_ZONE):%Y-%m}", seed=seed, ticket=ticket, score=lots.score(seed, ticket),
        share=share, drawn_at=now,
    )  # fmt: skip
    beside.move(session, case, look, SECOND_LOOK_MOVES["draw" if drawn else "spare"], by=by, now=now)
    session.add(look)
    session.flush()
    if drawn:
        limit = policy.limit_of_value(session, "second_look_limit", now, urgency=case.urgency)
        clocks.start_beside(session, case, "second_look", about=look.id, org_id=None, limit=limit, now=now)
        text = f"案件 {case.number}：查否结论已抽中，请复核"
        notices.tell_safety_office(session, "second_look", text, now=now, case_id=case.id)
    return look


def find_look(session: Session, case: Case, verdict_id: UUID) -> SecondLook:
    """One second look of a locked case. Raises NoSuchLook."""
    drawn = select(SecondLook).where(SecondLook.case_id == case.id, SecondLook.state != "not_drawn")
    look = session.scalars(drawn.where(SecondLook.verdict_id == verdict_id)).one_or_none()
    if look is None:
        raise NoSuchLook
    return look


def confirm_look(
    session: Session, case: Case, look: SecondLook, *, comment: str, by: Actor, now: datetime
) -> SecondLook:
    """T9: the safety office agrees that nothing was found; only now the case has that outcome."""
    _decide(session, case, look, "confirm", comment=comment, by=by, now=now)
    case.outcome = session.get_one(Verdict, look.verdict_id).outcome
    _tell(session, case, "查否结论复核通过", now=now)
    return look


def return_look(
    session: Session, case: Case, look: SecondLook, *, comment: str, by: Actor, now: datetime
) -> SecondLook:
    """X21: the safety office does not agree; others visit anew, and the verdict counts no more."""
    _decide(session, case, look, "return", comment=comment, by=by, now=now)
    session.get_one(Verdict, look.verdict_id).state = "returned"
    case_machine.move(session, case, "look_anew", by=by, now=now, trail_={"comment": comment})
    _tell(session, case, "查否结论复核未通过，请另派人员重新核查", now=now)
    say_if_nobody_is_left(session, case, now=now)
    return look


def waiting_looks(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[SecondLook, Case]]:
    """What waits for the safety office, the oldest first. Raises NotTheOffice."""
    access.only_the_office(by)
    waiting = select(SecondLook, Case).join(Case, Case.id == SecondLook.case_id)
    waiting = waiting.where(SecondLook.state == "waiting", ties.untied_to(by))
    if after is not None:
        waiting = waiting.where(tuple_(SecondLook.drawn_at, SecondLook.verdict_id) > after)
    rows = session.execute(waiting.order_by(SecondLook.drawn_at, SecondLook.verdict_id).limit(limit))
    return [(look, case) for look, case in rows]


def draws(session: Session, pool: str, *, by: Actor) -> list[SecondLook]:
    """Every draw of a month with its seed, ticket and share, so that it can be drawn again. Raises NotTheOffice."""
    access.only_the_office(by, Role.DISCIPLINE)
    return list(session.scalars(select(SecondLook).where(SecondLook.pool == pool).order_by(SecondLook.ticket)))


def _decide(
    session: Session, case: Case, look: SecondLook, move: str, *, comment: str, by: Actor, now: datetime
) -> None:
    written = {"decided_by": by.account_id, "decided_at": now, "comment": comment}
    row = SECOND_LOOK_MOVES[move]
    beside.move(session, case, look, row, by=by, now=now, comment=comment, writes_=written, trail_={"comment": comment})


def _tell(session: Session, case: Case, what: str, *, now: datetime) -> None:
    if case.responsible_org_id is not None:
        text = f"案件 {case.number}：{what}"
        notices.tell(session, case.responsible_org_id, "second_look_decided", text, now=now, case_id=case.id)

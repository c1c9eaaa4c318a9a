"""D7: more time, asked for before the time is over and decided one level up; both dates are kept (X15).

That a whole case has more is told to its reporters, by what follows the entry (F32, F39).
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import or_, select, tuple_
from sqlalchemy.orm import Session

from cases import access, clocks, deadlines, notices
from cases.lifecycle import beside
from cases.lifecycle.extension import EXTENSION_MOVES, LEADERS, WHOLE, NotExtendable, is_for_the_office
from cases.models.case import Case, Clock
from cases.models.pause import Extension
from kit.errors import Conflict, NotFound
from people.actors import SYSTEM, Actor
from people.roles import Role

AT_ONCE = 500


class NoSuchExtension(NotFound):
    """This case has no such request."""

    code = "extension.unknown"


class AskedAlready(Conflict):
    """A request for this deadline waits already."""

    code = "extension.asked_already"
    message = "A request to extend this deadline waits already."


def request_extension(
    session: Session, case: Case, *, clock_id: int, new_due_at: datetime, reason: str, by: Actor, now: datetime
) -> Extension:
    """Ask for a later end of a running clock of a locked case, or of a department's task in it.

    Until it is granted the old one counts.
    Raises NotExtendable, AskedAlready, ExtendedAlready, ExtensionTooLate, ExtensionTooLong, NotYourBody, Incomplete.
    """
    running = [*clocks.running(session, case), *clocks.beside(session, case)]
    clock = next((each for each in running if each.id == clock_id), None)
    if clock is None:
        raise NotExtendable
    open_ = select(Extension.id).where(Extension.clock_id == clock.id, Extension.state == "requested")
    if session.scalars(open_).first() is not None:
        raise AskedAlready
    wish = Extension(
        id=uuid4(), case_id=case.id, clock_id=clock.id, state=beside.NEW, version=0, reason=reason,
        old_due_at=clock.due_at, new_due_at=new_due_at, requested_by=by.account_id, requested_org_id=by.org_id,
        by_leader=by.has(*LEADERS), requested_at=now,
    )  # fmt: skip
    beside.move(
        session, case, wish, EXTENSION_MOVES["request"], by=by, now=now, clock=clock,
        trail_=_told(wish, clock),
    )  # fmt: skip
    session.add(wish)
    session.flush()
    _tell_who_decides(session, case, wish, clock, now=now)
    return wish


def find_extension(session: Session, case: Case, extension_id: UUID) -> Extension:
    """One request of a locked case. Raises NoSuchExtension."""
    found: Extension = beside.find(session, case, Extension, extension_id, NoSuchExtension)
    return found


def grant_extension(
    session: Session, case: Case, wish: Extension, *, comment: str, by: Actor, now: datetime
) -> Extension:
    """The clock ends later; its first end stays beside it, and what its ladder has told stays told.

    Raises TooLateToGrant, WrongLevel, SamePerson.
    """
    clock = session.get_one(Clock, wish.clock_id)
    _decide(session, case, wish, "grant", clock=clock, comment=comment, by=by, now=now)
    clock.extended_at, clock.ladder_at = now, None
    clocks.set_due(session, case, clock, deadlines.Due(wish.new_due_at), original=False)
    return wish


def refuse_extension(
    session: Session, case: Case, wish: Extension, *, comment: str, by: Actor, now: datetime
) -> Extension:
    """The old end stays. Raises WrongLevel, SamePerson, Incomplete."""
    _decide(session, case, wish, "refuse", clock=session.get_one(Clock, wish.clock_id), comment=comment, by=by, now=now)
    return wish


def extensions_to_decide(
    session: Session, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> Sequence[tuple[Extension, Case]]:
    """The requests that wait for this actor: those of officers for their leader, those of leaders for the office.

    For the office also those for a whole case.
    """
    for_the_office = or_(Extension.by_leader, Clock.kind == WHOLE)
    waiting = (
        select(Extension, Case)
        .join(Case, Case.id == Extension.case_id)
        .join(Clock, Clock.id == Extension.clock_id)
        .where(Extension.state == "requested", Extension.requested_by != by.account_id, access.visible_to(by))
    )
    if by.has(Role.SAFETY_OFFICE):
        waiting = waiting.where(for_the_office)
    elif by.has(*LEADERS):
        waiting = waiting.where(~for_the_office, Extension.requested_org_id == by.org_id)
    else:
        return []
    if after is not None:
        waiting = waiting.where(tuple_(Extension.old_due_at, Extension.id) > after)
    rows = session.execute(waiting.order_by(Extension.old_due_at, Extension.id).limit(limit))
    return [(wish, case) for wish, case in rows]


def lapse_extensions(session: Session, *, now: datetime) -> None:
    """Let the requests lapse that nobody may grant any more, and tell who asked (D7, D9). Safe to repeat.

    The case first, as officers take it: what an officer holds just now waits for the next sweep.
    """
    gone = or_(Clock.stopped_at.is_not(None), Clock.extended_at.is_not(None), Clock.due_at <= now)
    other = or_(gone, Clock.due_at != Extension.old_due_at)
    waiting = select(Extension, Clock).join(Clock, Clock.id == Extension.clock_id)
    waiting = waiting.where(Extension.state == "requested", other)
    cases = select(Case).where(Case.id.in_(waiting.with_only_columns(Extension.case_id))).order_by(Case.id)
    for case in session.scalars(cases.limit(AT_ONCE).with_for_update(skip_locked=True, of=Case)).all():
        theirs = waiting.where(Extension.case_id == case.id).order_by(Extension.requested_at, Extension.id)
        for wish, clock in session.execute(theirs.execution_options(populate_existing=True)).all():
            beside.move(
                session, case, wish, EXTENSION_MOVES["lapse"], by=SYSTEM, now=now, clock=clock,
                trail_=_told(wish, clock),
            )  # fmt: skip
            _tell_who_asked(session, case, wish, "已失效：时限已办结、已到期、已暂停或者已变更", now=now)


def _decide(
    session: Session, case: Case, wish: Extension, move: str, *, clock: Clock, comment: str, by: Actor, now: datetime
) -> None:
    beside.move(
        session, case, wish, EXTENSION_MOVES[move], by=by, now=now, clock=clock, comment=comment,
        trail_=_told(wish, clock),
        writes_={"decided_by": by.account_id, "decided_at": now, "comment": comment},
    )  # fmt: skip
    _tell_who_asked(session, case, wish, "已批准" if move == "grant" else "未批准", now=now)


def _told(wish: Extension, clock: Clock) -> dict[str, str]:
    return {"clock": clock.kind, "was": wish.old_due_at.isoformat(), "until": wish.new_due_at.isoformat()}


def _tell_who_asked(session: Session, case: Case, wish: Extension, what: str, *, now: datetime) -> None:
    text = f"案件 {case.number}：延期申请{what}"
    notices.tell_people(
        session, wish.requested_org_id, [wish.requested_by], "extension_decided", text, now=now, case_id=case.id
    )


def _tell_who_decides(session: Session, case: Case, wish: Extension, clock: Clock, *, now: datetime) -> None:
    text = f"案件 {case.number}：有延期申请待决定"
    if is_for_the_office(wish, clock):
        notices.tell_safety_office(session, "extension_requested", text, now=now, case_id=case.id)
        return
    leaders = notices.holders(session, wish.requested_org_id, *LEADERS)
    notices.tell_people(session, wish.requested_org_id, leaders, "extension_requested", text, now=now, case_id=case.id)

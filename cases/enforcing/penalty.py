"""The penalty track up to its execution (C4.5, F24, F29): filed, investigated, notified, decided, served, executed."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.orm import Session

from cases import policy, trail
from cases.journey import Kind
from cases.lifecycle import beside, powers
from cases.lifecycle.hearing import was_held
from cases.lifecycle.machine import check
from cases.lifecycle.penalty import DEFENCE, HEARING_RECORD, PENALTY_MOVES
from cases.models.case import Case
from cases.models.penalty import Penalty
from kit.errors import NotFound
from people.actors import Actor


class NoSuchPenalty(NotFound):
    """This case has no such penalty track."""

    code = "penalty.unknown"


@dataclass(frozen=True)
class Decision:
    """A penalty as decided; money in whole fen."""

    number: str
    kinds: Sequence[str]
    fine_fen: int
    confiscated_fen: int
    text: str


def find_penalty(session: Session, case: Case, penalty_id: UUID) -> Penalty:
    """One penalty track of a locked case. Raises NoSuchPenalty."""
    found: Penalty = beside.find(session, case, Penalty, penalty_id, NoSuchPenalty)
    return found


def file(
    session: Session,
    case: Case,
    *,
    party_kind: str,
    party: str,
    cause: str,
    officer_ids: Sequence[int],
    by: Actor,
    now: datetime,
) -> Penalty:
    """Open a track against one party; the 90 days begin (F24). Raises NoPower, TooFewOfficers, NotYourBody."""
    penalty = Penalty(
        id=uuid4(), case_id=case.id, org_id=by.org_id, state=beside.NEW, version=0, party_kind=party_kind, party=party,
        cause=cause, officer_ids=list(officer_ids), filed_by=by.account_id, filed_at=now, kinds=[], fine_fen=0,
        confiscated_fen=0, former_ids=[],
    )  # fmt: skip
    beside.move(session, case, penalty, PENALTY_MOVES["file"], by=by, now=now, officer_ids=officer_ids)
    session.add(penalty)
    session.flush()
    return penalty


def investigate(
    session: Session, case: Case, penalty: Penalty, *, findings: str, qualification: str, by: Actor, now: datetime
) -> Penalty:
    """What was found and which rule it breaks; rests on an enforcement check (M61)."""
    beside.move(session, case, penalty, PENALTY_MOVES["investigate"], by=by, now=now, officer_ids=penalty.officer_ids)
    penalty.findings, penalty.qualification, penalty.investigated_at = findings, qualification, now
    return penalty


def hand_over_penalty(
    session: Session,
    case: Case,
    penalty: Penalty,
    *,
    officer_ids: Sequence[int],
    reason: str,
    by: Actor,
    now: datetime,
) -> Penalty:
    """F21: two certified officers go on with an open track in place of those who began it.

    Who began it has investigated, and never decides. Raises TooFewOfficers, NotYourBody, Incomplete.
    """
    was = list(penalty.officer_ids)
    beside.move(
        session, case, penalty, PENALTY_MOVES["hand_over"], by=by, now=now, officer_ids=officer_ids, reason=reason,
        trail_={"was": was, "to": list(officer_ids), "reason": reason},
        writes_={
            "officer_ids": list(officer_ids),
            "former_ids": list(dict.fromkeys([*penalty.former_ids, *was])),
        },
    )  # fmt: skip
    return penalty


def notify(session: Session, case: Case, penalty: Penalty, *, notice: str, by: Actor, now: datetime) -> Penalty:
    """F29: tell the party what is intended and what it may say to it."""
    beside.move(session, case, penalty, PENALTY_MOVES["notify"], by=by, now=now)
    penalty.notice, penalty.notified_at = notice, now
    return penalty


def hear_defence(session: Session, case: Case, penalty: Penalty, *, text: str, by: Actor, now: datetime) -> Penalty:
    """F29: what the party stated in its defence, kept with the track."""
    check(penalty, DEFENCE, by=by)
    return _record(session, case, penalty, Kind.DEFENCE_HEARD, "defence", text, by=by, now=now)


def grant_hearing(session: Session, case: Case, penalty: Penalty, *, at: datetime, by: Actor, now: datetime) -> Penalty:
    """F29: the party asked for a hearing in time; nothing is decided before its record. Raises HearingTooSoon."""
    beside.move(
        session, case, penalty, PENALTY_MOVES["grant_hearing"], by=by, now=now, at=at, trail_={"at": at.isoformat()}
    )
    penalty.hearing_at = at
    return penalty


def hold_hearing(session: Session, case: Case, penalty: Penalty, *, record: str, by: Actor, now: datetime) -> Penalty:
    """F29: the record of a hearing that was granted, once it was held. Raises NotInState, NotHeldYet."""
    check(penalty, HEARING_RECORD, by=by)
    was_held(penalty, now=now)
    return _record(session, case, penalty, Kind.HEARING_HELD, "hearing_record", record, by=by, now=now)


def decide(
    session: Session, case: Case, penalty: Penalty, decision: Decision, *, by: Actor, now: datetime
) -> Penalty:  # fmt: skip
    """A leader who did not investigate decides, within the body's power on the day; 7 working days to publish begin.

    Not before the party has been heard, or has had its time. Raises TimeToBeHeard, NoPower, TooFewOfficers, SamePerson,
    Incomplete (F12, F19, F21, F29, M58).
    """
    used = [policy.measure_type(session, code, now, nature="penalty", field="kinds") for code in decision.kinds]
    beside.move(
        session, case, penalty, PENALTY_MOVES["decide"], by=by, now=now, powers_used=used, number=decision.number,
        kinds=decision.kinds, fine_fen=decision.fine_fen, confiscated_fen=decision.confiscated_fen,
        officer_ids=penalty.officer_ids, trail_={"number": decision.number, "kinds": list(decision.kinds)},
        writes_={
            "number": decision.number, "kinds": list(decision.kinds), "decision": decision.text,
            "fine_fen": decision.fine_fen, "confiscated_fen": decision.confiscated_fen,
            "decided_by": by.account_id, "decided_at": now,
        },
    )  # fmt: skip
    sources = [powers.source_of(session, penalty.org_id, power, now) for power in used]
    penalty.delegation_id = next((source.id for source in sources if source is not None), None)
    return penalty


def serve(session: Session, case: Case, penalty: Penalty, *, how: str, by: Actor, now: datetime) -> Penalty:
    """The party has the decision in hand, or it was served as the law provides."""
    beside.move(session, case, penalty, PENALTY_MOVES["serve"], by=by, now=now)
    penalty.served_at, penalty.served_how = now, how
    return penalty


def execute(session: Session, case: Case, penalty: Penalty, *, text: str, by: Actor, now: datetime) -> Penalty:
    """The decision was carried out."""
    beside.move(session, case, penalty, PENALTY_MOVES["execute"], by=by, now=now)
    penalty.executed_at, penalty.execution = now, text
    return penalty


def _record(
    session: Session, case: Case, penalty: Penalty, kind: Kind, column: str, text: str, *, by: Actor, now: datetime
) -> Penalty:
    beside.of_its_organ(thing=penalty, by=by)
    setattr(penalty, column, text)
    penalty.version += 1
    case.version += 1
    trail.record(session, case, kind, by=by, now=now, id=str(penalty.id))
    return penalty

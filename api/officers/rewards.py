"""/o/v1/rewards…: what a report is paid: proposed, looked at, allowed, by three people (C11)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.dependencies import CurrentActor, Now, OfficerSession, SeenVersion
from api.officers.bodies import Body, Long, Optional, Short
from api.officers.look_backs import Until
from api.officers.shapes import plain
from api.paging import Page
from api.rights import Scope, may
from api.routes import officers_router
from cases import rewarding
from cases.lifecycle.reward import REWARD_MOVES
from cases.models.case import Case
from cases.models.report import Report
from cases.models.reward import Reward
from cases.rewarding.find import SEE
from people.actors import Actor
from people.roles import Role

router = officers_router("/rewards", tags=["officers"])
LIST = "rewards"
REWARD = (
    "id state version kind facts amount_fen signers note opened_at proposed_by proposed_at reviewed_by reviewed_at "
    "approved_by approved_at claim_until claimed_at ended_by ended_at reason"
)
State = Literal[
    "eligible", "proposed", "reviewed", "approved", "notified", "claimed", "paid", "forfeited", "refused", "revoked"
]
People = Annotated[int, Field(ge=0, le=100_000)]


class FineIn(Body):
    """How much of one decision is for what was reported, in fen."""

    penalty_id: UUID
    fen: Annotated[int, Field(gt=0, le=10**12)]


class Proposal(Body):
    """What was substantiated of the report. The amount follows from the rule in force on the day of the report."""

    kind: Literal["general", "major", "concealed"]
    fines: Annotated[tuple[FineIn, ...], Field(max_length=50)] = ()
    tier: Annotated[str, Field(max_length=40)] = ""
    deaths: People = 0
    serious_injuries: People = 0
    concealed_deaths: People = 0
    insider: Optional = ""
    found_before: Literal["no", "not_handled", "and_handled"]
    signers: Annotated[int, Field(ge=1, le=50)] = 1
    note: Long


class Words(Body):
    """In words, why."""

    reason: Long


class Reason(Body):
    """A reason of the list `reward_end`."""

    reason: Short


class Extension(Body):
    """Until when it may be claimed, and why so long."""

    until: Until
    reason: Long


def the_reward(
    reward_id: UUID, session: OfficerSession, actor: CurrentActor, seen: SeenVersion
) -> tuple[Report, Reward]:
    """The reward of the path with its report, both locked, in the version that the officer saw."""
    return rewarding.lock(session, reward_id, by=actor, expected_version=seen)


TheReward = Annotated[tuple[Report, Reward], Depends(the_reward)]


@router.get("", name="list_rewards")
@may(SEE, scope=Scope.DISTRICT)
def list_rewards(session: OfficerSession, actor: CurrentActor, page: Page, state: State = "eligible") -> dict[str, Any]:
    """The rewards in a state, the oldest first. Which report it is, the desk alone reads."""
    rows = rewarding.waiting(session, state, by=actor, limit=page.limit, after=page.after(LIST))
    return {
        "items": [_listed(*row, by=actor) for row in rows],
        "next": page.next(LIST, rows, lambda row: (row[0].opened_at, str(row[0].id))),
    }


@router.post("/{reward_id}/proposal", status_code=201, name="propose_reward")
@may(REWARD_MOVES["propose"], scope=Scope.DISTRICT)
def propose_reward(locked: TheReward, body: Proposal, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: the desk says what was substantiated; the amount follows."""
    claimed = rewarding.Claimed(
        body.kind, tuple(rewarding.Fine(fine.penalty_id, fine.fen) for fine in body.fines), body.tier, body.deaths,
        body.serious_injuries, body.concealed_deaths, body.insider,
    )  # fmt: skip
    return _told(
        rewarding.propose(
            session, *locked, claimed, found_before=body.found_before, signers=body.signers, note=body.note, by=actor,
            now=now,
        )
    )  # fmt: skip


@router.post("/{reward_id}/review", status_code=201, name="review_reward")
@may(REWARD_MOVES["review"], scope=Scope.DISTRICT)
def review_reward(locked: TheReward, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: the legal review agrees."""
    return _told(rewarding.review(session, *locked, by=actor, now=now))


@router.post("/{reward_id}/return", status_code=201, name="return_reward")
@may(REWARD_MOVES["send_back"], scope=Scope.DISTRICT)
def return_reward(locked: TheReward, body: Words, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: it has to be proposed again."""
    return _told(rewarding.send_back(session, *locked, reason=body.reason, by=actor, now=now))


@router.post("/{reward_id}/approval", status_code=201, name="approve_reward")
@may(REWARD_MOVES["approve"], scope=Scope.DISTRICT)
def approve_reward(locked: TheReward, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: the safety office allows it; its reporter is told under the code."""
    return _told(rewarding.approve(session, *locked, by=actor, now=now))


@router.post("/{reward_id}/refusal", status_code=201, name="refuse_reward")
@may(REWARD_MOVES["refuse"], scope=Scope.DISTRICT)
def refuse_reward(locked: TheReward, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: there is none."""
    return _told(rewarding.refuse(session, *locked, reason=body.reason, by=actor, now=now))


@router.post("/{reward_id}/revocation", status_code=201, name="revoke_reward")
@may(REWARD_MOVES["revoke"], scope=Scope.DISTRICT)
def revoke_reward(locked: TheReward, body: Reason, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """C11: it is taken back, and its vouchers with it."""
    return _told(rewarding.revoke(session, *locked, reason=body.reason, by=actor, now=now))


@router.post("/{reward_id}/extension", status_code=201, name="extend_reward")
@may(REWARD_MOVES["extend"], scope=Scope.DISTRICT)
def extend_reward(locked: TheReward, body: Extension, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """F60: more time to claim."""
    return _told(rewarding.extend(session, *locked, until=body.until, reason=body.reason, by=actor, now=now))


def _listed(reward: Reward, case: Case, report: Report, *, by: Actor) -> dict[str, Any]:
    told = {**_told(reward), "case": {"id": case.id, "number": case.number, "category": case.category_code}}
    return {**told, "report_id": report.id, "reference": report.reference} if by.has(Role.INTAKE_OFFICER) else told


def _told(reward: Reward) -> dict[str, Any]:
    return plain(reward, REWARD)

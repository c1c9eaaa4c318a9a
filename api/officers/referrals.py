"""/o/v1/cases/{id}/referrals… and /o/v1/referrals: handed to another organ, and watched until its result (T11, T12)."""

from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import Depends
from pydantic import Field

from api.cursors import bound
from api.dependencies import CurrentActor, Now, OfficerSession
from api.officers.bodies import Body, Long, Optional, Short
from api.officers.cases import TheCase
from api.officers.enforcement import enforcement_body, plain
from api.officers.shapes import case_head
from api.paging import Page
from api.rights import CASE_READERS, may
from api.routes import officers_router
from cases import access, enforcing
from cases.enforcing import ReferralDraft
from cases.lifecycle.referral import REFERRAL_MOVES
from cases.models.case import Case
from cases.models.referral import Referral

router = officers_router("/cases/{case_id}/referrals", tags=["enforcement"])
lists = officers_router("/referrals", tags=["enforcement"])


class ReferralIn(Body):
    """What goes to whom, why, and with which materials."""

    scope: Literal["case", "penalty"] = "case"
    to_org_id: int | None = None
    to_external: Short | None = None
    reason: Long
    basis: Short
    materials: Annotated[list[Short], Field(max_length=100)]


class ReferralAcceptance(Body):
    """Taken; `slip` is the number that a body outside gave."""

    slip: Optional = ""


class ReferralRefusal(Body):
    """Not taken, and why."""

    reason: Long
    slip: Optional = ""


class ReferralSettlement(Body):
    """The safety office's decision about a refusal."""

    whose: Literal["receiver", "sender"]
    text: Long


class ReferralResult(Body):
    """What came of it; `finding` where the whole matter has ended there."""

    text: Long
    finding: Literal["substantiated", "partly", "unsubstantiated", "unverifiable"] | None = None


class ReferralConclusion(Body):
    """Whether the safety office confirms what the receiver found, and why."""

    confirmed: bool
    text: Long


class ReferralText(Body):
    """Words for the file."""

    text: Long


def the_referral(referral_id: UUID, case: TheCase, session: OfficerSession) -> Referral:
    """The referral of the path, of the locked case."""
    return enforcing.find_referral(session, case, referral_id)


TheReferral = Annotated[Referral, Depends(the_referral)]


@lists.get("", name="list_referrals")
@may(CASE_READERS)
def list_referrals(
    session: OfficerSession, actor: CurrentActor, page: Page, which: Literal["awaiting", "received"] = "awaiting"
) -> dict[str, Any]:
    """What one's office awaits a result of, or what was handed to it; the oldest first."""
    find = enforcing.awaiting if which == "awaiting" else enforcing.received
    whose = bound("referrals", which, actor.org_id)
    rows = find(session, by=actor, limit=page.limit, after=page.after(whose))
    return {
        "items": [{**plain(row), "case": case_head(row.case)} for row in rows],
        "next": page.next(whose, rows, lambda row: (row.sent_at, row.id)),
    }


@router.get("", name="list_referrals_of_case")
@may(CASE_READERS)
def list_referrals_of_case(case_id: UUID, session: OfficerSession, actor: CurrentActor) -> dict[str, Any]:
    """The referrals of one case, in the order of time."""
    found = enforcing.enforcement_file(session, access.find(session, case_id, by=actor))
    return {"items": enforcement_body(found)["referrals"]}


@router.post("", status_code=201, name="refer")
@may(REFERRAL_MOVES["refer"])
def refer(case: TheCase, body: ReferralIn, session: OfficerSession, actor: CurrentActor, now: Now) -> Any:
    """T11: hand the case, or its penalty, to the organ with power."""
    draft = ReferralDraft(**body.model_dump())
    return _told(case, enforcing.refer(session, case, draft, by=actor, now=now))


@router.post("/{referral_id}/acceptances", status_code=201, name="accept_referral")
@may(REFERRAL_MOVES["accept"])
def accept_referral(
    case: TheCase,
    referral: TheReferral,
    body: ReferralAcceptance,
    session: OfficerSession,
    actor: CurrentActor,
    now: Now,
) -> Any:
    """T12: the receiver takes it."""
    return _told(case, enforcing.accept(session, case, referral, slip=body.slip, by=actor, now=now))


@router.post("/{referral_id}/refusals", status_code=201, name="refuse_referral")
@may(REFERRAL_MOVES["refuse"])
def refuse_referral(
    case: TheCase, referral: TheReferral, body: ReferralRefusal, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T12: the receiver does not take it; the safety office decides."""
    return _told(case, enforcing.refuse(session, case, referral, **body.model_dump(), by=actor, now=now))


@router.post("/{referral_id}/settlements", status_code=201, name="settle_referral")
@may(REFERRAL_MOVES["uphold"], REFERRAL_MOVES["give_back"])
def settle_referral(
    case: TheCase,
    referral: TheReferral,
    body: ReferralSettlement,
    session: OfficerSession,
    actor: CurrentActor,
    now: Now,
) -> Any:
    """T12: the safety office says whose it is."""
    takes_it = body.whose == "receiver"
    enforcing.settle(session, case, referral, receiver_takes_it=takes_it, text=body.text, by=actor, now=now)
    return _told(case, referral)


@router.post("/{referral_id}/results", status_code=201, name="answer_referral")
@may(REFERRAL_MOVES["answer"], REFERRAL_MOVES["find"])
def answer_referral(
    case: TheCase, referral: TheReferral, body: ReferralResult, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """T12: the receiver's result; with a finding it ends the matter, once the safety office has confirmed it."""
    answered = enforcing.answer(session, case, referral, result=body.text, finding=body.finding, by=actor, now=now)
    return _told(case, answered)


@router.post("/{referral_id}/conclusions", status_code=201, name="conclude_referral")
@may(REFERRAL_MOVES["conclude"], REFERRAL_MOVES["ask_again"])
def conclude_referral(
    case: TheCase,
    referral: TheReferral,
    body: ReferralConclusion,
    session: OfficerSession,
    actor: CurrentActor,
    now: Now,
) -> Any:
    """T12: the safety office confirms what the receiver found, which ends the handling; or asks again."""
    return _told(case, enforcing.conclude(session, case, referral, **body.model_dump(), by=actor, now=now))


@router.post("/{referral_id}/trackings", status_code=201, name="track_referral")
@may(REFERRAL_MOVES["track"])
def track_referral(
    case: TheCase, referral: TheReferral, body: ReferralText, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """G-REF: the safety office tracks it outside, with a check each month."""
    return _told(case, enforcing.track(session, case, referral, note=body.text, by=actor, now=now))


@router.post("/{referral_id}/checks", status_code=201, name="check_referral")
@may(REFERRAL_MOVES["check"])
def check_referral(
    case: TheCase, referral: TheReferral, body: ReferralText, session: OfficerSession, actor: CurrentActor, now: Now
) -> Any:
    """G-REF: the monthly look."""
    return _told(case, enforcing.check(session, case, referral, note=body.text, by=actor, now=now))


def _told(case: Case, referral: Referral) -> dict[str, Any]:
    return {**case_head(case), "referral": plain(referral)}

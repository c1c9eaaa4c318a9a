"""G-ACC: what was found has been accepted, or that nothing was found has been approved by a second person (C4.3)."""

from typing import Any

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.lifecycle import accepting
from cases.lifecycle.closing.shut import Shut, at
from cases.lifecycle.guards import WrongOutcome
from cases.lifecycle.rounds import of_this_round
from cases.models.case import Case
from cases.models.handling import Acceptance, Verdict
from cases.models.referral import Referral

FOUND = ("substantiated", "partly")


def accepted(session: Session, case: Case) -> Shut | None:
    """G-ACC. What was accepted or approved before the case was reopened does not count any more (T18).

    What another organ has dealt with is accepted there: the safety office has confirmed its finding (T12).
    """
    if concluded_elsewhere(session, case):
        return None
    if case.outcome not in FOUND:
        if approved_verdict(session, case):
            return None
        return Shut(
            "verdict_not_approved", "核查结论尚未经第二人审核", "No second person has approved the verdict",
            at(case, "verdicts"),
        )  # fmt: skip
    return _not_passed_yet(session, case) or _findings_left(session, case)


def _not_passed_yet(session: Session, case: Case) -> Shut | None:
    """The last acceptance of this round has not passed; where nobody may make it, that is said (M64, M15)."""
    made = (Acceptance.case_id == case.id, of_this_round(case, Acceptance.accepted_at))
    last = select(Acceptance.result).where(*made).order_by(Acceptance.accepted_at.desc())
    if session.scalars(last.limit(1)).first() == "pass":
        return None
    if case.state == "acceptance" and not accepting.somebody_is_left(session, case):
        return Shut(
            "acceptor_missing", "尚无可以验收的单位：请安委办指定一个部门参加验收",
            "No body that may accept has anybody left: the safety office brings in a department", at(case, "tasks"),
        )  # fmt: skip
    return Shut("not_accepted", "整改后尚未验收合格", "Not accepted after rectification", at(case, "acceptances"))


def _findings_left(session: Session, case: Case) -> Shut | None:
    waiting = len(accepting.not_passed(session, case, {}))
    if not waiting:
        return None
    return Shut(
        "finding_not_accepted", f"尚有 {waiting} 项检查发现未验收合格", f"{waiting} findings are not accepted",
        at(case, "findings"),
    )  # fmt: skip


def concluded_elsewhere(session: Session, case: Case) -> bool:
    """T12: the whole matter was another organ's, and ended there in this round."""
    ended = exists().where(
        Referral.case_id == case.id, Referral.state == "concluded", of_this_round(case, Referral.concluded_at)
    )
    return bool(session.scalar(select(ended)))


def still_ours(*, session: Session, case: Case, **_: Any) -> None:
    """M61, T12: what another organ has dealt with is not checked anew: nobody could accept here what it found."""
    if concluded_elsewhere(session, case):
        raise WrongOutcome


def approved_verdict(session: Session, case: Case) -> Verdict | None:
    """The verdict that counts: the newest approved one, of the present round where the facts are looked at anew."""
    found = select(Verdict).where(Verdict.case_id == case.id, Verdict.state == "approved")
    if case.outcome not in FOUND:
        found = found.where(of_this_round(case, Verdict.decided_at))
    return session.scalars(found.order_by(Verdict.decided_at.desc()).limit(1)).first()


def decided(session: Session, case: Case, consequence: str) -> bool:
    """Whether the verdict decided on one of the four consequences (M50)."""
    verdict = approved_verdict(session, case)
    consequences = (verdict.consequences or {}) if verdict else {}
    return bool(consequences.get(consequence, {}).get("decided"))

"""Which report is rewarded for a matter: the first one that was accepted and stands, once its case is closed (C11)."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from cases import policy, ties
from cases.lifecycle.beside import NEW
from cases.lifecycle.reward import SUBSTANTIATED, move
from cases.models.case import Case
from cases.models.report import Report, ReportCase
from cases.models.reward import Reward
from kit.errors import NotAllowed, NotFound, Stale, Unconditional
from people.actors import SYSTEM, Actor
from people.roles import Role

ENDED = ("refused", "revoked")
SEE = (Role.INTAKE_OFFICER, Role.LEGAL_REVIEWER, Role.SAFETY_OFFICE)


class NoSuchReward(NotFound):
    """There is no such reward, or it is not for this actor."""

    code = "reward.unknown"


class NotYourBusiness(NotAllowed):
    """Rewards are proposed by the desk, looked at by the legal review and allowed by the safety office."""

    code = "reward.district_only"


def open_reward(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Open a reward for the matter of a closed case, where one is due and there is none. Safe to repeat."""
    case = session.get_one(Case, case_id, with_for_update=True)
    if case.outcome not in SUBSTANTIATED or _of_the_matter(session, case_id) is not None:
        return
    report = _first(session, case_id)
    if report is None:
        return
    rule = policy.value(session, "reward_rule", report.received_at)
    if case.category_code in rule["excluded_categories"]:
        return
    reward = Reward(
        id=uuid4(), report_id=report.id, case_id=case_id, state=NEW, version=0, rule=rule, opened_at=now, signers=1
    )
    move(session, report, reward, "open", by=SYSTEM, now=now)
    session.add(reward)
    session.flush()


def waiting(
    session: Session, state: str, *, by: Actor, limit: int, after: tuple[datetime, UUID] | None = None
) -> list[tuple[Reward, Case, Report]]:
    """The rewards in a state, the oldest first, with case and report. Raises NotYourBusiness."""
    _may_see(by)
    found = (
        select(Reward, Case, Report)
        .join(Case, Case.id == Reward.case_id)
        .join(Report, Report.id == Reward.report_id)
        .where(Reward.state == state, ties.untied_to(by))
    )
    if after is not None:
        found = found.where(tuple_(Reward.opened_at, Reward.id) > after)
    rows = session.execute(found.order_by(Reward.opened_at, Reward.id).limit(limit))
    return [(reward, case, report) for reward, case, report in rows]


def lock(session: Session, reward_id: UUID, *, by: Actor, expected_version: int | None = None) -> tuple[Report, Reward]:
    """A reward with its report, both locked. Raises NoSuchReward, NotYourBusiness, Stale, Unconditional."""
    _may_see(by)
    of_it = select(Report).join(Reward, Reward.report_id == Report.id).where(Reward.id == reward_id)
    report = session.scalars(of_it.with_for_update(of=Report)).one_or_none()
    if report is None:
        raise NoSuchReward
    reward = session.get_one(Reward, reward_id, with_for_update=True, populate_existing=True)
    if by.kind == "officer" and expected_version is None:
        raise Unconditional
    if expected_version is not None and reward.version != expected_version:
        raise Stale(current={"id": str(reward.id), "state": reward.state, "version": reward.version})
    return report, reward


def of_report(session: Session, report: Report) -> Reward | None:
    """The reward of a locked report that has not been refused or revoked, locked; None where there is none."""
    found = select(Reward).where(Reward.report_id == report.id, Reward.state.not_in(ENDED))
    return session.scalars(found.with_for_update().execution_options(populate_existing=True)).one_or_none()


def _of_the_matter(session: Session, case_id: UUID) -> Reward | None:
    found = select(Reward).where(Reward.case_id == case_id, Reward.state.not_in(ENDED))
    return session.scalars(found).one_or_none()


def _first(session: Session, case_id: UUID) -> Report | None:
    """The first report of the case that nobody has refused a reward for, locked."""
    without = ~select(Reward.id).where(Reward.report_id == Report.id).exists()
    found = (
        select(Report)
        .join(ReportCase)
        .where(ReportCase.case_id == case_id, Report.state != "withdrawn", without)
        .order_by(Report.received_at, Report.id)
        .limit(1)
        .with_for_update(of=Report)
    )
    return session.scalars(found).one_or_none()


def _may_see(by: Actor) -> None:
    if by.kind != "system" and not by.has(*SEE):
        raise NotYourBusiness

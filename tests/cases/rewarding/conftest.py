"""A closed case with its first reporter, the people who decide about rewards, and fines."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import policy, rewarding
from cases.intake.codes import claim_secret, tracking_code
from cases.models.penalty import Penalty
from cases.models.reward import Reward
from cases.rewarding import Claim, Claimed, Fine
from people.roles import Role
from tests import make

YUAN = 100
DAY = timedelta(days=1)


@dataclass
class Ground:
    """What a test of rewards stands on."""

    session: Any
    now: Any
    case: Any
    report: Any
    town: Any
    desk: Any
    lawyer: Any
    safety: Any
    other: Any
    payer: Any
    second_payer: Any

    def fine(self, yuan, *, state="executed", served_days_ago=1, person=False):
        """A decision of the case, with its fine."""
        served = self.now - served_days_ago * DAY
        made = Penalty(
            id=uuid4(), case_id=self.case.id, org_id=self.town.id, state=state, party="某公司", cause="堵塞安全出口",
            party_kind="person" if person else "unit", officer_ids=[], filed_by=self.lawyer.account_id,
            filed_at=served, decided_at=served, served_at=served, number=f"罚〔2026〕{uuid4().hex[:6]}", kinds=["fine"],
            fine_fen=yuan * YUAN, confiscated_fen=0,
        )  # fmt: skip
        self.session.add(made)
        self.session.flush()
        return made

    def opened(self):
        """The reward that the case's closing opened."""
        rewarding.open_reward(self.session, self.case.id, now=self.now)
        return self.reward()

    def reward(self):
        """The newest reward of the report."""
        return self.session.scalars(
            select(Reward).where(Reward.report_id == self.report.id).order_by(Reward.opened_at.desc())
        ).first()

    def proposed(self, claimed=None, *, by=None, **said):
        """The desk's proposal; by default a general hazard."""
        reward = self.reward() or self.opened()
        said = {"found_before": "no", "signers": 1, "note": "查实"} | said
        claimed = claimed or Claimed("general", tier="general")
        return rewarding.propose(self.session, self.report, reward, claimed, by=by or self.desk, now=self.now, **said)

    def approved(self, claimed=None, **said):
        """Proposed, looked at and allowed, by three."""
        reward = self.proposed(claimed, **said)
        rewarding.review(self.session, self.report, reward, by=self.lawyer, now=self.now)
        return rewarding.approve(self.session, self.report, reward, by=self.safety, now=self.now)

    def notified(self, claimed=None, **said):
        """And its reporter told."""
        reward = self.approved(claimed, **said)
        rewarding.notify(self.session, self.report.id, now=self.now)
        return reward

    def claim(self, *, at=None, secret=None, declares=True, id_number=None):
        """What the reporter sends; gives the vouchers."""
        id_ = self.report.client_id
        sent = Claim(tracking_code(id_), secret or claim_secret(id_), declares, id_number)
        return rewarding.claim(self.session, sent, now=at or self.now)[1]

    def fines(self, *penalties):
        """A proposal by fines, all of each."""
        return Claimed("major", tuple(Fine(each.id, each.fine_fen) for each in penalties))


@pytest.fixture
def ground(session, district, now):
    west = district.west.org
    case = make.case(session, west, state="closed", outcome="substantiated", closed_at=now)
    report = make.joined(session, make.report(session, outcome="substantiated"), case, state="accepted", opened=True)
    office = district.office
    make.value(session, "reward_rule", _unchecked(session, now))
    return Ground(
        session, now, case, report, west, make.officer(session, office, Role.INTAKE_OFFICER),
        make.officer(session, office, Role.LEGAL_REVIEWER), make.officer(session, office, Role.SAFETY_OFFICE),
        make.officer(session, office, Role.SAFETY_OFFICE, Role.LEGAL_REVIEWER, Role.INTAKE_OFFICER),
        make.officer(session, office, Role.FINANCE), make.officer(session, office, Role.FINANCE),
    )  # fmt: skip


def _unchecked(session, now):
    """The rule without the lot that keeps one voucher in ten back: tests that want it draw it on purpose."""
    return policy.value(session, "reward_rule", now) | {"check_share": 0}

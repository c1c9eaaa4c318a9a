"""Two at once about money: one claim, one payment, and none after it was taken back (C11)."""

import pytest
from sqlalchemy import select

from cases import policy, rewarding
from cases.intake.codes import claim_secret, collection_code, tracking_code
from cases.models.reward import Reward, Voucher
from cases.rewarding import Claim, Claimed, NothingToClaim
from kit.errors import Stale
from people.roles import Role
from tests import make
from tests.cases.test_races import at_once
from tests.make import NOW


@pytest.fixture
def people(committing):
    """The desk, the legal review, two of the safety office, two of finance."""
    with committing() as session:
        office = make.district(session).office
        roles = (Role.INTAKE_OFFICER, Role.LEGAL_REVIEWER, Role.SAFETY_OFFICE, Role.SAFETY_OFFICE, Role.FINANCE)
        return [make.officer(session, office, role) for role in (*roles, Role.FINANCE)]


@pytest.fixture
def report(committing, people):
    """Its reward can be claimed."""
    desk, lawyer, safety, *_ = people
    with committing() as session:
        make.value(session, "reward_rule", policy.value(session, "reward_rule", NOW) | {"check_share": 0})
        case = make.case(session, make.town(session).org, state="closed", outcome="substantiated", closed_at=NOW)
        made = make.joined(session, make.report(session, outcome="substantiated"), case, opened=True)
        rewarding.open_reward(session, case.id, now=NOW)
        reward = session.scalars(select(Reward)).one()
        general = Claimed("general", tier="general")
        said = {"found_before": "no", "signers": 1, "note": "查实"}
        rewarding.propose(session, made, reward, general, by=desk, now=NOW, **said)
        rewarding.review(session, made, reward, by=lawyer, now=NOW)
        rewarding.approve(session, made, reward, by=safety, now=NOW)
        rewarding.notify(session, made.id, now=NOW)
        return made


def claim(committing, report):
    def act():
        with committing() as session:
            id_ = report.client_id
            rewarding.claim(session, Claim(tracking_code(id_), claim_secret(id_), True), now=NOW)

    return act


def test_two_claims_are_one(committing, report):
    assert at_once(*[claim(committing, report)] * 4) == [None] * 4
    with committing() as session:
        assert len(session.scalars(select(Voucher)).all()) == 1


def test_two_who_open_it_open_one(committing, people):
    with committing() as session:
        case = make.case(session, make.town(session).org, state="closed", outcome="substantiated", closed_at=NOW)
        make.joined(session, make.report(session), case, opened=True)

    def act():
        with committing() as session:
            rewarding.open_reward(session, case.id, now=NOW)

    assert at_once(act, act, act) == [None] * 3
    with committing() as session:
        assert session.scalars(select(Reward.state)).all() == ["eligible"]


def test_it_is_claimed_or_revoked_and_never_both(committing, people, report):
    other = people[3]

    def revoke():
        with committing() as session:
            seen = session.scalars(select(Reward)).one()
            held, reward = rewarding.lock(session, seen.id, by=other, expected_version=seen.version)
            rewarding.revoke(session, held, reward, reason="has_a_duty", by=other, now=NOW)

    outcomes = at_once(claim(committing, report), revoke)
    with committing() as session:
        state = session.scalars(select(Reward.state)).one()
        vouchers = session.scalars(select(Voucher.state)).all()
    assert (state, list(vouchers)) in [("claimed", ["issued"]), ("revoked", []), ("revoked", ["cancelled"])]
    assert set(outcomes) <= {None, NothingToClaim, Stale}


def test_of_two_cashiers_one_pays(committing, people, report):
    first, second = people[4], people[5]
    claim(committing, report)()
    with committing() as session:
        voucher = session.scalars(select(Voucher)).one()
        rewarding.prepare(voucher, code=collection_code(voucher.id), by=first, now=NOW)
        number, version = voucher.number, voucher.version

    def pay(receipt):
        def act():
            with committing() as session:
                held = rewarding.lock_voucher(session, number, by=second, expected_version=version)
                rewarding.pay(session, held, receipt=receipt, by=second, now=NOW)

        return act

    assert sorted(map(str, at_once(pay("1"), pay("2")))) == sorted([str(None), str(Stale)])

"""Criminal transfers (M59, F30): two report, the head decides in three days, the police sign within 24 hours."""

from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from cases import enforcing, supervision
from cases.lifecycle.criminal import NotThePolice
from cases.lifecycle.guards import Incomplete, NotYourBody, SamePerson
from cases.lifecycle.machine import NotInState
from cases.lifecycle.powers import TooFewOfficers
from cases.models.case import Clock, Notice, Task
from cases.models.referral import CriminalTransfer
from people.roles import Role
from tests import make
from tests.enforcement import Bureau, certify
from tests.make import NOW


def report(session, bureau, case, **facts):
    parts = {"suspicion": "刑法第一百三十四条之一", "facts": "拒不停产", "officer_ids": bureau.officers}
    return enforcing.report_crime(session, case, **(parts | facts), by=bureau.first, now=NOW)


def approved(session, bureau, case):
    transfer = report(session, bureau, case)
    return enforcing.decide_transfer(
        session, case, transfer, approved=True, reasons="涉嫌犯罪", by=bureau.leader, now=NOW
    )


def sent(session, bureau, case, district):
    transfer = approved(session, bureau, case)
    return enforcing.send(
        session, case, transfer, police_org_id=district.police.id, materials=["案卷"], by=bureau.first, now=NOW
    )


def clock(session, transfer, kind):
    return session.scalars(select(Clock).where(Clock.about_id == transfer.id, Clock.kind == kind)).one()


def test_f30_the_police_sign_for_what_two_reported_and_the_head_approved(session, district, bureau, case):
    transfer = sent(session, bureau, case, district)
    assert clock(session, transfer, "criminal_decision").stopped_at == NOW
    enforcing.acknowledge(session, case, transfer, slip="受案字〔2026〕5号", by=district.police_officer, now=NOW)
    assert (transfer.state, transfer.slip) == ("accepted", "受案字〔2026〕5号")
    assert clock(session, transfer, "criminal_transfer").stopped_at == NOW
    task = select(Task.kind).where(Task.case_id == case.id, Task.org_id == district.police.id)
    assert session.scalars(task).all() == ["coop"]


def test_f30_three_days_for_the_head_and_then_twenty_four_hours(session, bureau, case):
    transfer = report(session, bureau, case)
    first = clock(session, transfer, "criminal_decision")
    assert (first.amount, first.unit, first.org_id) == (3, "cal_d", bureau.org.id)
    enforcing.decide_transfer(session, case, transfer, approved=True, reasons="x", by=bureau.leader, now=NOW)
    second = clock(session, transfer, "criminal_transfer")
    assert (second.amount, second.unit, second.due_at) == (24, "clock_h", NOW + timedelta(hours=24))


def test_m59_an_approved_transfer_without_a_receipt_turns_red_against_its_organ(session, district, bureau, case):
    """Sent is not received: only the slip ends the 24 hours."""
    transfer = sent(session, bureau, case, district)
    before = set(session.scalars(select(Notice.id)))
    supervision.climb(session, case, now=NOW + timedelta(hours=24))
    assert clock(session, transfer, "criminal_transfer").stopped_at is None
    told = set(session.scalars(select(Notice.org_id).where(Notice.id.not_in(before))))
    assert bureau.org.id in told
    assert case.responsible_org_id not in told


def test_f30_one_officer_alone_reports_nothing(session, bureau, case):
    with pytest.raises(TooFewOfficers):
        report(session, bureau, case, officer_ids=bureau.officers[:1])


def test_f30_whoever_reported_does_not_decide(session, bureau, case):
    both = make.officer(session, bureau.org, Role.DEPT_OFFICER, Role.DEPT_LEADER)
    certify(session, both)
    bureau.second = both
    transfer = report(session, bureau, case)
    with pytest.raises(SamePerson):
        enforcing.decide_transfer(session, case, transfer, approved=True, reasons="x", by=both, now=NOW)


def test_f30_a_rejection_keeps_its_reasons_and_goes_no_further(session, district, bureau, case):
    transfer = report(session, bureau, case)
    enforcing.decide_transfer(session, case, transfer, approved=False, reasons="证据不足", by=bureau.leader, now=NOW)
    assert (transfer.state, transfer.reasons) == ("rejected", "证据不足")
    with pytest.raises(NotInState):
        enforcing.send(
            session, case, transfer, police_org_id=district.police.id, materials=["x"], by=bureau.first, now=NOW
        )


def test_f30_it_goes_to_the_police_with_its_materials(session, district, bureau, case):
    transfer = approved(session, bureau, case)
    for org_id in (district.fire.id, district.office.id, 0):
        with pytest.raises(NotThePolice):
            enforcing.send(session, case, transfer, police_org_id=org_id, materials=["x"], by=bureau.first, now=NOW)
    with pytest.raises(Incomplete):
        enforcing.send(
            session, case, transfer, police_org_id=district.police.id, materials=[], by=bureau.first, now=NOW
        )
    assert transfer.state == "approved"


def test_the_slip_is_entered_by_the_police_or_the_organ_and_has_a_number(session, district, bureau, case):
    transfer = sent(session, bureau, case, district)
    stranger = Bureau(session, district, make.org(session, "department"))
    with pytest.raises(NotYourBody):
        enforcing.acknowledge(session, case, transfer, slip="1", by=stranger.first, now=NOW)
    with pytest.raises(Incomplete):
        enforcing.acknowledge(session, case, transfer, slip=" ", by=bureau.second, now=NOW)
    enforcing.acknowledge(session, case, transfer, slip="1", by=bureau.second, now=NOW)
    blank = CriminalTransfer.__table__.update().where(CriminalTransfer.id == transfer.id).values(slip=None)
    with pytest.raises(IntegrityError, match="has_slip"), session.begin_nested():
        session.execute(blank)


def test_what_the_police_do_not_file_comes_back_to_the_organ(session, district, bureau, case):
    transfer = sent(session, bureau, case, district)
    enforcing.decline(session, case, transfer, reasons="不构成犯罪", by=district.police_officer, now=NOW)
    assert transfer.state == "not_filed"
    assert clock(session, transfer, "criminal_transfer").stopped_at == NOW
    told = select(Notice.org_id).where(Notice.kind == "criminal_declined")
    assert session.scalars(told).all() == [bureau.org.id]


def test_x24_who_handed_it_over_does_not_say_for_the_police_that_they_do_not_file_it(session, district, bureau, case):
    transfer = sent(session, bureau, case, district)
    with pytest.raises(SamePerson):
        enforcing.decline(session, case, transfer, reasons="不构成犯罪", by=bureau.first, now=NOW)
    assert clock(session, transfer, "criminal_transfer").stopped_at is None
    enforcing.decline(session, case, transfer, reasons="不构成犯罪", by=bureau.second, now=NOW)
    told = select(Notice.org_id).where(Notice.kind == "declined_outside")
    assert (transfer.state, session.scalars(told).all()) == ("not_filed", [district.office.id])


def test_a_transfer_of_another_case_is_not_found(session, bureau, case):
    transfer = report(session, bureau, case)
    with pytest.raises(enforcing.NoSuchTransfer):
        enforcing.find_transfer(session, bureau.case(), transfer.id)

"""T15, M47, F10: an acceptance is a record in four copies with one hash, signed or with how that was refused."""

from types import SimpleNamespace
from uuid import UUID

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from cases.handling import FindingCheckIn, Signing
from cases.handling.acceptance import _recorded
from cases.handling.copies import digest
from cases.lifecycle import closing
from cases.lifecycle.guards import Incomplete
from cases.models.handling import RECIPIENTS, Acceptance, RecordCopy
from tests import accepting
from tests.make import NOW
from tests.walk import all_passed

ONE = UUID(int=1)
SAID = {
    "id": ONE, "result": "pass", "findings": ["出口畅通"], "note": "合格", "accepted_by": 7, "accepted_at": NOW,
    "people_present": "王某", "signature": "signed", "signature_note": "",
}  # fmt: skip


def passed(walk, **facts):
    said = {"note": "合格", "findings": ["出口畅通"], "checks": all_passed(walk.session, walk.case)} | facts
    return accepting.pass_(walk.session, walk.case, by=walk.town.colleague, now=walk.now, **said)


def copies_of(walk):
    found = select(RecordCopy).where(RecordCopy.case_id == walk.case.id, RecordCopy.acceptance_id.is_not(None))
    return walk.session.scalars(found).all()


def line(walk):
    (found,) = [state for state in closing.panel(walk.session, walk.case) if state.code == "G-DOC"]
    return found


def test_t15_m47_what_was_accepted_goes_out_in_four_copies_with_one_hash(walk):
    made = passed(walk.completed())
    copies = copies_of(walk)
    assert {copy.recipient for copy in copies} == set(RECIPIENTS)
    assert {(copy.acceptance_id, bytes(copy.record_hash)) for copy in copies} == {(made.id, made.record_hash)}
    assert {copy.visit_id for copy in copies} == {None}


def test_t14_a_failed_acceptance_is_followed_by_another_and_has_no_copies(walk):
    walk.completed()
    failed = accepting.fail(
        walk.session, walk.case, note="未清理", findings=["仍上锁"], by=walk.town.colleague, now=walk.now
    )
    assert failed.record_hash is not None
    assert copies_of(walk) == []


def test_g_doc_waits_for_the_copies_of_the_acceptance_as_well(walk):
    passed(walk.completed())
    assert (line(walk).holds, line(walk).zh) == (False, "检查、验收记录已送达 0/8 份")
    walk.delivered()
    assert line(walk).holds


def hashed(checks=(), **facts):
    return digest(_recorded(SimpleNamespace(number="2026-1"), Acceptance(**(SAID | facts)), checks))


@pytest.mark.parametrize(
    "change",
    [
        {"id": UUID(int=2)}, {"result": "fail"}, {"findings": []}, {"note": "基本合格"}, {"accepted_by": 8},
        {"arrival_id": ONE},
        {"accepted_at": NOW.replace(minute=1)}, {"people_present": "李某"}, {"signature": "refused"},
        {"signature": None}, {"signature_note": "有异议"}, {"checks": [FindingCheckIn(ONE, "pass")]},
    ],
)  # fmt: skip
def test_m47_whatever_the_record_states_is_in_its_hash(change):
    assert hashed() == hashed()
    assert hashed(**change) != hashed()


def test_m47_the_order_in_which_findings_were_ticked_changes_nothing():
    ticks = [FindingCheckIn(UUID(int=n), "pass", str(n)) for n in range(3)]
    assert hashed(ticks) == hashed(ticks[::-1])


def test_f10_a_refusal_to_sign_says_how_and_is_kept(walk):
    walk.completed()
    for act in (accepting.pass_, accepting.fail):
        with pytest.raises(Incomplete) as refusal:
            act(
                walk.session, walk.case, note="-", findings=["-"], checks=all_passed(walk.session, walk.case),
                signing=Signing("", "refused", " "), by=walk.town.colleague, now=walk.now,
            )  # fmt: skip
        assert refusal.value.extra["missing"] == ["signature_note"]
    assert walk.case.state == "acceptance"
    made = passed(walk, signing=Signing("王某", "refused", "负责人称无权签字"))
    assert (made.people_present, made.signature, made.signature_note) == ("王某", "refused", "负责人称无权签字")


def test_a_copy_is_of_one_record_by_whatever_way_it_comes_in(walk):
    made = passed(walk.completed())
    visit_id = walk.session.scalars(select(RecordCopy.visit_id).where(RecordCopy.visit_id.is_not(None))).first()
    for wrong in ({"visit_id": None, "acceptance_id": None}, {"visit_id": visit_id, "acceptance_id": made.id}):
        row = {"case_id": walk.case.id, "recipient": "safety_office", "record_hash": b"1"} | wrong
        with pytest.raises(IntegrityError, match="of_one_record"), walk.session.begin_nested():
            walk.session.execute(insert(RecordCopy).values(row))

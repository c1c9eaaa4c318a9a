"""M31, M34, M46, M61, X21: who made a visit, what its record answers, and what it can prove."""

from dataclasses import replace
from datetime import date, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import handling, policy
from cases.handling import BlockAnswer, CheckIn
from cases.handling.findings import MayNotLink, NoSuchFinding, NotOfThisCase
from cases.lifecycle.certified import NotCertified
from cases.lifecycle.guards import Incomplete, NotYourBody
from cases.lifecycle.machine import NotYourRole
from cases.models.finding import Finding, FindingPicture
from cases.models.handling import RecordCopy
from cases.models.policy import PolicyValue
from people.roles import Role
from tests import answers, make
from tests.walk import RECORD, Walk

TODAY = make.NOW.date()
YESTERDAY = TODAY - timedelta(days=1)
BLOCKS = ("industry", "posts", "equipment", "hazards")


def start(walk, kind, *companions, at=make.IN_WEST, reason=None):
    check_in = CheckIn(kind, at, [each.account_id for each in companions], reason)
    return handling.start_visit(walk.session, walk.case, check_in=check_in, by=walk.town.officer, now=walk.now)


def issue(walk, **changes):
    record = replace(RECORD, **changes)
    return handling.complete_visit(walk.session, walk.case, record=record, by=walk.town.officer, now=walk.now)


def missing(refusal):
    return refusal.value.extra["missing"]


# --- M61


@pytest.mark.parametrize(
    "facts", [None, {"valid_to": YESTERDAY}, {"ended_on": TODAY}, {"scope": ["gas"]}, {"valid_from": date(2026, 12, 1)}]
)
def test_m61_an_enforcement_check_with_one_certificate_that_counts_is_refused(walk, session, facts):
    walk.signed()
    make.certificate(session, walk.town.officer)
    if facts is not None:
        make.certificate(session, walk.town.colleague, **facts)
    with pytest.raises(NotCertified) as refusal:
        start(walk, "enforcement", walk.town.colleague)
    assert refusal.value.extra["officers"] == [walk.town.colleague.account_id]
    assert walk.case.state == "signed"


def test_m61_an_enforcement_check_of_two_certified_officers_supports_a_penalty(walk, session):
    walk.signed()
    papers = [make.certificate(session, who, scope=["fire"]) for who in (walk.town.officer, walk.town.colleague)]
    visit = start(walk, "enforcement", walk.town.colleague, walk.town.clerk)
    assert visit.supports_penalty
    assert visit.certificates == [{"account_id": each.account_id, "number": each.number} for each in papers]


@pytest.mark.parametrize("kind", ["patrol", "verification"])
def test_m61_a_patrol_or_verification_needs_no_certificate_and_supports_no_penalty(walk, session, kind):
    walk.signed()
    for who in (walk.town.officer, walk.town.colleague):
        make.certificate(session, who)
    visit = start(walk, kind, walk.town.colleague)
    assert not visit.supports_penalty
    assert visit.certificates == []


def test_m61_how_many_must_be_certified_is_policy(walk, session):
    session.add(PolicyValue(key="enforcement_officers", version=2, effective_at=make.LONG_AGO, value=3, note=""))
    walk.signed()
    for who in (walk.town.officer, walk.town.colleague):
        make.certificate(session, who)
    with pytest.raises(NotCertified):
        start(walk, "enforcement", walk.town.colleague, walk.town.clerk)


# --- M34, M46


@pytest.mark.parametrize("block", BLOCKS)
def test_m34_a_record_with_an_unanswered_block_is_not_issued(walk, block):
    walk.signed()
    start(walk, "patrol")
    for answer in (None, BlockAnswer(block, "na", " "), BlockAnswer(block, "problem"), BlockAnswer(block, "maybe")):
        answers = [BlockAnswer(each, "clear") for each in BLOCKS if each != block] + [answer] * (answer is not None)
        with pytest.raises(Incomplete) as refusal:
            issue(walk, checklist=answers)
        assert missing(refusal) == [f"checklist.{block}"]
    issue(walk, checklist=[BlockAnswer(each, "na", "露天堆场，不适用") for each in BLOCKS])


def test_m34_a_category_may_have_its_own_blocks(walk, session):
    own = [{"code": "stairs", "zh": "楼梯间", "en": "Stairs", "ask_zh": "", "ask_en": ""}]
    row = PolicyValue(key="checklist.FIR-02", version=1, effective_at=make.NOW + timedelta(days=1), value=own, note="")
    session.add(row)
    category = policy.category_in_force(session, "FIR-02", make.NOW)
    assert [each["code"] for each in policy.checklist(session, category, make.NOW)] == list(BLOCKS)
    assert policy.checklist(session, category, row.effective_at) == own
    fireworks = policy.category_in_force(session, "FW-01", make.NOW)
    assert "零售" in policy.checklist(session, fireworks, make.NOW)[0]["ask_zh"]


def test_m34_the_blocks_are_those_in_force_when_the_visit_began(walk, session):
    walk.signed()
    start(walk, "patrol")
    later = walk.now + timedelta(minutes=1)
    session.add(PolicyValue(key="checklist", version=2, effective_at=later, value=[{"code": "new"}], note=""))
    walk.now += timedelta(hours=1)
    issue(walk)


@pytest.mark.parametrize(("part", "value"), [("findings", ()), ("findings", (" ",)), ("action", " ")])
def test_m46_a_record_without_findings_or_action_is_not_issued(walk, part, value):
    walk.signed()
    start(walk, "patrol")
    with pytest.raises(Incomplete) as refusal:
        issue(walk, **{part: value})
    assert missing(refusal) == [part]


# --- M31


@pytest.mark.parametrize("outcome", ["seen", "expired", "other_scope"])
def test_m31_a_permit_that_was_shown_has_its_number_and_its_picture(walk, session, outcome):
    walk.signed()
    start(walk, "verification")
    elsewhere = make.case(session, walk.town.org, state="verifying")
    (foreign,) = make.pictures(session, elsewhere, "permit")
    for picture in (None, "no id", str(foreign.id)):
        with pytest.raises(Incomplete) as refusal:
            issue(walk, permit_check={"outcome": outcome, "picture_id": picture})
        assert missing(refusal) == ["permit_check.number", "permit_check.picture_id"]
    (shown,) = make.pictures(session, walk.case, "permit")
    visit = issue(walk, permit_check={"outcome": outcome, "number": "苏烟1号", "picture_id": str(shown.id)})
    assert visit.permit_check["number"] == "苏烟1号"


def test_m31_a_permit_check_has_one_of_four_outcomes(walk):
    walk.signed()
    start(walk, "verification")
    with pytest.raises(Incomplete) as refusal:
        issue(walk, permit_check={"outcome": "fine"})
    assert missing(refusal) == ["permit_check.outcome"]


def test_m31_which_categories_are_bound_to_a_licence_is_policy(walk, session):
    category = policy.category_in_force(session, "FIR-02", make.NOW)
    assert not policy.needs_permit_check(session, category, "conditional", make.NOW)
    session.add(PolicyValue(key="permit_check", version=2, effective_at=make.LONG_AGO, value=["FIR-02"], note=""))
    session.flush()
    assert policy.needs_permit_check(session, category, "none", make.NOW)


# --- whom it was about, and what follows


@pytest.mark.parametrize(("category", "said", "lacks"), [
    ("FIR-02", "", []), ("FW-01", "", ["penalty"]), ("FW-01", " ", ["penalty"]), ("FW-01", "拟没收并罚款", []),
])  # fmt: skip
def test_m45_m46_where_a_penalty_must_follow_the_record_says_which(session, district, category, said, lacks):
    walk = Walk(session, district, category=category).signed()
    start(walk, "verification")
    checks = answers.calm(session, walk.case)
    if not lacks:
        assert issue(walk, penalty=said, checks=checks).penalty == said
        return
    with pytest.raises(Incomplete) as refusal:
        issue(walk, penalty=said, checks=checks)
    assert missing(refusal) == lacks


def test_f10_m47_the_unit_and_the_penalty_are_in_the_hash_that_all_four_copies_carry(walk, session):
    """The same visit, completed at the same moment by records that differ in one of them alone."""
    walk.signed()
    start(walk, "verification")
    found = []
    for facts in ({}, {"inspected_unit": "某乙公司"}, {"penalty": "不予处罚"}, {}):
        once = session.begin_nested()
        visit = issue(walk, **facts)
        copies = session.scalars(select(RecordCopy.record_hash).where(RecordCopy.visit_id == visit.id)).all()
        assert copies == [visit.record_hash] * 4
        found.append(visit.record_hash)
        once.rollback()
    assert found[0] == found[3]
    assert len(set(found)) == 3


# --- findings as rows


def test_m46_each_finding_is_a_row_with_its_pictures(walk, session):
    walk.signed()
    start(walk, "verification")
    near, far = make.pictures(session, walk.case, "near", "far")
    plain = issue(walk, findings=("出口上锁", "灭火器过期"), evidence={1: [near.id, far.id]})
    rows = session.scalars(select(Finding).where(Finding.visit_id == plain.id).order_by(Finding.position)).all()
    assert [row.text for row in rows] == ["出口上锁", "灭火器过期"] == plain.findings
    shown = select(FindingPicture.picture_id).where(FindingPicture.finding_id == rows[1].id)
    assert set(session.scalars(shown)) == {near.id, far.id}
    handling.link(
        session, walk.case, finding_id=rows[0].id, picture_ids=[near.id, near.id], by=walk.town.officer, now=walk.now
    )
    handling.link(session, walk.case, finding_id=rows[0].id, picture_ids=[near.id], by=walk.town.officer, now=walk.now)
    assert len(handling.beside(session, walk.case).finding_pictures) == 3


def test_evidence_is_of_the_same_case_and_added_by_those_who_verify(walk, session):
    walk.visited()
    finding = session.scalars(select(Finding).where(Finding.case_id == walk.case.id)).one()
    elsewhere = make.case(session, walk.town.org, state="verifying")
    (foreign,) = make.pictures(session, elsewhere, "near")
    (rejected,) = make.pictures(session, walk.case, "near")
    rejected.state = "rejected"
    session.flush()
    said = {"by": walk.town.officer, "now": walk.now}
    for picture in (foreign, rejected):
        with pytest.raises(NotOfThisCase):
            handling.link(session, walk.case, finding_id=finding.id, picture_ids=[picture.id], **said)
    with pytest.raises(NoSuchFinding):
        handling.link(session, elsewhere, finding_id=finding.id, picture_ids=[foreign.id], **said)
    for who in (walk.town.leader, walk.district.supervisor):
        with pytest.raises(MayNotLink):
            handling.link(session, walk.case, finding_id=finding.id, picture_ids=[], by=who, now=walk.now)


def test_a_record_names_pictures_of_findings_that_it_has(walk, session):
    walk.signed()
    start(walk, "verification")
    with pytest.raises(Incomplete) as refusal:
        issue(walk, evidence={1: [uuid4()]})
    assert missing(refusal) == ["evidence"]


# --- X21


@pytest.mark.parametrize("outcome", ["unsubstantiated", "unverifiable"])
def test_x21_what_is_denied_was_looked_for_at_the_place(walk, session, outcome):
    walk.case = make.case(session, walk.town.org, state="verifying")
    make.pictures(session, walk.case, "near", "far")
    visits = [make.visit(session, walk.case, walk.town.officer, distance_m=metres) for metres in (None, 201.0)]
    said = {"outcome": outcome, "summary": "未见", "qualification": "", "sanction": ""}
    with pytest.raises(Incomplete) as refusal:
        handling.propose(session, walk.case, by=walk.town.officer, now=walk.now, **said)
    assert missing(refusal) == ["site_visit"]
    visits[0].distance_m = 200.0
    session.flush()
    handling.propose(session, walk.case, by=walk.town.officer, now=walk.now, **said)


def test_x21_a_night_visit_counts_also_when_a_day_visit_came_after_it(session, district):
    walk = Walk(session, district, category="FIR-03")
    walk.now += timedelta(hours=8)  # 18:00: dispatched 19:00, signed 20:00
    walk.visited()
    walk.now += timedelta(hours=12)
    walk.visit_again().propose_again("unsubstantiated")
    assert walk.case.state == "verdict_review"


def test_x21_what_moves_or_has_no_place_is_denied_from_anywhere(session, district):
    walk = Walk(session, district)
    for case in (
        make.case(session, walk.town.org, state="verifying", point=None),
        make.case(session, walk.town.org, state="verifying", category="TRN-03"),
    ):
        walk.case = case
        make.pictures(session, case, "near", "far")
        make.visit(session, case, walk.town.officer, distance_m=None)
        walk.propose_again("unverifiable")


# --- T9, T10 and the departments' tasks


def test_t10_a_verdict_is_sent_back_by_who_answers_or_leads_and_with_a_comment(walk, session):
    walk.proposed()
    stranger = make.officer(session, make.org(session, "department"), Role.DEPT_LEADER)
    helper = make.officer(session, walk.district.police, Role.DEPT_LEADER)  # only co-operates
    for who in (stranger, helper, walk.district.east.leader):
        with pytest.raises(NotYourBody):
            handling.return_verdict(session, walk.case, comment="再查", by=who, now=walk.now)
    with pytest.raises(Incomplete):
        handling.return_verdict(session, walk.case, comment="  ", by=walk.town.leader, now=walk.now)
    handling.return_verdict(session, walk.case, comment="再查", by=walk.district.fire_leader, now=walk.now)
    assert walk.case.state == "verifying"


def test_t9_what_was_not_found_is_approved_with_a_reason(walk, session):
    walk.proposed("unsubstantiated")
    with pytest.raises(Incomplete):
        handling.find_unsubstantiated(session, walk.case, comment=" ", by=walk.town.leader, now=walk.now)


def test_m09_a_department_s_task_is_signed_and_answered_by_its_officers_and_leaders(walk, session):
    walk.dispatched()
    for role in set(Role) - {Role.DEPT_OFFICER, Role.DEPT_LEADER}:
        who = make.officer(session, walk.district.fire, role)
        with pytest.raises(NotYourRole):
            handling.sign_task(session, walk.case, person_id=who.account_id, by=who, now=walk.now)
        with pytest.raises(NotYourRole):
            handling.answer_task(session, walk.case, text="已办", by=who, now=walk.now)
    who, before = walk.district.fire_leader, walk.case.version
    handling.sign_task(session, walk.case, person_id=who.account_id, by=who, now=walk.now)
    handling.answer_task(session, walk.case, text="已办", by=who, now=walk.now)
    assert walk.case.version == before + 2

"""E6, F70: whoever is named is told in writing beforehand, may object, and is answered by somebody else."""

from datetime import timedelta
from uuid import uuid4

import pytest

from cases import exposure
from cases.exposure import (
    BadTime,
    NoSuchNotice,
    NotApproved,
    ObjectionOpen,
    ObjectionTime,
    PartyNotTold,
    PartyToldAlready,
    SamePerson,
)
from cases.lifecycle.machine import NotInState, NotYourRole
from people.roles import Role
from tests import make
from tests.cases.exposures import LATER, TICKS, approved, draft, exposable

NAMED = {"entity_name": "望澜甲物流有限公司"}
TOLD = make.NOW + timedelta(hours=2)  # a Tuesday
SERVED = {"how": "direct", "recipient": "法定代表人", "told_at": TOLD}


@pytest.fixture
def fresh(session, district):
    return make.officer(session, district.office, Role.LEGAL_REVIEWER)


@pytest.fixture
def case(session, district):
    return exposable(session, district)


@pytest.fixture
def made(session, case, district):
    return approved(session, case, district, **NAMED)


@pytest.fixture
def told(session, case, made, publisher):
    return exposure.tell_party(session, case, made, **SERVED, by=publisher, now=TOLD)


@pytest.fixture
def objected(session, case, made, told, publisher):
    return exposure.party_objects(
        session, case, made, told, text="安全出口当日已开启", heard_at=TOLD, by=publisher, now=TOLD)  # fmt: skip


def test_who_is_named_is_told_and_the_time_to_object_is_over_before_it_is_public(session, case, made, publisher):
    with pytest.raises(PartyNotTold):
        exposure.publish(session, case, made, by=publisher, now=LATER)
    told = exposure.tell_party(session, case, made, **SERVED | {"told_at": LATER}, by=publisher, now=LATER)
    until = told.object_until
    assert until - LATER > timedelta(days=3)  # three working days, to the end of the last
    with pytest.raises(ObjectionTime) as refusal:
        exposure.publish(session, case, made, by=publisher, now=until - timedelta(seconds=1))
    assert refusal.value.extra["until"] == until.isoformat()
    exposure.publish(session, case, made, by=publisher, now=until)


def test_d_who_is_not_named_is_not_told_and_a_name_on_ground_d_is_one(session, district, publisher):
    case, other = exposable(session, district), exposable(session, district)
    exposure.publish(session, case, approved(session, case, district), by=publisher, now=LATER)
    with pytest.raises(PartyNotTold):
        exposure.publish(session, other, approved(session, other, district, **NAMED), by=publisher, now=LATER)


def test_a_party_that_agrees_waits_for_nothing(session, case, made, told, publisher):
    for heard_at in (TOLD - timedelta(seconds=1), TOLD + timedelta(hours=1)):
        with pytest.raises(BadTime):
            exposure.party_agrees(session, case, made, told, heard_at=heard_at, by=publisher, now=TOLD)
    exposure.party_agrees(session, case, made, told, heard_at=TOLD, by=publisher, now=TOLD)
    exposure.publish(session, case, made, by=publisher, now=TOLD + timedelta(days=1), released_at=LATER)
    assert made.state == "published"


def test_an_objection_is_answered_before_anything_goes_on(session, case, made, objected, publisher, fresh):
    assert objected.answer_due_at > TOLD
    with pytest.raises(ObjectionOpen):
        exposure.publish(session, case, made, by=publisher, now=LATER)
    exposure.answer_party(session, case, made, objected, upheld=False, text="照片显示上锁", by=fresh, now=LATER)
    assert (objected.state, objected.answered_by, made.state) == ("dismissed", fresh.account_id, "approved")
    with pytest.raises(NotInState):
        exposure.answer_party(session, case, made, objected, upheld=True, text="", by=fresh, now=LATER)
    exposure.publish(session, case, made, by=publisher, now=LATER)
    with pytest.raises(NotApproved):
        exposure.party_objects(session, case, made, objected, text="不服", heard_at=TOLD, by=publisher, now=LATER)


def test_one_that_is_right_sends_it_back_and_what_is_approved_anew_is_told_anew(
    session, case, made, objected, publisher, fresh
):
    exposure.answer_party(session, case, made, objected, upheld=True, text="照片日期有误", by=fresh, now=LATER)
    assert (objected.state, made.state) == ("upheld", "drafting")
    exposure.revise(session, case, made, draft(**NAMED, title="更正后的标题"), by=publisher, now=LATER)
    exposure.submit(session, case, made, by=publisher, now=LATER)
    exposure.review(session, case, made, ticks=TICKS, note="", by=fresh, now=LATER)
    with pytest.raises(PartyNotTold):
        exposure.publish(session, case, made, by=publisher, now=LATER)
    with pytest.raises(BadTime):  # of the text as it was before
        exposure.tell_party(session, case, made, **SERVED, by=publisher, now=LATER)
    exposure.tell_party(session, case, made, **SERVED | {"told_at": LATER}, by=publisher, now=LATER)
    assert [each.state for each in exposure.party_notices(session, made)] == ["told", "upheld"]


def test_c2_nobody_answers_who_drafted_reviewed_or_told(session, case, district):
    every = (Role.PUBLISHER, Role.LEGAL_REVIEWER)
    drafter, lawyer, teller, other = (make.officer(session, district.office, *every) for _ in range(4))
    made = exposure.draft(session, case, draft(**NAMED), by=drafter, now=make.NOW)
    exposure.submit(session, case, made, by=drafter, now=make.NOW)
    exposure.review(session, case, made, ticks=TICKS, note="", by=lawyer, now=make.NOW)
    told = exposure.tell_party(session, case, made, **SERVED, by=teller, now=TOLD)
    exposure.party_objects(session, case, made, told, text="不实", heard_at=TOLD, by=drafter, now=TOLD)
    for each in (drafter, lawyer, teller):
        with pytest.raises(SamePerson):
            exposure.answer_party(session, case, made, told, upheld=False, text="属实", by=each, now=LATER)
    exposure.answer_party(session, case, made, told, upheld=False, text="属实", by=other, now=LATER)


def test_only_what_is_approved_is_told_once_and_in_its_time(session, case, made, district, publisher, fresh):
    drafted = exposure.draft(session, exposable(session, district), draft(**NAMED), by=publisher, now=make.NOW)
    with pytest.raises(NotApproved):
        exposure.tell_party(session, case, drafted, **SERVED, by=publisher, now=TOLD)
    with pytest.raises(NotYourRole):
        exposure.tell_party(session, case, made, **SERVED, by=fresh, now=TOLD)
    for told_at in (make.NOW - timedelta(seconds=1), TOLD + timedelta(seconds=1)):
        with pytest.raises(BadTime):
            exposure.tell_party(session, case, made, **SERVED | {"told_at": told_at}, by=publisher, now=TOLD)
    told = exposure.tell_party(session, case, made, **SERVED, by=publisher, now=TOLD)
    with pytest.raises(PartyToldAlready):
        exposure.tell_party(session, case, made, **SERVED, by=publisher, now=TOLD)
    assert exposure.party_notice(session, made, told.id) is told
    for asked, notice_id in ((made, uuid4()), (drafted, told.id)):
        with pytest.raises(NoSuchNotice):
            exposure.party_notice(session, asked, notice_id)

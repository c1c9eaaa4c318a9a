"""M83: all items of a batch appear together or not at all."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import exposure
from cases.exposure import AlreadyPublic, InBatch, IssueTaken, NoSuchBatch, SourceAtRisk
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.batch import ExposureBatch
from cases.models.case import Case
from cases.models.exposure import Change, PublicExposure
from kit.errors import Stale, Unconditional
from people.roles import Role
from tests import make
from tests.cases.exposures import LATER, approved, exposable

MOMENT = LATER + timedelta(days=2)
NAMED = {"title": "消防通道专项曝光", "issue_no": "2026年第3期"}


@pytest.fixture
def items(session, district):
    return [approved(session, exposable(session, district), district) for _ in range(3)]


def seen(items):
    return {each.id: each.version for each in items}


def released(session):
    return session.execute(select(PublicExposure.public_id, PublicExposure.published_at, PublicExposure.batch)).all()


@pytest.mark.parametrize(("moment", "there_at"), [(None, LATER), (MOMENT, MOMENT)])
def test_all_appear_at_one_moment_and_say_with_what(session, items, publisher, moment, there_at):
    made = exposure.publish_batch(session, seen(items), **NAMED, released_at=moment, by=publisher, now=LATER)
    said = {"title": NAMED["title"], "issue": NAMED["issue_no"]}
    assert sorted(released(session)) == sorted((each.public_id, there_at, said) for each in items)
    assert {row.at for row in session.scalars(select(Change))} == {there_at}
    found, its = exposure.batch(session, made.id)
    assert (found, {each.id for each in its}) == (made, {each.id for each in items})


def test_one_that_may_not_be_published_is_named_and_then_none_is(session, items, publisher):
    items[1].entity_workers = 3
    with pytest.raises(SourceAtRisk) as refusal, session.begin_nested():
        exposure.publish_batch(session, seen(items), **NAMED, released_at=MOMENT, by=publisher, now=LATER)
    assert refusal.value.extra["exposure_id"] == str(items[1].id)
    session.expire_all()
    assert (released(session), {each.state for each in items}) == ([], {"approved"})
    assert session.scalars(select(ExposureBatch)).all() == []


def test_each_was_seen_as_it_is_and_a_number_is_used_once(session, district, items, publisher):
    for version, refusal in ((items[0].version + 1, Stale), (None, Unconditional)):
        with pytest.raises(refusal), session.begin_nested():
            exposure.publish_batch(
                session, seen(items) | {items[0].id: version}, **NAMED, released_at=None, by=publisher, now=LATER
            )
    exposure.publish_batch(session, seen(items[:2]), **NAMED, released_at=None, by=publisher, now=LATER)
    with pytest.raises(IssueTaken):
        exposure.publish_batch(session, seen(items[2:]), **NAMED, released_at=None, by=publisher, now=LATER)
    with pytest.raises(NotYourRole):
        exposure.publish_batch(
            session, seen(items[2:]), title="", issue_no="2", released_at=None, now=LATER,
            by=make.officer(session, district.office, Role.LEGAL_REVIEWER),
        )  # fmt: skip


def test_before_its_moment_it_is_called_back_whole_and_no_item_by_itself(session, items, publisher):
    made = exposure.publish_batch(session, seen(items), **NAMED, released_at=MOMENT, by=publisher, now=LATER)
    case = session.get_one(Case, items[0].case_id)
    with pytest.raises(InBatch):
        exposure.call_back(session, case, items[0], reason="再核", by=publisher, now=LATER)
    with pytest.raises(AlreadyPublic), session.begin_nested():
        exposure.call_batch_back(session, made, reason="再核", by=publisher, now=MOMENT)
    session.expire_all()
    exposure.call_batch_back(session, made, reason="再核", by=publisher, now=LATER)
    assert (made.state, released(session), {each.state for each in items}) == ("called_back", [], {"approved"})
    with pytest.raises(NotInState):
        exposure.call_batch_back(session, made, reason="再核", by=publisher, now=LATER)


def test_an_item_that_has_lost_its_ground_is_in_it_no_more(session, items, publisher):
    made = exposure.publish_batch(session, seen(items), **NAMED, released_at=MOMENT, by=publisher, now=LATER)
    case = session.get_one(Case, items[0].case_id)
    case.outcome = "unsubstantiated"
    exposure.follow_progress(session, case.id, now=LATER)
    _made, its = exposure.batch(session, made.id)
    assert {each.id for each in its} == {each.id for each in items[1:]}
    assert items[0].state == "approved"


def test_a_batch_is_locked_in_the_version_that_was_seen(session, items, publisher):
    made = exposure.publish_batch(session, seen(items), **NAMED, released_at=MOMENT, by=publisher, now=LATER)
    assert exposure.lock_batch(session, made.id, expected_version=made.version) is made
    for batch_id, version, refusal in (
        (uuid4(), 1, NoSuchBatch), (made.id, None, Unconditional), (made.id, made.version + 1, Stale),
    ):  # fmt: skip
        with pytest.raises(refusal):
            exposure.lock_batch(session, batch_id, expected_version=version)
    with pytest.raises(NoSuchBatch):
        exposure.batch(session, uuid4())

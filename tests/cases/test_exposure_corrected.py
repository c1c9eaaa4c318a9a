"""E9: an error is corrected as a new version, by two people, with a note; what has gone is not corrected any more."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import exposure
from cases.exposure import AlreadyProposed, BadWording, NoSuchCorrection, NotReviewed, SamePerson, SourceAtRisk
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.exposure import Change, Exposure
from people.roles import Role
from tests import make
from tests.cases.exposures import LATER, TICKS, approved, draft, exposable, published

SOON = LATER + timedelta(days=1)
RIGHT = replace(draft(), entity_name="某商贸有限公司", title="某商贸公司锁闭安全出口")
WHY = {"reason": "来函核实", "note": "原文单位名称有误"}


@pytest.fixture
def case(session, district):
    return exposable(session, district)


@pytest.fixture
def public(session, case, district):
    return published(session, case, district)


@pytest.fixture
def made(session, public):
    return session.scalars(select(Exposure).where(Exposure.public_id == public.public_id)).one()


@pytest.fixture
def proposed(session, case, made, publisher):
    return exposure.propose_correction(session, case, made, RIGHT, **WHY, by=publisher, now=SOON)


def ops(session):
    return [tuple(row) for row in session.execute(select(Change.op, Change.version).order_by(Change.seq))]


def test_what_is_proposed_changes_nothing_and_what_is_made_is_the_next_version(
    session, case, made, public, proposed, reviewer, publisher
):
    assert (public.entity_name, public.version, public.corrections) == ("某公司", 1, None)
    until, found_on, seen = public.expires_at, public.found_on, made.version

    exposure.correct(session, case, made, proposed, ticks=TICKS, note="", by=reviewer, now=SOON)

    assert (public.status, public.version, public.updated_at) == ("corrected", 2, SOON)
    assert (public.entity_name, public.title) == (RIGHT.entity_name, RIGHT.title)
    assert public.corrections == [{"version": 2, "at": SOON.isoformat(), "note": WHY["note"]}]
    assert (public.published_at, public.expires_at, public.found_on) == (LATER, until, found_on)
    assert (made.state, made.entity_name, made.version) == ("published", RIGHT.entity_name, seen + 1)
    assert (proposed.state, proposed.before["entity_name"], proposed.decided_by) == (
        "made", "某公司", reviewer.account_id)  # fmt: skip
    assert ops(session) == [("published", 1), ("corrected", 2)]

    again = exposure.propose_correction(
        session, case, made, replace(RIGHT, phone="12345"), reason="电话", note="电话有误", by=publisher, now=SOON
    )
    exposure.correct(session, case, made, again, ticks=TICKS, note="", by=reviewer, now=SOON)
    assert [each["note"] for each in public.corrections] == [WHY["note"], "电话有误"]
    assert [each["version"] for each in public.corrections] == [2, 3]


def test_what_the_rectification_moves_is_no_correction_and_is_not_lost_by_one(
    session, case, made, public, proposed, reviewer
):
    usual, case.state = public.expires_at, "closed"
    exposure.correct(session, case, made, proposed, ticks=TICKS, note="", by=reviewer, now=SOON)
    assert (public.progress, public.expires_at) == ("rectifying", usual)
    exposure.follow_progress(session, case.id, now=SOON)
    assert (public.progress, public.status) == ("rectified", "corrected")
    assert public.expires_at < usual


def test_c2_whoever_proposes_decides_nothing(session, case, made, district):
    both = make.officer(session, district.office, Role.PUBLISHER, Role.LEGAL_REVIEWER)
    mine = exposure.propose_correction(session, case, made, RIGHT, **WHY, by=both, now=SOON)
    with pytest.raises(SamePerson):
        exposure.correct(session, case, made, mine, ticks=TICKS, note="", by=both, now=SOON)
    with pytest.raises(SamePerson):
        exposure.refuse_correction(session, case, made, mine, comment="不必", by=both, now=SOON)


def test_e6_it_is_reviewed_as_what_is_published_is(session, case, made, public, proposed, reviewer, publisher):
    with pytest.raises(NotReviewed):
        exposure.correct(
            session, case, made, proposed, ticks=TICKS | {"privacy": False}, note="", by=reviewer, now=SOON
        )
    other = make.Actor("officer", "另一人", publisher.account_id + 1000, roles=frozenset({Role.PUBLISHER}))
    with pytest.raises(NotYourRole):
        exposure.correct(session, case, made, proposed, ticks=TICKS, note="", by=other, now=SOON)
    with pytest.raises(AlreadyProposed):
        exposure.propose_correction(session, case, made, RIGHT, **WHY, by=publisher, now=SOON)
    with pytest.raises(NotYourRole):
        exposure.propose_correction(session, case, made, RIGHT, **WHY, by=reviewer, now=SOON)
    assert (public.version, proposed.state) == (1, "proposed")


@pytest.mark.parametrize(
    ("text", "note", "refusal", "pointer"),
    [(replace(RIGHT, body="根据举报查实"), "有误", BadWording, "/body"),
     (RIGHT, "根据举报人补充更正", BadWording, "/note"),
     (replace(RIGHT, entity_workers=3), "有误", SourceAtRisk, None)],
)  # fmt: skip
def test_e5_neither_text_nor_note_tells_of_a_reporter(session, case, made, publisher, text, note, refusal, pointer):
    with pytest.raises(refusal) as told:
        exposure.propose_correction(session, case, made, text, reason="来函", note=note, by=publisher, now=SOON)
    assert told.value.pointer == pointer


def test_e9_what_is_withdrawn_says_nothing_of_its_corrections_and_takes_no_more(
    session, case, made, public, proposed, reviewer, publisher
):
    exposure.correct(session, case, made, proposed, ticks=TICKS, note="", by=reviewer, now=SOON)
    waits = exposure.propose_correction(session, case, made, RIGHT, **WHY, by=publisher, now=SOON)
    exposure.withdraw(session, case, made, reason="决定已撤销", by=publisher, now=SOON)
    assert (public.status, public.corrections, waits.state) == ("withdrawn", None, "lapsed")
    with pytest.raises(NotInState):
        exposure.correct(session, case, made, waits, ticks=TICKS, note="", by=reviewer, now=SOON)
    with pytest.raises(NotInState):
        exposure.propose_correction(session, case, made, RIGHT, **WHY, by=publisher, now=SOON)


def test_what_expires_takes_its_proposal_along(session, public, made, proposed):
    assert exposure.expire(session, now=public.expires_at) == 1
    assert (made.state, proposed.state) == ("expired", "lapsed")


def test_what_is_not_published_is_revised_and_not_corrected(session, case, district, publisher):
    with pytest.raises(NotInState):
        exposure.propose_correction(
            session, case, approved(session, case, district), RIGHT, **WHY, by=publisher, now=SOON)  # fmt: skip


def test_a_correction_of_another_exposure_is_not_found(session, district, made, proposed):
    other = approved(session, exposable(session, district), district)
    assert exposure.correction(session, made, proposed.id) is proposed
    for asked, correction_id in ((other, proposed.id), (made, uuid4())):
        with pytest.raises(NoSuchCorrection):
            exposure.correction(session, asked, correction_id)

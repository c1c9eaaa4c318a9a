"""C7: published for a later moment, an exposure waits unread; it is called back before, and withdrawn after."""

from datetime import timedelta

import pytest
from sqlalchemy import select, text

from cases import exposure, feeds
from cases.exposure import AlreadyPublic, BadRelease, NotPublicYet, TooEarly
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.models.case import Notice
from cases.models.exposure import Change, PublicExposure
from kit import clock
from kit.db import take_role
from people.actors import CITIZEN
from people.roles import Role
from tests import make
from tests.cases.exposures import LATER, approved, draft, exposable

MOMENT = LATER + timedelta(days=5)


@pytest.fixture
def case(session, district):
    return exposable(session, district)


@pytest.fixture
def waiting(session, case, district, publisher):
    made = approved(session, case, district)
    exposure.publish(session, case, made, by=publisher, now=LATER, released_at=MOMENT)
    return made


def public_of(session, made):
    return session.get(PublicExposure, made.public_id, populate_existing=True)


def lines(session):
    return [
        tuple(row) for row in session.execute(select(Change.op, Change.at, Change.released_at).order_by(Change.seq))
    ]


def test_what_waits_is_dated_and_shown_from_its_moment(session, waiting):
    public = public_of(session, waiting)
    assert (public.published_at, public.updated_at, public.released_at) == (MOMENT, MOMENT, MOMENT)
    assert waiting.expires_at == public.expires_at == MOMENT + timedelta(days=365)
    assert lines(session) == [("published", MOMENT, MOMENT)]


def test_e5_the_days_that_protect_the_source_are_counted_to_the_moment(session, case, district, publisher):
    made = approved(session, case, district)
    with pytest.raises(TooEarly):
        exposure.publish(session, case, made, by=publisher, now=make.NOW, released_at=make.NOW + timedelta(days=1))
    exposure.publish(session, case, made, by=publisher, now=make.NOW, released_at=LATER)
    assert made.published_at == LATER


@pytest.mark.parametrize("after", [timedelta(0), timedelta(minutes=9), timedelta(days=30, seconds=1)])
def test_a_moment_is_neither_at_once_nor_far_off(session, case, district, publisher, after):
    made = approved(session, case, district)
    with pytest.raises(BadRelease):
        exposure.publish(session, case, made, by=publisher, now=LATER, released_at=LATER + after)
    assert (made.state, lines(session)) == ("approved", [])


def test_what_waits_is_called_back_without_a_trace_and_may_be_published_again(session, case, waiting, publisher):
    exposure.call_back(session, case, waiting, reason="再核", by=publisher, now=LATER)
    assert (waiting.state, waiting.published_at, waiting.released_at, waiting.expires_at) == (
        "approved", None, None, None)  # fmt: skip
    assert (public_of(session, waiting), lines(session)) == (None, [])
    exposure.publish(session, case, waiting, by=publisher, now=LATER)
    assert lines(session) == [("published", LATER, None)]
    with pytest.raises(AlreadyPublic):
        exposure.call_back(session, case, waiting, reason="再核", by=publisher, now=LATER)


def test_before_its_moment_nothing_is_withdrawn_or_corrected_and_after_it_nothing_is_called_back(
    session, case, waiting, publisher, district
):
    text = draft()
    why = {"reason": "来函", "note": "有误"}
    with pytest.raises(NotPublicYet):
        exposure.withdraw(session, case, waiting, reason="错误", by=publisher, now=MOMENT - timedelta(seconds=1))
    with pytest.raises(NotPublicYet):
        exposure.propose_correction(session, case, waiting, text, **why, by=publisher, now=LATER)
    reviewer = make.officer(session, district.office, Role.LEGAL_REVIEWER)
    with pytest.raises(NotYourRole):
        exposure.call_back(session, case, waiting, reason="再核", by=reviewer, now=LATER)
    with pytest.raises(AlreadyPublic):  # somebody may read it before this is written
        exposure.call_back(session, case, waiting, reason="再核", by=publisher, now=MOMENT - timedelta(seconds=59))
    exposure.withdraw(session, case, waiting, reason="错误", by=publisher, now=MOMENT)
    assert [op for op, *_ in lines(session)] == ["published", "withdrawn"]
    with pytest.raises(NotInState):
        exposure.call_back(session, case, waiting, reason="再核", by=publisher, now=LATER)


def test_e8_what_waits_follows_its_case_in_silence(session, case, waiting):
    case.state = "closed"
    exposure.follow_progress(session, case.id, now=LATER)
    public = public_of(session, waiting)
    assert (public.progress, public.version, public.updated_at) == ("rectified", 1, MOMENT)
    assert public.expires_at - MOMENT == timedelta(days=365) / 2
    assert len(lines(session)) == 1


def test_e1_what_has_lost_its_ground_meanwhile_is_called_back_by_itself(session, case, waiting, publisher):
    case.outcome = "unsubstantiated"
    for _ in range(2):
        exposure.follow_progress(session, case.id, now=LATER)
    assert (waiting.state, public_of(session, waiting), lines(session)) == ("approved", None, [])
    told = session.scalars(select(Notice).where(Notice.kind == "exposure_called_back")).all()
    assert [each.account_id for each in told].count(publisher.account_id) == 1


def test_nobody_of_the_public_and_no_town_reads_it_before_and_no_keeper_takes_out_what_is_read(
    session, case, district, publisher
):
    """What the database itself says, whatever a process asks it."""
    first, second = (approved(session, each, district) for each in (case, exposable(session, district)))
    now = clock.now()
    exposure.publish(session, case, first, by=publisher, now=LATER, released_at=LATER + timedelta(days=1))
    for made, moment in ((first, now + timedelta(hours=1)), (second, None)):
        if made is second:
            other = session.get_one(type(case), second.case_id)
            exposure.publish(session, other, second, by=publisher, now=LATER)
        for table, named in (("exposure", "public_id"), ("change", "ref")):
            session.execute(
                text(f"update record.{table} set released_at = :moment where {named} = :id"),  # noqa: S608
                {"moment": moment, "id": made.public_id},
            )
    session.flush()
    for role in ("jz_public", "jz_intake", "jz_town", "jz_department", "jz_discipline"):
        with session.begin_nested() as inside:
            take_role(session, role, {})
            assert session.scalars(text("select public_id from record.exposure")).all() == [second.public_id]
            assert session.scalars(text("select ref from record.change")).all() == [second.public_id]
            inside.rollback()
    for role in ("jz_district", "jz_worker"):
        with session.begin_nested() as inside:
            take_role(session, role, {})
            for table, named in (("exposure", "public_id"), ("change", "ref")):
                gone = session.scalars(text(f"delete from record.{table} returning {named}")).all()  # noqa: S608
                assert gone == [first.public_id], (role, table)
            inside.rollback()
    assert CITIZEN.database_role == "jz_public"
    assert [row.exposure.public_id for row in feeds.newest(session)] == [second.public_id]


def test_the_log_tells_what_waited_where_its_time_came(committing):
    """A reader who has gone past its number long ago is told of it once, and batches that share a moment are paged."""
    moment = clock.now() - timedelta(minutes=5)

    def line(ref, *, at, released=None):
        return Change(kind="exposure", ref=ref, op="published", version=1, at=released or at, released_at=released)

    with committing() as writing:
        writing.add_all([
            line("one of two", at=moment, released=moment), line("two of two", at=moment, released=moment),
            line("not yet", at=moment, released=clock.now() + timedelta(hours=1)),
        ])  # fmt: skip
        writing.flush()
        writing.add(line("before", at=moment - timedelta(minutes=1)))
        writing.flush()
        writing.add(line("after", at=moment + timedelta(minutes=1)))
    expected = ["before", "one of two", "two of two", "after"]
    for _ in range(200):
        with committing() as reading:
            found = feeds.changes(reading, since=feeds.Place(), limit=10)
        if len(found) == len(expected):
            break
        clock.sleep(0.1)
    assert [each.ref for each in found] == expected
    read, place = [], feeds.Place()
    for _ in range(4):
        with committing() as reading:
            (each,) = feeds.changes(reading, since=place, limit=1)
        read, place = [*read, each.ref], feeds.Place.spelled(
            [value if isinstance(value, int) else value.isoformat() for value in place.after(each).values])  # fmt: skip
    assert read == expected
    with committing() as reading:
        assert feeds.changes(reading, since=place, limit=1) == []
        assert feeds.changes(reading, since=feeds.Place.spelled([found[-1].seq]), limit=9) != []

"""送达回证: an order reaches the unit in one of four ways, and its receipt says so (M39, F10, F21)."""

from contextlib import contextmanager
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import insert, select, text
from sqlalchemy.exc import IntegrityError

from cases import handling
from cases.handling import Receipt
from cases.handling.copies import MayNotDeliver
from cases.handling.delivery import NoSuchOrder, OrderDelivered, OutOfTime, missing
from cases.handling.visit import UnknownCompanion
from cases.lifecycle.certified import NotCertified
from cases.lifecycle.guards import Incomplete
from cases.models.case import CaseEvent
from cases.models.delivery import OrderDelivery
from cases.models.handling import Order, Visit
from kit.db import take_role
from people.models import Account
from tests import make
from tests.walk import AN_HOUR, Walk

DIRECT = Receipt("direct", make.NOW, recipient="王某", capacity="店长")
LEFT = Receipt("left", make.NOW, recipient="王某", witnesses=("李某",), note="拒绝签收，留置于前台")
POST = Receipt("post", make.NOW, recipient="某公司", note="挂号信 XA0001")
PUBLIC = Receipt("public", make.NOW, note="在社区公告栏张贴")
WAYS = [DIRECT, LEFT, replace(LEFT, witnesses=(), filmed=True), replace(LEFT, recipient=""), POST, PUBLIC]
HALF = [
    (replace(DIRECT, recipient=" "), ["recipient"]), (replace(LEFT, note=" "), ["note"]),
    (replace(LEFT, witnesses=()), ["witnesses"]), (replace(LEFT, witnesses=(" ",), note=""), ["note", "witnesses"]),
    (replace(POST, recipient=""), ["recipient"]), (replace(POST, note=""), ["note"]),
    (replace(PUBLIC, note=""), ["note"]),
]  # fmt: skip


@pytest.fixture
def ordered(walk):
    """An order issued an hour ago."""
    walk.ordered()
    walk.issued_at, walk.now = walk.now, walk.now + AN_HOUR
    return walk


def the_order(walk):
    return walk.session.scalars(select(Order).where(Order.case_id == walk.case.id)).one()


def deliver(walk, receipt=DIRECT, *, by=None, order_id=None, at=None):
    receipt = replace(receipt, delivered_at=at or walk.now)
    return handling.deliver_order(
        walk.session, walk.case, order_id=order_id or the_order(walk).id, receipt=receipt,
        by=by or walk.town.officer, now=walk.now,
    )  # fmt: skip


@pytest.mark.parametrize("receipt", WAYS)
def test_an_order_is_delivered_in_each_way_and_the_trail_tells(ordered, receipt):
    before = ordered.case.version
    made = deliver(ordered, receipt)
    assert (made.how, made.recipient, made.note) == (receipt.how, receipt.recipient, receipt.note)
    assert (made.officer_ids, made.recorded_by) == ([ordered.town.officer.account_id], ordered.town.officer.account_id)
    assert ordered.case.version == before + 1
    last = select(CaseEvent).where(CaseEvent.case_id == ordered.case.id).order_by(CaseEvent.seq.desc()).limit(1)
    entry = ordered.session.scalars(last).one()
    assert (entry.kind, entry.body["how"]) == ("order_delivered", receipt.how)
    assert entry.body["number"] == the_order(ordered).number


@pytest.mark.parametrize(("receipt", "lacking"), HALF)
def test_f10_half_a_receipt_is_none(ordered, receipt, lacking):
    with pytest.raises(Incomplete) as refusal:
        deliver(ordered, receipt)
    assert refusal.value.extra["missing"] == lacking
    assert ordered.session.scalars(select(OrderDelivery)).all() == []


words = st.text(st.sampled_from("王 李"), max_size=3)


@given(
    st.builds(
        Receipt, st.sampled_from(("direct", "left", "post", "public")), st.just(make.NOW), recipient=words,
        witnesses=st.lists(words, max_size=2), filmed=st.booleans(), note=words,
    )
)  # fmt: skip
def test_f10_no_receipt_is_whole_that_nobody_could_be_asked_about(receipt):
    """Somebody took it, or it is said where it went; what was left was seen by others, or filmed."""
    if missing(receipt):
        return
    assert receipt.recipient.strip() or receipt.note.strip()
    if receipt.how == "left":
        assert receipt.note.strip()
        assert receipt.filmed or "".join(receipt.witnesses).strip()


@pytest.mark.parametrize("off", [-timedelta(hours=1, microseconds=1), timedelta(microseconds=1)])
def test_an_order_is_delivered_neither_before_it_was_issued_nor_tomorrow(ordered, off):
    with pytest.raises(OutOfTime):
        deliver(ordered, at=ordered.now + off)
    assert deliver(ordered, at=ordered.issued_at).delivered_at == ordered.issued_at


def test_a_receipt_is_written_once(ordered):
    deliver(ordered)
    with pytest.raises(OrderDelivered):
        deliver(ordered, LEFT)


def test_the_table_itself_keeps_one_receipt_and_none_of_what_nobody_saw(ordered):
    """Whichever way a second one comes in, past the case that every act locks first."""
    made = deliver(ordered)
    row = {
        "case_id": made.case_id, "order_id": made.order_id, "how": "direct", "delivered_at": ordered.now,
        "officer_ids": [1], "recipient": "x", "capacity": "", "note": "", "recorded_by": made.recorded_by,
        "recorded_at": ordered.now,
    }  # fmt: skip
    for wrong, rule in (({}, "uq_order_delivery_order_id"), ({"how": "left"}, "ck_order_delivery_seen")):
        with pytest.raises(IntegrityError, match=rule), ordered.session.begin_nested():
            ordered.session.execute(insert(OrderDelivery).values(row | wrong))


def test_the_order_is_one_of_this_case(ordered, session, district):
    other = the_order(Walk(session, district).ordered())
    for order_id in (other.id, uuid4()):
        with pytest.raises(NoSuchOrder):
            deliver(ordered, order_id=order_id)


def test_m07_the_safety_office_delivers_nothing(ordered, district):
    with pytest.raises(MayNotDeliver):
        deliver(ordered, by=district.supervisor)


def test_whoever_went_along_is_an_active_officer(ordered):
    gone = ordered.town.colleague.account_id
    deliverable = replace(DIRECT, companion_ids=[gone])
    ordered.session.get_one(Account, gone).active = False
    ordered.session.flush()
    with pytest.raises(UnknownCompanion):
        deliver(ordered, deliverable)


@pytest.mark.parametrize("receipt", [DIRECT, LEFT])
def test_f21_after_an_enforcement_check_two_certified_officers_deliver(ordered, session, receipt):
    session.scalars(select(Visit).where(Visit.case_id == ordered.case.id)).one().kind = "enforcement"
    first, second = ordered.town.officer, ordered.town.colleague
    with pytest.raises(Incomplete) as refusal:
        deliver(ordered, receipt)
    assert refusal.value.pointer == "/companion_ids"
    both = replace(receipt, companion_ids=[second.account_id])
    make.certificate(session, first)
    with pytest.raises(NotCertified) as refusal:
        deliver(ordered, both)
    assert refusal.value.extra["officers"] == [second.account_id]
    with pytest.raises(Incomplete):
        deliver(ordered, replace(receipt, companion_ids=[first.account_id]))
    make.certificate(session, second)
    assert deliver(ordered, both).officer_ids == [first.account_id, second.account_id]


@pytest.mark.parametrize("receipt", [POST, PUBLIC])
def test_f21_the_post_needs_no_second_officer(ordered, session, receipt):
    session.scalars(select(Visit).where(Visit.case_id == ordered.case.id)).one().kind = "enforcement"
    assert deliver(ordered, receipt).how == receipt.how


def test_row_level_security_keeps_a_receipt_with_its_case_and_as_it_is(ordered, session, district):
    deliver(ordered)
    for who, sees in ((district.west.clerk, 1), (district.east.clerk, 0), (district.fire_officer, 1),
                      (district.supervisor, 1)):  # fmt: skip
        with seen_as(session, who):
            assert session.scalar(text("select count(*) from handling.order_delivery")) == sees
            may = "select has_table_privilege('handling.order_delivery', :right)"
            rights = [session.scalar(text(may), {"right": right}) for right in ("insert", "update", "delete")]
            assert rights == [who is not district.supervisor, False, False]


def test_a_handler_writes_one_in_its_own_role(ordered, session):
    with seen_as(session, ordered.town.officer):
        assert deliver(ordered).id


@contextmanager
def seen_as(session, actor):
    """The database as the actor's office sees it; nothing done in it stays."""
    session.flush()
    with session.begin_nested() as inside:
        take_role(session, actor.database_role, {"org": str(actor.org_id or "")})
        yield
        inside.rollback()

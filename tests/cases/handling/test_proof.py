"""T15, M48, X20: every finding passes one by one, and no image proves anything twice."""

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import select

from cases import handling
from cases.handling import FindingCheckIn
from cases.handling.pictures import IdReused
from cases.lifecycle.accepting import UnknownFinding
from cases.lifecycle.guards import Incomplete
from cases.lifecycle.proof import PictureReused
from cases.models.finding import Finding
from cases.models.handling import Visit
from tests import accepting, make
from tests.walk import all_passed, order_draft

IMAGE, OTHER = b"\7" * 32, b"\x08" * 32


def picture(walk, role, sha256, *, at=None, case=None, client_id=None):
    return handling.add_picture(walk.session, case or walk.case, make.kept(sha256), role=role, client_id=client_id,
        by=walk.town.officer, now=at or walk.now,
    )  # fmt: skip


def complete(walk):
    walk.now += timedelta(hours=1)
    return handling.complete(walk.session, walk.case, statement="已整改", by=walk.town.officer, now=walk.now)


def accept(walk, act, checks, findings=()):
    return act(walk.session, walk.case, note="", findings=findings, checks=checks, by=walk.town.colleague, now=walk.now)


# --- X20


def test_x20_an_image_of_another_case_is_marked_and_proves_no_completion(walk, session):
    walk.ordered()
    elsewhere = make.case(session, walk.district.east.org, state="rectifying")  # a town that this one cannot see
    first = picture(walk, "after", IMAGE, case=elsewhere)
    again = picture(walk, "after", IMAGE)
    assert (first.reused, again.reused) == (False, True)
    with pytest.raises(PictureReused):
        complete(walk)
    picture(walk, "after", OTHER)
    complete(walk)
    assert walk.case.state == "acceptance"


def test_x20_what_was_shown_before_does_not_show_the_work_after(walk, session):
    walk.ordered()
    picture(walk, "before", IMAGE)
    picture(walk, "after", IMAGE, at=walk.now + timedelta(minutes=1))
    with pytest.raises(PictureReused):
        complete(walk)


def test_t13_a_photo_from_before_the_order_does_not_show_that_it_was_carried_out(walk, session):
    walk.proposed()
    picture(walk, "after", IMAGE)
    walk.now += timedelta(minutes=1)
    due_at = walk.now + timedelta(days=9)
    handling.order(session, walk.case, draft=order_draft(due_at=due_at), by=walk.town.leader, now=walk.now)
    with pytest.raises(Incomplete) as refusal:
        complete(walk)
    assert (refusal.value.extra["missing"], walk.case.state) == (["photo_after"], "rectifying")
    picture(walk, "after", OTHER)
    complete(walk)
    assert walk.case.state == "acceptance"


def test_x20_a_rework_is_not_proved_by_the_image_that_failed_sent_again(walk, session):
    walk.ordered()
    picture(walk, "after", IMAGE)
    complete(walk)
    accept(walk, accepting.fail, (), ["未清理"])
    picture(walk, "after", IMAGE, at=walk.now + timedelta(minutes=1))
    with pytest.raises(PictureReused):
        complete(walk)


@pytest.mark.parametrize("used", ["before", "after"])
def test_m48_x20_the_pair_of_a_fix_on_the_spot_is_two_new_images(walk, session, used):
    walk.proposed()
    during = session.scalars(select(Visit.completed_at).where(Visit.case_id == walk.case.id)).one()
    elsewhere = make.case(session, walk.town.org, state="rectifying")
    picture(walk, "near", IMAGE, case=elsewhere)
    for role in ("before", "after"):
        picture(walk, role, IMAGE if role == used else OTHER, at=during)
    draft = order_draft(due_at=None, fixed_on_spot=True, plan={})
    with pytest.raises(PictureReused):
        handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)


def test_m48_x20_one_image_is_not_both_before_and_after(walk, session):
    walk.proposed()
    during = session.scalars(select(Visit.completed_at).where(Visit.case_id == walk.case.id)).one()
    for role in ("before", "after"):
        picture(walk, role, IMAGE, at=during)
    draft = order_draft(due_at=None, fixed_on_spot=True, plan={})
    with pytest.raises(PictureReused):
        handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)


def test_a_picture_sent_again_under_its_id_is_found_and_other_content_refused(walk, session):
    walk.signed()
    mine = uuid4()
    first = picture(walk, "near", IMAGE, client_id=mine)

    def sent(**changes):
        said = {"client_id": mine, "role": "near", "sha256": IMAGE, "by": walk.town.officer} | changes
        return handling.sent_before(session, walk.case, **said)

    assert sent() is first
    assert sent(client_id=None) is None
    assert sent(client_id=uuid4()) is None
    assert sent(by=walk.town.colleague) is None
    for changes in ({"sha256": OTHER}, {"role": "far"}):
        with pytest.raises(IdReused):
            sent(**changes)


# --- T15


def test_t15_every_finding_is_passed_one_by_one(walk, session):
    walk.completed()
    extra = Finding(case_id=walk.case.id, visit_id=_visit(walk).id, position=1, text="灭火器过期")
    session.add(extra)
    session.flush()
    both = all_passed(session, walk.case)
    one = [each for each in both if each.finding_id != extra.id]
    for checks in ([], one, [*one, FindingCheckIn(extra.id, "fail")]):
        with pytest.raises(Incomplete) as refusal:
            accept(walk, accepting.pass_, checks)
        assert str(extra.id) in refusal.value.extra["missing"]
    accept(walk, accepting.pass_, both)
    assert walk.case.state == "closure_review"
    assert {each.result for each in handling.beside(session, walk.case).finding_checks} == {"pass"}


def test_t15_what_passed_before_a_rework_need_not_pass_again_but_what_failed_must(walk, session):
    walk.completed()
    extra = Finding(case_id=walk.case.id, visit_id=_visit(walk).id, position=1, text="灭火器过期")
    session.add(extra)
    session.flush()
    checks = [
        FindingCheckIn(each.finding_id, "fail" if each.finding_id == extra.id else "pass")
        for each in all_passed(session, walk.case)
    ]
    accept(walk, accepting.fail, checks)
    assert walk.case.rework_count == 1
    walk.complete_again()
    with pytest.raises(Incomplete):
        accept(walk, accepting.pass_, [])
    accept(walk, accepting.pass_, [FindingCheckIn(extra.id, "pass")])


def test_t14_t15_a_check_is_of_a_finding_of_this_case(walk, session):
    walk.completed()
    for act in (accepting.pass_, accepting.fail):
        with pytest.raises(UnknownFinding):
            accept(walk, act, [FindingCheckIn(uuid4(), "pass")], ["x"])


def _visit(walk):
    return walk.session.scalars(select(Visit).where(Visit.case_id == walk.case.id)).one()

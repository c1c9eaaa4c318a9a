"""Q10: a report that names a cadre of the place is never dealt with by the town, which sees and hears nothing of it."""

import pytest
from sqlalchemy import select

from cases import access, policy, triage
from cases.models.case import Notice, Task
from cases.models.measure import CaseTag
from cases.routing import ForTheGroup, place, redispatch
from cases.triage.categorise import NotForATown
from tests import make
from tests.desk import case_of, entries, waiting
from tests.make import NOW

SAYS = "村支书家的仓库里堆满了烟花"


def accepted(session, district, *, text=SAYS, category="FW-02", **how):
    report = waiting(session, category=category, text=text)
    triage.accept(
        session, report, place(session, report), category_code=category, by=district.intake, now=NOW, **how
    )  # fmt: skip
    return case_of(session, report)


def test_q10_what_names_an_official_goes_to_the_group_and_the_town_neither_sees_nor_hears_of_it(session, district):
    case = accepted(session, district, reads=triage.Reading(official=True))
    assert case.responsible_org_id == district.group.id
    assert session.scalars(select(CaseTag.code).where(CaseTag.case_id == case.id)).all() == ["public_official"]
    town = district.west
    assert town.org.id not in set(session.scalars(select(Task.org_id).where(Task.case_id == case.id)))
    assert session.scalars(select(Notice).where(Notice.org_id == town.org.id)).all() == []
    with pytest.raises(access.NoSuchCase):
        access.find(session, case.id, by=town.leader)
    order = entries(session, case)
    assert order.index("tagged") < order.index("dispatched")


def test_q10_the_desk_cannot_name_a_town_for_it_then_or_later(session, district):
    report = waiting(session, category="FW-02", text=SAYS)
    with pytest.raises(NotForATown):
        triage.accept(
            session, report, place(session, report), category_code="FW-02", by=district.intake, now=NOW,
            reads=triage.Reading(official=True), town=district.west.org,
        )  # fmt: skip
    case = accepted(session, district, reads=triage.Reading(official=True))
    with pytest.raises(ForTheGroup):
        redispatch(session, case, to=district.east.org, move="redispatch", why="试", by=district.intake, now=NOW)


def test_q10_it_joins_no_case_of_a_town(session, district):
    theirs = accepted(session, district, text="仓库里堆满了烟花")
    assert theirs.responsible_org_id == district.west.org.id
    report = waiting(session, category="FW-02", text=SAYS)
    with pytest.raises(NotForATown):
        triage.accept(
            session, report, place(session, report), category_code="FW-02", by=district.intake, now=NOW,
            join=theirs, reads=triage.Reading(official=True),
        )  # fmt: skip


@pytest.mark.parametrize("word", ["村支书", "社区主任", "派出所所长", "镇长", "保护伞"])
def test_q10_a_word_that_hints_at_a_cadre_stops_the_system_from_sending_it_to_the_town(session, district, word):
    report = make.report(session, category="FIR-02", text=f"听说是{word}的亲戚开的")
    triage.judge(session, report.id, now=NOW)
    assert (report.state, report.waits_for) == ("in_review", "official")


def test_q10_not_even_an_emergency_goes_to_the_town_unread(session, district):
    """The duty list is alarmed instead, and a person decides (R2, X34)."""
    report = waiting(session, category="FW-02", text=SAYS)
    triage.review_due(session, report.id, now=report.review_due_at)
    assert (report.state, entries(session, report)[-1]) == ("in_review", "review_overdue")
    calm = waiting(session, category="FW-02", text="仓库里堆满了烟花")
    triage.review_due(session, calm.id, now=calm.review_due_at)
    assert calm.state == "accepted"


def test_q10_a_usual_report_goes_its_way_and_a_district_has_its_own_words(session, district):
    assert policy.value(session, "official_words", NOW)
    make.value(session, "official_words", ["网格长"])
    for text, state in (("网格长占用了楼道", "in_review"), ("村支书家楼道堆物", "accepted")):
        report = make.report(session, make.IN_EAST, category="FIR-02", text=text)
        triage.judge(session, report.id, now=NOW)
        assert report.state == state

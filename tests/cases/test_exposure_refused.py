"""M50, G-EXP: what the verdict decided to expose is drafted, or a lawyer says why not; else the case stays open."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from cases import exposure, handling
from cases.exposure import NothingToRefuse, SamePerson
from cases.journey import Kind
from cases.lifecycle import closing
from cases.lifecycle.closing.public import exposure_owed
from cases.lifecycle.guards import Incomplete
from cases.models.case import CaseEvent
from cases.models.exposure import ExposureRefusal
from kit.errors import NotAllowed
from people.roles import Role
from tests import accepting, make
from tests.cases.exposures import draft
from tests.desk import notices
from tests.walk import Walk, all_passed, order_draft

EXPOSED = make.UNDECIDED | {"expose": {"decided": True, "reason": "屡教不改，社会影响大"}}
REASON = "当事人已注销，公开无助于整改"


@pytest.fixture
def lawyer(session, district):
    return make.officer(session, district.office, Role.LEGAL_REVIEWER)


@pytest.fixture
def walk(session, district, publisher):
    """To be exposed, put right, and nothing else left to do but to close it."""
    walk = Walk(session, district).proposed()
    made = order_draft(due_at=walk.now + timedelta(days=5), consequences=EXPOSED)
    handling.order(session, walk.case, draft=made, by=walk.town.leader, now=walk.now)
    walk.complete_again()
    accepting.pass_(
        session, walk.case, note="合格", findings=["畅通"], checks=all_passed(session, walk.case),
        by=walk.town.colleague, now=walk.now,
    )  # fmt: skip
    return walk.delivered()


def shut(walk):
    return [(each.code, each.reason) for each in closing.panel(walk.session, walk.case) if not each.holds]


def test_m50_the_publishers_are_told_and_the_case_stays_open_until_it_is_drafted(session, walk, publisher):
    told = [(each.account_id, walk.case.number in each.text) for each in notices(session, "to_expose")]
    assert told == [(publisher.account_id, True)]
    assert shut(walk) == [("G-EXP", "exposure_not_drafted")]
    line = next(each for each in closing.panel(session, walk.case) if each.code == "G-EXP")
    assert line.link == f"/cases/{walk.case.id}#/verdicts"
    exposure.draft(session, walk.case, draft(), by=publisher, now=walk.now)
    assert shut(walk) == []
    handling.close(session, walk.case, note="办结", by=walk.town.leader, now=walk.now)


def test_m50_a_draft_that_was_given_up_is_none(session, walk, publisher, lawyer):
    made = exposure.draft(session, walk.case, draft(), by=publisher, now=walk.now)
    exposure.drop(session, walk.case, made, reason="文字有误", by=publisher, now=walk.now)
    assert shut(walk) == [("G-EXP", "exposure_not_drafted")]
    exposure.refuse(session, walk.case, reason=REASON, by=lawyer, now=walk.now)
    assert shut(walk) == []


def test_m50_a_lawyer_says_why_not_and_that_is_kept(session, walk, lawyer):
    version = walk.case.version
    exposure.refuse(session, walk.case, reason=REASON, by=lawyer, now=walk.now)
    assert shut(walk) == []
    assert walk.case.version == version + 1
    kept = session.scalars(select(ExposureRefusal)).one()
    assert (kept.reason, kept.refused_by, kept.refused_at) == (REASON, lawyer.account_id, walk.now)
    said = select(CaseEvent.body).where(CaseEvent.kind == str(Kind.EXPOSURE_REFUSED))
    assert session.scalars(said).one()["reason"] == REASON
    with pytest.raises(NothingToRefuse):
        exposure.refuse(session, walk.case, reason=REASON, by=lawyer, now=walk.now)


def test_m50_nobody_but_a_lawyer_who_did_not_decide_it_says_so_and_with_a_reason(session, district, walk, publisher):
    for who in (publisher, walk.town.leader, district.supervisor):
        with pytest.raises(NotAllowed):
            exposure.refuse(session, walk.case, reason=REASON, by=who, now=walk.now)
    both = make.officer(session, district.office, Role.LEGAL_REVIEWER)
    with pytest.raises(Incomplete):
        exposure.refuse(session, walk.case, reason=" ", by=both, now=walk.now)
    verdict = exposure_owed(session, walk.case)
    verdict.decided_by = both.account_id
    with pytest.raises(SamePerson):
        exposure.refuse(session, walk.case, reason=REASON, by=both, now=walk.now)
    assert shut(walk) == [("G-EXP", "exposure_not_drafted")]


def test_m50_where_nothing_was_decided_nothing_is_refused(session, district, lawyer, publisher):
    walk = Walk(session, district).closable()
    assert notices(session, "to_expose") == []
    assert shut(walk) == []
    with pytest.raises(NothingToRefuse):
        exposure.refuse(session, walk.case, reason=REASON, by=lawyer, now=walk.now)

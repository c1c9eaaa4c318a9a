"""The conflict screen (Q10): whoever handles the case, or is tied to what it is about, comes near no reporter."""

import pytest

from cases import releases
from cases.lifecycle import conflict, tagging
from cases.lifecycle.conflict import InConflict
from cases.models.case import Task
from cases.models.handling import Acceptance
from people import relations
from people.roles import Role
from tests import make
from tests.cases.releases.conftest import ask
from tests.desk import case_of
from tests.make import NOW


def why(session, report, who):
    return list(conflict.conflicts(session, report, who.account_id, now=NOW))


def test_whoever_has_nothing_to_do_with_it_is_not_kept_away(session, desk):
    for who in (desk.asker, desk.keeper):
        assert why(session, desk.report, who) == []


@pytest.mark.parametrize("act", ["task", "visit", "companion", "verdict", "decided"])
def test_whoever_has_a_hand_in_the_case_is(session, district, desk, act):
    case = case_of(session, desk.report)
    who = make.officer(session, district.office, Role.INTAKE_OFFICER)
    visit = make.visit(session, case, who if act == "visit" else district.west.officer)
    if act == "task":
        task = session.query(Task).where(Task.case_id == case.id).first()
        task.person_id = who.account_id
    elif act == "companion":
        visit.companion_ids = [who.account_id]
    elif act == "verdict":
        make.verdict(session, case, visit, who)
    elif act == "decided":
        make.verdict(session, case, visit, district.west.officer).decided_by = who.account_id
    session.flush()
    assert why(session, desk.report, who) == ["handler"]
    with pytest.raises(InConflict) as refused:
        ask(session, desk, by=who)
    assert refused.value.extra == {"why": "handler"}


def test_whoever_accepted_the_rectification_is(session, walk):
    walk.accepted()
    report = make.joined(session, make.report(session), walk.case)
    made = session.query(Acceptance).one()
    found = conflict.conflicts(session, report, made.accepted_by, now=NOW)
    assert "handler" in found


def test_whose_office_has_the_case_is(session, district, desk):
    case = case_of(session, desk.report)
    assert "own_unit" in why(session, desk.report, district.west.clerk)
    who = make.officer(session, district.group, Role.INTAKE_OFFICER)
    assert why(session, desk.report, who) == []
    make.task(session, case, district.group, kind="coop", state="cancelled")
    assert why(session, desk.report, who) == ["own_unit"]


def test_whoever_is_named_is(session, desk):
    desk.report.text = f"锁门的人说 {desk.keeper.name.upper()} 是他亲戚"
    assert why(session, desk.report, desk.keeper) == ["named"]
    release = ask(session, desk)
    with pytest.raises(InConflict):
        releases.approve(session, release.id, by=desk.keeper, now=NOW)
    assert releases.approve(session, release.id, by=desk.other_keeper, now=NOW).state == "approved"


def test_whose_office_is_named_with_an_official_is_and_by_name_alone_is_not(session, district, desk):
    """A reporter may well have told the office before; that keeps nobody away."""
    desk.report.text = f"我向{district.office.name_zh}反映过，仓库还在堆放"
    assert why(session, desk.report, desk.keeper) == []
    tagging.put(session, case_of(session, desk.report), tagging.PUBLIC_OFFICIAL, facts="-", by=desk.asker, now=NOW)
    assert why(session, desk.report, desk.keeper) == ["own_unit"]


@pytest.mark.parametrize("where", ["text", "address", "party"])
def test_whoever_has_declared_a_relation_is_until_it_ends(session, district, desk, where):
    case = case_of(session, desk.report)
    declared = relations.declare(session, name="金鼎物业", kind="kin", by=desk.keeper, now=NOW)
    assert why(session, desk.report, desk.keeper) == []
    if where == "party":
        make.order(session, case, district.west.leader).responsible_party = "金鼎物业有限公司 王某"
    else:
        setattr(desk.report, where, "就是 金鼎 物业 管的楼")
    session.flush()
    assert why(session, desk.report, desk.keeper) == ["related"]
    assert why(session, desk.report, desk.other_keeper) == []
    relations.end(session, declared.id, by=desk.keeper, now=NOW)
    assert why(session, desk.report, desk.keeper) == []


def test_a_relation_is_ended_by_its_officer_once(session, desk):
    declared = relations.declare(session, name="金鼎物业", kind="kin", by=desk.keeper, now=NOW)
    with pytest.raises(relations.NoSuchRelation):
        relations.end(session, declared.id, by=desk.other_keeper, now=NOW)
    relations.end(session, declared.id, by=desk.keeper, now=NOW)
    with pytest.raises(relations.NoSuchRelation):
        relations.end(session, declared.id, by=desk.keeper, now=NOW)

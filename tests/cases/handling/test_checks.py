"""Answers at the place have consequences: findings, things done at once, departments, circumstances ((d), M46, M60)."""

import json
from dataclasses import replace

import pytest
from sqlalchemy import select, text

from cases import handling, policy
from cases.handling import CheckAnswer, CheckIn
from cases.handling.checks import stated
from cases.lifecycle.guards import Incomplete
from cases.models.case import Notice, Task
from cases.models.finding import Finding
from cases.models.handling import Visit
from cases.models.measure import CaseTag
from cases.policy import checks_of
from cases.policy.defaults import SEEDS
from kit.db import take_role
from people.roles import Role
from tests import answers, make
from tests.make import NOW
from tests.walk import RECORD, Walk

KINDS = ("emergency", "housing", "gas", "education")
SHIPPED = [row for path in sorted((SEEDS / "categories").glob("*.json")) for row in json.loads(path.read_text("utf-8"))]
TELLING = [
    (row["code"], check["code"])
    for row in SHIPPED
    for check in row["checks"]
    if check.keys() & {"on", "least", "under"}
]


def begun(session, district, category, *, by=None):
    walk = Walk(session, district, category=category).signed()
    check_in = CheckIn("verification", make.IN_WEST, [], None)
    handling.start_visit(session, walk.case, check_in=check_in, by=by or walk.town.officer, now=walk.now)
    return walk


def issue(walk, given, *, by=None, **changes):
    record = replace(RECORD, checks=given, **changes)
    return handling.complete_visit(walk.session, walk.case, record=record, by=by or walk.town.officer, now=walk.now)


def changed(given, which, **changes):
    """The answers with one of them changed."""
    return [replace(each, **changes) if each.code == which else each for each in given]


def answer_to(check, said):
    """The answer from which something follows, and how the record states it."""
    if check.kind == "measure":
        return {"answer": "measured", "value": said}
    return {"answer": said, "note": "现场查见"}


def missing(refusal):
    return refusal.value.extra["missing"]


@pytest.mark.parametrize(("category", "code"), TELLING)
def test_d_what_an_answer_tells_is_done_and_what_it_asks_for_is_said(session, district, category, code):
    """Each telling answer of each check of the catalogue, with everything that the row says must follow."""
    for kind in KINDS:
        make.org(session, "department", department_kind=kind)
    known = checks_of(policy.category_in_force(session, category, NOW))
    (check,) = [each for each in known if each.code == code]
    for said in answers.telling_answers(check):
        walk = begun(session, district, category)
        calm = answers.calm(session, walk.case)
        before = {each.org_id for each in tasks(walk)}
        permit = {"permit_check": permit_of(walk, said)} if check.kind == "permit" else {}
        bare = changed(calm, check.code, done="", phoned=False, **({} if permit else answer_to(check, said)))
        asked = [f"checks.{check.code}.done"] * bool(check.at_once) + [f"checks.{check.code}.phoned"] * bool(
            check.phone
        )
        if asked:
            with pytest.raises(Incomplete) as refusal:
                issue(walk, bare, **permit)
            assert missing(refusal) == asked
        visit = issue(walk, changed(bare, check.code, done="已当场处置", phoned=True), **permit)

        own = [check.finding["zh"]] if check.finding else []
        texts = [each.text for each in findings(session, visit)]
        assert set(own) <= set(texts)
        assert list(visit.findings) == texts
        assert check.circumstance in {"", *walk.case.circumstances}
        tags = set(session.scalars(select(CaseTag.code).where(CaseTag.case_id == walk.case.id)))
        assert tags == {check.tag} - {""}
        there = {org.id: org for org in (district.fire, district.police)}
        called = {each.org_id for each in tasks(walk)} | before
        told = set(session.scalars(select(Notice.org_id).where(Notice.case_id == walk.case.id)))
        for org in there.values():
            if org.department_kind in check.call:
                assert org.id in called & told


def permit_of(walk, outcome):
    (picture,) = make.pictures(walk.session, walk.case, "permit")
    return {"outcome": outcome, "number": "许可2026-1", "picture_id": str(picture.id)}


def tasks(walk):
    return walk.session.scalars(select(Task).where(Task.case_id == walk.case.id, Task.state != "cancelled")).all()


def findings(session, visit):
    return session.scalars(select(Finding).where(Finding.visit_id == visit.id).order_by(Finding.position)).all()


def test_m46_what_the_answers_tell_stands_in_the_record_under_its_hash_and_is_accepted_one_by_one(session, district):
    walk = begun(session, district, "FIR-02")
    given = changed(answers.calm(session, walk.case), "out_of_use", answer="yes", done="安排专人看护")
    visit = issue(walk, given)
    assert visit.findings == ["安全出口上锁", "消防设施停用、损坏"]
    assert [each.text for each in findings(session, visit)] == visit.findings
    assert visit.checks == stated(given)
    other = begun(session, district, "FIR-02")
    assert issue(other, answers.calm(session, other.case)).record_hash != visit.record_hash


def test_m46_a_finding_that_the_officer_wrote_is_not_written_twice(session, district):
    walk = begun(session, district, "FIR-02")
    given = changed(answers.calm(session, walk.case), "out_of_use", answer="yes", done="安排专人看护")
    assert issue(walk, given, findings=("消防设施停用、损坏",)).findings == ["消防设施停用、损坏"]


@pytest.mark.parametrize(
    ("category", "code", "changes", "lacks"),
    [
        ("FIR-02", "high_rise", {"answer": "perhaps"}, "checks.high_rise"),
        ("FIR-02", "high_rise", {"answer": ""}, "checks.high_rise"),
        ("FIR-02", "high_rise", {"answer": "measured"}, "checks.high_rise"),
        ("FIR-02", "high_rise", {"answer": "na", "note": " "}, "checks.high_rise.note"),
        ("FIR-02", "building_type", {"note": "  "}, "checks.building_type.note"),
        ("FIR-05", "bikes", {"value": None}, "checks.bikes.value"),
        ("FIR-01", "exit_sign_photo", {"answer": "taken"}, "checks.exit_sign_photo.picture_id"),
        ("FIR-04", "fire_check", {"answer": "seen", "note": ""}, "checks.fire_check.note"),
        ("FIR-02", "high_rise", {"code": "no_such"}, "checks.no_such"),
    ],
)
def test_an_answer_of_another_kind_or_without_its_proof_is_refused(session, district, category, code, changes, lacks):
    walk = begun(session, district, category)
    given = changed(answers.calm(session, walk.case), code, **changes)
    with pytest.raises(Incomplete) as refusal:
        issue(walk, given)
    assert lacks in missing(refusal)
    assert walk.case.state == "verifying"


def test_a_check_is_answered_once_and_a_reminder_never(session, district):
    walk = begun(session, district, "FW-02")
    given = answers.calm(session, walk.case)
    with pytest.raises(Incomplete) as refusal:
        issue(walk, [*given, given[0], CheckAnswer("safety_text", "yes")])
    assert missing(refusal) == ["checks.safety_text", "checks.loading"]


def test_x20_a_photo_that_a_check_asks_for_is_one_of_this_case(session, district):
    walk, other = begun(session, district, "FIR-01"), Walk(session, district, category="FIR-01").dispatched()
    (mine,) = make.pictures(session, walk.case, "near")
    (foreign,) = make.pictures(session, other.case, "near")
    for picture, refused in ((foreign, True), (mine, False)):
        given = changed(answers.calm(session, walk.case), "exit_sign_photo", answer="taken", picture_id=picture.id)
        if refused:
            with pytest.raises(Incomplete):
                issue(walk, given)
        else:
            assert {"code": "exit_sign_photo", "answer": "taken", "picture_id": str(mine.id)} in [
                {name: row[name] for name in ("code", "answer", "picture_id") if name in row}
                for row in issue(walk, given).checks
            ]


def test_m60_the_police_get_a_task_where_they_had_none_and_are_told_again_where_they_had(session, district):
    """Fire exits that fail: the fire brigade, which leads, is told; at a factory with a crime the police take part."""
    walk = begun(session, district, "MIN-01")  # the police co-operate there from the beginning
    issue(walk, changed(answers.calm(session, walk.case), "night_blasting", answer="yes"))
    told = session.scalars(select(Notice.text).where(Notice.org_id == district.police.id, Notice.kind == "check")).all()
    assert told == [f"案件 {walk.case.number}：夜间爆破"]
    emergency = make.org(session, "department", department_kind="emergency")
    walk = begun(session, district, "FIR-03")
    task = next(each for each in tasks(walk) if each.org_id == emergency.id)
    task.state = "cancelled"  # taken from it by an arbitration
    session.flush()
    issue(walk, changed(answers.calm(session, walk.case), "flammables", answer="yes", done="已撤离"))
    (new,) = [each for each in tasks(walk) if each.org_id == emergency.id]
    assert (new.kind, new.state) == ("coop", "open")


def test_a_department_that_finds_something_itself_is_not_called_by_itself(session, district):
    walk = begun(session, district, "FIR-04", by=district.fire_officer)
    given = changed(answers.calm(session, walk.case), "exits_usable", answer="no", done="临时查封")
    issue(walk, given, by=district.fire_officer)
    assert session.scalars(select(Notice).where(Notice.kind == "check")).all() == []


def test_q10_an_official_who_is_involved_is_told_to_the_district_once(session, district):
    walk = begun(session, district, "FW-02")
    issue(walk, changed(answers.calm(session, walk.case), "official", answer="yes"))
    told = select(Notice.org_id).where(Notice.case_id == walk.case.id, Notice.kind == "public_official")
    assert session.scalars(told).all() == [district.office.id]
    handling.start_visit(
        session, walk.case, check_in=CheckIn("verification", make.IN_WEST, [], None), by=walk.town.officer, now=walk.now
    )
    issue(walk, changed(answers.calm(session, walk.case), "official", answer="yes"))
    assert session.scalars(told).all() == [district.office.id]


def test_every_act_of_a_telling_visit_is_open_to_a_town_in_the_database_too(session, district):
    """Row-level security lets a town's officer set off everything that the catalogue says follows."""
    walk = begun(session, district, "GAS-02")
    gas = make.org(session, "department", department_kind="housing")  # acts for the gas authority
    make.officer(session, gas, Role.DEPT_OFFICER)
    given = answers.calm(session, walk.case)
    given = changed(given, "leak", answer="yes", done="已关阀疏散", phoned=True)
    take_role(session, walk.town.officer.database_role, {"org": str(walk.town.org.id)})
    issue(walk, given)
    session.flush()
    session.execute(text("reset role"))
    assert walk.case.urgency == "immediate"


def test_f10_a_refusal_to_sign_says_why_on_the_record_itself(session, district):
    walk = begun(session, district, "FIR-02")
    given = answers.calm(session, walk.case)
    with pytest.raises(Incomplete) as refusal:
        issue(walk, given, signature="refused", signature_note=" ")
    assert missing(refusal) == ["signature_note"]
    assert issue(walk, given, signature="refused", signature_note="当事人拒签，见证人李某在场").signature == "refused"


def test_a_patrol_that_answers_no_check_may_still_be_recorded(session, district):
    """A check may be left for the next visit; the verdict asks for all of them (T7)."""
    walk = begun(session, district, "FIR-02")
    visit = issue(walk, [])
    assert isinstance(visit, Visit)
    assert visit.checks == []

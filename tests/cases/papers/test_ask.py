"""Asking for paper: who may, of what, in which edition, and who sees it (M18, M39, M46, M47, F10)."""

from contextlib import contextmanager
from uuid import uuid4

import pytest
from sqlalchemy import select, text

from cases import handling, papers
from cases.lifecycle import paper as machine
from cases.lifecycle.machine import NotInState, NotYourRole
from cases.lifecycle.paper import PAPER_MOVES
from cases.models.case import CaseEvent
from cases.models.handling import Acceptance, Order, RecordCopy, Visit
from cases.models.job import Job
from cases.models.meeting import MeetingItem
from cases.models.paper import Paper
from cases.models.penalty import Penalty
from cases.models.referral import Referral
from cases.papers.content.closing import NotClosing
from cases.papers.content.copies import CopiesDiffer
from cases.papers.content.notice import NoPhone
from cases.papers.content.persons import NoSuchSubject
from cases.papers.kinds import PAPERS
from kit.db import take_role
from people.actors import SYSTEM
from people.roles import Role
from tests import make
from tests.cases.papers.reading import met, referral, waived


@pytest.fixture
def phones(session, district):
    district.office.duty_phone, district.west.org.duty_phone = "0990-5550001", "0990-5550011"
    session.flush()


@pytest.fixture
def closable(session, walk, phones):
    walk.closable()
    referral(session, walk, state="answered", result="已立案")
    waived(session, walk)
    return walk


@pytest.fixture
def talked_over(closable):
    met(closable)
    return closable


def subject(session, case, kind):
    if kind == "minutes":
        return session.scalars(select(MeetingItem.meeting_id).where(MeetingItem.case_id == case.id)).one()
    table = {
        "visit_record": Visit, "acceptance": Acceptance, "order": Order, "transfer": Referral, "guidance": Penalty,
    }.get(kind)  # fmt: skip
    return session.scalars(select(table.id).where(table.case_id == case.id)).one() if table else None


def asked(session, walk, kind, *, by=None):
    return papers.ask(
        session, walk.case, kind=kind, subject_id=subject(session, walk.case, kind), by=by or walk.town.officer,
        now=walk.now,
    )  # fmt: skip


@pytest.mark.parametrize("kind", PAPERS)
def test_each_paper_is_asked_for_by_its_roles_and_by_nobody_else(session, talked_over, kind):
    for role in Role:
        who = make.officer(session, talked_over.town.org, role)
        if role in PAPERS[kind].by:
            assert asked(session, talked_over, kind, by=who).state == "asked"
        else:
            with pytest.raises(papers.MayNotPrint):
                asked(session, talked_over, kind, by=who)


def test_asking_leaves_an_entry_and_a_job_and_asking_again_neither(session, closable):
    first = asked(session, closable, "order")
    again = asked(session, closable, "order", by=closable.town.clerk)
    assert again is first
    jobs = session.scalars(select(Job).where(Job.step == "print_paper")).all()
    assert [job.subject for job in jobs] == [first.case_id]
    entries = session.scalars(select(CaseEvent).where(CaseEvent.kind == "paper_asked")).all()
    assert [entry.body for entry in entries] == [{"rule": "M39", "paper": "order", "edition": 1}]


def test_changed_content_is_the_next_edition_and_the_old_one_stays(session, closable):
    first = asked(session, closable, "closing")
    handling.close(session, closable.case, note="同意结案", by=closable.town.leader, now=closable.now)
    second = asked(session, closable, "closing")
    assert (first.edition, second.edition) == (1, 2)
    assert (first.content["note"], second.content["note"]) == ("", "同意结案")


def test_what_could_not_be_printed_can_be_asked_for_again(session, closable):
    first = asked(session, closable, "order")
    papers.fail(first, reason="press_3")
    assert asked(session, closable, "order").edition == 2


def test_a_subject_must_be_of_this_case_and_complete(session, closable, district):
    other = make.case(session, district.west.org, state="signed")
    theirs = make.visit(session, other, district.west.officer, state="open", completed_at=None)
    for kind, wrong in (("visit_record", theirs.id), ("visit_record", uuid4()), ("visit_record", None),
                        ("order", subject(session, closable.case, "visit_record")), ("order", None),
                        ("acceptance", uuid4()), ("acceptance", subject(session, closable.case, "order")),
                        ("notice", uuid4()), ("closing", uuid4())):  # fmt: skip
        with pytest.raises(NoSuchSubject):
            papers.ask(session, closable.case, kind=kind, subject_id=wrong, by=closable.town.officer, now=closable.now)
    with pytest.raises(NoSuchSubject):
        papers.ask(session, other, kind="visit_record", subject_id=theirs.id, by=district.west.officer, now=make.NOW)


def test_m47_copies_that_do_not_agree_with_the_record_are_not_printed(session, closable):
    copy = session.scalars(select(RecordCopy).where(RecordCopy.case_id == closable.case.id).limit(1)).one()
    copy.record_hash = b"\0" * 32
    session.flush()
    with pytest.raises(CopiesDiffer):
        asked(session, closable, "visit_record")


def test_t15_copies_that_do_not_agree_with_the_acceptance_are_not_printed(session, closable):
    (made,) = session.scalars(select(Acceptance).where(Acceptance.case_id == closable.case.id))
    assert asked(session, closable, "acceptance").content["record_sha256"] == made.record_hash.hex()
    of_it = select(RecordCopy).where(RecordCopy.acceptance_id == made.id)
    session.delete(session.scalars(of_it.limit(1)).one())
    session.flush()
    with pytest.raises(CopiesDiffer):
        asked(session, closable, "acceptance")


@pytest.mark.parametrize("change", [{"result": "fail"}, {"record_hash": None}])
def test_t15_what_failed_or_is_from_before_there_were_copies_is_not_printed(session, closable, change):
    made = session.scalars(select(Acceptance).where(Acceptance.case_id == closable.case.id)).one()
    for name, value in change.items():
        setattr(made, name, value)
    session.flush()
    with pytest.raises(NoSuchSubject):
        asked(session, closable, "acceptance")


def test_a_closing_sheet_waits_for_the_closing(session, walk):
    with pytest.raises(NotClosing):
        asked(session, walk.completed(), "closing")


def test_m18_a_notice_has_two_phones_or_is_not_made(session, walk, district):
    walk.signed()
    with pytest.raises(NoPhone) as refusal:
        asked(session, walk, "notice")
    assert refusal.value.extra["missing"] == ["safety_office", "responsible_body"]
    district.office.duty_phone = "0990-5550001"
    with pytest.raises(NoPhone) as refusal:
        asked(session, walk, "notice")
    assert refusal.value.extra["missing"] == ["responsible_body"]


def test_m18_a_notice_names_no_case_no_inspector_and_no_hazard(session, closable):
    paper = asked(session, closable, "notice")
    said = str(paper.content)
    for private in (closable.case.number, str(closable.case.id), closable.town.officer.name, "安全出口上锁", "幸福路"):
        assert private not in said
    assert len(paper.code) == 16
    assert paper.code not in str(closable.case.id)


def test_only_the_worker_moves_a_paper_and_only_once(session, closable):
    paper = asked(session, closable, "order")
    for name in PAPER_MOVES:
        with pytest.raises(NotYourRole):
            machine.move(paper, name, by=closable.town.leader)
    papers.store_printed(paper, key="papers/aa/a.pdf", sha256="0" * 64, size=9, pages=1, now=closable.now)
    assert (paper.state, paper.version) == ("printed", 2)
    for name in PAPER_MOVES:
        with pytest.raises(NotInState):
            machine.move(paper, name, by=SYSTEM)


def test_a_paper_is_found_by_those_who_see_its_case(session, closable, district):
    paper = asked(session, closable, "order")
    for who in (district.west.clerk, district.fire_officer, district.supervisor):
        assert papers.find(session, paper.id, by=who) is paper
        with pytest.raises(papers.NotPrinted):
            papers.printed(session, paper.id, by=who)
    for stranger in (district.east.leader, make.officer(session, district.group, Role.TOWN_OFFICER)):
        with pytest.raises(papers.NoSuchPaper):
            papers.printed(session, paper.id, by=stranger)


def test_row_level_security_keeps_papers_and_scans_with_their_case(session, closable, district):
    asked(session, closable, "order")
    new = papers.NewScan("order", None, "pdf", make.kept(b"\0" * 32))
    papers.add_scan(session, closable.case, new, by=closable.town.clerk, now=closable.now)
    for who, sees in ((district.west.clerk, 1), (district.east.clerk, 0), (district.fire_officer, 1),
                      (district.supervisor, 1)):  # fmt: skip
        with seen_as(session, who):
            for table in ("paper", "scan"):
                assert session.scalar(text(f"select count(*) from handling.{table}")) == sees  # noqa: S608


def test_a_handler_can_ask_in_its_own_role_and_rewrite_nothing(session, closable):
    who = closable.town.officer
    order_id = subject(session, closable.case, "order")
    session.flush()
    with seen_as(session, who):
        paper = papers.ask(session, closable.case, kind="order", subject_id=order_id, by=who, now=closable.now)
        rights = [
            session.scalar(text("select has_table_privilege('handling.paper', :right)"), {"right": right})
            for right in ("select", "insert", "update", "delete")
        ]
        assert rights == [True, True, False, False]
        assert paper.state == "asked"
    assert session.scalars(select(Paper.id)).all() == []


@contextmanager
def seen_as(session, actor):
    """The database as the actor's office sees it; nothing done in it stays."""
    session.flush()
    with session.begin_nested() as inside:
        take_role(session, actor.database_role, {"org": str(actor.org_id or "")})
        yield
        inside.rollback()

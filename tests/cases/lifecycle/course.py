"""One case and everybody who may act on it: each move of its machine as the act that makes it, and what lies beside."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import disputes, enforcing, handling, holds, routing
from cases.disputes.requests import Plea
from cases.enforcing import ConsequenceDraft
from cases.models.case import Task
from cases.models.dispute import ReturnRequest
from cases.models.handling import RecordCopy
from cases.models.measure import Measure
from cases.models.pause import Hold
from cases.models.referral import Referral
from cases.models.second_look import DecisionTask, SecondLook
from people.actors import SYSTEM
from people.roles import Role
from tests import accepting, answers, make
from tests.cases.holds.holding import ask, the_day
from tests.enforcement import Bureau, at_the_place, referral
from tests.make import District, Town
from tests.walk import RECORD, Walk, all_passed, order_draft


class NothingThere(Exception):
    """There is nothing of this kind to act on."""


class Course:
    """A case at one moment. Every act is made by whoever would make it, at `now`."""

    def __init__(self, session: Session, district: District, bureau: Bureau, *, category: str):
        self.session, self.district, self.bureau = session, district, bureau
        self.walk = Walk(session, district, category=category)
        self.case, self.office = self.walk.case, district.supervisor
        self.outcome = "substantiated"

    @property
    def now(self) -> datetime:
        """The moment of the next act."""
        return self.walk.now

    @property
    def town(self) -> Town:
        """Whoever answers for the case."""
        east = self.district.east
        self.walk.town = east if self.case.responsible_org_id == east.org.id else self.district.west
        return self.walk.town

    def newest(self, table: type[Any], *states: str) -> Any:
        """The newest row of this case in one of the states. Raises NothingThere."""
        found = self.session.scalars(select(table).where(table.case_id == self.case.id, table.state.in_(states))).all()
        if not found:
            raise NothingThere
        return found[-1]

    def by(self, who: Any, **facts: Any) -> dict[str, Any]:
        """Who acts, when, and with what words."""
        return {"by": who, "now": self.now, **facts}

    # --- moves of the case

    def dispatch(self) -> None:
        routing.dispatch(self.session, self.case, to=self.district.west.org, **self.by(SYSTEM))

    def sign(self) -> None:
        person_id = self.town.officer.account_id
        handling.sign(self.session, self.case, person_id=person_id, **self.by(self.town.clerk))

    def start_visit(self) -> None:
        check_in = handling.CheckIn("verification", make.IN_WEST, [], None)
        handling.start_visit(self.session, self.case, check_in=check_in, **self.by(self.visitor()))
        make.pictures(self.session, self.case, "near", "far", at=self.now)
        record = replace(RECORD, checks=answers.calm(self.session, self.case))
        handling.complete_visit(self.session, self.case, record=record, **self.by(self.visitor()))

    def start_check(self) -> None:
        fire = self.bureau.org
        handling_fire = select(Task.id).where(
            Task.case_id == self.case.id, Task.org_id == fire.id, Task.state != "cancelled"
        )
        if self.session.scalars(handling_fire).first() is None:
            make.task(self.session, self.case, fire, kind="coop")
        check_in = handling.CheckIn("enforcement", make.IN_WEST, [self.bureau.officers[1]], None)
        handling.start_visit(self.session, self.case, check_in=check_in, **self.by(self.bureau.first))

    def accept_more(self) -> None:
        """The record of a check that began before."""
        record = replace(RECORD, checks=answers.calm(self.session, self.case))
        if self.case.state != "closure_review":
            raise NothingThere
        handling.complete_visit(self.session, self.case, record=record, **self.by(self.bureau.first))

    def complete_check(self) -> None:
        record = replace(RECORD, checks=answers.calm(self.session, self.case))
        handling.complete_visit(self.session, self.case, record=record, **self.by(self.bureau.first))

    def visitor(self) -> Any:
        """The officer, or a colleague once a verdict was sent back for others to look (X21)."""
        looks = select(SecondLook).where(SecondLook.case_id == self.case.id, SecondLook.state == "returned")
        return self.town.colleague if self.session.scalars(looks).first() else self.town.officer

    def propose_verdict(self) -> None:
        handling.propose(
            self.session, self.case, outcome=self.outcome, summary="经查", qualification="消防法", sanction="",
            **self.by(self.visitor()),
        )  # fmt: skip

    def order(self) -> None:
        draft = order_draft(due_at=self.now + timedelta(days=9))
        handling.order(self.session, self.case, draft=draft, **self.by(self.town.leader))

    def find_unsubstantiated(self) -> None:
        handling.find_unsubstantiated(self.session, self.case, **self.by(self.town.leader, comment="同意"))

    def return_verdict(self) -> None:
        handling.return_verdict(self.session, self.case, **self.by(self.town.leader, comment="补充"))

    def look_anew(self) -> None:
        look = self.newest(SecondLook, "waiting")
        handling.return_look(self.session, self.case, look, **self.by(self.office, comment="换人再查"))

    def complete(self) -> None:
        (picture,) = make.pictures(self.session, self.case, "after")
        picture.received_at = self.now
        handling.complete(self.session, self.case, statement="已整改", **self.by(self.visitor()))

    def reach_deadline(self) -> None:
        if not handling.reach_deadline(self.session, self.case, now=self.now):
            raise NothingThere

    def begin_acceptance(self) -> None:
        facts = self.by(self.acceptor(), point=make.IN_WEST, distance_reason="已到场")
        handling.arrive(self.session, self.case, **facts)

    def fail_acceptance(self) -> None:
        by = self.by(self.acceptor())
        accepting.fail(self.session, self.case, note="不合格", findings=["仍堵"], **by)

    def pass_acceptance(self) -> None:
        checks, by = all_passed(self.session, self.case), self.by(self.acceptor())
        accepting.pass_(self.session, self.case, note="合格", findings=["畅通"], checks=checks, **by)

    def acceptor(self) -> Any:
        """Somebody who handled nothing, of another body where one must accept (M64)."""
        return accepting.acceptor(self.session, self.case, make.deputy(self.session, self.town))

    def close(self) -> None:
        above = self.case.urgency == "immediate" or self.case.grade == "major"
        who = self.office if above else self.town.leader
        handling.close(self.session, self.case, **self.by(who, note="办结"))

    def refer(self) -> None:
        enforcing.refer(self.session, self.case, referral(), **self.by(self.town.leader))

    def take_back(self) -> None:
        sent = self.newest(Referral, "sent", "accepted")
        if sent.state == "sent":
            enforcing.accept(self.session, self.case, sent, slip="收字1号", **self.by(self.town.officer))
        enforcing.answer(self.session, self.case, sent, result="已督促", **self.by(self.town.leader))

    def conclude(self) -> None:
        sent = self.newest(Referral, "sent", "accepted")
        if sent.state == "sent":
            enforcing.accept(self.session, self.case, sent, slip="收字1号", **self.by(self.town.officer))
        facts = self.by(self.town.leader, result="已查处", finding="substantiated")
        enforcing.answer(self.session, self.case, sent, **facts)
        enforcing.conclude(self.session, self.case, sent, **self.by(self.office, confirmed=True, text="属实"))

    def ask_return(self) -> None:
        other = self.district.east if self.town is self.district.west else self.district.west
        plea = Plea("not_my_territory", "不在辖区", proposed_org_id=other.org.id)
        disputes.ask_return(self.session, self.case, plea=plea, **self.by(self.town.clerk))

    def contest(self) -> None:
        """The desk sends it to who had it before; a circle, which the safety office decides (X14)."""
        self.redispatch()

    def redispatch(self) -> None:
        other = self.district.east if self.town is self.district.west else self.district.west
        disputes.move_on(self.session, self.case, to=other.org, why="派错", **self.by(self.district.intake))

    def uphold_return(self) -> None:
        request = self.newest(ReturnRequest, "requested")
        disputes.uphold(self.session, self.case, request, **self.by(self.office, text="成立"))

    def reject_return(self) -> None:
        request = self.newest(ReturnRequest, "requested")
        disputes.reject(self.session, self.case, request, **self.by(self.office, text="不成立"))

    def void(self) -> None:
        proposed = routing.propose_void(
            self.session, self.case, reason="test_entry", text="测试", same_as=None, **self.by(self.district.intake)
        )
        routing.confirm_void(self.session, self.case, proposed.id, **self.by(self.office))

    def hold(self) -> None:
        asked = self.session.scalars(
            select(Hold).where(Hold.case_id == self.case.id, Hold.state == "requested")
        ).one_or_none()
        asked = asked or ask(self.walk, by=self.town.officer, days=30)
        holds.approve_hold(self.session, self.case, asked, **self.by(self.office, comment=""))

    def resume(self) -> None:
        hold = self.newest(Hold, "active")
        holds.end_hold(self.session, self.case, hold, **self.by(self.office, comment="鉴定已出"))

    # --- what lies beside it

    def ask_to_hold(self) -> None:
        ask(self.walk, by=self.town.leader, days=30)

    def renew_hold(self) -> None:
        hold = self.newest(Hold, "active")
        day = the_day(self.walk, 60)
        holds.renew_hold(self.session, self.case, hold, review_on=day, **self.by(self.office, comment="未完"))

    def confirm_look(self) -> None:
        look = self.newest(SecondLook, "waiting")
        handling.confirm_look(self.session, self.case, look, **self.by(self.office, comment="属实"))

    def decide_after_failure(self) -> None:
        task = self.newest(DecisionTask, "open")
        draft = ConsequenceDraft("refer", None, "安全生产法", "屡改不力", referral=referral())
        enforcing.decide_after_failure(self.session, self.case, task, draft, **self.by(self.town.leader))

    def impose_measure(self) -> None:
        self.bureau.in_force(self.case, now=self.now)

    def ask_to_lift(self) -> None:
        measure = self.newest(Measure, "in_force", "extended")
        enforcing.request_lift(self.session, self.case, measure, application="已整改", **self.by(self.bureau.first))

    def lift(self) -> None:
        measure = self.newest(Measure, "lift_requested")
        at_the_place(self.session, self.case, measure, **self.by(self.bureau.third))
        facts = self.by(self.bureau.third, result="pass", findings=["已消除"], note="")
        enforcing.review(self.session, self.case, measure, **facts)
        enforcing.lift(self.session, self.case, measure, **self.by(self.bureau.leader, note="恢复"))

    def breach(self) -> None:
        measure = self.newest(Measure, "in_force", "extended", "lift_requested")
        enforcing.breached(self.session, self.case, measure, **self.by(self.bureau.first, facts="仍在生产"))

    def answer_tasks(self) -> None:
        waiting = select(Task.org_id).where(
            Task.case_id == self.case.id, Task.kind.in_(("lead", "coop")), Task.state.in_(("open", "signed"))
        )
        people = {who.org_id: who for who in (self.district.fire_officer, self.district.police_officer)}
        for org_id in self.session.scalars(waiting).all():
            who = people.get(org_id) or make.officer(
                self.session, self.session.get_one(type(self.bureau.org), org_id), Role.DEPT_OFFICER
            )
            handling.answer_task(self.session, self.case, text="已配合", **self.by(who))

    def deliver_copies(self) -> None:
        waiting = select(RecordCopy).where(RecordCopy.case_id == self.case.id, RecordCopy.delivered_at.is_(None))
        for copy in self.session.scalars(waiting).all():
            by = self.by(self.town.clerk, note="送达")
            handling.deliver(self.session, self.case, copy_id=copy.id, **by)


MOVES: Mapping[str, Callable[[Course], None]] = {
    each.__name__: each
    for each in (
        Course.dispatch, Course.sign, Course.start_visit, Course.propose_verdict, Course.order,
        Course.start_check, Course.accept_more,
        Course.find_unsubstantiated, Course.return_verdict, Course.look_anew, Course.complete, Course.fail_acceptance,
        Course.reach_deadline, Course.begin_acceptance, Course.conclude,
        Course.pass_acceptance, Course.close, Course.refer, Course.take_back, Course.ask_return, Course.contest,
        Course.uphold_return, Course.reject_return, Course.redispatch, Course.void, Course.hold, Course.resume,
    )
}  # fmt: skip
BESIDE: Mapping[str, Callable[[Course], None]] = {
    each.__name__: each
    for each in (
        Course.ask_to_hold, Course.renew_hold, Course.confirm_look, Course.decide_after_failure, Course.impose_measure,
        Course.ask_to_lift, Course.lift, Course.breach, Course.answer_tasks, Course.deliver_copies,
        Course.complete_check,
    )
}  # fmt: skip

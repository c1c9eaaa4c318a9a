"""People of a simulated district: what each does next for a case, by the acts that a real officer has."""

from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import enforcing, handling, triage
from cases.enforcing import ConsequenceDraft
from cases.handling import CheckIn
from cases.models.case import Case, Task
from cases.models.handling import RecordCopy, Visit
from cases.models.referral import Referral
from cases.models.report import Report
from cases.models.second_look import DecisionTask, SecondLook
from cases.routing import place
from kit.clock import LOCAL_ZONE
from kit.errors import Refusal
from people.actors import Actor
from people.roles import Role
from tests import answers, enforcement, make
from tests.desk import REPLIES
from tests.make import District, Town
from tests.walk import RECORD, all_passed, order_draft

Act = Callable[[], object]


class Office:
    """Everybody of the district at one moment, before one case."""

    def __init__(self, session: Session, district: District, dice: Random) -> None:
        self.session, self.district, self.dice = session, district, dice
        self.departments = {
            who.org_id: who for who in (district.fire_officer, district.police_officer) if who.org_id is not None
        }

    def look_at(self, report: Report, now: datetime) -> None:
        """The desk accepts what waited for a person, and replies once there is a result."""
        if report.state == "in_review":
            placing = place(self.session, report)
            code = report.category_code
            triage.accept(self.session, report, placing, category_code=code, by=self.district.intake, now=now)
        elif report.outcome is not None and report.state in {"accepted", "verifying"}:
            triage.reply(self.session, report, text=REPLIES[report.outcome], by=self.district.intake, now=now)

    def next_act(self, case: Case, now: datetime) -> Act | None:
        """What an honest office does next for this case; None when it is nobody's turn."""
        town = self.town_of(case)
        acts: dict[str, Callable[[Case, Town, datetime], Act | None]] = {
            "dispatched": self._sign, "signed": self._visit, "verifying": self._conclude,
            "verdict_review": self._decide, "rectifying": self._complete, "acceptance": self._accept,
            "closure_review": self._close,
        }  # fmt: skip
        act = acts.get(case.state)
        return act(case, town, now) if act is not None else None

    def shortcuts(self, case: Case, now: datetime) -> Iterator[tuple[str, Act]]:
        """What somebody would try who wants the case off the list. Every one of them must be refused."""
        session, town = self.session, self.town_of(case)
        visits = session.scalars(select(Visit.id).where(Visit.case_id == case.id, Visit.completed_at.is_not(None)))
        waits = select(SecondLook.case_id).where(SecondLook.case_id == case.id, SecondLook.state == "waiting")
        undecided = select(DecisionTask.id).where(DecisionTask.case_id == case.id, DecisionTask.state == "open")
        if case.state != "closure_review":
            yield "close early", lambda: handling.close(session, case, note="", by=town.leader, now=now)
        if self.session.scalar(select(waits.exists())):
            yield (
                "close what waits for its second look",
                lambda: handling.close(session, case, note="", by=town.leader, now=now),
            )
        if self.session.scalar(select(undecided.exists())):
            yield (
                "state it as carried out while undecided",
                lambda: handling.complete(session, case, statement="已整改", by=town.officer, now=now),
            )
        if case.state == "verifying" and visits.first() is None:
            yield "deny without a visit", lambda: self._propose(case, town, "unsubstantiated", now)
        if case.state == "verdict_review":
            yield (
                "approve one's own verdict",
                lambda: handling.order(
                    session,
                    case,
                    draft=order_draft(due_at=now + timedelta(days=9)),
                    by=_as_leader(town.officer),
                    now=now,
                ),
            )
            yield (
                "order without a plan",
                lambda: handling.order(
                    session, case, draft=order_draft(due_at=now + timedelta(days=9), plan={}), by=town.leader, now=now
                ),
            )
        if case.state == "acceptance":
            yield (
                "accept one's own work",
                lambda: handling.pass_(
                    session,
                    case,
                    note="合格",
                    findings=["好"],
                    checks=all_passed(session, case),
                    by=town.officer,
                    now=now,
                ),
            )
        yield "act for another town", lambda: handling.close(
            session, case, note="", by=self._other(town).leader, now=now
        )  # fmt: skip

    def _other(self, town: Town) -> Town:
        return self.district.east if town is self.district.west else self.district.west

    def town_of(self, case: Case) -> Town:
        """The town that answers for a case."""
        towns = (self.district.west, self.district.east)
        return next(town for town in towns if town.org.id == case.responsible_org_id)

    def _sign(self, case: Case, town: Town, now: datetime) -> Act:
        return lambda: handling.sign(
            self.session, case, person_id=town.officer.account_id, by=town.clerk, now=now
        )  # fmt: skip

    def _visit(self, case: Case, town: Town, now: datetime) -> Act:
        def go() -> None:
            at = make.IN_WEST if town is self.district.west else make.IN_EAST
            check_in = CheckIn("verification", at, [], "按举报位置到场")
            handling.start_visit(self.session, case, check_in=check_in, by=town.officer, now=now)
            make.pictures(self.session, case, "near", "far", at=now)
            record = replace(RECORD, checks=answers.calm(self.session, case))
            handling.complete_visit(self.session, case, record=record, by=town.officer, now=now)

        return go

    def _conclude(self, case: Case, town: Town, now: datetime) -> Act:
        found = self.dice.random() < 0.8
        if not found and not self._seen_at_night(case):
            night = now.astimezone(LOCAL_ZONE).hour >= 20
            return self._visit(case, town, now) if night else lambda: self._propose(case, town, "partly", now)
        return lambda: self._propose(case, town, "substantiated" if found else "unsubstantiated", now)

    def _seen_at_night(self, case: Case) -> bool:
        started = self.session.scalars(select(Visit.started_at).where(Visit.case_id == case.id))
        return any(at.astimezone(LOCAL_ZONE).hour >= 20 for at in started)

    def _propose(self, case: Case, town: Town, outcome: str, now: datetime) -> None:
        handling.propose(
            self.session, case, outcome=outcome, summary="经查", qualification="消防法第二十八条", sanction="",
            by=town.officer, now=now,
        )  # fmt: skip

    def _decide(self, case: Case, town: Town, now: datetime) -> Act:
        if self.dice.random() < 0.1:
            return lambda: handling.return_verdict(self.session, case, comment="补充照片", by=town.leader, now=now)
        return lambda: self._order_or_deny(case, town, now)

    def _order_or_deny(self, case: Case, town: Town, now: datetime) -> None:
        proposed, _visit = handling.verdict.proposed(self.session, case)
        if proposed.outcome in {"substantiated", "partly"}:
            draft = order_draft(due_at=now + timedelta(days=self.dice.randint(2, 12)))
            handling.order(self.session, case, draft=draft, by=town.leader, now=now)
        else:
            handling.find_unsubstantiated(self.session, case, comment="现场无此情形", by=town.leader, now=now)

    def _complete(self, case: Case, town: Town, now: datetime) -> Act:
        task = self.session.scalars(
            select(DecisionTask).where(DecisionTask.case_id == case.id, DecisionTask.state == "open")
        ).one_or_none()
        if task is not None:
            return lambda: self._refer(case, task, town, now)

        def done() -> None:
            (picture,) = make.pictures(self.session, case, "after")
            picture.received_at = now
            handling.complete(self.session, case, statement="已整改", by=town.officer, now=now)

        return done

    def _refer(self, case: Case, task: DecisionTask, town: Town, now: datetime) -> None:
        """M40: to a body outside, which takes it and answers."""
        draft = ConsequenceDraft("refer", None, "安全生产法第六十九条", "屡改不力", referral=enforcement.referral())
        enforcing.decide_after_failure(self.session, case, task, draft, by=town.leader, now=now)
        sent = self.session.scalars(select(Referral).where(Referral.case_id == case.id, Referral.state == "sent")).one()
        enforcing.accept(self.session, case, sent, slip="收字1号", by=town.leader, now=now)
        enforcing.answer(self.session, case, sent, result="已督促", by=town.leader, now=now)

    def _accept(self, case: Case, town: Town, now: datetime) -> Act:
        if self.dice.random() < 0.15:
            return lambda: handling.fail(
                self.session, case, note="未清理", findings=["通道仍堵"], checks=[], by=town.colleague, now=now
            )
        return lambda: handling.pass_(
            self.session, case, note="合格", findings=["通道畅通"], checks=all_passed(self.session, case),
            by=town.colleague, now=now,
        )  # fmt: skip

    def _close(self, case: Case, town: Town, now: datetime) -> Act:
        def close() -> None:
            for copy in self.session.scalars(
                select(RecordCopy).where(RecordCopy.case_id == case.id, RecordCopy.delivered_at.is_(None))
            ).all():
                handling.deliver(self.session, case, copy_id=copy.id, note="送达", by=town.clerk, now=now)
            tasks = select(Task.org_id).where(
                Task.case_id == case.id, Task.kind.in_(("lead", "coop")), Task.state.in_(("open", "signed"))
            )
            for org_id in self.session.scalars(tasks).all():
                handling.answer_task(self.session, case, text="已配合", by=self.departments[org_id], now=now)
            waiting = select(SecondLook).where(SecondLook.case_id == case.id, SecondLook.state == "waiting")
            for look in self.session.scalars(waiting).all():
                handling.confirm_look(self.session, case, look, comment="属实", by=self.district.supervisor, now=now)
            above = case.urgency == "immediate" or case.grade == "major"
            by = self.district.supervisor if above else town.leader
            handling.close(self.session, case, note="整改到位", by=by, now=now)

        return close


def refused(session: Session, act: Act) -> bool:
    """Whether an act is refused; whatever it had begun is undone."""
    with suppress(Refusal), session.begin_nested():
        act()
        return False
    session.expire_all()
    return True


def _as_leader(officer: Actor) -> Actor:
    """The same person with a leader's role as well."""
    return replace(officer, roles=officer.roles | {Role.TOWN_LEADER})

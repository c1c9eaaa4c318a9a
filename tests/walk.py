"""Carries a case along the straight path by its officers' own acts, each in the role that the act needs."""

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import handling
from cases.handling import BlockAnswer, CheckIn, FindingCheckIn, OrderDraft, VisitRecord
from cases.lifecycle.checked import Criterion
from cases.models.case import Case
from cases.models.finding import Finding
from cases.models.handling import RecordCopy
from cases.routing import dispatch
from people.actors import SYSTEM, Actor
from tests import accepting, answers, make
from tests.make import District

AN_HOUR = timedelta(hours=1)
RECORD = VisitRecord(
    place="幸福路1号", people_present="王某", findings=("安全出口上锁",), facts="安全出口上锁", action="责令改正",
    permit_check={"outcome": "not_seen"}, signature="signed", signature_note="",
    checklist=tuple(BlockAnswer(block, "clear") for block in ("industry", "posts", "equipment", "hazards")),
    inspected_unit="某物业公司", penalty="拟立案调查",
)  # fmt: skip
PLAN = {
    "responsible_party": "某公司", "measures": "清理", "funding": "自筹", "contingency": "专人看守",
    "interim": "设置警戒",
}  # fmt: skip
MAJOR = Criterion("fire", "第6.1.1条")


class Walk:
    """A case, its town and a moment that each act moves on by an hour."""

    def __init__(self, session: Session, district: District, *, category: str = "FIR-02", now: datetime = make.NOW):
        self.session, self.district, self.town, self.now = session, district, district.west, now
        self.case = make.case(session, category=category)

    def dispatched(self) -> "Walk":
        """T2."""
        dispatch(self.session, self.case, to=self.town.org, by=SYSTEM, now=self._tick())
        return self

    def signed(self) -> "Walk":
        """T3."""
        self.dispatched()
        who = self.town
        handling.sign(self.session, self.case, person_id=who.officer.account_id, by=who.clerk, now=self._tick())
        return self

    def visited(self, *, companions: tuple[Actor, ...] = ()) -> "Walk":
        """T6 and the record of the visit, with pictures from near and far."""
        self.signed()
        return self.visit_again(companions=companions)

    def visit_again(self, *, companions: tuple[Actor, ...] = ()) -> "Walk":
        """One more visit from where the case is."""
        check_in = CheckIn("verification", make.IN_WEST, [each.account_id or 0 for each in companions], None)
        who = self.town.officer
        handling.start_visit(self.session, self.case, check_in=check_in, by=who, now=self._tick())
        make.pictures(self.session, self.case, "near", "far", at=self.now)
        record = replace(RECORD, checks=answers.calm(self.session, self.case))
        handling.complete_visit(self.session, self.case, record=record, by=who, now=self._tick())
        return self

    def proposed(self, outcome: str = "substantiated") -> "Walk":
        """T7."""
        self.visited()
        return self.propose_again(outcome)

    def propose_again(self, outcome: str = "substantiated") -> "Walk":
        """One more verdict from where the case is."""
        handling.propose(
            self.session, self.case, outcome=outcome, summary="属实", qualification="消防法", sanction="",
            by=self.town.officer, now=self._tick(),
        )  # fmt: skip
        return self

    def ordered(self, *, days: int = 10, grade: str = "general", by: Actor | None = None) -> "Walk":
        """T8, to be done within so many days."""
        self.proposed()
        at = self._tick()
        draft = order_draft(due_at=at + timedelta(days=days), grade=grade)
        handling.order(self.session, self.case, draft=draft, by=by or self.town.leader, now=at)
        return self

    def completed(self, *, days: int = 10) -> "Walk":
        """T13."""
        self.ordered(days=days)
        return self.complete_again()

    def complete_again(self) -> "Walk":
        """One more statement of completion from where the case is, with a photo taken just before."""
        at = self._tick()
        (picture,) = make.pictures(self.session, self.case, "after")
        picture.received_at = at
        handling.complete(self.session, self.case, statement="已整改", by=self.town.officer, now=self._tick())
        return self

    def accepted(self) -> "Walk":
        """T15, by a colleague who did not handle it, or by another body where one must (M64)."""
        self.completed()
        by = accepting.acceptor(self.session, self.case, self.town.colleague)
        accepting.pass_(
            self.session, self.case, note="合格", findings=["出口畅通"], checks=all_passed(self.session, self.case),
            by=by, now=self._tick(),
        )  # fmt: skip
        return self

    def closable(self) -> "Walk":
        """Accepted, every copy delivered and every department's task answered."""
        self.accepted()
        return self.delivered()

    def delivered(self) -> "Walk":
        """Every copy delivered and every department's task answered, from where the case is."""
        for copy in self.session.scalars(select(RecordCopy).where(RecordCopy.case_id == self.case.id)).all():
            handling.deliver(
                self.session, self.case, copy_id=copy.id, note="送达", by=self.town.clerk, now=self._tick()
            )
        for who in (self.district.fire_officer, self.district.police_officer):
            handling.answer_task(self.session, self.case, text="已配合", by=who, now=self._tick())
        return self

    def _tick(self) -> datetime:
        self.now += AN_HOUR
        return self.now


def all_passed(session: Session, case: Case) -> list[FindingCheckIn]:
    """Every finding of a case, passed (T15)."""
    return [
        FindingCheckIn(each, "pass") for each in session.scalars(select(Finding.id).where(Finding.case_id == case.id))
    ]


def order_draft(
    *, due_at: datetime | None, grade: str = "general", fixed_on_spot: bool = False, **facts: object
) -> OrderDraft:
    """An order with its five items and all consequences decided; `facts` replace its parts."""
    parts: dict[str, object] = {
        "text": "立即清理", "plan": PLAN, "criterion": MAJOR if grade == "major" else None,
        "consequences": make.UNDECIDED, "comment": None,
    }  # fmt: skip
    return OrderDraft(due_at=due_at, grade=grade, fixed_on_spot=fixed_on_spot, **(parts | facts))  # type: ignore[arg-type]

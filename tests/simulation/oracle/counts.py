"""The totals agree with the trail: every state and number is told again by the entries alone (M78, M79)."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases.journey import Kind
from cases.lifecycle.case import CASE_MOVES
from cases.models.aftercare import LookBack, Reopening, Review
from cases.models.case import Case, CaseEvent
from cases.models.handling import Acceptance, Verdict
from cases.models.measure import Measure
from cases.models.pause import Extension, Hold
from cases.models.penalty import Penalty
from cases.models.referral import Referral
from cases.models.report import Report, ReportEvent
from cases.models.second_look import DecisionTask
from people.models import Org

TARGETS = {str(move.entry): move.target for move in CASE_MOVES.values() if move.target}
AWAY = {str(Kind.CASE_REFERRED), str(Kind.CASE_HELD)}
BACK = {str(Kind.CASE_TAKEN_BACK), str(Kind.CASE_RESUMED)}
SOURCES: dict[str, set[str]] = {}
for _move in (each for each in CASE_MOVES.values() if not each.stays):
    SOURCES.setdefault(str(_move.entry), set()).update(_move.source)
OF_A_TASK = {str(Kind.RETURN_REQUESTED), str(Kind.RETURN_REJECTED)}  # a department's own return moves no case
REPORT_STATES = {
    Kind.REVIEW_STARTED: "in_review", Kind.ASKED: "need_more", Kind.ANSWERED: "in_review",
    Kind.ANSWER_MISSED: "in_review", Kind.REDIRECTED: "redirected", Kind.NOT_ACCEPTED: "not_accepted",
    Kind.ACCEPTED: "accepted", Kind.MERGED: "accepted", Kind.SEPARATED: "accepted",
    Kind.BACK_ON_THE_DESK: "in_review", Kind.REPLIED: "replied", Kind.REVIEW_REQUESTED: "review_requested",
    Kind.WITHDRAWN: "withdrawn", Kind.REPORT_CLOSED: "closed",
}  # fmt: skip
# How many rows of a table in these states the entries of these kinds make, and those that take one out again.
COUNTED: tuple[tuple[type[Any], tuple[str, ...], tuple[Kind, ...], tuple[Kind, ...]], ...] = (
    (Penalty, ("filed", "investigated", "notified", "hearing"), (Kind.PENALTY_FILED,),
     (Kind.PENALTY_DECIDED, Kind.PENALTY_WAIVED)),
    (Penalty, ("decided", "served", "executed"), (Kind.PENALTY_DECIDED,), (Kind.PENALTY_REVOKED,)),
    (Penalty, ("not_penalised",), (Kind.PENALTY_WAIVED,), ()),
    (Penalty, ("revoked",), (Kind.PENALTY_REVOKED,), ()),
    (Measure, ("lifted",), (Kind.MEASURE_LIFTED,), ()),
    (Measure, ("expired",), (Kind.MEASURE_EXPIRED,), ()),
    (Referral, ("sent",), (Kind.REFERRED,), ()),
    (Hold, ("active",), (Kind.CASE_HELD,), (Kind.CASE_RESUMED,)),
    (Hold, ("refused",), (Kind.HOLD_REFUSED,), ()),
    (Extension, ("granted",), (Kind.EXTENSION_GRANTED,), ()),
    (Extension, ("refused",), (Kind.EXTENSION_REFUSED,), ()),
    (Extension, ("lapsed",), (Kind.EXTENSION_LAPSED,), ()),
    (DecisionTask, ("open",), (Kind.DECISION_DEMANDED,), (Kind.DECISION_TAKEN,)),
    (LookBack, ("confirmed",), (Kind.LOOK_BACK_CONFIRMED,), ()),
    (LookBack, ("rebound",), (Kind.REBOUND_FOUND,), ()),
    (Review, ("upheld",), (Kind.REVIEW_UPHELD,), ()),
    (Review, ("dismissed",), (Kind.REVIEW_DISMISSED,), ()),
)  # fmt: skip


@dataclass
class Retold:
    """What the entries have told so far; read on from where it stopped."""

    states: dict[UUID, str] = field(default_factory=dict)
    before: dict[UUID, str] = field(default_factory=dict)
    towns: dict[UUID, str] = field(default_factory=dict)
    verdicts: dict[UUID, str] = field(default_factory=dict)
    reports: dict[UUID, str] = field(default_factory=dict)
    kinds: Counter[str] = field(default_factory=Counter)
    seqs: Counter[UUID] = field(default_factory=Counter)
    read: int = 0
    read_of_reports: int = 0

    def read_on(self, session: Session) -> None:
        """Read what was entered since. Raises AssertionError for an entry that cannot follow the one before it."""
        to = {(row.case_id, row.round): row.to_state for row in session.scalars(select(Reopening))}
        new = select(CaseEvent).where(CaseEvent.id > self.read).order_by(CaseEvent.id)
        for event in session.scalars(new).all():
            self.read = event.id
            self.kinds[event.kind] += 1
            self.seqs[event.case_id] += 1
            assert event.seq == self.seqs[event.case_id], event.kind
            self._enter(event, to)
        newer = select(ReportEvent).where(ReportEvent.id > self.read_of_reports).order_by(ReportEvent.id)
        for entry in session.scalars(newer).all():
            self.read_of_reports = entry.id
            if entry.kind in REPORT_STATES:
                self.reports[entry.report_id] = REPORT_STATES[Kind(entry.kind)]

    def _enter(self, event: CaseEvent, to: dict[tuple[UUID, int], str]) -> None:
        case_id, kind = event.case_id, event.kind
        if kind == Kind.REGISTERED:
            self.states[case_id] = "registered"
        if kind not in SOURCES or (kind in OF_A_TASK and "task" in event.body):
            return
        assert self.states[case_id] in SOURCES[kind], (kind, self.states[case_id])
        if kind in AWAY:
            self.before[case_id] = self.states[case_id]
        if kind == Kind.DISPATCHED:
            self.towns[case_id] = event.body["to"]
        if kind in {Kind.ORDERED, Kind.NOT_SUBSTANTIATED}:
            self.verdicts[case_id] = event.body["outcome"]
        if kind in BACK:
            self.states[case_id] = self.before.pop(case_id)
        elif kind == Kind.REOPENED:
            self.states[case_id] = to[case_id, event.body["round"]]
        else:
            self.states[case_id] = TARGETS[kind]

    def agrees(self, session: Session, now: datetime) -> None:
        """Raise AssertionError where the tables say something else."""
        self.read_on(session)
        rows = session.execute(select(Case.id, Case.state, Org.code).outerjoin(Org, Org.id == Case.responsible_org_id))
        for case_id, state, town in rows.all():
            assert (self.states[case_id], self.towns.get(case_id)) == (state, town), now
        self._numbers_agree(session, now)
        for report_id, state in session.execute(select(Report.id, Report.state)):
            told = self.reports.get(report_id, "submitted")
            assert state == told or (state, told) == ("verifying", "accepted"), (report_id, state, told, now)

    def _numbers_agree(self, session: Session, now: datetime) -> None:
        for table, states, made, ended in COUNTED:
            wanted = sum(self.kinds[kind] for kind in made) - sum(self.kinds[kind] for kind in ended)
            found = select(func.count()).select_from(table).where(table.state.in_(states))
            if table is Referral:
                found = select(func.count()).select_from(table)
            assert session.scalar(found) == wanted, (table.__tablename__, states, now)
        for column, kind in ((Case.reopen_count, Kind.REOPENED), (Case.rework_count, Kind.ACCEPTANCE_FAILED)):
            assert (session.scalar(select(func.sum(column))) or 0) == self.kinds[kind], (kind, now)
        assert session.scalar(select(func.count()).select_from(Reopening)) == self.kinds[Kind.REOPENED]
        results = dict(session.execute(select(Acceptance.result, func.count()).group_by(Acceptance.result)).all())  # type: ignore[arg-type]
        told = {"fail": self.kinds[Kind.ACCEPTANCE_FAILED], "pass": self.kinds[Kind.ACCEPTANCE_PASSED]}
        assert results == {name: count for name, count in told.items() if count}, now
        decided = select(Verdict.outcome, func.count()).where(Verdict.state == "approved").group_by(Verdict.outcome)
        assert sum(count for _, count in session.execute(decided)) <= self.kinds[Kind.ORDERED] + self.kinds[
            Kind.NOT_SUBSTANTIATED
        ], now  # fmt: skip

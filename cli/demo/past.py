"""What the demo says was done in the last weeks: a dozen cases whose exposures are published or withdrawn.

E5 lets nothing be published before three working days after the visit have passed, and no door of the API takes another
day than today. So these cases are told in transactions of their own with an earlier `now`: by the same verbs of the
domain that the API and the worker call, by the same demo officers, under the same guards. No row is written by hand.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from cases import deadlines, exposure, handling, intake, policy, supervision, triage
from cases.exposure import Draft
from cases.handling import BlockAnswer, CheckAnswer, CheckIn, FindingCheckIn, OrderDraft, VisitRecord
from cases.intake import load_rules
from cases.lifecycle import accepting
from cases.lifecycle.checked import Criterion
from cases.models.case import Task
from cases.models.handling import RecordCopy
from cases.models.report import Report, ReportCase
from cli.demo import spots
from cli.demo.answers import answers
from cli.demo.citizens import CLIENT
from cli.demo.field import BLOCKS, PENALISE, REASONS
from cli.demo.inside import receive
from cli.demo.offices import stem_of_code
from cli.demo.plan import Arrival, Goal, Story
from cli.demo.press import TICKS, draft
from cli.demo.views import shot
from cli.demo.words import entity, extract, said, words
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work
from kit.storage import put_kept, store
from people.actors import Actor
from people.models import Account, Org
from people.roles import Role

FIRST_NUMBER: Final = 10_000
CRITERIA: Final = {"GAS-01": "town_gas", "CHM-01": "chemicals", "FW-02": "fireworks"}
LAST_BEGAN: Final = 24
"""Days before now: enough working days for all that follows, a week of holidays among them."""
OPENS: Final = time(9, tzinfo=LOCAL_ZONE)
MOST_BYTES: Final = 20 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Past:
    """One case of the past: how it ended, and on which ground it was exposed."""

    category: str
    town: str
    ends: str  # rectifying, accepted, closed, withdrawn
    ground: str = "D"
    reason: str = ""


PASTS: Final = (
    Past("FIR-01", "990101001", "closed"),
    Past("FW-01", "990101002", "accepted"),
    Past("BLD-01", "990101401", "rectifying"),
    Past("GAS-01", "990101003", "rectifying", "C"),
    Past("IND-01", "990101401", "closed"),
    Past("TRN-02", "990101100", "accepted"),
    Past("CHM-01", "990101102", "rectifying", "C"),
    Past("SEQ-01", "990101101", "rectifying"),
    Past("RNT-01", "990101004", "closed"),
    Past("FW-02", "990101105", "rectifying", "C"),
    Past("FIR-04", "990101103", "withdrawn", reason="当事单位名称有误，更正后另行发布"),
    Past("MIN-01", "990101200", "withdrawn", reason="当事人提出异议，经复核予以撤回"),
)


def tell_the_past(*, now: datetime, notice_version: str) -> int:
    """Tell what was done before `now`; gives how many cases are new. Repeating adds none."""
    told = 0
    for at, past in enumerate(PASTS):
        story = Story(FIRST_NUMBER + at, Arrival.PLAIN, Goal.CLOSED, past.category, past.town)
        with unit_of_work(OWNER) as session:
            if session.scalars(select(Report.id).where(Report.client_id == story.client_id)).first() is None:
                telling = Telling(session, story, past, now - timedelta(days=LAST_BEGAN + 2 * (len(PASTS) - at)))
                telling.tell(notice_version)
                supervision.climb(session, telling.case, now=now)  # as a worker would have, rung by rung
                told += 1
    return told


class Telling:
    """One case of the past on its way, in one transaction."""

    def __init__(self, session: Session, story: Story, past: Past, begun: datetime) -> None:
        self.session, self.story, self.past = session, story, past
        self.words = words()[story.category]
        self.calendar = policy.calendar(session, begun)
        self.begun = self._opening(begun)

    def tell(self, notice_version: str) -> None:
        """From the report to the exposure, and to the end."""
        self._arrive(notice_version)
        self._handle()
        public = self._expose()
        if self.past.ends in {"accepted", "closed"}:
            self._put_right(self._opening(public + timedelta(days=1)))
        if self.past.ends == "closed":
            self._close(self._opening(public + timedelta(days=2)))

    def _arrive(self, notice_version: str) -> None:
        place, number = spots.inside(self.story.town, self.story.number), self.story.number
        receive(self.session, intake.Submission(
            client_id=self.story.client_id, fingerprint=hashlib.sha256(self.story.client_id.bytes).digest(),
            channel="demo", received_at=self.begun, observed_at=self.begun - timedelta(hours=2),
            category=self.story.category, text=said(self.story.category, number), address=None, emergency="none",
            deaths=False, lon=place.lon, lat=place.lat, crs="wgs84", accuracy_m=8.0, method="gps", fix_at=None,
            photos=(), contact=None, notice_version=notice_version, client=CLIENT, locale="zh-CN",
        ), load_rules(self.session, self.begun))  # fmt: skip
        self.report = self.session.scalars(select(Report).where(Report.client_id == self.story.client_id)).one()
        triage.judge(self.session, self.report.id, now=self._at(0, minutes=1))
        if self.session.get(ReportCase, self.report.id) is None:  # something like it lies near
            placing = triage.of_report(self.session, self.report, now=self._at(0, minutes=5)).placing
            triage.accept(
                self.session, self.report, placing, category_code=self.story.category, by=self._who("desk"),
                now=self._at(0, minutes=5),
            )  # fmt: skip
        self.case = triage.case_of(self.session, self.report)
        triage.confirm_extract(
            self.session, self.report, self.case, text=extract(self.story.category, number), photo_ids=(),
            by=self._who("desk"), now=self._at(0, minutes=20),
        )  # fmt: skip

    def _handle(self) -> None:
        s, case, finder = self.session, self.case, self._of_town("officer1")
        assert finder.account_id is not None  # noqa: S101 - tells the type checker that officers have accounts
        handling.sign(s, case, person_id=finder.account_id, by=self._of_town("clerk"), now=self._at(0, minutes=25))
        place = spots.inside(self.story.town, self.story.number)
        handling.start_visit(
            s, case, check_in=CheckIn("verification", place, (), None), by=finder, now=self._at(0, hours=2)
        )
        for role in ("far", "near"):
            self._photograph(role, finder, self._at(0, hours=2, minutes=10))
        handling.complete_visit(s, case, record=self._record(), by=finder, now=self._at(0, hours=3))
        handling.propose(
            s, case, outcome="substantiated", summary=self.words.found, qualification="违反安全生产有关管理规定",
            sanction="建议依法处理", by=finder, now=self._at(0, hours=4),
        )  # fmt: skip
        handling.order(s, case, draft=self._order(), by=self._decider(), now=self._at(1))
        triage.mirror(s, case.id, now=self._at(1))

    def _expose(self) -> datetime:
        """Draft, review, publish on the first morning that E5 allows; gives when."""
        s, case, publisher = self.session, self.case, self._who("publisher")
        found = exposure.draft(
            s, case, Draft(**draft(self.story, ground="D")) if self.past.ground == "D" else self._overdue_draft(),
            by=publisher, now=self._at(4),
        )  # fmt: skip
        exposure.submit(s, case, found, by=publisher, now=self._at(4, hours=1))
        exposure.review(
            s, case, found, ticks=TICKS, note="依据充分，表述准确", by=self._who("legal"), now=self._at(4, hours=3)
        )
        told = exposure.tell_party(
            s, case, found, how="direct", recipient="单位负责人", told_at=self._at(4, hours=4), by=publisher,
            now=self._at(4, hours=4),
        )  # fmt: skip
        heard = {"heard_at": self._at(4, hours=5), "now": self._at(4, hours=5)}
        exposure.party_agrees(s, case, found, told, **heard, by=publisher)
        days = policy.value(s, "exposure_min_workdays", self.begun)
        earliest = deadlines.add(self._at(0, hours=3), days, "work_d", self.calendar).due_at
        public = max(self._opening(earliest), self._at(5))
        exposure.publish(s, case, found, by=publisher, now=public)
        if self.past.ends == "withdrawn":
            exposure.withdraw(
                s, case, found, reason=self.past.reason, by=publisher, now=self._opening(public + timedelta(days=2))
            )
        return public

    def _put_right(self, at: datetime) -> None:
        finder, other = self._of_town("officer1"), self._acceptor()
        self._photograph("after", finder, at)
        handling.complete(self.session, self.case, statement=f"已完成：{self.words.measures}。", by=finder, now=at)
        seen = at + timedelta(hours=11)  # in the evening, as some categories ask (X20)
        place = spots.inside(self.story.town, self.story.number)
        handling.arrive(self.session, self.case, point=place, distance_reason=None, by=other, now=seen)
        self._photograph("after", other, seen)
        done = seen + timedelta(hours=1)
        handling.pass_(
            self.session, self.case, note="验收通过", findings=["整改措施已落实"], by=other,
            checks=[FindingCheckIn(each.id, "pass") for each in handling.beside(self.session, self.case).findings],
            now=done,
        )  # fmt: skip
        exposure.follow_progress(self.session, self.case.id, now=done)
        triage.mirror(self.session, self.case.id, now=done)

    def _close(self, at: datetime) -> None:
        text = "您反映的问题经现场核查属实，已责令整改并通过验收。感谢您对安全生产工作的支持。"
        triage.reply(self.session, self.report, text=text, by=self._who("desk"), now=at)
        self.session.flush()
        triage.settle_replies(self.session, self.report.id, now=at)
        for copy_id in self.session.scalars(select(RecordCopy.id).where(RecordCopy.case_id == self.case.id)).all():
            handling.deliver(
                self.session, self.case, copy_id=copy_id, note="当面送达", by=self._of_town("clerk"), now=at
            )
        beside = select(Org.code).join(Task, Task.org_id == Org.id)
        beside = beside.where(Task.case_id == self.case.id, Task.kind.in_(("lead", "coop")))
        for code in self.session.scalars(beside).all():
            by = self._who(f"{stem_of_code(code)}-officer")
            handling.answer_task(self.session, self.case, text="已配合办理，无其他问题。", by=by, now=at)
        closer = "safety" if self.case.urgency == "immediate" else f"{stem_of_code(self.past.town)}-leader"
        handling.close(
            self.session, self.case, note="事项办结，同意结案", by=self._who(closer), now=at + timedelta(hours=2)
        )
        triage.mirror(self.session, self.case.id, now=at + timedelta(hours=2))

    def _order(self) -> OrderDraft:
        is_major, penalised = self.past.ground == "C", self.case.penalty_policy == "mandatory"
        consequences = {name: {"decided": False, "reason": reason} for name, reason in REASONS.items()}
        consequences["penalise"] = {"decided": penalised, "reason": PENALISE[penalised]}
        plan = {
            "responsible_party": f"{entity(self.story.category, self.story.number)}负责人",
            "measures": self.words.measures, "funding": "自筹", "contingency": "整改期间专人值守",
            "interim": "设置警戒，暂停使用", "no_operator": False,
        }  # fmt: skip
        return OrderDraft(
            text=f"责令你单位：{self.words.measures}。", plan=plan,
            # What is exposed on ground C is a major hazard whose order has run out (E1).
            due_at=self._at(3) if is_major else self._at(1) + timedelta(days=12), fixed_on_spot=False,
            grade="major" if is_major else "general",
            criterion=Criterion(CRITERIA[self.story.category], "第四条") if is_major else None,
            consequences=consequences, comment="同意",
        )  # fmt: skip

    def _overdue_draft(self) -> Draft:
        text = draft(self.story, ground="C")
        return Draft(**{**text, "body": text["body"] + "该单位逾期未完成整改。"})

    def _record(self) -> VisitRecord:
        return VisitRecord(
            place=self.words.spot, people_present="现场负责人", findings=[self.words.found], facts=self.words.found,
            action="责令停止危险行为", permit_check={"outcome": "not_seen", "note": "未能出示有关许可"},
            signature="signed", signature_note="", inspected_unit=entity(self.story.category, self.story.number),
            penalty="建议立案查处" if self.case.penalty_policy == "mandatory" else "",
            checklist=[BlockAnswer(block, "clear") for block in BLOCKS],
            checks=[CheckAnswer(**each) for each in answers(map(asdict, self._checks()))],
        )  # fmt: skip

    def _checks(self) -> list[policy.Check]:
        case = self.case
        return policy.checks_of(policy.category_version(self.session, case.category_code, case.category_version))

    def _photograph(self, role: str, by: Actor, now: datetime) -> None:
        taken = shot(self.story, role, by=by.name)
        file = put_kept(store(), intake.new_sealed_key(), [taken], limit_bytes=MOST_BYTES)
        handling.add_picture(self.session, self.case, file, role=role, by=by, now=now)

    def _decider(self) -> Actor:
        """A town's leader for a general hazard, the leader of a department that leads for a major one (F18)."""
        if self.past.ground != "C":
            return self._of_town("leader")
        leads = select(Org.code).join(Task, Task.org_id == Org.id)
        leads = leads.where(Task.case_id == self.case.id, Task.kind == "lead").order_by(Org.code).limit(1)
        code = self.session.scalars(leads).one()
        return self._who(f"{stem_of_code(code)}-leader")

    def _acceptor(self) -> Actor:
        """Another officer of the town, or of the body that must accept in its place (M64)."""
        if not accepting.by_others(self.session, self.case):
            return self._of_town("officer2")
        body = self.session.get_one(Org, accepting.whose(self.session, self.case))
        return self._who(f"{stem_of_code(body.code)}-officer")

    def _of_town(self, job: str) -> Actor:
        return self._who(f"{stem_of_code(self.past.town)}-{job}")

    def _who(self, username: str) -> Actor:
        found = select(Account).where(Account.username == username)
        account = self.session.scalars(found.options(joinedload(Account.org), selectinload(Account.roles))).one()
        roles = frozenset(Role(row.role) for row in account.roles)
        return Actor("officer", account.name, account.id, account.org_id, account.org.kind, roles)

    def _at(self, days: int, *, hours: int = 0, minutes: int = 0) -> datetime:
        """So long after the office opened, so many working days after the report came."""
        moment = self.begun
        for _ in range(days):
            moment = self._opening(moment + timedelta(days=1))
        return moment + timedelta(hours=hours, minutes=minutes)

    def _opening(self, moment: datetime) -> datetime:
        """When the office opens on that day, or on the next working day."""
        day = moment.astimezone(LOCAL_ZONE).date()
        while not self.calendar.is_working(day):
            day += timedelta(days=1)
        return datetime.combine(day, OPENS)

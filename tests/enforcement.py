"""Certified officers, delegations and tracks at any stage, for tests of enforcement."""

from datetime import date, datetime
from itertools import count

from sqlalchemy.orm import Session

from cases import enforcing, papers
from cases.enforcing import Decision, DelegationDraft, MeasureDraft, ReferralDraft
from cases.models.case import Case
from cases.models.delegation import Delegation
from cases.models.handling import Acceptance, Completion
from cases.models.measure import Measure
from cases.models.paper import Scan
from cases.models.penalty import Penalty
from cases.models.referral import CriminalTransfer, Referral
from cases.papers import NewScan
from people.actors import Actor
from people.models import Certificate, Org
from people.roles import Role
from tests import make
from tests.make import NOW, District

FROM, TO = date(2026, 1, 1), date(2026, 12, 31)
_numbers = count(1)


class Bureau:
    """A department with a task in a case: two certified officers, one more, and a leader; and the district's lawyer."""

    def __init__(self, session: Session, district: District, org: Org | None = None):
        self.session, self.org = session, org or district.fire
        acts = Role.DEPT_OFFICER if self.org.kind == "department" else Role.TOWN_OFFICER
        leads = Role.DEPT_LEADER if self.org.kind == "department" else Role.TOWN_LEADER
        self.first, self.second, self.third, self.leader, self.lawyer = make.officers(
            session, [*3 * [(self.org, acts)], (self.org, leads), (district.office, Role.LEGAL_REVIEWER)]
        )
        for actor in (self.first, self.second):
            certify(session, actor)

    @property
    def officers(self) -> list[int]:
        """The two certified ones."""
        return [self.first.account_id or 0, self.second.account_id or 0]

    def case(self, **facts: object) -> Case:
        """A case under rectification of this bureau, with an enforcement check behind it."""
        columns: dict[str, object] = {"state": "rectifying", "outcome": "substantiated", "grade": "general"}
        town = self.org if self.org.kind == "town" else make.town(self.session).org
        case = make.case(self.session, town, **(columns | facts))  # type: ignore[arg-type]
        if self.org.kind == "department":
            make.task(self.session, case, self.org, kind="lead")
        make.visit(self.session, case, self.first, companions=(self.second,), kind="enforcement", supports_penalty=True)
        return case

    def ready(self, district: District) -> Case:
        """A case under a mandatory penalty, rectified, accepted and documented: only the penalty is missing."""
        session, town = self.session, district.west
        facts = {"outcome": "substantiated", "grade": "general", "penalty_policy": "mandatory"}
        case = make.case(session, town.org, state="closure_review", **facts)
        make.task(session, case, self.org, kind="lead", state="answered")
        visit = make.visit(
            session, case, self.first, companions=(self.second,), kind="enforcement", supports_penalty=True
        )
        make.verdict(
            session, case, visit, town.officer, state="approved", decided_by=town.leader.account_id, decided_at=NOW,
            consequences=make.UNDECIDED,
        )  # fmt: skip
        order = make.order(session, case, town.leader)
        done = Completion(
            case_id=case.id, order_id=order.id, statement="已整改", stated_by=town.officer.account_id, stated_at=NOW
        )
        session.add(done)
        session.flush()
        session.add(
            Acceptance(case_id=case.id, completion_id=done.id, result="pass", findings=["x"], note="",
                       accepted_by=town.colleague.account_id, accepted_at=NOW)
        )  # fmt: skip
        make.copies(session, visit, delivered=4)
        return case

    def filed(self, case: Case, *, now: datetime = NOW) -> Penalty:
        """A track against one party."""
        return enforcing.file(
            self.session, case, party_kind="unit", party="某公司", cause="锁闭安全出口", officer_ids=self.officers,
            by=self.first, now=now,
        )  # fmt: skip

    def notified(self, case: Case, *, now: datetime = NOW) -> Penalty:
        """A track whose party knows what is intended."""
        penalty = self.filed(case, now=now)
        enforcing.investigate(
            self.session, case, penalty, findings="安全出口上锁", qualification="消防法第六十条", by=self.first, now=now
        )
        return enforcing.notify(self.session, case, penalty, notice="拟罚款五千元", by=self.first, now=now)

    def heard(self, case: Case, *, now: datetime = NOW) -> Penalty:
        """A track whose party has said that it makes no defence (F29)."""
        penalty = self.notified(case, now=now)
        text = "当事人书面表示放弃陈述、申辩"
        return enforcing.hear_defence(self.session, case, penalty, text=text, by=self.first, now=now)

    def decided(self, case: Case, *, now: datetime = NOW, **facts: object) -> Penalty:
        """A decision to fine."""
        penalty = self.heard(case, now=now)
        return enforcing.decide(self.session, case, penalty, decision(**facts), by=self.leader, now=now)

    def served(self, case: Case, *, now: datetime = NOW, **facts: object) -> Penalty:
        """A decision that its party has in hand."""
        penalty = self.decided(case, now=now, **facts)
        return enforcing.serve(self.session, case, penalty, how="当面送达", by=self.first, now=now)

    def stored(self, case: Case, penalty: Penalty, *, now: datetime = NOW, **facts: object) -> Scan:
        """The decision's scanned copy in the file (G-DOC)."""
        return papers.add_scan(self.session, case, copy_of(penalty, **facts), by=self.first, now=now)

    def waiver_proposed(self, case: Case, *, now: datetime = NOW) -> Penalty:
        """A track that its leader wants to end without a penalty."""
        penalty = self.filed(case, now=now)
        return enforcing.propose_waiver(
            self.session, case, penalty, reason="minor_corrected", text="轻微并及时改正", education="已教育",
            conditions={"minor": True, "corrected": True, "no_harm": True}, by=self.leader, now=now,
        )  # fmt: skip

    def proposed(self, case: Case, type_code: str = "suspension", *, now: datetime = NOW, **facts: object) -> Measure:
        """A measure that waits for approval."""
        return enforcing.propose(self.session, case, measure(type_code, **facts), by=self.first, now=now)

    def approved(self, case: Case, type_code: str = "suspension", *, now: datetime = NOW, **facts: object) -> Measure:
        """A measure that may be put in force."""
        made = self.proposed(case, type_code, now=now, **facts)
        return enforcing.approve(self.session, case, made, note="同意", decision_ref=None, by=self.leader, now=now)

    def in_force(self, case: Case, type_code: str = "suspension", *, now: datetime = NOW, **facts: object) -> Measure:
        """A measure that holds."""
        made = self.approved(case, type_code, now=now, **facts)
        return enforcing.put_in_force(
            self.session, case, made, officer_ids=self.officers, owner_id=self.first.account_id or 0, until=None,
            by=self.first, now=now,
        )  # fmt: skip


def certify(session: Session, actor: Actor, *, valid_to: date = TO, scope: tuple[str, ...] = ("all",)) -> Certificate:
    """A certificate of an officer for this year."""
    made = Certificate(
        account_id=actor.account_id or 0, number=f"C-{next(_numbers)}", scope=list(scope), valid_from=FROM,
        valid_to=valid_to, entered_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def decision(**facts: object) -> Decision:
    """A fine of 5,000 yuan."""
    parts: dict[str, object] = {
        "number": f"消罚决〔2026〕{next(_numbers)}号", "kinds": ["fine"], "fine_fen": 500_000, "confiscated_fen": 0,
        "text": "罚款五千元",
    }  # fmt: skip
    return Decision(**(parts | facts))  # type: ignore[arg-type]


def at_the_place(session: Session, case: Case, held: Measure, *, by: Actor, now: datetime) -> None:
    """Whoever is to review a measure has checked in there and taken a photo (M41)."""
    enforcing.begin_review(session, case, held, point=make.IN_WEST, distance_reason="按地址到场", by=by, now=now)
    make.pictures(session, case, "after", at=now, by=by)


def copy_of(penalty: Penalty, **facts: object) -> NewScan:
    """A scan of the decision as it was handed out."""
    parts: dict[str, object] = {
        "kind": "penalty", "subject_id": penalty.id, "media": "pdf", "file": make.kept(b"\2" * 32),
    }  # fmt: skip
    return NewScan(**(parts | facts))  # type: ignore[arg-type]


def slip_of(handed_over: Referral | CriminalTransfer, **facts: object) -> NewScan:
    """A scan of the slip that the receiver gave (G-PEN)."""
    parts: dict[str, object] = {
        "kind": "transfer", "subject_id": handed_over.id, "media": "pdf", "file": make.kept(b"\3" * 32),
    }  # fmt: skip
    return NewScan(**(parts | facts))  # type: ignore[arg-type]


def measure(type_code: str = "suspension", **facts: object) -> MeasureDraft:
    """A measure on the ground of a major hazard."""
    parts: dict[str, object] = {
        "party": "某公司", "scope": "一层车间", "ground": "major_hazard", "reasoning": "随时可能起火",
        "basis": "安全生产法",
    }  # fmt: skip
    return MeasureDraft(type_code=type_code, **(parts | facts))  # type: ignore[arg-type]


def referral(to: Org | None = None, **facts: object) -> ReferralDraft:
    """The whole matter to a department, or to a body outside."""
    parts: dict[str, object] = {
        "scope": "case", "to_org_id": to.id if to else None, "to_external": None if to else "市生态环境局",
        "reason": "不属于本部门职权", "basis": "安全生产法第六十九条", "materials": ["现场检查记录"],
    }  # fmt: skip
    return ReferralDraft(**(parts | facts))  # type: ignore[arg-type]


def delegation(
    session: Session, district: District, to: Org, *items: str, valid_from: date = FROM, valid_to: date = TO
) -> Delegation:
    """A published delegation of the fire department's powers to a town."""
    draft = DelegationDraft(
        kind="entrusted", from_org_id=district.fire.id, to_org_id=to.id, items=list(items), valid_from=valid_from,
        valid_to=valid_to, document="委托书〔2026〕1号", published="区政府网站 2026-01-01",
    )  # fmt: skip
    return enforcing.register(session, draft, by=district.supervisor, now=NOW)

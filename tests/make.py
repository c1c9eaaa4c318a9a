"""Builders: each makes one thing with sensible facts in the database, and takes those that a test is about.

Who there is stands in `tests.bodies`, and is had from here as well.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import count
from secrets import token_bytes
from typing import Any
from uuid import uuid4

from geoalchemy2 import WKTElement
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from cases import policy
from cases.handling.checks import stated
from cases.intake.codes import mark_of, reference, tracking_code
from cases.models.case import Case, Task
from cases.models.handling import Order, Picture, RecordCopy, Verdict, Visit
from cases.models.policy import PolicyValue
from cases.models.report import Report, ReportCase, ReportPhoto
from geo.datums import Datum, to_wgs84
from geo.points import Point
from kit.storage import Kept
from people.actors import Actor
from people.models import Certificate, Org
from tests import answers
from tests.bodies import (
    DISTRICT_CODE,
    EAST,
    LONG_AGO,
    WEST,
    District,
    Town,
    deputy,
    district,
    edition,
    officer,
    officers,
    org,
    town,
    unit_of,
)

__all__ = [
    "DISTRICT_CODE",
    "EAST",
    "LONG_AGO",
    "WEST",
    "District",
    "Town",
    "deputy",
    "district",
    "edition",
    "officer",
    "officers",
    "org",
    "town",
    "unit_of",
]

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)  # a Tuesday, 10:00 in Shanghai
IN_WEST, IN_EAST = Point(120.01, 31.01), Point(120.03, 31.01)
NEAR_BORDER = Point(120.0199, 31.01)  # about 10 m inside the western town
OUTSIDE = Point(120.20, 31.01)
# An allowed text for every consequence that a verdict must decide (M50).
UNDECIDED = {name: {"decided": False, "reason": "情节轻微"} for name in ("suspend", "expose", "penalise", "prosecute")}
_numbers = count(1)


def report(
    session: Session, at: Point | None = IN_WEST, *, category: str = "FIR-02", crs: Datum = Datum.WGS84, **facts: Any
) -> Report:
    """A submitted report at a place given in `crs`; `facts` are columns. Its urgency is its category's."""
    client_id = facts.pop("client_id", None) or uuid4()
    received_at = facts.pop("received_at", NOW)
    emergency = facts.get("emergency", "none") != "none" or facts.get("deaths", False)
    urgency = "immediate" if emergency else policy.category_in_force(session, category, NOW).urgency
    here = to_wgs84(at.lon, at.lat, crs) if at else None
    columns: dict[str, Any] = {
        "client_id": client_id, "body_hash": b"\0" * 32, "reference": reference(client_id),
        "tracking_mark": mark_of(tracking_code(client_id)), "received_at": received_at,
        "observed_at": received_at - timedelta(minutes=10), "category_code": category,
        "text": "楼道里堆满了纸箱，安全出口被锁", "notice_version": "1", "client": "tests", "locale": "zh-CN",
        "raw_lon": at.lon if at else None, "raw_lat": at.lat if at else None, "crs": str(crs) if at else None,
        "accuracy_m": 8.0 if at else None, "method": "gps" if at else None,
        "point": WKTElement(f"POINT({here.lon!r} {here.lat!r})", srid=4326) if here else None,
        "urgency": urgency, "profile_id": policy.profile_in_force(session, NOW).id,
        "review_due_at": received_at + (timedelta(minutes=5) if urgency == "immediate" else timedelta(hours=2)),
    }  # fmt: skip
    made = Report(**(columns | facts))
    session.add(made)
    session.flush()
    return made


def promised(session: Session, of: Report, **facts: Any) -> ReportPhoto:
    """A photo that a report has named and that has not come, unless `facts` say so."""
    columns: dict[str, Any] = {
        "client_id": uuid4(),
        "sha256": b"\xab" * 32,
        "bytes": 10,
        "named": True,
        "state": "promised",
    }
    made = ReportPhoto(report_client_id=of.client_id, **(columns | facts))
    session.add(made)
    session.flush()
    return made


def case(
    session: Session, to: Org | None = None, *, state: str = "registered", category: str = "FIR-02", **facts: Any
) -> Case:
    """A case in any state, with its main task when a body answers for it; no clock runs."""
    version = policy.category_in_force(session, category, NOW)
    columns: dict[str, Any] = {
        "number": f"T-{next(_numbers):06d}", "state": state, "version": 1, "source": "report",
        "category_code": category, "category_version": version.version, "urgency": version.urgency,
        "penalty_policy": version.penalty_policy, "responsible_org_id": to.id if to else None, "opened_at": NOW,
        "seen_on": NOW.date(), "routed_how": "inside", "profile_id": policy.profile_in_force(session, NOW).id,
        "point": WKTElement(f"POINT({IN_WEST.lon!r} {IN_WEST.lat!r})", srid=4326), "accuracy_m": 8.0,
    }  # fmt: skip
    made = Case(**(columns | facts))
    session.add(made)
    session.flush()
    if to is not None:
        task(session, made, to, kind="group" if to.kind == "group" else "town")
    session.refresh(made)
    return made


def task(session: Session, of: Case, body: Org, *, kind: str, state: str = "open") -> Task:
    """A task of a body for a case."""
    made = Task(
        case_id=of.id, org_id=body.id, kind=kind, state=state, goal="查", duty_item="TOWN-01",
        due_at=NOW + timedelta(days=1), due_what="sign", created_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def joined(session: Session, of: Report, to: Case, *, state: str = "accepted", opened: bool = False) -> Report:
    """A report that has joined a case."""
    of.state = state
    session.add(ReportCase(report_id=of.id, case_id=to.id, linked_at=NOW, opened=opened))
    session.flush()
    return of


def kept(sha256: bytes = b"") -> Kept:
    """An officer's file as its row names it; nothing stands in the store."""
    return Kept(f"sealed/{uuid4().hex}", b"wrapped", b"\1" * 32, sha256, 9)


def pictures(session: Session, of: Case, *roles: str, at: datetime = NOW, by: Actor | None = None) -> list[Picture]:
    """Stored pictures of a case, one for each role, received at `at`, from nobody in particular or `by` somebody."""
    said = {"case_id": of.id, "account_id": by.account_id if by else None, "received_at": at, "state": "stored"}
    made = [Picture(**said, role=role, sha256=token_bytes(32)) for role in roles]
    session.add_all(made)
    session.flush()
    return made


def visit(session: Session, of: Case, by: Actor, *, companions: Sequence[Actor] = (), **facts: Any) -> Visit:
    """A completed visit, by day, with calm answers to its checks."""
    columns: dict[str, Any] = {
        "kind": "verification", "state": "completed", "org_id": by.org_id,
        "companion_ids": [each.account_id for each in companions], "started_at": NOW,
        "completed_at": NOW + timedelta(hours=1), "permit_check": {"outcome": "not_seen"},
        "distance_m": 10.0, "record_hash": b"\1" * 32, "checks": stated(answers.calm(session, of)),
    }  # fmt: skip
    made = Visit(case_id=of.id, officer_id=by.account_id, **(columns | facts))
    session.add(made)
    session.flush()
    return made


def certificate(session: Session, of: Actor, *, scope: Sequence[str] = ("all",), **facts: Any) -> Certificate:
    """An enforcement certificate of an officer that counts in the whole year of NOW (M61)."""
    columns: dict[str, Any] = {
        "number": f"执法{next(_numbers):08d}", "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31),
        "entered_at": NOW,
    }  # fmt: skip
    made = Certificate(account_id=of.account_id, scope=list(scope), **(columns | facts))
    session.add(made)
    session.flush()
    return made


def verdict(
    session: Session, of: Case, at: Visit, by: Actor, *, outcome: str = "substantiated", **facts: Any
) -> Verdict:
    """A verdict that waits for approval."""
    columns: dict[str, Any] = {
        "summary": "属实", "qualification": "消防法第二十八条", "proposed_sanction": "", "proposed_at": NOW,
        "state": "proposed",
    }  # fmt: skip
    made = Verdict(case_id=of.id, visit_id=at.id, outcome=outcome, proposed_by=by.account_id, **(columns | facts))
    session.add(made)
    session.flush()
    return made


def order(session: Session, of: Case, by: Actor, *, due_at: datetime = NOW + timedelta(days=10)) -> Order:
    """An order that was issued now."""
    made = Order(
        case_id=of.id, number=f"责改〔{of.number}〕{next(_numbers)}号", text="立即清理", responsible_party="某公司",
        no_operator=False, measures="清理", funding="自筹", contingency="专人看守", due_at=due_at, fixed_on_spot=False,
        issued_by=by.account_id, issued_at=NOW,
    )  # fmt: skip
    session.add(made)
    session.flush()
    return made


def value(session: Session, key: str, to: Any, *, at: datetime = LONG_AGO) -> None:
    """A policy value as this district has set it, from an instant on."""
    version = session.scalar(select(func.max(PolicyValue.version)).where(PolicyValue.key == key)) or 0
    session.add(PolicyValue(key=key, version=version + 1, effective_at=at, value=to, note="tests"))
    session.flush()


def copies(session: Session, of: Visit, *, delivered: int) -> list[RecordCopy]:
    """The four copies of a visit's record, so many of them delivered."""
    recipients = ("inspected_unit", "local_government", "lead_department", "safety_office")
    made = [
        RecordCopy(
            case_id=of.case_id, visit_id=of.id, recipient=recipient, record_hash=b"\1" * 32,
            delivered_at=NOW if number < delivered else None,
        )
        for number, recipient in enumerate(recipients)
    ]  # fmt: skip
    session.add_all(made)
    session.flush()
    return made

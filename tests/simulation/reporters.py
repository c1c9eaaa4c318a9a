"""What reporters do: they send reports of every kind, answer or do not, rate, object, and withdraw (C3)."""

import hashlib
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import select

from cases import intake, trail
from cases.intake import Addition
from cases.intake.codes import tracking_code
from cases.journey import Step
from cases.models.report import Question, Report
from geo.points import Point
from tests import make
from tests.simulation.scene import Acts, Scene

CATEGORIES = (
    "FIR-02", "FIR-02", "FIR-02", "FIR-03", "FIR-04", "FIR-05", "FIR-05", "FW-01", "BLD-01", "BLD-03", "CHM-01",
    "TRN-02", "PUB-01", "SEQ-01",
)  # fmt: skip
OUTSIDE = Point(120.5, 31.5)


def send(scene: Scene, at: datetime, before: Point | None) -> Report:
    """A report somewhere in the district, now and then beside one that was sent before, or outside, or of a death."""
    here = _somewhere(scene, before)
    facts: dict[str, object] = {}
    category = scene.dice.choice(CATEGORIES)
    if scene.chance(0.01):
        facts, category = {"deaths": True}, "CCL-01"
    elif scene.chance(0.03):
        facts = {"emergency": "yes"}
    report = make.report(scene.session, here, category=category, received_at=at, **facts)
    trail.enqueue(scene.session, Step.TRIAGE, report.id, now=at)
    return report


def _somewhere(scene: Scene, before: Point | None) -> Point:
    if scene.chance(0.02):
        return OUTSIDE
    if before is not None and scene.chance(0.12):
        return Point(before.lon + 0.00005, before.lat)
    west, south, east, north = scene.dice.choice(scene.world.towns).square
    margin = 0.0002 if scene.chance(0.02) else 0.002  # so near to a border that a person must look
    return Point(scene.dice.uniform(west + margin, east - margin), scene.dice.uniform(south + margin, north - margin))


def acts(scene: Scene, report: Report) -> Acts:
    """What this reporter does now."""
    if report.state == "need_more" and scene.chance(0.15):
        asked = select(Question).where(Question.report_id == report.id).order_by(Question.asked_at.desc()).limit(1)
        question = scene.session.scalars(asked).one()
        yield "a reporter answers", lambda: _add(scene, report, "answer", question_id=question.id)
    elif report.state in {"accepted", "verifying"} and scene.chance(0.01):
        yield "a reporter adds", lambda: _add(scene, report, "supplement")
    elif report.state in {"accepted", "verifying", "replied"} and scene.chance(0.003):
        yield "a reporter withdraws", lambda: _add(scene, report, "withdrawal")
    elif report.state == "replied" and scene.chance(0.1):
        yield from _judge(scene, report)


def _judge(scene: Scene, report: Report) -> Acts:
    late = report.replied_at is not None and scene.now - report.replied_at > timedelta(days=29)
    if scene.chance(0.25) and not late:
        yield "a reporter objects", lambda: _add(scene, report, "review_request")
    else:
        stars = scene.dice.randint(1, 5)
        yield (
            "a reporter rates",
            lambda: _add(scene, report, "rating", satisfaction=stars, enough=stars > 3 and scene.chance(0.5)),
        )


def _add(scene: Scene, report: Report, kind: str, **facts: object) -> None:
    body = hashlib.sha256(f"{kind}{facts}".encode()).digest()
    parts = {"question_id": None} | facts
    addition = Addition(uuid4(), body, tracking_code(report.client_id), kind, text="补充", **parts)  # type: ignore[arg-type]
    intake.add(scene.session, addition, now=scene.now)

"""Urging and who is away: orders answered or not, interviews, bulletins, work handed over (M15, M74)."""

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from cases import bulk
from cases.bulk import Chosen, Urge
from cases.models.case import OVER, Case
from cases.models.supervision import Interview, UrgeOrder
from cases.supervision import bulletins, hand_over, interviews, urging
from cases.supervision.interviews import Record
from people import absences
from people.absences import Leave
from tests.simulation.scene import Acts, Scene

A_DAY = timedelta(days=1)


def acts(scene: Scene, case: Case, folder: frozenset[str]) -> Acts:
    """An order about this case is answered by its body, and the answer judged."""
    if not folder & {"order", "interview"}:
        return
    orders = select(UrgeOrder).where(UrgeOrder.case_id == case.id, UrgeOrder.state.in_(("issued", "replied")))
    for order in scene.session.scalars(orders.order_by(UrgeOrder.number)).all():
        if order.state == "replied":
            yield from _judge(scene, case, order)
        elif scene.chance({"lazy": 0.1, "gaming": 0.3}.get(scene.world.character(order.org_id), 0.7)):
            yield from _answer(scene, case, order)
    planned = select(Interview).where(Interview.case_id == case.id, Interview.state == "planned")
    for interview in scene.session.scalars(planned.order_by(Interview.planned_at)).all():
        if scene.chance(0.2):
            yield from _interview(scene, case, interview)


def _answer(scene: Scene, case: Case, order: UrgeOrder) -> Acts:
    bureau = scene.world.bureau(order.org_id)
    if order.org_id == scene.world.office.id:
        by = scene.world.intake[0]
    else:
        by = bureau.officer if bureau else scene.world.body(order.org_id).clerk
    yield "answer an order", lambda: urging.reply(scene.session, case, order, text="正在办理", by=by, now=scene.now)


def _judge(scene: Scene, case: Case, order: UrgeOrder) -> Acts:
    by, now = scene.world.safety[0], scene.now
    if case.state not in OVER and scene.chance(0.2):
        yield "reject an answer", lambda: urging.reject(scene.session, case, order, comment="空话", by=by, now=now)
    else:
        yield "accept an answer", lambda: urging.accept(scene.session, case, order, comment="可以", by=by, now=now)


def _interview(scene: Scene, case: Case, interview: Interview) -> Acts:
    by, now = scene.world.safety[0], scene.now
    if case.state in OVER:
        yield (
            "drop an interview",
            lambda: interviews.drop(scene.session, case, interview, reason="已办结", by=by, now=now),
        )
        return
    record = Record(now - A_DAY / 24, "双方负责人", "三日内办结", now + 3 * A_DAY)
    yield "hold an interview", lambda: interviews.hold(scene.session, case, interview, record, by=by, now=now)


def weekly(scene: Scene) -> None:
    """A bulletin of what has come up, a word to many at once, leave for some, and a desk cleared for another."""
    scene.do(("issue a bulletin", lambda: _bulletin(scene)))
    if scene.chance(0.3):
        scene.do(("urge in bulk", lambda: _urge_many(scene)))
    for body in scene.world.towns:
        first, second = body.officers[0], body.officers[1] if len(body.officers) > 1 else body.clerk
        leave = Leave(
            first.account_id or 0, second.account_id or 0, scene.now + A_DAY, scene.now + 3 * A_DAY, "年休假"
        )  # fmt: skip
        if scene.chance(0.4):
            scene.do(("go on leave", lambda leave=leave, body=body: absences.enter(  # type: ignore[misc]
                scene.session, leave, by=body.clerk, now=scene.now)))  # fmt: skip
        if scene.chance(0.2):
            ids = {"from_id": second.account_id or 0, "to_id": first.account_id or 0}
            scene.do(("hand over", lambda ids=ids, body=body: hand_over(  # type: ignore[misc]
                scene.session, **ids, reason="轮岗", by=body.leader, now=scene.now)))  # fmt: skip


def _bulletin(scene: Scene) -> None:
    listed = bulletins.listed(scene.session, by=scene.world.safety[0], limit=20)
    ids = [entry.id for entry, _number in sorted(listed, key=lambda row: (row[0].listed_at, row[1], row[0].org_id))]
    if len(ids) > 2:
        bulletins.strike(scene.session, ids.pop(), reason="已办结", by=scene.world.safety[0], now=scene.now)
    if ids:
        bulletins.issue(scene.session, ids, text="请整改", by=scene.world.safety[0], now=scene.now)


def _urge_many(scene: Scene) -> None:
    open_ = select(Case).where(Case.state.in_(("verifying", "rectifying"))).order_by(Case.number).limit(4)
    chosen = [Chosen(case.id, case.version) for case in scene.session.scalars(open_)]
    act = Urge("reminder", "请加快办理")
    bulk.do(scene.session, act, chosen, client_id=uuid4(), by=scene.world.safety[0], now=scene.now)

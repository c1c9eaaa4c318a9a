"""What the intake desk does: it takes in, asks, sends on, merges and separates, and replies to each (C3)."""

from datetime import timedelta

from sqlalchemy import select

from cases import disputes, routing, triage
from cases.lifecycle.replies import newest_reply
from cases.models.case import Case
from cases.models.decisions import Refusal
from cases.models.dispute import Voiding
from cases.models.report import Report, ReportCase
from cases.routing import Placing, place
from cases.triage import Receiver
from tests.desk import REPLIES
from tests.simulation.scene import Acts, Scene

SLOW = 0.2
AGAIN = "经重新核查，"
EARLY = ("dispatched", "signed")
SAFETY = ("not_safety", "untrue")


def acts(scene: Scene, report: Report) -> Acts:
    """What the desk does with this report now."""
    if scene.chance(SLOW):
        return
    if report.state == "in_review":
        yield from _decide(scene, report)
    elif report.outcome is not None and report.state in {"accepted", "verifying", "review_requested"}:
        yield from _reply(scene, report)
    elif report.state in {"accepted", "verifying"}:
        yield from _correct(scene, report)


def _decide(scene: Scene, report: Report) -> Acts:
    """R3 to R6: ask, refuse with a second person, redirect, or accept."""
    proposal = scene.session.scalars(
        select(Refusal).where(Refusal.report_id == report.id, Refusal.state == "proposed")
    ).one_or_none()
    by, second, now = *scene.world.intake, scene.now
    if proposal is not None:
        if scene.chance(0.3):
            return  # the second person is late
        name, act = ("reject a refusal", triage.reject_refusal) if scene.chance(0.3) else ("confirm a refusal", None)
        yield name, lambda: (
            act(scene.session, report, proposal.id, note="应受理", by=second, now=now) if act
            else triage.confirm_refusal(scene.session, report, proposal.id, by=second, now=now)
        )  # fmt: skip
        return
    placing = place(scene.session, report)
    if placing.inside is None and not report.deaths:
        yield "redirect", lambda: triage.redirect(
            scene.session, report, placing, reason="outside_district", to=Receiver("临区应急局", "12350"), text="",
            by=by, now=now,
        )  # fmt: skip
    elif scene.chance(0.08) and report.waits_for != "no_answer":
        yield "ask the reporter", lambda: triage.ask(scene.session, report, text="请补充门牌号", by=by, now=now)
    elif scene.chance(0.08):
        yield "propose a refusal", lambda: triage.propose_refusal(
            scene.session, report, reason=scene.dice.choice(SAFETY), text="不属于受理范围", evidence="现场照片", by=by,
            now=now,
        )  # fmt: skip
    else:
        yield from _accept(scene, report, placing)


def _accept(scene: Scene, report: Report, placing: Placing) -> Acts:
    near = triage.possible(
        scene.session, point=placing.point, accuracy_m=report.accuracy_m, category_code=report.category_code,
        now=scene.now,
    )  # fmt: skip
    join = near[0] if near and scene.chance(0.7) else None
    by, now = scene.world.intake[0], scene.now
    if join:
        yield (
            "join a case",
            lambda: triage.accept_into(
                scene.session, report, join.id, placing, evidence="同一地点、同一情形", by=by, now=now
            ),
        )
    else:
        yield (
            "accept",
            lambda: triage.accept(scene.session, report, placing, category_code=report.category_code, by=by, now=now),
        )


def _reply(scene: Scene, report: Report) -> Acts:
    """R7: each its own; by phone nobody may be reached, and the text lies under the code."""
    assert report.outcome is not None
    told = newest_reply(scene.session, report)
    text = REPLIES[report.outcome] if told is None else AGAIN + REPLIES[report.outcome]
    how = {"channel": "phone", "unreachable": "三次拨打无人接听"} if scene.chance(0.05) else {}
    yield "reply", lambda: triage.reply(
        scene.session, report, text=text, by=scene.world.intake[0], now=scene.now, **how
    )  # fmt: skip


def _correct(scene: Scene, report: Report) -> Acts:
    """The desk finds that it was mistaken: another town's, the same matter, not the same, or no case at all."""
    linked = scene.session.get(ReportCase, report.id)
    case = scene.session.get(Case, linked.case_id) if linked is not None else None
    if linked is None or case is None:
        return
    by, now = scene.world.intake[0], scene.now
    yield from _void(scene, case)
    if case.extract is None and case.state in EARLY and scene.chance(0.5):
        yield (
            "release an extract",
            lambda: triage.confirm_extract(
                scene.session, report, case, text="某处安全出口被锁", photo_ids=(), by=by, now=now
            ),
        )
    if case.state == "dispatched" and scene.chance(0.03) and case.responsible_org_id != scene.world.group.org.id:
        other = scene.world.another(scene.world.body(case.responsible_org_id)).org
        yield "dispatch anew", lambda: disputes.move_on(scene.session, case, to=other, why="派错", by=by, now=now)
    if not linked.opened and scene.chance(0.1):
        placing = place(scene.session, report)
        yield (
            "separate",
            lambda: triage.separate(
                scene.session, report, placing, why="不是同一处", category_code=report.category_code, by=by, now=now
            ),
        )
    if linked.opened and case.state in EARLY and scene.chance(0.05):
        yield from _merge(scene, report, case)


def _merge(scene: Scene, report: Report, case: Case) -> Acts:
    near = select(Case).where(
        Case.id != case.id, Case.category_code == case.category_code, Case.state.in_((*EARLY, "verifying")),
        Case.responsible_org_id == case.responsible_org_id, Case.opened_at > scene.now - timedelta(days=20),
    )  # fmt: skip
    other = scene.session.scalars(near.order_by(Case.number).limit(1)).first()
    if other is not None:
        yield "merge", lambda: triage.merge(
            scene.session, report, other.id, place(scene.session, report), evidence="同一处", by=scene.world.intake[0],
            now=scene.now,
        )  # fmt: skip


def _void(scene: Scene, case: Case) -> Acts:
    """T20: two people."""
    proposal = scene.session.scalars(
        select(Voiding).where(Voiding.case_id == case.id, Voiding.state == "proposed")
    ).one_or_none()
    if proposal is None:
        if case.state in EARLY and scene.chance(0.01):
            yield "propose to void", lambda: routing.propose_void(
                scene.session, case, reason="test_entry", text="测试", same_as=None, by=scene.world.intake[0],
                now=scene.now,
            )  # fmt: skip
    elif case.state in EARLY and scene.chance(0.8):
        yield "void", lambda: routing.confirm_void(
            scene.session, case, proposal.id, by=scene.world.safety[0], now=scene.now
        )  # fmt: skip
    elif scene.chance(0.5):
        yield (
            "reject a voiding",
            lambda: routing.reject_void(
                scene.session, case, proposal.id, note="确有其事", by=scene.world.intake[1], now=scene.now
            ),
        )

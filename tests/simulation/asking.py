"""What a body does between order and acceptance: it works, asks for time, decides after a failure (D7, T19)."""

from datetime import timedelta

from sqlalchemy import select

from cases import enforcing, handling, holds
from cases.enforcing import ConsequenceDraft
from cases.holds import HoldDraft
from cases.lifecycle import extension as rules
from cases.models.case import Case, Clock
from cases.models.measure import Measure
from cases.models.pause import Extension, Hold
from cases.models.second_look import DecisionTask
from kit.clock import LOCAL_ZONE
from tests import make
from tests.enforcement import measure, referral
from tests.simulation import eyes
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import Body, Bureau

REASONS = ("appraisal", "court", "season", "funded_plan")


def for_a_hold(scene: Scene, case: Case, body: Body, folder: frozenset[str]) -> Acts:
    """T19: set aside until a review date; a request may be taken back."""
    asked = eyes.newest(scene.session, Hold, case, "requested") if "hold" in folder else None
    if asked is not None:
        if scene.chance(0.05):
            yield (
                "withdraw a hold",
                lambda: holds.withdraw_hold(scene.session, case, asked, by=body.leader, now=scene.now),
            )
        return
    if case.urgency == "immediate" or not scene.chance(0.03):
        return
    if "decision" in folder:
        return
    day = scene.now.astimezone(LOCAL_ZONE).date() + timedelta(days=scene.dice.randint(3, 40))
    draft = HoldDraft(scene.dice.choice(REASONS), "等待结果", "停用、围挡，专人看守", day)
    yield "ask for a hold", lambda: holds.request_hold(scene.session, case, draft, by=body.officers[0], now=scene.now)


def rectify(scene: Scene, case: Case, body: Body, folder: frozenset[str]) -> Acts:
    """T13: the work is done and stated, with a new picture; sometimes more time is asked for, sometimes nobody says."""
    if "decision" in folder:
        yield from _decide(scene, case, body, eyes.newest(scene.session, DecisionTask, case, "open"))
        return
    yield from for_a_hold(scene, case, body, folder)
    if "extension" in folder or scene.chance(0.12):
        yield from _more_time(scene, case, body)
    if scene.chance(0.05):
        yield from _refer(scene, case, body)
    if scene.chance(0.45):
        yield "state completion", lambda: complete(scene, case, body)


def complete(scene: Scene, case: Case, body: Body) -> None:
    """The statement, with a picture taken just before."""
    make.pictures(scene.session, case, "after", at=scene.now)
    handling.complete(scene.session, case, statement="已整改", by=body.officers[0], now=scene.now)


def _more_time(scene: Scene, case: Case, body: Body) -> Acts:
    asked = eyes.newest(scene.session, Extension, case, "requested")
    if asked is not None:
        if not rules.is_for_the_office(asked, scene.session.get_one(Clock, asked.clock_id)):
            yield from decide_on_time(scene, case, asked, body.leader)
        return
    clock = eyes.clock(scene.session, case, "total" if scene.chance(0.2) else "rectify")
    if clock is None or clock.extended_at is not None:
        return
    if clock.due_at - scene.now < timedelta(days=3) or clock.due_at <= clock.started_at:
        return
    until = clock.due_at + (clock.due_at - clock.started_at) / 2
    by = scene.dice.choice((body.officers[0], body.leader))
    yield (
        "ask for more time",
        lambda clock_id=clock.id: handling.request_extension(  # type: ignore[misc]
            scene.session, case, clock_id=clock_id, new_due_at=until, reason="雨天无法施工", by=by, now=scene.now
        ),
    )


def decide_on_time(scene: Scene, case: Case, wish: Extension, by: object) -> Acts:
    """D7: one level up, unless the time is over; that of a whole case by the safety office (F32)."""
    clock = scene.session.get_one(Clock, wish.clock_id)
    open_ = clock.stopped_at is None and scene.now < clock.due_at and clock.due_at == wish.old_due_at
    if open_ and scene.chance(0.6):
        yield "grant more time", lambda: handling.grant_extension(
            scene.session, case, wish, comment="同意", by=by, now=scene.now  # type: ignore[arg-type]
        )  # fmt: skip
    else:
        yield "refuse more time", lambda: handling.refuse_extension(
            scene.session, case, wish, comment="可以按期完成", by=by, now=scene.now  # type: ignore[arg-type]
        )  # fmt: skip


def _refer(scene: Scene, case: Case, body: Body) -> Acts:
    """T11: to a department without a task, or to a body outside."""
    bureau = scene.dice.choice(scene.world.bureaus)
    draft = referral(bureau.org) if scene.chance(0.6) else referral()
    yield "refer", lambda: enforcing.refer(scene.session, case, draft, by=body.leader, now=scene.now)


def _decide(scene: Scene, case: Case, body: Body, task: DecisionTask) -> Acts:
    """M40: to suspend, on a measure that a department has proposed; or to hand the matter over."""
    proposed = scene.session.scalars(
        select(Measure).where(
            Measure.case_id == case.id, Measure.type_code == "suspension", Measure.state.in_(("proposed", "approved"))
        )
    ).first()
    bureau = scene.world.bureau(eyes.lead(scene.session, case))
    if proposed is None and bureau is not None and scene.chance(0.5):
        yield "propose a suspension", lambda: _propose(scene, case, bureau)
        return
    if proposed is not None:
        draft = ConsequenceDraft("suspend", "major_hazard", "安全生产法", "屡改不力", measure_id=proposed.id)
    else:
        draft = ConsequenceDraft("refer", None, "安全生产法第六十九条", "屡改不力", referral=referral())
    yield "decide after a failure", lambda: enforcing.decide_after_failure(
        scene.session, case, task, draft, by=body.leader, now=scene.now
    )  # fmt: skip


def _propose(scene: Scene, case: Case, bureau: Bureau) -> None:
    enforcing.propose(scene.session, case, measure("suspension"), by=bureau.officer, now=scene.now)

"""How somebody tries to win time: holds, more time without end, one's own consent (X15, D6, D7)."""

from datetime import timedelta

from cases import handling, holds, policy
from cases.holds import HoldDraft
from cases.models.case import Case
from cases.models.pause import Extension, Hold
from cases.models.second_look import DecisionTask
from kit.clock import LOCAL_ZONE
from tests.simulation import eyes
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import Body


def acts(scene: Scene, case: Case, body: Body) -> Acts:
    """Every way to win time that the case as it is must refuse."""
    yield from _holds(scene, case, body)
    yield from _extensions(scene, case, body)


def _holds(scene: Scene, case: Case, body: Body) -> Acts:
    asked = eyes.newest(scene.session, Hold, case, "requested")
    if asked is not None:
        yield (
            "T19 a town holds its own case",
            lambda: holds.approve_hold(scene.session, case, asked, comment="", by=body.leader, now=scene.now),
        )
        return
    if case.state in {"closure_review", "closed", "referred", "dispatched"}:
        yield "T19 hold what is not in hand", lambda: _hold(scene, case, body)
    elif case.urgency == "immediate":
        yield "D6 hold what is immediate", lambda: _hold(scene, case, body)
    elif eyes.newest(scene.session, DecisionTask, case, "open") is not None:
        yield "M40 hold instead of deciding", lambda: _hold(scene, case, body)
    else:
        yield "T19 hold for ever", lambda: _hold(scene, case, body, days=91)
        yield "T19 hold until yesterday", lambda: _hold(scene, case, body, days=-1)
        yield "T19 hold with nothing to keep people safe", lambda: _hold(scene, case, body, safe=" ")
        yield "T19 hold for no reason of the list", lambda: _hold(scene, case, body, reason="busy")


def _hold(
    scene: Scene, case: Case, body: Body, *, days: int = 30, safe: str = "围挡", reason: str = "season"
) -> None:  # fmt: skip
    day = scene.now.astimezone(LOCAL_ZONE).date() + timedelta(days=days)
    holds.request_hold(scene.session, case, HoldDraft(reason, "等", safe, day), by=body.officers[0], now=scene.now)


def _extensions(scene: Scene, case: Case, body: Body) -> Acts:
    asked = eyes.newest(scene.session, Extension, case, "requested")
    if asked is not None:
        yield "D7 grant one's own wish", lambda: handling.grant_extension(
            scene.session, case, asked, comment="", by=body.leader if asked.by_leader else body.officers[0],
            now=scene.now,
        )  # fmt: skip
    clock = eyes.clock(scene.session, case, "rectify", "total", "acceptance", "verify")
    if clock is None or case.state == "on_hold":
        return
    length, is_over = clock.due_at - clock.started_at, scene.now >= clock.due_at
    stays = clock.kind not in policy.value(scene.session, "extendable_clocks", scene.now)
    wishes = {
        "D7 more time for what is not extended": (stays, clock.due_at + length / 2),
        "D7 more time when it is over": (is_over, clock.due_at + length / 2),
        "X15 more time again": (clock.extended_at is not None, clock.due_at + length / 2),
        "D7 more time than there was": (True, clock.due_at + 2 * length + timedelta(days=9)),
    }
    for name, (fits, until) in wishes.items():
        if fits:
            yield (
                name,
                lambda until=until: handling.request_extension(  # type: ignore[misc]
                    scene.session,
                    case,
                    clock_id=clock.id,
                    new_due_at=until,
                    reason="忙",
                    by=body.officers[0],
                    now=scene.now,
                ),
            )

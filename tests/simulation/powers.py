"""What somebody does who has no power for it: another town, the office, a town that fines (M51, X23)."""

from cases import enforcing, handling
from cases.lifecycle import accepting as rules
from cases.models.case import Case
from cases.models.measure import Measure
from kit.clock import LOCAL_ZONE
from tests import accepting
from tests.enforcement import measure
from tests.simulation import eyes
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import DELEGATION_ENDS, Body
from tests.walk import all_passed

IN_HAND = ("signed", "verifying", "verdict_review", "rectifying", "acceptance", "closure_review")


def acts(scene: Scene, case: Case, body: Body) -> Acts:
    """Every act without its power that the case as it is must refuse."""
    session, now, other = scene.session, scene.now, scene.world.another(body)
    yield "M11 act for another town", lambda: handling.close(session, case, note="", by=other.leader, now=now)
    if case.state == "signed":
        yield (
            "M07 the office visits",
            lambda: handling.start_visit(
                session,
                case,
                check_in=handling.CheckIn("patrol", body.middle, [], None),
                by=scene.world.safety[0],
                now=now,
            ),
        )
    if case.state == "acceptance" and rules.by_others(session, case):
        checks = all_passed(session, case)
        yield (
            "M64 the town accepts what another must",
            lambda: accepting.pass_(
                session, case, note="合格", findings=["好"], checks=checks, by=body.deputy, now=now
            ),
        )
    if case.state in IN_HAND:
        yield from _penalise(scene, case, body)
        yield (
            "M51 a town suspends",
            lambda: enforcing.propose(session, case, measure("suspension"), by=body.officers[0], now=now),
        )
    held = eyes.newest(session, Measure, case, "in_force", "extended", "lift_requested")
    bureau = scene.world.bureau(held.org_id) if held is not None else None
    if held is not None and bureau is not None:
        if held.type_code == "suspension":
            yield (
                "M41 lift without a review",
                lambda: enforcing.lift(session, case, held, note="恢复", by=bureau.leader, now=now),
            )
        if held.state == "lift_requested":
            yield (
                "C2 review one's own measure",
                lambda: enforcing.review(
                    session, case, held, result="pass", findings=["好"], note="", by=bureau.officer, now=now
                ),
            )


def _penalise(scene: Scene, case: Case, body: Body) -> Acts:
    """X23: only with delegated power in force on the day, and by two who are certified."""
    two = [who.account_id or 0 for who in body.officers[:2]]
    one, uncertified = two[:1], [who.account_id or 0 for who in body.officers[2:]]
    delegated = body == scene.world.towns[2]
    over = scene.now.astimezone(LOCAL_ZONE).date() > DELEGATION_ENDS
    if not delegated or over:
        name = "M58 fine after the delegation" if delegated else "X23 fine without power"
        yield name, lambda: _file(scene, case, body, two)
    else:
        yield "X23 fine alone", lambda: _file(scene, case, body, one)
        yield "X23 fine without certificates", lambda: _file(scene, case, body, uncertified)


def _file(scene: Scene, case: Case, body: Body, officer_ids: list[int]) -> None:
    enforcing.file(
        scene.session, case, party_kind="unit", party="某公司", cause="占用通道", officer_ids=officer_ids,
        by=body.officers[0], now=scene.now,
    )  # fmt: skip

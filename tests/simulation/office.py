"""What the safety office does: it arbitrates, holds, looks again, urges, and closes what a town may not (C2, M07)."""

from collections.abc import Callable

from sqlalchemy import select

from cases import disputes, enforcing, handling, holds
from cases.lifecycle import accepting
from cases.lifecycle import extension as rules
from cases.lifecycle.referral import holds_whole
from cases.models.case import Case, Clock, Task
from cases.models.dispute import ReturnRequest
from cases.models.listing import ListingWaiver
from cases.models.pause import Extension, Hold
from cases.models.referral import Referral
from cases.models.second_look import SecondLook
from cases.supervision import listing
from kit.clock import LOCAL_ZONE
from people.models import Org
from tests.simulation import asking, eyes
from tests.simulation.scene import Acts, Scene

SLOW = 0.25  # how often the office does not come to it
MONTHLY = 30
HINDERS = {"tasks", "penalty", "referral", "second_look", "review", "decision", "crime", "listing"}


def acts(scene: Scene, case: Case, folder: frozenset[str]) -> Acts:
    """What waits for the safety office in this case."""
    if scene.chance(SLOW):
        return
    if case.state == "acceptance" and not accepting.somebody_is_left(scene.session, case):
        yield "bring in to accept", lambda: handling.bring_in(
            scene.session, case, org_id=_free_department(scene, case).id, goal="到场验收", by=scene.world.safety[0],
            now=scene.now,
        )  # fmt: skip
    for what, turn in TURNS.items():
        if what in folder:
            yield from turn(scene, case)
    if not folder & HINDERS or scene.chance(0.05):
        yield from _close(scene, case)


def _arbitrate(scene: Scene, case: Case) -> Acts:
    """T5: the office that asked is right, or is not; also about a department's task."""
    request = eyes.newest(scene.session, ReturnRequest, case, "requested")
    if request is None or case.state in {"closed", "look_back", "void"}:
        return
    by = scene.world.safety[0]
    if scene.chance(0.5):
        yield (
            "reject a return",
            lambda: disputes.reject(scene.session, case, request, text="属本单位职责", by=by, now=scene.now),
        )
        return
    to = _free_department(scene, case) if not request.of_main else None
    yield "uphold a return", lambda: disputes.uphold(
        scene.session, case, request, text="成立", to=to, by=by, now=scene.now
    )  # fmt: skip


def _free_department(scene: Scene, case: Case) -> Org:
    """A department that has no part in the case."""
    there = select(Task.org_id).where(Task.case_id == case.id, Task.state != "cancelled")
    taken = set(scene.session.scalars(there))
    return next(each.org for each in scene.world.bureaus if each.org.id not in taken)


def _hold(scene: Scene, case: Case) -> Acts:
    """T19: approved, refused; later renewed or ended, or left to its review date."""
    hold = eyes.newest(scene.session, Hold, case, "requested", "active")
    by, now = scene.world.safety[0], scene.now
    if hold is None:
        return
    if hold.state == "active":
        if scene.chance(0.04):
            yield "end a hold", lambda: holds.end_hold(scene.session, case, hold, comment="已有结果", by=by, now=now)
        elif scene.chance(0.02):
            day = hold.review_at.astimezone(LOCAL_ZONE).date()
            yield (
                "renew a hold",
                lambda: holds.renew_hold(scene.session, case, hold, review_on=day, comment="尚无结果", by=by, now=now),
            )
    elif case.state in HOLDABLE and case.urgency != "immediate" and now < hold.review_at and scene.chance(0.7):
        yield "approve a hold", lambda: holds.approve_hold(scene.session, case, hold, comment="", by=by, now=now)
    else:
        yield "refuse a hold", lambda: holds.refuse_hold(
            scene.session, case, hold, comment="可以先整改", by=by, now=now
        )  # fmt: skip


HOLDABLE = ("signed", "verifying", "verdict_review", "rectifying", "acceptance")


def _look_again(scene: Scene, case: Case) -> Acts:
    """T9, X21: confirmed, or sent back for others to look; a department is brought in where there are none."""
    look = eyes.newest(scene.session, SecondLook, case, "waiting")
    if look is None:
        return
    name, act = ("return a denial", handling.return_look) if scene.chance(0.3) else ("confirm a denial", _confirm)
    yield name, lambda: act(scene.session, case, look, comment="经复核", by=scene.world.safety[0], now=scene.now)


_confirm: Callable[..., object] = handling.confirm_look


def _more_time(scene: Scene, case: Case) -> Acts:
    wish = eyes.newest(scene.session, Extension, case, "requested")
    if wish is not None and rules.is_for_the_office(wish, scene.session.get_one(Clock, wish.clock_id)):
        yield from asking.decide_on_time(scene, case, wish, scene.world.safety[1])


def _referrals(scene: Scene, case: Case) -> Acts:
    """T12, G-REF: what was refused is settled; what is outside is tracked, and looked at each month."""
    refused = eyes.newest(scene.session, Referral, case, "refused")
    by, now = scene.world.safety[0], scene.now
    if refused is not None:
        takes = scene.chance(0.5)
        yield (
            "settle a refusal",
            lambda: enforcing.settle(
                scene.session, case, refused, receiver_takes_it=takes, text="经研究", by=by, now=now
            ),
        )
    found = eyes.newest(scene.session, Referral, case, "found")
    if found is not None:
        confirmed = scene.chance(0.8)
        yield (
            "conclude a referral" if confirmed else "ask a receiver again",
            lambda: enforcing.conclude(
                scene.session, case, found, confirmed=confirmed, text="经研究", by=scene.world.safety[1], now=now
            ),
        )
    outside = eyes.newest(scene.session, Referral, case, "sent", "accepted", "external")
    if outside is None or outside.to_org_id is not None:
        return
    if outside.state == "external":
        seen = outside.checked_at or outside.tracked_at
        if seen is not None and (now - seen).days >= MONTHLY - 1:
            yield (
                "check what is outside",
                lambda: enforcing.check(scene.session, case, outside, note="仍在办", by=by, now=now),
            )
        elif scene.chance(0.05):
            finding = "substantiated" if holds_whole(scene.session, case, outside) else None
            yield (
                "hear from outside",
                lambda: enforcing.answer(
                    scene.session, case, outside, result="已办结", finding=finding, by=by, now=now
                ),
            )
    elif scene.chance(0.1):
        yield "track it outside", lambda: enforcing.track(scene.session, case, outside, note="转跟踪", by=by, now=now)


def _not_listed(scene: Scene, case: Case) -> Acts:
    """G-LIST: one proposes not to list a major hazard, another agrees or does not."""
    waiver = eyes.newest(scene.session, ListingWaiver, case, "owed", "proposed")
    first, second, _ = scene.world.safety
    now = scene.now
    if waiver is None:
        return
    if waiver.state == "owed":
        why = {"reason": "限期内可以整改到位，未造成社会影响", "basis": "安委办会议纪要"}
        yield "propose not to list", lambda: listing.propose(scene.session, case, **why, by=first, now=now)
    elif scene.chance(0.3):
        yield "do not agree not to list", lambda: listing.reject(
            scene.session, case, waiver, comment="依据不足", by=second, now=now
        )  # fmt: skip
    else:
        yield "agree not to list", lambda: listing.confirm(scene.session, case, waiver, by=second, now=now)


def _close(scene: Scene, case: Case) -> Acts:
    above = case.urgency == "immediate" or case.grade == "major"
    if case.state == "closure_review" and above and not case.replies_open:
        yield (
            "close above",
            lambda: handling.close(scene.session, case, note="办结", by=scene.world.safety[0], now=scene.now),
        )


TURNS: dict[str, Callable[[Scene, Case], Acts]] = {
    "return": _arbitrate, "hold": _hold, "second_look": _look_again, "extension": _more_time, "referral": _referrals,
    "listing": _not_listed,
}  # fmt: skip

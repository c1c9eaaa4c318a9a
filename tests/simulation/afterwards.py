"""What follows a reply or a closing: look-backs and reviews by other people, and reopening (T17, T18)."""

from datetime import timedelta
from secrets import token_bytes

from sqlalchemy import select

from cases import aftercare
from cases.aftercare import Arrival
from cases.lifecycle import handlers
from cases.models.aftercare import LookBack, Review
from cases.models.case import Case
from cases.models.handling import Picture
from people.actors import Actor
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import World

FOUND = ("substantiated", "partly")


def acts(scene: Scene, case: Case, folder: frozenset[str]) -> Acts:
    """What is due afterwards in this case."""
    if "look_back" in folder:
        yield from _look_back(scene, case)
    if "review" in folder:
        yield from _review(scene, case)
    yield from _again(scene, case)


def _look_back(scene: Scene, case: Case) -> Acts:
    """T17: given to others, made when it is time, found to hold or not."""
    theirs = select(LookBack).where(
        LookBack.case_id == case.id, LookBack.round == case.reopen_count, LookBack.state.in_(("due", "visiting"))
    )
    look = scene.session.scalars(theirs.order_by(LookBack.step)).first()
    if look is None or case.state not in {"closed", "look_back"}:
        return
    office, now = scene.world.safety[0], scene.now
    if look.assignee_id is None:
        who = _somebody(scene, case, reviewing=False)
        if who is not None:
            yield (
                "assign a look-back",
                lambda: aftercare.assign(scene.session, case, look, account_id=who.account_id or 0, by=office, now=now),
            )
        return
    who = _person(scene.world, look.assignee_id)
    if look.state == "due" and now >= look.opens_at and scene.moves(case, look.org_id):
        arrival = Arrival(scene.world.body(case.responsible_org_id).middle, "按举报位置到场")
        yield "begin a look-back", lambda: aftercare.start(scene.session, case, look, arrival=arrival, by=who, now=now)
    elif look.state == "visiting" and scene.chance(0.05):
        other = _somebody(scene, case, reviewing=False)
        if other is not None:
            yield (
                "relieve who looks back",
                lambda: aftercare.assign(
                    scene.session, case, look, account_id=other.account_id or 0, by=office, now=now
                ),
            )
    elif look.state == "visiting":
        yield from _end(scene, case, look, who)


def _end(scene: Scene, case: Case, look: LookBack, who: Actor) -> Acts:
    came_back = scene.chance(0.2)

    def ends() -> None:
        scene.session.add(
            Picture(
                case_id=case.id, role="look_back", account_id=who.account_id, received_at=scene.now,
                sha256=token_bytes(32), state="clean", reused=False,
            )
        )  # fmt: skip
        scene.session.flush()
        act = aftercare.rebound if came_back else aftercare.confirm
        act(scene.session, case, look, findings="又被堵" if came_back else "保持良好", by=who, now=scene.now)

    yield "find a rebound" if came_back else "find that it holds", ends


def _review(scene: Scene, case: Case) -> Acts:
    """R8: given to people who had no hand in it, who find for the reporter or for the office."""
    open_ = select(Review).where(Review.case_id == case.id, Review.state.in_(("requested", "assigned")))
    review = scene.session.scalars(open_).one_or_none()
    if review is None:
        return
    if review.assignee_id is None:
        who = _somebody(scene, case, reviewing=True)
        if who is not None:
            yield (
                "assign a review",
                lambda: aftercare.assign_review(
                    scene.session, case, review, account_id=who.account_id or 0, by=scene.world.safety[0], now=scene.now
                ),
            )
        return
    if not scene.moves(case, review.org_id):
        return
    who = _person(scene.world, review.assignee_id)
    act = aftercare.uphold if scene.chance(0.35) else aftercare.dismiss
    yield act.__name__ + " a review", lambda: act(
        scene.session, case, review, finding="经重新核查", by=who, now=scene.now
    )  # fmt: skip


def _again(scene: Scene, case: Case) -> Acts:
    """T18: another case of the same kind and town, opened since and found true, opens this one again."""
    if case.state != "closed" or not scene.chance(0.02):
        return
    another = select(Case).where(
        Case.id != case.id, Case.opened_at > case.closed_at, Case.outcome.in_(FOUND),
        Case.category_code == case.category_code, Case.responsible_org_id == case.responsible_org_id,
    )  # fmt: skip
    other = scene.session.scalars(another.order_by(Case.number).limit(1)).first()
    if other is not None:
        yield "reopen for a new report", lambda: aftercare.reopen_for_report(
            scene.session, case, other=other, evidence="再次查实", due_at=scene.now + timedelta(days=5),
            by=scene.world.safety[0], now=scene.now,
        )  # fmt: skip


def _somebody(scene: Scene, case: Case, *, reviewing: bool) -> Actor | None:
    """Who had no hand in the case: of a department without one, or of the safety office itself."""
    had_a_hand = handlers.people(scene.session, case) | handlers.afterwards(scene.session, case)
    bodies = handlers.bodies(scene.session, case)
    able = [who for each in scene.world.bureaus for who in (each.reviewer, each.leader)] + [scene.world.safety[2]]
    free = [
        who for who in able
        if who.account_id not in had_a_hand and not (who.org_id in bodies and (reviewing or who.org_kind == "town"))
    ]  # fmt: skip
    return scene.dice.choice(free) if free else None


def _person(world: World, account_id: int) -> Actor:
    people = [who for each in world.bureaus for who in (*each.officers, each.reviewer, each.leader)]
    return next(who for who in (*people, *world.safety) if who.account_id == account_id)

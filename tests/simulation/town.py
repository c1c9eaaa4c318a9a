"""What a town does for its case: sign, go there, conclude, decide, order, accept, close, or give it back."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import select

from cases import bulk, disputes, handling, policy
from cases.bulk import Chosen, Sign
from cases.disputes.requests import Plea
from cases.handling import CheckIn
from cases.handling.verdict import proposed
from cases.lifecycle import accepting as rules
from cases.lifecycle import second_look
from cases.models.case import Case
from cases.models.handling import RecordCopy, Verdict, Visit
from kit.clock import LOCAL_ZONE
from people.actors import Actor
from tests import accepting, answers, make
from tests.simulation import asking, eyes
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import GAMING, HONEST, LAZY, Body
from tests.walk import RECORD, all_passed, order_draft

FOUND = ("substantiated", "partly")
# How often a visit ends in each of them, and in 不属实 and 无法核实: the cheapest exits (X21).
CONCLUDES = {HONEST: (70, 8, 15, 7), LAZY: (42, 8, 35, 15), GAMING: (42, 8, 35, 15)}
HINDERS = {"tasks", "penalty", "referral", "second_look", "review", "decision", "crime"}
BULK = 10


def acts(scene: Scene, case: Case, folder: frozenset[str]) -> Acts:
    """What is the town's turn now, the first that fits first."""
    body = scene.world.body(case.responsible_org_id)
    turn = TURNS.get(case.state)
    if turn is not None:
        yield from turn(scene, case, body, folder)


def _sign(scene: Scene, case: Case, body: Body, _: frozenset[str]) -> Acts:
    if scene.chance(0.06):
        yield from _return(scene, case, body)
    if scene.chance(0.3):
        yield "sign in bulk", lambda: _sign_many(scene, body)
    else:
        who = scene.dice.choice(body.officers)
        yield "sign", lambda: handling.sign(
            scene.session, case, person_id=who.account_id or 0, by=body.clerk, now=scene.now
        )  # fmt: skip


def _sign_many(scene: Scene, body: Body) -> None:
    waiting = select(Case).where(Case.responsible_org_id == body.org.id, Case.state == "dispatched")
    waiting = waiting.order_by(Case.number).limit(BULK)
    chosen = [Chosen(each.id, each.version) for each in scene.session.scalars(waiting)]
    act = Sign(body.officers[0].account_id or 0)
    bulk.preview(scene.session, act, chosen, by=body.clerk, now=scene.now)
    answered, _new = bulk.do(scene.session, act, chosen, client_id=uuid4(), by=body.clerk, now=scene.now)
    assert all(answer.code is None for answer in answered), answered


def _return(scene: Scene, case: Case, body: Body) -> Acts:
    """T4: not in our territory, not our duty, the same as another, or of another kind."""
    other = scene.world.another(body).org.id
    twin = scene.session.scalars(
        select(Case.number).where(Case.id != case.id, Case.state == "verifying").order_by(Case.number).limit(1)
    ).first()
    pleas = [
        Plea("not_my_territory", "不在辖区", proposed_org_id=other),
        Plea("not_my_duty", "非本镇职责", proposed_org_id=other),
        Plea("wrong_category", "类别不对", proposed_category="FIR-02"),
        *([Plea("duplicate", "重复", duplicate_of=twin)] if twin else []),
    ]
    plea = scene.dice.choice(pleas)
    yield "ask for a return", lambda: disputes.ask_return(
        scene.session, case, plea=plea, by=body.clerk, now=scene.now
    )  # fmt: skip


def _go(scene: Scene, case: Case, body: Body, folder: frozenset[str]) -> Acts:
    if scene.chance(0.04):
        yield from _return(scene, case, body)
    yield from asking.for_a_hold(scene, case, body, folder)
    if scene.chance(0.08):
        yield "fall ill at the place", lambda: _begin(scene, case, _visitor(scene, case, body), body)
    else:
        yield "visit", lambda: visit(scene, case, _visitor(scene, case, body), body)


def _go_on(scene: Scene, case: Case, body: Body, begun: Visit) -> Acts:
    """M15: whoever went there will not write the record; a companion does, or the clerk sends somebody else."""
    companion = next((each for each in body.officers if each.account_id in begun.companion_ids), None)
    if companion is not None and companion.account_id != begun.officer_id and scene.chance(0.5):
        yield "take a visit over", lambda: handling.take_over(
            scene.session, case, reason="检查人员突发疾病", by=companion, now=scene.now
        )  # fmt: skip
        yield "complete a visit", lambda: _complete(scene, case, companion)
    else:
        yield "break a visit off", lambda: handling.break_off(
            scene.session, case, reason="检查人员突发疾病", by=body.clerk, now=scene.now
        )  # fmt: skip


def _verify(scene: Scene, case: Case, body: Body, folder: frozenset[str]) -> Acts:
    """T7: conclude; what is not found is looked for by night where it happens by night."""
    begun = eyes.under_way(scene.session, case)
    if begun is not None:
        yield from _go_on(scene, case, body, begun)
        return
    yield from asking.for_a_hold(scene, case, body, folder)
    who = _visitor(scene, case, body)
    if eyes.others_must_look(scene.session, case, who):
        return  # a town of one: it waits for a department to look
    if not eyes.visited(scene.session, case):
        yield "visit again", lambda: visit(scene, case, who, body)
        return
    outcome = scene.dice.choices((*FOUND, "unsubstantiated", "unverifiable"), CONCLUDES[body.character])[0]
    category = policy.category_version(scene.session, case.category_code, case.category_version)
    if outcome not in FOUND and category.night_rule and not eyes.seen_at_night(scene.session, case):
        if scene.now.astimezone(LOCAL_ZONE).hour >= 20:
            yield "visit by night", lambda: visit(scene, case, who, body)
        return
    yield "propose", lambda: handling.propose(
        scene.session, case, outcome=outcome, summary="经查", qualification="消防法第二十八条", sanction="", by=who,
        now=scene.now,
    )  # fmt: skip


def _decide(scene: Scene, case: Case, body: Body, _: frozenset[str]) -> Acts:
    if scene.chance(0.1):
        yield (
            "return the verdict",
            lambda: handling.return_verdict(scene.session, case, comment="补充照片", by=body.leader, now=scene.now),
        )
        return
    verdict, at = proposed(scene.session, case)
    if verdict.outcome not in FOUND:
        yield (
            "approve a denial",
            lambda: handling.find_unsubstantiated(
                scene.session, case, comment="现场无此情形", by=body.leader, now=scene.now
            ),
        )
        return
    yield from _order(scene, case, body, verdict, at)


def _order(scene: Scene, case: Case, body: Body, verdict: Verdict, at: Visit) -> Acts:
    fixed = scene.chance(0.15)
    latest = 14 if case.urgency != "normal" else 29
    due_at = None if fixed else scene.now + timedelta(days=scene.dice.randint(2, latest))
    bureau = scene.world.bureau(eyes.lead(scene.session, case))
    major = bureau is not None and scene.chance(0.04)
    draft = order_draft(
        due_at=due_at, fixed_on_spot=fixed, grade="major" if major else "general",
        consequences=make.UNDECIDED | {"penalise": {"decided": scene.chance(0.1), "reason": "按规定"}},
    )  # fmt: skip
    by = bureau.leader if major and bureau is not None else body.leader

    def order() -> None:
        if fixed:
            make.pictures(scene.session, case, "before", "after", at=at.started_at)
        handling.order(scene.session, case, draft=draft, by=by, now=scene.now)

    yield "order" if verdict.outcome in FOUND else "", order


def _accept(scene: Scene, case: Case, body: Body, folder: frozenset[str]) -> Acts:
    """T14, T15: by somebody who handled nothing and has been there, with a photo of their own."""
    yield from asking.for_a_hold(scene, case, body, folder)
    acceptor = _acceptor(scene, case, body)
    if acceptor is None:
        return  # until the safety office has brought somebody in
    if scene.chance(0.15):
        yield (
            "fail the acceptance",
            lambda: accepting.fail(
                scene.session, case, note="未清理", findings=["通道仍堵"], checks=[], by=acceptor, now=scene.now
            ),
        )
        return

    category = policy.category_version(scene.session, case.category_code, case.category_version)
    if category.night_rule and scene.now.astimezone(LOCAL_ZONE).hour < 20:
        return  # what happens by night is accepted by night
    yield "pass the acceptance", lambda: accepting.pass_(
        scene.session, case, note="合格", findings=["通道畅通"], checks=all_passed(scene.session, case), by=acceptor,
        now=scene.now,
    )  # fmt: skip


def _acceptor(scene: Scene, case: Case, body: Body) -> Actor | None:
    """The deputy leader; where another body must accept, whoever reviews there; nobody where none is (M64)."""
    if not rules.by_others(scene.session, case):
        return body.deputy
    bureau = scene.world.bureau(rules.whose(scene.session, case))
    return bureau.reviewer if bureau is not None else None


def _close(scene: Scene, case: Case, body: Body, folder: frozenset[str]) -> Acts:
    if case.replies_open and scene.chance(0.8):
        return
    waiting = select(RecordCopy).where(RecordCopy.case_id == case.id, RecordCopy.delivered_at.is_(None))
    for copy in scene.session.scalars(waiting.order_by(RecordCopy.id)).all():
        note = scene.dice.choice(("送达", "拒签，已留置"))
        yield (
            "deliver a copy",
            lambda copy=copy, note=note: handling.deliver(  # type: ignore[misc]
                scene.session, case, copy_id=copy.id, note=note, by=body.clerk, now=scene.now
            ),
        )
    if folder & HINDERS and scene.chance(0.9):
        return
    if not case.replies_open and case.urgency != "immediate" and case.grade != "major":
        yield "close", lambda: handling.close(scene.session, case, note="整改到位", by=body.leader, now=scene.now)


def visit(scene: Scene, case: Case, who: Actor, body: Body) -> None:
    """T6: there, near and far in pictures, with its record."""
    _begin(scene, case, who, body)
    _complete(scene, case, who)


def _begin(scene: Scene, case: Case, who: Actor, body: Body) -> None:
    companion = next((each for each in body.officers if each != who), who).account_id or 0
    check_in = CheckIn("verification", body.middle, [companion], "按举报位置到场")
    handling.start_visit(scene.session, case, check_in=check_in, by=who, now=scene.now)


def _complete(scene: Scene, case: Case, who: Actor) -> None:
    make.pictures(scene.session, case, "near", "far", at=scene.now)
    record = replace(RECORD, checks=answers.calm(scene.session, case))
    handling.complete_visit(scene.session, case, record=record, by=who, now=scene.now)


def _visitor(scene: Scene, case: Case, body: Body) -> Actor:
    """One of the officers; others where a verdict was set aside (X21, T18). The deputy leader never goes."""
    last = second_look.set_aside(scene.session, case)
    if last is None:
        return body.officers[0]
    before = {last[1].proposed_by, scene.session.get_one(Visit, last[1].visit_id).officer_id}
    return next((each for each in body.officers if each.account_id not in before), body.officers[0])


TURNS: dict[str, Callable[[Scene, Case, Body, frozenset[str]], Acts]] = {
    "dispatched": _sign, "signed": _go, "verifying": _verify, "verdict_review": _decide, "rectifying": asking.rectify,
    "acceptance": _accept, "closure_review": _close,
}  # fmt: skip

"""What departments do: their tasks, enforcement checks, referrals that reach them, joint operations."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Select, select

from cases import bulk, disputes, enforcing, handling, papers
from cases.bulk import Chosen, Sign
from cases.disputes.requests import Plea
from cases.enforcing import OperationPlan
from cases.handling import CheckIn
from cases.lifecycle.referral import holds_whole
from cases.models.case import Case, Task
from cases.models.operation import Operation
from cases.models.referral import Referral
from kit.clock import LOCAL_ZONE
from people.actors import Actor
from tests import answers, make
from tests.enforcement import slip_of
from tests.simulation import eyes, tracks
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import Bureau
from tests.walk import RECORD

TRACKS = {"penalty", "measure", "crime"}
HANDLED = ("signed", "verifying", "rectifying", "acceptance", "closure_review")


def acts(scene: Scene, case: Case, folder: frozenset[str]) -> Acts:
    """What each department with a part in the case does now."""
    if case.state in {"registered", "void", "on_hold"}:
        return
    for task in eyes.departments(scene.session, case) if "tasks" in folder else ():
        bureau = scene.world.bureau(task.org_id)
        if bureau is not None and scene.moves(case, bureau.org.id):
            yield from _task(scene, case, bureau, task, folder)
    leading = scene.world.bureau(eyes.lead(scene.session, case)) if case.state in HANDLED or folder & TRACKS else None
    if leading is not None and scene.moves(case, leading.org.id):
        yield from _check(scene, case, leading)
        yield from _look_anew(scene, case, leading)
        yield from tracks.acts(scene, case, leading, folder)
    if "referral" in folder:
        yield from _received(scene, case)


def _task(scene: Scene, case: Case, bureau: Bureau, task: Task, folder: frozenset[str]) -> Acts:
    """Sign for it, say that it is another's, answer it."""
    if case.state in {"closed", "look_back"} or ("referral" in folder and task.id in _handed(scene, case)):
        return
    if task.state == "open" and scene.chance(0.03):
        other = next(each for each in scene.world.bureaus if each != bureau)
        plea = Plea("not_my_duty", "不属于本部门职责", proposed_org_id=other.org.id)
        yield (
            "a department asks for a return",
            lambda: disputes.ask_return(scene.session, case, plea=plea, by=bureau.officer, now=scene.now),
        )
    elif task.state == "open" and scene.chance(0.2):
        act = Sign(bureau.officer.account_id or 0)
        yield (
            "a department signs in bulk",
            lambda: bulk.do(
                scene.session, act, [Chosen(case.id, case.version)], client_id=uuid4(), by=bureau.officer, now=scene.now
            ),
        )
    elif task.state == "open" and scene.chance(0.5):
        yield (
            "a department signs",
            lambda: handling.sign_task(
                scene.session, case, person_id=bureau.officer.account_id or 0, by=bureau.officer, now=scene.now
            ),
        )
    elif task.kind != "lead" or case.outcome is not None or case.state == "closure_review":
        yield (
            "a department answers",
            lambda: handling.answer_task(scene.session, case, text="已配合", by=bureau.officer, now=scene.now),
        )


def _handed(scene: Scene, case: Case) -> set[object]:
    """Tasks that a referral brought: its result is their answer."""
    open_ = ("sent", "accepted", "refused")
    return set(
        scene.session.scalars(select(Referral.task_id).where(Referral.case_id == case.id, Referral.state.in_(open_)))
    )


def _look_anew(scene: Scene, case: Case, bureau: Bureau) -> Acts:
    """X21: a town of one cannot look again at what it did not find; whoever leads does."""
    body = scene.world.body(case.responsible_org_id)
    if case.state != "verifying" or len(body.officers) > 1:
        return
    alone = all(eyes.others_must_look(scene.session, case, who) for who in body.officers)
    if not alone or eyes.others_must_look(scene.session, case, bureau.officer):
        return
    if not eyes.visited(scene.session, case):
        yield "a department looks anew", lambda: _visit(scene, case, bureau)
    yield "a department concludes", lambda: handling.propose(
        scene.session, case, outcome="substantiated", summary="经查属实", qualification="消防法第二十八条", sanction="",
        by=bureau.officer, now=scene.now,
    )  # fmt: skip


def _check(scene: Scene, case: Case, bureau: Bureau) -> Acts:
    """M61: two with certificates, before the verdict, where a penalty will be asked for."""
    wanted = case.penalty_policy == "mandatory" or scene.chance(0.1)
    if case.state not in {"signed", "verifying"} or not wanted or eyes.checked(scene.session, case):
        return
    yield "an enforcement check", lambda: _visit(scene, case, bureau)


def _visit(scene: Scene, case: Case, bureau: Bureau) -> None:
    place = scene.world.body(case.responsible_org_id).middle
    first, second = bureau.officers
    check_in = CheckIn("enforcement", place, [second.account_id or 0], "按举报位置到场")
    handling.start_visit(scene.session, case, check_in=check_in, by=first, now=scene.now)
    make.pictures(scene.session, case, "near", "far", at=scene.now)
    record = replace(RECORD, checks=answers.calm(scene.session, case))
    handling.complete_visit(scene.session, case, record=record, by=first, now=scene.now)


def _received(scene: Scene, case: Case) -> Acts:
    """T12: a referral is taken, refused, answered; for a body outside, the sender enters what it was told."""
    referral = eyes.newest(scene.session, Referral, case, "sent", "accepted")
    if referral is None:
        return
    bureau = scene.world.bureau(referral.to_org_id)
    sender = scene.world.bureau(referral.from_org_id)
    by = bureau.leader if bureau else sender.leader if sender else scene.world.body(referral.from_org_id).leader
    clerk = sender.officer if sender else scene.world.body(referral.from_org_id).officers[0]
    if not scene.moves(case, by.org_id):
        return
    if referral.state == "accepted":
        if scene.chance(0.4):
            ends = holds_whole(scene.session, case, referral) and scene.chance(0.5)
            finding = "substantiated" if ends else None
            yield (
                "find what came of a referral" if ends else "answer a referral",
                lambda: enforcing.answer(
                    scene.session, case, referral, result="已督促", finding=finding, by=by, now=scene.now
                ),
            )
    elif scene.chance(0.2):
        yield (
            "refuse a referral",
            lambda: enforcing.refuse(
                scene.session, case, referral, reason="不属于本机关管辖", slip="拒1号", by=by, now=scene.now
            ),
        )
    else:
        yield (
            "accept a referral",
            lambda: _taken(scene, case, referral, by if bureau else clerk),
        )


def _taken(scene: Scene, case: Case, referral: Referral, by: Actor) -> None:
    """The receiver says so, or somebody of the sender who did not send it, with the slip for the file (M44)."""
    enforcing.accept(scene.session, case, referral, slip="收字1号", by=by, now=scene.now)
    if referral.to_org_id is None:
        papers.add_scan(scene.session, case, slip_of(referral), by=by, now=scene.now)


def joint_operations(scene: Scene) -> None:
    """M57, M104: now and then a department plans one over several cases, and its members play their part in it."""
    for operation in scene.session.scalars(_open_operations()).all():
        for act in _go_on(scene, operation):
            scene.do(act)
    bureau = scene.dice.choice(scene.world.bureaus)
    theirs = select(Case).join(Task, Task.case_id == Case.id).where(
        Task.org_id == bureau.org.id, Task.kind == "lead", Task.state.in_(eyes.LIVE), Case.state.in_(HANDLED)
    )  # fmt: skip
    cases = scene.session.scalars(theirs.order_by(Case.number).limit(3)).all()
    if cases:
        today = scene.now.astimezone(LOCAL_ZONE).date()
        members = {case.responsible_org_id or 0 for case in cases} | {scene.world.bureaus[1].org.id}
        members = {each for each in members if each != scene.world.group.org.id}
        plan = OperationPlan(
            "联合整治", "逐户检查", today, today + timedelta(days=10), sorted(members), [case.id for case in cases]
        )
        scene.do(
            ("plan an operation", lambda: enforcing.plan_operation(scene.session, plan, **_by(scene, bureau)))
        )  # fmt: skip


def _open_operations() -> Select[Operation]:
    return select(Operation).where(Operation.state != "closed").order_by(Operation.planned_at)


def _go_on(scene: Scene, operation: Operation) -> Acts:
    lead = scene.world.bureau(operation.lead_org_id)
    assert lead is not None
    if operation.state == "planned":
        yield "start an operation", lambda: enforcing.start_operation(scene.session, operation, **_by(scene, lead))
        return
    file = enforcing.operation_file(scene.session, operation.id, by=lead.leader)
    for member in [each for each in file.members if each.result is None]:
        bureau = scene.world.bureau(member.org_id)
        by = bureau.leader if bureau else scene.world.body(member.org_id).leader
        if scene.chance(0.7):
            yield (
                "file a result",
                lambda by=by: enforcing.file_result(  # type: ignore[misc]
                    scene.session, operation, result="已检查", by=by, now=scene.now
                ),
            )
    yield "close an operation", lambda: enforcing.close_operation(
        scene.session, operation, summary="完成", **_by(scene, lead)
    )  # fmt: skip


def _by(scene: Scene, bureau: Bureau) -> dict[str, object]:
    return {"by": bureau.leader, "now": scene.now}

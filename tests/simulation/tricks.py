"""What somebody tries who wants a case off the list (X14 to X25). Every one of these must be refused, whoever tries."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

from sqlalchemy import select

from cases import aftercare, disputes, enforcing, handling, routing, triage
from cases.disputes.requests import Plea
from cases.handling import CheckIn
from cases.lifecycle import closing
from cases.lifecycle.checked import Criterion
from cases.models.aftercare import LookBack
from cases.models.case import Case
from cases.models.dispute import ReturnRequest, Voiding
from cases.models.handling import Picture
from cases.models.referral import Referral
from cases.models.report import Report, ReportCase
from cases.models.second_look import DecisionTask, SecondLook
from cases.routing import place
from people.actors import Actor
from people.roles import Role
from tests import accepting, make
from tests.simulation import delays, eyes, powers
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import Body
from tests.walk import all_passed, order_draft

FOUND = ("substantiated", "partly")


def acts(scene: Scene, case: Case) -> Acts:
    """Every trick that fits the case as it is."""
    body = scene.world.body(case.responsible_org_id)
    yield from _closing(scene, case, body)
    yield from TURNS.get(case.state, _nothing)(scene, case, body)
    yield from _whose(scene, case, body)
    yield from delays.acts(scene, case, body)
    yield from powers.acts(scene, case, body)


def _nothing(*_: object) -> Acts:
    yield from ()


def _closing(scene: Scene, case: Case, body: Body) -> Acts:
    """X20, X22, X24: closed is what every guard lets close, by the right level."""
    by = body.leader
    if case.urgency == "immediate" or case.grade == "major":
        yield "X25 a town closes what is the office's", _close(scene, case, by)
        by = scene.world.safety[0]
    if case.state == "closure_review":
        if any(not line.holds for line in closing.panel(scene.session, case)):
            yield "X22 close while a guard is shut", _close(scene, case, by)
        if eyes.newest(scene.session, SecondLook, case, "waiting") is not None:
            yield "X21 close before the second look", _close(scene, case, by)
    elif case.state != "closed":
        name = "X24 a transfer is done" if case.state == "referred" else "X20 close early"
        yield name, _close(scene, case, by)


def _close(scene: Scene, case: Case, by: Actor) -> Callable[[], object]:
    return lambda: handling.close(scene.session, case, note="", by=by, now=scene.now)


def _verifying(scene: Scene, case: Case, body: Body) -> Acts:
    """X21: 不属实 is the cheapest exit."""
    begun = eyes.under_way(scene.session, case)
    if begun is not None:
        stranger = next(each for each in scene.world.towns if each.org.id != begun.org_id)
        yield "M15 end another's visit", lambda: handling.break_off(
            scene.session, case, reason="不再查", by=stranger.clerk, now=scene.now
        )  # fmt: skip
    if not eyes.visited(scene.session, case):
        yield "X21 deny without a visit", lambda: _deny(scene, case, body.officers[-1])
    yield "M07 the office concludes", lambda: _deny(scene, case, scene.world.safety[0])


def _deny(scene: Scene, case: Case, by: Actor) -> None:
    handling.propose(
        scene.session, case, outcome="unsubstantiated", summary="未见", qualification="", sanction="", by=by,
        now=scene.now,
    )  # fmt: skip


def _signed(scene: Scene, case: Case, body: Body) -> Acts:
    far = CheckIn("verification", make.OUTSIDE, [], None)
    yield (
        "X20 visit from afar",
        lambda: handling.start_visit(scene.session, case, check_in=far, by=body.officers[0], now=scene.now),
    )
    alone = CheckIn("enforcement", body.middle, [], None)
    yield (
        "X23 an enforcement check alone",
        lambda: handling.start_visit(scene.session, case, check_in=alone, by=body.officers[0], now=scene.now),
    )


def _verdict(scene: Scene, case: Case, body: Body) -> Acts:
    """C2, M16, M39, M50: whoever verified does not approve; an order is whole and within its time."""
    verdict, _visit = handling.verdict.proposed(scene.session, case)
    own = _as_leader(next(each for each in body.officers if each.account_id == verdict.proposed_by)) if any(
        each.account_id == verdict.proposed_by for each in body.officers
    ) else None  # fmt: skip
    soon = scene.now + timedelta(days=9)
    if verdict.outcome not in FOUND:
        if own is not None:
            yield (
                "X21 approve one's own denial",
                lambda: handling.find_unsubstantiated(scene.session, case, comment="同意", by=own, now=scene.now),
            )
        return
    drafts = {
        "M39 order without a plan": order_draft(due_at=soon, plan={}),
        "M16 an officer is to rectify": order_draft(
            due_at=soon, plan=order_draft(due_at=soon).plan | {"responsible_party": body.officers[0].name}
        ),
        "M50 order with nothing decided": order_draft(due_at=soon, consequences={}),
        "C5 order without end": order_draft(due_at=scene.now + timedelta(days=400)),
        "X29 major without a criterion": order_draft(due_at=soon, grade="major", criterion=None),
        "X29 major by anybody's words": order_draft(due_at=soon, grade="major", criterion=Criterion("很严重", "第1条")),
    }
    for name, draft in drafts.items():
        yield (
            name,
            lambda draft=draft: handling.order(  # type: ignore[misc]
                scene.session, case, draft=draft, by=body.leader, now=scene.now
            ),
        )
    yield (
        "X21 deny what was found",
        lambda: handling.find_unsubstantiated(scene.session, case, comment="查无此事", by=body.leader, now=scene.now),
    )
    if own is not None:
        yield (
            "C2 approve one's own verdict",
            lambda: handling.order(scene.session, case, draft=order_draft(due_at=soon), by=own, now=scene.now),
        )


def _rectifying(scene: Scene, case: Case, body: Body) -> Acts:
    """M40, X20: nothing counts as done while it is undecided, nor by a picture that was there before."""
    if eyes.newest(scene.session, DecisionTask, case, "open") is not None:
        yield "M40 go on undecided", lambda: _complete(scene, case, body, None)
    old = scene.session.scalars(select(Picture.sha256).where(Picture.case_id == case.id, Picture.role == "near"))
    fresh = select(Picture.id).where(Picture.case_id == case.id, Picture.role == "after")
    shown = old.first()
    if shown is not None and scene.session.scalars(fresh).first() is None:
        yield "X20 show an old picture", lambda: _complete(scene, case, body, shown)


def _complete(scene: Scene, case: Case, body: Body, shown: bytes | None) -> None:
    (picture,) = make.pictures(scene.session, case, "after", at=scene.now)
    picture.sha256 = shown or picture.sha256
    scene.session.flush()
    handling.complete(scene.session, case, statement="已整改", by=body.officers[0], now=scene.now)


def _acceptance(scene: Scene, case: Case, body: Body) -> Acts:
    """X25, M64: whoever handled it does not accept it, and not without looking at each finding."""
    checks = all_passed(scene.session, case)
    bureau = scene.world.bureau(eyes.lead(scene.session, case)) if case.grade == "major" else None
    ordered_by = bureau.leader if bureau is not None else body.leader
    yield (
        "X25 accept one's own work",
        lambda: accepting.pass_(
            scene.session, case, note="合格", findings=["好"], checks=checks, by=body.officers[0], now=scene.now
        ),
    )
    yield (
        "C2 accept what one has ordered",
        lambda: accepting.pass_(
            scene.session, case, note="合格", findings=["好"], checks=checks, by=ordered_by, now=scene.now
        ),
    )
    yield (
        "X20 accept from the office",
        lambda: handling.pass_(
            scene.session, case, note="合格", findings=["好"], checks=checks, by=body.deputy, now=scene.now
        ),
    )
    yield "X20 accept on the handler's photo", lambda: _accept_unseen(scene, case, body)
    stranger = scene.world.another(body).deputy
    yield (
        "M64 accept without a task",
        lambda: accepting.pass_(
            scene.session, case, note="合格", findings=["好"], checks=checks, by=stranger, now=scene.now
        ),
    )
    if case.rework_count == 0 and case.reopen_count == 0:
        yield (
            "T15 accept without looking",
            lambda: accepting.pass_(
                scene.session, case, note="合格", findings=[], checks=[], by=body.deputy, now=scene.now
            ),
        )


def _accept_unseen(scene: Scene, case: Case, body: Body) -> None:
    """There, and with nothing to show of one's own."""
    facts = {"by": body.deputy, "now": scene.now}
    handling.arrive(scene.session, case, point=body.middle, distance_reason="已到场", **facts)
    make.pictures(scene.session, case, "after", at=scene.now, by=body.officers[0])
    handling.pass_(scene.session, case, note="合格", findings=["好"], checks=all_passed(scene.session, case), **facts)


def _referred(scene: Scene, case: Case, body: Body) -> Acts:
    """X22: that a body outside has taken it is not said by the very person who sent it."""
    sent = eyes.newest(scene.session, Referral, case, "sent")
    if sent is not None and sent.to_org_id is None and sent.sent_by == body.leader.account_id:
        yield "X22 type the slip of one's own referral", lambda: enforcing.accept(
            scene.session, case, sent, slip="收1号", by=body.leader, now=scene.now
        )  # fmt: skip


def _closed(scene: Scene, case: Case, body: Body) -> Acts:
    """T17, M64: others look back, in their time."""
    look = scene.session.scalars(
        select(LookBack).where(LookBack.case_id == case.id, LookBack.state == "due").order_by(LookBack.step)
    ).first()
    if look is None or look.round != case.reopen_count:
        return
    yield (
        "M64 the town looks back",
        lambda: aftercare.assign(
            scene.session,
            case,
            look,
            account_id=body.officers[-1].account_id or 0,
            by=scene.world.safety[0],
            now=scene.now,
        ),
    )
    if look.assignee_id is not None and scene.now < look.opens_at:
        people = [who for each in scene.world.bureaus for who in (each.reviewer, each.leader)] + [scene.world.safety[2]]
        who = next((each for each in people if each.account_id == look.assignee_id), None)
        if who is not None:
            arrival = aftercare.Arrival(body.middle)
            yield (
                "T17 look back on the morrow",
                lambda: aftercare.start(scene.session, case, look, arrival=arrival, by=who, now=scene.now),
            )


def _whose(scene: Scene, case: Case, body: Body) -> Acts:
    """X14, X18, X19, T20: given back again, split, or made to vanish."""
    other = scene.world.another(body)
    plea = Plea("not_my_territory", "不在辖区", proposed_org_id=other.org.id)
    again = select(ReturnRequest.id).where(ReturnRequest.case_id == case.id, ReturnRequest.of_main)
    if case.state in {"dispatched", "signed"} and scene.session.scalars(again).first() is not None:
        yield (
            "X14 return it again",
            lambda: disputes.ask_return(scene.session, case, plea=plea, by=body.clerk, now=scene.now),
        )
    if case.state in {"verifying", "rectifying"}:
        yield (
            "X14 return it late",
            lambda: disputes.ask_return(scene.session, case, plea=plea, by=body.clerk, now=scene.now),
        )
        yield (
            "T20 void what is handled",
            lambda: routing.propose_void(
                scene.session, case, reason="spam", text="", same_as=None, by=scene.world.intake[0], now=scene.now
            ),
        )
    proposal = scene.session.scalars(
        select(Voiding).where(Voiding.case_id == case.id, Voiding.state == "proposed")
    ).one_or_none()
    if proposal is not None:
        yield (
            "T20 void alone",
            lambda: routing.confirm_void(scene.session, case, proposal.id, by=scene.world.intake[0], now=scene.now),
        )
    first = select(Report).join(ReportCase).where(ReportCase.case_id == case.id, ReportCase.opened)
    report = scene.session.scalars(first.limit(1)).first()
    if report is not None and report.state in {"accepted", "verifying"}:
        yield "X19 split a case", lambda: triage.separate(
            scene.session, report, place(scene.session, report), why="拆分", category_code=report.category_code,
            by=scene.world.intake[0], now=scene.now,
        )  # fmt: skip
        if report.outcome is None:
            yield (
                "R7 reply before there is a result",
                lambda: triage.reply(
                    scene.session,
                    report,
                    text="经现场核查，反映的情况不属实。",
                    by=scene.world.intake[0],
                    now=scene.now,
                ),
            )


def _as_leader(officer: Actor) -> Actor:
    """The same person with a leader's role as well."""
    return replace(officer, roles=officer.roles | {Role.TOWN_LEADER})


TURNS: dict[str, Callable[[Scene, Case, Body], Acts]] = {
    "signed": _signed, "verifying": _verifying, "verdict_review": _verdict, "rectifying": _rectifying,
    "acceptance": _acceptance, "referred": _referred, "closed": _closed,
}  # fmt: skip

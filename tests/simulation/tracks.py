"""Penalties, measures and suspected crimes beside a case, as a leading department carries them on (C4.4, C4.5, F30)."""

from datetime import timedelta

from cases import enforcing, papers
from cases.models.case import Case
from cases.models.measure import Measure
from cases.models.penalty import DECIDED, Penalty
from cases.models.referral import CriminalTransfer
from tests.enforcement import at_the_place, copy_of, decision, measure
from tests.simulation import eyes
from tests.simulation.scene import Acts, Scene
from tests.simulation.world import Bureau

FOUND = ("substantiated", "partly")
HANDLED = ("verifying", "verdict_review", "rectifying", "acceptance", "closure_review", "referred")
OPEN = ("filed", "investigated", "notified", "hearing")
TYPES = {"fire": "temporary_sealing"}


def acts(scene: Scene, case: Case, bureau: Bureau, folder: frozenset[str]) -> Acts:
    """What this department does next on each track of the case."""
    if "penalty" in folder or _is_due(scene, case):
        yield from _penalty(scene, case, bureau)
    if "measure" in folder or (case.state in {"verifying", "rectifying"} and scene.chance(0.05)):
        yield from _measure(scene, case, bureau)
    if "crime" in folder or case.category_code == "CHM-01":
        yield from _crime(scene, case, bureau)


def _penalty(scene: Scene, case: Case, bureau: Bureau) -> Acts:
    track = eyes.newest(scene.session, Penalty, case, *OPEN, *DECIDED, "not_penalised", "revoked")
    if track is not None and track.org_id != bureau.org.id:
        return
    if track is None or (track.state == "revoked" and track.withdrawn_at is not None) or _of_before(case, track):
        yield "file a penalty", lambda: enforcing.file(
            scene.session, case, party_kind="unit", party="某公司", cause="违法行为", officer_ids=bureau.pair,
            by=bureau.officer, now=scene.now,
        )  # fmt: skip
    elif track.state in OPEN:
        yield from _towards_a_decision(scene, case, bureau, track)
    else:
        yield from _after_the_decision(scene, case, bureau, track)


def _of_before(case: Case, track: Penalty) -> bool:
    """The violation came back: it is decided on anew (T18)."""
    return case.reopened_at is not None and track.filed_at < case.reopened_at and track.state not in OPEN


def _is_due(scene: Scene, case: Case) -> bool:
    wanted = case.penalty_policy == "mandatory" or scene.chance(0.05)
    return case.outcome in FOUND and case.state in HANDLED and wanted


def _towards_a_decision(scene: Scene, case: Case, bureau: Bureau, track: Penalty) -> Acts:
    session, who, now = scene.session, bureau.officer, scene.now
    if track.waived_by is not None:
        yield (
            "waive a penalty",
            lambda: enforcing.waive(session, case, track, note="同意", by=scene.world.lawyer, now=now),
        )
    elif track.state == "filed" and (not eyes.checked(session, case) or scene.chance(0.1)):
        conditions = {"minor": True, "corrected": True, "no_harm": True}
        yield "propose a waiver", lambda: enforcing.propose_waiver(
            session, case, track, reason="minor_corrected", text="轻微并及时改正", education="已教育",
            conditions=conditions, by=bureau.leader, now=now,
        )  # fmt: skip
    elif track.state == "filed":
        yield (
            "investigate",
            lambda: enforcing.investigate(
                session, case, track, findings="属实", qualification="消防法第六十条", by=who, now=now
            ),
        )
    elif track.state == "investigated":
        yield "notify", lambda: enforcing.notify(session, case, track, notice="拟罚款五千元", by=who, now=now)
    elif track.state == "notified" and scene.chance(0.15):
        at = now + timedelta(days=7)
        yield "grant a hearing", lambda: enforcing.grant_hearing(session, case, track, at=at, by=who, now=now)
    elif track.state == "hearing" and not track.hearing_record:
        yield "hold a hearing", lambda: enforcing.hold_hearing(session, case, track, record="笔录", by=who, now=now)
    elif not track.defence and not track.hearing_record:
        yield "hear a defence", lambda: enforcing.hear_defence(session, case, track, text="无异议", by=who, now=now)
    else:
        yield "decide a penalty", lambda: enforcing.decide(
            session, case, track, decision(), by=bureau.leader, now=now
        )  # fmt: skip


def _after_the_decision(scene: Scene, case: Case, bureau: Bureau, track: Penalty) -> Acts:
    session, who, now = scene.session, bureau.officer, scene.now
    if track.state == "revoked" and track.withdrawn_at is None:
        yield "withdraw a publication", lambda: enforcing.withdraw(
            session, case, track, note="已撤回", by=who, now=now
        )  # fmt: skip
    elif track.state in DECIDED and not eyes.stored(session, track):
        yield "store a decision", lambda: papers.add_scan(
            session, case, copy_of(track), by=who, now=now
        )  # fmt: skip
    elif track.state == "decided":
        yield "serve a penalty", lambda: enforcing.serve(session, case, track, how="直接送达", by=who, now=now)
    elif track.state in DECIDED and track.published_at is None:
        yield "publish a penalty", lambda: enforcing.publish(session, case, track, where="公示网", by=who, now=now)
    elif track.state == "served" and scene.chance(0.05) and case.state in HANDLED:
        yield (
            "revoke a penalty",
            lambda: enforcing.revoke(session, case, track, reason="程序瑕疵", by=bureau.leader, now=now),
        )
    elif track.state == "served":
        yield "execute a penalty", lambda: enforcing.execute(session, case, track, text="已缴纳", by=who, now=now)


def _measure(scene: Scene, case: Case, bureau: Bureau) -> Acts:
    """Propose, approve, enforce; extend; look again on request, lift; or find it breached (M41)."""
    session, now = scene.session, scene.now
    held = eyes.newest(session, Measure, case, "proposed", "approved", "in_force", "extended", "lift_requested")
    if held is None:
        if case.state in {"verifying", "rectifying"}:
            draft = measure(TYPES.get(bureau.org.department_kind or "", "sealing"))
            yield "propose a measure", lambda: enforcing.propose(session, case, draft, by=bureau.officer, now=now)
        return
    if held.org_id != bureau.org.id:
        return
    yield from _step(scene, case, bureau, held)


def _step(scene: Scene, case: Case, bureau: Bureau, held: Measure) -> Acts:
    session, now, who = scene.session, scene.now, bureau.officer
    if held.state == "proposed" and held.type_code != "suspension" and scene.chance(0.1):
        yield "drop a measure", lambda: enforcing.drop(session, case, held, note="无需", by=bureau.leader, now=now)
    elif held.state == "proposed":
        yield (
            "approve a measure",
            lambda: enforcing.approve(session, case, held, note="同意", decision_ref=None, by=bureau.leader, now=now),
        )
    elif held.state == "approved":
        yield (
            "put a measure in force",
            lambda: enforcing.put_in_force(
                session, case, held, officer_ids=bureau.pair, owner_id=who.account_id or 0, until=None, by=who, now=now
            ),
        )
    elif held.state == "lift_requested":
        yield from _review(scene, case, bureau, held)
    elif scene.chance(0.02) and case.state not in {"closed", "look_back"}:
        yield "find a breach", lambda: enforcing.breached(session, case, held, facts="仍在生产", by=who, now=now)
    elif held.state == "in_force" and held.ends_at is not None and scene.chance(0.05):
        yield (
            "extend a measure",
            lambda: enforcing.extend(session, case, held, reason="隐患未消除", until=None, by=bureau.leader, now=now),
        )
    elif scene.chance(0.3):
        yield "ask to lift", lambda: enforcing.request_lift(
            session, case, held, application="已整改", by=who, now=now
        )  # fmt: skip


def _review(scene: Scene, case: Case, bureau: Bureau, held: Measure) -> Acts:
    """The review leaves the measure's own state alone, so that it is lifted in the same turn."""
    yield "go to review a measure", lambda: at_the_place(
        scene.session, case, held, by=bureau.reviewer, now=scene.now
    )  # fmt: skip
    result = "fail" if scene.chance(0.2) else "pass"
    yield (
        "review a measure",
        lambda: enforcing.review(
            scene.session, case, held, result=result, findings=["已查"], note="", by=bureau.reviewer, now=scene.now
        ),
    )
    if result == "pass":
        yield "lift a measure", lambda: enforcing.lift(
            scene.session, case, held, note="恢复", by=bureau.leader, now=scene.now
        )  # fmt: skip


def _crime(scene: Scene, case: Case, bureau: Bureau) -> Acts:
    """F30: reported by two, decided by the head, in the hands of the police, who answer."""
    session, now, who = scene.session, scene.now, bureau.officer
    transfer = eyes.newest(session, CriminalTransfer, case, "reported", "approved", "sent", "accepted", "rejected")
    police = scene.world.bureaus[1]
    if transfer is None:
        if case.category_code == "CHM-01" and case.outcome in FOUND and case.state in HANDLED and scene.chance(0.2):
            yield (
                "report a crime",
                lambda: enforcing.report_crime(
                    session,
                    case,
                    suspicion="涉嫌危险作业罪",
                    facts="私设油库",
                    officer_ids=bureau.pair,
                    by=who,
                    now=now,
                ),
            )
    elif transfer.state == "reported":
        approved = scene.chance(0.7)
        yield (
            "decide a transfer",
            lambda: enforcing.decide_transfer(
                session, case, transfer, approved=approved, reasons="依法", by=bureau.leader, now=now
            ),
        )
    elif transfer.state == "approved":
        yield (
            "send to the police",
            lambda: enforcing.send(
                session, case, transfer, police_org_id=police.org.id, materials=["案卷"], by=who, now=now
            ),
        )
    elif transfer.state == "sent" and scene.chance(0.8):
        yield (
            "the police take it",
            lambda: enforcing.acknowledge(session, case, transfer, slip="公受1号", by=police.officer, now=now),
        )
    elif transfer.state == "sent":
        yield (
            "the police decline",
            lambda: enforcing.decline(session, case, transfer, reasons="不构成犯罪", by=police.officer, now=now),
        )

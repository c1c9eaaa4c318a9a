"""What the system decides by itself, by policy rows, and when it calls a person (R2, R4, M115, M117, X33, X34)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import notices, photos, policy, provisional, trail
from cases.journey import Kind, Step
from cases.lifecycle import deciding, naming
from cases.lifecycle import report as machine
from cases.models.report import HELD, SITE_FLOOD, Report, ReportEvent, ReportPhoto
from cases.routing import Placing, is_answered_for, place
from cases.triage import signals
from cases.triage.accept import accept
from cases.triage.duplicates import DUPLICATE, is_flooded, named_alike, possible
from cases.triage.reports import lock
from people.actors import SYSTEM

DEATH_CATEGORY = "CCL-01"
OTHER_CATEGORY = "OTH-01"


def judge(session: Session, report_id: UUID, *, now: datetime) -> None:
    """Accept and dispatch an unambiguous report, or let it wait at the district desk. Safe to repeat."""
    report = lock(session, report_id, by=SYSTEM)
    if report.state != "submitted":
        return
    machine.move(report, "take_up", by=SYSTEM)
    trail.record(session, report, Kind.REVIEW_STARTED, by=SYSTEM, now=now)
    _clean_waiting_photos(session, report, now=now)
    photos.expect(session, report, now=now)
    signals.note(session, report, now=now)
    naming.note(session, report, report.text)
    if report.emergency != "none" or report.deaths:
        notices.tell_district(session, "emergency", "紧急举报：请立即查看受理台", now=now)
    placing = place(session, report)
    if not _goes_on(session, report, placing, now=now):
        provisional.due(session, report, "review", start=report.received_at, now=now)  # as it was told at intake
        deciding.count(session, report, now=now)
        trail.record(
            session, report, Kind.WAITS, by=SYSTEM, now=now, follow_at=report.review_due_at, waits_for=report.waits_for
        )


def let_on(session: Session, report_id: UUID, *, now: datetime) -> None:
    """The phone has done its work: judge the report as any other, unless a person has looked at it. Safe to repeat."""
    report = lock(session, report_id, by=SYSTEM)
    if report.state == "in_review" and report.waits_for is None and report.seen_at is None:
        _goes_on(session, report, place(session, report), now=now)


def review_due(session: Session, report_id: UUID, *, now: datetime) -> None:
    """The review clock has run out. If nobody has looked, alarm the duty list; dispatch an emergency provisionally.

    Neither a look nor a question is enough for what is immediate: it is decided by then (D-accept), or treated as if
    nobody had looked; what was asked may still be answered (R3, X33). A proposal not to accept it waits on, too, for
    its second person (R6). Never for matters that a town must not get (C3 R2, X34). Safe to repeat, and to come early.
    """
    report = lock(session, report_id, by=SYSTEM)
    unheeded = report.seen_at is None or report.urgency == deciding.IMMEDIATE
    if not (deciding.waits(report) and unheeded) or report.review_due_at > now or _alarmed(session, report):
        return
    trail.record(session, report, Kind.REVIEW_OVERDUE, by=SYSTEM, now=now)
    placing = place(session, report)
    if _may_go_unseen(session, report, placing, now=now):
        accept(session, report, placing, category_code=report.category_code, by=SYSTEM, now=now, provisional=True)


def _goes_on(session: Session, report: Report, placing: Placing, *, now: datetime) -> bool:
    """Accept and dispatch a report in review, unless a person must look; whether it was."""
    report.waits_for = _why_a_person(session, report, placing, now=now)
    if report.waits_for is None:
        accept(session, report, placing, category_code=report.category_code, by=SYSTEM, now=now)
    return report.waits_for is None


def _alarmed(session: Session, report: Report) -> bool:
    told = select(ReportEvent.id).where(
        ReportEvent.report_id == report.id,
        ReportEvent.kind == str(Kind.REVIEW_OVERDUE),
        ReportEvent.at >= report.review_due_at,  # since it came back to the desk, if it did (R6)
    )
    return session.scalars(told.limit(1)).first() is not None


def _may_go_unseen(session: Session, report: Report, placing: Placing, *, now: datetime) -> bool:
    rule = policy.value(session, "provisional_dispatch", now)
    category = policy.category_in_force(session, report.category_code, now)
    kept = report.deaths or report.category_code in rule["never"] or _names_an_official(session, report, now=now)
    for_a_town = category.routing == "town" and not kept
    pressing = rule["enabled"] and report.urgency in rule["urgencies"]
    return bool(for_a_town and pressing and placing.inside and is_answered_for(session, placing.inside.unit_id))


def _why_a_person(session: Session, report: Report, placing: Placing, *, now: datetime) -> str | None:
    category = policy.category_in_force(session, report.category_code, now)
    if report.deaths or category.routing == "group":
        return "death"
    if report.emergency != "none":
        return "emergency"
    official = "official" if _names_an_official(session, report, now=now) else None
    flood = report.waits_for if report.waits_for in HELD else None  # as intake has seen (security.md 3.7)
    doubt = official or placing.in_doubt or _without_owner(session, placing) or flood
    if doubt:
        return doubt
    if category.routing == "desk":
        return "category"
    if possible(
        session, point=placing.point, accuracy_m=report.accuracy_m, category_code=report.category_code, now=now
    ):
        return SITE_FLOOD if is_flooded(session, report, placing.point, now=now) else DUPLICATE
    return DUPLICATE if named_alike(session, report, now=now) else _by_policy(session, now)


def _by_policy(session: Session, now: datetime) -> str | None:
    return None if policy.value(session, "auto_dispatch", now) else "policy"


def _names_an_official(session: Session, report: Report, *, now: datetime) -> bool:
    """Q10: words that hint at a cadre of the place: a person reads it before any town, and decides what it means."""
    return any(word in report.text for word in policy.value(session, "official_words", now))


def _without_owner(session: Session, placing: Placing) -> str | None:
    """A town whose body is not active, or not entered yet: the report goes to a person, never nowhere."""
    inside = placing.inside
    return "no_owner" if inside and not is_answered_for(session, inside.unit_id) else None


def _clean_waiting_photos(session: Session, report: Report, *, now: datetime) -> None:
    """Photos that came before their report were stored then, and are made ready now."""
    stored = select(ReportPhoto.id).where(
        ReportPhoto.report_client_id == report.client_id, ReportPhoto.state == "stored"
    )
    for photo_id in session.scalars(stored):
        trail.enqueue(session, Step.CLEAN_REPORT_PHOTO, photo_id, now=now)

"""No clock without what it runs for, and nothing open without its clock (M15, M67, C4.2 last column)."""

from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from cases.models.aftercare import OrphanList
from cases.models.case import OVER, Case, Clock

# What a clock beside a case runs for, while it is open; each has one, and nothing else has.
OPEN_THINGS = {
    "second_look": "select verdict_id from handling.second_look where state = 'waiting'",
    "look_back": "select id from handling.look_back where state in ('due', 'visiting')",
    "re_verify": "select id from handling.review where state in ('requested', 'assigned')",
    "decision": "select id from handling.decision_task where state = 'open'",
    "penalty": "select id from handling.penalty where state in ('filed', 'investigated', 'notified', 'hearing')",
    "publish_penalty": "select id from handling.penalty where state in ('decided', 'served', 'executed') "
    "and published_at is null",
    "withdraw_publication": "select id from handling.penalty where state = 'revoked' and withdrawn_at is null",
    "referral_accept": "select id from handling.referral where state = 'sent'",
    "referral_check": "select id from handling.referral where state = 'external'",
    "criminal_decision": "select id from handling.criminal_transfer where state = 'reported'",
    "criminal_transfer": "select id from handling.criminal_transfer where state in ('approved', 'sent')",
}
TASKS = """select t.id from handling.task t join handling.case c on c.id = t.case_id
    where t.kind in ('lead', 'coop') and t.state in ('open', 'signed') and c.state <> 'on_hold'"""
BY_STATE = {
    "registered": {"dispatch"}, "dispatched": {"sign", "verify"}, "arbitrating": {"sign", "verify", "arbitrate"},
    "signed": {"verify"}, "verifying": {"verify"}, "verdict_review": {"verdict_review"},
    "rectifying": {"rectify", "rework"}, "acceptance": {"acceptance", "rectify", "rework"}, "closure_review": {"close"},
    "on_hold": set(), "closed": set(), "look_back": set(), "void": set(),
}  # fmt: skip
NAMED_LATE = {"look_back_of_nobody", "review_of_nobody"}  # the office is slow to name somebody, and hears of it
ANYWHERE = {"total", "first_arrival", "verify_start", "relay", "cordon", "stop_work"}


def hold(session: Session, now: datetime) -> None:
    """Raise AssertionError where a clock and what it runs for do not agree."""
    rows = session.execute(select(Clock.kind, Clock.about_id, Clock.task_id).where(Clock.stopped_at.is_(None))).all()
    running: dict[str, list[object]] = {}
    for kind, about, task in rows:
        running.setdefault(kind, []).append(about or task)
    for kind, wanted in OPEN_THINGS.items():
        assert sorted(map(str, running.get(kind, []))) == _ids(session, wanted), (kind, now)
    assert sorted(map(str, running.get("answer", []))) == _ids(session, TASKS), ("answer", now)
    _own_clocks_fit_the_state(session, now)
    newest = session.scalars(select(OrphanList).order_by(OrphanList.id.desc()).limit(1)).first()
    assert newest is not None
    lost = [each for each in newest.items if each["kind"] not in NAMED_LATE]
    assert lost == [], now


def _ids(session: Session, statement: str) -> list[str]:
    return sorted(str(each) for each in session.scalars(text(statement)))


def _own_clocks_fit_the_state(session: Session, now: datetime) -> None:
    own = select(Clock.case_id, Clock.kind).where(
        Clock.stopped_at.is_(None), Clock.task_id.is_(None), Clock.about_id.is_(None)
    )
    kinds: dict[object, set[str]] = {}
    for case_id, kind in session.execute(own):
        kinds.setdefault(case_id, set()).add(kind)
    for case_id, number, state, urgency in session.execute(select(Case.id, Case.number, Case.state, Case.urgency)):
        theirs = kinds.get(case_id, set())
        if state in OVER:
            assert not theirs, (number, state, theirs, now)
            continue
        if state == "referred":
            continue  # the clocks of where it was go on (X24)
        assert theirs <= BY_STATE[state] | ANYWHERE, (number, state, theirs, now)
        if BY_STATE[state] and state != "closure_review":
            assert theirs & BY_STATE[state], (number, state, theirs, now)
        if urgency != "immediate" and state not in {"registered", "on_hold"}:
            assert "total" in theirs, (number, state, theirs, now)

"""Paper in the background: a PDF laid out in a process of its own, and clean copies of what was scanned."""

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases import papers, trail
from cases.journey import Step
from cases.models.paper import Paper, Scan
from kit.errors import Invalid, Unsupported
from kit.images import clean
from kit.paper import NotPrintable, print_sheets
from kit.settings import settings
from kit.storage import Stored, store
from workers import originals

LIMIT_BYTES = 64 * 1024 * 1024
SCAN_SIZES = (2480, 320)  # an A4 page at 210 dots an inch: handwriting stays legible


def print_paper(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Print the next paper that was asked for of a case; each asking has a job of its own, so none is left.

    Safe to repeat; a paper that cannot be printed is marked so, with its reason.
    """
    waiting = select(Paper).where(Paper.case_id == case_id, Paper.state == "asked").order_by(Paper.asked_at, Paper.id)
    paper = session.scalars(waiting.limit(1).with_for_update(skip_locked=True)).one_or_none()
    if paper is None:
        return
    try:
        done = print_sheets(papers.sheets(paper, base_url=settings().base_url))
    except NotPrintable as refusal:
        papers.fail(paper, reason=str(refusal.extra["reason"]))
        return
    stored = _keep("papers", ".pdf", done.pdf)
    papers.store_printed(paper, key=stored.key, sha256=stored.sha256, size=stored.bytes, pages=done.pages, now=now)


def clean_scan(session: Session, case_id: UUID, *, now: datetime) -> None:
    """Make the clean copies of the next scanned image of a case, large enough to read. Safe to repeat."""
    waiting = select(Scan).where(Scan.case_id == case_id, Scan.state == "stored").order_by(Scan.received_at, Scan.id)
    scan = session.scalars(waiting.limit(1).with_for_update(skip_locked=True)).one_or_none()
    if scan is None:
        return
    try:
        with originals.officers_in_memory(scan) as file:
            large, small = clean(file, SCAN_SIZES)
    except (Invalid, Unsupported) as refusal:
        scan.state, scan.reason = "rejected", refusal.code
        return
    scan.large_key, scan.small_key = (_keep("clean", ".jpg", each.data).key for each in (large, small))
    scan.state = "clean"
    trail.enqueue(session, Step.WATCH_FILING, case_id, now=now)  # a slip may have been waited for (M44)


def _keep(folder: str, ending: str, content: bytes) -> Stored:
    token = secrets.token_hex(16)
    return store().put(f"{folder}/{token[:2]}/{token}{ending}", [content], limit_bytes=LIMIT_BYTES)

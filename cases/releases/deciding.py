"""The second person's decision about a wish to know who reported."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from cases import notices, policy
from cases.lifecycle import release as machine
from cases.models.release import Release
from cases.releases.finding import lock
from people.actors import Actor
from people.models import Account

# So that two approvals at the same time do not both count the other as not there (security.md 3.1.4).
_ONE_AFTER_THE_OTHER = text("select pg_advisory_xact_lock(hashtextextended('releases', 0))")


def approve(session: Session, release_id: UUID, *, by: Actor, now: datetime) -> Release:
    """Agree: its reader may read once, for some minutes. With `call_back` that is whoever agrees.

    Raises NoSuchRelease, NotInState, NotYourRole, SamePerson, ReleaseOver, InConflict, TooManyReleases, KeysAndPeople.
    """
    report, release = lock(session, release_id, by=by)
    session.execute(_ONE_AFTER_THE_OTHER)
    rules = policy.value(session, machine.RULES, now)
    reader = by.account_id if release.call_back else release.asked_by
    writes = {
        "decided_by": by.account_id, "decided_at": now, "reader_id": reader,
        "lapses_at": now + timedelta(minutes=rules["read_within_min"]),
    }  # fmt: skip
    machine.move(session, report, release, "approve", by=by, now=now, writes=writes)
    if not release.call_back:
        _tell_asker(session, release, "release_approved", "您查阅举报人信息的申请已批准，请在限时内查阅一次", now=now)
    return release


def refuse(session: Session, release_id: UUID, *, comment: str, by: Actor, now: datetime) -> Release:
    """Do not agree, and say why. Raises as `approve`, and Incomplete without a comment."""
    report, release = lock(session, release_id, by=by)
    writes = {"decided_by": by.account_id, "decided_at": now, "comment": comment}
    machine.move(session, report, release, "refuse", by=by, now=now, writes=writes, comment=comment)
    _tell_asker(session, release, "release_refused", "您查阅举报人信息的申请未获批准", now=now)
    return release


def _tell_asker(session: Session, release: Release, kind: str, words: str, *, now: datetime) -> None:
    org_id = session.get_one(Account, release.asked_by).org_id
    notices.tell(session, org_id, kind, words, now=now, account_id=release.asked_by, group=False)

"""Reading who reported: the vault is asked, which looks at everything again by itself and writes it down first.

Photos as they came go to it piece by piece, sealed, and come back opened: their keys stay where they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from types import TracebackType
from typing import Any, Self

from sqlalchemy.orm import Session

from cases.lifecycle.conflict import screen
from cases.models.release import PHOTOS, Release
from cases.models.report import Report
from cases.releases.originals import must_be_whole
from cases.releases.pieces import Piece, framed
from cases.releases.refusals import REFUSALS, CannotOpen, NotUnderstood, VaultAway
from kit.settings import settings
from kit.storage import pieces_of, store
from kit.wire import Line, NobodyAnswers
from people.actors import Actor


@dataclass(frozen=True)
class Original:
    """One photo as it came, that may be read now: the number by which the vault knows it, and its length in bytes."""

    number: int
    id: str
    bytes: int
    key: str = field(repr=False)


@dataclass
class Reading:
    """What was agreed to, once. Read the photos and then close it, or use it in a `with`."""

    identity: dict[str, Any]
    photos: list[Original]
    _line: Line = field(repr=False)

    def content(self, photo: Original) -> Iterator[bytes]:
        """What came, with all that a phone writes into it. Raises CannotOpen where it is not what was sealed."""
        with store().open(photo.key) as file:
            for sealed, last in pieces_of(file):
                try:
                    yield self._line.exchange(framed(Piece(photo.number, last, sealed)))
                except NobodyAnswers as refused:
                    raise CannotOpen from refused

    def close(self) -> None:
        """Hang up on the vault: nothing more is opened."""
        self._line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, fault: BaseException | None, at: TracebackType | None) -> None:
        self.close()


def read(session: Session, release: Release, *, token: str, by: Actor, now: datetime) -> Reading:
    """What was agreed to, once: the fields asked for, as far as the reporter gave them.

    The caller holds no lock: the vault takes its own. `token` is the reader's session, which the vault looks up itself.
    Raises InConflict, VaultAway, CannotOpen, and what the machine refuses with.
    """
    screen(session, session.get_one(Report, release.report_id), by.account_id, now=now)
    if PHOTOS in release.fields:
        must_be_whole(session, release.report_id)
    try:
        line = Line(settings().vault_socket, {"ask": "read", "release": str(release.id), "token": token})
    except NobodyAnswers as away:
        raise VaultAway from away
    if "refused" in line.answer:
        line.close()
        raise REFUSALS.get(line.answer["refused"], NotUnderstood)
    photos = [Original(number, **each) for number, each in enumerate(line.answer.get("photos", ()))]
    return Reading(line.answer["identity"], photos, line)

"""What every act of the play is made with: the session, the people, the dice, and a book of what came of it."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from cases.models.case import Case, Clock
from cases.models.supervision import Escalation
from kit.errors import Refusal
from tests.simulation.world import GAMING, LAZY, World

Act = tuple[str, Callable[[], object]]
Acts = Iterator[Act]
PRESSING = ("reminder", "urge_order", "interview", "listing_candidate")
GRACES = {LAZY: 0.06, GAMING: 0.6}  # how likely somebody of this character moves who is not pressed


@dataclass
class Book:
    """What was done, what an honest hand was refused, what was tried in vain, and what should have been."""

    done: Counter[str] = field(default_factory=Counter)
    stumbled: Counter[tuple[str, str]] = field(default_factory=Counter)
    tricks: Counter[str] = field(default_factory=Counter)
    let_through: list[str] = field(default_factory=list)


@dataclass
class Scene:
    """One moment of the play."""

    session: Session
    world: World
    dice: Random
    now: datetime
    book: Book = field(default_factory=Book)

    def chance(self, share: float) -> bool:
        """The dice say yes in this share of throws."""
        return self.dice.random() < share

    def do(self, act: Act) -> bool:
        """Do it; a refusal undoes it whole and is written down with its code."""
        name, what = act
        try:
            with self.session.begin_nested():
                what()
                self.session.flush()
        except Refusal as refusal:
            self.book.stumbled[name, refusal.code] += 1
            return False
        self.book.done[name] += 1
        return True

    def try_in_vain(self, act: Act, *, state: str) -> None:
        """What must be refused; it is undone also where it was not."""
        name, what = act
        self.book.tricks[name] += 1
        with suppress(Refusal):
            nested = self.session.begin_nested()
            try:
                what()
                self.session.flush()
                self.book.let_through.append(f"{name} in {state}")
            finally:
                nested.rollback()

    def moves(self, case: Case, org_id: int | None) -> bool:
        """Whether the people of an office do something for a case now, as they are."""
        character = self.world.character(org_id)
        return self.chance(GRACES.get(character, 0.95)) or self._is_pressed(case, org_id)

    def _is_pressed(self, case: Case, org_id: int | None) -> bool:
        """Whether a clock against this body has been urged about: then even the lazy move."""
        theirs = Clock.org_id == org_id
        if org_id == case.responsible_org_id:
            theirs |= Clock.org_id.is_(None)
        urged = exists().where(
            Clock.case_id == case.id, Clock.stopped_at.is_(None), theirs, Escalation.clock_id == Clock.id,
            Escalation.rung.in_(PRESSING),
        )  # fmt: skip
        return bool(self.session.scalar(select(urged)))

"""The checks of a category, as typed rows ((d)): what a visit must answer, and what follows from which answer.

A row has a `code`, a `kind`, words, and what makes it tell: `on` (answers), `least` (a measure below it) or `under` (a
measure not below it). Then it may make a finding, ask for something at once, call departments, name a phone that goes
first, state a circumstance, put a tag, ask for the police or for a department's leader. `to_deny` says what a denial
needs of it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from cases.models.policy import CategoryVersion

PERMIT_OUTCOMES = ("seen", "not_seen", "expired", "other_scope")
NOT_APPLICABLE = "na"
# What may be answered to a check of each kind; a permit is answered by the record's own permit check (M31), and a
# reminder by nobody. Whatever does not apply says why.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "yes_no": ("yes", "no", NOT_APPLICABLE),
    "measure": ("measured", NOT_APPLICABLE),
    "text": ("stated", NOT_APPLICABLE),
    "photo": ("taken", NOT_APPLICABLE),
    "certificate": (*PERMIT_OUTCOMES, NOT_APPLICABLE),
    "permit": PERMIT_OUTCOMES,
    "reminder": (),
}
DENIALS = ("must", "night", "plan")
_LIMITS = ("least", "under")


class BadCheck(ValueError):
    """A row of the catalogue that cannot be asked: the installation is at fault, and says which row."""


@dataclass(frozen=True)
class Check:
    """One check. `unit` and the limits are a measure's; words come in Chinese and English."""

    code: str
    kind: str
    zh: str
    en: str
    on: tuple[str, ...] = ()
    unit: str = ""
    least: float | None = None
    under: float | None = None
    finding: Mapping[str, str] | None = None
    at_once: Mapping[str, str] | None = None  # what is done there and then; the record says that it was
    call: tuple[str, ...] = ()  # kinds of departments that are told and get a task
    phone: str = ""  # called before anything else; the record says that it was (M115)
    circumstance: str = ""
    tag: str = ""
    criminal: bool = False  # the police are asked whether it is a crime (F30)
    major: bool = False  # a criterion of a major hazard is met (F18, X29)
    to_deny: str = ""  # must: answered, and not so; night: looked at by night; plan: stated where it stays open

    @property
    def is_asked(self) -> bool:
        """Whether a visit answers it by itself."""
        return self.kind not in {"reminder", "permit"}

    def tells(self, answer: str, value: float | None) -> bool:
        """Whether something follows from this answer."""
        if self.kind == "measure":
            if answer != "measured" or value is None:
                return False
            return (self.least is not None and value < self.least) or (self.under is not None and value >= self.under)
        return answer in self.on


def checks_of(category: CategoryVersion) -> list[Check]:
    """The checks of a category in their order. A row of words alone, as first versions had, is a reminder.

    Raises BadCheck.
    """
    found = [_read(row, f"{category.category_code}/{place}") for place, row in enumerate(category.checks)]
    if len({each.code for each in found}) < len(found):
        raise BadCheck(f"{category.category_code}: two checks of one code")
    return found


def _read(row: Mapping[str, Any], where: str) -> Check:
    if "code" not in row:
        return Check(code=where.replace("/", "-"), kind="reminder", zh=row["zh"], en=row["en"])
    columns: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    try:
        check = Check(**columns)
    except TypeError as unknown:
        raise BadCheck(f"{where}: {unknown}") from unknown
    fault = next(_faults(check), None)
    if fault is not None:
        raise BadCheck(f"{where} {check.code}: {fault}")
    return check


def _faults(check: Check) -> Iterator[str]:
    """What is wrong with a row; nothing where it can be asked."""
    allowed = ANSWERS.get(check.kind)
    measured = any(getattr(check, name) is not None for name in _LIMITS)
    if allowed is None:
        yield f"no kind {check.kind!r}"
    elif not set(check.on) <= set(allowed) - {NOT_APPLICABLE}:
        yield f"{check.kind} is never answered with {check.on}"
    if bool(check.unit) != (check.kind == "measure") or (measured and check.kind != "measure"):
        yield "a measure has a unit, nothing else has one or a limit"
    if _follows(check) and not (check.on or measured):
        yield "something follows, and no answer says when"
    if check.to_deny not in ("", *DENIALS):
        yield f"no denial asks for {check.to_deny!r}"
    if any(words is not None and set(words) != {"zh", "en"} for words in (check.finding, check.at_once)):
        yield "words in both languages"


def _follows(check: Check) -> bool:
    return any((
        check.finding, check.at_once, check.call, check.phone, check.circumstance, check.tag, check.criminal,
        check.major,
    ))  # fmt: skip

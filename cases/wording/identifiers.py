"""Numbers that name a vehicle or an enterprise, each in its one spelling, however somebody wrote it (C3, TRN-01, F93).

Plates as in GA 36: five signs after the letter of the city, or four and a word (a trailer's 挂); six for new energy, of
which one is the letter of its kind. Codes as in GB 32100. Whoever reads the proposal decides: what is doubtful is told.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from cases.wording.reading import Reading, read

PLATE, USCC = "plate", "uscc"
AT_MOST: Final = 20  # of one text: nobody names more vehicles, and a flood of them costs nothing
_S = r"[-‐‑‒–—―−._·•・/():]{0,2}"  # what people put between the signs of one number
_SIGN = "[A-HJ-NP-Z0-9]"
_PLATE = re.compile(
    rf"([京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼]){_S}([A-Z])((?:{_S}{_SIGN}){{4,6}})"
    rf"(?:{_S}([挂学警港澳领]))?"
)
_USUAL = 5  # signs after the city's letter
_NEW_ENERGY = re.compile(r"[A-HJK][A-HJ-NP-Z0-9]\d{4}|\d{5}[A-HJK]")
_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_USCC = re.compile(rf"(?<![A-Z0-9])[1-9ANY](?:-?[{_LETTERS}])(?:-?\d){{6}}(?:-?[{_LETTERS}]){{10}}(?![A-Z0-9])")
# The eighteen signs of an identity card, by the day of birth in them: never kept, whatever else they might be.
_BORN = re.compile(r"\d{6}(?:18|19|20)\d\d[01]\d[0-3]\d{4}[\dX]")


@dataclass(frozen=True, order=True)
class Identifier:
    """A number in its one spelling, and what kind of thing it names."""

    kind: str
    value: str

    @property
    def doubtful(self) -> bool:
        """Whether its check sign does not fit. A warning and no more: some genuine codes do not fit either (X28)."""
        return self.kind == USCC and not has_check_sign(self.value)


def identifiers(text: str) -> list[Identifier]:
    """What a text names, each once, in order. Digits in words are not read: 一辆 is no part of a number."""
    reading = read(text)
    found = [Identifier(PLATE, value) for value in _plates(reading)]
    found += [Identifier(USCC, value) for value in _codes(reading)]
    return list(dict.fromkeys(found))[:AT_MOST]


def has_check_sign(code: str) -> bool:
    """Whether the eighteenth sign of a code fits the others (GB 32100)."""
    total = sum(_LETTERS.index(sign) * pow(3, place, 31) for place, sign in enumerate(code[:17]))
    return _LETTERS[-total % 31] == code[17]


def _plates(reading: Reading) -> Iterator[str]:
    for match in _PLATE.finditer(reading.letters):
        city = match[1] + match[2]
        signs = [(at, sign) for at, sign in enumerate(match[3], match.start(3)) if re.fullmatch(_SIGN, sign)]
        tail = "".join(sign for _, sign in signs)
        if len(tail) < _USUAL:
            yield from [city + tail + match[4]] if match[4] else []
        for number, (at, _) in enumerate(signs[_USUAL - 1 :], _USUAL):
            # A sixth sign that stands apart may be of what comes after: then the plate is read in both ways.
            whole = number == _USUAL or _NEW_ENERGY.fullmatch(tail)
            yield from [city + tail[:number]] if whole and not _goes_on(reading, at) else []


def _goes_on(reading: Reading, at: int) -> bool:
    """Whether the next sign is a letter or a digit without anything between."""
    after = reading.letters[at + 1 : at + 2]
    return after.isascii() and after.isalnum() and reading.places[at + 1] == reading.places[at] + 1


def _codes(reading: Reading) -> Iterator[str]:
    for match in _USCC.finditer(reading.letters):
        code = match[0].replace("-", "")
        if not _BORN.fullmatch(code):
            yield code

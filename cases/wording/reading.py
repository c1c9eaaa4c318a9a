"""A text as the rules read it: one width, one case, no gaps; every letter knows where it stood in the text."""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

Span = tuple[int, int]
# Digits as people write them in words; each is one letter, so that places are kept.
_NUMERALS = str.maketrans("零〇○一壹幺二贰两三叁四肆五伍六陆七柒八捌九玖", "00011122233445566778899")
_GAPS = ("Zs", "Zl", "Zp", "Cc", "Cf", "Mn", "Me")  # blanks, line ends, what cannot be seen, what is put over a sign


@dataclass(frozen=True)
class Reading:
    """`letters` without gaps, and for each the place in the text, in code points."""

    letters: str
    places: tuple[int, ...]

    @cached_property
    def digits(self) -> str:
        """The same letters, with numbers in words read as digits."""
        return self.letters.translate(_NUMERALS)

    def spans(
        self, pattern: re.Pattern[str] | str, *, in_words: bool = False, group: int = 0
    ) -> Iterator[tuple[Span, str]]:
        """Where the pattern stands in the text, with what it found; `in_words` finds digits in words, too.

        One that is given as text is compiled when it is first asked for, and kept: big ones cost no process that never
        reads a report.
        """
        for match in re.finditer(pattern, self.digits if in_words else self.letters):
            yield self.span(*match.span(group)), match.group(group)

    def span(self, start: int, end: int) -> Span:
        """The places in the text of the letters from `start` to before `end`."""
        return self.places[start], self.places[end - 1] + 1


def stands_in(words: str, text: str) -> bool:
    """Whether known words stand in a text, however they are spaced and written; a single sign never does."""
    sought = read(words).letters
    return len(sought) > 1 and sought in read(text).letters


def read(text: str) -> Reading:
    """Read a text: any digits as 0 to 9, full width as half, small letters as great, no gaps."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for letter in unicodedata.normalize("NFKC", sign).upper():
            kind = unicodedata.category(letter)
            if kind not in _GAPS:
                letters.append(str(unicodedata.decimal(letter)) if kind == "Nd" else letter)
                places.append(place)
    return Reading("".join(letters), tuple(places))

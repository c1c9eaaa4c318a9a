"""What a reply must say for each outcome: its verdict in words and no other, and what was done (R7, M20)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

from cases.wording.reading import read


@dataclass(frozen=True)
class Part:
    """One thing that a text must say, by any of some words."""

    code: str
    any_of: tuple[str, ...]
    zh: str
    en: str

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Self:
        """From a row of the policy."""
        return cls(row["code"], tuple(row["any_of"]), row["zh"], row["en"])


@dataclass(frozen=True)
class Contents:
    """What a district wants replies to say: words of each verdict, and what else each must say."""

    verdicts: Mapping[str, Sequence[str]]
    beside: Mapping[str, Sequence[str]]
    """Which verdicts' words may stand beside an outcome's own: part of what is partly true is true."""
    parts: Mapping[str, Sequence[Part]]

    @classmethod
    def of(cls, value: Mapping[str, Any]) -> Self:
        """From the policy's value."""
        parts = {outcome: [Part.of(row) for row in rows] for outcome, rows in value["parts"].items()}
        return cls(value["verdicts"], value["beside"], parts)


def lacking(text: str, outcome: str, contents: Contents) -> list[Part]:
    """What the text for this outcome does not say, or says wrongly.

    A longer word is read before a shorter one that it holds, so that 不属实 is never read as 属实. Words of a verdict
    are not what was done.
    """
    rest, said = _verdicts(read(text).letters, contents.verdicts)
    own = tuple(contents.verdicts[outcome])
    found = [] if outcome in said else [Part("verdict_missing", own, "核查结论", "the verdict")]
    if said - {outcome, *contents.beside.get(outcome, ())}:
        found.append(Part("verdict_other", own, "与核查结论不一致的表述", "words of another verdict"))
    parts = contents.parts.get(outcome, ())
    return found + [part for part in parts if not any(read(word).letters in rest for word in part.any_of)]


def _verdicts(letters: str, verdicts: Mapping[str, Sequence[str]]) -> tuple[str, set[str]]:
    """The letters without the words of verdicts, and which outcomes those words name."""
    said = set()
    words = [(read(word).letters, outcome) for outcome, of in verdicts.items() for word in of]
    for word, outcome in sorted(words, key=lambda pair: (-len(pair[0]), pair)):
        if word in letters:
            said.add(outcome)
            letters = letters.replace(word, " ")
    return letters, said

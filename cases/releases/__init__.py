"""Who reported, for the few reasons that the law knows (C12 Q4): asked for, agreed to by a second person, read once."""

from cases.releases.asking import ask, withdraw
from cases.releases.deciding import approve, refuse
from cases.releases.finding import NoSuchRelease, find, mine, waiting
from cases.releases.lapsing import lapse
from cases.releases.reading import Original, Reading, read
from cases.releases.refusals import CannotOpen, VaultAway
from cases.releases.weekly import list_week, lists

__all__ = [
    "CannotOpen",
    "NoSuchRelease",
    "Original",
    "Reading",
    "VaultAway",
    "approve",
    "ask",
    "find",
    "lapse",
    "list_week",
    "lists",
    "mine",
    "read",
    "refuse",
    "waiting",
    "withdraw",
]

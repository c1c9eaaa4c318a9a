"""What is kept and for how long (Q11, security.md §3.6): found each night, let go, and written down where it was."""

from cases.retention.ended import ended_before
from cases.retention.naming import NAMING, Lost, hashes, lost, named, names
from cases.retention.orphans import let_go_of_orphans
from cases.retention.rules import RULES, Due, Rule, due, let_go

__all__ = [
    "NAMING", "RULES", "Due", "Lost", "Rule", "due", "ended_before", "hashes", "let_go",
    "let_go_of_orphans", "lost", "named", "names",
]  # fmt: skip

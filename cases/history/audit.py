"""The auditor: whether history is whole, and if not, which entry is the first that is wrong.

It trusts nothing but hashes, the key, and heads that somebody kept elsewhere. A chain shows what was changed in it; a
cut tail, a chain written anew and a restored backup are seen by the heads.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

from cases.history import dump, head
from cases.history.entry import FIRST, Entry, commit_of, hash_of, name_of
from kit import merkle

_LAST = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, order=True, slots=True)
class Fault:
    """Something that is not as it was recorded; the earliest sorts first."""

    recorded_at: datetime
    about: str
    says: str


@dataclass(slots=True)
class Found:
    """What an audit has read, and what is wrong with it."""

    entries: int = 0
    erased: int = 0
    chains: int = 0
    size: int = 0
    waiting: int = 0
    heads: int = 0
    faults: list[Fault] = field(default_factory=list)

    @property
    def first(self) -> Fault | None:
        """The first thing that is wrong."""
        return min(self.faults, default=None)


@dataclass(frozen=True, slots=True)
class _Link:
    """What stays in memory of an entry."""

    recorded_at: datetime
    prev_hash: bytes
    hash: bytes


def audit(lines: Iterable[str], key: bytes, remembered: Iterable[str] = ()) -> Found:
    """Read a dump and judge it. `key` is the log's public key, `remembered` are heads kept elsewhere.

    Raises NoDump when the lines hold no history.
    """
    found = Found()
    chains: dict[tuple[str, UUID], dict[int, _Link]] = defaultdict(dict)
    nodes: dict[tuple[int, int], bytes] = {}
    notes: list[str] = []
    waiting: set[bytes] = set()
    for table, row in dump.rows(lines):
        if table == "record.log_pending":
            waiting.add(dump.octets(row["hash"]))
        elif table == "record.log_node":
            nodes[int(row["level"] or 0), int(row["index"] or 0)] = dump.octets(row["hash"])
        elif table == "record.log_head":
            notes.append(row["note"] or "")
        else:
            entry = dump.entry(table, row)
            _judge_alone(entry, found)
            chains[entry.chain, entry.subject][entry.seq] = _Link(entry.recorded_at, entry.prev_hash, entry.hash)
    found.chains, found.waiting, found.heads = len(chains), len(waiting), len(notes)
    _judge_chains(chains, found)
    leaves = _judge_tree(nodes, found)
    _judge_membership(chains, waiting, leaves, found)
    _judge_heads(notes, remembered, key, leaves, found)
    return found


def _judge_alone(entry: Entry, found: Found) -> None:
    found.entries += 1
    if entry.salt is None:
        found.erased += 1
    elif commit_of(entry.salt, entry.body) != entry.body_commit:
        found.faults.append(Fault(entry.recorded_at, entry.name, "the body is not the one that was recorded"))
    if hash_of(entry) != entry.hash:
        found.faults.append(Fault(entry.recorded_at, entry.name, "the entry is not the one that was recorded"))


def _judge_chains(chains: dict[tuple[str, UUID], dict[int, _Link]], found: Found) -> None:
    for key, links in chains.items():
        before = FIRST
        for seq in range(1, max(links) + 1):
            link = links.get(seq)
            if link is None:
                after = min(at for at in links if at > seq)
                found.faults.append(Fault(links[after].recorded_at, name_of(*key, seq), "the entry is missing"))
                before = links[after].prev_hash
                continue
            if link.prev_hash != before:
                found.faults.append(
                    Fault(link.recorded_at, name_of(*key, seq), "it does not follow the entry before it")
                )
            before = link.hash


def _judge_tree(nodes: dict[tuple[int, int], bytes], found: Found) -> list[bytes]:
    """The leaves in order; a node that is not what its leaves make is a fault."""
    count = sum(level == 0 for level, _ in nodes)
    leaves = [nodes[0, index] for index in range(count) if (0, index) in nodes]
    found.size = len(leaves)
    made = {(level, index): value for level, index, value in merkle.grow(0, leaves, lambda _l, _i: b"")}
    if len(leaves) != count or made != nodes:
        found.faults.append(Fault(_LAST, "the tree", "its nodes are not those that its leaves make"))
    return leaves


def _judge_membership(
    chains: dict[tuple[str, UUID], dict[int, _Link]], waiting: set[bytes], leaves: list[bytes], found: Found
) -> None:
    """Every entry is in the tree or waits for it, and every leaf has its entry."""
    left = {value: index for index, value in enumerate(leaves)}
    for key, links in chains.items():
        for seq, link in links.items():
            if left.pop(merkle.leaf(link.hash), None) is None and link.hash not in waiting:
                found.faults.append(Fault(link.recorded_at, name_of(*key, seq), "the tree does not know this entry"))
    for index in left.values():
        found.faults.append(Fault(_LAST, f"leaf {index} of the tree", "its entry is gone, or was changed"))


def _judge_heads(notes: list[str], remembered: Iterable[str], key: bytes, leaves: list[bytes], found: Found) -> None:
    kept = [(note, "a head in the dump") for note in notes] + [(note, "a head kept elsewhere") for note in remembered]
    opened = []
    for note, whose in kept:
        try:
            opened.append((head.read(note, key), whose))
        except ValueError:
            found.faults.append(Fault(_LAST, whose, f"the key has not signed it: {note.partition(chr(10))[0][:80]}"))
    nodes: dict[tuple[int, int], bytes] = {}
    put = 0

    def fetch(level: int, index: int) -> bytes:
        return nodes[level, index]

    for signed, whose in sorted(opened, key=lambda pair: pair[0].size):
        about = f"{whose}, of {signed.size} entries, signed {signed.signed_at.isoformat()}"
        if signed.size > len(leaves):
            found.faults.append(Fault(signed.signed_at, about, f"only {len(leaves)} are left of what it signs"))
            continue
        for level, index, value in merkle.grow(
            put, leaves[put : signed.size], lambda level, index: nodes[level, index]
        ):
            nodes[level, index] = value
        put = max(put, signed.size)
        if merkle.root(signed.size, fetch) != signed.root:
            found.faults.append(Fault(signed.signed_at, about, "history was another one when it was signed"))

"""The Merkle tree of RFC 6962, section 2.1: roots, proofs that a leaf is in it, proofs that it has only grown.

Pure functions over hashes (SHA-256, 32 bytes). A tree of any size is kept as its complete subtrees: `Fetch` gives the
hash of the subtree of 2**level leaves that begins at leaf index * 2**level, and is asked for complete ones only, so a
proof costs a logarithm of the size.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator, Sequence

Fetch = Callable[[int, int], bytes]
EMPTY = hashlib.sha256(b"").digest()


def leaf(data: bytes) -> bytes:
    """The hash of a leaf."""
    return hashlib.sha256(b"\x00" + data).digest()


def node(left: bytes, right: bytes) -> bytes:
    """The hash of an inner node."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def grow(size: int, leaves: Iterable[bytes], fetch: Fetch) -> Iterator[tuple[int, int, bytes]]:
    """Every (level, index, hash) that a tree of `size` gains when `leaves` (leaf hashes) are put at its end.

    `fetch` is asked only for subtrees that were there before.
    """
    fresh: dict[tuple[int, int], bytes] = {}
    for at, hashed in enumerate(leaves, start=size):
        level, index, value = 0, at, hashed
        fresh[level, index] = value
        yield level, index, value
        while index % 2:  # a right child completes its parent
            left = fresh.get((level, index - 1)) or fetch(level, index - 1)
            level, index, value = level + 1, index // 2, node(left, value)
            fresh[level, index] = value
            yield level, index, value


def root(size: int, fetch: Fetch) -> bytes:
    """The root of the first `size` leaves."""
    return _hash(0, size, fetch) if size else EMPTY


def inclusion(index: int, size: int, fetch: Fetch) -> list[bytes]:
    """The audit path of leaf `index` in the tree of `size` (PATH of section 2.1.1), from the leaf up."""
    if not 0 <= index < size:
        msg = f"no leaf {index} in a tree of {size}"
        raise ValueError(msg)
    return _path(index, 0, size, fetch)


def consistency(first: int, second: int, fetch: Fetch) -> list[bytes]:
    """The proof that the tree of `first` is a prefix of the tree of `second` (PROOF of section 2.1.2)."""
    if not 0 < first <= second:
        msg = f"a tree of {first} is no beginning of a tree of {second}"
        raise ValueError(msg)
    return _subproof(first, 0, second, fetch, whole=True)


def is_included(leaf_hash: bytes, index: int, size: int, path: Sequence[bytes], root_hash: bytes) -> bool:
    """Whether `path` leads from the leaf to the root (RFC 9162, section 2.1.3.2)."""
    if not 0 <= index < size:
        return False
    at, last, value = index, size - 1, leaf_hash
    for step in path:
        if last == 0:
            return False
        if at % 2 or at == last:
            value = node(step, value)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            value = node(value, step)
        at, last = at >> 1, last >> 1
    return last == 0 and value == root_hash


def is_consistent(first: int, second: int, old: bytes, new: bytes, proof: Sequence[bytes]) -> bool:
    """Whether the tree `old` of size `first` is the beginning of `new` of size `second` (RFC 9162, 2.1.4.2)."""
    if first == second:
        return not proof and old == new
    if not 0 < first < second or not proof:
        return False
    steps = list(proof) if first & (first - 1) else [old, *proof]
    at, last = first - 1, second - 1
    while at % 2:
        at, last = at >> 1, last >> 1
    was = now = steps[0]
    for step in steps[1:]:
        if last == 0:
            return False
        if at % 2 or at == last:
            was, now = node(step, was), node(step, now)
            while at % 2 == 0 and at:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, step)
        at, last = at >> 1, last >> 1
    return last == 0 and was == old and now == new


def _split(count: int) -> int:
    """The largest power of two smaller than `count`."""
    return 1 << ((count - 1).bit_length() - 1)


def _hash(start: int, count: int, fetch: Fetch) -> bytes:
    """The root over `count` leaves from `start`, which is a multiple of the power of two that holds them."""
    if count & (count - 1) == 0:
        level = count.bit_length() - 1
        return fetch(level, start >> level)
    left = _split(count)
    return node(_hash(start, left, fetch), _hash(start + left, count - left, fetch))


def _path(index: int, start: int, count: int, fetch: Fetch) -> list[bytes]:
    if count == 1:
        return []
    left = _split(count)
    if index < left:
        return [*_path(index, start, left, fetch), _hash(start + left, count - left, fetch)]
    return [*_path(index - left, start + left, count - left, fetch), _hash(start, left, fetch)]


def _subproof(first: int, start: int, count: int, fetch: Fetch, *, whole: bool) -> list[bytes]:
    if first == count:
        return [] if whole else [_hash(start, count, fetch)]
    left = _split(count)
    if first <= left:
        return [*_subproof(first, start, left, fetch, whole=whole), _hash(start + left, count - left, fetch)]
    return [*_subproof(first - left, start + left, count - left, fetch, whole=False), _hash(start, left, fetch)]

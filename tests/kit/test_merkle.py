"""The Merkle tree against the vectors of RFC 6962's reference log, and against the definition written out naively."""

import hashlib
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit import merkle

# The eight leaves and the roots of every prefix, as certificate logs test themselves.
INPUTS = [bytes.fromhex(h) for h in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [bytes.fromhex(h) for h in (
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
)]  # fmt: skip


class Tree:
    """A tree kept as its complete subtrees, grown in the given batches."""

    def __init__(self, leaves: Sequence[bytes], *, batch: int = 1000) -> None:
        self.nodes: dict[tuple[int, int], bytes] = {}
        self.asked: list[tuple[int, int]] = []
        for start in range(0, len(leaves), batch):
            for level, index, value in merkle.grow(start, leaves[start : start + batch], self.fetch):
                assert (level, index) not in self.nodes
                self.nodes[level, index] = value

    def fetch(self, level: int, index: int) -> bytes:
        self.asked.append((level, index))
        return self.nodes[level, index]


def naive_root(leaves: Sequence[bytes]) -> bytes:
    """MTH of RFC 6962, section 2.1, over leaf hashes."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return hashlib.sha256(b"\x01" + naive_root(leaves[:k]) + naive_root(leaves[k:])).digest()


def leaves_of(count: int) -> list[bytes]:
    return [merkle.leaf(number.to_bytes(4, "big")) for number in range(count)]


def test_the_published_roots() -> None:
    hashed = [merkle.leaf(each) for each in INPUTS]
    for size, expected in enumerate(ROOTS, start=1):
        assert merkle.root(size, Tree(hashed).fetch) == expected == naive_root(hashed[:size])
    assert merkle.root(0, Tree([]).fetch) == merkle.EMPTY == hashlib.sha256(b"").digest()


def test_the_published_proofs() -> None:
    """PATH(0, D[8]), PATH(5, D[8]), PROOF(6, D[8]) of the reference log's vectors."""
    tree = Tree([merkle.leaf(each) for each in INPUTS])
    assert [p.hex()[:16] for p in merkle.inclusion(0, 8, tree.fetch)] == [
        "96a296d224f285c6", "5f083f0a1a33ca07", "6b47aaf29ee3c2af",
    ]  # fmt: skip
    assert [p.hex()[:16] for p in merkle.inclusion(5, 8, tree.fetch)] == [
        "bc1a0643b12e4d2d", "ca854ea128ed050b", "d37ee418976dd957",
    ]  # fmt: skip
    assert [p.hex()[:16] for p in merkle.consistency(6, 8, tree.fetch)] == [
        "0ebc5d3437fbe2db", "ca854ea128ed050b", "d37ee418976dd957",
    ]  # fmt: skip


@given(size=st.integers(1, 70), batch=st.integers(1, 70))
def test_growing_in_batches_is_growing_at_once(size: int, batch: int) -> None:
    leaves = leaves_of(size)
    assert Tree(leaves, batch=batch).nodes == Tree(leaves).nodes
    assert merkle.root(size, Tree(leaves, batch=batch).fetch) == naive_root(leaves)


@given(data=st.data())
def test_a_proof_holds_for_its_leaf_and_no_other(data: st.DataObject) -> None:
    size = data.draw(st.integers(1, 70))
    index = data.draw(st.integers(0, size - 1))
    leaves, tree = leaves_of(size), Tree(leaves_of(size))
    path, top = merkle.inclusion(index, size, tree.fetch), naive_root(leaves)
    assert merkle.is_included(leaves[index], index, size, path, top)
    other = data.draw(st.integers(0, size - 1))
    if other != index:
        assert not merkle.is_included(leaves[other], index, size, path, top)
        assert not merkle.is_included(leaves[index], other, size, path, top)
    assert not merkle.is_included(leaves[index], index, size, [*path, top], top)
    assert not merkle.is_included(leaves[index], size, size, path, top)
    if path:
        assert not merkle.is_included(leaves[index], index, size, path[:-1], top)


@given(data=st.data())
def test_a_tree_is_consistent_with_its_beginnings_only(data: st.DataObject) -> None:
    second = data.draw(st.integers(1, 70))
    first = data.draw(st.integers(1, second))
    leaves = leaves_of(second)
    tree = Tree(leaves)
    proof = merkle.consistency(first, second, tree.fetch)
    old, new = naive_root(leaves[:first]), naive_root(leaves)
    assert merkle.is_consistent(first, second, old, new, proof)
    changed = [*leaves]
    changed[data.draw(st.integers(0, first - 1))] = merkle.leaf(b"another history")
    assert not merkle.is_consistent(first, second, naive_root(changed[:first]), new, proof)
    assert not merkle.is_consistent(first, second, old, new, [*proof, new])


def test_only_complete_subtrees_are_asked_for_and_few() -> None:
    tree = Tree(leaves_of(1000))
    tree.asked.clear()
    merkle.inclusion(700, 1000, tree.fetch)
    merkle.consistency(300, 1000, tree.fetch)
    assert all((index + 1) << level <= 1000 for level, index in tree.asked)
    assert len(tree.asked) < 60


@pytest.mark.parametrize(("index", "size"), [(0, 0), (3, 3), (-1, 3)])
def test_no_path_to_a_leaf_that_is_not_there(index: int, size: int) -> None:
    with pytest.raises(ValueError, match="no leaf"):
        merkle.inclusion(index, size, Tree(leaves_of(3)).fetch)


@pytest.mark.parametrize(("first", "second"), [(0, 3), (3, 2), (-1, 3)])
def test_no_proof_from_a_tree_that_is_no_beginning(first: int, second: int) -> None:
    with pytest.raises(ValueError, match="no beginning"):
        merkle.consistency(first, second, Tree(leaves_of(3)).fetch)
    assert not merkle.is_consistent(first, second, merkle.EMPTY, merkle.EMPTY, [])

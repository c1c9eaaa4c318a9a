"""How the pieces of a photo go to the vault: which photo it is of, whether it is the last, and the sealed piece."""

from typing import NamedTuple

_HEAD_BYTES = 2


class Piece(NamedTuple):
    """One sealed piece of the photo with this number in the answer's list."""

    number: int
    last: bool
    sealed: bytes


def framed(piece: Piece) -> bytes:
    """As it goes over the line."""
    return bytes((piece.number, piece.last)) + piece.sealed


def unframed(frame: bytes) -> Piece:
    """As it came. Raises ValueError."""
    if len(frame) < _HEAD_BYTES:
        raise ValueError("too short")
    return Piece(frame[0], bool(frame[1]), frame[_HEAD_BYTES:])

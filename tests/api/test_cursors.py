"""A cursor belongs to its list, cannot be made up, and says nothing to whoever holds it (X40)."""

import base64
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.cursors import BadCursor, pack, unpack

AT = datetime(2026, 11, 24, 10, 0, 3, 123456, UTC)


@given(st.lists(st.text(max_size=30) | st.integers() | st.none(), max_size=4), st.text(max_size=20))
def test_what_is_packed_comes_back_in_its_own_list_alone(values, purpose):
    cursor = pack(purpose, *values)
    assert unpack(purpose, cursor) == values
    with pytest.raises(BadCursor):
        unpack(f"{purpose}x", cursor)


def test_x40_nobody_reads_the_instant_at_which_a_page_ends():
    cursor = pack("cases", AT, "0d1f7d1e-0d5b-4b5e-9d3c-6f1c7a2b9e01")
    raw = base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4))
    for part in (b"2026", b"10:00", b"123456", b"0d1f7d1e"):
        assert part not in raw


def test_x40_two_cursors_have_no_stream_in_common():
    """One that is known would lay the other open."""
    one, other = (base64.urlsafe_b64decode(pack("cases", "a" * 31, end) + "==")[16:] for end in "bc")
    assert sum(a == b for a, b in zip(one, other, strict=True)) < len(one) // 2


@given(st.text(alphabet="ABCabc-_123", max_size=60))
def test_what_nobody_gave_is_refused(made_up):
    with pytest.raises(BadCursor):
        unpack("cases", made_up)

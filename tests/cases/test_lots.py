"""Lots can be drawn again, and favour nobody (M52, R6): the same seed and pool give the same draw in any order."""

import math
from datetime import UTC, datetime
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases import lots

TICKETS = st.lists(st.text(min_size=1, max_size=12), max_size=60, unique=True)
SEEDS = st.text(min_size=1, max_size=32)
SHARES = st.floats(0, 1)


@given(SEEDS, TICKETS, SHARES, st.randoms())
def test_m52_a_draw_from_the_stored_seed_gives_the_same_in_any_order(seed, pool, share, shuffle):
    drawn = lots.draw(seed, pool, share=share)
    other = list(pool)
    shuffle.shuffle(other)
    assert lots.draw(seed, other, share=share) == drawn
    assert lots.draw(seed, [*other, *other], share=share) == drawn


@given(SEEDS, TICKETS, SHARES)
def test_the_share_is_that_of_the_pool_rounded_up(seed, pool, share):
    drawn = lots.draw(seed, pool, share=share)
    assert len(drawn) == math.ceil(share * len(pool))
    assert set(drawn) <= set(pool)
    assert len(set(drawn)) == len(drawn)


@given(SEEDS, TICKETS, SHARES, SHARES)
def test_a_larger_share_only_adds(seed, pool, one, other):
    less, more = sorted((one, other))
    assert set(lots.draw(seed, pool, share=less)) <= set(lots.draw(seed, pool, share=more))


@given(SEEDS, TICKETS, st.text(min_size=1, max_size=12), SHARES)
def test_whoever_else_is_in_the_pool_never_helps_a_ticket_to_be_left_out_by_name(seed, pool, extra, share):
    """One more ticket moves the end of the draw by at most one place and changes the order of none."""
    before = lots.draw(seed, pool, share=share)
    after = [ticket for ticket in lots.draw(seed, [*pool, extra], share=share) if ticket in pool]
    shorter, longer = sorted((before, after), key=len)
    assert longer[: len(shorter)] == shorter
    assert len(longer) - len(shorter) <= 1


@given(SEEDS, st.text(max_size=20))
def test_a_score_lies_in_the_unit_interval_and_decides_alone(seed, ticket):
    found = lots.score(seed, ticket)
    assert 0 <= found < 1
    assert not lots.is_drawn(seed, ticket, share=0)
    assert lots.is_drawn(seed, ticket, share=1)
    assert lots.is_drawn(seed, ticket, share=0.5) == (found < 0.5)


def test_neither_early_nor_late_tickets_are_favoured():
    """Over many seeds each place of the pool is drawn about as often: no bias by order or by number."""
    pool = [f"2026-{number:06d}" for number in range(50)]
    counts = dict.fromkeys(pool, 0)
    for seed in range(2000):
        for ticket in lots.draw(f"seed-{seed}", pool, share=0.1):
            counts[ticket] += 1
    assert sum(counts.values()) == 2000 * 5
    assert all(140 <= count <= 260 for count in counts.values()), counts  # 200 expected, 4.5 deviations around it
    assert abs(sum(list(counts.values())[:25]) - 5000) < 250


@pytest.mark.parametrize("share", [-0.1, 1.1])
def test_what_is_no_share_is_refused(share):
    with pytest.raises(ValueError, match="no share"):
        lots.draw("seed", ["a"], share=share)


@pytest.mark.parametrize(
    ("now", "months"),
    [
        (datetime(2026, 11, 24, 2, tzinfo=UTC), ["2026-10", "2026-09", "2026-08"]),
        (datetime(2027, 1, 1, 2, tzinfo=UTC), ["2026-12", "2026-11", "2026-10"]),
        (datetime(2026, 10, 31, 16, 30, tzinfo=UTC), ["2026-10", "2026-09", "2026-08"]),  # 1 November, 00:30 there
        (datetime(2026, 10, 31, 15, 30, tzinfo=UTC), ["2026-09", "2026-08", "2026-07"]),
    ],
)
def test_the_months_that_are_over_are_those_of_the_place(now, months):
    found = list(lots.months_over(now))
    assert [name for name, _, _ in found] == months
    for (_, first, end), (_, _, end_before) in pairwise(found):
        assert end_before == first < end <= now

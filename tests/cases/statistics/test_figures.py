"""Q12: no published figure tells of one or two cases, sums stay true, and nothing can be had by subtraction."""

from datetime import timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from cases.statistics.figures import LEAST, Counted, Line, Name, hidden, told


def line(code, opened=0, closed=0):
    cases = [Counted(opened=True, closed=False)] * opened + [Counted(opened=False, closed=True)] * closed
    return Line((Name(code, code, code),), tuple(cases))


def spoken(lines):
    return [("+".join(name.code for name in each.names), each.opened, each.closed) for each in told(lines)]


many = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12).map(
    lambda counts: [line(f"{place:02}", *each) for place, each in enumerate(counts)]
)


@given(many)
def test_every_name_is_told_once_and_the_sums_stay_true(lines):
    said = told(lines)
    names = [name for each in said for name in each.names]
    assert sorted(names) == sorted(name for each in lines for name in each.names)
    for count in ("opened", "closed"):
        assert sum(getattr(each, count) for each in said) == sum(getattr(each, count) for each in lines)


@given(many)
def test_a_small_count_is_told_only_where_all_that_there_is_is_small(lines):
    small = [each for each in told(lines) if each.is_small]
    assert len(small) <= 1
    for each in small:
        assert {name for other in lines if other.cases for name in other.names} == set(each.names)


@given(many)
def test_what_is_told_together_does_not_hide_one_small_line_alone(lines):
    for each in told(lines):
        assert len(each.names) != 1 or not each.is_small or sum(bool(other.cases) for other in lines) == 1


def test_lines_without_small_counts_stand_by_themselves_the_largest_first_and_the_empty_last():
    assert spoken([line("a"), line("b", 3, 0), line("c", 5, 4)]) == [("c", 5, 4), ("b", 3, 0), ("a", 0, 0)]


def test_small_ones_take_the_smallest_of_the_others_only_while_they_need_it():
    assert spoken([line("a", 1, 0), line("b", 2, 0), line("c", 9, 3)]) == [("c", 9, 3), ("a+b", 3, 0)]
    assert spoken([line("a", 1, 0), line("b", 4, 3), line("c", 9, 3)]) == [("c", 9, 3), ("a+b", 5, 3)]


def test_a_single_case_in_all_is_told_by_nobody():
    (one, empty) = told([line("a", 1, 0), line("b")])
    assert hidden(one.opened)
    assert not hidden(empty.opened)
    assert [hidden(count) for count in (0, 1, LEAST - 1, LEAST)] == [False, True, True, False]


def test_figures_of_a_line_by_hand():
    day = timedelta(days=1)
    cases = (
        Counted(opened=True, closed=True, outcome="substantiated", late=True, took=2 * day),
        Counted(opened=False, closed=True, outcome="partly", took=7 * day),
        Counted(opened=False, closed=True, outcome="unverifiable", took=9 * day),
        Counted(opened=False, closed=True, outcome=None, took=4.25 * day),
        Counted(opened=True, closed=False, outcome="substantiated", late=True),
    )
    it = Line((Name("a", "甲", "A"),), cases)
    assert (it.opened, it.closed, it.upheld, it.refuted, it.late) == (2, 4, 2, 1, 1)
    assert it.median_days == Decimal("5.6")

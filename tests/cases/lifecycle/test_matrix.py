"""Every state, act and role of every machine is as the reviewed files in expected/ say (C3, X17).

`python -m tests.cases.lifecycle.matrix` writes the files anew; the difference is what a reviewer reads.
"""

import pytest

from tests.cases.lifecycle.matrix import EXPECTED, lines, machines


def test_every_machine_has_an_expectation_and_every_expectation_a_machine() -> None:
    assert {path.stem for path in EXPECTED.glob("*.csv")} == set(machines())


@pytest.mark.parametrize("name", sorted(machines()))
def test_the_machine_allows_and_refuses_what_its_expectation_says(name: str) -> None:
    assert lines(machines()[name]) == (EXPECTED / f"{name}.csv").read_text(encoding="utf-8").splitlines()

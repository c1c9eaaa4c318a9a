"""Lanes of jz_intake, as the API has them: every transaction commits for real."""

import asyncio

import pytest

from cases.intake import load_rules
from kit.lanes import Lanes
from tests import make
from tests.make import NOW

FAST_S = 30.0


@pytest.fixture
def run(committing):
    """Run an async act on lanes of jz_intake, which are closed after."""

    def _run(act, *given):
        async def _on_lanes():
            lanes = Lanes("jz_intake", 3)
            try:
                async with asyncio.timeout(FAST_S):
                    return await act(lanes, *given)
            finally:
                await lanes.close()

        return asyncio.run(_on_lanes())

    return _run


@pytest.fixture
def report(committing):
    with committing() as session:
        made = make.report(session)
        session.expunge(made)
        return made


@pytest.fixture
def rules(committing):
    with committing() as session:
        make.district(session)
        session.flush()
        return load_rules(session, NOW)

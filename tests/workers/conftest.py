"""What tests of the workers begin with: a district that is really there, for jobs run in transactions of their own."""

from types import ModuleType

import pytest

from tests import make


@pytest.fixture
def district(committing):
    with committing() as session:
        return make.district(session)


@pytest.fixture
def tasks(committing) -> ModuleType:
    """The worker's bootstrap: importing it reads the settings, which exist only now."""
    from workers import app  # noqa: PLC0415

    return app

"""What tests of the domain begin with: a small district, and a case that its officers can carry along."""

import pytest

from tests import make
from tests.walk import Walk


@pytest.fixture
def district(session):
    return make.district(session)


@pytest.fixture
def walk(session, district):
    return Walk(session, district)

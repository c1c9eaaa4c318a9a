"""What tests of the domain begin with: a small district, and a case that its officers can carry along."""

import pytest

from people.roles import Role
from tests import make
from tests.walk import Walk


@pytest.fixture
def district(session):
    return make.district(session)


@pytest.fixture
def walk(session, district):
    return Walk(session, district)


@pytest.fixture
def publisher(session, district):
    return make.officer(session, district.office, Role.PUBLISHER)


@pytest.fixture
def reviewer(session, district):
    return make.officer(session, district.office, Role.LEGAL_REVIEWER)

"""What tests of enforcement begin with: a district, a bureau with certified officers, and a case of it."""

import pytest

from tests import make
from tests.enforcement import Bureau


@pytest.fixture
def district(session):
    return make.district(session)


@pytest.fixture
def bureau(session, district):
    return Bureau(session, district)


@pytest.fixture
def case(bureau):
    return bureau.case()

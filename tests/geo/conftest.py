"""The fictional demo district, in force in a test's own transaction."""

import pytest
from sqlalchemy.orm import Session

from cli.demo import district


@pytest.fixture
def wanglan(session: Session, now) -> Session:
    """A session in which the demo district is in force."""
    district.load(session, now)
    session.flush()
    return session

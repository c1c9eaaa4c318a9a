"""The ground of the play: a database of its own that is committed to, or months of dead rows would slow it down."""

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session


@pytest.fixture
def session(committing: object, databases: tuple[str, str]) -> Iterator[Session]:
    """A session as the owner on the spare database, which `committing` empties afterwards."""
    engine = create_engine(databases[1])
    with Session(engine, expire_on_commit=False) as opened:
        yield opened
        opened.rollback()
    engine.dispose()

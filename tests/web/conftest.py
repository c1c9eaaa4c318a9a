"""Pages are asked for over HTTP from the whole application, as `serve` mounts it, with the real database behind it."""

import uuid
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from kit import clock
from tests import counted as months
from tests import published, visitors


@pytest.fixture(scope="module")
def client(database_url: str) -> Iterator[TestClient]:
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with TestClient(application(), raise_server_exceptions=False) as opened:
        yield opened


patient = pytest.fixture(visitors.unknown, autouse=True)
publish = pytest.fixture(published.publishing)
counted = pytest.fixture(months.counting)


@pytest.fixture
def withdrawn(publish: published.Publish) -> str:
    """The tombstone of an exposure that was withdrawn."""
    return publish(**published.gone())


@pytest.fixture
def tracking_code(client: TestClient) -> str:
    """The code of a report that has just been sent."""
    report = {
        "id": str(uuid.uuid4()),
        "category": "FIR-01",
        "text": "二楼安全出口被货物堵死，推不开门。",
        "position": {"lon": 120.63, "lat": 31.37, "crs": "wgs84", "accuracy_m": 12, "method": "gps"},
        "observed_at": clock.now().isoformat(),
        "emergency": {"answer": "none"},
        "notice_version": "2026-11",
        "client": "tests/1",
    }
    answer = client.post("/m/v1/reports", json=report)
    assert answer.status_code == 201, answer.text
    code: str = answer.json()["tracking_code"]
    return code

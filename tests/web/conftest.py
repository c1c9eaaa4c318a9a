"""Pages are asked for over HTTP from the whole application, as `serve` mounts it, with the real database behind it."""

import uuid
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete
from starlette.testclient import TestClient

from cases.intake import guessing
from cases.models.exposure import PublicExposure
from kit import clock
from kit.buckets import Bucket
from kit.db import OWNER, unit_of_work

PUBLISHED_AT = datetime(2026, 11, 20, 2, tzinfo=UTC)


@pytest.fixture(scope="module")
def client(database_url: str) -> Iterator[TestClient]:
    from cli.serve import application  # noqa: PLC0415 - settings exist only now

    with TestClient(application(), raise_server_exceptions=False) as opened:
        yield opened


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test begins as a visitor who has not asked for anything yet."""
    monkeypatch.setattr(guessing, "GUESSES", Bucket(f"test-{uuid.uuid4()}", burst=120, per_hour=600))


@pytest.fixture
def publish(database_url: str) -> Iterator[Callable[..., str]]:
    """Put rows into the public record as an act of exposure would have; they are taken out again."""
    made: list[str] = []

    def _publish(**facts: Any) -> str:
        public_id = uuid.uuid4().hex[:16]
        made.append(public_id)
        with unit_of_work(OWNER) as session:
            session.add(PublicExposure(**{**_an_exposure(), **facts, "public_id": public_id}))
        return public_id

    yield _publish
    with unit_of_work(OWNER) as session:
        session.execute(delete(PublicExposure).where(PublicExposure.public_id.in_(made)))


@pytest.fixture
def withdrawn(publish: Callable[..., str]) -> str:
    """The tombstone of an exposure that was withdrawn."""
    nothing = dict.fromkeys(_an_exposure().keys() - {"version", "status", "published_at", "updated_at"})
    gone = {"status": "withdrawn", "withdrawn_at": PUBLISHED_AT, "withdraw_reason": "处罚决定已撤销"}
    return publish(**nothing, **gone)


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


def _an_exposure() -> dict[str, Any]:
    return {
        "version": 1, "status": "usable", "published_at": PUBLISHED_AT, "updated_at": PUBLISHED_AT,
        "expires_at": PUBLISHED_AT + timedelta(days=365), "ground": "D", "title": "某仓库安全出口堵塞",
        "body": "检查发现，二楼安全出口被货物堵死。\n已责令限期整改。", "entity_name": "望澜某物流有限公司",
        "category_code": "FIR-01", "category_zh": "安全出口、疏散通道堵塞", "category_en": "Blocked exit",
        "town_code": "990101003", "town_zh": "东篱街道", "town_en": "Dongli Subdistrict",
        "found_on": date(2026, 11, 12), "basis": "责令整改通知书 ZG-2026-0001", "progress": "rectifying",
        "authority": "东篱街道办事处", "phone": "0512-00000000", "point": "SRID=4326;POINT(120.6301 31.3776)",
    }  # fmt: skip

"""M06: the duties that tasks cite are there for everybody to read, in the version in force."""

from datetime import UTC, datetime

from sqlalchemy import delete, select

from cases.models.policy import DutyItem
from kit import clock
from kit.db import OWNER, unit_of_work


def listed(client, query=""):
    answer = client.get(f"/open/duties{query}")
    assert answer.status_code == 200, answer.text
    return answer.json()["items"]


def test_every_public_duty_is_listed_with_what_it_rests_on(client):
    items = listed(client)
    with unit_of_work(OWNER) as session:
        known = {row.code for row in session.scalars(select(DutyItem)) if row.public and row.active}
    assert {item["code"] for item in items} == known
    assert all(item["zh"] and item["en"] and item["basis"] for item in items)


def test_the_version_in_force_is_shown_and_that_of_an_earlier_day_on_demand(client):
    code = listed(client)[0]["code"]
    with unit_of_work(OWNER) as session:
        old = session.scalars(select(DutyItem).where(DutyItem.code == code, DutyItem.version == 1)).one()
        facts = {name: getattr(old, name) for name in ("org_kind", "duty", "en", "basis")}
        session.add(DutyItem(code=code, version=2, effective_at=clock.now(), zh="新的<b>表述", **facts))
        session.add(DutyItem(code="HIDDEN", version=1, effective_at=clock.now(), zh="不公开", public=False, **facts))
    try:
        (now,) = [item for item in listed(client) if item["code"] == code]
        (then,) = [item for item in listed(client, "?on=2026-01-01") if item["code"] == code]
        assert (now["version"], now["zh"], then["version"], then["zh"]) == (2, "新的<b>表述", 1, old.zh)
        assert datetime.fromisoformat(then["effective_at"]) == datetime(2024, 12, 31, 16, tzinfo=UTC)
        page = client.get("/duties")
        assert page.status_code == 200
        assert "新的&lt;b&gt;表述" in page.text
        assert "不公开" not in page.text
        assert "HIDDEN" not in {item["code"] for item in listed(client)}
    finally:
        with unit_of_work(OWNER) as session:
            session.execute(delete(DutyItem).where(DutyItem.version == 2))
            session.execute(delete(DutyItem).where(DutyItem.code == "HIDDEN"))


def test_a_day_that_is_none_is_refused(client):
    assert client.get("/open/duties?on=yesterday").status_code == 422

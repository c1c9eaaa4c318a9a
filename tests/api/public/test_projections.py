"""One record, many projections (C7 E9, E10): what is shown stands in all, what is gone in none, and nothing private."""

import re
import time
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.routing import Route

from cases.models.exposure import Change, PublicExposure
from kit import clock
from kit.db import OWNER, unit_of_work
from tests import published

SECRET = ("submission", "reporter", "sealed", "tracking", "officer", "drafted_by", "case_id", "own_inspection")
TITLE, BODY, UNIT = "某化工仓库违规存放", "检查发现堆垛超高超量。", "望澜某化工贸易有限公司"
# Documents of one thing are asked for with its id; what is neither a document nor of exposures is left out.
# What is answered before the framework, and what people read.
OUTSIDE = {"/feeds/exposures.atom", "/exposures", "/exposures/{public_id}"}
OTHERS = {
    "/open/duties", "/open/key", "/open/statistics", "/open/statistics/{month}", "/open/statistics/{month}.csv",
    "/robots.txt", "/open311/discovery.{form}", "/open311/v2/discovery.{form}",
    "/open311/v2/services.{form}", "/open311/v2/services/{service_code}.{form}", "/open311/v2/tokens/{token}.{form}",
}  # fmt: skip


WITH_A_KEY = "/open/webhooks"  # messages name an exposure and tell nothing of it (tests/workers/test_webhooks.py)
# GeoReport v2 knows no 410: what is gone is 404 there, with the reason. Its lists are of 90 days of publication.
ABOUT = {"/ogc", "/ogc/", "/ogc/conformance", "/ogc/collections", "/ogc/collections/exposures"}
EARLIER = published.PUBLISHED_AT - timedelta(days=40)  # of another month
IN_SPANS = "?start_date=2026-11-01T00:00:00Z&end_date=2026-12-31T00:00:00Z"


def documents(client):
    """Every address under which the record is read, from the table of routes: a new one is walked by itself."""
    app = client.app
    while not hasattr(app, "routes"):
        app = app.app
    paths = [route.path for route in app.routes if isinstance(route, Route)]
    ours = re.compile(r"/(feeds|open|ogc|sitemap|open311)\b")
    found = {path for path in paths if ours.match(path) and not path.startswith(WITH_A_KEY)} - OTHERS | OUTSIDE
    return sorted({path.replace("{form}", form) for path in found for form in ("xml", "json")})


def address(path, public_id):
    path = re.sub("{(public_id|service_request_id)}", public_id, path).replace("{month}", "2026-11")
    return f"{path}{IN_SPANS}" if path.startswith("/open311") else path


def read(client, path, public_id):
    client.portal.call(feed_of(client).refresh)
    return client.get(address(path, public_id), follow_redirects=False)


def feed_of(client):
    app = client.app
    while not hasattr(app, "refresh"):
        app = app.app
    return app


def plain(answer):
    """What a reader finds: JSON and XML write some signs otherwise."""
    text = answer.text
    return text.encode().decode("unicode_escape", "ignore") if "\\u" in text else text


def test_the_walk_knows_every_projection(client):
    found = documents(client)
    assert {f"/feeds/exposures.{kind}" for kind in ("atom", "rss", "json", "ninjs", "geojson")} <= set(found)
    assert {"/open/exposures", "/open/exposures.csv", "/open/changes", "/sitemap.xml"} <= set(found)
    assert {"/exposures", "/exposures/{public_id}", "/feeds/exposures/{month}.atom"} <= set(found)
    assert "/ogc/collections/exposures/items" in found
    assert {
        f"/open311/v2/{name}.{form}" for name in ("requests", "servicerequestupdates") for form in ("xml", "json")
    } < {*found}
    assert "/open311/v2/requests/{service_request_id}.xml" in found


def test_what_is_published_stands_in_every_projection_and_nothing_private_beside_it(client, publish):
    public_id = publish(title=TITLE, body=BODY, entity_name=UNIT)
    for path in documents(client):
        answer = read(client, path, public_id)
        assert answer.status_code == 200, path
        if path not in ABOUT:
            assert public_id in answer.text or TITLE in answer.text, path
        for word in SECRET:
            assert word not in answer.text.lower(), (path, word)


def moved(public_id, **moments):
    """Let the clock have gone on instead of waiting for it: no job runs, and nothing else is written."""
    with unit_of_work(OWNER) as session:
        session.execute(update(PublicExposure).where(PublicExposure.public_id == public_id).values(**moments))
        if "released_at" in moments:
            session.execute(update(Change).where(Change.ref == public_id, Change.released_at.is_not(None)).values(
                released_at=moments["released_at"]))  # fmt: skip


def test_what_waits_for_its_moment_stands_nowhere_and_then_everywhere(client, publish):
    """C7: no projection, no number of them, no month and no line of the log shows it before its time."""
    other = publish(title="另一条", published_at=EARLIER, updated_at=EARLIER)
    before = {path: read(client, path, other) for path in documents(client)}
    cursor = client.get("/open/changes").json()["next"]
    soon = clock.now() + timedelta(hours=1)
    public_id = publish(title=TITLE, body=BODY, entity_name=UNIT, released_at=soon)
    for path, was in before.items():
        now = read(client, path, other)
        assert TITLE not in plain(now), path
        assert public_id not in now.text, path
        assert now.headers.get("etag") == was.headers.get("etag"), path
        if re.search("{(public_id|service_request_id)}", path):
            assert read(client, path, public_id).status_code == 404, path
    assert client.get("/feeds/exposures/2026-11.atom").status_code == 404
    assert client.get(f"/open/changes?cursor={cursor}").json()["items"] == []
    after = client.get("/open/changes").json()["next"]

    moved(public_id, released_at=clock.now() - timedelta(seconds=1))

    for path in documents(client):
        now = read(client, path, public_id)
        assert now.status_code == 200, path
        if path not in ABOUT:
            assert public_id in now.text or TITLE in now.text, path
        if "{public_id}" not in path and "etag" in now.headers and "{month}" not in path:
            assert now.headers["etag"] != before[path].headers["etag"], path
    lines = told_since(client, after)
    assert [(each["kind"], each["id"]) for each in lines["items"]] == [("exposure.published", public_id)]
    assert client.get(f"/open/changes?cursor={lines['next']}").json()["items"] == []


def told_since(client, cursor):
    """The lines after a place, as soon as nothing that is under way can come before them."""
    until = time.monotonic() + 60
    while not (found := client.get(f"/open/changes?cursor={cursor}").json())["items"]:
        assert time.monotonic() < until
        time.sleep(0.1)
    return found


def test_e7_what_is_over_is_gone_by_the_clock_before_anybody_takes_it_down(client, publish):
    public_id = publish(title=TITLE, body=BODY, entity_name=UNIT)
    tags = {path: read(client, path, public_id).headers.get("etag") for path in documents(client)}
    moved(public_id, expires_at=clock.now() - timedelta(seconds=1))
    for path in documents(client):
        answer = read(client, path, public_id)
        one = re.search("{(public_id|service_request_id)}", path)
        assert answer.status_code in ({404} if one and path.startswith("/open311") else {200, 410}), path
        for content in (TITLE, BODY, UNIT):
            assert content not in plain(answer), path
        assert not one or "展示期满" in plain(answer), path
        assert answer.headers.get("etag") is None or answer.headers["etag"] != tags[path], path
    assert client.get("/ogc/collections/exposures/items").json()["numberMatched"] == 0


def test_a_correction_stands_in_every_projection_with_its_note_and_its_version(client, publish):
    """E9: what was wrong stands nowhere any more, and whoever has the document is told that it is another."""
    public_id, wrong, note = publish(title="某公司", body=BODY), "某化工厂", "单位名称有误，应为某公司。"
    publish(public_id, title=wrong, body=BODY, version=1)
    tags = {path: read(client, path, public_id).headers.get("etag") for path in documents(client)}
    said = {"version": 2, "at": "2026-11-21T02:00:00+00:00", "note": note}
    publish(public_id, title=TITLE, body=BODY, entity_name=UNIT, status="corrected", version=2, corrections=[said])
    # These lead to it: they say that it changed, and nothing of what it says.
    leading = {"/open/changes", "/sitemap.xml", *ABOUT}
    for path in documents(client):
        answer = read(client, path, public_id)
        assert wrong not in plain(answer), path
        assert (note in plain(answer)) == (path not in leading), path
        assert answer.headers.get("etag") is None or answer.headers["etag"] != tags[path], path
    last = client.get("/open/changes").json()["items"][-1]
    assert (last["kind"], last["id"], last["version"]) == ("exposure.corrected", public_id, 2)
    (found,) = [each for each in client.get("/open/exposures").json()["items"] if each["id"] == public_id]
    assert (found["status"], found["version"], found["corrections"]) == ("corrected", 2, [said])


@pytest.mark.parametrize(("status", "reason"), [("withdrawn", "处罚决定已撤销"), ("expired", "展示期满")])
def test_what_is_gone_is_gone_from_every_projection(client, publish, status, reason):
    """E9: with its reason, its content nowhere, and never a silent 404; what has expired is not called withdrawn."""
    public_id = publish(title=TITLE, body=BODY, entity_name=UNIT)
    publish(public_id, **published.gone(status, reason))
    for path in documents(client):
        answer = read(client, path, public_id)
        one = re.search("{(public_id|service_request_id)}", path)
        assert answer.status_code in ({404} if one and path.startswith("/open311") else {200, 410}), path
        for content in (TITLE, BODY, UNIT):
            assert content not in plain(answer), path
        assert not one or reason in plain(answer), path
        assert answer.status_code == 410 or not one or path.startswith("/open"), path
        if status == "expired":
            assert "【撤稿】" not in plain(answer), path


def test_a_reader_that_has_it_is_told_so_until_something_changes(client, publish):
    """E10: a strong tag that costs no rendering, on every document that is kept."""
    public_id = publish()
    kept = [path for path in documents(client) if "etag" in read(client, path, public_id).headers]
    assert len(kept) >= 8
    tags = {path: read(client, path, public_id).headers["etag"] for path in kept}
    assert len(set(tags.values())) == len(kept)
    for path, tag in tags.items():
        again = client.get(address(path, public_id), headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b""), path
        assert again.headers["access-control-allow-origin"] == "*"
    publish(title="另一条")
    for path, tag in tags.items():
        assert read(client, path, public_id).headers["etag"] != tag, path


def test_head_says_the_same_without_a_body(client, publish):
    publish()
    for path in ("/feeds/exposures.rss", "/feeds/exposures.json", "/sitemap.xml"):
        whole, head = client.get(path), client.head(path)
        assert (head.status_code, head.content) == (200, b"")
        assert head.headers["etag"] == whole.headers["etag"]


def test_no_more_than_a_minute_is_anything_kept(client, publish):
    """The promise: a withdrawal is everywhere within sixty seconds."""
    public_id = publish()
    for path in documents(client):
        told = read(client, path, public_id).headers.get("cache-control", "")
        ages = [int(age) for age in re.findall(r"(?:max-age|stale-while-revalidate)=(\d+)", told)]
        assert sum(ages) <= 60, path
        assert told, path

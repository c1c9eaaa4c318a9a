"""The change log for newsrooms: in order, resumable, each change at least once, never past one still written."""

import time

import pytest

from cases import feeds
from cases.models.exposure import Change
from tests import published
from tests.make import NOW


def told(client, many, query=""):
    """A transaction of any database of the cluster holds the log back for its time."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        answer = client.get(f"/open/changes{query}").json()
        if len(answer["items"]) >= many:
            return answer
        time.sleep(0.1)
    raise AssertionError(answer)


def test_a_newsroom_follows_what_changes(client, publish):
    public_id = publish()
    first = told(client, 1)
    (line,) = first["items"]
    assert (line["kind"], line["id"], line["version"]) == ("exposure.published", public_id, 1)
    assert line["uri"] == f"tag:jingzhong,2026:exposure:{public_id}"
    assert line["url"].endswith(f"/open/exposures/{public_id}")
    assert client.get(f"/open/changes?cursor={first['next']}").json() == {
        "items": [], "next": first["next"], "more": False,
    }  # fmt: skip
    publish(public_id, **published.gone())
    after = told(client, 1, f"?cursor={first['next']}")
    assert [each["kind"] for each in after["items"]] == ["exposure.withdrawn"]
    assert [each["kind"] for each in told(client, 2)["items"]] == ["exposure.published", "exposure.withdrawn"]


def test_pages_miss_and_repeat_nothing(client, publish):
    made = [publish() for _ in range(5)]
    told(client, 5)
    seen, query = [], "?limit=2"
    while True:
        page = client.get(f"/open/changes{query}").json()
        seen += [each["id"] for each in page["items"]]
        query = f"?limit=2&cursor={page['next']}"
        if not page["more"]:
            break
    assert seen == made


@pytest.mark.parametrize("cursor", ["nothing", "AAAA", "%00", "x" * 199])
def test_a_cursor_that_was_never_given_is_refused(client, cursor):
    answer = client.get(f"/open/changes?cursor={cursor}")
    assert (answer.status_code, answer.json()["code"]) == (422, "page.cursor_invalid")


def test_the_tag_grows_also_where_a_change_of_a_lower_number_is_committed_later(committing):
    """A withdrawal that began first and ended last has the lower number: the highest alone would never tell of it."""

    def grown():
        with committing() as session:
            return feeds.grown(session)

    with committing() as slow:
        slow.add(Change(kind="exposure", ref="withdrawn first", op="withdrawn", version=2, at=NOW))
        slow.flush()
        with committing() as quick:
            quick.add(Change(kind="exposure", ref="published later", op="published", version=1, at=NOW))
        before = grown()
    after = grown()
    assert after[:2] == (before[0] + 1, before[1])

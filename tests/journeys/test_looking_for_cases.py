"""M11, M26 over HTTP: the list of cases is filtered, sorted and paged, and a town's is its own."""

import pytest
import world
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import done


@pytest.fixture
def three(client, work, sign_in):
    """Two cases of the western town and one of the eastern, of two categories."""
    west, east = world.CENTRE, (world.BORDER[0] + 0.05, world.BORDER[1])
    places = ((west, "FIR-01"), ((west[0] + 0.01, west[1]), "FW-01"), (east, "FIR-01"))
    desk = sign_in("desk")
    return [dispatched(client, work, desk, place=place, category=category)[2] for place, category in places]


def ids(officer, query=""):
    answer = officer.get(f"/cases?{query}")
    assert answer.status_code == 200, answer.text
    return [row["id"] for row in answer.json()["items"]]


def test_a_town_looks_at_its_own_and_the_district_at_all(sign_in, three):
    clerk, east, safety = map(sign_in, ("clerk", "east-clerk", "safety"))
    west_org, east_org = clerk.me["org_id"], east.me["org_id"]

    assert ids(safety, "sort=opened") == three
    assert ids(safety) == three[::-1]
    assert ids(clerk, "sort=number") == three[:2]
    assert ids(east) == three[2:]
    assert ids(clerk, f"org_id={east_org}") == []
    assert ids(safety, f"org_id={east_org}&org_id={west_org}&category=FIR-01&sort=opened") == [three[0], three[2]]
    assert ids(sign_in("discipline"), "state=dispatched&state=signed&sort=opened") == three
    assert ids(safety, "flag=reworked&flag=reopened") == []
    assert ids(safety, "state=closed") == []
    assert safety.get("/cases/count?category=FIR-01").json() == {"count": 2, "more": False}
    assert clerk.get("/cases/count").json() == {"count": 2, "more": False}


def test_a_row_says_whose_it_is_and_how_much_time_is_left(sign_in, three):
    done(sign_in("clerk").act(three[0], "social-risks", {"facts": "聚集"}))

    (row,) = sign_in("safety").get("/cases?tag=social_risk&colour=green").json()["items"]

    assert (row["id"], row["responsible_org"], row["colour"]) == (three[0], "望西街道办", "green")
    assert (row["tags"], row["due_what"], row["state"]) == (["social_risk"], "sign", "dispatched")
    assert not {"report_id", "reference", "text", "photos", "reports"} & row.keys()  # X38, X42


@pytest.mark.parametrize(
    ("query", "code", "pointer"),
    [
        ("state=open", "body.invalid", "?state"),
        ("category=fir-01", "body.invalid", "?category"),
        ("category=ZZZ-99", "category.unknown", "?category"),
        ("org_id=2147483647", "org.unknown", "?org_id"),
        ("org_id=99999999999999999999", "body.invalid", "?org_id"),
        ("tag=unheard_of", "tag.unknown", "?tag"),
        ("colour=blue", "body.invalid", "?colour"),
        ("colour=%00", "body.invalid", "?colour"),
        ("number=%25%25", "body.invalid", "?number"),
        ("number=%00%00", "body.invalid", "?number"),
        ("opened_from=2026-02-30", "body.invalid", "?opened_from"),
        ("opened_from=2026-03-02&opened_to=2026-03-01", "query.days_reversed", "?opened_to"),
        ("sort=random()", "body.invalid", "?sort"),
        ("text=x", "query.unknown", "?text"),
        ("limit=101", "body.invalid", "?limit"),
        ("&".join(f"org_id={number}" for number in range(1, 60)), "body.invalid", "?org_id"),
        ("&".join(["state=signed"] * 3000), "body.invalid", "?state"),
    ],
)
def test_a_filter_that_is_none_is_refused_with_its_name(sign_in, query, code, pointer):
    refused = sign_in("safety").get(f"/cases?{query}")

    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer
    assert sign_in("safety").get(f"/cases/count?{query.replace('limit=101', 'state=x')}").status_code == 422


def test_a_cursor_goes_on_under_its_own_filters_only(sign_in, three):
    clerk, safety, leader = map(sign_in, ("clerk", "safety", "leader"))
    first = clerk.get("/cases?limit=1&sort=due").json()
    cursor = first["next"]

    assert ids(clerk, f"limit=1&sort=due&after={cursor}")[0] != first["items"][0]["id"]
    assert ids(leader, f"limit=1&sort=due&after={cursor}")  # a colleague may go on
    for who, query in (
        (clerk, "sort=opened"), (clerk, "sort=due&state=dispatched"), (clerk, ""), (safety, "sort=due"),
        (sign_in("east-clerk"), "sort=due"),
    ):  # fmt: skip
        refused = who.get(f"/cases?{query}&after={cursor}")
        assert (refused.status_code, refused.json()["code"]) == (422, "page.cursor_invalid"), query
    of_the_queue = clerk.get("/queue?limit=1").json()["next"]
    for wrong in (of_the_queue, "", "x", "AAAA", cursor[:-3], f"{cursor}AAAA", "é", "%00"):
        refused = clerk.get(f"/cases?sort=due&after={wrong}")
        assert refused.json()["code"] == "page.cursor_invalid", wrong


def test_who_is_not_signed_in_looks_at_nothing(client, three):
    assert client.get("/o/v1/cases").status_code == 401
    assert client.get("/o/v1/cases/count").status_code == 401


def test_a_view_is_saved_shared_and_counted(sign_in, three):
    """A leader shares a view; every colleague sees it with a count of their own, the neighbour does not."""
    leader, clerk, safety = map(sign_in, ("leader", "clerk", "safety"))
    filter_ = {"state": ["dispatched"], "sort": "due"}
    view = done(leader.post("/views", {"name": "待签收", "filter": filter_}))
    assert clerk.get("/views").json()["items"] == []
    assert leader.post(f"/views/{view['id']}/sharings", {"shared": True}).status_code == 428
    shared = done(leader.post(f"/views/{view['id']}/sharings", {"shared": True}, seen=1))

    (seen,) = clerk.get("/views").json()["items"]

    assert (seen["name"], seen["filter"], seen["count"], seen["more"], seen["mine"]) == (
        "待签收", filter_, 2, False, False,
    )  # fmt: skip
    assert sign_in("east-clerk").get("/views").json()["items"] == safety.get("/views").json()["items"] == []
    assert sign_in("discipline").get("/views").status_code == 200
    changes, body = f"/views/{view['id']}/changes", {"name": "改", "filter": {}}
    assert leader.post(changes, body, seen=1).status_code == 412
    assert clerk.post(changes, body, seen=shared["version"]).json()["code"] == "view.not_yours"
    assert safety.post(changes, body, seen=shared["version"]).json()["code"] == "view.unknown"
    assert clerk.post(f"/views/{view['id']}/sharings", {"shared": False}, seen=2).json()["code"] == "role.missing"
    done(leader.post(f"/views/{view['id']}/removals", seen=2))
    assert clerk.get("/views").json()["items"] == []


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"name": "x", "filter": {"nonsense": 1}}, "body.invalid", "/filter/nonsense"),
        ({"name": "x", "filter": {"state": ["open"]}}, "body.invalid", "/filter/state/0"),
        ({"name": "x", "filter": {"category": ["ZZZ-99"]}}, "category.unknown", "/filter/category"),
        ({"name": "x", "filter": {"org_id": list(range(1, 99))}}, "body.invalid", "/filter/org_id"),
        ({"name": "x", "filter": {"tag": ["a\u0000b"]}}, "body.invalid", "/filter/tag/0"),
        ({"name": "a\u0000b", "filter": {}}, "body.invalid", "/name"),
        ({"name": "x" * 201, "filter": {}}, "body.invalid", "/name"),
        ({"name": "", "filter": {}}, "body.invalid", "/name"),
        ({"name": "x"}, "body.invalid", "/filter"),
        ({"name": "x", "filter": {}, "owner_id": 1}, "body.invalid", "/owner_id"),
    ],
)
def test_a_view_of_nonsense_is_refused_with_the_field(sign_in, body, code, pointer):
    refused = sign_in("clerk").post("/views", body)

    assert (refused.status_code, refused.json()["code"]) == (422, code), refused.text
    assert refused.json()["errors"][0]["pointer"] == pointer

"""OGC API Features: what map programs ask for, as GDAL reads it, and what is refused."""

import json
import subprocess
import sys

import pytest

from tests import published

ITEMS = "/ogc/collections/exposures/items"


def test_every_link_leads_to_what_it_says(client, publish):
    public_id = publish()
    base = client.get("/ogc").json()["links"][0]["href"].removesuffix("/ogc")
    seen, waiting = set(), ["/ogc", f"{ITEMS}/{public_id}", f"{ITEMS}?limit=1"]
    while waiting:
        path = waiting.pop()
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path)
        assert answer.status_code == 200, path
        if path == "/exposures":
            continue
        told = answer.json()
        links = [*told.get("links", []), *(link for each in told.get("collections", []) for link in each["links"])]
        waiting += [link["href"].removeprefix(base).removeprefix("http://testserver") for link in links]
    assert {"/ogc", "/ogc/conformance", "/ogc/collections", "/ogc/collections/exposures", ITEMS, "/exposures"} <= seen


def test_pages_lead_on_until_all_were_told(client, publish):
    made = {publish() for _ in range(5)}
    seen, path = [], f"{ITEMS}?limit=2"
    while path:
        page = client.get(path).json()
        assert (page["numberMatched"], page["numberReturned"]) == (5, len(page["features"]))
        seen += [feature["id"] for feature in page["features"]]
        path = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    assert len(seen) == 5
    assert set(seen) == made


@pytest.mark.parametrize(
    ("query", "many"),
    [("bbox=120.6,31.3,120.7,31.4", 1), ("bbox=120.6,31.3,0,120.7,31.4,100", 1), ("bbox=121,31,122,32", 0),
     ("town=990101003", 1), ("town=990101009", 0), ("bbox=120.6301,31.3776,120.6301,31.3776", 1)],
)  # fmt: skip
def test_a_box_and_a_town_narrow_it(client, publish, withdrawn, query, many):
    publish()
    assert client.get(f"{ITEMS}?{query}").json()["numberMatched"] == many


@pytest.mark.parametrize(
    "box", ["1,2,3", "a,b,c,d", "nan,0,1,1", "10,10,5,20", "0,0,181,1", "0,-91,1,1", "inf,inf,inf,inf", "1,2,3,4,5,6,7"]
)
def test_a_box_that_is_none_is_refused(client, box):
    answer = client.get(f"{ITEMS}?bbox={box}")
    assert (answer.status_code, answer.json()["code"]) == (422, "ogc.bbox")


def test_one_that_is_gone_says_why_and_one_that_never_was_is_not_found(client, publish, withdrawn):
    answer = client.get(f"{ITEMS}/{withdrawn}")
    assert (answer.status_code, answer.json()["code"]) == (410, "exposure.gone")
    assert answer.json()["reason"] == "处罚决定已撤销"
    assert client.get(f"{ITEMS}/nothing").status_code == 404
    assert client.get(f"{ITEMS}?limit=0").status_code == 422


GDAL = """
import json, sys
import pyogrio
source = f"OAPIF:{sys.argv[1]}/ogc"
meta, _, shapes, columns = pyogrio.raw.read(source, layer="exposures", PAGE_SIZE="3", INITIAL_REQUEST_PAGE_SIZE="3")
box = pyogrio.raw.read(source, layer="exposures", bbox=(120.6095, 31.3, 120.6125, 31.4))
columns = {name: sorted(set(values)) for name, values in zip(meta["fields"], columns) if name in {"town", "title"}}
json.dump({"layers": list(pyogrio.list_layers(source)[:, 0]), "many": len(shapes), "within": len(box[2]), **columns},
          sys.stdout)
"""


def test_gdal_reads_it(served, publish, withdrawn):
    """A map program over a real socket: it finds the collection, pages through it, and asks for a box.

    In a process of its own, for while GDAL waits for an answer no other thread of Python runs.
    """
    for number in range(7):
        publish(point=f"SRID=4326;POINT({120.61 + number / 1000} 31.37)")
    ran = subprocess.run([sys.executable, "-c", GDAL, served], capture_output=True, text=True, check=True, timeout=120)
    assert json.loads(ran.stdout) == {
        "layers": ["exposures"], "many": 7, "within": 3, "town": ["东篱街道"],
        "title": [published.an_exposure()["title"]],
    }  # fmt: skip

"""The published months as a page, as data and as a sheet: the same figures, and hostile names stay names."""

import csv
import io

import pytest

from tests.counted import HOSTILE

pytestmark = pytest.mark.usefixtures("counted")


def test_the_newest_month_is_shown_and_every_other_has_its_link(client):
    answer = client.get("/transparency")

    assert answer.status_code == 200
    assert "2036年10月" in answer.text
    assert 'href="/transparency?month=2036-09"' in answer.text
    assert "少于 3" in answer.text
    assert "&lt;script&gt;" in answer.text
    assert "<script" not in answer.text
    assert "2036年11月4日 09:30" in answer.text


def test_a_month_is_asked_for_by_its_name_and_one_without_figures_is_not_found(client):
    assert "2036年9月" in client.get("/transparency?month=2036-09").text
    for path in ("/transparency?month=2036-08", "/open/statistics/2036-08", "/open/statistics/0000-01",
                 "/open/statistics/2036-08.csv"):  # fmt: skip
        assert client.get(path).status_code == 404, path
    for path in ("/transparency?month=last", "/open/statistics/2036-13"):
        assert client.get(path).status_code == 422, path


def test_data_and_sheet_say_what_the_page_says_and_hide_what_it_hides(client):
    months = client.get("/open/statistics").json()["items"]
    assert [each["month"] for each in months] == ["2036-10", "2036-09"]

    data = client.get("/open/statistics/2036-10").json()
    assert (data["reports"], data["district"][0]["closed"], data["town"][0]["median_days"]) == (21, 12, 6.5)
    assert [name["zh"] for name in data["town"][1]["names"]] == ["望澜镇", HOSTILE]
    assert data["town"][1]["closed"] is None

    sheet = client.get("/open/statistics/2036-10.csv")
    rows = list(csv.reader(io.StringIO(sheet.content.decode("utf-8-sig"))))
    assert [row[:2] for row in rows[1:]] == [["2036-10", what] for what in ("全区", "镇街", "镇街", "类别")]
    assert rows[3][3:] == [f"望澜镇、{HOSTILE}", f"望澜镇, {HOSTILE}", "4", "1-2", "1-2", "1-2", "1-2", ""]
    assert sheet.headers["access-control-allow-origin"] == "*"
    again = client.get("/open/statistics/2036-10.csv", headers={"If-None-Match": sheet.headers["etag"]})
    assert again.status_code == 304

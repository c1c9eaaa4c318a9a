"""The public record as a sheet that Excel reads as it is meant (ecosystem.md §2.4)."""

import csv
import io

import pytest

from tests import published


def rows(answer):
    assert answer.status_code == 200, answer.text
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"), newline="")))


def test_a_sheet_has_its_mark_its_lines_and_a_row_for_each(client, publish, withdrawn):
    public_id = publish(title="=1+1", entity_name="-某公司")
    answer = client.get("/open/exposures.csv")
    assert answer.content.startswith(b"\xef\xbb\xbf")
    assert answer.content.count(b"\r\n") == 3
    assert "filename*=UTF-8''" in answer.headers["content-disposition"]
    found = {row["标识"].rpartition(":")[2]: row for row in rows(answer)}
    here = found[public_id]
    assert (here["标题"], here["单位"], here["状态"]) == ("'=1+1", "'-某公司", "有效")  # no spreadsheet runs them
    assert (here["经度"], here["纬度"], here["镇街"], here["整改进展"]) == ("120.6301", "31.3776", "东篱街道", "整改中")
    assert here["公布时间"].endswith("+00:00")
    there = found[withdrawn]
    assert (there["状态"], there["撤下原因"]) == ("已撤回", "处罚决定已撤销")
    assert {there[name] for name in ("标题", "正文", "单位", "镇街", "经度", "电话")} == {""}


def test_the_header_is_english_for_who_asks(client, publish):
    publish()
    names = list(rows(client.get("/open/exposures.csv?header=en"))[0])
    assert names[:4] == ["uri", "version", "status", "published_at"]


@pytest.mark.parametrize(
    ("query", "many"),
    [("from=2026-11-20", 1), ("to=2026-11-20", 1), ("from=2026-11-21", 0), ("to=2026-11-19", 0),
     ("town=990101003", 1), ("town=990101004", 0), ("from=2026-11-20&to=2026-11-20&town=990101003", 1)],
)  # fmt: skip
def test_days_and_a_town_narrow_it(client, publish, query, many):
    """Days are the district's: 2026-11-20T02:00Z is ten in the morning there."""
    publish()
    assert len(rows(client.get(f"/open/exposures.csv?{query}"))) == many


@pytest.mark.parametrize("query", ["from=yesterday", "to=2026-13-01", "header=fr", "town=" + "9" * 21])
def test_what_is_no_day_is_refused_by_name(client, query):
    answer = client.get(f"/open/exposures.csv?{query}")
    assert answer.status_code == 422
    assert answer.json()["code"] == "body.invalid"


def test_midnight_belongs_to_the_day_that_begins_with_it(client, publish):
    at = published.PUBLISHED_AT.replace(hour=16)  # the first moment of the 21st in the district
    publish(published_at=at, updated_at=at)
    assert rows(client.get("/open/exposures.csv?to=2026-11-20")) == []
    assert len(rows(client.get("/open/exposures.csv?from=2026-11-21"))) == 1

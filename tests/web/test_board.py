"""The public board: what is shown, what is told of a withdrawal, and that hostile text stays text."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest

from cases import feeds
from kit.errors import Unavailable
from web import words

LATER = datetime(2036, 11, 20, tzinfo=UTC)  # before everything that other tests may have published


def test_an_exposure_stands_on_the_board_with_its_progress_in_words(client, publish):
    public_id = publish(updated_at=LATER, title="标题甲", progress="not_rectified")

    text = client.get("/exposures").text

    entry = text[text.index("标题甲") - 400 : text.index("标题甲")]
    assert f'href="/exposures/{public_id}"' in entry
    assert "未整改" in entry


@pytest.mark.parametrize(
    ("progress", "word"), [("not_rectified", "未整改"), ("rectifying", "整改中"), ("rectified", "已整改")]
)
def test_a_page_tells_the_facts_of_e2(client, publish, progress, word):
    answer = client.get(f"/exposures/{publish(progress=progress)}")

    assert answer.status_code == 200
    told = ("某仓库安全出口堵塞", "望澜某物流有限公司", "东篱街道", "2026年11月12日", "ZG-2026-0001", "0512-00000000")
    assert all(fact in answer.text for fact in (*told, word))


def test_the_place_is_told_no_finer_than_it_was_stored(client, publish):
    assert "东经 120.6301°，北纬 31.3776°" in client.get(f"/exposures/{publish()}").text
    assert "大致位置" not in client.get(f"/exposures/{publish(point=None)}").text


def test_a_withdrawn_exposure_is_gone_with_its_reason_and_out_of_search_engines(client, withdrawn):
    answer = client.get(f"/exposures/{withdrawn}")

    assert answer.status_code == 410
    assert answer.headers["x-robots-tag"] == "noindex"
    assert "处罚决定已撤销" in answer.text


def test_a_withdrawn_exposure_keeps_its_place_on_the_board(client, publish):
    nothing = dict.fromkeys(("title", "body", "entity_name", "point", "progress", "expires_at"))
    gone = {"status": "withdrawn", "withdrawn_at": LATER, "updated_at": LATER, "withdraw_reason": "展示期满"}
    public_id = publish(**nothing, **gone)

    text = client.get("/exposures").text

    entry = text[text.index(public_id) - 200 : text.index(public_id) + 300]
    assert "已撤回" in entry
    assert "展示期满" in entry


@pytest.mark.parametrize("public_id", ["0" * 16, "nothing", "%00", "A" * 400, "0" * 15 + "G"])
def test_what_never_was_is_not_found(client, public_id):
    answer = client.get(f"/exposures/{public_id}")

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")


def test_the_board_is_asked_for_again_each_time(client, publish):
    assert client.get("/exposures").headers["cache-control"] == "no-cache"
    assert client.get(f"/exposures/{publish()}").headers["cache-control"] == "no-cache"


def test_pages_follow_each_other_without_a_gap(client, publish):
    titles = [f"第{number}条" for number in range(25)]
    for number, title in enumerate(titles):
        publish(title=title, updated_at=LATER - timedelta(hours=number))

    first = client.get("/exposures").text
    second = client.get(re.search(r'href="(/exposures\?after=[^"]+)"', first)[1]).text

    assert [title for title in titles if f">{title}<" in first] == titles[:20]
    assert [title for title in titles if f">{title}<" in second] == titles[20:]
    assert "回到最新" in second


@pytest.mark.parametrize("after", ["", "x", "9" * 17 + "-" + "0" * 16, "1-" + "0" * 17, "1' or 1=1"])
def test_a_place_in_the_list_that_no_page_gave_is_told_and_never_fails(client, after):
    assert client.get("/exposures", params={"after": after}).status_code in {200, 404}


def test_hostile_text_stays_text(client, publish):
    hostile = '"><script>alert(1)</script><img src=x onerror=alert(1)>{{ 7*7 }}'
    public_id = publish(
        updated_at=LATER, title=hostile, body=hostile, entity_name=hostile, authority=hostile, phone=hostile,
        basis=hostile, town_zh=hostile, category_zh=hostile,
    )  # fmt: skip

    for path in ("/exposures", f"/exposures/{public_id}"):
        text = client.get(path).text
        assert text.count("<script") == text.count('<script type="application/ld+json">')  # our own, which nothing runs
        assert "<img src=x" not in text
        assert "&lt;script&gt;" in text
        assert "{{ 7*7 }}" in text


def test_search_engines_are_told_the_facts_as_linked_data(client, publish):
    """C7: what a page says of one exposure, also where an officer typed what could end a script."""
    title = '</script><!-- & "某仓库"'
    note = {"version": 2, "at": LATER.isoformat(), "note": "单位名称有误"}
    text = client.get(f"/exposures/{publish(title=title, status='corrected', corrections=[note])}").text
    (said,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', text, re.DOTALL)
    told = json.loads(said)
    assert (told["@type"], told["headline"], told["publisher"]["name"]) == ("Article", title, "东篱街道办事处")
    assert [(each["@type"], each["text"]) for each in told["correction"]] == [("CorrectionComment", "单位名称有误")]
    assert told["contentLocation"]["geo"]["longitude"] == 120.6301


def test_the_board_leads_to_every_way_to_follow_it(client):
    text = client.get("/exposures").text
    for way in words.WAYS:
        assert f'href="{way.path}"' in text
        assert client.get(way.path).status_code == 200


def test_a_page_says_so_when_the_database_is_away(client, monkeypatch):
    def away(*_args, **_kwargs):
        raise Unavailable

    monkeypatch.setattr(feeds, "newest", away)

    answer = client.get("/exposures")

    assert (answer.status_code, answer.headers["content-type"]) == (503, "text/html; charset=utf-8")
    assert int(answer.headers["retry-after"]) > 0

"""The feed's document is XML that any reader takes, whatever an officer typed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from api.public import atom
from cases.feeds import Item
from cases.models.exposure import PublicExposure
from tests.make import NOW

A, AT, GEO = f"{{{atom.ATOM}}}", f"{{{atom.TOMB}}}", f"{{{atom.GEORSS}}}"


def item(**facts):
    usual = {
        "public_id": "2026-ab12", "status": "usable", "title": "某仓库消防通道堵塞", "body": "正文",
        "town_zh": "东镇", "entity_name": "某公司", "category_code": "FIR-02", "category_zh": "消防",
        "published_at": NOW, "updated_at": NOW, "progress": None,
    }  # fmt: skip
    return Item(PublicExposure(**(usual | facts)), 120.0123, 31.0456)


def parsed(*items):
    said = atom.document(items, base_url="https://a.example", now=NOW, log_head="head\n<&>")
    assert said == atom.document(items, base_url="https://a.example", now=NOW, log_head="head\n<&>")
    return etree.fromstring(said)


def test_an_entry_says_what_and_where_under_the_usual_prefixes():
    feed = parsed(item())
    assert feed.tag == f"{A}feed"
    assert feed.nsmap[None] == atom.ATOM  # readers that do not know namespaces look for plain names
    (entry,) = feed.iter(f"{A}entry")
    assert entry.findtext(f"{A}title") == "某仓库消防通道堵塞"
    assert entry.findtext(f"{GEO}point") == "31.0456 120.0123"
    assert entry.find(f"{A}category").attrib == {"term": "FIR-02", "label": "消防"}
    assert feed.findtext(f"{{{atom.OURS}}}log-head") == "head\n<&>"


def test_a_withdrawal_is_a_tombstone_and_an_entry_until_its_days_are_over():
    gone = {"status": "withdrawn", "withdrawn_at": NOW, "withdraw_reason": "核查有误"}
    feed = parsed(item(**gone))
    (tombstone,) = feed.iter(f"{AT}deleted-entry")
    assert tombstone.get("ref") == atom.tag("2026-ab12")
    assert tombstone.findtext(f"{AT}comment") == "核查有误"
    assert [entry.findtext(f"{A}id") for entry in feed.iter(f"{A}entry")] == [atom.tag("2026-ab12:withdrawn")]
    old = parsed(item(**gone, updated_at=NOW - timedelta(days=atom.TOMBSTONES_DAYS, seconds=1)))
    assert list(old.iter(f"{A}entry", f"{AT}deleted-entry")) == []


@given(some.text(alphabet=some.characters(exclude_categories=["Cs"])))
def test_no_character_makes_the_feed_unreadable(text):
    """XML has no way to write most control characters; what it can write is kept."""
    (entry,) = parsed(item(title=text, body=text, entity_name=text)).iter(f"{A}entry")
    kept = "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))
    assert (entry.findtext(f"{A}content") or "").replace("\r", "\n") == kept.replace("\r\n", "\n").replace("\r", "\n")

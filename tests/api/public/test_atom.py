"""The feed's document is XML that any reader takes, whatever an officer typed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from lxml import etree

from api.public.formats import atom
from api.public.formats.xml import ATOM, GEORSS
from cases.feeds import Item
from cases.feeds.items import item as values
from cases.feeds.items import uri
from cases.models.exposure import PublicExposure
from tests.make import NOW

A, AT, GEO = f"{{{ATOM}}}", f"{{{atom.TOMB}}}", f"{{{GEORSS}}}"


def item(**facts):
    usual = {
        "public_id": "2026-ab12", "status": "usable", "title": "某仓库消防通道堵塞", "body": "正文",
        "town_zh": "东镇", "entity_name": "某公司", "category_code": "FIR-02", "category_zh": "消防",
        "published_at": NOW, "updated_at": NOW, "progress": None,
    }  # fmt: skip
    return values(Item(PublicExposure(**(usual | facts)), 120.0123, 31.0456))


def parsed(*items):
    said = atom.document(items, base_url="https://a.example", now=NOW, log_head="head\n<&>")
    assert said == atom.document(items, base_url="https://a.example", now=NOW, log_head="head\n<&>")
    return etree.fromstring(said)


def test_an_entry_says_what_and_where_under_the_usual_prefixes():
    feed = parsed(item())
    assert feed.tag == f"{A}feed"
    assert feed.nsmap[None] == ATOM  # readers that do not know namespaces look for plain names
    (entry,) = feed.iter(f"{A}entry")
    assert entry.findtext(f"{A}title") == "某仓库消防通道堵塞"
    assert entry.findtext(f"{GEO}point") == "31.0456 120.0123"
    assert entry.find(f"{A}category").attrib == {"term": "FIR-02", "label": "消防"}
    assert feed.findtext(f"{{{atom.OURS}}}log-head") == "head\n<&>"


def test_a_withdrawal_is_a_tombstone_and_an_entry_until_its_days_are_over():
    gone = {"status": "withdrawn", "withdrawn_at": NOW, "withdraw_reason": "核查有误"}
    feed = parsed(item(**gone))
    (tombstone,) = feed.iter(f"{AT}deleted-entry")
    assert tombstone.get("ref") == uri("2026-ab12")
    assert tombstone.findtext(f"{AT}comment") == "核查有误"
    assert [entry.findtext(f"{A}id") for entry in feed.iter(f"{A}entry")] == [uri("2026-ab12:withdrawn")]
    old = parsed(item(**gone, updated_at=NOW - timedelta(days=atom.TOMBSTONES_DAYS, seconds=1)))
    assert list(old.iter(f"{A}entry", f"{AT}deleted-entry")) == []


def test_a_month_has_its_archive_which_leads_to_the_one_before():
    """RFC 5005: a reader that was away for long finds what it missed; tombstones stay there for ever."""
    gone = item(public_id="2026-cd34", status="withdrawn", withdrawn_at=NOW, withdraw_reason="核查有误",
                updated_at=NOW - timedelta(days=3000))  # fmt: skip
    feed = etree.fromstring(atom.of_month("2026-10", [item(), gone], base_url="https://a.example", earlier="2026-08"))
    assert feed.find(f"{{{atom.HISTORY}}}archive") is not None
    links = {link.get("rel"): link.get("href") for link in feed.findall(f"{A}link")}
    assert links["prev-archive"] == "https://a.example/feeds/exposures/2026-08.atom"
    assert links["current"] == "https://a.example/feeds/exposures.atom"
    assert links["self"] == "https://a.example/feeds/exposures/2026-10.atom"
    assert len(list(feed.iter(f"{A}entry"))) == len(list(feed.iter(f"{AT}deleted-entry"))) == 1
    live = etree.fromstring(atom.document([item()], base_url="https://a.example", now=NOW, earlier="2026-10"))
    assert "https://a.example/feeds/exposures/2026-10.atom" in [link.get("href") for link in live.findall(f"{A}link")]


@given(some.text(alphabet=some.characters(exclude_categories=["Cs"])))
def test_no_character_makes_the_feed_unreadable(text):
    """XML has no way to write most control characters; what it can write is kept."""
    (entry,) = parsed(item(title=text, body=text, entity_name=text)).iter(f"{A}entry")
    kept = "".join(each for each in text if each in "\t\n\r" or (each >= " " and each not in "\ufffe\uffff"))
    assert (entry.findtext(f"{A}content") or "").replace("\r", "\n") == kept.replace("\r\n", "\n").replace("\r", "\n")

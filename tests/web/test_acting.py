"""R8, R10: a reporter rates the reply and asks for a review on the page, which does not carry the code."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cases.intake import guessing
from kit import clock
from kit.buckets import Bucket
from kit.tickets import seal, unseal
from tests.told import kept, reply_to
from web import tracking


@pytest.fixture
def replied(client, tracking_code):
    """The code of a report that was replied to today."""
    return reply_to(tracking_code)


def page_of(client, code):
    return client.post("/track", data={"code": code}).text


def hidden(text, kind):
    """The hidden fields of one form of a page."""
    form = next(each for each in re.findall(r"<form.*?</form>", text, flags=re.DOTALL) if f'value="{kind}"' in each)
    return dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]+)">', form))


def act(client, code, kind, /, **said):
    return client.post("/track/acts", data={**hidden(page_of(client, code), kind), **said})


def test_r10_a_reply_is_rated_from_the_page_and_the_last_rating_counts(client, replied):
    first = act(client, replied, "rating", satisfaction="2")
    assert first.status_code == 200
    assert "已收到您的评价" in first.text
    assert "已评价：不满意" in first.text
    assert kept(replied)[:3] == ("replied", 2, False)
    act(client, replied, "rating", satisfaction="5", enough="yes")
    assert kept(replied)[:3] == ("replied", 5, True)


def test_r8_a_review_is_asked_for_once_with_its_reason(client, replied):
    done = act(client, replied, "review_request", text="  通道仍然堵着\r\n没有清理  ")
    assert "已收到您的复核申请" in done.text
    assert kept(replied)[3] == "通道仍然堵着\n没有清理"
    assert kept(replied)[0] == "review_requested"
    assert "申请复核" not in re.sub("已收到您的复核申请", "", done.text)
    assert 'value="rating"' not in done.text


def test_an_act_that_is_sent_twice_is_done_once(client, replied):
    data = {**hidden(page_of(client, replied), "review_request"), "text": "没有清理"}
    answers = [client.post("/track/acts", data=data) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [200, 200]
    assert kept(replied)[4] == 1


def test_whoever_goes_back_and_changes_their_mind_is_heard(client, replied):
    data = hidden(page_of(client, replied), "rating")
    for stars in ("1", "4"):
        assert client.post("/track/acts", data={**data, "satisfaction": stars}).status_code == 200
    assert kept(replied)[1] == 4


def test_the_code_is_nowhere_on_the_page_and_its_ticket_is_for_nobody_to_read(client, replied):
    text = act(client, replied, "rating", satisfaction="3").text
    assert replied not in text
    assert replied.replace("-", "") not in text
    tickets = {hidden(page_of(client, replied), "rating")["ticket"] for _ in range(2)}
    assert len(tickets) == 2  # not even the same for the same code


@pytest.mark.parametrize(
    ("kind", "said", "fault"),
    [
        ("rating", {}, "请先选择您的满意程度"),
        ("rating", {"satisfaction": "6"}, "请先选择您的满意程度"),
        ("rating", {"satisfaction": "0"}, "请先选择您的满意程度"),
        ("rating", {"satisfaction": "x"}, "请先选择您的满意程度"),
        ("review_request", {"text": " \n "}, "请写明为什么不同意"),
        ("review_request", {"text": "堵" * 2001}, "最多 2000 字"),
        ("review_request", {"text": "a\x00b"}, "最多 2000 字"),
        ("review_request", {"text": "x", "act_id": "no-id"}, "情况已经有了变化"),
        ("rating", {"satisfaction": "3", "kind": "made_up"}, "情况已经有了变化"),
    ],
)
def test_what_is_not_understood_is_told_beside_the_form_and_changes_nothing(client, replied, kind, said, fault):
    answer = act(client, replied, kind, **said)
    assert (answer.status_code, answer.headers["cache-control"]) == (422, "no-store")
    assert fault in answer.text
    assert kept(replied) == ("replied", None, False, None, 0)


def test_what_was_written_is_still_there_and_is_text(client, replied):
    answer = act(client, replied, "review_request", text="<b>没改</b>" + "堵" * 2000)
    assert "&lt;b&gt;没改" in answer.text
    assert "<b>没改" not in answer.text


def test_r10_before_a_reply_there_is_nothing_to_rate(client, tracking_code):
    text = page_of(client, tracking_code)
    assert "评价答复</h2>" not in text
    assert "申请复核" not in text
    ticket = seal(tracking.TICKET, tracking_code, until=clock.now() + timedelta(minutes=1))
    forms = {"rating": {"satisfaction": "5"}, "review_request": {"text": "没改"}}
    for kind, said in forms.items():
        answer = client.post("/track/acts", data={"ticket": ticket, "act_id": str(uuid4()), "kind": kind, **said})
        assert answer.status_code == 409
        assert "情况已经有了变化" in answer.text


@pytest.mark.parametrize("ticket", ["", "made-up", "A" * 80, "=" * 9, "é" * 20])
def test_a_ticket_that_is_none_leads_back_to_the_code(client, ticket):
    answer = client.post("/track/acts", data={"ticket": ticket, "kind": "rating", "satisfaction": "5"})
    assert answer.status_code == 403
    assert "请再输入一次查询码" in answer.text


def test_a_page_that_was_left_open_acts_no_longer(client, replied):
    over = seal(tracking.TICKET, replied, until=clock.now() - timedelta(seconds=2))
    answer = client.post("/track/acts", data={"ticket": over, "act_id": str(uuid4()), "kind": "rating"})
    assert answer.status_code == 403
    other = seal("another page", replied, until=clock.now() + timedelta(hours=1))
    assert client.post("/track/acts", data={"ticket": other, "kind": "rating"}).status_code == 403


def test_acting_is_slowed_as_guessing_is(client, monkeypatch):
    monkeypatch.setattr(guessing, "GUESSES", Bucket(f"test-{uuid4()}", burst=1, per_hour=60))
    statuses = [client.post("/track/acts", data={"ticket": "x"}).status_code for _ in range(2)]
    assert statuses == [403, 429]


def test_opening_the_address_again_leads_back_to_the_form(client):
    answer = client.get("/track/acts?ticket=SECRET", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/#track")


@given(st.text(max_size=30), st.integers(1, 10_000))
def test_a_ticket_keeps_its_word_until_its_instant(database_url, word, seconds):
    now = clock.now().replace(microsecond=0)
    ticket = seal("tests", word, until=now + timedelta(seconds=seconds))
    assert unseal("tests", ticket, now=now + timedelta(seconds=seconds)) == word
    assert unseal("tests", ticket, now=now + timedelta(seconds=seconds + 1)) is None
    assert unseal("elsewhere", ticket, now=now) is None
    middle = len(ticket) // 2
    forged = ticket[:middle] + ("A" if ticket[middle] != "A" else "B") + ticket[middle + 1 :]
    assert unseal("tests", forged, now=now) is None

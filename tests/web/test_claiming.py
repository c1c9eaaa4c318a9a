"""C11, F60: a reward is claimed on the page by the second secret, with or without a name, and read again so."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest

from cases.intake import guessing
from kit import clock
from kit.buckets import Bucket
from kit.tickets import seal
from tests.told import offer
from web import tracking

ID_NUMBER = "320582199001011234"


@pytest.fixture
def secret(tracking_code):
    return offer(tracking_code)


def ticket(code):
    return seal(tracking.TICKET, code, until=clock.now() + timedelta(minutes=1))


def claim(client, code, secret, **said):
    data = {"ticket": ticket(code), "claim_secret": secret, "declares": "yes", **said}
    return client.post("/track/claims", data=data)


def vouchers(text):
    return re.findall(r'class="spelled">([^<]+)<', text)


def test_the_page_offers_it_and_whoever_has_both_secrets_gets_the_voucher(client, tracking_code, secret):
    page = client.post("/track", data={"code": tracking_code}).text
    assert "举报奖励：500 元" in page
    assert 'action="/track/claims"' in page
    done = claim(client, tracking_code, f" {secret.lower()} ")
    assert (done.status_code, done.headers["cache-control"]) == (200, "no-store")
    number, code = vouchers(done.text)
    assert re.fullmatch(r"\w{5}-\w{5}", number)
    assert re.fullmatch(r"(\w{4}-){3}\w{4}", code)
    assert "500 元" in done.text
    assert secret not in done.text
    assert tracking_code not in done.text


def test_a_page_without_the_second_secret_never_shows_a_voucher(client, tracking_code, secret):
    shown = vouchers(claim(client, tracking_code, secret).text)
    page = client.post("/track", data={"code": tracking_code}).text
    assert vouchers(page) == []
    assert not any(each in page for each in shown)
    assert "再次查看凭证号和领取码" in page
    assert vouchers(claim(client, tracking_code, secret).text) == shown


@pytest.mark.parametrize(
    ("said", "status", "fault"),
    [
        ({"claim_secret": ""}, 422, "领奖密码不对"),
        ({"claim_secret": "AAAA-BBBB-CCCC-DDDD"}, 422, "领奖密码不对"),
        ({"claim_secret": "密" * 64}, 422, "领奖密码不对"),
        ({"declares": ""}, 422, "请先确认您本人"),
        ({"id_number": "3205 82"}, 422, "证件号码只能是"),
        ({"id_number": "x'; --"}, 422, "证件号码只能是"),
    ],
)
def test_what_is_not_right_is_told_beside_the_form(client, tracking_code, secret, said, status, fault):
    said = dict(said)
    answer = claim(client, tracking_code, said.pop("claim_secret", secret), **said)
    assert (answer.status_code, vouchers(answer.text)) == (status, [])
    assert fault in answer.text
    assert 'id="claim-fault"' in answer.text


def test_the_code_itself_is_no_claim_secret(client, tracking_code, secret):
    assert claim(client, tracking_code, tracking_code).status_code == 422


def test_a_district_that_pays_only_by_name_asks_for_it(client, tracking_code):
    secret = offer(tracking_code, anonymous_payable=False)
    assert "请填写领取人的证件号码" in claim(client, tracking_code, secret).text
    done = claim(client, tracking_code, secret, id_number=f" {ID_NUMBER} ")
    assert len(vouchers(done.text)) == 2
    assert ID_NUMBER not in done.text


def test_without_a_reward_there_is_nothing_to_claim(client, tracking_code):
    page = client.post("/track", data={"code": tracking_code}).text
    assert "/track/claims" not in page
    answer = claim(client, tracking_code, "AAAA-BBBB-CCCC-DDDD")
    assert (answer.status_code, vouchers(answer.text)) == (422, [])


@pytest.mark.parametrize("bad", ["", "made-up", "A" * 80])
def test_a_ticket_that_is_none_leads_back_to_the_code(client, secret, bad):
    assert client.post("/track/claims", data={"ticket": bad, "claim_secret": secret}).status_code == 403


def test_guessing_the_second_secret_is_slowed(client, tracking_code, secret, monkeypatch):
    monkeypatch.setattr(guessing, "GUESSES", Bucket(f"test-{uuid4()}", burst=2, per_hour=60))
    assert [claim(client, tracking_code, "AAAA").status_code for _ in range(3)] == [422, 422, 429]


def test_opening_the_address_again_leads_back_to_the_form(client):
    answer = client.get("/track/claims", follow_redirects=False)
    assert (answer.status_code, answer.headers["location"]) == (303, "/#track")

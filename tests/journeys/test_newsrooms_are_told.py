"""A newsroom has itself told: it proves its address, hears of a withdrawal in time, sees what was sent (E9, T19)."""

import time

import pytest
from sqlalchemy import text
from standardwebhooks.webhooks import Webhook as Verifier
from test_a_newsroom_has_a_key import KEY, newsroom
from test_a_report_reaches_the_feed import a_week_goes_by, dispatched, handled, public_id_of

from kit import clock
from kit.db import OWNER, take_role, unit_of_work
from tests import receivers
from workers import beat

WITHIN_S = 60


class Press:
    """A newsroom at its keyboard, with its key."""

    def __init__(self, client, publisher, name, **changes):
        self.client, self.id = client, newsroom(publisher, name)
        self.key = publisher.post(f"/media-clients/{self.id}/keys", KEY | changes).json()

    def get(self, path=""):
        return self.client.get(f"/open/webhooks{path}", headers=self.headers)

    def post(self, path="", body=None):
        return self.client.post(f"/open/webhooks{path}", json=body or {}, headers=self.headers)

    @property
    def headers(self):
        return {"Authorization": f"Bearer {self.key['key']}"}


@pytest.fixture
def outside(client, tmp_path, monkeypatch):
    with receivers.newsrooms(tmp_path, monkeypatch) as both:
        yield both


@pytest.fixture
def until(work):
    """Let the schedule and the workers go on until something is so; gives the seconds that it took."""

    def _until(happened):
        began = time.monotonic()
        while not happened():
            assert time.monotonic() - began < WITHIN_S, "not in time"
            beat.strike(now=clock.now())
            work()
            time.sleep(0.2)
        return time.monotonic() - began

    return _until


def approved(sign_in, case_id):
    """An exposure that may be published."""
    publisher, lawyer = map(sign_in, ("publisher", "lawyer"))
    draft = {
        "case_id": case_id, "ground": "D", "title": "某处占用消防通道", "body": "检查发现通道被占用。",
        "entity_name": "某物业公司", "own_inspection": True, "basis": "消防法第二十八条", "authority": "望西街道办",
        "phone": "000-0000",
    }  # fmt: skip
    exposure_id = publisher.post("/exposures", draft).json()["id"]
    assert publisher.edit(exposure_id, "submissions").status_code == 201
    ticks = dict.fromkeys(("basis", "accuracy", "privacy", "proportionality"), True)
    assert lawyer.edit(exposure_id, "reviews", ticks).status_code == 201
    a_week_goes_by(case_id)
    return exposure_id


def test_a_withdrawal_reaches_a_newsroom_within_a_minute(client, work, sign_in, outside, until):
    publisher, receiver = sign_in("publisher"), outside[0]
    press = Press(client, publisher, "望澜推送日报")
    made = press.post("", {"url": receiver.url})
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store"), made.text
    assert made.json()["state"] == "proving"
    hook, secret = made.json()["id"], made.json()["secret"]
    until(lambda: press.get(f"/{hook}").json()["state"] == "live")

    _receipt, _report_id, case_id = dispatched(client, work, sign_in("desk"))
    handled(sign_in, case_id)
    exposure_id = approved(sign_in, case_id)
    work()
    assert receiver.kinds == [], "nothing is told before it is public"
    assert publisher.edit(exposure_id, "publications").status_code == 201
    until(lambda: "exposure.published" in receiver.kinds)
    assert publisher.edit(exposure_id, "withdrawals", {"reason": "处罚决定已变更"}).status_code == 201
    took = until(lambda: "exposure.withdrawn" in receiver.kinds)

    assert took < WITHIN_S
    letter = next(each for each in receiver.letters if each.said["type"] == "exposure.withdrawn")
    told = Verifier(secret).verify(letter.body, letter.headers)
    public_id = public_id_of(exposure_id)
    assert told["data"]["uri"] == f"tag:jingzhong,2026:exposure:{public_id}"
    now = client.get(told["data"]["url"].split(":8000")[-1]).json()
    assert (now["status"], now["version"]) == ("withdrawn", told["data"]["version"])
    for each in receiver.letters:
        assert "某物业公司" not in each.body.decode()
        assert "占用消防通道" not in each.body.decode()


def test_what_was_sent_can_be_read_and_sent_again_by_both(client, work, sign_in, outside, until):
    publisher, receiver = sign_in("publisher"), outside[0]
    press = Press(client, publisher, "望澜推送晚报")
    receiver.answers.append(503)
    hook = press.post("", {"url": receiver.url, "kinds": ["exposure.published"]}).json()
    assert hook["kinds"] == ["exposure.published", "exposure.withdrawn", "exposure.expired"]
    until(lambda: press.get(f"/{hook['id']}/deliveries").json()["items"][0]["state"] == "failed")
    assert press.get(f"/{hook['id']}").json()["state"] == "proving"
    (failed,) = press.get(f"/{hook['id']}/deliveries").json()["items"]
    assert (failed["kind"], failed["status"], failed["answer"], failed["tries"]) == (
        "webhook.test", 503, "no room today", 1,
    )  # fmt: skip
    again = press.post(f"/{hook['id']}/deliveries/{failed['id']}/redeliveries")
    assert (again.status_code, again.json()["code"]) == (409, "webhook.state")
    assert press.post(f"/{hook['id']}/tests").status_code == 201
    until(lambda: press.get(f"/{hook['id']}").json()["state"] == "live")
    page = press.get(f"/{hook['id']}/deliveries?limit=1").json()
    older = press.get(f"/{hook['id']}/deliveries?limit=1&after={page['next']}").json()
    assert [older["items"][0]["id"], older["items"][0]["message_id"]] == [failed["id"], failed["message_id"]]

    many = len(receiver.letters)
    assert press.post(f"/{hook['id']}/deliveries/{page['items'][0]['id']}/redeliveries").status_code == 201
    until(lambda: len(receiver.letters) == many + 1)
    office = f"/media-webhooks/{hook['id']}"
    assert publisher.post(f"{office}/deliveries/{failed['id']}/redeliveries").status_code == 201
    until(lambda: len(receiver.letters) == many + 2)
    assert receiver.letters[-1].headers["webhook-id"] == failed["message_id"]
    assert (
        publisher.get(f"{office}/deliveries").json()["items"] == press.get(f"/{hook['id']}/deliveries").json()["items"]
    )
    listed = publisher.get("/media-webhooks")
    assert next(each for each in listed.json()["items"] if each["id"] == hook["id"])["client_id"] == press.id
    assert hook["secret"] not in listed.text + press.get().text


def test_it_is_paused_and_ended_by_whoever_may(client, work, sign_in, outside, until):
    publisher, receiver = sign_in("publisher"), outside[0]
    press = Press(client, publisher, "望澜推送周刊")
    hook = press.post("", {"url": receiver.url}).json()["id"]
    assert press.post("", {"url": receiver.url}).json()["code"] == "webhook.address_taken"
    until(lambda: press.get(f"/{hook}").json()["state"] == "live")
    assert press.post(f"/{hook}/resumptions").json()["code"] == "webhook.state"
    assert press.post(f"/{hook}/pauses").json()["by"] == "newsroom"
    assert press.post(f"/{hook}/resumptions").json()["state"] == "live"
    assert publisher.post(f"/media-webhooks/{hook}/pauses").json()["by"] == "office"
    refused = press.post(f"/{hook}/resumptions")
    assert (refused.status_code, refused.json()["code"]) == (403, "webhook.paused_by_office")
    assert press.post(f"/{hook}/pauses").json()["code"] == "webhook.state"
    assert publisher.post(f"/media-webhooks/{hook}/resumptions").json()["state"] == "live"
    turned = press.post(f"/{hook}/rotations", {"hours": 2}).json()
    assert turned["secret"].startswith("whsec_")
    assert turned["old_secret_until"] is not None
    assert press.post(f"/{hook}/endings").json()["state"] == "ended"
    for noun in ("tests", "rotations", "pauses", "resumptions", "endings"):
        assert press.post(f"/{hook}/{noun}").json()["code"] == "webhook.state", noun
    made = [press.post("", {"url": f"{receiver.url}{number}"}) for number in range(6)]
    assert [each.status_code for each in made] == [201] * 5 + [409]
    assert made[-1].json()["code"] == "webhook.too_many"


def test_a_newsroom_sees_its_own_and_nothing_else(client, work, sign_in, outside):
    publisher = sign_in("publisher")
    one, other = (Press(client, publisher, name) for name in ("望澜推送甲", "望澜推送乙"))
    hook = one.post("", {"url": outside[0].url}).json()["id"]
    assert other.get().json() == {"items": []}
    for answer in (other.get(f"/{hook}"), other.get(f"/{hook}/deliveries"), other.post(f"/{hook}/endings")):
        assert (answer.status_code, answer.json()["code"]) == (404, "webhook.unknown")
    assert other.post("", {"url": outside[0].url}).status_code == 201, "an address of two is told to neither"
    sender = Press(client, publisher, "望澜推送丙", scopes=["reports:send"])
    assert (sender.get().status_code, sender.get().json()["code"]) == (403, "media.scope")
    assert client.post("/open/webhooks", json={"url": "x"}).json()["code"] == "media.key_wanted"
    # What the application forgot to ask, the database asks.
    with unit_of_work("jz_api") as session:
        take_role(session, "jz_newsroom", {"client": other.id})
        seen = [session.scalars(text(f"select distinct client_id::text from handling.{table}")).all()  # noqa: S608
                for table in ("webhook", "webhook_delivery")]  # fmt: skip
        assert seen == [[other.id], [other.id]]
        for table in ("media_key", "media_client", '"case"', "account"):
            with pytest.raises(Exception, match="permission denied"), session.begin_nested():
                session.execute(text(f"select id from handling.{table}"))  # noqa: S608
    with unit_of_work(OWNER) as session:
        assert session.scalar(text("select count(*) from handling.webhook")) == 2


@pytest.mark.parametrize(
    "url", ["http://news.example.cn/", "https://10.0.0.1/", "https://169.254.169.254/x", "https://u:p@news.example.cn/"]
)
def test_an_address_that_leads_inside_is_refused(client, sign_in, built, url):
    press = Press(client, sign_in("publisher"), f"望澜推送{url}")
    refused = press.post("", {"url": url})
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook.address")
    assert refused.json()["errors"][0]["pointer"] == "/url"

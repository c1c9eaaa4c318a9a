"""M74, M115 over HTTP: an officer enters an address, is urged by mail and in the group, reads it, and that is seen."""

import pytest
import world
from test_denied_and_looked_at_again import begun, done

from tests.receivers import reachable

ADDRESS = "leader@example.gov.cn"


@pytest.fixture
def outside(client, tmp_path, monkeypatch):
    """A mail server and a robot that this installation speaks to."""
    with reachable(tmp_path, monkeypatch) as servers:
        yield servers


def test_an_urge_order_goes_out_is_read_and_the_safety_office_sees_both(client, work, sign_in, outside):
    box, robot = outside
    case_id = begun(client, work, sign_in)
    safety, leader, clerk = map(sign_in, ("safety", "leader", "clerk"))
    town = leader.me["org_id"]
    done(leader.post("/mail-addresses", {"address": ADDRESS}))
    done(safety.post("/group-bots", {"org_id": town, "kind": "wecom", "url": robot.url}))
    urge = {"case_id": case_id, "level": "urge_order", "org_id": town, "text": "请立即核查\n并回复"}
    order = done(safety.post("/urge-orders", urge))
    work()
    assert box.to == [ADDRESS]
    assert order["number"] in box.mails[0].get_content()
    assert [order["number"] in text for text in robot.texts] == [True]

    def receipt(who):
        mine = {"kind": "urge_order", "account_id": leader.me["account_id"]}
        items = who.get(f"/cases/{case_id}/notices").json()["items"]
        [told] = [each for each in items if mine.items() <= each.items()]
        return told

    told = receipt(safety)
    assert told["read_at"] is None
    assert [each["channel"] for each in told["sent"] if each["sent_at"]] == ["email"]
    assert told["id"] in [each["id"] for each in leader.get("/notices").json()["items"]]
    assert told["id"] not in [each["id"] for each in clerk.get("/notices").json()["items"]]
    assert clerk.post(f"/notices/{told['id']}/reading").json() == {"first": False}
    assert receipt(safety)["read_at"] is None
    assert [leader.post(f"/notices/{told['id']}/reading").json()["first"] for _ in range(2)] == [True, False]
    read = receipt(safety)
    assert (read["read_by"], read["read_at"] >= read["told_at"]) == (leader.me["account_id"], True)
    assert told["id"] not in [each["id"] for each in leader.get("/notices").json()["items"]]
    assert receipt(leader)["sent"] == []  # how it went out is the district's business
    assert sign_in("east-clerk").get(f"/cases/{case_id}/notices").status_code == 404


def test_what_does_not_get_out_stands_on_the_districts_list(client, work, sign_in, outside):
    box, _ = outside
    case_id = begun(client, work, sign_in)
    safety, leader = map(sign_in, ("safety", "leader"))
    done(leader.post("/mail-addresses", {"address": "leader@gone.example"}))
    urge = {"case_id": case_id, "level": "reminder", "org_id": leader.me["org_id"], "text": "请核查"}
    done(safety.post("/urge-orders", urge))
    with pytest.raises(AssertionError, match="MailNotTaken"):
        work()
    [row] = safety.get("/deliveries").json()["items"]
    assert (row["channel"], row["tries"], row["failure"]) == ("email", 1, "mail.not_taken: SMTPRecipientsRefused")
    assert row["account_id"] == leader.me["account_id"]
    assert safety.get("/deliveries?state=sent").json()["items"] == []
    assert leader.get("/deliveries").status_code == 403
    assert sign_in("desk").get("/deliveries").status_code == 403
    assert safety.get("/deliveries?state=anything").status_code == 422
    assert box.mails == []


@pytest.mark.parametrize(
    "url", ["http://localhost/", "https://169.254.169.254/latest", "https://localhost:6379/", "https://user@localhost/"]
)
def test_a_robot_elsewhere_is_refused_when_it_is_entered(client, sign_in, outside, url):
    safety = sign_in("safety")
    refused = safety.post("/group-bots", {"org_id": safety.me["org_id"], "kind": "wecom", "url": url})
    assert (refused.status_code, refused.json()["code"]) == (422, "webhook.host_not_allowed")


@pytest.mark.parametrize(
    "address",
    ["", "a@b", "王 <a@example.cn>", "a@example.cn, b@example.cn", "a@example.cn\nBcc: b@example.cn", "@x.cn"],
)
def test_an_address_that_is_not_one_plain_address_is_refused(client, sign_in, address):
    assert sign_in("clerk").post("/mail-addresses", {"address": address}).status_code == 422


def test_only_the_district_enters_robots(client, sign_in, outside):
    leader = sign_in("leader")
    body = {"org_id": leader.me["org_id"], "kind": "wecom", "url": outside[1].url}
    assert leader.post("/group-bots", body).status_code == 403
    assert world.PEOPLE["leader"][0] == "west"

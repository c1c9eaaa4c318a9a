"""M09, M57 over HTTP: whoever handles a case tells those who are on no platform, and it stands in the case."""

import pytest
from test_a_report_reaches_the_feed import dispatched
from test_denied_and_looked_at_again import done

HOW = {"kind": "owner", "how": "电话告知产权单位值班室，已派员"}


@pytest.fixture
def signed(client, work, sign_in):
    """A sunken road that the town has signed for."""
    _, _, case_id = dispatched(client, work, sign_in("desk"), category="PUB-01")
    person = sign_in("officer").me["account_id"]
    done(sign_in("clerk").act(case_id, "signatures", {"person_id": person}))
    return case_id


def test_a_party_is_told_and_everybody_who_sees_the_case_reads_so(sign_in, signed):
    officer = sign_in("officer")
    assert [each["kind"] for each in officer.get(f"/cases/{signed}/parties").json()["items"]] == ["power", "owner"]
    told = done(officer.act(signed, "parties", HOW))
    assert (told["party"]["zh"], told["party"]["told"][0]["how"]) == ("权属单位", HOW["how"])
    (owner,) = [each for each in sign_in("safety").get(f"/cases/{signed}/parties").json()["items"] if each["told"]]
    assert owner["kind"] == "owner"


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"kind": "town", "how": "x"}, 409, "party.not_one"),
        ({"kind": "owner", "how": ""}, 422, "body.invalid"),
        ({"kind": "owner", "how": "\x00"}, 422, "body.invalid"),
        ({"kind": "owner"}, 422, "body.invalid"),
    ],
)
def test_what_is_not_understood_is_refused(sign_in, signed, body, status, code):
    answer = sign_in("officer").act(signed, "parties", body)
    assert (answer.status_code, answer.json()["code"]) == (status, code)


def test_m11_a_stranger_finds_no_case(sign_in, signed):
    stranger = sign_in("east-clerk")
    assert stranger.get(f"/cases/{signed}/parties").status_code == 404
    assert stranger.post(f"/cases/{signed}/parties", HOW, seen=1).status_code == 404
    assert sign_in("safety").act(signed, "parties", HOW).status_code == 403

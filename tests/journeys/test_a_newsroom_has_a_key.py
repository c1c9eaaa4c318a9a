"""A newsroom pulls by key: told once, two at a time, good for a year at most, shut out at once (X49)."""

import world
from sqlalchemy import text

from kit.db import OWNER, unit_of_work

KEY = {"scopes": ["exposures:read", "embargo:read"], "days": 30}


def own(client, key):
    return client.get("/open/key", headers={"Authorization": f"Bearer {key}"})


def newsroom(publisher, name):
    made = publisher.post("/media-clients", {"name": name, "contact": "总编室 0000-1111"})
    assert made.status_code == 201, made.text
    return made.json()["id"]


def test_a_key_says_what_it_opens_and_is_told_once(client, sign_in):
    publisher = sign_in("publisher")
    press = newsroom(publisher, "望澜日报")
    assert publisher.post("/media-clients", {"name": "望澜日报", "contact": "x"}).json()["code"] == "media.name_taken"
    issued = publisher.post(f"/media-clients/{press}/keys", KEY)
    assert (issued.status_code, issued.headers["cache-control"]) == (201, "no-store")
    key = issued.json()["key"]
    assert key.startswith(f"mk_{issued.json()['id']}_")
    told = own(client, key)
    assert told.status_code == 200, told.text
    assert told.json()["scopes"] == ["embargo:read", "exposures:read"]
    listed = publisher.get("/media-clients")
    assert key.split("_")[2] not in listed.text
    (shown,) = next(each for each in listed.json()["items"] if each["id"] == press)["keys"]
    assert shown["used_on"] is not None
    with unit_of_work(OWNER) as session:
        assert key.split("_")[2].encode() not in bytes(
            session.scalars(
                text("select secret_hash from handling.media_key where id = :id"), {"id": shown["id"]}
            ).one()
        )


def test_two_keys_overlap_in_a_rotation_and_no_third_comes(client, sign_in):
    publisher = sign_in("publisher")
    press = newsroom(publisher, "望澜晚报")
    first = publisher.post(f"/media-clients/{press}/keys", KEY).json()
    second = publisher.post(f"/media-keys/{first['id']}/rotations", {"days": 3})
    assert second.status_code == 201, second.text
    assert own(client, first["key"]).status_code == own(client, second.json()["key"]).status_code == 200
    assert own(client, first["key"]).json()["expires_at"] < own(client, second.json()["key"]).json()["expires_at"]
    assert publisher.post(f"/media-clients/{press}/keys", KEY).json()["code"] == "media.two_keys"
    with unit_of_work(OWNER) as session:  # three days later
        session.execute(
            text("update handling.media_key set made_at = made_at - interval '4 days', "
                 "expires_at = expires_at - interval '4 days' where id = :id"), {"id": first["id"]},
        )  # fmt: skip
    assert own(client, first["key"]).status_code == 401
    assert publisher.post(f"/media-clients/{press}/keys", KEY).status_code == 201


def test_a_revoked_key_opens_nothing_from_the_next_request_on(client, sign_in):
    publisher = sign_in("publisher")
    press = newsroom(publisher, "望澜电视台")
    issued = publisher.post(f"/media-clients/{press}/keys", KEY).json()
    assert own(client, issued["key"]).status_code == 200
    assert publisher.post(f"/media-keys/{issued['id']}/revocations").status_code == 201
    refused = own(client, issued["key"])
    assert (refused.status_code, refused.json()["code"]) == (401, "media.key_wanted")
    assert publisher.post(f"/media-keys/{issued['id']}/revocations").status_code == 404


def test_what_is_no_key_is_refused_alike(client, sign_in):
    publisher = sign_in("publisher")
    press = newsroom(publisher, "望澜广播")
    key = publisher.post(f"/media-clients/{press}/keys", KEY).json()["key"]
    wrong = [key[:-1], key[:-1] + "!", key.upper(), "mk_00000000_x", "mk__", "x", "mk_" + "a" * 5000, publisher.token]
    assert {own(client, each).status_code for each in wrong} == {401}
    assert client.get("/open/key").status_code == 401
    # No account is behind it: the officers' side does not know it (X49).
    assert world.Officer(client, key).get("/me").status_code == 401
    assert publisher.post(f"/media-clients/{press}/keys", {"scopes": ["cases:read"]}).status_code == 422
    assert publisher.post(f"/media-clients/{press}/keys", KEY | {"days": 366}).status_code == 422

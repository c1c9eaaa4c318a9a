"""What is sealed for a browser is what RFC 8291 says it is, and our name on it is one that a service can check."""

import base64
import json
from datetime import UTC, datetime

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256

from kit import web_push
from kit.web_push import BadTarget, Target

NOW = datetime(2026, 11, 24, 2, tzinfo=UTC)
# RFC 8291, appendix A.
THEIRS = "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4"
AUTH = "BTBZMqHH6r4Tts7J_aSIgg"
OWN = "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"
SALT = "DGv6ra1nlYgDCS1FRnbzlw"
SEALED = (
    "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
    "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
)
BROWSER = Target("https://push.example.com/send/1", THEIRS, AUTH)


def read(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_the_standard_comes_out_to_the_letter():
    own = ec.derive_private_key(int.from_bytes(read(OWN), "big"), ec.SECP256R1())

    sealed = web_push.sealed(b"When I grow up, I want to be a watermelon", BROWSER, own=own, salt=read(SALT))

    assert sealed == read(SEALED)


@pytest.mark.parametrize("wrong", [
    Target("http://push.example.com/1", THEIRS, AUTH), Target("https://127.0.0.1/1", THEIRS, AUTH),
    Target("https://push.example.com:25/1", THEIRS, AUTH), Target(BROWSER.endpoint, THEIRS[:-4], AUTH),
    Target(BROWSER.endpoint, "B" + "A" * 86, AUTH), Target(BROWSER.endpoint, THEIRS, AUTH[:-2]),
    Target(BROWSER.endpoint, THEIRS, "é"),
])  # fmt: skip
def test_what_is_no_browser_is_refused(wrong, database_url):
    BROWSER.check()
    with pytest.raises(BadTarget):
        wrong.check()


def test_a_service_can_check_who_sends_and_that_it_was_meant(database_url):
    signed, _, signature = web_push._token(BROWSER.endpoint, NOW).rpartition(".")
    head, claims = (json.loads(read(part)) for part in signed.split("."))
    key = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), read(web_push.own_public_key()))
    raw = read(signature)
    numbers = int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big")

    key.verify(encode_dss_signature(*numbers), signed.encode(), ec.ECDSA(SHA256()))
    assert head == {"typ": "JWT", "alg": "ES256"}
    assert claims["aud"] == "https://push.example.com"
    assert 0 < claims["exp"] - NOW.timestamp() <= 24 * 3600

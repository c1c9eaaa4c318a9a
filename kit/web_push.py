"""Web Push: a message sealed for one browser (RFC 8291), handed to the service of its maker under our own name (VAPID).

The address comes from a stranger, so it is called as the addresses of newsrooms are (kit/outward.py). That service
learns that something was sent, and to which of its browsers; what it says only the browser can read.
"""

import base64
import json
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from kit import outward
from kit.errors import Invalid, Unavailable
from kit.secrets import derived
from kit.settings import settings

CURVE = ec.SECP256R1()
ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551
RECORD = 4096
AUTH_BYTES = 16
GONE = (404, 410)
TAKEN = range(200, 300)
GOOD_FOR = timedelta(hours=12)


class BadTarget(Invalid):
    """This is no address of a browser, or these are no keys of one."""

    code = "push.address"
    message = "This is not a subscription of a browser."
    pointer = "/endpoint"


class NotTaken(Unavailable):
    """The service of the browser's maker is away, or did not take it; it may later."""


class Gone(Exception):
    """The browser has ended this subscription."""


@dataclass(frozen=True)
class Target:
    """A subscription as `PushSubscription.toJSON()` gives it; keys in base64url."""

    endpoint: str
    p256dh: str
    auth: str

    def check(self) -> None:
        """Raises BadTarget where nothing can be sealed for it, or nobody may call there."""
        try:
            outward.check(self.endpoint)
            self.public_key()
            fits = len(_bytes(self.auth)) == AUTH_BYTES
        except (outward.BadAddress, ValueError) as wrong:
            raise BadTarget from wrong
        if not fits:
            raise BadTarget

    def public_key(self) -> ec.EllipticCurvePublicKey:
        """The browser's key. ValueError where it is none."""
        return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, _bytes(self.p256dh))


def own_public_key() -> str:
    """What a browser is told as `applicationServerKey`."""
    return _text(_point(_own_key().public_key()))


def send(target: Target, message: bytes, *, keep_s: int, now: datetime) -> None:
    """Hand it over, to be kept for a browser that is away for so long. Raises Gone, NotTaken."""
    body = sealed(message, target, own=ec.generate_private_key(CURVE), salt=secrets.token_bytes(16))
    headers = {
        "Authorization": f"vapid t={_token(target.endpoint, now)}, k={own_public_key()}",
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(keep_s),
        "Topic": "news",  # one that is still kept there is replaced by the next
        "Urgency": "normal",
    }
    try:
        status = outward.post(target.endpoint, body, headers).status
    except (outward.BadAddress, outward.NotReached) as failure:
        raise NotTaken(str(failure)) from failure
    if status in GONE:
        raise Gone
    if status not in TAKEN:
        raise NotTaken(f"status {status}")


def sealed(message: bytes, target: Target, *, own: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """The body of one push: header and one record of `aes128gcm` (RFC 8188), with keys as RFC 8291 agrees them."""
    theirs, mine = target.public_key(), _point(own.public_key())
    info = b"WebPush: info\0" + _point(theirs) + mine
    agreed = _drawn(own.exchange(ec.ECDH(), theirs), salt=_bytes(target.auth), info=info, length=32)
    key = _drawn(agreed, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _drawn(agreed, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + RECORD.to_bytes(4, "big") + len(mine).to_bytes(1, "big") + mine
    return header + AESGCM(key).encrypt(nonce, message + b"\x02", None)


def _token(endpoint: str, now: datetime) -> str:
    """Who sends, and to which service, signed for some hours (RFC 8292)."""
    parts = urlsplit(endpoint)
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int((now + GOOD_FOR).timestamp())}
    if settings().base_url.startswith("https://"):
        claims["sub"] = settings().base_url
    signed = ".".join(_text(json.dumps(each).encode()) for each in ({"typ": "JWT", "alg": "ES256"}, claims))
    r, s = decode_dss_signature(_own_key().sign(signed.encode(), ec.ECDSA(SHA256())))
    return f"{signed}.{_text(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _own_key() -> ec.EllipticCurvePrivateKey:
    """The installation's own, the same as long as its secret: subscriptions are bound to it."""
    return ec.derive_private_key(int.from_bytes(derived("web push"), "big") % (ORDER - 1) + 1, CURVE)


def _drawn(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(SHA256(), length, salt, info).derive(secret)


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _text(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))

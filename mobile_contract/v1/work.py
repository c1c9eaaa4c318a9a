"""Some work of the phone (ALTCHA, PBKDF2), by which a report of a busy sender goes on without waiting for a person."""

from typing import Annotated, Any
from uuid import UUID

from pydantic import Field, StringConstraints

from mobile_contract.v1.base import Incoming, Outgoing


class WorkParameters(Outgoing):
    """What is to be found: a counter with which the derived key begins with `keyPrefix`. ALTCHA's own names."""

    algorithm: str
    """`PBKDF2/SHA-256`."""
    nonce: str
    """16 bytes in hexadecimal; with the counter, as a big-endian uint32 after it, the password."""
    salt: str
    """16 bytes in hexadecimal."""
    cost: int
    """Iterations."""
    keyLength: int  # noqa: N815 - ALTCHA's name
    """Bytes of the derived key."""
    keyPrefix: str  # noqa: N815
    """In hexadecimal."""
    expiresAt: int  # noqa: N815
    """Unix seconds; what comes later is `work.expired`."""
    data: dict[str, Any]
    """`report`: the id of the report that it is good for, and for no other."""


class WorkWanted(Outgoing):
    """A challenge of ALTCHA (version 2), as its libraries take it."""

    parameters: WorkParameters
    signature: str


class WorkIn(Incoming):
    """The solved challenge, as `toBase64` of ALTCHA's libraries gives it."""

    report_id: UUID
    """The id of the report that came with the challenge."""
    payload: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9+/]+={0,2}$", max_length=2000), Field(min_length=16)]
    """Base64 of the JSON `{"challenge": …, "solution": {"counter": …, "derivedKey": "…"}}`."""


class WorkReceipt(Outgoing):
    """The report goes on as any other."""

    report_id: UUID
    replay: bool
    """True when the work had been done before, or nobody waits for it any more."""

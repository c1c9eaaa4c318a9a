"""What a reporter sends to be paid a reward, and the voucher it gets. Both secrets of the report open it (C11)."""

from typing import Annotated

from pydantic import Field, StringConstraints

from mobile_contract.v1.base import Flag, Incoming, Outgoing, TypedCode

IdNumber = Annotated[str, StringConstraints(min_length=6, max_length=30, pattern="^[0-9A-Za-z]+$")]


class ClaimIn(Incoming):
    """The claim. A retry gets the same vouchers."""

    tracking_code: TypedCode
    claim_secret: TypedCode
    """The second secret of the receipt."""
    declares_no_duty: Flag
    """True: neither the reporter nor a close relative has a duty of supervising safety here, and nobody stands in for
    such a person."""
    id_number: IdNumber | None = None
    """The number of the identity document of whoever collects. Left out by whoever stays anonymous: then the codes of
    the vouchers are all that is asked for. It is not kept. A keyed mark of it is, against which the counter compares
    the document, and by which the cap of a month for one person goes."""


class Voucher(Outgoing):
    """What is brought to the counter."""

    number: str
    collection_code: str
    """Secret, grouped XXXX-XXXX-XXXX-XXXX. Whoever says it is paid."""
    amount_yuan: Annotated[int, Field(ge=0)]


class ClaimReceipt(Outgoing):
    """The vouchers of a reward: 201 the first time, 200 on every replay."""

    reference: str
    vouchers: list[Voucher]
    where: str
    """Where they are paid, in words."""
    replay: bool

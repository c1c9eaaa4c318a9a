"""Sending notices out: one job finds the ways that a receiver has, then each way has a job and its tries of its own."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from cases import trail
from cases.journey import Step
from cases.models.case import Notice
from cases.models.supervision import Delivery
from workers.channels import CHANNELS, OF_A_GROUP, Message


def send_notice(session: Session, *, notice: int, group: bool, now: datetime) -> None:
    """Make a delivery for each way that the notice's receiver has, once for each (`group`: the robot's as well)."""
    told = session.get_one(Notice, notice)
    for name, channel in CHANNELS.items():
        if (name in OF_A_GROUP and not group) or channel.address(session, told) is None:
            continue
        row = {"notice_id": told.id, "channel": name, "created_at": now}
        new = insert(Delivery).values(row).on_conflict_do_nothing().returning(Delivery.id)
        for delivery_id in session.scalars(new):
            trail.enqueue(session, Step.DELIVER, delivery_id, now=now)


def deliver(session: Session, delivery_id: UUID, *, now: datetime) -> None:
    """Send one delivery, unless that was done; raises what the way raises, and the job is tried again.

    Where the receiver has left the way meanwhile, nothing is sent and the row says so.
    """
    delivery = session.get_one(Delivery, delivery_id, with_for_update=True)
    if delivery.sent_at is not None or delivery.dropped_at is not None:
        return
    notice = session.get_one(Notice, delivery.notice_id)
    channel = CHANNELS[delivery.channel]
    address = channel.address(session, notice)
    if address is None:
        delivery.dropped_at = now
        return
    channel.send(address, Message(notice.text, delivery.id.hex))
    delivery.sent_at = now

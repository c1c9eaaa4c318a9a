"""A citizen's photo that is stored and sealed joins its report, or is given back: by whichever door it came."""

from datetime import datetime

from api.uploads import kept_or_gone, let_go
from cases import intake
from cases.intake import Known, SealedFile, Upload
from kit.lanes import Lanes
from kit.storage import Stored
from people.vault import SealingKey


async def attach(
    lanes: Lanes,
    upload: Upload,
    stored: Stored,
    data_key: bytes,
    sealing: SealingKey,
    *,
    known: Known | None = None,
    now: datetime,
) -> Known:
    """Note a durable file as this photo; it is deleted where that is refused, or where a rival was first.

    `known` is what was looked up before its bytes came, if it was. Raises as `intake.looked_up`.
    """
    async with kept_or_gone(stored):
        if known is None:
            known = intake.looked_up(upload, await lanes.row(intake.KNOWN, intake.asked(upload)))
        file = SealedFile(stored.key, data_key, sealing, stored.bytes)
        photo = await intake.attach(lanes, upload, known, file, now=now)
    if photo.key != stored.key:
        await let_go(stored)
    return photo

"""A photo joins its report, whichever came first: promised, late, twice, or waiting up to seven days."""

import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

from psycopg.errors import UniqueViolation

from cases.journey import FOLLOW_UPS, Kind
from cases.lifecycle.machine import NotInState
from cases.models.report import SEALED
from kit.errors import Invalid, TooMany
from kit.lanes import Connection, Lanes, row_of
from people import vault
from people.actors import CITIZEN
from people.vault import SealingKey

MOST_WAITING_PER_REPORT = 9
HERE = ("waiting", "stored", "clean", "rejected")


class NotInManifest(Invalid):
    """The report is here and does not name this photo."""

    code = "photo.not_in_manifest"
    message = "The report does not name this photo."
    pointer = "/photo_id"


class PhotoIdReused(Invalid):
    """This id was announced or sent with other content."""

    code = "photo.id_reused"
    message = "This id belongs to another photo."
    pointer = "/photo_id"


class Quota(TooMany):
    """Too many photos wait for a report that has not come."""

    code = "photo.quota"
    message = "Too many photos wait for this report; send the report first."
    retryable = True


class Withdrawn(NotInState):
    """The report was withdrawn; nothing more is taken for it."""

    code = "report.withdrawn"
    message = "This report was withdrawn."


@dataclass(frozen=True)
class Upload:
    """A photo by its client's ids, with the hash that was announced, lower-case hex."""

    report_client_id: UUID
    photo_client_id: UUID
    sha256: str


@dataclass(frozen=True)
class SealedFile:
    """A durable file: where it lies, the key that opens it, the vault's to seal that, and how long its content is."""

    key: str
    data_key: bytes
    sealing: SealingKey
    bytes: int


class Known(NamedTuple):
    """What is known of a photo by its ids, and of its report; the key is that of its file."""

    id: UUID | None
    state: str | None
    sha256: bytes | None
    bytes: int | None
    key: str | None
    report: UUID | None
    report_state: str | None
    waiting: int

    @property
    def is_here(self) -> bool:
        """Whether its file is stored."""
        return self.state in HERE


def _looked_up(lock: str) -> str:
    return f"""
with report as materialized (select id, state from intake.report where client_id = %(report_id)s {lock}),
photo as materialized (
    select id, state, sha256, bytes, storage_key from intake.photo
    where report_client_id = %(report_id)s and client_id = %(photo_id)s
      and (select count(*) from report) < 2  -- always so; it has the report locked before its photo
    {lock})
select photo.*, report.id, report.state,
       (select count(*) from intake.photo where report_client_id = %(report_id)s)
from (select) as one left join report on true left join photo on true
"""  # noqa: S608 - put together from our own constants only


# Asked for each photo, and mostly for nothing: so it is one statement (Lanes.row), and not three of a session.
KNOWN: Final = _looked_up("")
_LOCKED: Final = _looked_up("for update")
_FOLLOW_UPS: Final = ", ".join(f"('{step}')" for step in FOLLOW_UPS[Kind.PHOTO_STORED])
# The photo, its envelope, its entry on the trail of its report and its job. Nothing is done, and found, where what was
# known has changed since it was looked up.
_NOTE: Final = f"""
with report as materialized (select id, state from intake.report where client_id = %(report_id)s for update),
noted as (
    insert into intake.photo as known (
        id, report_client_id, client_id, sha256, bytes, named, state, storage_key, stored_at)
    select %(id)s, %(report_id)s, %(photo_id)s, %(sha256)s, %(bytes)s, false, 'waiting', %(key)s, %(now)s
    from (select) as one left join report on true
    where report.id is not distinct from %(report)s and report.state is distinct from 'withdrawn'
      and (%(state)s::text is not null or report.id is not null or (  -- one that is not known yet, for no report
          select count(*) from intake.photo where report_client_id = %(report_id)s) < {MOST_WAITING_PER_REPORT})
    on conflict (report_client_id, client_id) do update
        set storage_key = excluded.storage_key, stored_at = excluded.stored_at, bytes = excluded.bytes,
            sealed_sha256 = null,
            state = case when known.named then 'stored' else 'waiting' end
        where known.state = %(state)s and known.sha256 = excluded.sha256
    returning id, state
), envelope as (
    insert into vault.original (storage_key, photo_id, key_id, alg, envelope, created_on)
    select %(key)s, id, %(key_id)s, {vault.HPKE_X25519}, %(envelope)s, %(now)s::date from noted
), for_the_worker as (
    insert into intake.photo_key (storage_key, wrapped) select %(key)s, %(wrapped)s from noted
), trail as (
    insert into intake.report_event (report_id, seq, kind, at, actor, body)
    select %(report)s, (select coalesce(max(seq), 0) + 1 from intake.report_event where report_id = %(report)s),
           '{Kind.PHOTO_STORED}', %(now)s, '{CITIZEN.label}', json_build_object('photo', id)
    from noted where %(report)s is not null
), jobs as (
    insert into handling.job (step, subject, created_at, run_after)
    select step, id, %(now)s, %(now)s from noted, (values {_FOLLOW_UPS}) as follow(step) where %(report)s is not null
)
select state from noted
"""  # noqa: S608 - likewise


def asked(upload: Upload) -> dict[str, UUID]:
    """The values of `KNOWN`."""
    return {"report_id": upload.report_client_id, "photo_id": upload.photo_client_id}


def looked_up(upload: Upload, row: Sequence[Any] | None) -> Known:
    """What is known of a photo, from the row that `KNOWN` found. Raises what stands against taking it."""
    known = Known._make(row or (None, None, None, None, None, None, None, 0))
    if known.sha256 is not None and known.sha256.hex() != upload.sha256:
        raise PhotoIdReused
    if known.is_here:
        return known
    if known.report_state == "withdrawn":
        raise Withdrawn
    if known.state is None and known.report_state is not None:
        raise NotInManifest
    if known.state is None and known.waiting >= MOST_WAITING_PER_REPORT:
        raise Quota
    return known


def already_stored(photo: Known) -> str:
    """The state a phone is told of a stored photo: `waiting` or `stored`."""
    return "waiting" if photo.state == "waiting" else "stored"


def new_sealed_key() -> str:
    """A storage key of our own making for a file that is sealed; it says nothing of it."""
    return _under(SEALED)


async def attach(lanes: Lanes, upload: Upload, known: Known, file: SealedFile, *, now: datetime) -> Known:
    """Note a durable file as this photo. A rival that was first wins: what it noted is given back.

    `known` is what was looked up before its bytes came. Nearly always it still holds, and one statement does it all.
    Raises as `looked_up`, since much may have happened meanwhile.
    """
    if known.is_here:
        return known
    with suppress(UniqueViolation):  # another photo came onto the trail of the report in the same moment
        noted = await _noted(lanes.row, upload, known, file, now)
        if noted is not None:
            return noted
    async with lanes.transaction() as connection:
        return await attach_locked(connection, upload, file, now=now)


async def attach_locked(connection: Connection, upload: Upload, file: SealedFile, *, now: datetime) -> Known:
    """The same in a transaction, looking anew with the report and the photo locked."""
    row = partial(row_of, connection)
    while True:
        known = looked_up(upload, await row(_LOCKED, asked(upload)))
        if known.is_here:
            return known
        noted = await _noted(row, upload, known, file, now)
        if noted is not None:
            return noted


async def _noted(
    row: Callable[[str, Mapping[str, Any]], Awaitable[Sequence[Any] | None]], upload: Upload, known: Known,
    file: SealedFile, now: datetime,
) -> Known | None:  # fmt: skip
    """Write it down. Its envelope is bound to the photo's id, which is ours to choose where there is none."""
    photo_id = known.id or uuid4()
    values: dict[str, Any] = {
        **asked(upload), "id": photo_id, "sha256": bytes.fromhex(upload.sha256), "bytes": file.bytes, "key": file.key,
        "state": known.state, "report": known.report, "key_id": file.sealing.id, "now": now,
        "envelope": vault.seal_data_key(file.sealing, photo_id, file.key, file.data_key),
        "wrapped": vault.keep_for_worker(file.key, file.data_key),
    }  # fmt: skip
    noted = await row(_NOTE, values)
    if noted is None:
        return None
    return known._replace(state=noted[0], sha256=values["sha256"], bytes=file.bytes, key=file.key)


def _under(folder: str) -> str:
    token = secrets.token_hex(16)
    return f"{folder}{token[:2]}/{token}"

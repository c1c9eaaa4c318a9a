"""The hot path: many reports stored, placed, put on their trails and handed to triage in one prepared statement.

The statement cannot fail for one row: everything the database would refuse was refused before. A repeated id inserts
nothing, and is then answered from what is stored.
"""

from collections.abc import Sequence
from typing import Any, Final, NamedTuple
from uuid import UUID, uuid4

import orjson

from cases.intake import receipt
from cases.intake.codes import mark_of_code, reference, tracking_code
from cases.intake.rules import Rules
from cases.intake.submission import IdReused, Origin, Received, Submission
from cases.intake.work import WAITING
from cases.journey import FOLLOW_UPS, Kind
from cases.models.report import UNPROVEN
from geo.boundaries import winner_sql
from geo.datums import Datum, to_wgs84
from kit.batch import Connection
from people import vault

_FOLLOW_UPS: Final = ", ".join(f"('{step}')" for step in FOLLOW_UPS[Kind.RECEIVED])
_STORE: Final = f"""
with sent as materialized (
    select * from json_to_recordset(%(rows)s::json) as r(
        id uuid, client_id uuid, body_hash text, reference text, tracking_mark text, channel text, commit text,
        received_at timestamptz, observed_at timestamptz, category_code text, text text, address text, emergency text,
        deaths boolean, raw_lon float8, raw_lat float8, crs text, accuracy_m float8, method text, fix_at timestamptz,
        lon float8, lat float8, notice_version text, client text, locale text, urgency text, profile_id int,
        review_due_at timestamptz, sent_from text, lane text, photos json, envelope text, key_id int, alg int,
        origin json, sent_by uuid, notice_code text)
), stored as (
    insert into intake.report (
        id, client_id, body_hash, reference, tracking_mark, channel, received_at, observed_at, category_code, text,
        address, emergency, deaths, raw_lon, raw_lat, crs, accuracy_m, method, fix_at, point, unit_id, edition_id,
        notice_version, client, locale, urgency, profile_id, review_due_at, sent_from, waits_for, photos_promised,
        sent_by, notice_code)
    select sent.id, client_id, decode(body_hash, 'hex'), reference, decode(tracking_mark, 'hex'), channel, received_at,
           observed_at, category_code, text, address, emergency, deaths, raw_lon, raw_lat, crs, accuracy_m, method,
           fix_at, st_setsrid(st_makepoint(lon, lat), 4326), town.unit_id, town.edition_id, notice_version, client,
           locale, urgency, profile_id, review_due_at, sent_from, lane, json_array_length(photos),
           sent_by, notice_code
    from sent
    left join lateral ({winner_sql(lon="sent.lon", lat="sent.lat", at="sent.received_at")}) as town
        on sent.lon is not null
    on conflict do nothing
    returning id, client_id, unit_id, received_at
), trail as (
    insert into intake.report_event (report_id, seq, kind, at, actor, body)
    select stored.id, 1, '{Kind.RECEIVED}', stored.received_at, 'citizen', json_build_object('commit', sent.commit)
    from stored join sent using (id)
    returning report_id, hash
), jobs as (
    insert into handling.job (step, subject, created_at, run_after)
    select step, id, received_at, received_at from stored, (values {_FOLLOW_UPS}) as follow(step)
), sealed as (
    insert into vault.identity (report_id, key_id, alg, envelope, created_on)
    select sent.id, key_id, alg, decode(envelope, 'hex'), stored.received_at::date
    from stored join sent using (id) where envelope is not null
), origins as (
    insert into intake.origin (report_id, device_mark, mock, other_zone, received_at)
    select stored.id, decode(origin->>'device', 'hex'), (origin->>'mock')::boolean, (origin->>'other_zone')::boolean,
           stored.received_at
    from stored join sent using (id) where origin is not null
), promised as (
    insert into intake.photo as known (
        report_client_id, client_id, sha256, bytes, capture, taken_at, named, state)
    select stored.client_id, photo.id, decode(photo.sha256, 'hex'), photo.bytes, photo.capture, photo.taken_at, true,
           'promised'
    from stored join sent using (id)
    cross join json_to_recordset(sent.photos)
        as photo(id uuid, sha256 text, bytes int, capture text, taken_at timestamptz)
    on conflict (report_client_id, client_id) do update
        set named = true, capture = excluded.capture, taken_at = excluded.taken_at,
            -- one that was let go after its days of waiting has no file any more, and is asked for again
            state = case when known.sha256 = excluded.sha256 and known.storage_key is not null
                         then 'stored' else 'promised' end,
            storage_key = case when known.sha256 = excluded.sha256 then known.storage_key end,
            sealed_sha256 = case when known.sha256 = excluded.sha256 then known.sealed_sha256 end,
            sha256 = excluded.sha256, bytes = excluded.bytes
    returning report_client_id, client_id, state
)
select stored.client_id, stored.unit_id,
       (select json_object_agg(promised.client_id, promised.state) from promised
        where promised.report_client_id = stored.client_id),
       trail.hash
from stored join trail on trail.report_id = stored.id
"""  # noqa: S608 - put together from our own constants only
_KNOWN: Final = f"""
select r.client_id, r.unit_id, r.body_hash, r.received_at, r.review_due_at,
       (select json_object_agg(p.client_id, p.state) from intake.photo p
        where p.report_client_id = r.client_id and p.named),
       e.hash, r.waits_for = '{UNPROVEN}' and r.seen_at is null and r.state in {WAITING}
from intake.report r join intake.report_event e on e.report_id = r.id and e.seq = 1 where r.client_id = any(%s)
"""  # noqa: S608 - likewise


async def store(connection: Connection, submissions: Sequence[tuple[Submission, Rules]]) -> list[Received | IdReused]:
    """Store reports in one transaction; answers in their order, IdReused for an id that has other content.

    The connection commits each statement by itself. May be repeated: what is stored is found again.
    """
    derived = [_Derived.of(submission) for submission, _ in submissions]
    rows = [_row(submission, rules, own) for (submission, rules), own in zip(submissions, derived, strict=True)]
    fresh: dict[UUID, tuple[Any, ...]] = {}
    cursor = await connection.execute(_STORE, {"rows": orjson.dumps(rows).decode()}, prepare=True)
    for client_id, *rest in await cursor.fetchall():
        fresh[client_id] = tuple(rest)
    seen = [submission.client_id for submission, _ in submissions]
    known: dict[UUID, tuple[Any, ...]] = {}
    if len(fresh) < len(seen):
        cursor = await connection.execute(_KNOWN, (seen,), prepare=True)
        known = {row[0]: row[1:] for row in await cursor.fetchall()}
    return [
        _answer(submission, row, own, fresh.pop(submission.client_id, None), known)
        for (submission, _), row, own in zip(submissions, rows, derived, strict=True)
    ]


class _Derived(NamedTuple):
    """What is made of a report's own id, once for its row and its answer."""

    code: str
    reference: str
    salt: bytes

    @classmethod
    def of(cls, submission: Submission) -> "_Derived":
        id_ = submission.client_id
        return cls(tracking_code(id_), reference(id_), receipt.salt_of(id_))


def _answer(
    submission: Submission,
    row: dict[str, Any],
    own: _Derived,
    fresh: tuple[Any, ...] | None,
    known: dict[UUID, tuple[Any, ...]],
) -> Received | IdReused:
    """The first of several equal members of a batch is the fresh one, the others are its replays."""
    if fresh is not None:
        unit_id, photos, entry = fresh
        received_at, due_at = submission.received_at, row["review_due_at"]
        unproven = submission.lane == UNPROVEN
    else:
        unit_id, body_hash, received_at, due_at, photos, entry, unproven = known[submission.client_id]
        if bytes(body_hash) != submission.fingerprint:
            return IdReused()
    return Received(
        client_id=submission.client_id,
        reference=own.reference,
        tracking_code=own.code,
        received_at=received_at,
        review_due_at=due_at,
        unit_id=unit_id,
        emergency=submission.emergency != "none" or submission.deaths,
        photos={UUID(id_): state for id_, state in (photos or {}).items()},
        replay=fresh is None,
        proof=receipt.signed(
            submission.fingerprint,
            own.salt,
            reference=own.reference,
            received_at=received_at,
            entry=bytes(entry),
        ),
        unproven=bool(unproven),
    )


def _row(submission: Submission, rules: Rules, own: _Derived) -> dict[str, Any]:
    category = rules.filed_under(submission.category, deaths=submission.deaths)
    urgency = rules.urgency(category, emergency=submission.emergency, deaths=submission.deaths)
    point = None
    if submission.lon is not None and submission.lat is not None and submission.crs is not None:
        point = to_wgs84(submission.lon, submission.lat, Datum(submission.crs))
    report_id, sealed = uuid4(), submission.identity()
    return {
        "id": report_id,
        "client_id": submission.client_id,
        "body_hash": submission.fingerprint.hex(),
        "reference": own.reference,
        "tracking_mark": mark_of_code(own.code).hex(),
        "commit": receipt.commit_to(submission.fingerprint, own.salt).hex(),
        "channel": submission.channel,
        "received_at": submission.received_at,
        "observed_at": submission.observed_at,
        "category_code": category,
        "text": submission.text,
        "address": submission.address,
        "emergency": submission.emergency,
        "deaths": submission.deaths,
        "raw_lon": submission.lon,
        "raw_lat": submission.lat,
        "crs": submission.crs,
        "accuracy_m": submission.accuracy_m,
        "method": submission.method,
        "fix_at": submission.fix_at,
        "lon": point.lon if point else None,
        "lat": point.lat if point else None,
        "notice_version": submission.notice_version,
        "client": submission.client,
        "locale": submission.locale,
        "urgency": urgency,
        "profile_id": rules.profile_id,
        "review_due_at": rules.review_due(urgency, submission.received_at, held=submission.lane is not None),
        "photos": [
            {"id": p.id, "sha256": p.sha256, "bytes": p.bytes, "capture": p.capture, "taken_at": p.taken_at}
            for p in submission.photos
        ],
        "sent_from": submission.sent_from.band(point) if submission.sent_from else None,
        "lane": submission.lane,
        "origin": _origin(submission.origin) if submission.origin else None,
        "envelope": vault.seal(rules.sealing, report_id, sealed).hex() if sealed else None,
        "sent_by": submission.sent_by,
        "notice_code": submission.notice_code,
        "key_id": rules.sealing.id,
        "alg": vault.HPKE_X25519,
    }


def _origin(origin: Origin) -> dict[str, Any]:
    device = origin.device.hex() if origin.device else None
    return {"device": device, "mock": origin.mock, "other_zone": origin.other_zone}

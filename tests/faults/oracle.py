"""The common oracle: what must hold after whatever was killed. Each complaint is a sentence; none is what is wanted.

It judges by what phones and officers were told, and by what the rows say of each other, never by what the code means
to do. `RULES` need the database alone; each names what it finds.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from cases import retention
from cases.journey import Kind
from cases.lifecycle.case import CASE_MOVES
from kit.storage import Missing, Store
from kit.storage.contract import digest_of
from tests.faults.offices import Done
from tests.faults.phones import Sent

# A sentence, and the rows of which it is true.
RULES: dict[str, str] = {
    "reports without exactly one entry of having come in": """
        select r.id from intake.report r left join intake.report_event e on e.report_id = r.id and e.kind = 'received'
        group by r.id having count(e.id) <> 1""",
    "trails of reports with a gap or a double": """
        select report_id from intake.report_event group by report_id
        having min(seq) <> 1 or count(*) <> max(seq) or count(distinct seq) <> count(*)""",
    "trails of cases with a gap or a double": """
        select case_id from handling.case_event group by case_id
        having min(seq) <> 1 or count(*) <> max(seq) or count(distinct seq) <> count(*)""",
    "cases without a trail": """
        select id from handling."case" c where not exists (select from handling.case_event where case_id = c.id)""",
    "what happens once to a report, written twice": """
        select report_id, kind from intake.report_event where kind in ('received', 'review_started', 'accepted')
        group by report_id, kind having count(*) > 1""",
    "what happened once to a case here, written twice": """
        select case_id, kind from handling.case_event
        where kind in ('registered', 'dispatched', 'signed', 'verdict_proposed', 'ordered')
        group by case_id, kind having count(*) > 1""",
    "photos whose coming was written twice": """
        select report_id, body ->> 'photo' from intake.report_event where kind = 'photo_stored'
        group by report_id, body ->> 'photo' having count(*) > 1""",
    "cases of a report that not exactly one report has opened": """
        select c.id from handling."case" c left join intake.report_case l on l.case_id = c.id and l.opened
        where c.source = 'report' group by c.id having count(l.report_id) <> 1""",
    "accepted reports without a case": """
        select id from intake.report r where state in ('accepted', 'verifying')
        and not exists (select from intake.report_case where report_id = r.id)""",
    "reports whose state and trail disagree about being accepted": """
        select r.id from intake.report r where (r.state in ('accepted', 'verifying')) <> exists (
            select from intake.report_event e where e.report_id = r.id and e.kind = 'accepted')""",
    "reports that nobody has judged": "select id from intake.report where state = 'submitted'",
    "reports that lie in another unit than their case": """
        select r.id from intake.report r join intake.report_case l on l.report_id = r.id and l.opened
        join handling."case" c on c.id = l.case_id where r.unit_id is distinct from c.unit_id""",
    "reports that promise other photos than have rows": """
        select r.id from intake.report r left join intake.photo p on p.report_client_id = r.client_id and p.named
        group by r.id having count(p.id) <> r.photos_promised""",
    "photos that came and have no file, or no hash": """
        select id from intake.photo where state in ('waiting', 'stored', 'clean')
        and (storage_key is null or length(sha256) <> 32)""",
    "photos that came and were never made ready": """
        select id from intake.photo where state = 'stored'""",
    "photos that lie in clear, or whose envelope is not in the vault": """
        select id from intake.photo p where storage_key is not null and (storage_key not like 'sealed/%'
            or not exists (select from vault.original o where o.storage_key = p.storage_key and o.photo_id = p.id))""",
    "photos that were looked at, and still could be": """
        select id from intake.photo join intake.photo_key using (storage_key) where state in ('clean', 'rejected')""",
    "photos that nobody could look at": """
        select id from intake.photo p where state in ('waiting', 'stored')
        and not exists (select from intake.photo_key k where k.storage_key = p.storage_key)""",
    "clean photos without both copies": """
        select id from intake.photo where state = 'clean' and (large_key is null or small_key is null)""",
    "files that two rows have": """
        select storage_key from (
            select storage_key from intake.photo union all select storage_key from handling.picture) as files
        where storage_key is not null group by storage_key having count(*) > 1""",
    "reports with not exactly one job of being judged": """
        select r.id from intake.report r left join handling.job j on j.subject = r.id and j.step = 'triage'
        group by r.id having count(j.id) <> 1""",
    "jobs that were given up": "select id, step, last_error from handling.job where failed_at is not null",
    "jobs that are due, and nobody has taken for a minute": """
        select id, step, last_error from handling.job where done_at is null and failed_at is null
        and greatest(run_after, coalesce(lease_until, run_after)) < clock_timestamp() - interval '1 minute'""",
    "sweeps that ran twice in one moment of the schedule, or not at all": """
        select s.slots, j.jobs from (select count(*) from handling.slot where name = 'grow_log') as s(slots),
        (select count(*) from handling.job where step = 'grow_log') as j(jobs) where s.slots <> j.jobs""",
    "notices of a case that somebody got twice": """
        select org_id, account_id, case_id, kind from handling.notice where case_id is not null
        group by org_id, account_id, case_id, kind, text having count(*) > 1""",
    "emergencies of which the district was not told once each": """
        select told.count, came.count from
        (select count(*) from handling.notice where kind = 'emergency' and case_id is null) as told,
        (select count(*) from intake.report, handling.org o
         where (emergency <> 'none' or deaths) and o.kind = 'district' and o.active) as came
        where told.count <> came.count""",
    "clocks that were started twice": """
        select case_id, kind from handling.clock group by case_id, kind, task_id, about_id having count(*) > 1""",
    "tasks that a body got twice": """
        select case_id, org_id, kind from handling.task group by case_id, org_id, kind having count(*) > 1""",
    "reports with more than one envelope, or an envelope without a report": """
        select i.report_id from vault.identity i left join intake.report r on r.id = i.report_id
        group by i.report_id having count(*) <> 1 or count(r.id) = 0""",
}


@dataclass(frozen=True)
class Known:
    """What was told to those outside: reports and photos that arrived, acts that were done, pictures that were kept."""

    sent: Sequence[Sent]
    acts: Sequence[Done]
    pictures: Sequence[tuple[UUID, UUID, str]]


def complaints(session: Session, store: Store, known: Known) -> list[str]:
    """Everything that does not hold."""
    return [
        *_rules(session), *_reports(session, known.sent), *_photos(session, store, known.sent),
        *_answers(session, known.sent), *_acts(session, known.acts), *_pictures(session, store, known.pictures),
        *_states(session), *(f"a file is lost: {each}" for each in retention.lost(session, store)),
    ]  # fmt: skip


def _rules(session: Session) -> Iterator[str]:
    for sentence, statement in RULES.items():
        found = session.execute(text(statement)).fetchmany(5)
        if found:
            yield f"{sentence}: {[tuple(map(str, row)) for row in found]}"


def _reports(session: Session, sent: Iterable[Sent]) -> Iterator[str]:
    """Each that was acknowledged is there once, under the name that was told, in the town where it lies."""
    statement = """
        select r.client_id, r.reference, u.code, coalesce(o.unit_code, ''), i.report_id is not null
        from intake.report r left join handling.unit u on u.id = r.unit_id
        left join intake.report_case l on l.report_id = r.id and l.opened
        left join handling."case" c on c.id = l.case_id left join handling.org o on o.id = c.responsible_org_id
        left join vault.identity i on i.report_id = r.id"""
    rows = session.execute(text(statement)).all()
    count, found = Counter(row[0] for row in rows), {row[0]: row[1:] for row in rows}
    by_id = {one.id: one for one in sent}
    yield from (f"a report that nobody sent: {id_}" for id_ in found.keys() - by_id.keys())
    for one in by_id.values():
        if count[one.id] != 1:
            yield f"report {one.id} is there {count[one.id]} times"
            continue
        reference, unit, office, is_sealed = found[one.id]
        if reference != one.receipt.get("reference"):
            yield f"report {one.id} was told to be {one.receipt.get('reference')} and is {reference}"
        if unit != one.town or (one.receipt.get("town") or {}).get("code") != one.town:
            yield f"report {one.id} lies in {one.town}, was told {one.receipt.get('town')} and is kept in {unit}"
        if one.town and office not in {"", one.town}:
            yield f"report {one.id} lies in {one.town}, and its case went to {office}"
        if is_sealed != ("contact" in one.body):
            yield f"who sent report {one.id} is {'' if is_sealed else 'not '}in the vault"


def _photos(session: Session, store: Store, sent: Iterable[Sent]) -> Iterator[str]:
    """Each that was acknowledged is there with the hash that was told, its sealed file as the worker has seen it."""
    statement = "select report_client_id, client_id, sha256, storage_key, sealed_sha256 from intake.photo"
    found = {(row[0], row[1]): row[2:] for row in session.execute(text(statement))}
    for one in sent:
        for photo_id, sha256 in one.arrived.items():
            noted, key, sealed = found.get((one.id, photo_id), (b"", None, None))
            if bytes(noted).hex() != sha256 or _hash_of(store, key) != bytes(sealed or b"").hex():
                yield f"photo {photo_id} of report {one.id} arrived and is not what it was"


def _pictures(session: Session, store: Store, taken: Iterable[tuple[UUID, UUID, str]]) -> Iterator[str]:
    """Each that was acknowledged is kept once, its content by the hash that was sent, its file as it was written."""
    statement = """select case_id, client_id, sha256, storage_key, sealed_sha256 from handling.picture
        where client_id is not null"""
    rows = session.execute(text(statement)).all()
    count = Counter((row[0], row[1]) for row in rows)
    found = {(row[0], row[1]): row[2:] for row in rows}
    for case_id, client_id, sha256 in taken:
        noted, key, sealed = found.get((case_id, client_id), (b"", None, None))
        there = bytes(noted).hex() == sha256 and _hash_of(store, key) == bytes(sealed or b"").hex()
        if count[case_id, client_id] != 1 or not there:
            yield f"picture {client_id} of case {case_id} was kept {count[case_id, client_id]} times, or is another"


def _hash_of(store: Store, key: str | None) -> str:
    try:
        with store.open(key or "none") as file:
            return digest_of(file)
    except Missing:
        return ""


def _answers(session: Session, sent: Iterable[Sent]) -> Iterator[str]:
    """What was said later is there once, and stands once on the trail."""
    statement = """
        select r.client_id, (select count(*) from intake.report_event e
                             where e.report_id = r.id and e.kind = 'supplemented'),
               array(select client_id from intake.answer a where a.report_id = r.id)
        from intake.report r"""
    found = {row[0]: (row[1], set(row[2])) for row in session.execute(text(statement))}
    for one in sent:
        written, there = found.get(one.id, (0, set()))
        if written != len(there) or not one.answers <= there:
            yield f"report {one.id} was added to {len(one.answers)} times, has {len(there)} and tells of {written}"


def _acts(session: Session, acts: Iterable[Done]) -> Iterator[str]:
    """What an officer was told had been done stands on the trail."""
    statement = "select case_id, kind from handling.case_event"
    there = {(row[0], row[1]) for row in session.execute(text(statement))}
    yield from (
        f"{kind} of case {case} was acknowledged and is not there" for case, kind in acts if (case, kind) not in there
    )


def _states(session: Session) -> Iterator[str]:
    """Each case is where the last move on its trail has led."""
    led = {str(kind): set[str]() for kind in Kind}
    for move in CASE_MOVES.values():
        led[str(move.entry)] |= move.targets
    moving = [kind for kind, targets in led.items() if targets]
    statement = """
        select c.id, c.state, (select kind from handling.case_event e where e.case_id = c.id and kind = any(:moving)
                               order by seq desc limit 1)
        from handling."case" c"""
    for case_id, state, kind in session.execute(text(statement), {"moving": moving}):
        if kind is None or state not in led[kind] | ({"registered"} if kind == "registered" else set()):
            yield f"case {case_id} is {state}, and the last move on its trail is {kind}"

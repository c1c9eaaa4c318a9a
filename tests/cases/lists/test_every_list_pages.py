"""Every list of officers goes on where its page ended: each row once, in its order, also where instants are equal."""

from datetime import date, timedelta

import pytest

from cases import enforcing, exposure, handling, notices
from cases.models.case import Clock, Notice
from cases.models.exposure import Exposure
from cases.models.listing import ListingWaiver
from cases.models.operation import Operation
from cases.models.pause import Extension
from cases.models.referral import Referral
from cases.models.supervision import Bulletin, BulletinEntry, Interview, ListingCandidate, UrgeOrder
from cases.supervision import bulletins, listing, reading, workload
from tests import make
from tests.make import NOW

# Two share an instant, so that the id must tell them apart.
MOMENTS = [NOW, NOW + timedelta(hours=1), NOW + timedelta(hours=1), NOW + timedelta(hours=2), NOW - timedelta(days=1)]


def extension(case, at, district):
    clock = Clock(
        case_id=case.id, kind="verify", profile_id=case.profile_id, amount=1, unit="work_d", started_at=NOW, due_at=at,
        original_due_at=at, provisional=False,
    )  # fmt: skip
    yield clock
    yield Extension(
        case_id=case.id, clock_id=clock.id, reason="x", old_due_at=at, new_due_at=at + timedelta(days=1),
        requested_by=district.west.officer.account_id, requested_org_id=case.responsible_org_id, by_leader=False,
        requested_at=NOW,
    )  # fmt: skip


def referral(case, at, district):
    yield Referral(
        case_id=case.id, number=case.number, scope="case", from_org_id=case.responsible_org_id, state="sent",
        to_org_id=district.fire.id, from_state="signed", reason="x", basis="x", materials=["x"], sent_at=at,
        sent_by=district.west.leader.account_id,
    )  # fmt: skip


def operation(_case, at, district):
    day = date(2026, 11, 24)
    yield Operation(
        title="x", plan="x", begins_on=day, ends_on=day, lead_org_id=district.fire.id, state="planned", planned_at=at,
        planned_by=district.fire_leader.account_id,
    )  # fmt: skip


def order(case, at, _district):
    yield UrgeOrder(
        number=case.number, case_id=case.id, org_id=case.responsible_org_id, level="reminder", text="x", issued_at=at,
        reply_due_at=at,
    )  # fmt: skip


def interview(case, at, _district):
    yield Interview(case_id=case.id, org_id=case.responsible_org_id, kind="talk", topic="x", planned_at=at, due_at=at)


def entry(case, at, _district):
    yield BulletinEntry(case_id=case.id, org_id=case.responsible_org_id, leaders=[], listed_at=at, due_at=at)


def bulletin(case, at, district):
    yield Bulletin(number=case.number, text="x", issued_by=district.supervisor.account_id, issued_at=at)


def candidate(case, at, _district):
    yield ListingCandidate(case_id=case.id, reason="ladder", leaders=[], proposed_at=at)


def waiver(case, at, _district):
    yield ListingWaiver(case_id=case.id, owed_at=NOW, due_at=at)


def exposed(case, at, district):
    yield Exposure(
        public_id=case.number, case_id=case.id, ground="D", state="drafting", title="x", body="x", entity_name="x",
        own_inspection=True, basis="x", authority="x", phone="x", drafted_by=district.supervisor.account_id,
        drafted_at=at,
    )  # fmt: skip


def task(case, at, district):
    made = make.task
    yield lambda session: _due(made(session, case, district.fire, kind="coop"), at, district)


def _due(made, at, district):
    made.due_at, made.person_id = at, district.fire_officer.account_id


LISTS = {
    "extensions": (extension, lambda s, d, **k: [r[0] for r in handling.extensions_to_decide(s, by=d.west.leader, **k)],
                   lambda r: (r.old_due_at, r.id), False),
    "awaiting": (referral, lambda s, d, **k: enforcing.awaiting(s, by=d.west.leader, **k),
                 lambda r: (r.sent_at, r.id), False),
    "received": (referral, lambda s, d, **k: enforcing.received(s, by=d.fire_officer, **k),
                 lambda r: (r.sent_at, r.id), False),
    "operations": (operation, lambda s, d, **k: enforcing.operations(s, by=d.supervisor, **k),
                   lambda r: (r.planned_at, r.id), True),
    "orders": (order, lambda s, d, **k: [r[0] for r in reading.orders(s, by=d.west.clerk, **k)],
               lambda r: (r.issued_at, r.id), True),
    "interviews": (interview, lambda s, d, **k: reading.interviews(s, by=d.west.clerk, **k),
                   lambda r: (r.planned_at, r.id), True),
    "entries": (entry, lambda s, d, **k: [r[0] for r in bulletins.listed(s, by=d.supervisor, **k)],
                lambda r: (r.listed_at, r.id), False),
    "bulletins": (bulletin, lambda s, _d, **k: bulletins.issued(s, **k), lambda r: (r.issued_at, r.id), True),
    "candidates": (candidate, lambda s, d, **k: [r[0] for r in reading.candidates(s, by=d.supervisor, **k)],
                   lambda r: (r.proposed_at, r.id), False),
    "waivers": (waiver, lambda s, d, **k: [r[0] for r in listing.to_decide(s, by=d.supervisor, **k)],
                lambda r: (r.due_at, r.id), False),
    "exposures": (exposed, lambda s, d, **k: exposure.drafts(s, by=d.supervisor, **k),
                  lambda r: (r.drafted_at, r.id), True),
    "workload": (task, lambda s, d, **k: workload.of_person(s, d.fire_officer.account_id, by=d.fire_officer, **k),
                 lambda r: (r.due_at, r.id), False),
}  # fmt: skip


@pytest.mark.parametrize("which", LISTS)
def test_each_row_once_in_its_order(session, district, which):
    build, read, place, newest_first = LISTS[which]
    for at in MOMENTS:
        case = make.case(session, district.west.org, state="signed")
        for made in build(case, at, district):
            if callable(made):
                made(session)
            else:
                session.add(made)
            session.flush()
    whole = list(read(session, district, limit=100))

    seen, after = [], None
    while page := read(session, district, limit=2, after=after):
        seen += page
        after = place(page[-1])

    assert len(whole) == len(MOMENTS)
    assert [row.id for row in seen] == [row.id for row in whole]
    assert [place(row) for row in seen] == sorted((place(row) for row in seen), reverse=newest_first)


def test_notices_go_back_in_time(session, district):
    org = district.west.org
    session.add_all(Notice(org_id=org.id, kind="x", text=str(number), created_at=NOW) for number in range(5))
    session.flush()

    seen, before = [], None
    while page := notices.unread(session, by=district.west.clerk, limit=2, before=before):
        seen += [notice.text for notice in page]
        before = page[-1].id

    assert seen == ["4", "3", "2", "1", "0"]

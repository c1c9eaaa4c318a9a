"""X57, F10: a scanned copy is of something of its case, and of its kind: a penalty's copy is of a penalty."""

import pytest
from sqlalchemy import select

from cases import papers
from cases.models.handling import Acceptance, Order, RecordCopy, Visit
from cases.models.paper import SCAN_KINDS
from cases.papers import NewScan
from cases.papers.scans import SUBJECTS, OfAnotherCase
from tests import make
from tests.enforcement import Bureau

# What the closable case and its bureau have, and which kinds of scans can be of it.
FITS = {
    "visit": {"visit_record", "other"}, "copy": {"visit_record", "acceptance", "other"},
    "acceptance": {"acceptance", "other"}, "order": {"order", "other"}, "penalty": {"penalty", "guidance", "other"},
    "paper": {"order", "other"},
}  # fmt: skip


@pytest.fixture
def subjects(session, district, walk):
    walk.closable()
    case, bureau = walk.case, Bureau(session, district)

    def first(table):
        return session.scalars(select(table).where(table.case_id == case.id)).first()

    order = first(Order)
    paper = papers.ask(session, case, kind="order", subject_id=order.id, by=walk.town.officer, now=walk.now)
    return {
        "visit": first(Visit), "copy": first(RecordCopy), "acceptance": first(Acceptance), "order": order,
        "penalty": bureau.filed(case, now=walk.now), "paper": paper,
    }  # fmt: skip


def add(walk, kind, subject_id):
    new = NewScan(kind, subject_id, "pdf", make.kept(b"\2" * 32))
    return papers.add_scan(walk.session, walk.case, new, by=walk.town.officer, now=walk.now)


@pytest.mark.parametrize("what", FITS)
@pytest.mark.parametrize("kind", SCAN_KINDS)
def test_g_doc_a_scan_is_of_what_its_kind_says(walk, subjects, what, kind):
    if kind in FITS[what]:
        assert add(walk, kind, subjects[what].id).kind == kind
    else:
        with pytest.raises(OfAnotherCase):
            add(walk, kind, subjects[what].id)


@pytest.mark.parametrize("kind", SCAN_KINDS)
def test_a_scan_may_name_nothing(walk, kind):
    walk.signed()
    assert add(walk, kind, None).subject_id is None


def test_every_kind_but_those_of_the_whole_case_has_its_subjects():
    assert set(SCAN_KINDS) - set(SUBJECTS) == {"closing", "notice", "minutes"}

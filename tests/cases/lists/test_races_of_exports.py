"""Two at once: one file leaves the house, one decision is taken, one view has a name."""

import io
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from cases import lists
from cases.lists import Wanted
from cases.models.export import Export
from cases.models.view import SavedView
from kit.errors import Refusal
from people.roles import Role
from tests import make
from tests.make import NOW


def at_once(*acts):
    """Each in a thread of its own, begun together; gives what each returned, or the code that refused it."""
    start = Barrier(len(acts))

    def run(act):
        start.wait()
        try:
            return act()
        except Refusal as refusal:
            return refusal.code
        except IntegrityError:
            return "conflict"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_downloads_at_once_are_one_file(committing):
    """Q5: the second is told that the export was changed meanwhile, and gets nothing."""
    with committing() as session:
        district = make.district(session)
        make.case(session, district.west.org, state="dispatched")
        by = district.west.clerk
        export_id = lists.request_export(session, Wanted(), reason="月报", by=by, now=NOW).id

    def fetch():
        file = io.BytesIO()
        with committing() as session:
            export = lists.lock_export(session, export_id, by=by, expected_version=2)
            lists.download(session, export, file, by=by, now=NOW)
        return file.getvalue()

    files = at_once(fetch, fetch, fetch)

    assert sorted(each for each in files if isinstance(each, str)) == ["case.changed"] * 2
    assert sum(isinstance(each, bytes) for each in files) == 1
    with committing() as session:
        assert session.get_one(Export, export_id).rows == 1


def test_an_approval_and_a_refusal_at_once_are_one_decision(committing):
    with committing() as session:
        district = make.district(session)
        make.value(session, "export_rows", {"free": 0, "most": 9})
        make.case(session, district.west.org, state="dispatched")
        two = [make.officer(session, district.office, Role.SAFETY_OFFICE) for _ in range(2)]
        export_id = lists.request_export(session, Wanted(), reason="月报", by=district.west.clerk, now=NOW).id

    def decide(how, by):
        def act():
            with committing() as session:
                export = lists.lock_export(session, export_id, by=by, expected_version=1)
                return how(session, export, comment="x", by=by, now=NOW).state

        return act

    ended = at_once(decide(lists.approve, two[0]), decide(lists.refuse, two[1]))

    assert "case.changed" in ended
    with committing() as session:
        assert session.get_one(Export, export_id).state in ended


def test_a_name_that_is_saved_twice_at_once_is_one_view(committing):
    with committing() as session:
        by = make.district(session).west.clerk

    def save():
        with committing() as session:
            return lists.save(session, "超期", Wanted(), by=by, now=NOW).name

    ended = at_once(save, save)

    assert ended.count("超期") == 1
    assert set(ended) - {"超期"} <= {"conflict", "view.name_taken"}
    with committing() as session:
        assert session.scalar(select(func.count()).select_from(SavedView)) == 1

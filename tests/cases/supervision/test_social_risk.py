"""M116: a risk to social order is told to the district's duty at once, with a receipt of who read it and when."""

import pytest

from cases import notices
from cases.supervision import tags
from cases.supervision.tags import TaggedAlready
from kit.errors import NotAllowed
from people.roles import Role
from tests import make
from tests.desk import entries
from tests.walk import Walk


def test_m116_the_mark_is_told_to_the_district_with_a_read_receipt(session, district):
    walk = Walk(session, district).signed()
    tags.tag(session, walk.case, facts="数十人聚集堵路", by=walk.town.officer, now=walk.now)
    (sent,) = tags.receipts(session, walk.case)
    assert (sent.org_id, sent.read_at, entries(session, walk.case)[-1]) == (district.office.id, None, "tagged")
    assert "数十人" not in sent.text  # what is sent out to phones is neutral (Q7)
    assert notices.mark_read(session, sent.id, by=district.supervisor, now=walk.now)
    session.refresh(sent)
    assert (sent.read_at, sent.read_by) == (walk.now, district.supervisor.account_id)


def test_m116_a_mark_is_put_once_and_by_those_who_know_of_it(session, district):
    walk = Walk(session, district).signed()
    for who in (make.officer(session, district.office, Role.PUBLISHER), make.officer(session, district.office)):
        with pytest.raises(NotAllowed):
            tags.tag(session, walk.case, facts="聚集", by=who, now=walk.now)
    tags.tag(session, walk.case, facts="聚集", by=district.supervisor, now=walk.now)
    with pytest.raises(TaggedAlready):
        tags.tag(session, walk.case, facts="聚集", by=walk.town.clerk, now=walk.now)

"""Two traps: signing does not start the clock of a verification, and nobody has to be known to be dealt with."""

from datetime import timedelta

import pytest

from cases import clocks, handling
from cases.lifecycle.guards import Incomplete
from cases.models.handling import Order
from tests.walk import PLAN, Walk, order_draft


def due(walk, kind):
    return {each.kind: each.due_at for each in clocks.running(walk.session, walk.case)}.get(kind)


@pytest.mark.parametrize("late", [timedelta(0), timedelta(minutes=90), timedelta(days=2)])
def test_x16_a_verification_runs_from_dispatch_however_late_the_case_is_signed(session, district, late):
    """T3: else nobody would sign."""
    walk = Walk(session, district).dispatched()
    before = due(walk, "verify")
    who = walk.town
    handling.sign(session, walk.case, person_id=who.officer.account_id, by=who.clerk, now=walk.now + late)
    assert (due(walk, "verify"), due(walk, "sign")) == (before, None)


def test_x27_a_stall_whose_operator_nobody_knows_is_visited_ordered_and_put_right(session, district):
    """No name, no code of a unit: what is known is the place and what stands there (M16, F84)."""
    walk = Walk(session, district, category="FW-01").proposed()
    unknown = PLAN | {"responsible_party": "幸福路1号门前流动摊点，经营者不明", "no_operator": True}
    draft = order_draft(due_at=walk.now + timedelta(days=3), plan=unknown)
    issued = handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    assert session.get(Order, issued.id).no_operator
    walk.complete_again()
    assert walk.case.state == "acceptance"


def test_m16_where_there_is_an_operator_an_officer_is_not_the_one_who_rectifies(session, district):
    walk = Walk(session, district).proposed()
    plan = PLAN | {"responsible_party": walk.town.clerk.name}
    draft = order_draft(due_at=walk.now + timedelta(days=3), plan=plan)
    with pytest.raises(Incomplete):
        handling.order(session, walk.case, draft=draft, by=walk.town.leader, now=walk.now)
    assert walk.case.state == "verdict_review"

"""The register of delegations (M58, F19, F20): who keeps it, what may be handed over, and to whom."""

from datetime import date

import pytest

from cases import enforcing
from cases.lifecycle import powers
from cases.policy import UnknownMeasureType
from kit.errors import Invalid, Stale, Unconditional
from people.roles import Role
from tests import make
from tests.enforcement import DelegationDraft, delegation
from tests.make import NOW


def draft(district, **facts):
    parts = {
        "kind": "conferred", "from_org_id": district.fire.id, "to_org_id": district.west.org.id, "items": ["fine"],
        "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31), "document": "省政府决定", "published": "公报",
    }  # fmt: skip
    return DelegationDraft(**(parts | facts))


def test_the_register_is_kept_by_the_safety_office_and_the_administration(session, district):
    keepers = [make.officer(session, district.office, role) for role in (Role.SAFETY_OFFICE, Role.SYSADMIN)]
    for keeper in keepers:
        enforcing.register(session, draft(district), by=keeper, now=NOW)
    others = [role for role in Role if role not in {Role.SAFETY_OFFICE, Role.SYSADMIN}]
    for role in others:
        stranger = make.officer(session, district.office, role)
        with pytest.raises(enforcing.MayNotRegister):
            enforcing.register(session, draft(district), by=stranger, now=NOW)
    assert len(enforcing.delegations(session)) == 2


def test_f19_a_department_hands_over_to_a_town_and_not_otherwise(session, district):
    for wrong in (
        {"to_org_id": district.police.id}, {"from_org_id": district.east.org.id}, {"to_org_id": 0},
        {"from_org_id": district.office.id},
    ):  # fmt: skip
        with pytest.raises(enforcing.WrongBodies):
            enforcing.register(session, draft(district, **wrong), by=district.supervisor, now=NOW)


@pytest.mark.parametrize("item", ["detention", "closure", "permit_revoked", "temporary_sealing"])
def test_f20_what_the_law_keeps_with_the_organ_is_not_handed_over(session, district, item):
    with pytest.raises(enforcing.NotDelegable) as refusal:
        enforcing.register(session, draft(district, items=["fine", item]), by=district.supervisor, now=NOW)
    assert refusal.value.extra["items"] == [item]


def test_nobody_hands_over_an_unknown_power_or_backwards_in_time(session, district):
    with pytest.raises(UnknownMeasureType):
        enforcing.register(session, draft(district, items=["everything"]), by=district.supervisor, now=NOW)
    with pytest.raises(Invalid):
        enforcing.register(session, draft(district, valid_to=date(2025, 1, 1)), by=district.supervisor, now=NOW)


def test_a_delegation_is_ended_once_by_somebody_who_has_seen_it(session, district):
    entry = delegation(session, district, district.west.org, "fine")
    end = {"reason": "收回", "by": district.supervisor, "now": NOW}
    with pytest.raises(Unconditional):
        enforcing.end(session, entry.id, seen=None, **end)
    with pytest.raises(Stale):
        enforcing.end(session, entry.id, seen=7, **end)
    enforcing.end(session, entry.id, seen=1, **end)
    assert powers.delegations_on(session, district.west.org.id, NOW) == []
    with pytest.raises(enforcing.EndedAlready):
        enforcing.end(session, entry.id, seen=2, **end)
    with pytest.raises(enforcing.NoSuchDelegation):
        enforcing.end(session, make.case(session).id, seen=1, **end)


def test_an_unpublished_delegation_gives_no_power(session, district):
    delegation(session, district, district.west.org, "fine").published = ""
    session.flush()
    assert powers.delegations_on(session, district.west.org.id, NOW) == []

"""Everything that the console shows by a code has a word."""

from typing import get_args

from cases.models.case import CASE_STATES
from cases.models.report import HELD, SITE_FLOOD
from cases.triage import SIGNAL_WORDS
from cases.triage.duplicates import DUPLICATE, NEAR
from mobile_contract.v1.report import EmergencyIn
from people.roles import Role
from web.desk import reports, words


def test_roles_states_and_lists_have_words():
    assert set(words.ROLES) == set(Role)
    assert set(words.STATES) == set(CASE_STATES)
    assert tuple(words.REPORT_LISTS) == get_args(reports.Which)
    assert {"refusals", *reports.GOES_BY} == set(words.REPORT_LISTS)


def test_what_a_report_waits_for_is_told():
    assert {*HELD, SITE_FLOOD, DUPLICATE} <= set(words.WAITS)
    assert NEAR in words.BECAUSE
    assert all(zh for zh, _en in SIGNAL_WORDS.values())
    assert set(get_args(EmergencyIn.model_fields["answer"].annotation)) - {"none"} == set(words.EMERGENCIES)

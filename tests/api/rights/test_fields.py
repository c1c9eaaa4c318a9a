"""Which role reads which field of a case: the table, and what the application really sends (C2, C12, X39, T16)."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.officers.fields import MATTER, READERS, STATUS, WHOLE, readable
from people.actors import Actor
from people.roles import Role
from tests.api.rights.ground import built, signed_in

ALL = {*STATUS.split(), *MATTER.split(), *WHOLE.split()}
READ = {
    Role.HOTLINE_CLERK: set(STATUS.split()),
    Role.CUSTODIAN: {*STATUS.split(), *MATTER.split()},
    **{
        role: ALL
        for role in Role
        if role not in {Role.HOTLINE_CLERK, Role.CUSTODIAN, Role.FINANCE, Role.SYSADMIN}
    },
}  # fmt: skip
# Each would be of a report (C12): what it says, who sent it, when to the second, under which number.
OF_A_REPORT = {
    "report_id", "reference", "text_original", "received_at", "observed_at", "reporter", "phone", "openid", "device",
    "tracking_code", "tracking_mark", "raw_lon", "raw_lat", "client_id", "reports", "identity",
}  # fmt: skip


@pytest.fixture
def ground(committing):
    with committing() as session:
        made = built(session)
        tokens = {role: signed_in(session, who) for role, who in made.people.items()}
    return made, tokens


@pytest.fixture
def client(ground) -> Iterator[TestClient]:
    with TestClient(create_app(), raise_server_exceptions=False) as opened:
        yield opened


def names(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from names(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from names(inner)


def test_each_role_is_sent_the_fields_of_the_table_and_no_other(client, ground):
    """A town clerk's JSON has no field beside them, and nothing in it is of a report."""
    made, tokens = ground
    for role, token in tokens.items():
        answer = client.get(f"/o/v1/cases/{made.ours}", headers={"Authorization": f"Bearer {token}"})
        if role not in READ:
            assert (answer.status_code, answer.json()["code"]) == (403, "role.missing"), role
            continue
        body = answer.json()
        assert body.keys() == READ[role], role
        assert OF_A_REPORT.isdisjoint(names(body)), role


def test_a_field_that_the_table_does_not_name_is_read_by_nobody():
    everybody = Actor("officer", "all", org_kind="district", roles=frozenset(Role))
    assert readable({"state": "signed", "reporter": "王某"}, everybody) == {"state": "signed"}


def test_who_has_two_roles_reads_what_either_reads():
    both = Actor("officer", "two", org_kind="district", roles=frozenset({Role.HOTLINE_CLERK, Role.CUSTODIAN}))
    assert readable(dict.fromkeys(READERS, 1), both).keys() == READ[Role.CUSTODIAN]

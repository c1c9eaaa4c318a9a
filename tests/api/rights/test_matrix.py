"""What the matrix of rights says is what happens: every route is asked as every role, over HTTP (T16, G12)."""

import csv
import re
from collections.abc import Iterator
from uuid import uuid4

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from api.rights import policy_of
from people.roles import Role
from tests.api.rights.ground import Ground, built, signed_in
from tests.api.rights.matrix import HEADER, NO, OWN, WRITTEN, YES, lines, routes

PLACES = {
    "size": "small", "year": "2027", "number": "1", "assignment_id": "1", "account_id": "1", "officer_id": "1",
    "notice_id": "1", "certificate_id": "1", "public_id": "none",
}  # fmt: skip
# What a question cannot do without; where it is missing the refusal of the question would hide that of the role.
QUESTIONS = {
    "list_leader_assignments": "?org_id=1", "satisfaction": "?first=2026-11-01&last=2026-11-24",
}  # fmt: skip
FORMS = {"add_picture", "add_scan"}
STARTED = {"ready"}  # says 503 where the workers are not running, as here


@pytest.fixture
def ground(committing) -> Ground:
    with committing() as session:
        return built(session)


@pytest.fixture
def client(ground) -> Iterator[TestClient]:
    with TestClient(create_app(), raise_server_exceptions=False) as opened:
        yield opened


def rows() -> list[dict[str, str]]:
    return list(csv.DictReader(WRITTEN.read_text(encoding="utf-8").splitlines()))


def path_of(row: dict[str, str], case_id: object) -> str:
    known = PLACES | {"case_id": str(case_id)}
    filled = re.sub(r"{([a-z_]+)(:\w+)?}", lambda part: known.get(part[1], str(uuid4())), row["path"])
    return filled + QUESTIONS.get(row["act"], "")


def ask(client: TestClient, row: dict[str, str], case_id: object, token: str | None) -> object:
    """The answer to a question as bare as can be: what the body must hold is asked after who may send one."""
    headers = {} if token is None else {"Authorization": f"Bearer {token}"}
    body = {"json": {}} if row["method"] == "POST" else {}
    if row["act"] in FORMS:
        body = {"files": {"file": ("a.jpg", b"no picture", "image/jpeg")}}
    answer = client.request(row["method"], path_of(row, case_id), headers=headers, **body)
    assert answer.status_code < 500 or row["act"] in STARTED, (row["act"], answer.text)
    return answer


def let_in(answer, refusal: str) -> bool:
    """Whether somebody came in: neither unknown, nor without the right, nor a stranger to the case."""
    if answer.status_code in {401, 403, 404}:
        return answer.json().get("code") not in {"sign_in.required", "case.unknown", "role.missing", refusal}
    return True


def test_the_matrix_that_is_checked_in_is_that_of_the_policies():
    """Whoever changes a right changes docs/rights.csv with it, and somebody reads that (domain.md C2)."""
    assert WRITTEN.read_text(encoding="utf-8") == lines()


def test_every_cell_is_what_the_running_application_does(client, ground, committing):
    refusals = {route.name: policy_of(route.endpoint).refusal.code for route in routes()}
    wrong = []
    for role, who in ground.people.items():
        token = None
        for row in (each for each in rows() if each["anybody"] == NO):
            if token is None or row["act"] in {"sign_out", "me"}:
                with committing() as session:
                    token = signed_in(session, who)
            came_in = let_in(ask(client, row, ground.ours, token), refusals[row["act"]])
            if came_in != (row[role] in {YES, OWN}):
                wrong.append((row["act"], role.value, "own", came_in))
            if "{case_id}" in row["path"] and row[role] != NO:
                came_in = let_in(ask(client, row, ground.theirs, token), refusals[row["act"]])
                if came_in != (row[role] == YES):
                    wrong.append((row["act"], role.value, "another's", came_in))
            if row["act"] in {"sign_out", "end_all_sessions"}:
                token = None
    assert not wrong, "\n".join(map(str, wrong))


def test_nobody_comes_in_without_a_session_but_where_anybody_may(client, ground):
    for row in rows():
        answer = ask(client, row, ground.ours, None)
        assert (answer.status_code != 401) == (row["anybody"] == YES), row["act"]


def test_the_district_s_rights_are_no_use_in_another_office(client, ground, committing):
    """An office's people reach no further than their office, whatever roles an account was given."""
    from tests import make  # noqa: PLC0415

    with committing() as session:
        town = session.get_one(type(make.org(session, "town")), ground.people[Role.TOWN_CLERK].org_id)
        token = signed_in(session, make.officer(session, town, *(set(Role) - {Role.DISCIPLINE})))
    for row in rows():
        if row["scope"] == "district":
            assert ask(client, row, ground.ours, token).status_code == 403, row["act"]
        elif "{case_id}" in row["path"]:
            assert ask(client, row, ground.theirs, token).json()["code"] in {"case.unknown", "role.missing"}, row["act"]


def test_every_role_of_the_law_has_a_column():
    assert HEADER[6:] == [role.value for role in Role]

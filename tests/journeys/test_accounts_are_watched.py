"""What is done to accounts is read by those who watch over them (M78), and roles that go together are held (C2)."""

from uuid import uuid4

import pytest
import world

from kit.db import OWNER, unit_of_work
from people.models import AccountRole
from people.roles import Role


@pytest.fixture
def opened(client, person):
    """An account of an office: its number, and its holder signed in; `also` is given beside what may be held."""

    def _opened(
        org: str, *roles: Role, staff_number: str | None = None, also: Role | None = None
    ) -> tuple[int, world.Officer]:
        username, number = person(*roles, org=org, staff_number=staff_number)
        if also is not None:
            with unit_of_work(OWNER) as session:
                session.add(AccountRole(account_id=number, role=str(also)))
        answer = client.post("/o/v1/sessions", json={"username": username, "password": world.PASSWORD})
        assert answer.status_code == 201, answer.text
        return number, world.Officer(client, answer.json()["token"])

    return _opened


def code_of(answer):
    return answer.status_code, answer.json()["code"]


def test_m78_what_was_done_to_accounts_is_read_in_pages_by_those_who_watch(client, opened, sign_in):
    admin_id, admin = opened("D", Role.SYSADMIN)
    account, _ = opened("W", Role.TOWN_CLERK)
    for act in ("suspensions", "restorations", "suspensions"):
        assert admin.post(f"/accounts/{account}/{act}", {"reason": "核查"}).status_code == 201
    for watcher in (admin, sign_in("discipline")):
        first = watcher.get(f"/accounts/entries?account_id={account}&limit=2").json()
        assert [(row["kind"], row["by_id"], row["reason"]) for row in first["items"]] == [
            ("suspended", admin_id, "核查"), ("restored", admin_id, "核查"),
        ]  # fmt: skip
        rest = watcher.get(f"/accounts/entries?account_id={account}&limit=2&after={first['next']}").json()
        assert ([row["kind"] for row in rest["items"]], rest["next"]) == (["suspended"], None)
        other = watcher.get(f"/accounts/entries?by_id={account}&after={first['next']}")
        assert code_of(other) == (422, "page.cursor_invalid")
    for stranger in ("clerk", "leader", "desk", "safety", "keeper"):
        assert code_of(sign_in(stranger).get("/accounts/entries")) == (403, "role.missing")
    assert sign_in("discipline").post(f"/accounts/{account}/restorations", {"reason": "x"}).status_code == 403


def test_c2_roles_that_do_not_go_together_are_refused_by_name(opened):
    _, admin = opened("D", Role.SYSADMIN)
    clerk, _ = opened("W", Role.TOWN_CLERK)
    desk, _ = opened("D", Role.INTAKE_OFFICER)

    def given(account, *roles):
        return admin.post(f"/accounts/{account}/roles", {"roles": list(roles), "reason": "调岗"})

    assert code_of(given(clerk, "town_clerk", "custodian")) == (422, "account.roles_of_another_office")
    assert code_of(given(desk, "discipline_readonly", "intake_officer")) == (422, "account.roles_apart")
    assert code_of(given(desk, "sysadmin", "custodian")) == (422, "account.roles_apart")
    assert given(desk, "intake_officer", "publisher").json()["roles"] == ["intake_officer", "publisher"]


def test_an_older_account_with_the_discipline_body_s_role_beside_another_reads_and_never_fails(opened):
    _, mixed = opened("D", Role.SAFETY_OFFICE, also=Role.DISCIPLINE)
    assert mixed.get("/me").json()["roles"] == ["discipline_readonly"]
    assert mixed.get("/cases").status_code == 200
    assert mixed.get("/accounts/entries").status_code == 200
    refused = mixed.post("/relations", {"name": "某厂", "kind": "kin"})
    assert code_of(refused) == (403, "role.missing")


def test_c2_one_person_does_nothing_to_an_account_of_their_own_from_another(opened):
    number = f"GA-{uuid4().hex[:8]}"
    elsewhere, _ = opened("W", Role.TOWN_CLERK)
    first_id, first = opened("D", Role.SYSADMIN, staff_number=number)
    _, second = opened("D", Role.SYSADMIN, staff_number=number.lower())
    assert code_of(second.post(f"/accounts/{first_id}/suspensions", {"reason": "x"})) == (403, "account.your_own")
    said = first.post(f"/accounts/{elsewhere}/persons", {"staff_number": number, "reason": "核对工号"})
    assert (said.status_code, said.json()["kind"]) == (201, "person")
    assert number not in said.text
    assert code_of(second.post(f"/accounts/{elsewhere}/suspensions", {"reason": "x"})) == (403, "account.your_own")
    wrong = first.post(f"/accounts/{first_id}/persons", {"staff_number": number, "reason": "x"})
    assert code_of(wrong) == (403, "account.your_own")
    other, _ = opened("W", Role.TOWN_CLERK)
    none = first.post(f"/accounts/{other}/persons", {"staff_number": "?", "reason": "x"})
    assert code_of(none) == (422, "account.staff_number")

"""`seed-demo` and `demo-accounts`: everybody is there once, can sign in, and no password is written down."""

import pytest
from sqlalchemy import func, select

from cases import policy
from cli.demo.offices import demo_password, people
from cli.demo_district import _departments, demo_accounts, offices, seed_demo
from cli.refusal import CannotGoOn
from geo.models import Boundary
from people import sign_in
from people.models import Account, Org
from people.roles import Role


@pytest.fixture
def seeded(committing):
    seed_demo()
    return committing


def test_seeding_again_changes_nothing(seeded):
    def counts():
        with seeded() as session:
            return [session.scalar(select(func.count()).select_from(t)) for t in (Org, Account, Boundary)]

    before = counts()
    seed_demo()
    assert counts() == before
    assert before[0] > 30
    assert before[1] > 90


def test_every_account_signs_in_with_the_password_of_its_job_and_has_its_roles(seeded, now):
    with seeded() as session:
        for username, job, roles in (
            ("desk", "desk", {Role.INTAKE_OFFICER}),
            ("zone-officer2", "officer2", {Role.TOWN_OFFICER}),
            ("fire-leader", "leader", {Role.DEPT_LEADER}),
            ("group-leader", "leader", {Role.TOWN_LEADER, Role.DEPT_LEADER}),
        ):
            signed = sign_in.sign_in(session, username, demo_password(job), now=now)
            assert signed is not None, username
            assert signed.actor.roles == roles


def test_every_department_that_the_catalogue_needs_has_an_office(seeded, now):
    with seeded() as session:
        held = set(session.scalars(select(Org.department_kind).where(Org.kind == "department")))
        for category in policy.categories(session, now):
            for kind in (*category.lead_dept_kinds, *category.coop_dept_kinds):
                assert policy.acting_kind(session, kind, now) in held, (category.category_code, kind)


def test_every_town_and_the_development_zone_have_a_body(seeded):
    with seeded() as session:
        codes = session.scalars(select(Org.unit_code).where(Org.kind == "town")).all()
    assert len(codes) == 13
    assert "990101401" in codes


def test_no_two_people_share_a_name_or_an_account(seeded, now):
    with seeded() as session:
        everybody = list(people(offices(_departments(session, now))))
    assert len({p.name for p in everybody}) == len({p.username for p in everybody}) == len(everybody)


def test_accounts_are_shown_one_of_each_or_all(seeded, capsys):
    demo_accounts()
    short = capsys.readouterr().out
    demo_accounts(every=True)
    everything = capsys.readouterr().out
    assert demo_password("desk") in short
    assert "yunjin-clerk" in short
    assert "xidu-clerk" not in short
    assert "xidu-clerk" in everything


def test_without_a_demo_district_no_accounts_are_shown(committing, capsys):
    demo_accounts()
    assert capsys.readouterr().out == ""


def test_a_real_district_is_not_mixed_with_the_demo(committing):
    with committing() as session:
        session.add(Org(code="330101", kind="district", name_zh="某区", name_en="Some"))
    with pytest.raises(CannotGoOn, match="330101"):
        seed_demo()
    with committing() as session:
        assert session.scalar(select(func.count()).select_from(Account)) == 0

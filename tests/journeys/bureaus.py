"""Two departments for journeys of enforcement, at work only while such a journey runs: emergency management, police."""

from datetime import timedelta

from sqlalchemy import select, update
from world import PASSWORD

from kit import clock
from kit.clock import LOCAL_ZONE
from kit.db import OWNER, unit_of_work
from people import sign_in
from people.models import Account, Certificate, Org
from people.roles import Role

PEOPLE = {
    "emergency": {"first": Role.DEPT_OFFICER, "second": Role.DEPT_OFFICER, "third": Role.DEPT_OFFICER,
                  "chief": Role.DEPT_LEADER},
    "police": {"constable": Role.DEPT_OFFICER, "commander": Role.DEPT_LEADER},
}  # fmt: skip
CERTIFIED = ("first", "second")


def open_doors() -> None:
    """Put the departments in, or back to work."""
    today = clock.now().astimezone(LOCAL_ZONE).date()
    with unit_of_work(OWNER) as session:
        for kind, people in PEOPLE.items():
            org = session.scalars(select(Org).where(Org.code == f"J-{kind}")).one_or_none()
            if org is not None:
                org.active = True
                continue
            org = Org(code=f"J-{kind}", kind="department", department_kind=kind, name_zh=kind, name_en=kind)
            session.add(org)
            session.flush()
            for name, role in people.items():
                account = sign_in.create_officer(
                    session, org=org, username=f"walk-{kind}-{name}", name=name, password=PASSWORD, roles=[role]
                )
                if name in CERTIFIED:
                    session.add(
                        Certificate(
                            account_id=account.id, number=f"J-{kind}-{name}", scope=["all"], valid_from=today,
                            valid_to=today + timedelta(days=365), entered_at=clock.now(),
                        )
                    )  # fmt: skip


def close_doors() -> None:
    """Let no other journey meet them."""
    with unit_of_work(OWNER) as session:
        session.execute(update(Org).where(Org.code.in_([f"J-{kind}" for kind in PEOPLE])).values(active=False))


def org_id(kind: str) -> int:
    """The id of a department of a kind."""
    with unit_of_work(OWNER) as session:
        return session.scalars(select(Org.id).where(Org.code == f"J-{kind}")).one()


def account_id(name: str) -> int:
    """The id of an officer, by department and name."""
    with unit_of_work(OWNER) as session:
        return session.scalars(select(Account.id).where(Account.username == f"walk-{name}")).one()

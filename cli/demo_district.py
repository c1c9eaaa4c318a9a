"""`seed-demo` and `demo-accounts`: the fictional district, its offices and its people. Safe to repeat.

Passwords are derived from the installation's secret, so that no two installations share them and none is written down.
"""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from cases.policy import department_kinds
from cli.demo import district
from geo.models import Unit
from kit import clock
from kit.db import OWNER, unit_of_work
from kit.secrets import derived
from people import sign_in
from people.models import Account, AccountRole, Org
from people.roles import Role

NAME = district.DISTRICT_NAME[0]
DISTRICT, GROUP = "wanglan-safety", "wanglan-group"


@dataclass(frozen=True)
class Post:
    """One demo account: what it is called and what it may do."""

    suffix: str
    title: str
    roles: tuple[Role, ...]


DISTRICT_POSTS = (
    Post("intake", "受理员", (Role.INTAKE_OFFICER,)),
    Post("safety", "安委办督办员", (Role.SAFETY_OFFICE,)),
    Post("publisher", "发布员", (Role.PUBLISHER,)),
    Post("legal", "法制审核员", (Role.LEGAL_REVIEWER,)),
    Post("discipline", "纪检监督员", (Role.DISCIPLINE,)),
)
TOWN_POSTS = (
    Post("clerk", "值班员", (Role.TOWN_CLERK,)),
    Post("officer", "核查员甲", (Role.TOWN_OFFICER,)),
    Post("officer2", "核查员乙", (Role.TOWN_OFFICER,)),
    Post("leader", "分管领导", (Role.TOWN_LEADER,)),
)
DEPARTMENT_POSTS = (
    Post("officer", "执法员", (Role.DEPT_OFFICER,)),
    Post("leader", "分管领导", (Role.DEPT_LEADER,)),
)


def seed_demo() -> None:
    """Put in the demo district where it is missing: boundaries, zones, offices and accounts."""
    now = clock.now()
    with unit_of_work(OWNER) as session:
        district.load(session, now)
        session.flush()
        for org, posts in _offices(session):
            _staff(session, org, posts)


def demo_accounts() -> None:
    """Show the demo accounts with their passwords."""
    with unit_of_work(OWNER) as session:
        rows = session.execute(
            select(Account.username, Account.name, Org.name_zh).join(Org).order_by(Org.id, Account.id)
        ).all()
    for username, name, office in rows:
        print(f"{username:<24} {password(username)}  {office} {name}")


def password(username: str) -> str:
    """The password of a demo account in this installation; accounts of one kind of post share one."""
    return "demo-" + derived(f"demo-password:{_kind(username)}").hex()[:10]


def _kind(username: str) -> str:
    return username.rpartition("-")[2]


def _offices(session: Session) -> list[tuple[Org, tuple[Post, ...]]]:
    top = _org(session, code=DISTRICT, kind="district", name_zh=f"{NAME}安全生产委员会办公室", name_en="Safety office")
    offices = [(top, DISTRICT_POSTS)]
    group = _org(session, code=GROUP, kind="group", name_zh=f"{NAME}政府事故核查组", name_en="County-level group")
    offices.append((group, (*TOWN_POSTS, *(Post(f"dept-{p.suffix}", p.title, p.roles) for p in DEPARTMENT_POSTS))))
    for kind in department_kinds(session).values():
        if kind.nature == "department":
            org = _org(
                session, code=f"wanglan-{kind.code}", kind="department", department_kind=kind.code,
                name_zh=f"{NAME}{kind.zh}", name_en=kind.en,
            )  # fmt: skip
            offices.append((org, DEPARTMENT_POSTS))
    units = session.scalars(select(Unit).where(Unit.district_code == district.DISTRICT_CODE).order_by(Unit.code))
    for unit in units:
        org = _org(
            session, code=f"t{unit.code[-3:]}", kind="town", unit_code=unit.code, name_zh=unit.name_zh,
            name_en=unit.name_en,
        )  # fmt: skip
        offices.append((org, TOWN_POSTS))
    return offices


def _org(session: Session, *, code: str, **columns: str) -> Org:
    org = session.scalars(select(Org).where(Org.code == code)).one_or_none()
    if org is None:
        org = Org(code=code, duty_phone="12350", **columns)
        session.add(org)
        session.flush()
    return org


def _staff(session: Session, org: Org, posts: tuple[Post, ...]) -> None:
    known = set(session.scalars(select(Account.username).where(Account.org_id == org.id)))
    for post in posts:
        username = f"{org.code}-{post.suffix}"
        if username not in known:
            account = Account(
                org_id=org.id, username=username, name=post.title, password_hash=_hash(password(username))
            )
            account.roles = [AccountRole(role=str(role)) for role in post.roles]
            session.add(account)
    session.flush()


_hashes: dict[str, str] = {}


def _hash(secret: str) -> str:
    """One argon2 hash for each kind of post: seventy of them, each its own, would take half a minute."""
    if secret not in _hashes:
        _hashes[secret] = sign_in.hashed(secret)
    return _hashes[secret]

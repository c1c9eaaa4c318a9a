"""Bodies that answer for something (M11): opening one, and what the body of a place is called."""

from typing import Final

from sqlalchemy.orm import Session

from people.models import Org

BODIES: Final = {"street": "{}办事处", "zone": "{}管理委员会", "scenic": "{}管理委员会"}
ENDINGS: Final = ("办事处", "人民政府", "管理委员会", "管委会")


def body_of(name: str, kind: str) -> str:
    """The body that governs a place of one of `geo.models.KINDS`: 元和街道 has 元和街道办事处, 望亭镇 its 人民政府."""
    return name if name.endswith(ENDINGS) else BODIES.get(kind, "{}人民政府").format(name)


def open_office(
    session: Session,
    code: str,
    kind: str,
    name_zh: str,
    *,
    name_en: str = "",
    unit_code: str | None = None,
    department_kind: str | None = None,
    duty_phone: str = "",
    parent: Org | None = None,
) -> Org:
    """A body under `parent`, with the unit it answers for. The database refuses what another one has."""
    org = Org(
        code=code, kind=kind, name_zh=name_zh, name_en=name_en or name_zh, unit_code=unit_code,
        department_kind=department_kind, duty_phone=duty_phone, parent_id=parent.id if parent else None,
    )  # fmt: skip
    session.add(org)
    session.flush()
    return org

"""`./jz open-office` and `./jz open-town-offices`: from boundaries with nobody to answer, to towns that get cases."""

import pytest
import typer
from sqlalchemy import select
from typer.testing import CliRunner

from cases.policy.defaults import load_defaults
from cases.routing import is_answered_for, unanswered
from cli.offices import open_one, open_towns
from people.models import Org
from people.offices import body_of
from tests import make

ONE, TOWNS = typer.Typer(), typer.Typer()
ONE.command()(open_one)
TOWNS.command()(open_towns)


def one(*words):
    return CliRunner().invoke(ONE, list(words))


def towns(*words):
    return CliRunner().invoke(TOWNS, list(words))


@pytest.fixture
def land(committing, now):
    """Two units of an edition in force, for which nobody answers."""
    with committing() as session:
        load_defaults(session, now)
        made = make.edition(session, {"320507001": make.WEST, "320507101": make.EAST})
        return made.id


@pytest.fixture
def district(committing):
    with committing() as session:
        session.add(Org(code="320507", kind="district", name_zh="区安委办", name_en="Office"))


@pytest.mark.parametrize(
    ("name", "kind", "body"),
    [
        ("元和街道", "street", "元和街道办事处"), ("望亭镇", "town", "望亭镇人民政府"),
        ("三合乡", "township", "三合乡人民政府"),
        ("高铁新城", "zone", "高铁新城管理委员会"), ("开发区管委会", "zone", "开发区管委会"),
    ],
)  # fmt: skip
def test_a_place_is_governed_by_the_body_its_kind_has(name, kind, body):
    assert body_of(name, kind) == body


def test_after_it_every_unit_is_answered_for_and_a_second_run_adds_nothing(land, district, committing, now):
    with committing() as session:
        assert [unit.code for unit in unanswered(session, now)] == ["320507001", "320507101"]
    done = towns("--yes")
    assert done.exit_code == 0, done.output
    with committing() as session:
        opened = session.scalars(select(Org).where(Org.kind == "town").order_by(Org.code)).all()
        assert [(org.code, org.unit_code) for org in opened] == [("320507001",) * 2, ("320507101",) * 2]
        assert {org.parent_id for org in opened} == set(session.scalars(select(Org.id).where(Org.code == "320507")))
        assert all(is_answered_for(session, make.unit_of(session, org.unit_code).id) for org in opened)
        assert unanswered(session, now) == []
    assert towns("--yes").exit_code == 0
    with committing() as session:
        assert len(session.scalars(select(Org)).all()) == 3


def test_without_somebody_who_agrees_nothing_is_opened(land, district, committing):
    assert "--yes" in str(towns().exception)
    with committing() as session:
        assert session.scalars(select(Org.code)).all() == ["320507"]


def test_another_district_is_left_alone(land, district, committing, now):
    assert towns("--district", "500120", "--yes").exit_code == 0
    with committing() as session:
        assert len(unanswered(session, now)) == 2


def test_the_districts_own_office_comes_first(land):
    assert "district's own office first" in str(towns("--yes").exception)
    assert one("320507", "--kind", "district", "--name", "区安委办").exit_code == 0
    assert towns("--yes").exit_code == 0


def test_a_department_says_which_one_it_is(land, district, committing):
    assert "fire" in str(one("D1", "--kind", "department", "--name", "区消防救援大队").exception)
    assert "There are:" in str(one("D1", "--kind", "department", "--name", "某局", "--department", "none").exception)
    assert one("D1", "--kind", "department", "--name", "区消防救援大队", "--department", "fire").exit_code == 0
    with committing() as session:
        assert session.scalars(select(Org.department_kind).where(Org.code == "D1")).one() == "fire"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("T", "--kind", "town", "--name", "某镇人民政府"), "A town answers for a unit"),
        (("T", "--kind", "town", "--name", "某镇人民政府", "--unit", "999999999"), "There is no unit 999999999"),
        (("G", "--kind", "group", "--name", "核查组", "--unit", "320507001"), "nobody else does"),
        (("320507", "--kind", "group", "--name", "核查组"), "already"),
    ],
)
def test_what_does_not_fit_is_refused_and_leaves_nothing(land, district, committing, words, said):
    assert said in str(one(*words).exception)
    with committing() as session:
        assert session.scalars(select(Org.code)).all() == ["320507"]


def test_a_unit_belongs_to_one_body(land, district):
    words = ("--kind", "town", "--name", "某镇人民政府", "--unit", "320507101")
    assert one("T1", *words).exit_code == 0
    assert "already" in str(one("T2", *words).exception)

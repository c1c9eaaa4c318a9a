"""Every act of the API has a form in people's words: its title, each of its fields, each of its choices."""

import pytest

from api.app import create_app
from cases.kinds import Kind
from web.desk.case import inner, labels
from web.desk.case.act_words import ACTS, GROUPS
from web.desk.case.acts import ON_A_CASE, THINGS, acts_of
from web.desk.case.shapes import shape_of
from web.desk.case.sources import SOURCES, sources_of
from web.desk.case.trail_words import SAYS

UPLOADS = {"add_picture", "add_scan"}  # files, whose forms are pages of their own
FIRST_OF_A_CASE = Kind.REGISTERED


@pytest.fixture(scope="module")
def app():
    return create_app()


@pytest.fixture(scope="module")
def acts(app):
    return acts_of(app)


def test_every_act_on_a_case_is_offered_and_none_that_does_not_exist(app):
    posts = {
        name
        for name, route in inner.routes(app).items()
        if "POST" in route.methods and route.path.startswith(ON_A_CASE)
    }

    assert posts - UPLOADS == set(ACTS)


def test_every_field_and_every_choice_has_a_word(acts):
    wordless = [
        f"{act.name}.{path}: {code}"
        for act in acts.values()
        for path, field in shape_of(act.body).walk()
        if path and labels.label(act.name, path)
        for code in field.codes
        if code not in labels.choices(act.name, path)
    ]

    assert wordless == []


def test_no_word_is_left_for_a_field_that_is_gone(acts):
    paths = {f"{act.name}.{path}" for act in acts.values() for path, _ in shape_of(act.body).walk() if path}

    for table in (labels.FIELDS, labels.HINTS, labels.CHOICES, SOURCES):
        assert [key for key in table if not any(path == key or path.endswith(f".{key}") for path in paths)] == []


def test_what_an_act_is_done_to_is_known(acts):
    assert {act.thing for act in acts.values()} - {""} == set(THINGS)
    assert {act.called.group for act in acts.values()} == set(GROUPS)


def test_where_the_api_wants_an_id_a_person_chooses_or_the_page_knows(acts):
    """No officer types a number of a row by heart, but for what the console cannot list."""
    by_hand = {
        f"{act.name}.{path}"
        for act in acts.values()
        for path, field in shape_of(act.body).walk()
        if field.kind in {"id", "many"} and path not in sources_of(act.name, shape_of(act.body))
    }

    assert by_hand == {"accept_rectification.checks.finding_id", "reopen_case.other_case_id", "ask_paper.subject_id"}


def test_every_entry_on_the_trail_of_a_case_is_a_sentence():
    kinds = list(Kind)

    assert [kind for kind in kinds[kinds.index(FIRST_OF_A_CASE) :] if kind not in SAYS] == []

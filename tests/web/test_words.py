"""The pages say the same words as the API, though neither imports the other."""

from api.mobile import tracking
from cases.exposure import GROUNDS_BUILT
from cases.feeds.items import PROGRESS
from cases.models.report import REPORT_STATES
from mobile_contract.v1.enums import LABELS
from web import words


def test_progress_of_an_exposure_reads_as_in_the_feed():
    assert words.PROGRESS == PROGRESS


def test_states_of_a_report_read_as_on_the_phone():
    assert {state: label.zh for state, label in LABELS["report_state"].items()} == words.REPORT_STATES
    assert set(words.REPORT_STATES) == set(REPORT_STATES)


def test_the_course_of_a_report_reads_as_on_the_phone():
    assert {kind: zh for kind, (zh, _en) in tracking.LINES.items()} == words.EVENTS
    assert (tracking.WAITING[0], tracking.HANDLING[0]) == (words.WAITING, words.HANDLING)
    assert (tracking.UNTIL_OBJECTION[0], tracking.ENOUGH[0]) == (words.UNTIL_OBJECTION, words.ENOUGH)


def test_verdicts_and_photos_read_as_on_the_phone():
    verdicts = {outcome: LABELS["verdict"][told].zh for outcome, told in tracking.VERDICTS.items()}
    photos = {state: LABELS["photo_state"][tracking.PHOTO_STATES.get(state, state)].zh for state in words.PHOTO_STATES}
    assert (verdicts, photos) == (words.VERDICTS, words.PHOTO_STATES)


def test_a_reward_reads_as_on_the_phone():
    assert {state: label.zh for state, label in LABELS["reward_state"].items()} == words.REWARDS


def test_every_ground_that_can_be_drafted_has_its_words():
    assert set(GROUNDS_BUILT) <= set(words.GROUNDS)

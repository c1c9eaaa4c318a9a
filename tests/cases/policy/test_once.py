"""Policy is asked once in a transaction: what it lays down holds at once, what others do from the next one on (X32)."""

from datetime import date

from sqlalchemy import update

from cases import policy
from cases.models.policy import PolicyValue
from cases.policy.calendar_years import enter_year
from cases.policy.once import once
from tests import make


def metres(session, now):
    return policy.value(session, "checkin_m", now)


def test_a_question_is_asked_once_in_a_transaction(session):
    asked = []

    def ask(_, about):
        asked.append(about)
        return [about]

    first = once(session, ask, 1)
    assert once(session, ask, 1) is first
    assert once(session, ask, 2) == [2]
    assert asked == [1, 2]
    session.commit()
    assert once(session, ask, 1) == [1]
    assert asked == [1, 2, 1]


def test_what_a_transaction_lays_down_it_sees_and_what_it_undoes_it_does_not(session, now):
    assert metres(session, now) == 200
    session.add(PolicyValue(key="checkin_m", version=2, effective_at=now, value=120, note=""))
    assert metres(session, now) == 120
    undone = session.begin_nested()
    make.value(session, "checkin_m", 60, at=now)
    assert metres(session, now) == 60
    undone.rollback()
    assert metres(session, now) == 120
    session.execute(update(PolicyValue).where(PolicyValue.version == 2).values(value=90))
    assert metres(session, now) == 90


def test_a_year_that_is_entered_counts_at_once(session, now):
    assert policy.calendar(session, now).is_working(date(2030, 1, 2))
    enter_year(session, 2030, {date(2030, 1, 2): ("rest", "元旦")}, source="国办2030")
    assert not policy.calendar(session, now).is_working(date(2030, 1, 2))


def test_what_others_lay_down_holds_from_the_next_transaction_on(committing, now):
    with committing() as reader:
        assert metres(reader, now) == 200
        with committing() as writer:
            make.value(writer, "checkin_m", 120, at=now)
        assert metres(reader, now) == 200
    with committing() as reader:
        assert metres(reader, now) == 120
        reader.delete(reader.get_one(PolicyValue, ("checkin_m", 2)))
    with committing() as reader:
        assert metres(reader, now) == 200

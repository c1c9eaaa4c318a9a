"""More officers at once than there are connections: they wait for each other, and nobody is turned away."""

from concurrent.futures import ThreadPoolExecutor

from api.app import THREADS
from api.dependencies import SEATS
from kit.db import MOST_CONNECTIONS

AT_ONCE = 3 * MOST_CONNECTIONS


def test_more_requests_than_connections_are_all_answered(client, sign_in):
    clerk = sign_in("clerk")
    with ThreadPoolExecutor(AT_ONCE) as crowd:
        answers = list(crowd.map(lambda _: clerk.get("/notices").status_code, range(AT_ONCE * 3)))
    assert set(answers) == {200}


def test_there_is_a_connection_for_every_seat_and_every_thread():
    assert SEATS + THREADS <= MOST_CONNECTIONS

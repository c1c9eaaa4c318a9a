"""What every answer carries, whatever it says: nobody frames it, sniffs it, keeps it or learns where it came from."""

import pytest
from starlette.testclient import TestClient

from api.app import create_app
from web import app as pages

ALWAYS = {
    "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY",
    "cross-origin-opener-policy": "same-origin", "cross-origin-resource-policy": "same-origin",
}  # fmt: skip


@pytest.fixture(scope="module")
def client(database_url):
    app = create_app()
    pages.install(app)
    with TestClient(app, raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/healthz", 200), ("GET", "/m/v1/config", 200), ("POST", "/m/v1/reports", 415),
        ("GET", "/o/v1/me", 401), ("GET", "/o/v1/queue", 401), ("POST", "/o/v1/sessions", 422),
        ("PUT", "/o/v1/me", 405),
        ("GET", "/nowhere", 404),
        ("GET", "/", 200), ("GET", "/exposures", 200), ("GET", "/open/exposures/nobody", 404),
    ],
)  # fmt: skip
def test_every_answer_has_them_once(client, method, path, status):
    answer = client.request(method, path)
    assert answer.status_code == status
    assert ALWAYS.items() <= dict(answer.headers).items()
    for name in (*ALWAYS, "content-security-policy", "cache-control", "x-request-id"):
        assert len(answer.headers.get_list(name)) == 1, name
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
    assert "server" not in answer.headers


def test_what_says_something_of_a_person_is_never_kept_and_what_is_public_may_be(client):
    assert client.get("/o/v1/cases").headers["cache-control"] == "no-store"
    assert client.get("/m/v1/config").headers["cache-control"].startswith("public")


def test_an_answer_that_is_no_page_may_load_nothing(client):
    assert client.get("/o/v1/me").headers["content-security-policy"].startswith("default-src 'none'")

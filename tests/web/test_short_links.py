"""The code on a posted notice leads to the public page, for everybody (M18, X41)."""

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from web import short_links


@pytest.fixture
def client():
    app = FastAPI()
    app.include_router(short_links.router)
    with TestClient(app, follow_redirects=False) as opened:
        yield opened


def test_a_notices_code_leads_to_the_public_page_and_names_the_notice(client):
    answer = client.get("/q/n/0123456789abcdef")
    assert (answer.status_code, answer.headers["location"]) == (303, "/?source=notice:0123456789abcdef")


@pytest.mark.parametrize("code", ["0", "0123456789ABCDEF", "0123456789abcdef0", "..%2f..%2fetc", "0123456789abcde%0a"])
def test_anything_else_leads_nowhere(client, code):
    assert client.get(f"/q/n/{code}").status_code in {404, 422}

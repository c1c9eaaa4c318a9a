"""The front page, the files of the pages, and the headers of all of them."""

import re

import pytest

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


def test_the_front_page_says_whom_to_call_before_anything_else(client):
    text = client.get("/").text

    assert [text.index(f'href="tel:{number}"') for number in ("119", "110", "120")] < [text.index("<h1")] * 3


def test_the_front_page_leads_to_where_a_report_is_made(client):
    assert client.get("/").text.count('href="/app/"') == 2
    assert client.get("/app/").status_code == 200


def test_m18_x41_whoever_scans_a_notice_reads_what_can_be_done_now(client):
    """The code goes on to the app with the link; beside that, any code reads the same (X41)."""
    link = client.get("/q/n/0123456789abcdef", follow_redirects=False)
    assert link.headers["location"] == "/?source=notice:0123456789abcdef"  # which an app sends as it is
    answer = client.get(link.headers["location"])

    said = answer.text
    for words in ("也可以打告示上印的两个电话", 'href="tel:12345"', "/app/?source=notice:0123456789abcdef"):
        assert words in said
    assert said.count("<h1") == 1
    another = client.get("/q/n/fedcba9876543210").text
    assert another.replace("fedcba9876543210", "0123456789abcdef") == said
    assert "告示上印的" not in client.get("/").text
    assert "<script" not in client.get("/", params={"source": "notice:<script>"}).text


def test_the_front_page_stands_while_the_rules_cannot_be_read(client, monkeypatch):
    monkeypatch.setattr(client.app.app.state.rules, "_rules", None)

    answer = client.get("/")

    assert answer.status_code == 200
    assert 'href="tel:119"' in answer.text


@pytest.mark.parametrize("path", ["/", "/exposures", "/exposures/0000000000000000", "/no-such-page"])
def test_every_page_carries_the_strict_policy_and_one_heading(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})

    assert answer.headers["content-security-policy"] == POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.text.count("<h1") == 1
    assert '<html lang="zh-CN">' in answer.text
    assert "<script" not in answer.text
    assert " style=" not in answer.text


def test_files_are_kept_for_ever_under_their_present_version_only(client):
    address = re.search(r'href="(/static/[0-9a-f]{12}/jingzhong\.css)"', client.get("/").text)[1]

    present = client.get(address)
    old = client.get("/static/000000000000/jingzhong.css")

    assert present.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in present.headers["cache-control"]
    assert (old.content, old.headers["cache-control"]) == (present.content, "no-cache")


@pytest.mark.parametrize("name", ["nothing.css", "..%2Fapp.py", "%00"])
def test_no_other_file_can_be_had(client, name):
    assert client.get(f"/static/000000000000/{name}").status_code == 404


def test_a_stray_path_is_told_as_a_page_to_a_browser_and_as_a_problem_to_a_program(client):
    page = client.get("/no-such-page", headers={"Accept": "text/html,*/*;q=0.8"})
    problem = client.get("/no-such-page")

    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert (problem.status_code, problem.headers["content-type"]) == (404, "application/problem+json")


@pytest.mark.parametrize("path", ["/m/v1/nothing", "/o/v1/me", "/open/exposures/nothing"])
def test_the_api_never_answers_with_a_page(client, path):
    answer = client.get(path, headers={"Accept": "text/html"})

    assert answer.headers["content-type"] == "application/problem+json"

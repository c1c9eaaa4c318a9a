"""Whatever is sent, and wherever: a problem with a code, never a failure of ours (T20, security.md 0.4 and 3.8).

Routes, fields and words of queries are read from the application: one that is built tomorrow is attacked tomorrow.
"""

from collections import Counter
from xml.etree import ElementTree as ET

import pytest
from hostile import AMBIGUOUS, BODIES, HEADS, KINDS, PATHS, QUERIES, Described, kind_of, put, some, spoilt, worst
from sweeping import inside, operations
from test_a_report_reaches_the_feed import dispatched, handled

from api.georeport import TYPES, speaks_at

SIGNS_OUT = "/o/v1/sessions/end"
FAILED = 500
PEOPLE = ("leader", "desk", "safety", "fire", "publisher", "lawyer", "keeper", "cashier", "discipline", "officer")
JSON = {"Content-Type": "application/json"}


class Attack:
    """Sends anything to an application with a case in it, as whoever gets furthest; keeps what was no answer."""

    def __init__(self, client, sign_in, case_id):
        self.client, self._sign_in = client, sign_in
        self.bad, self.codes = [], Counter()
        self._people = {name: sign_in(name) for name in PEOPLE}
        self._furthest = {}
        self._seen = {"If-Match": f'"{self._people["leader"].get(f"/cases/{case_id}").json()["version"]}"'}

    def __call__(self, method, path, what, *, headers=None, as_for="", **sent):
        name = self._who(method, as_for or path)
        given = (self._people[name].headers | self._seen if path.startswith("/o/v1") else {}) | (headers or {})
        answer = self.client.request(
            method, path, headers={key: value.encode("latin-1") for key, value in given.items()}, **sent
        )
        told = self._told(answer)
        self.codes[told] += 1
        if told is None:
            self.bad.append((method, path[:90], what, name, answer.status_code, answer.text[:200]))
        elif told == "sign_in.required" and "Authorization" not in (headers or {}):
            self._people[name] = self._sign_in(name)

    def _who(self, method, path):
        """Of those who work here, the first whom this is not refused for who they are."""
        if (method, path) not in self._furthest:
            sent = {"json": {}} if method == "POST" else {}
            ask = self.client.request
            refused = (401, 403, 404)
            self._furthest[method, path] = next(
                (
                    name
                    for name, who in self._people.items()
                    if path.startswith("/o/v1")
                    and ask(method, path, headers=who.headers | self._seen, **sent).status_code not in refused
                ),
                PEOPLE[0],
            )
        return self._furthest[method, path]

    @staticmethod
    def _told(answer):
        """The code of a refusal, or that it was none; nothing where we failed, or did not say why."""
        if answer.is_success or answer.is_redirect or answer.status_code == 304:
            return "taken"
        if speaks_at(answer.request.url.path):
            return _told_by_georeport(answer)
        if answer.headers.get("content-type") != "application/problem+json":
            return None
        code = answer.json().get("code")
        return None if code == "internal" or answer.status_code == FAILED else code


def _told_by_georeport(answer):
    """The same of a refusal as GeoReport v2 tells one; nothing where it does not say what and why."""
    if answer.headers.get("content-type") == TYPES["json"]:
        told = [(error["code"], error["description"]) for error in answer.json()]
    elif answer.headers.get("content-type") == TYPES["xml"]:
        told = [(int(e.findtext("code")), e.findtext("description")) for e in ET.fromstring(answer.text)]  # noqa: S314 - our own answer
    else:
        return None
    whole = told and all(code == answer.status_code < FAILED and description for code, description in told)
    return "open311" if whole else None


@pytest.fixture
def attack(client, work, sign_in):
    _, _, case_id = dispatched(client, work, sign_in("desk"))
    handled(sign_in, case_id)
    work()
    return Attack(client, sign_in, case_id)


@pytest.fixture
def described(attack, client):
    return Described(inside(client.app).openapi())


def test_every_field_of_every_body_whatever_is_put_there(attack, described):
    tried, seen = 0, set()
    for template, of in described.bodies():
        if template == SIGNS_OUT:
            continue
        body, path = described.example(of), described.path(template)
        for at, inner in described.fields(of):
            values = worst(inner) if kind_of(inner) in seen else spoilt(inner)
            seen.add(kind_of(inner))
            for value in values:
                attack("POST", path, (at, repr(value)[:60]), json=put(body, at, value))
                tried += 1
    assert attack.bad == []
    assert tried > 2500
    assert attack.codes["body.invalid"] > tried / 5


def test_every_act_with_what_is_no_json(attack, client, described):
    bodies = list((BODIES | AMBIGUOUS).items())
    for turn, (method, template) in enumerate(operations(inside(client.app).router.routes)):
        if method != "POST" or template == SIGNS_OUT:
            continue
        path = described.path(template)
        for what, body in some(bodies, turn, 5):
            attack("POST", path, what, content=body, headers=JSON)
        for kind in some(KINDS, turn, 2):
            attack("POST", path, kind, content=b"{}", headers={"Content-Type": kind})
    assert attack.bad == []
    assert attack.codes["body.too_large"] > 20


def test_every_place_of_every_path(attack, described):
    for turn, (template, acts) in enumerate(described.paths.items()):
        for method in acts:
            for odd in some(PATHS, turn, 5) if "{" in template else ():
                attack(method.upper(), described.path(template, odd), "path", as_for=described.path(template))
            for other in ("PUT", "DELETE", "PATCH"):
                attack(other, described.path(template), other)
    assert attack.bad == []
    assert attack.codes["method.not_allowed"] > 500


def test_every_word_of_every_query_and_every_head(attack, described):
    for turn, (template, acts) in enumerate(described.paths.items()):
        path = described.path(template)
        for parameter in acts.get("get", {}).get("parameters", ()):
            if parameter["in"] == "query":
                for odd in some(QUERIES, turn, 6):
                    attack("GET", f"{path}?{parameter['name']}={odd}", parameter["name"], as_for=path)
        for head in some(HEADS, turn, 4) if "get" in acts else ():
            attack("GET", path, str(head)[:50], headers=head)
    assert attack.bad == []


@pytest.mark.parametrize("path", ["/m/v1/reports", "/m/v1/tracking", "/o/v1/sessions"])
@pytest.mark.parametrize("name", AMBIGUOUS)
def test_a_body_has_one_meaning_or_none(client, path, name):
    """What a proxy, an audit and our own code might read otherwise: by a door, as a phone and as an officer."""
    answer = client.post(path, content=AMBIGUOUS[name], headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (422, "body.invalid")

"""The demo's officers at their keyboards: signed in once, acting in the version of things that they see."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, Final

from cli.demo.offices import stem_of_code
from cli.demo.wire import Refused, Wire
from cli.refusal import CannotGoOn

STALE: Final = 412
UNIDENTIFIED: Final = 401
TRIES: Final = 4


@dataclass(frozen=True, slots=True)
class Seat:
    """One officer, signed in."""

    wire: Wire
    username: str
    token: str
    account_id: int

    def get(self, path: str) -> Any:
        """Read something of the officers' surface. Raises Refused."""
        return self.wire.get(f"/o/v1{path}", token=self.token)

    def post(self, path: str, body: object, *, seen: int | None = None) -> Any:
        """Do something on the officers' surface. Raises Refused."""
        return self.wire.post(f"/o/v1{path}", body, token=self.token, seen=seen)

    def act(self, path: str, noun: str, body: object) -> Any:
        """Do something to the thing at `path`, as it is now; when somebody was faster, look and do it again."""
        for last in (False,) * (TRIES - 1) + (True,):
            seen = self.get(path)["version"]
            try:
                return self.post(f"{path}/{noun}", body, seen=seen)
            except Refused as refused:
                if refused.status != STALE or last:
                    raise
        raise AssertionError("the last try answers or raises")

    def picture(self, case_id: str, role: str, photo: bytes) -> Any:
        """Add a photo taken on site."""
        fields = {"role": role, "sha256": hashlib.sha256(photo).hexdigest()}
        return self.wire.upload(f"/o/v1/cases/{case_id}/pictures", fields, photo, token=self.token)

    def pages(self, path: str) -> Iterator[dict[str, Any]]:
        """Every row of a list, page by page."""
        after = ""
        while True:
            page = self.get(f"{path}{'&' if '?' in path else '?'}limit=100{after}")
            yield from page["items"]
            if not page.get("next"):
                return
            after = f"&after={page['next']}"


class Staff:
    """Everybody who works in the district, by the name of the account."""

    def __init__(self, wire: Wire, password: Callable[[str], str]) -> None:
        """`password` gives the demo password of a job."""
        self._wire, self._password = wire, password
        self._seats: dict[str, Seat] = {}
        self._lock = threading.Lock()
        self._stems: dict[int, str] = {}

    def seat(self, username: str) -> Seat:
        """The officer, signed in. Raises CannotGoOn when the account is not there."""
        with self._lock:
            if username not in self._seats:
                self._seats[username] = self._sign_in(username)
            return self._seats[username]

    def of(self, org_id: int, job: str) -> Seat:
        """The officer of an office who has a job."""
        return self.seat(f"{self._stem(org_id)}-{job}")

    def has_people_of_its_own(self, org_id: int) -> bool:
        """Whether an office is a town or a department: the district's own accounts carry no office in their name."""
        return bool(self._stem(org_id))

    def org_of_town(self, code: str) -> int:
        """The office of a town."""
        return next(int(org["id"]) for org in self._orgs() if org["unit_code"] == code)

    def _stem(self, org_id: int) -> str:
        if not self._stems:
            self._stems = {org["id"]: stem_of_code(org["code"]) for org in self._orgs()}
        return self._stems[org_id]

    def _orgs(self) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.seat("desk").get("/orgs")["items"]
        return items

    def _sign_in(self, username: str) -> Seat:
        body = {"username": username, "password": self._password(username.rpartition("-")[2])}
        try:
            told = self._wire.post("/o/v1/sessions", body)
        except Refused as refused:
            if refused.status == UNIDENTIFIED:
                raise CannotGoOn(
                    f"The demo account {username} cannot sign in at {self._wire.url}: run ./jz seed-demo there first, "
                    "and use the same JZ_SECRET_KEY here."
                ) from refused
            raise
        return Seat(self._wire, username, told["token"], told["me"]["account_id"])

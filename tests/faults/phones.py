"""Citizens on a bad network: each keeps what it has said until it is told that it arrived, and then says no more of it.

Answers are lost on purpose: now and then a phone hangs up as soon as it has sent.
"""

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import world

from cli.demo import spots
from cli.demo.district import JURISDICTIONS, TOWNS
from geo.datums import Datum, from_wgs84
from kit import clock

CATEGORIES = ("FIR-01", "FIR-02", "FIR-05", "GAS-02", "BLD-02", "TRN-03", "IND-01", "RNT-01", "PUB-01", "MIN-01")
CODES = tuple(place.code for place in (*TOWNS, *JURISDICTIONS))
AGAIN = {408, 425, 429, 500, 502, 503, 504}
HANGS_UP = 0.12
TIMEOUT_S = 8.0


@dataclass
class Sent:
    """A report as its phone knows it: what it said, and what it was told had arrived."""

    body: dict[str, Any]
    town: str | None
    photos: dict[UUID, bytes]
    receipt: dict[str, Any] = field(default_factory=dict)
    arrived: dict[UUID, str] = field(default_factory=dict)
    answers: set[UUID] = field(default_factory=set)

    @property
    def id(self) -> UUID:
        """Its own id, which is its idempotency key."""
        return UUID(self.body["id"])


class Phone(threading.Thread):
    """Sends one report after the other until told to stop, and then until everything was acknowledged."""

    def __init__(self, url: str, seed: str) -> None:
        super().__init__(name=f"phone {seed}", daemon=True)
        self.sent: list[Sent] = []
        self.refused: list[str] = []
        self.answers_lost = 0
        self._url, self._rng, self.enough, self.give_up = url, Random(seed), threading.Event(), threading.Event()
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        """A report, its photos in any order, sometimes a word more."""
        while not self.enough.is_set():
            one = self._composed()
            self.sent.append(one)
            self._tell(one)
            self.enough.wait(self._rng.uniform(0.5, 4))
        if self._connection is not None:
            self._connection.close()

    def _tell(self, one: Sent) -> None:
        steps = ["report", *one.photos]
        if self._rng.random() < 0.3:  # a photo may come first
            self._rng.shuffle(steps)
        for step in steps:
            self._tell_report(one) if step == "report" else self._tell_photo(one, step)
        if one.receipt and self._rng.random() < 0.3:
            self._supplement(one)

    def _tell_report(self, one: Sent) -> None:
        for _ in range(2 if self._rng.random() < 0.15 else 1):  # whoever is unsure taps twice
            told = self._until_told("/m/v1/reports", json.dumps(one.body).encode(), "application/json")
            known = {name: one.receipt.get(name, told.get(name)) for name in ("reference", "tracking_code")}
            if any(told.get(name) != value for name, value in known.items()):
                self.refused.append(f"report {one.id} was told two names: {known} and {told}")
            one.receipt = told

    def _tell_photo(self, one: Sent, photo_id: UUID) -> None:
        said = next(each for each in one.body["photos"] if each["id"] == str(photo_id))
        edge = uuid4().hex
        fields = {"photo_id": said["id"], "report_id": one.body["id"], "sha256": said["sha256"]}
        parts = [f'--{edge}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
        head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\n'
        body = "".join([*parts, head, "Content-Type: image/jpeg\r\n\r\n"]).encode() + one.photos[photo_id]
        body += f"\r\n--{edge}--\r\n".encode()
        if self._until_told("/m/v1/photos", body, f"multipart/form-data; boundary={edge}"):
            one.arrived[photo_id] = said["sha256"]

    def _supplement(self, one: Sent) -> None:
        id_ = uuid4()
        words = {"id": str(id_), "tracking_code": one.receipt["tracking_code"], "kind": "supplement",
                 "text": "补充：今天又看到同样的情况"}  # fmt: skip
        if self._until_told("/m/v1/answers", json.dumps(words).encode(), "application/json"):
            one.answers.add(id_)

    def _until_told(self, path: str, body: bytes, kind: str) -> dict[str, Any]:
        """Send it until it was taken; {} for what was refused for good, which is noted, or where it gives up."""
        wait = 0.2
        while not self.give_up.is_set():
            try:
                status, content, after = self._once(path, body, kind)
            except (OSError, http.client.HTTPException):
                self.answers_lost += 1
                self._hang_up()
                time.sleep(wait)
                wait = min(wait * 1.6, 3)
                continue
            if status in AGAIN:
                time.sleep(min(after, 3) * self._rng.uniform(0.3, 1))
            elif status in (200, 201):
                return json.loads(content)
            else:
                self.refused.append(f"{path} {status} {content[:300]!r}")
                return {}
        return {}

    def _once(self, path: str, body: bytes, kind: str) -> tuple[int, bytes, float]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection(urlsplit(self._url).netloc, timeout=TIMEOUT_S)
        self._connection.request("POST", path, body, {"Content-Type": kind})
        if self._rng.random() < HANGS_UP:
            raise TimeoutError
        with self._connection.getresponse() as answer:
            return answer.status, answer.read(), float(answer.headers.get("Retry-After") or 1)

    def _hang_up(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _composed(self) -> Sent:
        rng = self._rng
        noises = [rng.randbytes(rng.randrange(64, 60_000)) for _ in range(rng.choice((0, 1, 1, 2)))]
        photos = {uuid4(): world.photo(noise=noise) for noise in noises}
        promised = [
            {"id": str(id_), "sha256": sha256, "bytes": len(content), "capture": "camera"}
            for id_, (content, sha256) in photos.items()
        ]
        place, town = self._place()
        lon, lat = from_wgs84(place, Datum.GCJ02)
        body = world.report(category=rng.choice(CATEGORIES), photos=promised) | {
            "position": {
                "lon": round(lon, 7),
                "lat": round(lat, 7),
                "crs": "gcj02",
                "accuracy_m": 9.0,
                "method": "gps",
            },
            "observed_at": clock.now().isoformat(),
            "emergency": {"answer": "trapped" if rng.random() < 0.05 else "none"},
        }
        if rng.random() < 0.4:
            body["contact"] = {"phone": f"199{rng.randrange(10**8):08d}"}
        return Sent(body, town, {id_: content for id_, (content, _) in photos.items()})

    def _place(self) -> tuple[Any, str | None]:
        """Where it is, and whose that is; None outside the district."""
        number = self._rng.randrange(10**9)
        if self._rng.random() < 0.06:
            return spots.outside(number), None
        town = self._rng.choice(CODES)
        return spots.inside(town, number), town

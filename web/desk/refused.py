"""A refusal as a page of the console: in the words of the API, or on to where what is missing can be given."""

import json
from typing import Final
from urllib.parse import urlencode, urlsplit

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from web.desk import words
from web.desk.door import ACCOUNT, FRESH_CODE, READS, SIGN_IN, place
from web.desk.frame import desk_page

KEPT: Final = ("Retry-After", "Allow")
# Where to go for what a session lacks; afterwards one is led back.
WAYS: Final = {"sign_in.required": SIGN_IN, "second_factor.required": ACCOUNT, "second_factor.fresh": FRESH_CODE}
TITLES: Final = {"form.foreign": words.FOREIGN}


def told(request: Request, answer: Response) -> Response:
    """The page for a problem that the API has decided on."""
    problem = json.loads(bytes(answer.body))
    way = WAYS.get(problem["code"])
    if way is not None:
        return onward(request, f"{way}?{urlencode({'next': _here(request)})}")
    title = TITLES.get(problem["code"], problem["title"])
    shown = desk_page(
        request, "desk/refused.html", status=answer.status_code, title=title, number=problem["request_id"]
    )  # fmt: skip
    shown.headers.update({name: answer.headers[name] for name in KEPT if name in answer.headers})
    return shown


def onward(request: Request, path: str) -> Response:
    """On to another page; a script that asked for a part of one is told to go there as a whole."""
    if "hx-request" in request.headers:
        return Response(status_code=200, headers={"HX-Redirect": path, "Cache-Control": "no-store"})
    return RedirectResponse(path, 303, {"Cache-Control": "no-store"})


def _here(request: Request) -> str:
    """The page that was asked for; of what was posted, the page that it was posted from."""
    url = urlsplit(str(request.url) if request.method in READS else request.headers.get("referer", ""))
    return place(f"{url.path}?{url.query}" if url.query else url.path)

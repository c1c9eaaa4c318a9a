"""GET /log/…: the log of all history, for whoever wants to check it. Hashes and signatures only."""

from typing import Annotated, Any

from fastapi import Query
from fastapi.responses import PlainTextResponse

from api.dependencies import PublicSession
from api.rights import anybody
from api.routes import open_router
from cases import history
from kit.errors import NotFound

router = open_router("/log", tags=["open"])
# The length of a proof is the logarithm of the log's size; a cache may keep a head as long as a log grows unseen.
FRESH = {"Cache-Control": "public, max-age=5"}
Hash = Annotated[str, Query(pattern="^[0-9a-f]{64}$")]
Size = Annotated[int, Query(ge=1, le=2**53)]


class EmptyLog(NotFound):
    """Nothing has been written yet."""

    code = "log.empty"
    message = "The log is empty."


@router.get("/head", name="get_log_head", response_class=PlainTextResponse)
@anybody
def get_head(session: PublicSession) -> PlainTextResponse:
    """The newest signed head (C2SP checkpoint): name, size, root, time, signature. Keep it elsewhere."""
    head = history.newest(session)
    if head is None:
        raise EmptyLog
    return PlainTextResponse(head.note, headers=FRESH)


@router.get("/key", name="get_log_key", response_class=PlainTextResponse)
@anybody
def get_key() -> PlainTextResponse:
    """The public key that heads and receipts are signed with (C2SP signed-note verifier)."""
    return PlainTextResponse(f"{history.signer().verifier}\n", headers=FRESH)


@router.get("/proof", name="get_log_proof")
@anybody
def get_proof(session: PublicSession, entry: Hash, size: Size | None = None) -> dict[str, Any]:
    """That the entry of this hash is among the first `size` of the log (RFC 6962, 2.1.1), by default among all."""
    found = history.inclusion(session, bytes.fromhex(entry), size=size)
    return {"entry": entry, "index": found.index, "size": found.size, "path": [step.hex() for step in found.path]}


@router.get("/consistency", name="get_log_consistency")
@anybody
def get_consistency(
    session: PublicSession, first: Annotated[int, Query(alias="from")], second: Annotated[int, Query(alias="to")]
) -> dict[str, Any]:
    """That the log of `from` entries is the beginning of the log of `to` (RFC 6962, 2.1.2)."""
    found = history.consistency(session, first, second)
    return {"from": first, "to": second, "path": [step.hex() for step in found.path]}

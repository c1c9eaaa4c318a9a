"""Which of a case's fields which role reads: what a role is not named for is left out, and so is what is not named.

Nothing here is of a report (C12): what a reporter wrote is not in a case at all. Within a case, the hotline sees how it
stands, the custodian also what it is about, and everybody who handles or watches it the whole file (C2).
"""

from collections.abc import Mapping
from typing import Any, Final

from api.rights import CASE_READERS, HEAD_READERS
from people.actors import Actor
from people.roles import Role

STATUS = "id number state version category urgency opened_on closed_at outcome responsible_org_id"
MATTER = "place seen_on extract provisional grade"
WHOLE = (
    "penalty_policy circumstances profile_id replies_open rework_count tasks clocks trail pictures visits verdicts "
    "orders deliveries completions arrivals acceptances copies guards next findings holds pauses extensions "
    "second_looks decisions look_backs reviews listing_waivers exposure_refusals reopenings measures penalties "
    "referrals criminal_transfers operations tags clocks_beside"
)
READERS: Final[Mapping[str, frozenset[Role]]] = {
    **dict.fromkeys(STATUS.split(), HEAD_READERS),
    **dict.fromkeys(MATTER.split(), CASE_READERS),
    **dict.fromkeys(WHOLE.split(), CASE_READERS - {Role.CUSTODIAN}),
}


def readable(body: Mapping[str, Any], actor: Actor) -> dict[str, Any]:
    """What this actor reads of a case."""
    return {name: value for name, value in body.items() if actor.has(*READERS.get(name, ()))}

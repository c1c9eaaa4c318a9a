"""What a text to a citizen or to handlers must not give away, and what a reply must say: pure rules (R7, C12, C14).

Every rule looks for a shape or for words that are known to the case. A name that stands alone, in a sentence that says
nothing of a person, is found only where it is known: whoever writes still reads what they send.
"""

from cases.wording.contents import Contents, Part, lacking
from cases.wording.extracts import MAY_STAY, Mark, Proposal, propose, unfit
from cases.wording.identifiers import Identifier, identifiers
from cases.wording.known import Known
from cases.wording.leaks import COVER, Found, covered, leaks
from cases.wording.names import looks_like_a_name
from cases.wording.offices import names_an_office
from cases.wording.reading import stands_in

__all__ = [
    "COVER",
    "MAY_STAY",
    "Contents",
    "Found",
    "Identifier",
    "Known",
    "Mark",
    "Part",
    "Proposal",
    "covered",
    "identifiers",
    "lacking",
    "leaks",
    "looks_like_a_name",
    "names_an_office",
    "propose",
    "stands_in",
    "unfit",
]

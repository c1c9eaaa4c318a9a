"""What an office does with its case: sign, visit, conclude, order, accept, close (T3 to T16)."""

from cases.handling.acceptance import Signing, fail, pass_
from cases.handling.arrival import arrive
from cases.handling.beside import Beside, beside
from cases.handling.bring_in import HasItAlready, NotADepartment, bring_in, say_if_nobody_is_left
from cases.handling.checks import CheckAnswer
from cases.handling.circumstance import note_circumstance
from cases.handling.closing import close
from cases.handling.completion import complete, reach_deadline
from cases.handling.copies import deliver
from cases.handling.delivery import Receipt, deliver_order
from cases.handling.dossier import Dossier, dossier
from cases.handling.extension import (
    extensions_to_decide,
    find_extension,
    grant_extension,
    lapse_extensions,
    refuse_extension,
    request_extension,
)
from cases.handling.findings import FindingCheckIn, link
from cases.handling.leaving import break_off, take_over
from cases.handling.meeting import (
    ActionItem,
    MeetingFile,
    Minutes,
    NoSuchMeeting,
    find_meeting,
    hold_meeting,
    meetings,
    sign_minutes,
)
from cases.handling.nearby import NearCase, near_cases
from cases.handling.order import OrderDraft, order
from cases.handling.parties import Party, parties, tell_party
from cases.handling.pictures import add_picture, find_picture, sent_before
from cases.handling.record import BlockAnswer, VisitRecord, says_the_penalty
from cases.handling.safeguard import safeguard
from cases.handling.second_look import confirm_look, draws, find_look, return_look, waiting_looks
from cases.handling.sign import answer_task, assign_task, sign, sign_task
from cases.handling.verdict import find_unsubstantiated, propose, return_verdict
from cases.handling.visit import CheckIn, complete_visit, start_visit

__all__ = [
    "ActionItem",
    "Beside",
    "BlockAnswer",
    "CheckAnswer",
    "CheckIn",
    "Dossier",
    "FindingCheckIn",
    "HasItAlready",
    "MeetingFile",
    "Minutes",
    "NearCase",
    "NoSuchMeeting",
    "NotADepartment",
    "OrderDraft",
    "Party",
    "Receipt",
    "Signing",
    "VisitRecord",
    "add_picture",
    "answer_task",
    "arrive",
    "assign_task",
    "beside",
    "break_off",
    "bring_in",
    "close",
    "complete",
    "complete_visit",
    "confirm_look",
    "deliver",
    "deliver_order",
    "dossier",
    "draws",
    "extensions_to_decide",
    "fail",
    "find_extension",
    "find_look",
    "find_meeting",
    "find_picture",
    "find_unsubstantiated",
    "grant_extension",
    "hold_meeting",
    "lapse_extensions",
    "link",
    "meetings",
    "near_cases",
    "note_circumstance",
    "order",
    "parties",
    "pass_",
    "propose",
    "reach_deadline",
    "refuse_extension",
    "request_extension",
    "return_look",
    "return_verdict",
    "safeguard",
    "say_if_nobody_is_left",
    "says_the_penalty",
    "sent_before",
    "sign",
    "sign_minutes",
    "sign_task",
    "start_visit",
    "take_over",
    "tell_party",
    "waiting_looks",
]

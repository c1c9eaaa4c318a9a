"""What an office does with its case: sign, visit, conclude, order, accept, close (T3 to T16)."""

from cases.handling.acceptance import fail, pass_
from cases.handling.closing import close
from cases.handling.completion import complete
from cases.handling.copies import deliver
from cases.handling.dossier import Dossier, dossier
from cases.handling.order import OrderDraft, order
from cases.handling.pictures import add_picture, find_picture
from cases.handling.sign import answer_task, sign, sign_task
from cases.handling.verdict import find_unsubstantiated, propose, return_verdict
from cases.handling.visit import CheckIn, VisitRecord, complete_visit, start_visit

__all__ = [
    "CheckIn",
    "Dossier",
    "OrderDraft",
    "VisitRecord",
    "add_picture",
    "answer_task",
    "close",
    "complete",
    "complete_visit",
    "deliver",
    "dossier",
    "fail",
    "find_picture",
    "find_unsubstantiated",
    "order",
    "pass_",
    "propose",
    "return_verdict",
    "sign",
    "sign_task",
    "start_visit",
]

"""Which papers there are: the rule behind each, who may ask for it, what stands on it and on how many sheets."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from cases.models.case import Case
from cases.papers.content.acceptance import acceptance
from cases.papers.content.closing import closing
from cases.papers.content.guidance import guidance
from cases.papers.content.minutes import minutes
from cases.papers.content.notice import notice
from cases.papers.content.order import order
from cases.papers.content.transfer import transfer
from cases.papers.content.visit_record import visit_record
from people.roles import HANDLERS, Role

Read = Callable[[Session, Case, UUID | None, datetime], Any]


@dataclass(frozen=True)
class PaperKind:
    """One kind of paper. `read` gives its content; `public` ones get a code of their own."""

    rule: str
    title: str
    by: frozenset[Role]
    read: Read
    public: bool = False


PAPERS: Mapping[str, PaperKind] = {
    "visit_record": PaperKind("M47", "现场检查记录", HANDLERS, visit_record),
    "acceptance": PaperKind("T15", "整改验收记录", HANDLERS, acceptance),
    "order": PaperKind("M39", "责令限期整改指令书", HANDLERS, order),
    "transfer": PaperKind("T11", "案件移送函", HANDLERS, transfer),
    "closing": PaperKind("T16", "结案审批表", HANDLERS | {Role.SAFETY_OFFICE}, closing),
    "notice": PaperKind("M18", "安全生产检查告示", HANDLERS | {Role.SAFETY_OFFICE}, notice, public=True),
    "guidance": PaperKind("M69", "不予行政处罚指导告知书", HANDLERS, guidance),
    "minutes": PaperKind("M09", "联席会议纪要", HANDLERS | {Role.SAFETY_OFFICE}, minutes),
}

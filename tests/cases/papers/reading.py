"""Printing a paper and reading it back; and what there is to print: a referral, a waived penalty, a meeting."""

import io
from datetime import timedelta

from pypdf import PdfReader

from cases import handling, papers
from cases.handling import ActionItem, Minutes
from cases.models.penalty import Penalty
from cases.models.referral import Referral
from kit.clock import LOCAL_ZONE
from kit.paper import print_sheets

BASE_URL = "https://jz.example"
HOSTILE = "<script>alert(1)</script> & ../../etc/passwd {{ 7*7 }} \u202e反转\u200b㙍𠮷"


def pages(paper):
    """The text of each page, without the spaces and line ends that layout put in."""
    pdf = print_sheets(papers.sheets(paper, base_url=BASE_URL)).pdf
    return [squeezed(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def squeezed(text):
    return "".join(text.split())


def referral(session, walk, **facts):
    """A referral of the walk's case to the police, for its penalty."""
    columns = {
        "number": f"移送〔{walk.case.number}〕1号", "scope": "penalty", "from_org_id": walk.town.org.id,
        "to_org_id": walk.district.police.id, "from_state": walk.case.state, "state": "sent",
        "reason": "处罚权属于公安机关", "basis": "治安管理处罚法第三十九条",
        "materials": ["检查记录一份", "现场照片四张"],
        "sent_by": walk.town.leader.account_id, "sent_at": walk.now,
    }  # fmt: skip
    made = Referral(case_id=walk.case.id, **(columns | facts))
    session.add(made)
    session.flush()
    return made


def waived(session, walk, **facts):
    """A penalty track of the walk's case that ended without a penalty, for a first offence."""
    columns = {
        "org_id": walk.district.fire.id, "state": "not_penalised", "party_kind": "unit", "party": "某公司",
        "cause": "锁闭安全出口", "officer_ids": [], "filed_by": walk.district.fire_officer.account_id,
        "filed_at": walk.now, "waiver_reason": "first_offence", "waiver_text": "当场打开出口",
        "waiver_conditions": {"first": True, "slight_harm": True, "corrected": True}, "education": "讲解疏散通道要求",
        "waived_by": walk.district.fire_officer.account_id, "waived_at": walk.now,
        "reviewed_by": walk.town.leader.account_id, "reviewed_at": walk.now,
    }  # fmt: skip
    made = Penalty(case_id=walk.case.id, **(columns | facts))
    session.add(made)
    session.flush()
    return made


def met(walk, *others, text="清理占道车辆", **facts):
    """A joint meeting of the safety office and the police that has agreed on something of the walk's case.

    `others` are items of other cases.
    """
    today = walk.now.astimezone(LOCAL_ZONE).date()
    mine = ActionItem(walk.case.id, walk.district.police.id, text, today + timedelta(days=5))
    parts = {
        "title": "消防通道联席会议", "held_on": today, "present_org_ids": [walk.district.police.id],
        "minutes": "讨论了占道问题", "decisions": "分头清理", "items": [*others, mine],
    }  # fmt: skip
    return handling.hold_meeting(walk.session, Minutes(**(parts | facts)), by=walk.district.supervisor, now=walk.now)

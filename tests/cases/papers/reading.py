"""Printing a paper and reading it back; and a referral to print."""

import io

from pypdf import PdfReader

from cases import papers
from cases.models.penalty import Penalty
from cases.models.referral import Referral
from kit.paper import print_sheets

BASE_URL = "https://jz.example"


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

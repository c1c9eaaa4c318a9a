"""The neutral words of a notice: a category, a number and what is due; nothing of a reporter, a place or a person."""

from sqlalchemy.orm import Session

from cases import policy
from cases.models.case import Case

CLOCKS = {
    "dispatch": "派遣", "arbitrate": "争议裁定", "sign": "签收", "verify": "核查", "verdict_review": "结论审核",
    "rectify": "整改", "rectify_major": "重大隐患整改", "rework": "返工整改", "acceptance": "验收", "total": "全程办理",
    "referral_accept": "移送受理", "answer": "部门办理", "first_arrival": "到场",
    "relay": "转告公安机关", "cordon": "设置警戒", "stop_work": "停止施工", "verify_start": "启动核查",
    "second_look": "抽查复核", "look_back": "回头看", "re_verify": "复核", "decision": "验收不合格后续处理决定",
    "close": "结案",
}  # fmt: skip


def about(session: Session, case: Case, clock: str, what: str, *, whose: str = "") -> str:
    """One line about a case: its category, its number, which time limit, of which office if it is not its own, what."""
    category = policy.category_version(session, case.category_code, case.category_version)
    of_whom = f"（{whose}）" if whose else ""
    return f"{category.zh}：案件 {case.number} 的{CLOCKS.get(clock, '办理')}{of_whom}{what}"

"""What fields and their choices are called on the forms of acts, in zh-CN: one table for every act.

A name is looked up from the longest path to the shortest: `order.plan.due_at`, `plan.due_at`, `due_at`. That no field
and no choice of any act lacks a word is held by tests/web/desk/test_labels.py.
"""

from collections.abc import Mapping
from typing import Final, TypeVar

from cases.papers import words as papers
from cases.words import GRADES, OUTCOMES

T = TypeVar("T")

FIELDS: Final[Mapping[str, str]] = {
    "account_id": "由谁去", "action": "现场处理意见", "answer": "检查情况", "application": "当事人申请的内容",
    "approved": "是否批准", "at": "听证时间", "basis": "依据（条文或者文号）", "block": "检查内容",
    "capacity": "收件人身份", "category": "类别", "cause": "案由", "checklist": "必查内容", "checks": "专项检查",
    "choice": "怎么处理", "clause": "第几条", "clock_id": "哪一个期限", "code": "判定标准", "comment": "意见",
    "companion_ids": "同行人员", "conditions": "已经核实的条件", "confirmed": "是否确认",
    "confiscated_fen": "没收违法所得（元）", "consequences": "四项处理决定", "contingency": "应急预案",
    "criterion": "重大隐患的判定依据", "crs": "坐标系", "decided": "是否采取", "decision": "裁定",
    "decision_id": "哪一项待定的决定", "decision_ref": "政府决定文号", "delivered_at": "送达时间",
    "distance_reason": "没有定位，或者离得远的原因", "done": "当场做了什么",
    "duplicate_of": "与哪一件重复（案件编号）", "education": "教育情况", "evidence": "怎么看出是同一件事",
    "expose": "公开曝光", "facts": "事实", "filmed": "全程录像", "finding": "核查结论", "finding_id": "问题",
    "findings": "发现的问题", "fine_fen": "罚款（元）", "fixed_on_spot": "已经当场整改完毕", "funding": "资金",
    "goal": "要做什么", "grade": "隐患等级", "ground": "理由", "how": "方式", "inspected_unit": "被检查单位",
    "interim": "整改期间的防护措施", "interim_measures": "缓办期间怎么保证安全", "issued_by": "发证机关",
    "kind": "种类", "kinds": "处罚种类", "lat": "纬度", "lon": "经度", "materials": "移送材料",
    "measure_id": "哪一项措施", "measures": "整改措施", "new_due_at": "延到什么时候", "no_operator": "没有经营者",
    "note": "说明", "number": "文号", "officer_ids": "办案人员", "org_id": "哪个部门", "other_case_id": "新案件",
    "outcome": "结论", "owner_id": "由谁负责", "party": "当事人", "party_kind": "当事人是", "penalise": "行政处罚",
    "penalty": "处罚建议，或者不处罚的理由", "people_present": "在场人员", "permit_check": "许可证照查验",
    "person_id": "由谁办理", "phoned": "已经打过电话", "picture_id": "照片", "picture_ids": "照片",
    "place": "检查地点", "plan": "整改要求", "police_org_id": "公安机关", "position": "到场定位",
    "proposed_category": "应当是哪一类", "proposed_org_id": "应当由谁办理", "prosecute": "移送司法",
    "qualification": "违反了什么规定", "reason": "理由", "reasoning": "必要性说明", "reasons": "理由",
    "recipient": "收件人", "referral": "移送", "replaces_id": "替代哪一项措施", "request_id": "哪一项退回申请",
    "responsible_party": "责任单位或者责任人", "result": "结果", "review_on": "复查日期",
    "same_as": "与哪一件重复（案件编号）", "sanction": "处理建议", "scope": "移送什么", "signature": "当事人签字",
    "signature_note": "拒签情况", "slip": "回执编号", "statement": "整改完成情况", "subject_id": "关于哪一份",
    "summary": "核查情况", "suspend": "停产停业", "suspicion": "涉嫌什么犯罪", "task_id": "哪一项任务", "text": "内容",
    "to_external": "平台以外的单位", "to_org_id": "交给谁", "type_code": "措施种类", "until": "到什么时候",
    "value": "测得的数值", "when": "哪一种情形", "whose": "由谁继续办", "why": "理由", "witnesses": "见证人",
    # where a word means something else
    "order.text": "整改指令", "answer_task.text": "办理结果", "ask_return.text": "为什么不归本单位办",
    "findings.text": "问题", "propose_void.text": "情况说明", "arbitrate.text": "裁定理由",
    "arbitrate.to_org_id": "改派给（不填按申请）", "arbitrate.category": "改为哪一类（不填按申请）",
    "permit_check.number": "证照编号", "permit_check.note": "查验说明", "permit_check.outcome": "查验结果",
    "permit_check.picture_id": "证照照片", "complete_visit.facts": "现场情况", "complete_visit.place": "检查地点",
    "accept_rectification.note": "验收意见", "accept_rectification.checks": "逐项验收",
    "accept_rectification.checks.result": "验收结果",
    "accept_rectification.findings": "补充说明（不合格的写明哪里不合格）",
    "propose_verdict.summary": "核查情况和结论理由", "close_case.note": "结案意见", "deliver_copy.note": "送达情况",
    "propose_measure.scope": "措施范围", "propose_measure.ground": "法定理由", "decide_consequence.reason": "理由",
    "decide_consequence.referral": "移送的内容（选移送时填）", "order.plan.due_at": "整改期限",
    "due_at": "整改到什么时候", "end_look_back.findings": "回头看情况", "end_look_back.result": "是否反弹",
    "decide_review.finding": "复核认定的情况", "review_measure.findings": "检查情况",
    "investigate_penalty.findings": "调查查明的事实", "assign_review.account_id": "由谁复核",
    "request_hold.note": "在等什么", "request_hold.reason": "缓办理由", "ask_return.reason": "退回理由",
    "propose_void.reason": "作废理由", "propose_waiver.reason": "不予处罚的法定理由", "tell_party.kind": "告知哪一方",
    "tell_party.how": "怎么告知、由谁答复", "safeguard.kind": "做了什么", "safeguard.picture_id": "现场照片",
    "start_visit.kind": "检查种类", "ask_paper.kind": "哪一种文书",
    "answer_referral.finding": "查明的结论（整案移送的填）", "conclude_referral.text": "意见",
    "settle_referral.text": "决定理由", "track_referral.text": "跟踪情况", "check_referral.text": "核对情况",
    "order.comment": "审批意见", "note_circumstance.facts": "看到的事实", "criterion.code": "哪一部判定标准",
}  # fmt: skip

HINTS: Final[Mapping[str, str]] = {
    "findings": "一条写一个问题；空着的不算。", "distance_reason": "给了定位并且就在现场的，不用填。",
    "position": "没有定位的，写明原因即可。", "order.plan.due_at": "当场整改完毕的不用填。",
    "order.criterion": "只有重大隐患要填。", "order.consequences": "每一项都要决定并写理由。",
    "signature_note": "拒绝签字的，写明理由和在场见证人。", "deliver_order.note": "公告送达的，写明公告在哪里。",
    "complete_visit.inspected_unit": "没有经营者的可以不填。", "permit_check": "需要许可证照的行业必填。",
    "companion_ids": "执法检查须有两名持证人员。", "fine_fen": "没有的填 0。", "confiscated_fen": "没有的填 0。",
    "officer_ids": "至少两名持有效执法证的人员。", "task_id": "只有一项的不用选。",
    "order.plan": "“五落实”各项都要写明。",
    "extend_measure.until": "不填按规定的最长期限。", "put_measure_in_force.until": "不填按规定的最长期限。",
    "other_case_id": "填新案件页面地址里的编号。",
}  # fmt: skip

# What the body of an act may leave out and its guards ask for.
WANTED: Final = frozenset(
    {
        "order.plan.responsible_party", "order.plan.measures", "order.plan.funding", "order.plan.contingency",
        "order.plan.due_at", "complete_visit.inspected_unit", "complete_visit.penalty",
        "complete_visit.findings.text", "complete_visit.checklist.answer", "complete_visit.checks.answer",
        "accept_rectification.checks.result",
        "begin_acceptance.distance_reason", "begin_measure_review.distance_reason",
        "start_visit.distance_reason", "start_look_back.distance_reason",
    }
)  # fmt: skip

_YES_NO: Final = {"yes": "是", "no": "否"}
_PASS: Final = {"pass": "合格", "fail": "不合格"}
CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "outcome": OUTCOMES, "permit_check.outcome": papers.PERMITS, "grade": GRADES, "finding": OUTCOMES, "result": _PASS,
    "end_look_back.result": {"holds": "没有反弹", "rebound": "已经反弹"},
    "decide_review.result": {"upheld": "应当重新办理", "dismissed": "维持原处理结果"},
    "checklist.answer": papers.BLOCKS, "decision": {"upheld": "同意退回", "rejected": "不同意退回"},
    "choice": {"suspend": "责令停产停业", "close": "提请关闭", "refer": "移送"},
    "crs": {
        "wgs84": "GPS（WGS84）", "cgcs2000": "CGCS2000", "gcj02": "高德、腾讯地图（GCJ-02）",
        "bd09": "百度地图（BD-09）",
    },
    "how": papers.DELIVERIES, "start_visit.kind": papers.VISIT_KINDS,
    "safeguard.kind": {"relay": "已转告公安机关", "cordon": "已设置警戒", "stop_work": "已停止施工"},
    "ask_paper.kind": {
        "visit_record": "现场检查记录", "acceptance": "验收记录", "order": "责令整改指令书",
        "transfer": "移送书", "closing": "结案表", "notice": "举报告知牌", "guidance": "指导教育书",
        "minutes": "会议纪要",
    },
    "party_kind": {"unit": "单位", "person": "个人"}, "scope": {"case": "整个案件", "penalty": "只移送处罚"},
    "signature": {"signed": "已签字", "refused": "拒绝签字"},
    "whose": {"receiver": "接收单位继续办", "sender": "退回移送单位"}, "answer": _YES_NO,
    "conditions": papers.CONDITIONS,
}  # fmt: skip


def label(act: str, path: str) -> str:
    """What a field is called. KeyError for one that has no word."""
    return _found(FIELDS, act, path)


def hint(act: str, path: str) -> str:
    """What helps to fill it in; empty where nothing is said."""
    try:
        return _found(HINTS, act, path)
    except KeyError:
        return ""


def is_wanted(act: str, path: str) -> bool:
    """Whether a field is to be filled in though the body could do without."""
    return f"{act}.{path}" in WANTED


def choices(act: str, path: str) -> Mapping[str, str]:
    """The words of a field's codes. KeyError for one that has none."""
    return _found(CHOICES, act, path)


def _found(table: Mapping[str, T], act: str, path: str) -> T:
    steps = [act, *path.split(".")]
    for start in range(len(steps)):
        known = table.get(".".join(steps[start:]))
        if known is not None:
            return known
    raise KeyError(f"{act}.{path}")

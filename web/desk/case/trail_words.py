"""The trail of a case in plain sentences: what each entry says. Held to `Kind` by tests/web/desk/test_labels.py."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from cases.kinds import Kind
from cases.papers.words import RECIPIENTS
from cases.words import CLOCKS, GRADES, OUTCOMES
from web.desk.case.moments import minute

SAYS: Final[dict[str, str]] = {
    Kind.REGISTERED: "立案登记", Kind.DISPATCHED: "派给责任单位", Kind.SIGNED: "责任单位签收",
    Kind.VISIT_STARTED: "到场检查", Kind.PICTURE_TAKEN: "拍摄照片", Kind.CHECK_STARTED: "到场执法检查",
    Kind.VISIT_COMPLETED: "完成现场检查记录", Kind.VISIT_TAKEN_OVER: "接办现场检查",
    Kind.VISIT_BROKEN_OFF: "中止现场检查", Kind.EVIDENCE_LINKED: "给问题补充照片", Kind.COPY_DELIVERED: "送达检查记录",
    Kind.PAPER_ASKED: "生成文书", Kind.SCAN_ADDED: "上传扫描件", Kind.VERDICT_PROPOSED: "提出核查结论",
    Kind.VERDICT_RETURNED: "退回结论要求补查", Kind.ORDERED: "批准结论，责令整改",
    Kind.ORDER_DELIVERED: "送达整改指令", Kind.NOT_SUBSTANTIATED: "批准不属实或者无法核实的结论",
    Kind.SECOND_LOOK_DRAWN: "抽中复核", Kind.SECOND_LOOK_SPARED: "没有抽中复核",
    Kind.SECOND_LOOK_CONFIRMED: "复核确认结论", Kind.SECOND_LOOK_RETURNED: "复核退回重查",
    Kind.EXTENSION_REQUESTED: "申请延期", Kind.EXTENSION_GRANTED: "批准延期", Kind.EXTENSION_REFUSED: "不批准延期",
    Kind.EXTENSION_LAPSED: "延期申请失效", Kind.HOLD_REQUESTED: "申请缓办", Kind.HOLD_WITHDRAWN: "撤回缓办申请",
    Kind.HOLD_APPROVED: "批准缓办", Kind.HOLD_REFUSED: "不批准缓办", Kind.HOLD_RENEWED: "继续缓办",
    Kind.HOLD_ENDED: "结束缓办", Kind.HOLD_LAPSED: "缓办申请失效", Kind.CASE_HELD: "案件缓办",
    Kind.CASE_RESUMED: "恢复办理", Kind.DECISION_DEMANDED: "验收不合格，等待领导决定",
    Kind.DECISION_TAKEN: "决定后续处理", Kind.LOOKED_AT_ANEW: "由其他人员重新核查", Kind.COMPLETED: "报告整改完成",
    Kind.DEADLINE_REACHED: "整改期限届满，进入验收", Kind.ACCEPTANCE_BEGUN: "验收到场",
    Kind.ACCEPTANCE_FAILED: "验收不合格", Kind.ACCEPTANCE_PASSED: "验收合格", Kind.MORE_TO_ACCEPT: "还有问题需要验收",
    Kind.TASK_SIGNED: "部门签收任务", Kind.TASK_ANSWERED: "部门反馈结果", Kind.EXTRACT_RELEASED: "案情摘要已确认",
    Kind.REPLIES_DONE: "答复已全部完成", Kind.CLOSED: "结案", Kind.LOOK_BACK_PLANNED: "安排回头看",
    Kind.LOOK_BACK_ASSIGNED: "指定回头看人员", Kind.LOOK_BACK_BEGUN: "开始回头看",
    Kind.LOOK_BACK_STARTED: "回头看到场", Kind.LOOK_BACK_CONFIRMED: "回头看没有反弹",
    Kind.LOOK_BACK_DROPPED: "回头看不再进行", Kind.STAYS_CLOSED: "维持结案", Kind.REVIEW_OPENED: "进入复核",
    Kind.REVIEW_ASSIGNED: "指定复核人员", Kind.REVIEW_UPHELD: "复核认为应当重新办理",
    Kind.REVIEW_DISMISSED: "复核维持原处理", Kind.REBOUND_FOUND: "发现反弹", Kind.REOPENED: "重新办理",
    Kind.RETURN_REQUESTED: "申请退回", Kind.RETURN_REJECTED: "不同意退回", Kind.SENT_TO_ARBITRATION: "送交裁定",
    Kind.TASK_TAKEN_BACK: "收回任务", Kind.VOID_PROPOSED: "提出作废", Kind.VOID_REJECTED: "不同意作废",
    Kind.VOIDED: "作废", Kind.DUTY_ALARMED: "已提醒值班人员", Kind.OVERDUE: "已经超期", Kind.ESCALATED: "升级提醒",
    Kind.URGED: "督办", Kind.URGE_REPLIED: "答复督办", Kind.URGE_ACCEPTED: "督办答复通过",
    Kind.URGE_REJECTED: "督办答复不通过", Kind.URGE_WITHDRAWN: "撤回督办", Kind.INTERVIEW_PLANNED: "安排约谈",
    Kind.INTERVIEW_HELD: "已经约谈", Kind.INTERVIEW_DROPPED: "取消约谈", Kind.BULLETIN_STRUCK: "从通报中删除",
    Kind.LISTING_PROPOSED: "列为挂牌督办对象", Kind.LISTING_OWED: "须决定是否挂牌督办",
    Kind.LISTING_WAIVER_PROPOSED: "提出不挂牌督办", Kind.LISTING_WAIVER_REJECTED: "不同意不挂牌",
    Kind.LISTING_WAIVED: "决定不挂牌督办", Kind.LISTING_WAIVER_WITHDRAWN: "撤回不挂牌决定",
    Kind.LISTING_NOT_OWED: "不再需要决定是否挂牌", Kind.TASK_MOVED: "任务转给其他人员",
    Kind.RECOUNTED: "按日历重新计算期限", Kind.EXPOSURE_DRAFTED: "起草曝光", Kind.EXPOSURE_SUBMITTED: "曝光送法制审核",
    Kind.EXPOSURE_RETURNED: "曝光退回修改", Kind.EXPOSURE_DROPPED: "曝光不再进行",
    Kind.EXPOSURE_REVIEWED: "曝光通过法制审核", Kind.EXPOSURE_PUBLISHED: "已公开曝光",
    Kind.EXPOSURE_PARTY_TOLD: "书面告知当事人", Kind.EXPOSURE_PARTY_AGREED: "当事人对曝光没有异议",
    Kind.EXPOSURE_OBJECTED: "当事人对曝光提出异议", Kind.EXPOSURE_OBJECTION_ANSWERED: "答复当事人的异议",
    Kind.EXPOSURE_CALLED_BACK: "撤销定时公布", Kind.EXPOSURE_CORRECTION_PROPOSED: "提出更正曝光",
    Kind.EXPOSURE_CORRECTION_REFUSED: "不同意更正曝光", Kind.EXPOSURE_CORRECTION_DROPPED: "不再更正曝光",
    Kind.EXPOSURE_CORRECTED: "更正曝光", Kind.EXPOSURE_WITHDRAWN: "撤回曝光",
    Kind.EXPOSURE_REFUSED: "说明不公开曝光的理由", Kind.TAGGED: "标记情况",
    Kind.CIRCUMSTANCE_LEARNED: "登记加重情形", Kind.MADE_IMMEDIATE: "转为特急", Kind.SAFEGUARDED: "登记安全措施",
    Kind.PARTY_TOLD: "告知平台外的单位", Kind.INVOLVED: "加派部门参与", Kind.MEETING_HELD: "召开联席会议",
    Kind.MEASURE_PROPOSED: "提出强制措施", Kind.MEASURE_APPROVED: "批准强制措施", Kind.MEASURE_DROPPED: "不采取该措施",
    Kind.MEASURE_IN_FORCE: "实施强制措施", Kind.MEASURE_EXTENDED: "延长措施期限",
    Kind.MEASURE_HANDED_OVER: "变更措施负责人", Kind.MEASURE_BREACHED: "违反强制措施",
    Kind.LIFT_REQUESTED: "申请解除措施", Kind.MEASURE_REVIEW_BEGUN: "到场复查",
    Kind.MEASURE_REVIEWED: "解除前复查", Kind.LIFT_REFUSED: "不予解除措施",
    Kind.MEASURE_LIFTED: "解除措施", Kind.MEASURE_EXPIRED: "措施到期", Kind.MEASURE_REPLACED: "措施被替代",
    Kind.PENALTY_FILED: "处罚立案", Kind.PENALTY_HANDED_OVER: "变更办案人员",
    Kind.PENALTY_INVESTIGATED: "处罚调查终结", Kind.PENALTY_NOTIFIED: "处罚事先告知",
    Kind.DEFENCE_HEARD: "听取陈述申辩", Kind.HEARING_GRANTED: "安排听证", Kind.HEARING_HELD: "举行听证",
    Kind.PENALTY_DECIDED: "作出处罚决定", Kind.PENALTY_SERVED: "送达处罚决定", Kind.PENALTY_EXECUTED: "处罚执行完毕",
    Kind.PENALTY_PUBLISHED: "公开处罚决定", Kind.WAIVER_PROPOSED: "提出不予处罚",
    Kind.WAIVER_REFUSED: "不同意不予处罚", Kind.PENALTY_WAIVED: "不予处罚", Kind.PENALTY_REVOKED: "处罚决定被撤销",
    Kind.PUBLICATION_WITHDRAWN: "撤回处罚公开", Kind.CASE_REFERRED: "整案移送", Kind.CASE_TAKEN_BACK: "移送退回",
    Kind.CASE_CONCLUDED: "移送办结", Kind.REFERRED: "移送其他机关", Kind.REFERRAL_ACCEPTED: "受理移送",
    Kind.REFERRAL_REFUSED: "不受理移送", Kind.REFERRAL_SETTLED: "裁定移送", Kind.REFERRAL_ANSWERED: "反馈移送结果",
    Kind.REFERRAL_FOUND: "受移送单位查明", Kind.REFERRAL_ASKED_AGAIN: "要求补充移送结论",
    Kind.REFERRAL_CONCLUDED: "确认移送结论", Kind.REFERRAL_TRACKED: "跟踪移送", Kind.REFERRAL_CHECKED: "核对移送",
    Kind.CRIME_REPORTED: "报告涉嫌犯罪", Kind.CRIME_DECIDED: "决定是否移送公安", Kind.CRIME_SENT: "移送公安机关",
    Kind.CRIME_ACCEPTED: "公安机关受理", Kind.CRIME_DECLINED: "公安机关不立案", Kind.OPERATION_PLANNED: "列入联合行动",
    Kind.OPERATION_STARTED: "联合行动开始", Kind.OPERATION_RECORDED: "登记联合行动结果",
    Kind.OPERATION_CLOSED: "联合行动结束", Kind.OPERATION_CALLED_OFF: "取消联合行动",
    Kind.OPERATION_MEMBER_DROPPED: "联合行动减少参加单位", Kind.LET_GO: "不再等待", Kind.REPLIED: "已答复",
    Kind.REPORT_CLOSED: "举报件办结",
}  # fmt: skip
# What an entry tells in people's own words: shown below its sentence.
WORDS: Final = (
    "goal",
    "text",
    "note",
    "comment",
    "reason",
    "reasons",
    "facts",
    "why",
    "statement",
    "findings",
    "basis",
)
# What it tells in codes and numbers, and how that is said.
FACTS: Final[Mapping[str, Callable[[Any], str]]] = {
    "outcome": lambda said: f"结论：{OUTCOMES.get(said, said)}",
    "number": lambda said: f"文号：{said}",
    "recipient": lambda said: f"送达：{RECIPIENTS.get(said, said)}",
    "distance_m": lambda said: f"距案件位置 {round(said)} 米",
    "clock": lambda said: f"期限：{CLOCKS.get(said, said)}",
    "grade": lambda said: f"等级：{GRADES.get(said, said)}",
    "until": lambda said: f"至 {minute(said)}",
    "review_on": lambda said: f"复查日期：{said}",
}


def told(body: Mapping[str, Any]) -> list[str]:
    """What an entry tells beside its sentence: facts first, then people's own words."""
    facts = [say(body[key]) for key, say in FACTS.items() if body.get(key) is not None and body[key] != ""]
    return facts + [body[key] for key in WORDS if isinstance(body.get(key), str) and body[key].strip()]

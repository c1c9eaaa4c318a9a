"""What the page of a case says, in zh-CN, beside the words that the domain has for its codes."""

from typing import Final

from cases.papers.words import GUARDS
from cases.papers.words import RECIPIENTS as COPIES
from cases.words import OUTCOMES, STATES

__all__ = ["COPIES", "GUARDS", "OUTCOMES", "STATES"]  # with what stands below

PICTURES: Final = {
    "near": "近景", "far": "远景", "before": "整改前", "after": "整改后", "permit": "许可证照", "look_back": "回头看",
}  # fmt: skip
PICTURE_STATES: Final = {"rejected": "无法使用", "stored": "已收到，正在处理"}
VERDICTS: Final = {"proposed": "待审批", "approved": "已批准", "returned": "已退回"}
TASK_KINDS: Final = {
    "town": "承办", "lead": "牵头", "coop": "配合", "group": "核查组", "informed": "知情", "look_back": "回头看",
    "review": "复核",
}  # fmt: skip
TASK_STATES: Final = {"open": "未签收", "signed": "办理中", "answered": "已反馈", "cancelled": "已取消"}
ROWS: Final = {
    "requested": "待决定", "active": "缓办中", "refused": "未批准", "withdrawn": "已撤回", "ended": "已结束",
    "lapsed": "已失效", "granted": "已批准", "proposed": "待审批", "approved": "已批准", "in_force": "实施中",
    "extended": "已延长", "lift_requested": "已申请解除", "lifted": "已解除", "expired": "已到期",
    "replaced": "已替代", "dropped": "不再进行", "filed": "已立案", "investigated": "调查终结", "notified": "已告知",
    "hearing": "听证中", "decided": "已决定", "served": "已送达", "executed": "已执行", "waived": "不予处罚",
    "revoked": "已撤销", "sent": "已移送", "accepted": "已受理", "external": "平台外办理", "answered": "已反馈",
    "found": "待确认结论", "concluded": "已办结", "settled": "已裁定", "reported": "待决定", "rejected": "不移送",
    "acknowledged": "公安已受理", "declined": "公安不立案", "due": "待回头看", "visiting": "回头看中",
    "held": "没有反弹", "rebound": "已反弹", "assigned": "已指定", "waiting": "待复核", "confirmed": "已确认",
    "returned": "已退回", "owed": "待决定", "not_owed": "不需决定", "open": "待办", "completed": "已完成",
    "broken_off": "已中止", "given_back": "已退回", "upheld": "应重新办理", "dismissed": "维持",
    "returned_to": "已退回",
}  # fmt: skip
STALE: Final = "您打开表单以后，案件有了变化，所以没有提交。请对照下面的情况，再决定是否提交；您填写的内容都还在。"
DONE: Final = "已办理：{title}（{number}）。"
NEXT: Final = "已办理：{title}（{number}）。这是下一件。"
WAITS: Final = {
    "registered": "等待派给责任单位", "dispatched": "等责任单位签收", "arbitrating": "等安委办裁定由谁办理",
    "signed": "等检查人员到场检查", "verifying": "等检查人员完成记录、提出结论", "verdict_review": "等领导审批结论",
    "rectifying": "等待整改，完成后由检查人员报告", "acceptance": "等没有参与办理的人员到场验收",
    "referred": "等接收单位反馈结果", "on_hold": "缓办中，到期复查", "closure_review": "等待结案，条件见“结案条件”",
    "closed": "已经结案", "look_back": "正在回头看", "void": "已经作废",
}  # fmt: skip
RESULTS: Final = {"pass": "验收合格", "fail": "验收不合格"}
PAPER_STATES: Final = {"asked": "正在生成", "printed": "", "failed": "没有生成"}
NO_FILE: Final = "请先选一个文件。"
TAKEN: Final = "已收到。还有的话，可以接着上传；没有就回到案件。"
SEEN_BEFORE: Final = "注意：这张照片以前上传过，不能证明这一次到了现场。"
SCANS: Final = {
    "visit_record": "现场检查记录", "acceptance": "验收记录", "order": "责令整改指令书", "transfer": "移送书",
    "closing": "结案表", "notice": "举报告知牌", "guidance": "指导教育书", "minutes": "会议纪要",
    "penalty": "处罚决定书", "other": "其他",
}  # fmt: skip

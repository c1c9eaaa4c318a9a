"""What codes are called on paper, in Chinese. A code that is not here stands as itself."""

from cases.words import GRADES, OUTCOMES, URGENCIES

__all__ = ["GRADES", "OUTCOMES", "URGENCIES"]  # with what stands below

VISIT_KINDS = {"verification": "现场核查", "patrol": "巡查", "enforcement": "执法检查"}
RECIPIENTS = {
    "inspected_unit": "被检查单位", "local_government": "当地政府", "lead_department": "主管部门",
    "safety_office": "安委会办公室",
}  # fmt: skip
COPY_NUMBERS = {1: "第一联", 2: "第二联", 3: "第三联", 4: "第四联"}
DELIVERIES = {"direct": "直接送达", "left": "留置送达", "post": "邮寄送达", "public": "公告送达"}
CONDITIONS = {
    "minor": "违法行为轻微", "first": "初次违法", "corrected": "已及时改正", "no_harm": "没有造成危害后果",
    "slight_harm": "危害后果轻微", "proven": "有证据足以证明没有主观过错",
}  # fmt: skip
RESULTS = {"pass": "合格", "fail": "不合格"}
CONSEQUENCES = {"suspend": "停产停业", "expose": "公开曝光", "penalise": "行政处罚", "prosecute": "移送司法"}
DONE = {
    "visit": "现场检查", "verdict": "结论审批", "order": "下达整改指令", "completion": "报告整改完成",
    "acceptance_pass": "验收合格", "acceptance_fail": "验收不合格",
}  # fmt: skip
TASKS = {"lead": "牵头", "coop": "配合"}
TASK_STATES = {"open": "未签收", "signed": "未反馈", "answered": "已反馈"}
GUARDS = {
    "G-REP": "已向有关人员答复", "G-ACC": "整改验收合格，或者结论经第二人审批",
    "G-LOOK": "查否、无法核实的结论经抽查复核", "G-DEC": "验收不合格的后续处理已经决定并落实",
    "G-PEN": "应当处罚的已作出处罚决定或者有合法去向",
    "G-MEA": "采取的强制措施已依法解除", "G-REF": "移送事项已有结果", "G-LIST": "挂牌督办的已摘牌",
    "G-DOC": "检查记录、验收记录四联已全部送达，处罚决定书已存档", "G-TASK": "各部门任务均已反馈",
    "G-EXP": "对外公开的状态已更新",
}  # fmt: skip
PERMITS = {
    "seen": "已查验", "not_seen": "未出示", "expired": "已出示，已过有效期",
    "other_scope": "已出示，与所从事的活动不符",
}  # fmt: skip
ANSWERS = {
    "yes": "是", "no": "否", "na": "不适用", "measured": "", "stated": "", "taken": "已拍摄", "seen": "已查验",
    "not_seen": "未出示", "expired": "已过有效期", "other_scope": "与所从事的活动不符",
}  # fmt: skip
UNITS = {"m": "米", "m2": "平方米", "10k_rmb": "万元", "storey": "层", "count": "（只、辆）", "person": "人"}
BLOCKS = {"clear": "未发现问题", "problem": "发现问题", "na": "不适用"}

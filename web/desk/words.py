"""What the console says, in zh-CN: codes and roles in people's words. Those of states and clocks are cases/words.py."""

from typing import Final

from cases.words import CLOCKS, STATES, URGENCIES
from people.roles import Role

__all__ = ["CLOCKS", "DUE", "KINDS", "ROLES", "STATES", "URGENCIES"]

# What a queue says that is due, beside the clocks.
DUE: Final = CLOCKS | {
    "hold": "缓办复查", "review": "复核", "first_look": "查看", "decision_of_desk": "受理决定", "reply": "答复",
}  # fmt: skip
KINDS: Final = {
    "town": "主办", "group": "主办", "lead": "牵头", "coop": "配合", "look_back": "回头看", "review": "复核",
}  # fmt: skip
COLOURS: Final = {"red": "已超期", "yellow": "快到期", "green": "时间充裕"}
SORTS: Final = {"due": "先到期的在前", "urgency": "紧急的在前", "opened": "最早立案在前", "number": "按编号"}
REPORT_LISTS: Final = {
    "waiting": "待受理", "refusals": "不予受理待确认", "to_confirm": "摘要待确认", "to_reply": "待答复",
    "dissatisfied": "不满意", "unheard": "来信未回",
}  # fmt: skip
# Why a report waits for a person (cases/triage/judge.py and what brings one back to the desk).
WAITS: Final = {
    "death": "有人死亡", "emergency": "正在发生危险", "official": "涉及公职人员", "no_position": "没有定位",
    "outside": "位置在区外", "border": "位置靠近边界", "no_owner": "该地没有责任单位", "category": "需要判定类别",
    "possible_duplicate": "可能重复", "policy": "按规定人工审核", "slow_lane": "同一来源报得过多",
    "unproven": "来源待验证", "site_flood": "一处短时间多人举报", "overturned": "抽查退回", "case_void": "案件作废退回",
    "no_answer": "没有补充",
}  # fmt: skip
EMERGENCIES: Final = {"happening": "正在发生", "trapped": "有人被困或者受伤"}
BECAUSE: Final = {"near": "位置相近", "plate": "车牌相同", "uscc": "企业相同"}
SENDERS: Final = {"desk": "受理员", "reporter": "举报人"}
ROLES: Final = {
    Role.INTAKE_OFFICER: "受理员", Role.HOTLINE_CLERK: "热线坐席", Role.CUSTODIAN: "专管员",
    Role.TOWN_CLERK: "镇街值班员", Role.TOWN_OFFICER: "镇街核查员", Role.TOWN_LEADER: "镇街分管领导",
    Role.DEPT_OFFICER: "部门执法员", Role.DEPT_LEADER: "部门分管领导", Role.SAFETY_OFFICE: "安委办",
    Role.LEGAL_REVIEWER: "法制审核员", Role.PUBLISHER: "发布员", Role.DISCIPLINE: "纪检", Role.FINANCE: "财务",
    Role.SYSADMIN: "系统管理员",
}  # fmt: skip

WRONG: Final = "账号、密码或者动态码不对，请再试一次。"
CODE_WANTED: Final = "密码正确。这个账号启用了动态码，请连同密码再输入一次。"
THROTTLED: Final = "试错太多次了，请约 {minutes} 分钟后再试。"
FOREIGN: Final = "这个请求不是从本站页面发出的，没有办理。请从控制台重新操作。"

NOT_THE_ONE: Final = "密码不对。"
WRONG_CODE: Final = "动态码不对，或者已经用过，请等下一个。"
TOO_SHORT: Final = "新密码要有 12 到 128 个字符。"
DIFFERENT: Final = "两次输入的新密码不一样。"
ENROLLED: Final = "这个账号已经启用了动态码。"
NOT_ENROLLED: Final = "这个账号还没有启用动态码，请先启用。"
WAIT: Final = "试错太多次了，请过一会儿再试。"

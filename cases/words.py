"""What codes are called where people read them: in notices, on papers, in sheets (C1); others stand as themselves."""

STATES = {
    "registered": "已登记", "dispatched": "待签收", "arbitrating": "争议裁定", "signed": "待核查",
    "verifying": "核查中", "verdict_review": "结论待审", "rectifying": "整改中", "acceptance": "验收中",
    "referred": "已移送", "on_hold": "缓办", "closure_review": "待结案", "closed": "已结案",
    "look_back": "回头看", "void": "作废",
}  # fmt: skip
OUTCOMES = {"substantiated": "属实", "partly": "部分属实", "unsubstantiated": "不属实", "unverifiable": "无法核实"}
GRADES = {"general": "一般隐患", "major": "重大隐患", "undetermined": "未定级"}
URGENCIES = {"immediate": "特急", "urgent": "急件", "normal": "平件"}
TAGS = {
    "obstruction": "抗拒执法", "suspension_breached": "违反停产令", "minors": "涉未成年人",
    "public_official": "涉公职人员", "social_risk": "社会风险", "night": "夜间",
}  # fmt: skip
CLOCKS = {
    "dispatch": "派遣", "arbitrate": "争议裁定", "sign": "签收", "verify": "核查", "verdict_review": "结论审核",
    "rectify": "整改", "rectify_major": "重大隐患整改", "rework": "返工整改", "acceptance": "验收", "total": "全程办理",
    "referral_accept": "移送受理", "answer": "部门办理", "first_arrival": "到场",
    "relay": "转告公安机关", "cordon": "设置警戒", "stop_work": "停止施工", "verify_start": "启动核查",
    "second_look": "抽查复核", "look_back": "回头看", "re_verify": "复核", "decision": "验收不合格后续处理决定",
    "close": "结案", "file_penalty": "处罚立案", "penalty": "处罚决定", "publish_penalty": "处罚公开",
    "withdraw_publication": "撤回公开", "criminal_decision": "涉嫌犯罪案件移送决定",
    "criminal_transfer": "涉嫌犯罪案件移送", "acceptance_suspended": "复产审查", "referral_check": "移送跟踪",
}  # fmt: skip

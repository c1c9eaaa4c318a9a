"""Measures, penalties, referrals, criminal transfers, joint operations and powers handed over."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "measure.unknown": Title("没有这项措施", "There is no such measure"),
    "measure.unknown_type": Title("没有这种措施或处罚", "There is no such kind of measure or penalty"),
    "measure.term": Title("措施的截止时间超出法定范围", "The end of the measure is outside what the law allows"),
    "measure.not_accepted": Title(
        "须经作出措施的机关复查合格后方可解除",
        "It is lifted only after a passed review by the organ that ordered it",
    ),
    "measure.weaker_instead": Title(
        "须经验收方可解除的措施，不得以较轻的措施代替",
        "What ends by a passed review does not give way to a milder measure",
    ),
    "measure.ends_by_acceptance": Title(
        "该措施须经复查合格后解除，不设截止时间",
        "This measure ends by a passed review, and on no date",
    ),
    "measure.not_renewable": Title("该措施依法不能再延长", "The law lets this measure go on no longer"),
    "penalty.unknown": Title("没有这项处罚", "There is no such penalty"),
    "penalty.published": Title("该处罚决定已公开", "This penalty has been published already"),
    "power.none": Title("本单位当日没有此项职权", "Your body has no such power on this day"),
    "power.too_few_officers": Title(
        "须有至少两名持有效执法证的人员",
        "At least two officers with valid certificates must act",
    ),
    "delegation.unknown": Title("没有这项赋权记录", "There is no such delegation"),
    "delegation.ended": Title("该项赋权已终止", "This delegation has ended already"),
    "delegation.not_delegable": Title("这些职权不能由该单位赋予", "These powers cannot be handed over by this body"),
    "delegation.wrong_bodies": Title("赋权须由部门赋予镇街", "A department hands powers over to a town"),
    "penalty.time_to_be_heard": Title(
        "当事人陈述、申辩或者申请听证的期限未满",
        "The party may still defend itself, or ask for a hearing",
    ),
    "penalty.hearing_not_held_yet": Title("听证尚未举行", "The hearing has not been held yet"),
    "penalty.hearing_too_soon": Title("距听证时间不足法定通知期限", "The hearing is set too soon after its notice"),
    "referral.unknown": Title("没有这项移送", "There is no such referral"),
    "referral.no_receiver": Title(
        "请指明接收的部门或区外单位",
        "Name another department, or a body outside the district",
    ),
    "referral.not_whole": Title(
        "只有整案移送且仍在对方办理的，其结果才能终结案件",
        "Only what came of a matter that was handed over whole ends its case",
    ),
    "referral.only_outside": Title(
        "只有移送区外单位的才在受理前跟踪",
        "Only a body outside the district is tracked before it has accepted",
    ),
    "criminal.unknown": Title("没有这项涉嫌犯罪移送", "There is no such criminal transfer"),
    "criminal.not_the_police": Title("涉嫌犯罪案件移送公安机关", "A criminal transfer goes to the police"),
    "operation.unknown": Title("没有这次联合执法", "There is no such operation"),
    "operation.filed": Title("该单位已填报结果", "This member has filed its result"),
    "operation.results_missing": Title("尚有成员单位未填报结果", "Some members have filed no result yet"),
    "operation.not_a_member": Title("该单位不是参加单位", "This body takes no part beside the lead"),
    "operation.unknown_member": Title("所列成员单位无效", "A member is not an active body"),
}

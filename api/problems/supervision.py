"""What the safety office demands, and what bodies answer."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "urge.unknown": Title("没有这份督办", "There is no such urge order"),
    "urge.not_addressed": Title("该督办发给其他单位", "This order is addressed to another office"),
    "urge.not_concerned": Title("该单位在此案件中没有任务", "This office has no live task for the case"),
    "urge.case_over": Title("案件已办结", "The case is closed"),
    "calendar.unsound": Title("这些日期不符合放假安排通知的规则", "These rows cannot be the notice of the year"),
    "calendar.day_of_another_year": Title("日期不属于该年度的通知", "This day is not of the year of the notice"),
    "calendar.day_says_nothing": Title("调休上班日应为周末", "A worked day is a weekend day"),
    "listing_waiver.unknown": Title(
        "该案件没有这项是否挂牌的决定", "There is no such decision about listing in this case"
    ),
    "listing_waiver.not_owed": Title(
        "该案件不是在办的重大隐患，或者已决定不挂牌",
        "Nothing is to be decided about listing this case",
    ),
    "key_period.days": Title("最后一天早于第一天，或者已过", "The last day is before the first, or is past"),
    "key_period.unknown_area": Title("所列区域代码不存在", "One of these codes is no area of the district"),
    "interview.unknown": Title("没有这次约谈", "There is no such interview"),
    "bulletin.not_on_the_list": Title(
        "其中有条目已不在待通报名单上",
        "One of these entries is not on the list any more",
    ),
}

"""What the safety office demands, and what bodies answer."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "urge.unknown": Title("没有这份督办", "There is no such urge order"),
    "urge.not_addressed": Title("该督办发给其他单位", "This order is addressed to another office"),
    "urge.not_concerned": Title("该单位在此案件中没有任务", "This office has no live task for the case"),
    "urge.case_over": Title("案件已办结", "The case is closed"),
    "interview.unknown": Title("没有这次约谈", "There is no such interview"),
    "bulletin.not_on_the_list": Title(
        "其中有条目已不在待通报名单上",
        "One of these entries is not on the list any more",
    ),
}

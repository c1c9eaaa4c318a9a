"""Lists of cases and views of them."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "query.days_reversed": Title("结束日期早于开始日期", "The last day is before the first"),
    "org.unknown": Title("没有这个单位", "There is no such body"),
    "tag.unknown": Title("没有这种标记", "There is no such tag"),
    "view.unknown": Title("没有这个视图", "There is no such view"),
    "view.name_taken": Title("您已有同名视图", "You have a view of this name"),
    "view.too_many": Title("视图数量已达上限", "There are as many views as there may be"),
    "view.not_yours": Title("这是他人的视图，请另存为自己的", "This view is somebody else's; save one of your own"),
}

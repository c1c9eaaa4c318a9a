"""Lists of cases, views of them, acts on many of them, and exports."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "query.days_reversed": Title("结束日期早于开始日期", "The last day is before the first"),
    "org.unknown": Title("没有这个单位", "There is no such body"),
    "tag.unknown": Title("没有这种标记", "There is no such tag"),
    "view.unknown": Title("没有这个视图", "There is no such view"),
    "view.name_taken": Title("您已有同名视图", "You have a view of this name"),
    "view.too_many": Title("视图数量已达上限", "There are as many views as there may be"),
    "bulk.too_many": Title("一次选择的案件过多", "Too many cases at once"),
    "bulk.repeated": Title("有案件重复选择", "A case stands here twice"),
    "bulk.id_reused": Title("该编号已用于另一次批量操作", "This id belongs to another act"),
    "export.unknown": Title("没有这项导出", "There is no such export"),
    "export.too_many_rows": Title("行数超过导出上限，请缩小范围", "These are more rows than an export may have"),
    "export.has_grown": Title("数据已多于批准的行数，请重新申请", "The list has grown beyond what was allowed"),
    "export.expired": Title("导出已过期，请重新申请", "The time for this export is over"),
    "view.not_yours": Title("这是他人的视图，请另存为自己的", "This view is somebody else's; save one of your own"),
}

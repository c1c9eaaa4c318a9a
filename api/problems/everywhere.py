"""Refusals that any request may meet."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "refused": Title("请求被拒绝", "The request was refused"),
    "not_found": Title("没有找到", "There is no such thing here"),
    "value.impossible": Title("有一项内容超出可以保存的范围", "A value is beyond what can be kept"),
    "not_allowed": Title("您无权进行此操作", "You may not do this"),
    "conflict": Title("当前状态下不能进行此操作", "This is not possible in the present state"),
    "gone": Title("内容已不存在", "This is gone"),
    "role.missing": Title("您的岗位不能进行此操作", "None of your roles may do this"),
    "page.cursor_invalid": Title(
        "翻页位置无效，请从第一页重新开始",
        "This cursor is not valid here; begin with the first page",
    ),
    "query.unknown": Title("没有这个查询条件", "There is no such filter"),
    "storage.does_not_open": Title("密封文件无法开启", "A sealed file does not open"),
    "storage.missing": Title("文件不存在", "There is no such file"),
    "storage.occupied": Title("该名称下已存有其他内容", "Other content is stored under this name"),
    "webhook.host_not_allowed": Title(
        "地址须为 https，且主机在许可名单内",
        "The address must be https, on a host that is allowed",
    ),
    "webhook.not_taken": Title("对方系统未接收，稍后重试", "The other system did not take it"),
}

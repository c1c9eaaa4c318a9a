"""Signing in, accounts, absences, leaders and certificates."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "sign_in.required": Title("请先登录", "Sign in first"),
    "sign_in.failed": Title("用户名或密码错误", "Name or password is wrong"),
    "sign_in.throttled": Title("尝试次数过多，请稍后再试", "Too many failed attempts; try again later"),
    "media.unknown": Title("没有这家媒体", "There is no such client"),
    "media.key_unknown": Title("没有这个有效密钥", "There is no such live key"),
    "media.name_taken": Title("已登记同名媒体", "There is a client of this name already"),
    "media.two_keys": Title("已有两个有效密钥，请先停用一个", "Revoke one of the two live keys first"),
    "media.key_wanted": Title("请提供有效密钥", "Send a live key"),
    "sign_in.code_wanted": Title("请输入动态口令", "Give the code of your second factor"),
    "second_factor.required": Title("请先绑定动态口令", "Enrol a second factor first"),
    "second_factor.fresh": Title("请先重新输入动态口令", "Give a fresh code of your second factor first"),
    "second_factor.enrolled": Title("已绑定动态口令", "You have a second factor already"),
    "second_factor.none": Title("尚未绑定动态口令", "There is no second factor to confirm"),
    "second_factor.wrong": Title("动态口令错误或已使用", "The code is wrong, or was used"),
    "account.unknown": Title("没有这个账号", "There is no such account"),
    "account.your_own": Title("不能处理本人的账号", "Not your own account"),
    "account.roles_of_another_office": Title(
        "该单位类型不设这些角色", "These roles are not held in this kind of office"
    ),
    "account.roles_apart": Title("这些角色不能由同一账号兼任", "These roles are not held by one account"),
    "account.staff_number": Title(
        "工号由 2 至 40 个字母、数字或连字符组成", "A staff number has 2 to 40 letters, digits and hyphens"
    ),
    "session.unknown": Title("没有这个登录", "You have no such session"),
    "password.length": Title("密码长度不符合要求", "The password is too short or too long"),
    "handover.not_a_colleague": Title(
        "交接双方须为本单位人员，接收人须在岗",
        "Name two people of your own office; the second must be active",
    ),
    "absence.not_a_colleague": Title("请填写本单位在岗人员", "Name active people of your own office"),
    "absence.not_yours": Title("只能登记本人的请假", "You may enter your own absence only"),
    "absence.overlaps": Title("与双方之一的其他请假时间重叠", "This overlaps with another absence of one of the two"),
    "absence.nobody_decides": Title(
        "离岗期间本单位无其他在岗人员行使该职权，请先由管理员将该角色授予他人",
        "Nobody else of your office would hold this role meanwhile; have it given to somebody first",
    ),
    "absence.unknown": Title("本单位没有这条请假记录", "There is no such absence in your office"),
    "leader.named_already": Title(
        "该分管事项在这些日期已有责任领导",
        "This portfolio has a leader on some of these days",
    ),
    "leader.not_yours": Title("责任领导由安委办登记", "Leaders are entered by the safety office"),
    "leader.unknown": Title("没有这条现行的分工", "There is no such current assignment"),
    "officer.unknown": Title("没有这名执法人员", "There is no such officer"),
    "certificate.unknown": Title("没有这份执法证", "There is no such certificate"),
    "certificate.number_taken": Title("该执法证号已登记", "There is a certificate of this number already"),
    "certificate.ended": Title("该执法证已失效", "This certificate has ended already"),
    "certificate.scope_unknown": Title("执法范围不在目录内", "This scope is not in the catalogue"),
    "certificate.dates": Title("有效期的起止日期不对", "The dates of validity are wrong"),
}

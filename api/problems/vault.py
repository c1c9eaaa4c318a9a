"""Who reported: asked for, agreed to by another, opened by the vault; and what keeps an officer away from it."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "report.conflict": Title("存在利益关系，须回避", "A conflict of interest keeps you from this report"),
    "relation.unknown": Title("您没有这条申报", "You have made no such declaration"),
    "release.unknown": Title("没有这件查阅申请", "There is no such release"),
    "release.role": Title(
        "只有受理岗、安委办和专管员办理查阅申请",
        "Only the intake desk, the safety office and the custodians have to do with this",
    ),
    "release.separated_role": Title(
        "系统管理员和纪检人员不得参与查阅",
        "Whoever runs the machines, or watches over discipline, takes no part in this",
    ),
    "release.nothing_sealed": Title(
        "该举报未留姓名、电话或位置", "This report came without a name, a phone number or a position"
    ),
    "release.asked_already": Title("您已提出申请，尚未办结", "You have asked for this already"),
    "release.not_the_reader": Title("批准查阅的不是您", "Somebody else was allowed to read this"),
    "release.over": Title("已超过审批或者查阅的时限", "The time of this release is over"),
    "release.not_over": Title("尚未到期", "The time of this release is not over"),
    "release.limit": Title(
        "已达到查阅次数上限，暂不能批准", "No more identities are released now, for the limit is reached"
    ),
    "release.lists_not_yours": Title(
        "清单供纪检、安委办和专管员查看",
        "These lists are for the discipline body, the safety office and the custodians",
    ),
    "release.retaliation_open": Title(
        "举报人反映的打击报复核查期间，只能为保护举报人或者应对危险查阅",
        "While a retaliation is looked into, an identity is released only to protect or in danger",
    ),
    "release.only_to_protect": Title(
        "安委办只能为核查中的打击报复申请查阅", "The safety office asks only where a retaliation is looked into"
    ),
    "retaliation.unknown": Title("没有这件打击报复反映", "There is no such report of retaliation"),
    "retaliation.not_yours": Title(
        "仅供纪检、安委办和专管员查看", "This is for the discipline body, the safety office and the custodians"
    ),
    "retaliation.knew_who": Title(
        "申请、批准或者查阅过该举报人信息的人员须回避",
        "Whoever asked for, released or read this reporter's identity does not look into the leak",
    ),
    "password.wrong": Title("密码不正确", "The password is wrong"),
    "vault.away": Title(
        "保密库暂无应答，请先核对是否已查阅", "The vault does not answer, so look first whether this was read"
    ),
    "vault.cannot_open": Title(
        "封存信息无法打开，请通知保密库管理人员", "The envelope does not open, so tell whoever runs the vault"
    ),
    "vault.not_understood": Title(
        "保密库版本不一致，请稍后再试", "The vault and this process do not understand each other"
    ),
}

"""Rewards and the vouchers that pay them."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "reward.unknown": Title("没有这项奖励", "There is no such reward"),
    "reward.district_only": Title(
        "奖励由受理岗提出、法制审核、安委办审批",
        "Rewards are proposed by the desk, reviewed by law and approved by the safety office",
    ),
    "reward.not_substantiated": Title(
        "举报未查实或已撤回，不能奖励", "The report is withdrawn, or what it said was not found to be so"
    ),
    "reward.found_before": Title(
        "举报前已被发现并正在处理，不予奖励", "This had been found and was being handled before the report"
    ),
    "reward.changed": Title("据以计算的处罚决定已变化，请退回重提", "The decisions that it rests on have changed"),
    "reward.not_over": Title("尚未到期，或尚未全部发放", "It is not over yet, or not all of it is paid"),
    "reward.paid_already": Title("已有凭单发放，不能撤销", "A voucher of this reward has been paid"),
    "reward.not_final": Title(
        "该处罚决定尚未生效确定，或不属于本案、金额有误",
        "This decision is not final, is not of this case, or is of less",
    ),
    "reward.no_amount": Title("按奖励规则计算不出金额", "These facts give no amount under the rule"),
    "voucher.unknown": Title("没有这张凭单", "There is no such voucher"),
    "voucher.finance_only": Title("凭单由财务发放", "Vouchers are paid by finance"),
    "voucher.wrong_code": Title(
        "领取码或者领取人证件不符", "This is not the code of this voucher, or not the person who was to collect it"
    ),
}

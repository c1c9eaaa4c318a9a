"""What is put before the public."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "exposure.nothing_to_refuse": Title(
        "该案件没有待起草或者待说明理由的曝光决定",
        "No exposure of this case waits to be drafted or refused",
    ),
    "exposure.correction_unknown": Title("没有这条更正", "This exposure has no such correction"),
    "exposure.correction_waits": Title(
        "已有一条更正待法审", "A correction of this exposure waits for a lawyer already"
    ),
    "exposure.already_public": Title("已经公开或者即将公开，只能撤回", "It is public, or about to be: withdraw it"),
    "exposure.not_public_yet": Title("尚未到公开时间，请先收回", "It is not public yet: call it back"),
    "exposure.release": Title("公开时间过早或者过晚", "The moment of release is too soon or too late"),
    "exposure.batch_unknown": Title("没有这一期集中曝光", "There is no such batch"),
    "exposure.issue_taken": Title("该期号已经用过", "Another batch has this number"),
    "exposure.in_batch": Title("该条属于集中曝光，请整期收回", "It appears with others: call the batch back"),
    "exposure.notice_unknown": Title("没有这份告知", "This exposure has no such notice"),
    "exposure.not_approved": Title(
        "该条曝光尚未审核通过或者已经公开", "The exposure is not approved, or it is published"
    ),
    "exposure.party_told": Title("已就该内容告知当事人", "The party was told of this already"),
    "exposure.party_not_told": Title("尚未书面告知当事人", "The party was not told in writing"),
    "exposure.objection_time": Title("当事人提出异议的期限未满", "The party may still object"),
    "exposure.objection_open": Title("当事人的异议尚未答复", "The party's objection is not answered"),
    "exposure.time": Title("时间先后不符", "This time does not fit the order of events"),
    "exposure.unknown": Title("没有这条曝光", "There is no such exposure"),
    "exposure.no_ground": Title("没有可以曝光的依据", "The case gives no ground to expose it"),
    "exposure.not_reviewed": Title("法审的四项确认未完成", "The four ticks of the legal review are not all given"),
    "exposure.same_person": Title("起草人不能审核", "Whoever drafted it does not review it"),
    "exposure.source_at_risk": Title("内容可能暴露举报人", "The text could give the reporter away"),
    "exposure.too_early": Title("尚未到可以公开的时间", "It is too early to publish"),
    "exposure.wording": Title("用语不符合要求", "The wording is not allowed"),
    "exposure.gone": Title("这条曝光已不再公开", "This exposure is no longer public"),
    "media.scope": Title("这把密钥没有这项权限", "This key does not open this"),
    "webhook.unknown": Title("没有这个推送", "There is no such webhook"),
    "webhook.delivery_unknown": Title("没有这次推送记录", "There is no such delivery"),
    "webhook.address": Title(
        "推送地址应为互联网上的 https 地址，端口 443 或 8443",
        "Give an https address of the internet, on port 443 or 8443",
    ),
    "webhook.address_taken": Title("该地址已登记推送", "You have a webhook at this address already"),
    "webhook.too_many": Title("推送数量已满，请先停用一个", "End one of your webhooks first"),
    "webhook.state": Title("推送目前的状态不能这样操作", "The webhook is not in a state for this"),
    "webhook.paused_by_office": Title("该推送由管理单位暂停", "The office has paused this webhook"),
    "webhook.tests": Title("一小时内测试次数已满", "You have sent as many tests as an hour has"),
    "webhook.waiting": Title("这条推送仍在重试", "This is still being tried"),
    "webhook.body_gone": Title("推送内容已过保存期", "What was sent is forgotten"),
    "jurisdiction.unknown": Title("这里不受理该辖区的事项", "This is the endpoint of another jurisdiction"),
    "service.unknown": Title("没有这个服务类别", "There is no such service"),
    "request.unknown": Title("没有这一事项，或者尚未公开", "There is no such request, or it is not public"),
    "request.gone": Title("这一事项已不再公开", "This request is no longer public"),
    "georeport.time": Title(
        "时间要带时区，如 2026-11-28T00:00:00Z", "Give a w3 time with its zone, as 2026-11-28T00:00:00Z"
    ),
    "georeport.span": Title("起止相隔不超过九十天，先起后止", "Dates are at most ninety days apart, the earlier first"),
    "georeport.number": Title("数值写法不对或者超出范围", "This is no number, or it is out of range"),
    "georeport.status": Title("status 只有 open 和 closed", "The status is open, closed, or both"),
    "georeport.place": Title("lat 和 long 要一起给出", "Give lat and long together, and radius with them"),
    "georeport.ids": Title("一次查询的编号过多", "These are too many ids at once"),
    "statistics.month_unknown": Title("该月没有公布统计", "No statistics are published of that month"),
    "feed.month_unknown": Title("该月没有公布曝光信息", "Nothing was published in that month"),
    "log.empty": Title("日志尚无记录", "The log is empty"),
    "log.entry_unknown": Title(
        "日志中没有这条记录，新记录一分钟内收录", "The log does not know this entry; a new one is in it within a minute"
    ),
    "ogc.bbox": Title("bbox 应为 西,南,东,北 四个度数", "Give bbox as west,south,east,north in degrees"),
    "log.sizes": Title(
        "请给出先小后大、且不超过日志长度的两个长度",
        "Give two sizes, the smaller first, and neither larger than the log",
    ),
}

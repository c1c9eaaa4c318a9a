"""The open enums: values known today, with labels. Apps must cope with values they do not know (ecosystem 1.3, no. 8).

In openapi.json they are `type: string` with `x-extensible-enum`; `v1/enums.json` is made from LABELS.
"""

from typing import Annotated

from pydantic import Field

from mobile_contract.v1.base import Words

LABELS: dict[str, dict[str, Words]] = {
    "report_state": {
        "submitted": Words(zh="已提交", en="Submitted"),
        "in_review": Words(zh="审核中", en="In review"),
        "need_more": Words(zh="待补充", en="More information needed"),
        "accepted": Words(zh="已受理", en="Accepted"),
        "not_accepted": Words(zh="不予受理", en="Not accepted"),
        "redirected": Words(zh="请另行反映", en="For another body"),
        "verifying": Words(zh="核查处理中", en="Being dealt with"),
        "replied": Words(zh="已答复", en="Replied"),
        "review_requested": Words(zh="复核中", en="Under review again"),
        "closed": Words(zh="已办结", en="Closed"),
        "withdrawn": Words(zh="已撤回", en="Withdrawn"),
    },
    "photo_state": {
        "expected": Words(zh="待上传", en="Not here yet"),
        "waiting": Words(zh="等待举报件", en="Waiting for its report"),
        "stored": Words(zh="已收到", en="Received"),
        "rejected": Words(zh="无法使用", en="Cannot be used"),
    },
    "report_action": {
        "supplement": Words(zh="补充情况", en="Add information"),
        "answer": Words(zh="回答问题", en="Answer the question"),
        "withdraw": Words(zh="撤回", en="Withdraw"),
        "rate": Words(zh="评价答复", en="Rate the reply"),
        "ask_review": Words(zh="申请复核", en="Ask for a review"),
        "message": Words(zh="给受理人员留言", en="Write to the desk"),
        "retaliation": Words(zh="反映打击报复", en="Tell of retaliation"),
    },
    "thread_sender": {
        "desk": Words(zh="受理人员", en="The intake desk"),
        "reporter": Words(zh="我", en="You"),
        "system": Words(zh="平台", en="This service"),
    },
    "reward_state": {
        "notified": Words(zh="可领取", en="To be claimed"),
        "claimed": Words(zh="已申领", en="Claimed"),
        "paid": Words(zh="已发放", en="Paid"),
        "forfeited": Words(zh="逾期未领", en="Not claimed in time"),
    },
    "verdict": {
        "true": Words(zh="属实", en="True"),
        "partly_true": Words(zh="部分属实", en="Partly true"),
        "not_true": Words(zh="不属实", en="Not true"),
        "cannot_verify": Words(zh="无法核实", en="Could not be verified"),
    },
    "town_kind": {
        "town": Words(zh="镇", en="Town"),
        "township": Words(zh="乡", en="Township"),
        "subdistrict": Words(zh="街道", en="Subdistrict"),
        "zone": Words(zh="特殊管辖区", en="Special jurisdiction"),
    },
    "basemap_kind": {
        "none": Words(zh="无底图", en="No base map"),
        "raster": Words(zh="栅格底图", en="Raster tiles"),
        "vector": Words(zh="矢量底图", en="Vector tiles"),
    },
    "banner_level": {
        "info": Words(zh="提示", en="Note"),
        "warning": Words(zh="警示", en="Warning"),
        "danger": Words(zh="紧急", en="Danger"),
    },
    "sync_kind": {
        "exposure": Words(zh="曝光", en="Exposure"),
        "town": Words(zh="镇街", en="Town"),
        "config": Words(zh="配置", en="Configuration"),
    },
    "removal_reason": {
        "withdrawn": Words(zh="已撤回", en="Withdrawn"),
        "replaced": Words(zh="已替换", en="Replaced"),
        "not_public": Words(zh="不再公开", en="No longer public"),
    },
}


def _open(name: str) -> object:
    return Field(json_schema_extra={"x-extensible-enum": list(LABELS[name])})


ReportState = Annotated[str, _open("report_state")]
PhotoState = Annotated[str, _open("photo_state")]
ReportAction = Annotated[str, _open("report_action")]
RewardState = Annotated[str, _open("reward_state")]
ThreadSender = Annotated[str, _open("thread_sender")]
Verdict = Annotated[str, _open("verdict")]
TownKind = Annotated[str, _open("town_kind")]
BasemapKind = Annotated[str, _open("basemap_kind")]
BannerLevel = Annotated[str, _open("banner_level")]
SyncKind = Annotated[str, _open("sync_kind")]
RemovalReason = Annotated[str, _open("removal_reason")]

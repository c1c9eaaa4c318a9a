"""The intake desk: reports, what is not accepted, joined or passed on, and whose a place is."""

from api.problems.title import Title

TITLES: dict[str, Title] = {
    "report.unknown": Title("没有这份举报", "There is no such report"),
    "report.desk_only": Title("只有受理岗可以处理举报", "Only the intake desk works on reports"),
    "report.not_accepted_yet": Title("该举报尚未并入案件", "This report has joined no case yet"),
    "report.no_outcome": Title("案件尚无处理结果，不能答复", "The case has no outcome yet"),
    "reply.wording": Title("答复内容不宜发出，请修改", "The wording of the reply is not fit to be sent"),
    "message.wording": Title(
        "留言含有不宜发出的内容，请修改", "The message names somebody or something that must not go out"
    ),
    "message.closed": Title("举报人已撤回，不再留言", "The reporter has withdrawn, so nobody writes to them any more"),
    "reply.code_always_reaches": Title(
        "凭查询码总能看到答复，请写明以何种其他方式未能联系上",
        "Under the code a reply can always be read; say by which other way nobody was reached",
    ),
    "satisfaction.district_only": Title(
        "只有受理岗和安委办可以查看满意度",
        "Only the desk and the safety office see these numbers",
    ),
    "category.unknown": Title("没有这个类别", "There is no such category"),
    "extract.wording": Title(
        "摘要中仍有可能暴露举报人或他人的内容，请修改", "The extract still holds what may give somebody away"
    ),
    "extract.place_missing": Title(
        "案件没有坐标，请用文字写明在哪里", "The case has no point on the map; say in words where it is"
    ),
    "extract.photo_not_ready": Title(
        "所选照片不属于该举报，或尚未确认打码",
        "A chosen photo is not one of the report, or what is hidden of it is not confirmed and made yet",
    ),
    "masking.unknown": Title("该举报没有这张可用照片", "The report has no such photo that is clean"),
    "masking.not_ready": Title("照片正在处理，请稍后再确认打码", "The photo is being looked at; confirm in a moment"),
    "masking.outside": Title("打码区域超出照片范围", "A region does not lie within the photo"),
    "refusal.unknown": Title("该举报没有这项不予受理建议", "There is no such proposal for this report"),
    "refusal.proposed_already": Title(
        "不予受理建议已提出，待第二人确认",
        "A proposal not to accept this report waits for a second person",
    ),
    "refusal.ask_first": Title(
        "请先向举报人补充询问，并等待答复期满",
        "Ask the reporter first, and wait until the time for an answer is over",
    ),
    "refusal.evidence_missing": Title("该理由须写明依据", "Say what this reason rests on"),
    "refusal.case_goes_on": Title(
        "案件已在核查或另有举报，请否决该建议，以核查结论为准",
        "The case that was opened meanwhile goes on: reject the proposal, and let its verdict say what was found",
    ),
    "patrol.id_reused": Title("该编号已用于另一条巡查发现", "This id belongs to another finding"),
    "patrol.possible_duplicate": Title(
        "附近有本单位在办案件，请说明为何不是同一事项，或在该案中补充",
        "Open cases of yours are near: say why this is another matter, or add to one of them",
    ),
    "patrol.unknown": Title("没有待处理的这条巡查发现", "There is no such finding that waits for the desk"),
    "recheck.unknown": Title("没有这项复查", "There is no such re-check"),
    "redirect.inside": Title("该地点在本区范围内", "This place lies inside the district"),
    "redirect.no_body": Title(
        "请写明接收单位及其电话或链接",
        "Name the body that takes this, with a phone number or a link",
    ),
    "merge.same_case": Title("该举报已在此案件中", "This report is in that case already"),
    "merge.evidence_missing": Title("请写明何以认定为同一事项", "Say by what both are seen to be one matter"),
    "merge.too_late": Title(
        "该举报原有案件已在办理，不能再并入",
        "The report's own case is being dealt with and cannot be taken back any more",
    ),
    "flood.too_many": Title("一次选取的举报过多", "Fewer reports at once, please"),
    "flood.repeated": Title("同一举报被选取了两次", "A report stands here twice"),
    "flood.not_of_it": Title("该举报须单独查看，不能批量并案", "This report is to be looked at by itself"),
    "separation.opened_its_case": Title("该案件即由此举报立案，不能拆分", "This case was opened for this report"),
    "routing.choose_town": Title("请指定负责该地点的镇街", "Name the town that answers for this place"),
    "routing.no_owner": Title("该区域没有对应的责任单位", "No body answers for this unit"),
    "routing.not_an_owner": Title("请指定在用的镇街或区核查组", "Name an active town, or the group of the district"),
    "routing.never_a_town": Title("该事项由区级核查组办理，不下派镇街", "This matter goes to the county-level group"),
}

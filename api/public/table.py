"""GET /open/exposures.csv: the public record as a sheet, for desks that work in Excel (ecosystem.md §2.4)."""

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Annotated, Any, Literal

from fastapi import Query
from fastapi.responses import StreamingResponse

from api.dependencies import PublicSession
from api.public.caching import ANYBODY
from api.public.formats.wording import batch, corrections, is_gone, page
from api.rights import anybody
from api.routes import open_router
from api.spooled import spooled
from cases import feeds
from cases.feeds.items import PROGRESS, item
from kit.cells import BOM, safe
from kit.settings import settings

router = open_router(tags=["open"])
COLUMNS = {
    "uri": "标识", "version": "版本", "status": "状态", "published_at": "公布时间", "updated_at": "更新时间",
    "expires_at": "展示至", "withdrawn_at": "撤下时间", "withdraw_reason": "撤下原因", "corrections": "更正说明",
    "batch": "期次", "title": "标题", "body": "正文",
    "entity_name": "单位", "category_code": "类别代码", "category": "类别", "town_code": "镇街代码", "town": "镇街",
    "found_on": "检查发现", "basis": "依据", "progress": "整改进展", "authority": "公布机关", "phone": "电话",
    "lon": "经度", "lat": "纬度", "url": "网页",
}  # fmt: skip
STATUS = {"usable": "有效", "corrected": "已更正", "withdrawn": "已撤回", "expired": "已到期"}


@router.get("/open/exposures.csv", name="download_exposures", response_class=StreamingResponse)
@anybody
def download_exposures(
    session: PublicSession,
    first_day: Annotated[date | None, Query(alias="from")] = None,
    last_day: Annotated[date | None, Query(alias="to")] = None,
    town: Annotated[str | None, Query(max_length=20)] = None,
    header: Literal["zh", "en"] = "zh",
) -> StreamingResponse:
    """Exposures published on these days (district's time, both included), a row each, the newest change first.

    UTF-8 with its mark, CRLF, WGS-84 degrees, instants with their offset; a row that is gone keeps its place and the
    reason, and has no content. With a town only what is shown has one.
    """
    wanted = feeds.Wanted(first_day=first_day, last_day=last_day, town=town)
    items = (item(row) for row in feeds.every(session, wanted))
    file = spooled(lambda out: out.writelines(_lines(items, english=header == "en")))
    headers = {**ANYBODY, "Content-Disposition": "attachment; filename*=UTF-8''%E6%9B%9D%E5%85%89%E5%8F%B0.csv"}
    return StreamingResponse(file, media_type="text/csv; charset=utf-8; header=present", headers=headers)


def _lines(items: Iterable[dict[str, Any]], *, english: bool) -> Iterator[bytes]:
    yield _line(COLUMNS if english else COLUMNS.values(), before=BOM)
    for each in items:
        cells = _cells(each)
        yield _line(safe(cells.get(name, "")) for name in COLUMNS)


def _line(cells: Iterable[str], *, before: str = "") -> bytes:
    out = io.StringIO()
    csv.writer(out).writerow(cells)
    return (before + out.getvalue()).encode("utf-8", "replace")


def _cells(each: dict[str, Any]) -> dict[str, str]:
    own = {name: each.get(name) for name in COLUMNS}
    own |= {"url": page(each, settings().base_url), "status": STATUS[each["status"]]}
    if not is_gone(each):
        own |= {
            "category_code": each["category"]["code"], "category": each["category"]["zh"],
            "town_code": each["town"]["code"], "town": each["town"]["zh"],
            "corrections": corrections(each), "batch": batch(each),
            "progress": PROGRESS.get(each["progress"] or ""), **(each["point"] or {}),
        }  # fmt: skip
    return {name: "" if value is None else str(value) for name, value in own.items()}

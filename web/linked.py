"""An exposure as linked data (schema.org) for search engines, in the page that people read (C7, E11)."""

from typing import Any

import orjson
from markupsafe import Markup

from cases.feeds import Item
from cases.feeds.items import item
from kit.settings import settings


def article(found: Item) -> Markup:
    """What a page says of one that is shown, as JSON that may stand within a script element."""
    told = item(found)
    said: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "Article", "@id": told["uri"],
        "url": f"{settings().base_url}/exposures/{told['id']}", "headline": told["title"], "articleBody": told["body"],
        "inLanguage": "zh-CN", "datePublished": told["published_at"], "dateModified": told["updated_at"],
        "version": told["version"], "publisher": {"@type": "GovernmentOrganization", "name": told["authority"]},
        "about": {"@type": "Organization", "name": told["entity_name"]},
    }  # fmt: skip
    if told["corrections"]:
        said["correction"] = [
            {"@type": "CorrectionComment", "datePublished": each["at"], "text": each["note"]}
            for each in told["corrections"]
        ]
    if told["point"] is not None:
        place = {"@type": "GeoCoordinates", "latitude": told["point"]["lat"], "longitude": told["point"]["lon"]}
        said["contentLocation"] = {"@type": "Place", "name": told["town"]["zh"], "geo": place}
    # Within a script element only these signs could end it or begin a comment.
    return Markup(orjson.dumps(said).decode().replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))  # noqa: S704 - written by orjson, and escaped

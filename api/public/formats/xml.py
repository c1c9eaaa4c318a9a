"""What XML formats share: elements with any officer's text in them, and the bytes of a document."""

import re
from datetime import datetime
from xml.etree import ElementTree as ET

from kit.clock import LOCAL_ZONE

ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"
_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def put(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A child element. `name` carries its namespace in braces, if it has one."""
    child = ET.SubElement(parent, name, attributes)
    child.text = sayable(text)
    return child


def sayable(text: str | None) -> str | None:
    """Without the characters that XML has no way to write: one of them would make the whole feed unreadable."""
    return None if text is None else _NO_XML.sub("", text)


def written(root: ET.Element) -> bytes:
    """The document's bytes, UTF-8."""
    return bytes(ET.tostring(root, xml_declaration=True, encoding="utf-8"))


def local(moment: str) -> datetime:
    """An instant of an item in the district's time."""
    return datetime.fromisoformat(moment).astimezone(LOCAL_ZONE)

"""XML that every parser can read, whatever text goes into it."""

import re
from xml.etree import ElementTree as ET

_NO_XML = re.compile(r"[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def put(parent: ET.Element, name: str, text: str | None = None, **attributes: str) -> ET.Element:
    """A child element. `name` carries its namespace in braces, if it has one."""
    child = ET.SubElement(parent, name, attributes)
    child.text = sayable(text)
    return child


def sayable(text: str | None) -> str | None:
    """Without the characters that XML has no way to write: one of them would make the whole document unreadable."""
    return None if text is None else _NO_XML.sub("", text)

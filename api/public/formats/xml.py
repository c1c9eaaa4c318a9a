"""What the XML formats of the record share: their namespaces, and the bytes of a document."""

from datetime import datetime
from xml.etree import ElementTree as ET

from kit.clock import LOCAL_ZONE

ATOM = "http://www.w3.org/2005/Atom"
GEORSS = "http://www.georss.org/georss"


def written(root: ET.Element) -> bytes:
    """The document's bytes, UTF-8."""
    return bytes(ET.tostring(root, xml_declaration=True, encoding="utf-8"))


def local(moment: str) -> datetime:
    """An instant of an item in the district's time."""
    return datetime.fromisoformat(moment).astimezone(LOCAL_ZONE)

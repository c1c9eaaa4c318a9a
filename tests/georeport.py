"""Reading answers of GeoReport v2 as strictly as its text asks."""

from xml.etree import ElementTree as ET

XML, JSON = "text/xml; charset=utf-8", "application/json; charset=utf-8"


def tree(answer, root):
    """The document of an XML answer, which must say how it is written."""
    assert answer.headers["content-type"] == XML
    assert answer.content.startswith(b'<?xml version="1.0" encoding="UTF-8"?>')
    found = ET.fromstring(answer.content)  # noqa: S314 - our own
    assert found.tag == root
    return found


def refusal(answer, status):
    """Its descriptions, the same in both forms; the code is the status."""
    assert answer.status_code == status, answer.text
    if answer.headers["content-type"] == JSON:
        told = answer.json()
        assert isinstance(told, list)
    else:
        told = [{"code": int(each.findtext("code")), "description": each.findtext("description")}
                for each in tree(answer, "errors").findall("error")]  # fmt: skip
    assert told
    assert {each["code"] for each in told} == {status}
    assert all(each["description"] for each in told)
    return [each["description"] for each in told]

"""A page as a person without a script has it: links that are there, forms with what stands in them, and a button."""

import io
import secrets
from collections.abc import Mapping

from lxml import html
from PIL import Image


class Sheet:
    """One page of the console, by an address or by where an act has led."""

    def __init__(self, client, answer):
        self.client, self.answer = client, answer
        self.tree = html.fromstring(answer.content) if answer.content else None

    @property
    def text(self):
        return " ".join(self.tree.text_content().split())

    @property
    def notice(self):
        return " ".join(each.text_content().strip() for each in self.tree.xpath("//*[@role='status']"))

    @property
    def faults(self):
        """What stands beside the fields, by their names."""
        found = self.tree.xpath("//*[contains(@class, 'fault') and @id]")
        return {each.get("id").removeprefix("e-"): each.text_content() for each in found}

    @property
    def told(self):
        return " ".join(" ".join(each.text_content().split()) for each in self.tree.xpath("//*[@role='alert']"))

    def links(self):
        return {" ".join(each.text_content().split()): each.get("href") for each in self.tree.xpath("//main//a[@href]")}

    def follow(self, words):
        """Go where the first link leads that says this."""
        href = next(href for said, href in self.links().items() if words in said)
        return open_(self.client, href)

    def form(self, at=""):
        """The form of the page, or the one that is sent to an address with this in it."""
        return next(each for each in self.tree.forms if "sign-out" not in each.action and at in each.action)

    def value_of(self, name, words):
        """The value of a choice, by its words."""
        form = self.form()
        for option in form.xpath(f".//select[@name='{name}']/option"):
            if words in option.text_content():
                return option.get("value")
        return next(
            each.get("value")
            for each in form.xpath(f".//input[@name='{name}']")
            if words in each.getparent().text_content()
        )

    def row(self, list_, key, value):
        """The name of the row of a list which the page has set for this."""
        said = self.form().xpath(f".//input[@type='hidden' and @value='{value}']/@name")
        found = next(name for name in said if name.startswith(f"{list_}.") and name.endswith(f".{key}"))
        return found.removesuffix(f".{key}")

    def send(self, said: Mapping[str, str | list[str]] | None = None, *, at=""):
        """Fill in and press the button; what stands in the form goes along. Only what is there is filled in."""
        form = self.form(at)
        there = {each.get("name") for each in form.iter("input", "select", "textarea")}
        assert set(said or {}) <= there, set(said or {}) - there
        data: dict[str, list[str]] = {}
        for name, value in form.form_values():
            data.setdefault(name, []).append(value)
        # lxml says "on" for what is chosen and says nothing; a browser sends it as it is
        data |= {each.get("name"): [""] for each in form.xpath(".//input[@type='radio' and @value='' and @checked]")}
        data |= {name: value if isinstance(value, list) else [value] for name, value in (said or {}).items()}
        answer = self.client.post(form.action, data=data)
        return arrive(self.client, answer)

    def upload(self, content=b"", **said):
        """Send a file; a photo that nobody has seen, unless another is given."""
        files = {"file": ("photo.jpg", content or photo(), "image/jpeg")}
        return arrive(self.client, self.client.post(self.form().action, data=said, files=files))


def open_(client, path):
    return Sheet(client, client.get(path))


def arrive(client, answer):
    """Where a form leads."""
    while answer.status_code == 303:
        answer = client.get(answer.headers["location"])
    return Sheet(client, answer)


def photo():
    out = io.BytesIO()
    Image.new("RGB", (640, 480), (90, 120, 60)).save(out, "JPEG", comment=secrets.token_bytes(8))
    return out.getvalue()

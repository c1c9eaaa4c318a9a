"""A shape with what stands in it, as a template draws it: labels, values as they were written, choices, and faults."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from web.desk.case import labels
from web.desk.case.posted import Given, rows_of
from web.desk.case.shapes import Shape
from web.desk.case.sources import Options

FEW = 4  # so many choices are all shown at once
MORE = "_more"
_YES_NO: Options = (("yes", "是"), ("no", "否"))


@dataclass(frozen=True)
class Form:
    """What a form is drawn from.

    `options` are those of a path, or of one field by its name; `titles` name rows that the page itself has put there,
    `fixed` says which of their fields it filled in, `left_out` which fields are not asked.
    """

    act: str
    given: Given
    faults: Mapping[str, str] = field(default_factory=dict)
    options: Mapping[str, Options] = field(default_factory=dict)
    titles: Mapping[str, str] = field(default_factory=dict)
    fixed: Mapping[str, Sequence[str]] = field(default_factory=dict)
    left_out: frozenset[str] = frozenset()


@dataclass(frozen=True)
class View:
    """One field as it is drawn."""

    kind: str
    name: str
    label: str
    hint: str = ""
    required: bool = False
    values: Sequence[str] = ()
    options: Options = ()
    parts: Sequence["View"] = ()
    fault: str = ""
    most: int = 0
    more: bool = False
    wanted: bool = False  # what its body could leave out, and the rules seldom let it
    hidden: Mapping[str, str] = field(default_factory=dict)

    @property
    def value(self) -> str:
        """What stands in it."""
        return self.values[0] if self.values else ""


def views(form: Form, shape: Shape) -> list[View]:
    """The fields of a form, from top to bottom."""
    drawn = (_view(form, part, part.key, part.key, must=part.required) for part in shape.parts)
    return [each for each in drawn if each is not None]


def at_fault(drawn: Iterable[View], above: str = "") -> Iterator[tuple[str, str]]:
    """Each field at fault: its name, and in words which it is and what is wrong with it."""
    for each in drawn:
        label = f"{above} · {each.label}" if above else each.label
        if each.fault:
            yield each.name, f"{label}：{each.fault}"
        yield from at_fault(each.parts, label)


def _view(form: Form, shape: Shape, name: str, path: str, *, must: bool, title: str = "") -> View | None:
    if name in form.left_out:
        return None
    label, fault = title or labels.label(form.act, path), form.faults.get(name, "")
    hint = "" if title else labels.hint(form.act, path)
    if shape.kind == "group":
        parts = _parts(form, shape, name, path, must=must)
        return View("group", name, label, hint, must, parts=parts, fault=fault)
    if shape.kind == "rows":
        return _rows(form, shape, name, path, label, hint, must=must)
    options = _options(form, shape, name, path)
    kind = _kind(shape, options)
    if kind in {"many", "marks"} and not options and not must:
        return None
    if kind == "id" and not must and options is not None:
        return None  # there is nothing of which one could be chosen
    values = form.given.get(name) or ([shape.first] if shape.first else ())
    wanted = must or labels.is_wanted(form.act, path)
    return View(kind, name, label, hint, must, values, options or (), fault=fault, most=shape.most, wanted=wanted)


def _parts(form: Form, shape: Shape, name: str, path: str, *, must: bool) -> list[View]:
    set_ = form.fixed.get(name, ())
    drawn = (
        _view(form, part, f"{name}.{part.key}", f"{path}.{part.key}", must=must and part.required)
        for part in shape.parts
        if part.key not in set_
    )
    return [each for each in drawn if each is not None]


def _rows(form: Form, shape: Shape, name: str, path: str, label: str, hint: str, *, must: bool) -> View:
    item = shape.item or shape
    at = rows_of(form.given, name) or [0]
    is_set = any(f"{name}.{each}" in form.fixed for each in at)
    if name in form.given.get(MORE, ()) and len(at) < shape.most:
        at = [*at, at[-1] + 1]
    parts = [_row(form, item, f"{name}.{each}", path, number) for number, each in enumerate(at, 1)]
    fault = form.faults.get(name, "")
    return View("rows", name, label, hint, must, parts=parts, fault=fault, more=not is_set and len(at) < shape.most)


def _row(form: Form, item: Shape, name: str, path: str, number: int) -> View:
    title = form.titles.get(name, f"第 {number} 条")
    hidden = {key: form.given.get(f"{name}.{key}", [""])[0] for key in form.fixed.get(name, ())}
    if item.kind != "group":
        return View(
            item.kind, name, title, values=form.given.get(name, ()), fault=form.faults.get(name, ""), most=item.most
        )
    parts = _parts(form, item, name, path, must=False)
    return View("group", name, title, parts=parts, fault=form.faults.get(name, ""), hidden=hidden)


def _options(form: Form, shape: Shape, name: str, path: str) -> Options | None:
    if name in form.options:
        return form.options[name]
    if shape.kind == "choice":
        said = labels.choices(form.act, path)
        return [(code, said[code]) for code in shape.codes]
    return _YES_NO if shape.kind == "answer" else form.options.get(path)


def _kind(shape: Shape, options: Options | None) -> str:
    if shape.kind in {"many", "marks"} or not options:
        return shape.kind
    return "radio" if len(options) <= FEW and shape.kind in {"choice", "answer", "line"} else "select"

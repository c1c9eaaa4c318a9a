"""Reading a form while it arrives: small fields before or after one file, whose bytes are handed on and never spooled.

Everything is bounded: parts, headers, fields and the boundary. A file's name and type, as its sender gives
them, are not looked at.
"""

from collections.abc import AsyncIterator

from fastapi import Request
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from kit.errors import Invalid, Unsupported

FILE = "file"


class BadForm(Invalid):
    """The body is no well-made form: no boundary, broken headers, too many or too large parts, something twice."""

    code = "body.invalid"
    message = "The form cannot be read."
    pointer = "/"


class Form:
    """One request's form. Read `head()`, then `pieces()`; `fields` is complete when they have ended."""

    most_parts = 20
    most_field_bytes = 1024

    def __init__(self, request: Request) -> None:
        """Raises Unsupported for another kind of body, BadForm for one that cannot be taken apart."""
        kind, options = parse_options_header(request.headers.get("content-type"))
        if kind != b"multipart/form-data":
            raise Unsupported
        self.fields: dict[str, str] = {}
        self.has_file = self.is_whole = False
        self._stream = request.stream()
        self._parts = 0
        self._header, self._value = b"", b""
        self._name, self._field = "", b""
        self._pieces: list[bytes] = []
        self._parser = _parser(options.get(b"boundary", b""), self)

    async def head(self) -> None:
        """Read until the file begins, or to the end of a form that has none. Raises BadForm."""
        async for chunk in self._stream:
            self._take(chunk)
            if self.has_file:
                return

    async def pieces(self) -> AsyncIterator[bytes]:
        """The file's bytes as they come, then whatever follows the file. Raises BadForm."""
        for piece in self._drained():
            yield piece
        async for chunk in self._stream:
            self._take(chunk)
            for piece in self._drained():
                yield piece

    def _drained(self) -> list[bytes]:
        pieces, self._pieces = self._pieces, []
        return pieces

    def _take(self, chunk: bytes) -> None:
        try:
            self._parser.write(chunk)
        except FormParserError as broken:
            raise BadForm from broken

    def on_part_begin(self) -> None:
        """A part begins, of which nothing is known yet."""
        self._parts += 1
        if self._parts > self.most_parts:
            raise BadForm(reason="parts")
        self._name, self._field = "", b""

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        """A piece of a header's name."""
        self._header += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        """A piece of a header's value."""
        self._value += data[start:end]

    def on_header_end(self) -> None:
        """A header is complete; only the part's name is of interest."""
        if self._header.lower() == b"content-disposition":
            kind, options = parse_options_header(self._value)
            self._name = options.get(b"name", b"").decode("utf-8", "replace") if kind == b"form-data" else ""
        self._header, self._value = b"", b""

    def on_headers_finished(self) -> None:
        """What the part is, is known now."""
        if self._name in self.fields or (self._name == FILE and self.has_file):
            raise BadForm(pointer=f"/{self._name}", reason="repeated")
        self.has_file = self.has_file or self._name == FILE

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        """A piece of the part itself."""
        if self._name == FILE:
            self._pieces.append(data[start:end])
            return
        self._field += data[start:end]
        if len(self._field) > self.most_field_bytes:
            raise BadForm(reason="field_length")

    def on_part_end(self) -> None:
        """A part is complete; one without a name is passed over."""
        if self._name not in ("", FILE):
            self.fields[self._name] = self._field.decode("utf-8", "replace")

    def on_end(self) -> None:
        """The last boundary was there: nothing was torn off."""
        self.is_whole = True


_HEARD = [name for name in dir(Form) if name.startswith("on_")]


def _parser(boundary: bytes, form: Form) -> MultipartParser:
    if not boundary:
        raise BadForm(reason="boundary")
    heard = {name: getattr(form, name) for name in _HEARD}
    try:
        return MultipartParser(boundary, heard)  # type: ignore[arg-type]  # the names are the parser's own
    except FormParserError as broken:
        raise BadForm(reason="boundary") from broken

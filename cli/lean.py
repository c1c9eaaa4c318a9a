"""Imported before all that loads GeoAlchemy, structlog or FastAPI: lets them do without what they take where it is.

GeoAlchemy loads shapely, and with it numpy, for conversions that we do ourselves (geo/shapes.py), and the dialects of
databases that are none of ours: 12 and 3 MB in a process. structlog loads rich for coloured tracebacks, which we never
print: 3 MB. Afterwards these can be imported as ever. FastAPI asks of each class whether it is one of pydantic's first
version, and loads that for it: 5 MB. It takes no for an answer, and this process has no such class.
"""

import sys
from importlib import import_module
from types import ModuleType

ABSENT = {"geoalchemy2": "shapely", "structlog": "rich"}  # whose import then fails, as if it were not installed
DIALECTS = "geoalchemy2.admin.dialects"
EMPTY = {"geoalchemy2": [f"{DIALECTS}.{name}" for name in ("geopackage", "mariadb", "mssql", "mysql", "sqlite")]}


def _empty(name: str) -> ModuleType:
    """A module in which every name is there and means nothing: what is taken from it at import is never called."""
    module = ModuleType(name)
    module.__dict__["__getattr__"] = lambda _: None
    return module


def _import(module: str) -> None:
    """Import a module without what it can do without; what is loaded already stays."""
    instead: dict[str, ModuleType | None] = {name: _empty(name) for name in EMPTY.get(module, [])}
    instead[ABSENT[module]] = None
    sys.modules.update(instead)  # type: ignore[arg-type]  # None is how an import is made to fail
    try:
        import_module(module)
    finally:
        for name in instead:
            del sys.modules[name]


sys.modules.setdefault("pydantic.v1", None)  # type: ignore[arg-type]  # as in _import, but for good
for each, other in ABSENT.items():
    if each not in sys.modules and other not in sys.modules:
        _import(each)

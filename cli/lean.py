"""Imported before anything that loads GeoAlchemy or structlog: lets them do without what they take where they find it.

GeoAlchemy loads shapely, and with it numpy, for conversions that we do ourselves (geo/shapes.py): 12 MB in a process.
structlog loads rich for coloured tracebacks, which we never print: 3 MB. Afterwards both can be imported as ever.
"""

import sys
from importlib import import_module

WITHOUT = {"geoalchemy2": "shapely", "structlog": "rich"}

for module, other in WITHOUT.items():
    if module not in sys.modules and other not in sys.modules:
        sys.modules[other] = None  # type: ignore[assignment]  # which makes its import fail, as if it were not installed
        try:
            import_module(module)
        finally:
            del sys.modules[other]

"""Imported before anything that loads GeoAlchemy: lets it do without shapely, and with it numpy, 12 MB in each process.

GeoAlchemy loads shapely wherever it is installed, for conversions that we do ourselves (geo/shapes.py). Afterwards
shapely can be imported as ever.
"""

import sys
from importlib import import_module

if "shapely" not in sys.modules and "geoalchemy2" not in sys.modules:
    sys.modules["shapely"] = None  # type: ignore[assignment]  # which makes its import fail, as if it were not installed
    try:
        import_module("geoalchemy2")
    finally:
        del sys.modules["shapely"]

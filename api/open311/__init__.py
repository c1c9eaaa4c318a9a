"""Open311 GeoReport v2 under /open311/v2: other people's applications ask, send and follow in a language they know.

What it answers of the public record starts from the one serializer (cases/feeds/items.py); what comes in is a report
like any other. Refusals are told by api/errors.py as for everybody, in the words of this standard (api/georeport.py).
"""

"""Boundary files become editions: read within limits, placed in WGS-84, checked, previewed, and swapped in at once.

reading (geojson, tables) → fields → placing → measuring → checks (repair) → identity → preview → publish; `plan` leads.
A file lies about its datum, its encoding and its shapes, so each is looked at, told, and never mended in silence.
"""

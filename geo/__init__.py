"""Places: datums, points, boundaries and their versions, rule zones, and the loading of boundary files.

Knows no case, no report and no person. Everything inside is WGS-84, longitude before latitude.
"""

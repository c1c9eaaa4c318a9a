"""PAGES. What everybody may see in a browser: how it works, how a report is doing, and the board of exposures.

Rendered here with Jinja2; every page works without JavaScript and asks no other host for anything.
"""

"""CONSOLE. What officers see in a browser, under /desk: their queue, the cases in it, what they do to them.

Its pages are let in by the policies of api/rights.py and see what /o/v1 sees, in the same transactions. All of it works
as links and forms; scripts make it quicker.
"""

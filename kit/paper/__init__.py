"""Paper: sheets written as HTML become one PDF, the same bytes for the same sheets.

Importing this loads no layout engine; only the press, a process of its own that ends with its paper, does.
"""

from kit.paper.printing import NotPrintable, PressBusy, Printed, print_sheets

__all__ = ["NotPrintable", "PressBusy", "Printed", "print_sheets"]

"""The closing guards of C4.3, as data for a screen and as the last lock before T16.

Each guard is one function that gives nothing when it holds, and else says what is missing and where it is put right.
"""

from cases.lifecycle.closing.findings import still_ours
from cases.lifecycle.closing.panel import GuardsOpen, GuardState, all_hold, panel
from cases.lifecycle.closing.shut import Shut

__all__ = ["GuardState", "GuardsOpen", "Shut", "all_hold", "panel", "still_ours"]

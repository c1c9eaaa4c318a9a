"""Being told that there is news of a report, by the way that the holder of its code has chosen: a nudge, no content.

What happened stands under the tracking code, which is the one way that can be relied on. What goes out is the same
neutral sentence whatever happened and to whomever: whoever sees the screen learns that there is news, and of nothing.
"""

from cases.subscriptions.subscribing import TooManySubscriptions, subscribe, unsubscribe
from cases.subscriptions.telling import find_news, tell
from cases.subscriptions.ways import WAYS, Address, Way

__all__ = ["WAYS", "Address", "TooManySubscriptions", "Way", "find_news", "subscribe", "tell", "unsubscribe"]

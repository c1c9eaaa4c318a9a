"""Refusals: facts with names, in a few families. HTTP learns of them in one table (api/errors.py).

Refusal
├── NotFound        there is no such thing, or not for you
├── NotAllowed      you may not
├── Unidentified    we do not know who you are
├── Conflict        the thing is not in the state this act needs
├── Stale           somebody changed it meanwhile; carries the current state
├── Unconditional   the act must say which version it saw
├── Invalid         the input is wrong; `pointer` names the field
├── Unsupported     the kind of content is not taken
├── TooLarge        the content is over a stated limit
├── TooMany         slow down; `retry_after_s` says how long
├── Expired         it was there, and is gone for good
└── Unavailable     a part is away; the same request may succeed later
"""

from typing import Any


class Misconfigured(Exception):
    """A setting is missing or not usable; its text is one sentence for whoever runs this machine."""


class Refusal(Exception):
    """A request that is refused for a reason worth telling: `code` is stable, `message` is for people."""

    code = "refused"
    message = "The request was refused."
    retryable = False
    pointer: str | None = None

    def __init__(self, message: str | None = None, *, pointer: str | None = None, **extra: Any) -> None:
        """`pointer` is a JSON pointer to the field at fault; `extra` goes into the problem as further members."""
        self.message = message or self.message
        self.pointer = pointer or self.pointer
        self.extra = extra
        super().__init__(self.message)


class NotFound(Refusal):
    """There is no such thing, or it is not for this actor: both look alike."""

    code = "not_found"
    message = "There is no such thing here."


class NotAllowed(Refusal):
    """The actor is known and may not do this."""

    code = "not_allowed"
    message = "You may not do this."


class Unidentified(Refusal):
    """Nobody is signed in, or the session has ended."""

    code = "sign_in.required"
    message = "Sign in first."


class Conflict(Refusal):
    """The thing is not in the state that this act needs."""

    code = "conflict"
    message = "This is not possible in the present state."


class Stale(Refusal):
    """The thing has changed since the actor saw it; `current` in `extra` is what it is now."""

    code = "case.changed"
    message = "It was changed meanwhile."


class Unconditional(Refusal):
    """An act that must say which version it saw did not."""

    code = "precondition.required"
    message = "Say which version you saw (If-Match or expected_version)."


class Invalid(Refusal):
    """The input is wrong."""

    code = "body.invalid"
    message = "The input is not valid."


class Unsupported(Refusal):
    """This kind of content is not taken."""

    code = "media.unsupported"
    message = "This kind of content is not taken."


class TooLarge(Refusal):
    """The content is over a stated limit."""

    code = "body.too_large"
    message = "The content is too large."


class TooMany(Refusal):
    """Too many requests of this kind from here."""

    code = "rate.limited"
    message = "Too many requests; try again later."
    retryable = True


class Expired(Refusal):
    """It was there once and is gone for good."""

    code = "gone"
    message = "This is gone."


class Unavailable(Refusal):
    """A part of the system is away; the same request may succeed later."""

    code = "service.unavailable"
    message = "Temporarily unavailable; keep it and try again."
    retryable = True

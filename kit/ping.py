"""Whether a Redis answers."""

from contextlib import closing

from kit.redis_line import NoAnswer, RedisLine

__all__ = ["NoAnswer", "ping"]


def ping(url: str, *, timeout_s: float) -> None:
    """Sign in if the address says how, and ask. Raises OSError when nothing, or no good answer, comes."""
    with closing(RedisLine(url, timeout_s=timeout_s)) as line:
        line.ask("PING")

"""Translate how a child or a conversation ended into the failure that the caller gets."""

from ..protocol.errors import JailError, OutputRefused, ParseCrash, ParseTimeout
from .channel import ChannelClosed


def failure_of(envelope: dict[str, object]) -> JailError | None:
    """Translate what the warm process says about how a child ended; None for a good end."""
    status, detail = envelope.get("status"), envelope.get("detail")
    number = detail if isinstance(detail, int) else 0
    failures: dict[object, JailError] = {
        "timeout": ParseTimeout("wall_clock"),
        "cpu_time": ParseTimeout("cpu_time"),
        "signal": ParseCrash(f"signal_{number}"),
        "memory": ParseCrash("out_of_memory"),
        "exit": ParseCrash(f"exit_{number}"),
        "output": OutputRefused("too_large"),
    }
    if status == "done":
        return None
    return failures.get(status, OutputRefused("bad_status"))


def translate(error: Exception) -> JailError:
    """Translate a broken conversation; the process was stopped and starts at the next request."""
    if isinstance(error, TimeoutError):
        return ParseTimeout("no_answer")
    if isinstance(error, ChannelClosed):
        return ParseCrash("jail_died")
    return OutputRefused(str(error))

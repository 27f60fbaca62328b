"""Hold what one child in the jail may use, and what the children of one inspection may together.

The host tells the jail the first at its start, and the second with each request.
"""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

# An inspection is all that the jail does to open a mail, or to judge and open one document.
INSPECTION_SECONDS = 30.0


@dataclass(frozen=True)
class Limits:
    """Hold what one child may use.

    `max_output_bytes` is more than the largest upload, since a message inside a message comes out
    both as itself and as its parts.
    """

    address_space_bytes: int = 1024**3
    cpu_seconds: int = 20
    wall_seconds: float = 30.0
    max_output_bytes: int = 256 * 1024**2


@dataclass
class TimeLeft:
    """Count down the seconds that the steps of one inspection may still take together.

    Only the time of the jail's work is counted: whoever waits for a free jail uses nothing up.
    """

    seconds: float = INSPECTION_SECONDS
    around: "TimeLeft | None" = None

    def use(self, seconds: float) -> None:
        """Take off what a step took, here and from the time of which this is a share."""
        self.seconds -= seconds
        if self.around is not None:
            self.around.use(seconds)

    def share(self, seconds: float) -> "TimeLeft":
        """Return at most these seconds of what is left, for one inspection of several."""
        return TimeLeft(min(seconds, self.seconds), self)

    @contextmanager
    def counted(self) -> Iterator[None]:
        """Take off what happens inside, however it ends."""
        started = time.monotonic()
        try:
            yield
        finally:
            self.use(time.monotonic() - started)

    @property
    def is_over(self) -> bool:
        """Say whether nothing is left for a further step."""
        return self.seconds <= 0

"""Hold what is known of a folder: the result of one look, and what a connection remembers."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from mailbox.backoff import retry_after


@dataclass(frozen=True)
class PollResult:
    """What one look through a folder brought.

    `new` counts submissions made, `oversize` those of them of which only the header was stored,
    `seen_again` messages that were stored before, `moved` those that left the folder. `failed`
    messages stay on the server until they can be stored; `error` is the code of one of them.
    """

    new: int = 0
    seen_again: int = 0
    oversize: int = 0
    moved: int = 0
    failed: int = 0
    error: str = ""
    uid_validity: int = 0
    last_uid: int = 0

    @property
    def has_moved_on(self) -> bool:
        """Say whether there was anything to do: then more may have come meanwhile."""
        return bool(self.new or self.moved)


@dataclass
class FolderMemory:
    """What is remembered between looks, so that nothing is asked for in vain.

    It is valid for one UIDVALIDITY. `settled` messages are never asked for again within one
    connection, in which no UID is given twice; `resting` ones only after a while. `asked` are those
    that the server was just asked for, and `breaks` counts how often the connection ended over
    each: they are asked for last and alone, so that one message keeps no other from coming in.
    """

    uid_validity: int = 0
    settled: set[int] = field(default_factory=set)
    resting: dict[int, "Rest"] = field(default_factory=dict)
    asked: tuple[int, ...] = ()
    breaks: dict[int, int] = field(default_factory=dict)
    noticed: set[int] = field(default_factory=set)

    def begin(self, uid_validity: int) -> None:
        """Forget everything when the folder was numbered anew."""
        if uid_validity != self.uid_validity:
            self.uid_validity = uid_validity
            self.settled.clear()
            self.resting.clear()
            self.breaks.clear()
            self.noticed.clear()

    def reconnect(self) -> None:
        """Forget what holds for one connection only."""
        self.settled.clear()
        self.asked = ()

    def due(self, uids: list[int], now: datetime) -> list[int]:
        """Return the UIDs without those that are settled and those that failed a moment ago."""
        return [
            uid
            for uid in uids
            if uid not in self.settled
            and (uid not in self.resting or self.resting[uid].until <= now)
        ]

    def groups(self, due: list[int], most: int) -> Iterator[list[int]]:
        """Yield the UIDs in groups of at most `most`, those that broke a connection last, alone."""
        calm = [uid for uid in due if uid not in self.breaks]
        yield from (calm[first : first + most] for first in range(0, len(calm), most))
        yield from ([uid] for uid in due if uid in self.breaks)

    def note_break(self) -> int | None:
        """Count the end of a connection against the messages that were just asked for.

        Return the UID of one that was asked for alone when that happened before; else any server
        may have been restarted at this moment.
        """
        asked, self.asked = self.asked, ()
        for uid in asked:
            self.breaks[uid] = self.breaks.get(uid, 0) + 1
        is_sure = len(asked) == 1 and self.breaks[asked[0]] > 1
        return asked[0] if is_sure else None

    def rest(self, uid: int, code: str, now: datetime) -> None:
        """Let a message that failed rest for 30 seconds at first, 15 minutes at last."""
        failures = self.resting[uid].failures + 1 if uid in self.resting else 1
        until = now + retry_after(failures, 0.5, was_reached=True)
        self.resting[uid] = Rest(failures, until, code)

    def untold(self) -> dict[int, str]:
        """Return the messages that cannot be taken in and that no officer was told of: their codes.

        One that was stored and could not be moved is none of them.
        """
        return {
            uid: rest.code
            for uid, rest in self.resting.items()
            if rest.code.startswith("message_") and uid not in self.noticed
        }

    def troubled(self, uids: list[int]) -> list[str]:
        """Return the codes of the messages that failed and are still there; forget the others."""
        there = set(uids)
        self.breaks = {uid: times for uid, times in self.breaks.items() if uid in there}
        self.noticed &= there
        self.resting = {uid: rest for uid, rest in self.resting.items() if uid in there}
        return [rest.code for rest in self.resting.values()]


@dataclass(frozen=True)
class Rest:
    """A message that failed: how often, until when it is left alone, and why."""

    failures: int
    until: datetime
    code: str

"""Let a fixed number at once do what is costly, while others wait in a short and fair line.

Whoever has proved nothing must not be able to take all memory and all processors (threat W4): a
caller beyond the line is told to come again. Fair is: callers who are known by a proof of their
own come first, then everybody's first wish before anybody's second, by account and by network. So
a stranger who asks for much stands in their own way. Nothing here depends on whether an account
exists.
"""

import secrets
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from intake.core.errors import IntakeError


class LineFull(IntakeError):
    """Too many wait already; nothing was done, and nothing was counted against the caller."""

    reason = "line_full"
    public = (
        "Too many people are signing in at this moment, so your password was not looked at. "
        "Please wait a minute and try again."
    )
    status = 503


@dataclass(frozen=True)
class Caller:
    """Who wishes something: an account and a network by any name that tells them apart.

    `is_proved` is True for somebody with a session, an invitation or a browser that we know.
    """

    account: str
    network: str
    is_proved: bool = False


@dataclass(eq=False)
class _Waiter:
    caller: Caller
    turn: int
    turn_of_network: int
    is_in: bool = False
    is_refused: bool = False


class FairLine:
    """A line of this process: `at_once` callers inside, `places` waiting.

    `choose` takes a number and returns one below it; it decides among equals who is turned away.
    """

    def __init__(
        self, at_once: int, places: int, choose: Callable[[int], int] = secrets.randbelow
    ) -> None:
        self._at_once, self._places, self._choose = at_once, places, choose
        self._changed = threading.Condition()
        self._inside = self._turn = self._turn_of_network = 0
        self._waiting: list[_Waiter] = []

    @contextmanager
    def turn(self, caller: Caller) -> Iterator[None]:
        """Wait for a turn, and hold it to the end of the block. Raises LineFull."""
        self._enter(caller)
        try:
            yield
        finally:
            with self._changed:
                self._inside -= 1
                self._let_in()

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        with self._changed:
            return len(self._waiting)

    def _enter(self, caller: Caller) -> None:
        with self._changed:
            waiter = self._line_up(caller)
            self._let_in()
            if len(self._waiting) > self._places:
                self._turn_away()
            while not waiter.is_in and not waiter.is_refused:
                self._changed.wait()
        if waiter.is_refused:
            raise LineFull

    def _line_up(self, caller: Caller) -> _Waiter:
        """Give a caller the turn behind those of the same account, and so for the network.

        Turns count on while the line is served (start-time fair queueing), so nobody who waits is
        overtaken for ever.
        """
        beside = [each for each in self._waiting if each.caller.account == caller.account]
        near = [each for each in self._waiting if each.caller.network == caller.network]
        turn = max([self._turn, *(each.turn for each in beside)])
        turn_of_network = max([self._turn_of_network, *(each.turn_of_network for each in near)])
        waiter = _Waiter(caller, turn + 1, turn_of_network + 1)
        self._waiting.append(waiter)
        return waiter

    def _let_in(self) -> None:
        while self._waiting and self._inside < self._at_once:
            # Of equals the first of the list, who has waited for longest.
            first = min(
                self._waiting,
                key=lambda each: (not each.caller.is_proved, each.turn, each.turn_of_network),
            )
            self._waiting.remove(first)
            self._turn = max(self._turn, first.turn)
            self._turn_of_network = max(self._turn_of_network, first.turn_of_network)
            self._inside += 1
            first.is_in = True
        self._changed.notify_all()

    def _turn_away(self) -> None:
        # Among equals chance decides: whoever comes last would else never get in under a flood.
        worst = max(self._share(each.caller) for each in self._waiting)
        equals = [each for each in self._waiting if self._share(each.caller) == worst]
        refused = equals[self._choose(len(equals))]
        self._waiting.remove(refused)
        refused.is_refused = True
        self._changed.notify_all()

    def _share(self, caller: Caller) -> tuple[bool, int, int]:
        """Return how much of the line a caller takes; who has proved something takes least."""
        others = [each.caller for each in self._waiting]
        of_account = sum(each.account == caller.account for each in others)
        of_network = sum(each.network == caller.network for each in others)
        return (not caller.is_proved, of_account, of_network)

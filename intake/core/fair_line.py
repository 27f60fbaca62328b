"""Let a fixed number at once do what is costly, while others wait in a short and fair line.

Whoever has proved nothing must not be able to take all memory and all processors (threat W4): a
caller beyond the line is told to come again. Callers who are known by a proof of their own come
first, and those from a network where many fail come last. Among the others the line is shared out
by network, from wide prefixes to narrow ones, and then by account: each has its turn before any has
a second one, and of a line that is too long the one with most in it loses. So a stranger who asks
for much, even from many networks of one prefix, stands in their own way. Whoever waits keeps their
place against an equal, who would else be pushed out in turn. Nothing here depends on whether an
account exists.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from intake.core import networks
from intake.core.errors import IntakeError
from storage.worded import worded


class LineFull(IntakeError):
    """Too many wait already, and nothing was done."""

    reason = "line_full"
    public = worded(
        "Too many people are signing in at this moment, so your password was not looked at. "
        "Please wait a minute and try again."
    )
    status = 503


@dataclass(frozen=True)
class Caller:
    """Who wishes something: an account and a network by any name that tells them apart.

    `is_proved` is True for somebody with a session, an invitation or a browser that we know;
    `is_doubted` for somebody else on a network where many fail.
    """

    account: str
    network: str
    is_proved: bool = False
    is_doubted: bool = False

    @property
    def rank(self) -> int:
        """Return 0 for who comes before all others, and 2 for who comes after them."""
        if self.is_proved:
            return 0
        return 2 if self.is_doubted else 1

    @property
    def path(self) -> tuple[str, ...]:
        """Return the names by which the line is shared out, one inside the other.

        With a proof it is the account alone: many may prove themselves behind one address.
        """
        if self.is_proved:
            return (self.account,)
        return (*networks.around(self.network), self.account)


@dataclass(eq=False)
class _Waiter:
    caller: Caller
    number: int
    is_in: bool = False
    is_refused: bool = False


@dataclass(eq=False)
class _Group:
    """Those who wait under one name: in groups of the next name, or one behind the other.

    `turn` is when it is served among its neighbours, and `served` the last turn of those within.
    A new group's turn is the one after that, so nobody is overtaken for ever by newcomers
    (start-time fair queueing). A group that is empty is forgotten.
    """

    turn: int = 0
    served: int = 0
    groups: "dict[str, _Group]" = field(default_factory=dict)
    waiters: list[_Waiter] = field(default_factory=list)

    def everybody(self) -> list[_Waiter]:
        """Return all who wait in it, in no order."""
        return self.waiters + [one for group in self.groups.values() for one in group.everybody()]

    def add(self, path: tuple[str, ...], waiter: _Waiter) -> None:
        """Put somebody behind the others of the same names."""
        if not path:
            self.waiters.append(waiter)
            return
        group = self.groups.setdefault(path[0], _Group(self.served + 1))
        group.add(path[1:], waiter)

    def take_first(self) -> _Waiter:
        """Remove and return whose turn it is; of equals who has waited for longest."""
        if self.waiters:
            return self.waiters.pop(0)
        name = min(self.groups, key=lambda each: self.groups[each].age)
        group = self.groups[name]
        self.served = group.turn
        group.turn += 1
        return self._without(name, group.take_first())

    def take_worst(self) -> _Waiter:
        """Remove and return somebody of the largest group; of equals who came last."""
        if self.waiters:
            return self.waiters.pop()
        name = max(self.groups, key=lambda each: self.groups[each].size)
        return self._without(name, self.groups[name].take_worst())

    @property
    def age(self) -> tuple[int, int]:
        """Return by what neighbours are served: the turn, and when the first of them came."""
        return self.turn, min(each.number for each in self.everybody())

    @property
    def size(self) -> tuple[int, int]:
        """Return by what neighbours lose: how many they are, and when the last of them came."""
        everybody = self.everybody()
        return len(everybody), max(each.number for each in everybody)

    def _without(self, name: str, waiter: _Waiter) -> _Waiter:
        if not self.groups[name].everybody():
            del self.groups[name]
        return waiter


class FairLine:
    """A line of this process: `at_once` callers inside, `places` waiting."""

    def __init__(self, at_once: int, places: int) -> None:
        self._at_once, self._places = at_once, places
        self._changed = threading.Condition()
        self._inside = self._number = 0
        # By rank: whoever comes first is served before all others, and loses after them.
        self._ranks = (_Group(), _Group(), _Group())

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
            return self._count()

    def _enter(self, caller: Caller) -> None:
        with self._changed:
            self._number += 1
            waiter = _Waiter(caller, self._number)
            self._ranks[caller.rank].add(caller.path, waiter)
            self._let_in()
            if self._count() > self._places:
                self._turn_away()
            while not waiter.is_in and not waiter.is_refused:
                self._changed.wait()
        if waiter.is_refused:
            raise LineFull

    def _count(self) -> int:
        return sum(len(rank.everybody()) for rank in self._ranks)

    def _let_in(self) -> None:
        while self._inside < self._at_once and self._count():
            first = next(rank for rank in self._ranks if rank.everybody()).take_first()
            self._inside += 1
            first.is_in = True
        self._changed.notify_all()

    def _turn_away(self) -> None:
        last = next(rank for rank in reversed(self._ranks) if rank.everybody())
        last.take_worst().is_refused = True
        self._changed.notify_all()

"""Who comes first, who is turned away, and that no more than so many are inside at once."""

import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager

import pytest

from intake.core.fair_line import Caller, FairLine, LineFull
from tests.components.server import wait_until

PLACES = 8


class Crowd:
    """Callers in threads, before a line whose one place inside is taken until `open` is called."""

    def __init__(self, places: int = PLACES) -> None:
        # Among equals the one who has waited for longest is turned away.
        self.line = FairLine(1, places, choose=lambda _number: 0)
        self.served: list[str] = []
        self.refused: list[str] = []
        self._threads: list[threading.Thread] = []
        self._held = ExitStack()
        self._held.enter_context(self.line.turn(Caller("first", "first")))

    def add(self, name: str, caller: Caller) -> None:
        """Let somebody come, and return when they wait or were turned away."""

        def come() -> None:
            try:
                with self.line.turn(caller):
                    self.served.append(name)
            except LineFull:
                self.refused.append(name)

        here = self.line.waiting + len(self.refused)
        thread = threading.Thread(target=come)
        self._threads.append(thread)
        thread.start()
        wait_until(lambda: self.line.waiting + len(self.refused) > here, f"{name} has come")

    def open(self) -> None:
        """Let everybody in, one after the other, and return when nobody is left."""
        self._held.close()
        for thread in self._threads:
            thread.join()


@pytest.fixture
def crowd() -> Iterator[Crowd]:
    """Give a line with nobody in it but the first."""
    made = Crowd()
    yield made
    made.open()


def test_equals_are_served_in_the_order_in_which_they_came(crowd: Crowd) -> None:
    for name in "abcd":
        crowd.add(name, Caller(name, name))

    crowd.open()

    assert crowd.served == list("abcd")


@pytest.mark.parametrize(
    "flood", [Caller("same", "far"), Caller("same", "near")], ids=["account", "network"]
)
def test_who_asks_for_much_stands_behind_who_asks_once(crowd: Crowd, flood: Caller) -> None:
    for number in range(4):
        crowd.add(f"flood {number}", flood)
    crowd.add("officer", Caller("officer", "office"))

    crowd.open()

    assert crowd.served.index("officer") == 1


def test_many_accounts_of_one_network_stand_behind_another_network(crowd: Crowd) -> None:
    for number in range(4):
        crowd.add(f"flood {number}", Caller(f"guess {number}", "far"))
    crowd.add("officer", Caller("officer", "office"))

    crowd.open()

    assert crowd.served.index("officer") == 1


def test_who_has_proved_something_comes_first(crowd: Crowd) -> None:
    crowd.add("stranger", Caller("stranger", "far"))
    crowd.add("officer", Caller("officer", "far", is_proved=True))

    crowd.open()

    assert crowd.served == ["officer", "stranger"]


def test_a_full_line_turns_away_who_asks_for_most(crowd: Crowd) -> None:
    for number in range(PLACES):
        crowd.add(f"flood {number}", Caller("same", "far"))

    crowd.add("officer", Caller("officer", "office"))
    wait_until(lambda: crowd.refused != [], "somebody was turned away")

    assert crowd.refused == ["flood 0"]


def test_a_flood_turns_itself_away_and_nobody_else(crowd: Crowd) -> None:
    crowd.add("officer", Caller("officer", "office"))
    for number in range(60):
        crowd.add(f"flood {number}", Caller(f"guess {number}", "far"))

    crowd.open()

    assert crowd.served[0] == "officer"
    assert len(crowd.served) == PLACES
    assert len(crowd.refused) == 61 - PLACES


def test_among_equals_chance_decides_so_that_the_last_may_get_in(crowd: Crowd) -> None:
    for number in range(60):
        crowd.add(f"flood {number}", Caller(f"guess {number}", "proxy"))
    crowd.add("officer", Caller("officer", "proxy"))

    crowd.open()

    assert "officer" in crowd.served


def test_no_more_than_so_many_are_inside_at_once() -> None:
    line, inside, most = FairLine(2, 100), 0, 0
    lock = threading.Lock()

    @contextmanager
    def counted() -> Iterator[None]:
        nonlocal inside, most
        with lock:
            inside += 1
            most = max(most, inside)
        yield
        with lock:
            inside -= 1

    def come(number: int) -> None:
        for _ in range(20):
            with line.turn(Caller(str(number), "here")), counted():
                pass

    threads = [threading.Thread(target=come, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert 1 <= most <= 2
    assert line.waiting == 0


def test_as_many_as_are_allowed_may_be_inside_at_once() -> None:
    line = FairLine(2, 0)

    with line.turn(Caller("a", "a")), line.turn(Caller("b", "b")), pytest.raises(LineFull):
        line.turn(Caller("c", "c")).__enter__()


def test_a_turn_that_ends_in_an_error_lets_the_next_one_in() -> None:
    line = FairLine(1, 1)

    with pytest.raises(ZeroDivisionError), line.turn(Caller("a", "a")):
        raise ZeroDivisionError

    with line.turn(Caller("b", "b")):
        assert line.waiting == 0

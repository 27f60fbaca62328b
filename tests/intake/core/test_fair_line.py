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
        self.line = FairLine(1, places)
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

    assert crowd.refused == [f"flood {PLACES - 1}"]


def test_a_flood_turns_itself_away_and_nobody_else(crowd: Crowd) -> None:
    crowd.add("officer", Caller("officer", "office"))
    for number in range(60):
        crowd.add(f"flood {number}", Caller(f"guess {number}", "far"))

    crowd.open()

    assert crowd.served[0] == "officer"
    assert len(crowd.served) == PLACES
    assert len(crowd.refused) == 61 - PLACES


def test_who_waits_is_not_pushed_out_by_equals(crowd: Crowd) -> None:
    for number in range(PLACES):
        crowd.add(f"early {number}", Caller(f"early {number}", "proxy"))
    for number in range(20):
        crowd.add(f"late {number}", Caller(f"late {number}", "proxy"))

    crowd.open()

    assert crowd.served == [f"early {number}" for number in range(PLACES)]


@pytest.mark.parametrize(
    "networks",
    [
        [f"2001:db8:0:{number:x}::/64" for number in range(60)],
        [f"2001:db8:0:{number:x}00::/64" for number in range(60)],
        [f"203.0.113.{number}" for number in range(60)],
    ],
    ids=["one /56", "one /48", "one /24"],
)
def test_many_networks_of_one_owner_are_one(crowd: Crowd, networks: list[str]) -> None:
    for number, network in enumerate(networks[:30]):
        crowd.add(f"flood {number}", Caller(f"guess {number}", network))
    crowd.add("officer", Caller("officer", "198.51.100.7"))
    for number, network in enumerate(networks[30:], 30):
        crowd.add(f"flood {number}", Caller(f"guess {number}", network))

    crowd.open()

    assert crowd.served.index("officer") == 1


def test_a_neighbour_has_a_share_beside_a_flood_from_the_same_wide_network(crowd: Crowd) -> None:
    for number in range(30):
        crowd.add(f"flood {number}", Caller(f"guess {number}", f"2001:db8:0:{number:x}::/64"))
    crowd.add("neighbour", Caller("officer", "2001:db8:0:ff00::/64"))

    crowd.open()

    assert crowd.served.index("neighbour") == 1


def test_a_colleague_is_not_overtaken_for_ever_by_new_networks() -> None:
    crowd = Crowd(places=100)
    crowd.add("one", Caller("one", "office"))
    crowd.add("other", Caller("other", "office"))
    for number in range(50):
        crowd.add(f"flood {number}", Caller(f"guess {number}", f"net {number}"))

    crowd.open()

    # Each of those who came before it was served has a first turn, and the colleague the second.
    assert crowd.served[0] == "one"
    assert crowd.served.index("other") == 51


def test_a_network_where_many_fail_comes_last_and_loses_first(crowd: Crowd) -> None:
    for number in range(PLACES):
        crowd.add(f"flood {number}", Caller(f"guess {number}", f"net {number}", is_doubted=True))
    for name in "abc":
        crowd.add(name, Caller(name, "office"))

    crowd.open()

    assert crowd.served[:3] == list("abc")
    assert len(crowd.refused) == 3


def test_colleagues_who_have_proved_something_share_one_network(crowd: Crowd) -> None:
    for number in range(PLACES):
        crowd.add(f"same {number}", Caller("same", "far", is_proved=True))
    for name in "ab":
        crowd.add(name, Caller(name, "office", is_proved=True))

    crowd.open()

    assert crowd.served[1:3] == list("ab")
    assert len(crowd.refused) == 2


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

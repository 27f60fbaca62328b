"""Run threads that start at one moment, for tests of what may happen only once."""

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class Together(Generic[Result]):
    """What several threads returned, and what they raised instead."""

    def __init__(self) -> None:
        self.results: list[Result] = []
        self.errors: list[Exception] = []


def run_together(count: int, act: Callable[[int], Result]) -> Together[Result]:
    """Run `act(number)` in `count` threads that start at once, and wait for all."""
    start = threading.Barrier(count)
    outcome = Together[Result]()

    def run(number: int) -> None:
        start.wait()
        try:
            outcome.results.append(act(number))
        except Exception as error:  # noqa: BLE001 - a failure is a result that the test judges
            outcome.errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return outcome

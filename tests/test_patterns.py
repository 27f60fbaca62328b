"""Hold that no pattern outside the jail takes longer than its text is long.

Nothing ends a match of the host's: no limit of time, no other process. So each compiled pattern
that a module of `intake` or `portal` holds is tried with texts made of what it repeats, in the way
in which it is used: at the beginning of a text, or anywhere in it.
"""

import importlib
import pkgutil
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

import intake
import portal
from tests.support.growth.hostile_texts import prefixes, units
from tests.support.growth.measure import is_linear

ROOT = Path(__file__).parents[1]
JAIL = ("worker", "render", "containers", "archives", "mail", "formats", "html", "office")
IN_JAIL = tuple(f"intake.sandbox.{room}" for room in JAIL)
# A short text first, because a long one would never end where the time grows faster.
SIZES = (600, 8_000)
MAX_DEPTH = 4


def host_modules() -> Iterator[str]:
    """Yield the names of the modules that run outside the jail."""
    for package in (intake, portal):
        for found in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not found.name.startswith(IN_JAIL):
                yield found.name


def patterns_in(value: object, depth: int = 0) -> Iterator["re.Pattern[Any]"]:
    """Yield the patterns in a value of a module, also in its tables."""
    if isinstance(value, re.Pattern):
        yield value
    elif depth < MAX_DEPTH and isinstance(value, list | tuple | set | frozenset | dict):
        for each in value.values() if isinstance(value, dict) else value:
            yield from patterns_in(each, depth + 1)


def collected() -> dict[str, tuple["re.Pattern[Any]", bool]]:
    """Return for each name a pattern, and whether it is only matched at the beginning of a text.

    A name that is only passed on, or that stands in a table, counts as searched for.
    """
    held = [
        (f"{module}.{name}.{number}", name, _source(module), pattern)
        for module in host_modules()
        for name, value in vars(importlib.import_module(module)).items()
        for number, pattern in enumerate(patterns_in(value))
    ]
    uses: dict[int, set[str]] = {}
    for _, name, source, pattern in held:
        used = re.findall(rf"\b{name}\.(\w+)\b", source)
        uses.setdefault(id(pattern), set()).update(used)
    return {
        label: (pattern, bool(uses[id(pattern)]) and uses[id(pattern)] <= {"match", "fullmatch"})
        for label, _, _, pattern in held
    }


def _source(module: str) -> str:
    path = ROOT / module.replace(".", "/")
    file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    return file.read_text("utf-8")


COLLECTED = collected()
PATTERNS = {(each.pattern, each.flags): name for name, (each, _) in COLLECTED.items()}


def work_of(pattern: "re.Pattern[Any]", *, is_anchored: bool) -> Callable[[str], object]:
    """Return what uses a pattern as the host does; patterns of bytes get the bytes of a text."""

    def work(text: str) -> None:
        given = text.encode("utf-8") if isinstance(pattern.pattern, bytes) else text
        if is_anchored:
            pattern.match(given)
            pattern.fullmatch(given)
        else:
            all(True for _ in pattern.finditer(given))

    return work


def text_of(prefix: str, unit: str) -> Callable[[int], str]:
    """Return what makes a text of about a size: a prefix, repeated units, and no match at last."""
    return lambda size: prefix + unit * (size // len(unit)) + "\0"


@pytest.mark.parametrize("name", sorted(PATTERNS.values()))
def test_a_pattern_takes_no_longer_than_its_text(name: str) -> None:
    pattern, is_anchored = COLLECTED[name]
    work = work_of(pattern, is_anchored=is_anchored)

    tried = (
        (size, prefix, unit)
        for size in SIZES
        for prefix in prefixes(pattern)
        for unit in units(pattern)
    )
    slow = next((each for each in tried if not is_linear(work, text_of(*each[1:]), each[0])), None)

    assert slow is None


def test_the_patterns_are_found() -> None:
    assert len(PATTERNS) > 150
    assert any("body_text.END_OF_INTRODUCTION" in name for name in PATTERNS.values())


@pytest.mark.parametrize(
    ("source", "is_anchored"),
    [
        (r"(?:[^\s<>]+@[^\s<>]+)?:", True),
        (r"[a-z]+\.", False),
        (r"till[ :]*(?:den)?[ :]*\Z", False),
        (r"\s+\Z", False),
        (r"(?:a|b)*a*c", True),
    ],
)
def test_a_slow_pattern_is_noticed(source: str, is_anchored: bool) -> None:
    pattern = re.compile(source)
    work = work_of(pattern, is_anchored=is_anchored)

    assert not all(
        is_linear(work, text_of(prefix, unit), SIZES[-1])
        for prefix in prefixes(pattern)
        for unit in units(pattern)
    )

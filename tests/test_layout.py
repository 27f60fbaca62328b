"""Check that the layout holds: small files and folders, one way of imports, a true picture.

Contracts between rooms are in pyproject.toml; tests/test_contracts.py tries them.
"""

import ast
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("portal", "mailbox", "intake", "storage")
MAX_MODULES, MAX_LINES, MAX_FUNCTION_LINES = 15, 400, 50
# A migration is written once and says its step as a whole.
MIGRATIONS = ROOT / "storage" / "migrations" / "versions"
# Each lists samples or rows one after another; parting them would say nothing more.
LONG_LISTS = {
    ("tests/browser/support/pages.py", "sample"),
    ("tests/flow/twenty_mails.py", "twenty"),
    ("tests/samples/mail/mime_ambiguity.py", "_variants"),
    ("tests/storage/every_table.py", "_plant_beside_uploads"),
}
BOUND_OF_OLD = re.compile(r"_?(MOST|LEAST|LARGEST|SMALLEST|LONGEST|SHORTEST|HIGHEST|LOWEST)_\w+")
# LONGEST_FIRST is an order of the tests, not a bound.
NO_BOUNDS = {"LONGEST_FIRST"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}
EVENT = re.compile(r"event=(%s|[a-z_]+)( (%s|[a-z_]+)=(%[sdr]|[a-z_]+))*")
# A test holds the words of this line.
LOGGED_OTHERWISE = {"ocr languages not installed languages=%s"}
TREE_LINE = re.compile(r"^(?P<indent> *)(?P<name>[\w./]+)(?: {2,}(?P<text>\S.*))?$")


@cache
def everything() -> dict[Path, ast.Module]:
    """Return every module of the project, parsed."""
    paths = [ROOT / "wsgi.py"]
    for folder in (*PACKAGES, "tests"):
        paths += sorted((ROOT / folder).rglob("*.py"))
    return {path: ast.parse(path.read_text("utf-8")) for path in paths}


def sources(*folders: str) -> dict[Path, ast.Module]:
    """Return the modules that stand in some top folders."""
    return {
        path: tree
        for path, tree in everything().items()
        if path.relative_to(ROOT).parts[0] in folders
    }


def shown(path: Path) -> str:
    """Return a path as it is written in the project."""
    return path.relative_to(ROOT).as_posix()


def rooms(*folders: str) -> list[Path]:
    """Return the packages of some folders, each above its own."""
    return sorted(path.parent for path in sources(*folders) if path.name == "__init__.py")


def test_folders_hold_few_modules() -> None:
    held = Counter(
        path.parent
        for path in everything()
        if path.name != "__init__.py" and path.parent != MIGRATIONS
    )

    assert {shown(path): count for path, count in held.items() if count > MAX_MODULES} == {}


def test_files_are_short() -> None:
    lines = {
        shown(path): len(path.read_text("utf-8").splitlines())
        for path in everything()
        if path.parent != MIGRATIONS
    }

    assert {path: count for path, count in lines.items() if count > MAX_LINES} == {}


def test_functions_are_short() -> None:
    long = {
        (shown(path), node.name)
        for path, tree in everything().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and path.parent != MIGRATIONS
        and (node.end_lineno or 0) - node.lineno >= MAX_FUNCTION_LINES
    }

    assert long == LONG_LISTS


def test_modules_import_each_other_in_no_circle() -> None:
    graph = grimp.build_graph(*PACKAGES, "tests", cache_dir=None)
    imports = {module: graph.find_modules_directly_imported_by(module) for module in graph.modules}

    # Raises CycleError with the modules of the circle; imports for types alone count as well.
    TopologicalSorter(imports).prepare()


def test_packages_say_in_one_sentence_what_they_are_for() -> None:
    unsaid = {
        shown(path): text
        for path in rooms(*PACKAGES, "tests")
        if not re.fullmatch(r"[A-Z][^\n]*[^.!?\n]\.", text := purpose(path))
        or re.search(r"[.!?]\s", text)
    }

    assert unsaid == {}


def purpose(package: Path) -> str:
    """Return the docstring of a package, empty when it has none."""
    return ast.get_docstring(everything()[package / "__init__.py"]) or ""


def test_public_classes_of_intake_have_names_of_their_own() -> None:
    places = defaultdict(list)
    for path, tree in sources("intake").items():
        for node in tree.body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                places[node.name].append(shown(path))

    assert {name: paths for name, paths in places.items() if len(paths) > 1} == {}


def test_bounds_are_named_max_or_min() -> None:
    named = {
        (shown(path), node.id)
        for path, tree in everything().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Name)
        and BOUND_OF_OLD.fullmatch(node.id)
        and node.id not in NO_BOUNDS
    }

    assert named == set()


def test_loggers_are_named_log() -> None:
    named = {
        (shown(path), ast.unparse(node))
        for path, tree in sources(*PACKAGES, "wsgi.py").items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        and isinstance(node.value, ast.Call)
        and ast.unparse(node.value.func) == "logging.getLogger"
        and ast.unparse(node) != "LOG = logging.getLogger(__name__)"
    }

    assert named == set()


def test_log_lines_are_an_event_with_keys_and_values() -> None:
    lines = [
        line
        for path, tree in sources(*PACKAGES, "wsgi.py").items()
        for line in log_lines(path, tree)
    ]

    assert len(lines) > 20
    assert [
        (where, text)
        for where, text in lines
        if not EVENT.fullmatch(text) and text not in LOGGED_OTHERWISE
    ] == []


def log_lines(path: Path, tree: ast.Module) -> Iterator[tuple[str, str]]:
    """Yield what a module logs, with its place; empty text for what is not a plain string."""
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in LOG_METHODS
            and ast.unparse(node.func.value).lower().split(".")[-1] in {"log", "logger", "logging"}
        ):
            text = node.args[0].value if isinstance(node.args[0], ast.Constant) else ""
            yield f"{shown(path)}:{node.lineno}", str(text)


@pytest.mark.parametrize("document", ["README.md", "CONTRIBUTING.md"])
def test_trees_name_only_what_is_there(document: str) -> None:
    drawn = tree(document)

    assert set(PACKAGES) <= set(drawn)
    assert [path for path in drawn if not (ROOT / path).exists()] == []


def test_each_room_stands_in_the_tree_with_its_sentence() -> None:
    drawn = tree("CONTRIBUTING.md")

    assert {shown(path): drawn.get(shown(path)) for path in rooms(*PACKAGES)} == {
        shown(path): purpose(path).removesuffix(".") for path in rooms(*PACKAGES)
    }


def tree(document: str) -> dict[str, str]:
    """Return {path: text} of the first tree that a document draws: a block with `intake/` in it.

    Two spaces lead one folder down; two or more stand between a name and its text.
    """
    text = (ROOT / document).read_text("utf-8")
    block = next(
        found for found in re.findall(r"```\n(.*?)```", text, re.DOTALL) if "intake/" in found
    )
    above: list[str] = []
    drawn = {}
    for line in block.splitlines():
        match = TREE_LINE.match(line)
        assert match is not None, f"{document}: {line!r} is no line of a tree"
        del above[len(match["indent"]) // 2 :]
        above.append(match["name"].rstrip("/"))
        path = "/".join(above)
        assert path not in drawn, f"{document}: {path} stands there twice"
        drawn[path] = match["text"] or ""
    return drawn

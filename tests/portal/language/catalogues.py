"""Read every sentence that pages mark to be said in other languages, and make a stand-in language.

The stand-in says each sentence between two brackets and with four tenths more letters, so that a
test sees which words of a page never went through a catalogue, and what longer words do to it.
"""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import babel_extract

from portal.app import TEMPLATES
from portal.language.choice import CATALOGUES

ROOT = Path(__file__).parents[3]
PYTHON = ("portal", "intake", "storage")
MARKS = frozenset({"worded", "gettext", "ngettext"})
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
OPTIONS = {"trim_blocks": "true", "lstrip_blocks": "true", "newstyle_gettext": "true"}
BEGIN, END = "\u27e6", "\u27e7"


@dataclass(frozen=True)
class Sentence:
    """One sentence as it is looked up; `plural` is empty where there is no number in it."""

    singular: str
    plural: str = ""


@lru_cache(maxsize=1)
def sentences() -> frozenset[Sentence]:
    """Return every sentence that code or templates mark."""
    return frozenset((*_of_python(), *_of_templates()))


def read(language: str) -> Catalog:
    """Return the catalogue of a language."""
    with (CATALOGUES / language / "LC_MESSAGES" / "messages.po").open("rb") as text:
        return read_po(text, locale=language)


def translations(language: str) -> dict[Sentence, tuple[str, ...]]:
    """Return {sentence: what stands for it} of a language's catalogue."""
    found = {}
    for message in read(language):
        if not message.id:
            continue
        texts = message.id if isinstance(message.id, tuple | list) else (message.id,)
        words = message.string if isinstance(message.string, tuple | list) else (message.string,)
        found[Sentence(*texts)] = tuple(text or "" for text in words)
    return found


def write_stand_in(folder: Path, language: str = "sv") -> Path:
    """Write a catalogue of the stand-in language under the name of another; return `folder`."""
    catalogue = Catalog(locale=language)
    for each in sentences():
        if each.plural:
            forms = (longer(each.singular),) * catalogue.num_plurals
            catalogue.add((each.singular, each.plural), forms)
        else:
            catalogue.add(each.singular, longer(each.singular))
    path = folder / language / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    with path.open("wb") as out:
        write_po(out, catalogue, width=0)
    return folder


def longer(sentence: str) -> str:
    """Return a sentence between brackets, four tenths longer, with its placeholders as they are."""
    extra = " ".join(["\u00e5ngstr\u00f6m"] * (len(sentence) * 4 // 10 // 9 + 1))
    return f"{BEGIN}{sentence} {extra}{END}"


def _of_python() -> Iterator[Sentence]:
    for folder in PYTHON:
        for path in sorted((ROOT / folder).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node) in MARKS:
                    texts = [
                        each.value
                        for each in node.args[: 2 if _name(node) == "ngettext" else 1]
                        if isinstance(each, ast.Constant) and isinstance(each.value, str)
                    ]
                    if texts:
                        yield Sentence(*texts)


def _name(call: ast.Call) -> str:
    return call.func.id if isinstance(call.func, ast.Name) else getattr(call.func, "attr", "")


def _of_templates() -> Iterator[Sentence]:
    for path in sorted(TEMPLATES.rglob("*.html")):
        with path.open("rb") as text:
            for _line, _function, message, _comments in babel_extract(
                text, ("_", "gettext", "ngettext"), (), OPTIONS
            ):
                if isinstance(message, str):
                    yield Sentence(message)
                elif message is not None:
                    yield Sentence(*(each for each in message if isinstance(each, str)))


def environment() -> Environment:
    """Return an environment that reads templates as the application does."""
    return Environment(
        extensions=["jinja2.ext.i18n"], trim_blocks=True, lstrip_blocks=True, autoescape=True
    )

"""Load the words of the office's forms and decisions: names of fields, countries, languages.

The words are data that the programme can change (`intake/recognition/extraction/data/`); they are
read once a worker.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from intake.recognition.extraction.folding import squeeze

DATA = Path(__file__).parent / "data"
SIGNS = re.compile(r"[\W_]+")
FACT_KINDS = frozenset({"choice", "country", "language", "count", "date", "text", "yes_no"})


@dataclass(frozen=True)
class FieldVocabulary:
    """Hold the tables; every key is a compact form as `compact` makes it.

    `facts` and `person_fields` lead from a field's name to a fact, `fact_kinds` from a fact to how
    its values are read, `choices` from a fact's answer to its code. `spoken_countries` lead from
    squeezed names, as they stand in running text, to the code.
    """

    facts: dict[str, str]
    fact_kinds: dict[str, str]
    choices: dict[str, dict[str, str]]
    person_fields: dict[str, str]
    countries: dict[str, str]
    spoken_countries: dict[str, str]
    languages: dict[str, str]


def load_vocabulary(folder: Path = DATA) -> FieldVocabulary:
    """Read the tables; raises ValueError if one is incomplete or gives a name two meanings."""
    form = json.loads((folder / "form_fields.json").read_text(encoding="utf-8"))
    words = json.loads((folder / "words.json").read_text(encoding="utf-8"))
    try:
        return _vocabulary(form, words)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"a table of labels is incomplete: {error}") from error


def compact(text: str) -> str:
    """Return a name without case, signs and spaces: "Land för återvändande" -> landforatervandande.

    >>> compact("E-mail ")
    'email'
    """
    return SIGNS.sub("", squeeze(text))


def _vocabulary(form: dict[str, Any], words: dict[str, Any]) -> FieldVocabulary:
    fact_kinds = {fact: entry["kind"] for fact, entry in form["facts"].items()}
    if not set(fact_kinds.values()) <= FACT_KINDS:
        raise ValueError("a fact of the form has an unknown kind")
    choices = {fact: _inverted(answers) for fact, answers in form["choices"].items()}
    yes_no = _inverted({"yes": form["yes"], "no": form["no"]})
    choices |= {fact: yes_no for fact, kind in fact_kinds.items() if kind == "yes_no"}
    names = {fact: entry["names"] for fact, entry in form["facts"].items()}
    if not {fact for fact, kind in fact_kinds.items() if kind == "choice"} <= set(choices):
        raise ValueError("a fact of the form has no choices")
    return FieldVocabulary(
        facts=_inverted(names),
        fact_kinds=fact_kinds,
        choices=choices,
        person_fields=_inverted(form["person"]),
        countries=_inverted(words["countries"])
        | {code.lower(): code for code in words["countries"]},
        spoken_countries={
            squeeze(name): code for code, spoken in words["countries"].items() for name in spoken
        },
        languages=_inverted(words["languages"]) | {code: code for code in words["languages"]},
    )


def _inverted(table: dict[str, list[str]]) -> dict[str, str]:
    """Return the entry for each of its names; raises ValueError for a name of two entries."""
    inverted: dict[str, str] = {}
    for entry, names in table.items():
        for name in names:
            if inverted.setdefault(compact(name), entry) != entry:
                raise ValueError(f"a name stands for two things: {name}")
    return inverted

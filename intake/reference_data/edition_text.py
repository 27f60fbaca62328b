"""Describe an edition in sentences, and what it changes compared with another.

The sentences are for the two people who propose and approve. Each has a key, so that a change
shows as the line before and the line after.
"""

from dataclasses import dataclass
from typing import Any

from intake.reference_data.edition_rules import country_names

REQUIREMENTS = {
    "mandatory": "needed",
    "if_applicable": "asked for where it applies",
    "not_wanted": "not wanted",
}
FACTS = {
    "nationality_group": "nationality",
    "third_country_return": "return to a third country",
    "age": "age",
    "unaccompanied": "unaccompanied",
    "health": "health matter",
    "family": "family",
}
VALUES = {"eu_eea": "EU or EEA", "non_eu": "outside the EU and EEA"}
AMOUNTS = {"adult": "An adult", "child": "A child", "family_cap": "A family, at most"}
Content = dict[str, Any]  # Any: an edition's JSON, checked before it was stored


@dataclass(frozen=True)
class LineDifference:
    """One line that differs; `was` is None for a new line, `now` for one that is removed."""

    was: str | None
    now: str | None


def lines(kind: str, content: Content) -> dict[str, str]:
    """Return {key: sentence} of what an edition says, in its order."""
    tellers = {
        "checklist": _checklist,
        "countries": _countries,
        "amounts": _amounts,
        "answer": _answer,
    }
    told = tellers.get(kind, _flat)(content)
    return {**told, "source": f"Source: {content.get('source', 'not given')}"}


def changes(kind: str, before: Content | None, after: Content) -> tuple[LineDifference, ...]:
    """Return what an edition changes compared with the one in force, None for no such edition."""
    old = lines(kind, before) if before is not None else {}
    new = lines(kind, after)
    return tuple(
        LineDifference(old.get(key), new.get(key))
        for key in dict.fromkeys((*new, *old))
        if old.get(key) != new.get(key)
    )


def _checklist(content: Content) -> dict[str, str]:
    told: dict[str, str] = {}
    for item in content["items"]:
        conditions = " and ".join(
            f"{FACTS[fact]} is {' or '.join(VALUES.get(value, value) for value in values)}"
            for fact, values in item.get("when", {}).items()
        )
        instead = f", or {' or '.join(item['instead'])} instead" if item.get("instead") else ""
        when = f", if {conditions}" if conditions else ""
        wording = item["wording"]
        # Two items of one type differ in their conditions, which are part of the second's key.
        key = item["type"] if item["type"] not in told else f"{item['type']} {conditions}"
        told[key] = (
            f"{item['type']} ({wording['sv']} / {wording['en']}): "
            f"{REQUIREMENTS[item['requirement']]}{instead}{when}."
        )
    return told


def _countries(content: Content) -> dict[str, str]:
    names = country_names()
    return {code: f"{names.get(code, code)} ({code})" for code in content["countries"]}


def _amounts(content: Content) -> dict[str, str]:
    return {
        key: f"{words}: {content[key]:,} {content['currency']}." for key, words in AMOUNTS.items()
    }


def _answer(content: Content) -> dict[str, str]:
    told = {"subject": f"Subject: {content['subject']}"} if content.get("subject") else {}
    paragraphs = [part for part in str(content["text"]).splitlines() if part.strip()]
    return told | {f"text {place}": part for place, part in enumerate(paragraphs)}


def _flat(content: Content, path: str = "") -> dict[str, str]:
    """Return one sentence for each nested value: `targets Q1 working hours: 2`."""
    told: dict[str, str] = {}
    for key, value in content.items():
        name = f"{path} {key}".strip().replace("_", " ")
        if name == "source":
            continue
        if isinstance(value, dict):
            told |= _flat(value, name)
        else:
            shown = ", ".join(map(str, value)) if isinstance(value, list) else value
            told[name] = f"{name[:1].upper()}{name[1:]}: {shown}"
    return told

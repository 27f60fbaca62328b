"""Find the office's prepared answers by code and language, and fill the blanks in them.

The texts are editions (`intake.reference_data.editions`, kind `answer`); what ships with the
project counts until the office approves its own. Where a text is missing in a language, no other
language replaces it: consent and safety texts are not translated by machine
(requirement 108).
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from intake.core.errors import IntakeError
from intake.reference_data import editions
from intake.reference_data.answer_template import CLOSING, PLACEHOLDER
from storage.editions import EditionKind

if TYPE_CHECKING:
    from storage.database import Session

SHIPPED = Path(__file__).parent / "data" / "answers.json"
# The answers that an officer may choose, in the order of the page: {code: what it is for}.
PURPOSES = {
    "call_us": "Ask to call us",
    "ask_reception_officer": "The officer in Sweden can answer this",
    "resend_item": "One item could not be opened",
    "send_file_itself": "A link or a locked kind came: send the file itself",
    "cash_how_to_apply": "Cash support: how to apply",
    "cash_payment_contact": "Cash support: whom to contact for the payment",
    "country_not_listed": "Cash support: not paid through us for this country",
    "wrong_door_repatriation_grant": "Other scheme: the repatriation grant (350 000 kronor)",
    "wrong_door_eurp": "Other scheme: reintegration services (EURP)",
    "wrong_door_asylum": "Other scheme: decisions of authorities",
    "third_party_neutral": "Somebody asks about another person (fixed words)",
}
# These are the same for everybody, to the letter: nothing is added and no reference is given.
FIXED = frozenset({"third_party_neutral"})
LANGUAGES = {
    "sv": "Swedish",
    "en": "English",
    "ar": "Arabic",
    "fa": "Persian (Farsi)",
    "ckb": "Kurdish (Sorani)",
    "so": "Somali",
}


class AnswerMissing(IntakeError):
    """There is no text of this code in this language on this day."""

    reason = "answer_missing"
    status = 409

    def __init__(self, code: str, language: str) -> None:
        name = LANGUAGES.get(language, language)
        self.public = (
            f"There is no {name} text of this answer yet: it needs a translator. Choose another"
            " language, or call."
        )
        super().__init__(f"{code} {language}")


class AnswerIncomplete(IntakeError):
    """A text has blanks whose values are not known here."""

    reason = "answer_incomplete"
    status = 409

    def __init__(self, code: str, names: tuple[str, ...]) -> None:
        listed = ", ".join(f"«{name}»" for name in names)
        self.public = f"This text needs {listed}, which is not known here. It was not sent."
        super().__init__(f"{code} {names}")


@dataclass(frozen=True)
class PreparedAnswer:
    """One text in one language; `subject` and `text` may hold placeholders."""

    code: str
    language: str
    number: int
    subject: str
    text: str


class FindAnswer(Protocol):
    """A source of texts, such as `find_answer`."""

    def __call__(
        self, session: "Session", code: str, language: str, on_day: date
    ) -> PreparedAnswer | None:
        """Return what counts on a day, None when there is no such text."""


@dataclass(frozen=True)
class AnswerWords:
    """The words of one mail before it has a sender and a recipient."""

    subject: str
    text: str


def find_answer(
    session: "Session", code: str, language: str, on_day: date
) -> PreparedAnswer | None:
    """Return the approved text of a day, else the shipped one, else None."""
    edition = editions.in_force(session, EditionKind.ANSWER, code, on_day, language=language)
    if edition is not None:
        return _prepared(code, language, edition.number, edition.content)
    fitting = (
        entry
        for entry in shipped_answers()
        if (entry["code"], entry["language"]) == (code, language)
        and date.fromisoformat(entry["valid_from"]) <= on_day
        and (entry["valid_to"] is None or on_day <= date.fromisoformat(entry["valid_to"]))
    )
    newest = max(fitting, key=lambda entry: str(entry["valid_from"]), default=None)
    return _prepared(code, language, 0, newest["content"]) if newest is not None else None


@lru_cache(maxsize=1)
def shipped_answers() -> tuple[dict[str, Any], ...]:  # Any: shipped JSON, checked by a test
    """Return the texts that ship with the project, as editions of number 0."""
    return tuple(json.loads(SHIPPED.read_text(encoding="utf-8")))


def languages_of(session: "Session", find: FindAnswer, code: str, on_day: date) -> dict[str, bool]:
    """Return each language that may be chosen, and whether this text exists in it."""
    return {language: find(session, code, language, on_day) is not None for language in LANGUAGES}


def fill_blanks(code: str, text: str, fields: Mapping[str, str]) -> str:
    """Put values into a text's blanks: `Ref {reference}` -> `Ref K7M-4QX-9T`.

    Raises AnswerIncomplete, with the names, for blanks that have no value here.
    """
    missing = tuple(
        dict.fromkeys(name for name in PLACEHOLDER.findall(text) if not fields.get(name))
    )
    if missing:
        raise AnswerIncomplete(code, missing)
    return PLACEHOLDER.sub(lambda match: fields[match.group(1)], text)


class AnswerWriter:
    """Writes the text of an answer by the template `templates/mail/answer.txt`."""

    def __init__(self, folder: Path) -> None:
        # Plain text: there is nothing to escape, and what was written by hand was checked.
        self._environment = Environment(  # noqa: S701
            loader=FileSystemLoader(folder),
            undefined=StrictUndefined,
            keep_trailing_newline=True,
            trim_blocks=True,
            lstrip_blocks=True,
        )

    def write(
        self, prepared: PreparedAnswer, closing: PreparedAnswer | None, values: Mapping[str, str]
    ) -> AnswerWords:
        """Return subject and text; `values` has FIELDS and `more`, the officer's own words if any.

        A fixed answer gets neither these words nor a closing. Raises AnswerIncomplete.
        """
        is_fixed = prepared.code in FIXED
        text = self._environment.get_template("answer.txt").render(
            text=fill_blanks(prepared.code, prepared.text, values),
            more="" if is_fixed else values.get("more", ""),
            closing=""
            if is_fixed or closing is None
            else fill_blanks(CLOSING, closing.text, values),
        )
        return AnswerWords(fill_blanks(prepared.code, prepared.subject, values), text)


def _prepared(
    code: str,
    language: str,
    number: int,
    content: Mapping[str, Any],  # Any: an edition's JSON, checked before it was stored
) -> PreparedAnswer:
    return PreparedAnswer(
        code, language, number, str(content.get("subject", "")), str(content["text"])
    )

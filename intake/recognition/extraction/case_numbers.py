"""Find the numbers by which the police, the Migration Agency and this office name a case."""

import re
from collections.abc import Iterator

from intake.core import references
from intake.recognition.extraction.value import ExtractedValue, ValueKind

MAX_OF_PAGE = 20
# Four digits of the authority and unit, K, a running number, the year: 5000-K123456-26.
K_NUMBER = re.compile(
    r"[0-9](?<![\w-][0-9])[0-9]{3} ?[-\u2010-\u2013] ?[Kk] ?([0-9]{1,7}) ?[-\u2010-\u2013] ?"
    r"(?:20)?([0-9]{2})(?![\w])"
)
DOSSIER_WORDS = ("dossier", "dossie", "lma-kort", "lma card", "migrationsverkets arendenummer")
DOSSIER_AFTER = re.compile(
    r"[a-z]{0,8}(?:[ .-]{1,2}(?:nummer|number|nr|no)\b)?[ .:#]{0,6}\n?[ ]{0,6}"
    r"([0-9]{1,3} ?- ?[0-9]{4,8}|[0-9]{6,10})(?![0-9-])"
)


def find_references(text: str, page: int) -> Iterator[ExtractedValue]:
    """Yield this office's own codes, which their check symbol proves; each once."""
    for code in references.find_all(text):
        place = _place(text, code)
        if place is not None:
            yield ExtractedValue(
                ValueKind.REFERENCE, code, text[place[0] : place[1]], page, *place, is_checked=True
            )


def find_k_numbers(text: str, page: int) -> Iterator[ExtractedValue]:
    """Yield police case numbers: "0105 - k4711 - 26" -> 0105-K4711-26."""
    for count, match in enumerate(K_NUMBER.finditer(text)):
        if count == MAX_OF_PAGE:
            break
        value = f"{match[0][:4]}-K{match[1]}-{match[2]}"
        yield ExtractedValue(
            ValueKind.K_NUMBER, value, match[0], page, *match.span(), reasons=("by_its_form",)
        )


def find_dossier_numbers(text: str, folded: str, page: int) -> Iterator[ExtractedValue]:
    """Yield the Migration Agency's numbers that follow their label; `folded` is the folded text.

    "Dossiernummer: 12 - 345678" -> 12-345678
    """
    seen: set[int] = set()
    for word in DOSSIER_WORDS:
        at = folded.find(word)
        for _ in range(MAX_OF_PAGE):
            if at < 0:
                break
            match = DOSSIER_AFTER.match(folded, at + len(word))
            if match and match.start(1) not in seen:
                seen.add(match.start(1))
                yield ExtractedValue(
                    ValueKind.DOSSIER_NUMBER,
                    match[1].replace(" ", ""),
                    text[match.start(1) : match.end(1)],
                    page,
                    *match.span(1),
                    reasons=("labelled",),
                )
            at = folded.find(word, at + 1)


def _place(text: str, code: str) -> tuple[int, int] | None:
    for match in references.IN_TEXT.finditer(text):
        if "".join(match.groups()).upper() == code.replace("-", ""):
            return match.span()
    return None

"""Check an officer's own words by where they go, and vouch for those that passed.

There are two kinds of words that passed, and neither can stand for the other: what leaves by mail
(`MailWords`, the only ones that a letter takes in) and what a coordinator reads behind the
sign-in (`ServiceWords`, the only ones that a message to them takes). Both are made here alone, each
by its own list of the edition in force, so that nobody who sends anything chooses a list.
"""

import json
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from intake.accounts.people import names
from intake.core import office_clock
from intake.core.errors import IntakeError
from intake.correspondence import free_text
from intake.correspondence.free_text import Finding, Known
from intake.outbox.mail_texts import MailWords
from intake.reference_data import editions, word_lists
from intake.reference_data.answer_template import CLOSING, HELPLINE
from intake.reference_data.prepared_answers import find_answer
from storage.editions import EditionKind

if TYPE_CHECKING:
    from collections.abc import Collection

    from intake.core.services import Services
    from intake.reference_data.word_lists import WordList
    from storage.database import Session

CODE = "words"


class ServiceWords(str):
    """Words that passed the list of what stays behind the sign-in; only this module makes one."""

    __slots__ = ()


class TextRefused(IntakeError):
    """Words must be changed, or confirmed first; `findings` say where."""

    reason = "text_refused"
    status = 400

    def __init__(self, findings: tuple[Finding, ...]) -> None:
        self.findings = findings
        self.public = (
            "Please change what is marked. Nothing was sent."
            if free_text.must_change(findings)
            else "Please look at what is marked, and say that you have read it."
        )
        super().__init__(self.reason)


@dataclass(frozen=True)
class WordsForMail:
    """Words that are to leave by mail, and what was found in them."""

    text: str
    findings: tuple[Finding, ...]

    def passed(self, *, is_read: bool) -> MailWords:
        """Return the words, vouched for; `is_read` tells that the warnings were read.

        Raises TextRefused.
        """
        _refuse(self.findings, is_read=is_read)
        return MailWords(self.text)


@dataclass(frozen=True)
class WordsForService:
    """Words for somebody who signs in, and what was found in them."""

    text: str
    findings: tuple[Finding, ...]

    def passed(self, *, is_read: bool) -> ServiceWords:
        """Return the words, vouched for; `is_read` tells that the warnings were read.

        Raises TextRefused.
        """
        _refuse(self.findings, is_read=is_read)
        return ServiceWords(self.text)


def check_for_mail(
    services: "Services", session: "Session", text: str, known: Known
) -> WordsForMail:
    """Check words that are to leave; no words pass."""
    words = _list(services, session, word_lists.LEAVES)
    return WordsForMail(text, free_text.find(text, known, free_text.MAIL, words))


def check_for_service(
    services: "Services", session: "Session", text: str, known: Known
) -> WordsForService:
    """Check words that stay behind the sign-in, in a case; the office's own numbers may stand."""
    words = _list(services, session, word_lists.STAYS)
    known = replace(known, own_numbers=(*known.own_numbers, *_own_numbers(services, session)))
    return WordsForService(text, free_text.find(text, known, free_text.SERVICE, words))


def check_without_person(text: str, known: Known, codes: "Collection[str]") -> WordsForService:
    """Check words that stay inside and must not point at anybody: they belong to no case.

    `codes` are those of the findings that do; they are as severe as in mail.
    """
    return WordsForService(text, free_text.find_pointing(text, known, codes))


def _own_numbers(services: "Services", session: "Session") -> tuple[str, ...]:
    """Return the numbers of the office's own texts, Swedish or English, and its direct lines."""
    today = office_clock.office_day(services.offices, services.now())
    found = (
        find_answer(session, code, language, today)
        for code in (HELPLINE, CLOSING)
        for language in ("sv", "en")
    )
    in_texts = [
        number for each in found if each is not None for number in free_text.numbers_in(each.text)
    ]
    return tuple(dict.fromkeys([*in_texts, *names.direct_lines(services, session)]))


def _refuse(findings: tuple[Finding, ...], *, is_read: bool) -> None:
    if free_text.must_change(findings) or (findings and not is_read):
        raise TextRefused(findings)


def _list(services: "Services", session: "Session", name: str) -> "WordList":
    """Return a list of the edition in force today; without one, of the one that ships."""
    today = office_clock.office_day(services.offices, services.now())
    edition = editions.in_force(session, EditionKind.WORDS, CODE, today)
    content = (edition or editions.shipped(EditionKind.WORDS)[-1]).content
    return _read(json.dumps(content[name]), name)


@lru_cache(maxsize=8)
def _read(listed: str, name: str) -> "WordList":
    content: dict[str, Any] = {name: json.loads(listed)}  # Any: an edition's checked JSON
    return word_lists.read_list(content, name)

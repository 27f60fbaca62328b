"""The office's texts of mails, in Swedish and English.

They are neutral by requirement 116: no name, no file name, no word of the programme; a receipt
says received, not accepted. The outbox takes no other text than a `MailText`, which only this
module makes: of a text of the office's own, or of a letter whose added words passed the list of
what may leave.
"""

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined

if TYPE_CHECKING:
    from intake.reference_data.promises import ConfirmBy

OFFICE_ZONE = ZoneInfo("Europe/Helsinki")
MONTHS_EN = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
MONTHS_SV = [
    "januari",
    "februari",
    "mars",
    "april",
    "maj",
    "juni",
    "juli",
    "augusti",
    "september",
    "oktober",
    "november",
    "december",
]


class MailWords(str):
    """Words of an officer that passed the list of what may leave the house.

    Only `intake.correspondence.checked_words` makes one.
    """

    __slots__ = ()


class MailText(str):
    """The text of a mail, which may leave; only this module makes one."""

    __slots__ = ()


def letter(text: str, added: MailWords) -> MailText:
    """Return a prepared letter of the office's as a text that may leave.

    `added` are the officer's own words in it, empty for none. Raises ValueError when the letter
    does not hold them: then it is not known what else stands there.
    """
    if added not in text:
        raise ValueError
    return MailText(text)


class MailTexts:
    """The office's texts, read from `templates/mail`."""

    def __init__(self, folder: Path) -> None:
        # Plain text: there is nothing to escape, and the values are our own.
        self._environment = Environment(  # noqa: S701
            loader=FileSystemLoader(folder), undefined=StrictUndefined, keep_trailing_newline=True
        )

    def receipt(
        self,
        *,
        reference: str,
        item_count: int | None,
        received_at: datetime,
        confirm_by: "ConfirmBy | None",
        link: str,
    ) -> MailText:
        """Return the receipt in Swedish and English; without a count when none is known.

        With `confirm_by` None it says that it is kept and that nothing is confirmed for now.
        """
        return self._written(
            "receipt.txt",
            reference=reference,
            count_sv=_count(item_count, "handling", "handlingar", "ditt meddelande"),
            count_en=_count(item_count, "item", "items", "your message"),
            received_sv=_swedish(received_at),
            received_en=_english(received_at, " at "),
            due_sv=_swedish(confirm_by.at) if confirm_by is not None else "",
            due_en=_english(confirm_by.at, ", ") if confirm_by is not None else "",
            link=link,
        )

    def acknowledgement(self) -> MailText:
        """Return the content-free text for senders that we do not know."""
        return self._written("acknowledgement.txt")

    def too_large(self, *, link: str) -> MailText:
        """Return the text for a message that exceeded the limit."""
        return self._written("too_large.txt", link=link)

    def ask(self, *, reference: str, link: str) -> MailText:
        """Return the text that asks for one item again, without saying which or why."""
        return self._written("ask.txt", reference=reference, link=link)

    def reminder(self, *, reference: str, link: str) -> MailText:
        """Return the text that reminds of a question in the service, without saying which."""
        return self._written("reminder.txt", reference=reference, link=link)

    def answer_notice(self, *, reference: str, link: str) -> MailText:
        """Return the text that tells of an answer in the service, without saying which."""
        return self._written("answer_notice.txt", reference=reference, link=link)

    def confirmation(self, *, reference: str, link: str) -> MailText:
        """Return the text that tells of a confirmation in the service."""
        return self._written("confirmation.txt", reference=reference, link=link)

    def upload_link(self, *, link: str, until: datetime) -> MailText:
        """Return the text that brings a single-use link."""
        return self._written(
            "upload_link.txt", link=link, until_sv=_swedish(until), until_en=_english(until, ", ")
        )

    def invitation(self, *, link: str, until: datetime) -> MailText:
        """Return the text that brings somebody the link to choose their password by."""
        return self._written(
            "invitation.txt", link=link, until_sv=_swedish(until), until_en=_english(until, ", ")
        )

    def warning(
        self,
        *,
        reference: str,
        queue: str,
        step: str,
        since: datetime,
        due: datetime,
        link: str,
    ) -> MailText:
        """Return the text that warns who is on duty; it says what waits by its code alone."""
        return self._written(
            "warning.txt",
            reference=reference,
            queue=queue,
            step=step,
            since=_english(since, ", "),
            due=_english(due, ", "),
            link=link,
        )

    def link_receipt(
        self, *, reference: str, item_count: int | None, received_at: datetime
    ) -> MailText:
        """Return the receipt for somebody without an account: nothing to sign in to."""
        return self._written(
            "link_receipt.txt",
            reference=reference,
            count_sv=_count(item_count, "handling", "handlingar", "ditt meddelande"),
            count_en=_count(item_count, "item", "items", "your message"),
            received_sv=_swedish(received_at),
            received_en=_english(received_at, " at "),
        )

    def _written(self, name: str, **values: object) -> MailText:
        return MailText(self._environment.get_template(name).render(**values))


def _count(number: int | None, one: str, many: str, unknown: str) -> str:
    if not number:
        return unknown
    return f"{number} {one if number == 1 else many}"


def _english(at: datetime, joint: str) -> str:
    local = at.astimezone(OFFICE_ZONE)
    return f"{local.day} {MONTHS_EN[local.month - 1]} {local.year}{joint}{local:%H:%M}"


def _swedish(at: datetime) -> str:
    local = at.astimezone(OFFICE_ZONE)
    return f"{local.day} {MONTHS_SV[local.month - 1]} {local.year} kl. {local:%H.%M}"

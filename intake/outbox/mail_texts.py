"""The office's texts of mails, in Swedish and English.

They are neutral by requirement 116: no name, no file name, no word of the programme; a receipt
says received, not accepted.
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
        confirm_by: "ConfirmBy",
        link: str,
    ) -> str:
        """Return the receipt in Swedish and English; without a count when none is known."""
        return self._environment.get_template("receipt.txt").render(
            reference=reference,
            count_sv=_count(item_count, "handling", "handlingar", "ditt meddelande"),
            count_en=_count(item_count, "item", "items", "your message"),
            received_sv=_swedish(received_at),
            received_en=_english(received_at, " at "),
            due_sv=_swedish(confirm_by.at),
            due_en=_english(confirm_by.at, ", "),
            link=link,
        )

    def acknowledgement(self) -> str:
        """Return the content-free text for senders that we do not know."""
        return self._environment.get_template("acknowledgement.txt").render()

    def too_large(self, *, link: str) -> str:
        """Return the text for a message that exceeded the limit."""
        return self._environment.get_template("too_large.txt").render(link=link)

    def ask(self, *, reference: str, link: str) -> str:
        """Return the text that asks for one item again, without saying which or why."""
        return self._environment.get_template("ask.txt").render(reference=reference, link=link)

    def reminder(self, *, reference: str, link: str) -> str:
        """Return the text that reminds of a question in the service, without saying which."""
        return self._environment.get_template("reminder.txt").render(reference=reference, link=link)

    def answer_notice(self, *, reference: str, link: str) -> str:
        """Return the text that tells of an answer in the service, without saying which."""
        return self._environment.get_template("answer_notice.txt").render(
            reference=reference, link=link
        )

    def confirmation(self, *, reference: str, link: str) -> str:
        """Return the text that tells of a confirmation in the service."""
        return self._environment.get_template("confirmation.txt").render(
            reference=reference, link=link
        )

    def upload_link(self, *, link: str, until: datetime) -> str:
        """Return the text that brings a single-use link."""
        return self._environment.get_template("upload_link.txt").render(
            link=link, until_sv=_swedish(until), until_en=_english(until, ", ")
        )

    def invitation(self, *, link: str, until: datetime) -> str:
        """Return the text that brings somebody the link to choose their password by."""
        return self._environment.get_template("invitation.txt").render(
            link=link, until_sv=_swedish(until), until_en=_english(until, ", ")
        )

    def link_receipt(self, *, reference: str, item_count: int | None, received_at: datetime) -> str:
        """Return the receipt for somebody without an account: nothing to sign in to."""
        return self._environment.get_template("link_receipt.txt").render(
            reference=reference,
            count_sv=_count(item_count, "handling", "handlingar", "ditt meddelande"),
            count_en=_count(item_count, "item", "items", "your message"),
            received_sv=_swedish(received_at),
            received_en=_english(received_at, " at "),
        )


def _count(number: int | None, one: str, many: str, unknown: str) -> str:
    if number is None:
        return unknown
    return f"{number} {one if number == 1 else many}"


def _english(at: datetime, joint: str) -> str:
    local = at.astimezone(OFFICE_ZONE)
    return f"{local.day} {MONTHS_EN[local.month - 1]} {local.year}{joint}{local:%H:%M}"


def _swedish(at: datetime) -> str:
    local = at.astimezone(OFFICE_ZONE)
    return f"{local.day} {MONTHS_SV[local.month - 1]} {local.year} kl. {local:%H.%M}"

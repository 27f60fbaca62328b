"""Say which operations a warm process is there for: its duties.

A child is a copy of its warm process and costs what that has loaded, so opening a mail must not pay
for the libraries that draw pages. An operation belongs to exactly one duty; `worker.operations`
says what each has to load.
"""

from collections.abc import Collection
from enum import StrEnum


class Duty(StrEnum):
    """Name what a warm process has loaded, the smallest first."""

    MAIL = "mail"
    SIGNATURES = "signatures"
    DOCUMENTS = "documents"
    LOCKS = "locks"
    PICTURES = "pictures"


ALL_DUTIES = tuple(Duty)
DUTY_OF = {
    "open_mail": Duty.MAIL,
    "read_header": Duty.MAIL,
    "read_delivery_report": Duty.MAIL,
    "signatures": Duty.SIGNATURES,
    "check_signatures": Duty.SIGNATURES,
    "inspect": Duty.DOCUMENTS,
    "unpack": Duty.DOCUMENTS,
    "check_signed_parts": Duty.DOCUMENTS,
    "form_fields": Duty.DOCUMENTS,
    "unlock": Duty.LOCKS,
    "render": Duty.PICTURES,
}


def write_duties(duties: Collection[Duty]) -> str:
    """Return the word of the command line that names the duties.

    >>> write_duties([Duty.MAIL, Duty.LOCKS])
    'mail,locks'
    """
    return ",".join(duties)


def read_duties(word: str) -> tuple[Duty, ...]:
    """Return the duties of `write_duties`; raise ValueError for anything else."""
    return tuple(map(Duty, word.split(",")))

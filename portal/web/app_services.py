"""The parts that the application is built with, in the one place of Flask that keeps them.

A use case is handed them as the services it knows; what a page needs beside those, such as the
texts of mails, is a field of the same value.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from intake.core.services import Services

if TYPE_CHECKING:
    from collections.abc import Callable

    from flask import Flask

    from intake.documents.unlock import Unlocker
    from intake.outbox.mail_texts import MailTexts
    from intake.oversight.health import Health
    from intake.reference_data.document_types import Taxonomy
    from intake.reference_data.prepared_answers import AnswerWriter

EXTENSION = "avrr"


@dataclass(frozen=True, kw_only=True)
class AppServices(Services):
    """The services, and what the pages need beside them.

    `unlocker` is the jail that tries a password on a document; without it none can be tried.
    """

    check_health: "Callable[[], Health]"
    unlocker: "Unlocker | None"
    texts: "MailTexts"
    answer_writer: "AnswerWriter"
    taxonomies: "tuple[Taxonomy, ...]"


def keep(app: "Flask", services: AppServices) -> None:
    """Build the application with these services."""
    app.extensions[EXTENSION] = services


def of_app(app: "Flask") -> AppServices:
    """Return the services of an application."""
    return cast("AppServices", app.extensions[EXTENSION])  # an untyped dictionary of Flask

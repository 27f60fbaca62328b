"""Make single-use links, and act as the person who holds one: a browser and an address."""

import io
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from flask import Flask
from werkzeug.test import TestResponse

from intake.access import gate
from intake.accounts.accounts import SignedInUser
from intake.arrivals import links
from intake.arrivals.links import LinkRequest, MadeLink
from intake.core.services import Services
from intake.outbox.mail_texts import MailTexts
from storage.cases.cases import Case
from storage.submissions.submissions import Submission
from tests.portal.building import HOST
from tests.portal.conftest import TOKEN, Browser
from tests.support.building import MAIL_TEXTS

TEXTS = MailTexts(MAIL_TEXTS)
NOTE = "KANARIE: the sister of the person"
PDF = b"%PDF-1.7 KANARIE-CONTENT a small file"


def make_link(
    services: Services, user: SignedInUser, reference: str, **options: Any
) -> MadeLink:  # Any: what a LinkRequest takes
    """Make a link as an officer does."""
    link_request = LinkRequest(links.new_link_id(), **{"note": NOTE, **options})
    return links.make_link(
        services, TEXTS, gate.case_or_submission_to_change(services, user, reference), link_request
    )


def case_reference(services: Services, submission_id: str) -> str:
    """Return the reference of a submission's case."""
    with services.database.reading() as session:
        submission = session.get_one(Submission, submission_id)
        return session.get_one(Case, submission.case_id).reference


@dataclass
class Person:
    """Somebody without an account who has a link."""

    browser: Browser
    path: str

    def get(self, headers: dict[str, str] | None = None) -> TestResponse:
        """Open the link."""
        return self.browser.get(self.path, headers)

    def token(self) -> str:
        """Return the form's token."""
        found = TOKEN.search(self.get().text)
        assert found is not None
        return found.group(1)

    def post(
        self, act: str, *files: tuple[str, bytes], token: str | None = None, **fields: str
    ) -> TestResponse:
        """Send the form as a browser without script does."""
        data: dict[str, Any] = {
            "csrf_token": self.token() if token is None else token
        }  # Any: files
        data |= {**fields, "act": act}
        data["file"] = [(io.BytesIO(content), name) for name, content in files]
        return self.browser.client.post(
            self.path, base_url=f"http://{HOST}", data=data, content_type="multipart/form-data"
        )

    def ask(
        self, method: str, rest: str, token: str | None = None, **options: Any
    ) -> TestResponse:  # Any: what the test client takes
        """Send what the page's script would send."""
        headers = {"X-CSRFToken": self.token() if token is None else token}
        return self.browser.client.open(
            f"{self.path}/files{rest}",
            method=method,
            base_url=f"http://{HOST}",
            headers=headers,
            **options,
        )


def person_with(app: Flask, made: MadeLink) -> Person:
    """Give a fresh browser with a link."""
    return Person(Browser(app), urlsplit(made.url).path)

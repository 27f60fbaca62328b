"""Let two officers work on one page, and send its form one after the other."""

import html
import re
from dataclasses import dataclass

from flask import Flask
from werkzeug.test import TestResponse

from intake.accounts import accounts
from intake.core.services import Services
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.building import PASSWORD
from tests.portal.conftest import Browser

FIELD = re.compile(r'<input type="hidden" name="(\w+)" value="([^"]*)">')


AREA = re.compile(r'<textarea id="(\w+)"[^>]*>\n?(.*?)</textarea>', re.DOTALL)


VERSION = re.compile(r'name="version" value="(\d+)"')


@dataclass(frozen=True)
class Two:
    """Two officers of one role, both signed in."""

    first: Browser
    second: Browser


def officer(services: Services, app: Flask, role: str, number: int) -> Browser:
    email = f"{role.lower()}{number}@iom.example"
    accounts.create_with_password(services, email, role, None, PASSWORD)
    browser = Browser(app)
    assert browser.sign_in(email).status_code == 303
    return browser


def version_on(browser: Browser, page: str) -> str:
    found = VERSION.search(browser.get(page).text)
    assert found is not None, page
    return found.group(1)


def form_on(answer: TestResponse) -> tuple[str, dict[str, str]]:
    """Return where the form on the page of an edit conflict leads, and all that it holds."""
    assert answer.status_code == 409, answer.text
    form = answer.text.partition("versions-form")[0].rpartition("<form")[2]
    address = re.search(r'action="([^"]+)"', form)
    assert address is not None
    rest = answer.text.partition("versions-form")[2]
    fields = {name: html.unescape(value) for name, value in FIELD.findall(rest)}
    fields |= {name: html.unescape(text) for name, text in AREA.findall(rest)}
    fields.pop("csrf_token")
    return html.unescape(address.group(1)), fields


def replaced(browser: Browser, answer: TestResponse, page: str) -> TestResponse:
    """Press the button that sends the own version again."""
    address, fields = form_on(answer)
    return browser.post(address, page, **fields)


def race(
    two: Two, page: str, path: str, theirs: dict[str, str], mine: dict[str, str]
) -> TestResponse:
    """Let both open a page, and send their versions, the first officer before the second."""
    seen = version_on(two.second, page)
    first = two.first.post(path, page, version=version_on(two.first, page), **theirs)
    assert first.status_code == 303, first.text
    return two.second.post(path, page, version=seen, **mine)


def submission_of(services: Services, made: samples.Seeded) -> Submission:
    with services.database.reading() as session:
        return session.get_one(Submission, made.submission_id)


def hidden(text: str) -> dict[str, str]:
    fields = dict(FIELD.findall(text.partition("answer-form")[2]))
    return {name: html.unescape(value) for name, value in fields.items() if name != "csrf_token"}


def signing(browser: Browser, page: str, step: str, remark: str) -> dict[str, str]:
    """Look at a confirmation with some words; return the form that would sign it."""
    words = {"next_step": step, "next_step_on": "", "deputy": "", "remark": remark}
    shown = browser.post(page, page, step="look", version=version_on(browser, page), **words)
    return {**words, **hidden(shown.text)}

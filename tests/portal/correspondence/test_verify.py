"""Check the public page that verifies a paper: what it knows, and that it keeps nothing."""

import hashlib
import re
import tempfile

import pytest
from werkzeug.test import TestResponse

from intake.accounts.accounts import SignedInUser
from intake.confirmations import printed_codes, signed_papers
from intake.core.services import Services
from intake.senders.register import add_sender
from portal.correspondence import confirmations as views
from storage.cases.confirmations import Confirmation
from tests.intake.confirmations.papers import Case, seed_case
from tests.intake.documents.held import FACTS
from tests.portal.building import HOST
from tests.portal.conftest import TOKEN, Browser
from tests.support.people import plant_user


@pytest.fixture
def case(services: Services) -> Case:
    """Give scenario 1, from a registered sender."""
    add_sender(services, "operator", str(FACTS["from_address"]), "VAST")
    return seed_case(services)


@pytest.fixture
def officer(services: Services) -> SignedInUser:
    """Give an officer who signs without the pages."""
    return plant_user(services)


def post_file(browser: Browser, content: bytes) -> TestResponse:
    """Choose a file on the public page and send it.

    The body is written here: the test client would put its own into a temporary file.
    """
    found = TOKEN.search(browser.get("/verify").text)
    assert found is not None
    parts = [
        b'--edge\r\nContent-Disposition: form-data; name="csrf_token"\r\n\r\n',
        found.group(1).encode(),
        b'\r\n--edge\r\nContent-Disposition: form-data; name="file"; filename="paper.pdf"\r\n',
        b"Content-Type: application/pdf\r\n\r\n",
        content,
        b"\r\n--edge--\r\n",
    ]
    return browser.client.post(
        "/verify",
        base_url=f"http://{HOST}",
        data=b"".join(parts),
        content_type="multipart/form-data; boundary=edge",
    )


def send_file(browser: Browser, content: bytes) -> str:
    """Send a file that is small enough, and return the page."""
    answer = post_file(browser, content)
    assert answer.status_code == 200
    return answer.text


def test_the_public_page_knows_a_paper_by_its_file_and_by_its_digest(
    services: Services, browser: Browser, case: Case, officer: SignedInUser
) -> None:
    content = signed_papers.open_paper(
        services, signed_papers.paper_to_read(services, officer, case.sign(officer))
    )
    digest = case.digest(case.papers()[0])

    by_file = send_file(browser, content)
    by_digest = browser.post("/verify", "/verify", digest=f" {digest.upper()} ").text

    for text in (by_file, by_digest):
        assert "This document is unchanged. It was issued by this service on" in text
        assert "24 Nov 2026 10:42" in text
        for secret in (case.reference, "Intake officer", "Remiss"):
            assert secret not in text


def test_one_changed_byte_is_not_known(
    services: Services, browser: Browser, case: Case, officer: SignedInUser
) -> None:
    content = bytearray(
        signed_papers.open_paper(
            services, signed_papers.paper_to_read(services, officer, case.sign(officer))
        )
    )
    content[len(content) // 2] ^= 1

    text = send_file(browser, bytes(content))

    assert "This document is not known." in text
    assert "was issued by this service on" not in text


@pytest.mark.parametrize("digest", ["", "abc", "g" * 64, "0" * 63, "0" * 65, "<script>"])
def test_what_is_no_digest_is_asked_for_again(browser: Browser, digest: str) -> None:
    answer = browser.post("/verify", "/verify", digest=digest)

    assert answer.status_code == 400
    assert 'id="digest-error"' in answer.text
    assert "<script>" not in answer.text


def test_an_unknown_digest_gets_the_same_page(browser: Browser) -> None:
    answer = browser.post("/verify", "/verify", digest="0" * 64)

    assert answer.status_code == 200
    assert "This document is not known." in answer.text


def test_a_file_is_hashed_and_nothing_of_it_is_stored(
    browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("a temporary file was opened")

    for name in ("TemporaryFile", "SpooledTemporaryFile", "NamedTemporaryFile"):
        monkeypatch.setattr(tempfile, name, refuse)
    monkeypatch.setattr("werkzeug.formparser.SpooledTemporaryFile", refuse)
    # Werkzeug would keep less than 500 KiB in memory.
    content = b"%PDF-1.7" + b"x" * 520_000

    text = send_file(browser, content)

    assert hashlib.sha256(content).hexdigest() in text


def test_what_is_larger_than_any_paper_is_refused(browser: Browser) -> None:
    answer = post_file(browser, b"x" * (views.MAX_PAPER_BYTES + 1))

    assert answer.status_code == 413


def test_the_public_page_takes_no_form_without_its_token(browser: Browser) -> None:
    assert browser.post("/verify", digest="0" * 64).status_code == 400


def ask_for(browser: Browser, typed: str) -> TestResponse:
    """Enter something on the public page and send it."""
    return browser.post("/verify", "/verify", digest=typed)


def printed_on(services: Services, browser: Browser, case: Case, officer: SignedInUser) -> str:
    """Sign a paper and return the check code that it prints."""
    digest = case.digest(signed_row(services, case, officer))
    found = re.search(r"[A-Z2-7]{4}(?:-[A-Z2-7]{4}){4}", ask_for(browser, digest).text)
    assert found is not None
    return found.group()


def signed_row(services: Services, case: Case, officer: SignedInUser) -> Confirmation:
    """Sign a paper and return its row."""
    case.sign(officer)
    assert services is not None
    return case.papers()[0]


def test_the_code_that_the_paper_prints_is_accepted(
    services: Services, browser: Browser, case: Case, officer: SignedInUser
) -> None:
    code = printed_on(services, browser, case, officer)

    for typed in (code, code.lower(), code.replace("-", " "), f"  {code.replace('-', '')} "):
        page = ask_for(browser, typed).text
        assert "A document with this check code was issued" in page
        # A code proves no words: only the file does.
        assert "is unchanged. It was issued" not in page


def test_a_code_of_no_paper_is_not_known(browser: Browser, case: Case) -> None:
    assert case is not None
    page = ask_for(browser, "AAAA-BBBB-CCCC-DDDD-EEEE").text

    assert "This document is not known." in page


@pytest.mark.parametrize("typed", ["", "ABC", "A" * 21, "AAAA-BBBB-CCCC-DDDD-EEE!", "x" * 5000])
def test_what_is_neither_file_nor_code_is_said_at_its_field(browser: Browser, typed: str) -> None:
    answer = ask_for(browser, typed)

    assert answer.status_code == 400
    assert 'id="digest-error"' in answer.text


def test_papers_of_before_get_their_code_from_the_worker(
    services: Services, browser: Browser, case: Case, officer: SignedInUser
) -> None:
    code = printed_on(services, browser, case, officer)
    with services.database.transaction() as session:
        session.query(Confirmation).update({Confirmation.code: None})
    assert "not known" in ask_for(browser, code).text

    assert printed_codes.note_codes(services) == 1
    assert printed_codes.note_codes(services) == 0

    assert "was issued by this service" in ask_for(browser, code).text

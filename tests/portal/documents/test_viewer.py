"""Check the viewer: what it shows, the headers of every file, and a stranger's words on it."""

import re

import pytest
from flask import Flask

from intake.core.services import Services
from portal.web.downloads import FILE_POLICY
from portal.web.security import HEADERS
from storage import audit
from tests.portal import samples
from tests.portal.conftest import OUR_SCRIPT, Browser, SignIn
from tests.portal.documents import copies
from tests.portal.samples import CANARY, Part, Seeded
from tests.portal.triage.test_queues import CANARIES

WHY = "Needed for the decision of today."
# Sixty media types; a browser would act on most of them.
TYPES = re.findall(
    r"\S+",
    """
text/html text/html;charset=utf-7 application/xhtml+xml image/svg+xml text/xml application/xml
application/rss+xml application/atom+xml application/mathml+xml text/xsl application/xslt+xml
text/javascript application/javascript application/ecmascript text/ecmascript text/css text/vbscript
application/json application/ld+json application/manifest+json text/cache-manifest text/vtt
application/wasm application/x-shockwave-flash application/java-archive application/x-java-applet
application/pdf application/postscript application/msword application/rtf text/rtf text/plain
text/csv text/calendar text/markdown message/rfc822 message/http multipart/mixed
multipart/x-mixed-replace multipart/related application/x-www-form-urlencoded
application/octet-stream application/x-msdownload application/x-sh application/x-httpd-php
application/hta application/x-ms-shortcut application/x-chrome-extension application/zip
application/x-7z-compressed application/gzip application/x-tar image/png image/jpeg image/gif
image/webp image/tiff image/heic audio/mpeg video/mp4 font/woff2 text/html;image/png
""",
)


@pytest.fixture
def seeded(services: Services) -> Seeded:
    """Give a submission of everything, with copies."""
    made = samples.seed(services, parts=samples.DESK_PARTS)
    rows = copies.documents_of(services, made.submission_id)
    copies.add_copy(services, rows[1].id)
    copies.add_copy(services, rows[2].id, ("Samtycke",))
    return made


def ids(services: Services, seeded: Seeded) -> list[str]:
    return [row.id for row in copies.documents_of(services, seeded.submission_id)]


def test_the_viewer_shows_pages_and_their_text(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    letter = ids(services, seeded)[1]

    page = signed_in("INTAKE").get(f"/documents/{letter}").text

    sources = re.findall(r'<img src="([^"]+)" alt="Page', page)
    assert sources == [f"/documents/{letter}/pages/{number}" for number in (1, 2, 3, 4)]
    assert page.count('width="620" height="877" loading="lazy"') == 3
    assert "Personen önskar resa i december." in page
    assert "Page 3 has no text" in page
    assert "Side by side" in page
    assert f"/documents/{letter}/safe.pdf" in page
    assert f"<title>{seeded.reference} – Document service</title>" in page


def test_two_documents_stand_side_by_side(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    letter, consent = ids(services, seeded)[1:3]

    page = signed_in("INTAKE").get(f"/documents/{letter}?beside={consent}").text

    assert f"/documents/{letter}/pages/1" in page
    assert f"/documents/{consent}/pages/1" in page
    assert "Samtycke.pdf" in page
    assert page.count("<h1>") == 1


def test_only_a_document_of_the_same_submission_stands_beside(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    letter = ids(services, seeded)[1]
    browser = signed_in("INTAKE")
    for other in (samples.seed(services), samples.seed(services, programme="cash")):
        foreign = copies.documents_of(services, other.submission_id)[0].id
        assert browser.get(f"/documents/{letter}?beside={foreign}").status_code == 404
    assert browser.get(f"/documents/{letter}?beside=nonsense").status_code == 404


def test_search_works_without_script_and_names_no_words_in_the_address(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    letter = ids(services, seeded)[1]
    browser = signed_in("INTAKE")
    address = f"/documents/{letter}/search"

    found = browser.post(address, f"/documents/{letter}", words="samtycke")
    nothing = browser.post(address, f"/documents/{letter}", words="<b>nobody</b>")

    assert "Found on page" in found.text
    assert 'href="#page-2">2</a>' in found.text
    assert found.text.count('class="sheet hit"') == 1
    assert "Found on no page" in nothing.text
    assert "<b>nobody" not in nothing.text
    assert browser.get(address).status_code == 405


@pytest.mark.parametrize("part", ["HELD", "INFECTED", "LOCKED", "UNREADABLE"])
def test_what_is_held_has_no_picture(
    services: Services, signed_in: SignIn, seeded: Seeded, part: str
) -> None:
    document = copies.document_of(services, seeded.submission_id, part)
    copies.add_copy(services, document.id)
    browser = signed_in("INTAKE")

    page = browser.get(f"/documents/{document.id}")

    assert page.status_code == 200
    assert "There is no safe copy to look at" in page.text
    assert "/pages/" not in page.text
    for path in ("pages/1", "thumbnail", "safe.pdf"):
        assert browser.get(f"/documents/{document.id}/{path}").status_code == 404


def test_pictures_and_pdf_carry_the_strict_headers(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    letter = ids(services, seeded)[1]
    browser = signed_in("INTAKE")

    answers = {
        path: browser.get(f"/documents/{letter}/{path}")
        for path in ("pages/1", "thumbnail", "safe.pdf")
    }

    expected = HEADERS | {"Content-Security-Policy": FILE_POLICY, "Cache-Control": "no-store"}
    for answer in answers.values():
        assert answer.status_code == 200
        assert {name: answer.headers.get(name) for name in expected} == expected
    assert answers["pages/1"].content_type == answers["thumbnail"].content_type == "image/png"
    assert answers["pages/1"].headers["Content-Disposition"] == "inline"
    assert answers["safe.pdf"].content_type == "application/pdf"
    name = f'attachment; filename="document-{letter[:8]}.pdf"'
    assert answers["safe.pdf"].headers["Content-Disposition"] == name


@pytest.mark.parametrize("claimed_type", TYPES)
def test_an_original_is_octets_whatever_it_is(
    services: Services, signed_in: SignIn, claimed_type: str
) -> None:
    """Threat S8: no type of sixty is served as itself, and no name of a stranger is in a header."""
    parts = (Part(f"x\r\nSet-Cookie: a=b{CANARY}.html", "HELD", "", claimed_type),)
    made = samples.seed(services, parts=parts)
    document_id = ids(services, made)[0]
    browser = signed_in("INTAKE")

    answer = browser.post(
        f"/documents/{document_id}/original", f"/documents/{document_id}", step="do", reason=WHY
    )

    assert answer.status_code == 200
    assert answer.data == b"raw"
    assert answer.content_type == "application/octet-stream"
    expected = {
        "Content-Disposition": f'attachment; filename="original-{document_id[:8]}.bin"',
        "Content-Security-Policy": FILE_POLICY,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
    }
    assert {name: answer.headers.get(name) for name in expected} == expected
    # Nothing of it is shown in the browser.
    for path in ("pages/1", "thumbnail", "safe.pdf", "original"):
        inline = browser.get(f"/documents/{document_id}/{path}")
        assert inline.status_code in {404, 405}
        assert inline.headers["X-Content-Type-Options"] == "nosniff"


def test_there_are_sixty_types() -> None:
    assert len(set(TYPES)) >= 60


def test_damaged_bytes_have_their_page_and_are_written_down(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    letter = ids(services, seeded)[1]
    for file in (services.settings.data_dir / "blobs").rglob("*"):
        if file.is_file():
            file.write_bytes(file.read_bytes()[:-1] + b"x")
    browser = signed_in("INTAKE")

    for path in ("pages/1", "thumbnail", "safe.pdf"):
        answer = browser.get(f"/documents/{letter}/{path}")
        assert answer.status_code == 409
        assert "This document is damaged" in answer.text
        assert answer.headers["Content-Security-Policy"] == HEADERS["Content-Security-Policy"]
    with services.database.reading() as session:
        acts = [event.act for event in audit.of_subject(session, "document", letter)]
    assert acts.count("document.damaged") == 3


@pytest.mark.parametrize("canary", CANARIES)
def test_a_strangers_words_do_nothing_in_the_viewer(
    services: Services, signed_in: SignIn, canary: str
) -> None:
    parts = (
        Part(canary, "CLEAN", canary, canary, findings=(canary, "advice_dark")),
        Part(canary, "HELD", canary, canary, parent=0, findings=(canary,)),
    )
    made = samples.seed(services, parts=parts)
    document_id, held_id = ids(services, made)
    copies.add_copy(services, document_id, (canary, canary), reason=canary[:64])
    browser = signed_in("INTAKE")
    written = browser.post(
        f"/documents/{held_id}/release", f"/documents/{held_id}", reason=canary[:9]
    )
    search = browser.post(
        f"/documents/{document_id}/search", f"/documents/{document_id}", words=canary
    )

    for answer in (
        browser.get(f"/documents/{document_id}"),
        browser.get(f"/documents/{held_id}"),
        browser.get(f"/submissions/{made.reference}"),
        browser.get("/quarantine"),
        written,
        search,
    ):
        page = OUR_SCRIPT.sub("", answer.text)
        page = re.sub(r'<img (class="thumbnail" )?src="/documents/', "", page)
        for active in ("<script", "<svg", "<img", "<style", "onmouseover='", "\x00", "\x1b"):
            assert active not in page
        assert 'href="javascript' not in page


def test_the_submission_page_leads_to_copies(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    rows = ids(services, seeded)
    copies.add_failed_copy(services, rows[8], "no_copy_too_many_pages")

    page = signed_in("INTAKE").get(f"/submissions/{seeded.reference}").text

    assert page.count("Open safe copy") == 2
    assert f'src="/documents/{rows[1]}/thumbnail"' in page
    assert "No safe copy could be made. It has more pages than are drawn." in page
    assert "Safe copy is being made." in page
    assert "Inside <bdi>underlag.zip</bdi>" in page
    assert "The PDF contains a script." in page
    assert "The picture is very dark" in page


@pytest.mark.parametrize("role", ["COORD", "ADMIN", "AUDIT", "DPO", "HELP", "CASH"])
def test_somebody_who_may_not_read_sees_no_page(
    app: Flask, services: Services, signed_in: SignIn, seeded: Seeded, role: str
) -> None:
    letter = ids(services, seeded)[1]
    browser = signed_in(role)

    for path in ("", "/pages/1", "/thumbnail", "/safe.pdf"):
        assert browser.get(f"/documents/{letter}{path}").status_code == 404
        assert Browser(app).get(f"/documents/{letter}{path}").status_code == 303

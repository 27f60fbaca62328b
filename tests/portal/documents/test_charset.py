"""Check how a page offers other charsets for a text whose charset was guessed."""

import re

import pytest

from intake.core.services import Services
from storage.documents.documents import Document
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.documents import copies
from tests.portal.samples import Part, Seeded

GUESSED = ("charset_undeclared:cp1251", "charset_offer_1:koi8_u", "charset_offer_2:cp866")
PARTS = (
    Part("", "CLEAN", "", "text/plain", 612, role="body", findings=GUESSED),
    Part("lista.csv", "CLEAN", "", "text/plain", 900, findings=GUESSED),
    Part("säker.csv", "CLEAN", "", "text/plain", 900),
)
OPTION = re.compile(r'<option value="([^"]+)">([^<]+)</option>')


@pytest.fixture
def seeded(services: Services) -> Seeded:
    """Give a submission with a letter and a list in a guessed charset, and a list in a sure one."""
    made = samples.seed(services, parts=PARTS)
    for document in rows(services, made)[1:]:
        copies.add_copy(services, document.id)
    return made


def rows(services: Services, seeded: Seeded) -> list[Document]:
    """Return the documents in order."""
    return copies.documents_of(services, seeded.submission_id)


def test_viewer_says_what_was_taken_and_offers_the_likely_ones_first(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    _, listed, sure = rows(services, seeded)
    browser = signed_in("INTAKE")

    page = browser.get(f"/documents/{listed.id}").text
    other = browser.get(f"/documents/{sure.id}").text

    options = OPTION.findall(page)
    assert options[:2] == [("koi8-u", "Cyrillic (KOI8-U)"), ("cp866", "Cyrillic (CP866)")]
    assert ("cp1252", "Western European (windows-1252)") in options
    assert "cp1251" not in dict(options)
    assert "It was read in the likeliest one. (windows-1251)" in page
    assert "charset_offer" not in page
    assert "koi8" not in page.replace("koi8-u", "").lower().replace("koi8_u", "").replace(
        "(koi8-u)", ""
    )
    assert "another character set" not in other


def test_letter_says_it_too(services: Services, signed_in: SignIn, seeded: Seeded) -> None:
    body, _, _ = rows(services, seeded)

    page = signed_in("INTAKE").get(f"/submissions/{seeded.reference}?document=letter").text

    assert f'action="/documents/{body.id}/charset"' in page
    assert "It was read in the likeliest one. (windows-1251)" in page


@pytest.mark.parametrize(("number", "where"), [(0, "/submissions/"), (1, "/documents/")])
def test_choice_leads_back_to_where_the_text_is_read(
    services: Services, signed_in: SignIn, seeded: Seeded, number: int, where: str
) -> None:
    document = rows(services, seeded)[number]

    answer = signed_in("INTAKE").post(
        f"/documents/{document.id}/charset", "/queues", charset="koi8-u"
    )

    after = rows(services, seeded)[number]
    assert (answer.status_code, answer.headers["Location"].startswith(where)) == (303, True)
    assert after.part_flags == ["charset_chosen:koi8_u"]


def test_unknown_value_is_refused_in_words(
    services: Services, signed_in: SignIn, seeded: Seeded
) -> None:
    document = rows(services, seeded)[1]

    answer = signed_in("INTAKE").post(f"/documents/{document.id}/charset", "/queues", charset="x")

    assert (answer.status_code, "choose one of the list" in answer.text) == (400, True)
    assert rows(services, seeded)[1].part_flags == []


@pytest.mark.parametrize("role", ["COORD", "ADMIN", "AUDIT", "CASH"])
def test_who_may_not_work_on_it_may_not_choose(
    services: Services, signed_in: SignIn, seeded: Seeded, role: str
) -> None:
    document = rows(services, seeded)[1]

    answer = signed_in(role).post(f"/documents/{document.id}/charset", "/", charset="koi8-u")

    assert answer.status_code == 404
    assert rows(services, seeded)[1].part_flags == []

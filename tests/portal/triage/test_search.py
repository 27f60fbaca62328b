"""Check search: what is found, by whom, and that its words stand nowhere."""

import logging

import pytest

from intake.core.references import new_reference
from intake.core.services import Services
from intake.queues import search_index
from storage import audit
from storage.cases.cases import Case
from storage.crypto.keys import DataKeyRow
from storage.lists import search_words
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.conftest import Browser, SignIn
from tests.portal.samples import Part, Seeded
from tests.portal.triage.test_query_plans import listening, scans

NOTHING = "Nothing was found."


def seeded(services: Services, **options: object) -> Seeded:
    """Put a submission in that can be found."""
    made = samples.seed(services, **options)
    search_index.index_all(services)
    return made


def found(browser: Browser, text: str) -> str:
    """Search and return the page's main part."""
    return browser.post("/search", "/search", text=text).text.partition("<main")[2]


@pytest.fixture
def officer(signed_in: SignIn) -> Browser:
    """Give a browser in which an intake officer is signed in."""
    return signed_in("INTAKE")


def test_words_are_found_however_they_are_written(services: Services, officer: Browser) -> None:
    made = seeded(
        services,
        subject="Ämne: José Ångström",
        sender="koordinator@region.example",
        body_text="Ring på förmiddagen. صُورَة",
        parts=(Part("Riskbedömning_v2.pdf", "CLEAN"),),
    )

    for text in ("ÅNGSTRÖM", "jose angstrom", "formiddagen riskbedomning", "صورة", "v2",
                 "koordinator@region.example", "Region.EXAMPLE, koordinator"):  # fmt: skip
        assert made.reference in found(officer, text), text
    for text in ("angstrom stockholm", "angstro", "ring@region.example"):
        assert NOTHING in found(officer, text), text


def test_codes_are_found_by_their_parts(services: Services, officer: Browser) -> None:
    made = seeded(services)
    with services.database.reading() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        case = session.get_one(Case, case_id).reference
    first, second, third = made.reference.split("-")

    for text in (f"{first} {second}", f"{first}{second}", f"{second}-{third}",
                 f"\u2010{second}{third}", case[:7]):  # fmt: skip
        assert made.reference in found(officer, text), text


def test_a_whole_code_is_opened(services: Services, officer: Browser) -> None:
    made = seeded(services)
    with services.database.reading() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        case = session.get_one(Case, case_id).reference

    for code, page in ((made.reference, "submissions"), (case, "cases")):
        for text in (code, code.lower(), code.replace("-", ""), f"  {code.replace('-', ' ')} "):
            answer = officer.post("/search", "/search", text=text)
            assert (answer.status_code, answer.location) == (303, f"/{page}/{code}"), text


def test_a_whole_code_of_others_is_answered_like_none(
    services: Services, signed_in: SignIn
) -> None:
    made, caseworker = seeded(services), signed_in("CASEW")
    none = new_reference()
    nothing = found(caseworker, none)
    with services.database.reading() as session:
        case_id = session.get_one(Submission, made.submission_id).case_id
        case = session.get_one(Case, case_id).reference

    assert NOTHING in nothing
    for code in (made.reference, case):
        page = found(caseworker, code)
        assert _without_field(page, code) == _without_field(nothing, none)


def test_hits_say_who_what_and_where_with_the_words_marked(
    services: Services, officer: Browser
) -> None:
    seeded(
        services,
        subject="Ny remiss, Ångström",
        body_text="Hej,\n\nsamtalet gäller angstrom igen och skolgången i Malmö.",
        region="SYD",
        parts=(Part("Skolgång <b>.pdf", "CLEAN"),),
    )

    by_subject = found(officer, "angstrom")
    by_file = found(officer, "skolgang remiss")
    by_letter = found(officer, "malmo")
    by_sender = found(officer, "koordinator@region.example")

    assert "Coordinator Syd</bdi> – <bdi>Ny remiss, Ångström</bdi>" in by_subject
    assert "Subject:</span> <bdi>Ny remiss, <mark>Ångström</mark></bdi>" in by_subject
    assert "Document:</span> <bdi><mark>Skolgång</mark> &lt;b&gt;.pdf</bdi>" in by_file
    assert "Subject:</span> <bdi>Ny <mark>remiss</mark>, Ångström</bdi>" in by_file
    assert "i <mark>Malmö</mark>" in by_letter
    assert "Sender:</span> <bdi><mark>koordinator</mark>@" not in by_sender
    assert "<mark>koordinator@region.example</mark>" in by_sender


def test_another_programmes_words_and_codes_are_like_none(
    services: Services, signed_in: SignIn
) -> None:
    made = seeded(services, subject="hemligtord remiss", sender="coord@region.example")
    cash = signed_in("CASH")
    nothing = found(cash, "neverwritten")

    assert NOTHING in nothing
    for text in (
        "hemligtord",
        "remiss",
        "coord@region.example",
        made.reference,
        made.reference[4:],
    ):
        page = found(cash, text)
        assert _without_field(page, text) == _without_field(nothing, "neverwritten"), text
    assert made.reference in found(signed_in("PROT"), "hemligtord")


def _without_field(page: str, text: str) -> str:
    return page.replace(f'value="{text}"', "").split('name="csrf_token"')[0] + page.partition(
        "<input id="
    )[2].replace(f'value="{text}"', "")


def test_the_words_stand_in_no_audit_log_or_address(
    services: Services, officer: Browser, caplog: pytest.LogCaptureFixture
) -> None:
    made = seeded(services, subject="kanarieord")
    caplog.set_level(logging.DEBUG)

    answer = officer.post("/search", "/search", text="kanarieord")

    assert made.reference in answer.text
    assert answer.request.query_string == b""
    assert "kanarieord" not in caplog.text
    with services.database.reading() as session:
        (event,) = audit.of_subject(session, "submissions", "search")
        detail = {"found": 1, "shown": [made.submission_id]}
        assert (event.act, event.detail) == ("submissions.searched", detail)
        words = session.query(search_words.SearchWord.word).all()
        assert not any(b"kanarie" in word for (word,) in words)


def test_what_was_erased_is_found_by_nothing(services: Services, officer: Browser) -> None:
    made = seeded(services, subject="kanarieord")
    with services.database.transaction() as session:
        submission = session.get_one(Submission, made.submission_id)
        key = session.get_one(DataKeyRow, submission.data_key_id)
        key.destroyed_at, key.wrapped = services.now(), b""

    assert NOTHING in found(officer, "kanarieord")
    assert NOTHING in found(officer, made.reference)
    assert NOTHING in found(officer, made.reference.lower().replace("-", ""))
    with services.database.transaction() as session:
        search_words.forget(session, made.submission_id)
        assert session.query(search_words.SearchWord).count() == 0


@pytest.mark.parametrize("text", ["", " ", "a", "- -", "\u2028\u202e", "%", "'; --"])
def test_what_is_no_word_is_asked_for_again(officer: Browser, text: str) -> None:
    answer = officer.post("/search", "/search", text=text)

    assert answer.status_code == 400
    assert "Type a word of at least two letters" in answer.text


def test_a_hostile_search_is_shown_and_does_nothing(officer: Browser) -> None:
    text = samples.CANARY + "x" * 70_000

    page = officer.post("/search", "/search", text=text[:60_000])

    assert page.status_code == 200
    assert "<script>alert" not in page.text


def test_a_search_reads_no_whole_table_and_is_bounded(services: Services, officer: Browser) -> None:
    for _ in range(22):
        samples.seed(services, subject="gemensamt", parts=())
    search_index.index_all(services)

    with listening(services) as sent:
        page = found(officer, "gemensamt remiss ring")
        code = found(officer, "K7M-4QX")

    assert "The first 20" in page
    assert NOTHING in code
    assert scans(services, sent) == set()


def test_a_long_message_body_has_a_bounded_number_of_words(services: Services) -> None:
    seeded(services, body_text=" ".join(f"ord{number}" for number in range(2000)))

    with services.database.reading() as session:
        assert session.query(search_words.SearchWord).count() == search_index.MAX_WORDS


def test_roles_that_read_no_submissions_search_none(signed_in: SignIn) -> None:
    for role in ("COORD", "ADMIN", "AUDIT", "DPO"):
        browser = signed_in(role)
        assert browser.get("/search").status_code == 404
        assert browser.post("/search", "/", text="remiss").status_code == 404

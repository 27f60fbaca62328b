"""Check what a row of a list says to whom, and that nothing closed is in it."""

import re
from datetime import timedelta

import pytest

from intake.core.services import Services
from portal.triage.lists import row_words
from storage import audit
from storage.accounts.users import User
from storage.base import new_id
from storage.cases.cases import Case
from storage.documents import document_types, documents
from storage.documents.document_types import DocumentTypeRange
from storage.submissions.queue_items import TaskKind
from storage.submissions.submissions import Submission
from tests.portal import samples
from tests.portal.building import Clock
from tests.portal.conftest import SignIn
from tests.portal.samples import Part, Seeded
from tests.portal.triage.tasks.asked import ask

CLEAN = (Part("", "CLEAN", "", "text/plain", 612, role="body"), Part("Remiss.pdf", "CLEAN"))
WRITTEN = re.compile(r'<span class="line-what">.*?</span>\n', re.DOTALL)


def rows_of(page: str) -> list[str]:
    """Return the visible line of each row."""
    return [" ".join(re.sub(r"<[^>]+>", "", each).split()) for each in WRITTEN.findall(page)]


def listed(services: Services) -> list[list[str]]:
    """Return what the audit says was shown in lists."""
    with services.database.reading() as session:
        events = audit.of_subject(session, "submissions", "list")
        assert audit.check_chain(session, services.keyring) == []
    return [event.detail["shown"] for event in events]


def close_letter_and_file(services: Services, made: Seeded, types: tuple[str, str]) -> None:
    """Let a person have said of a submission's letter and file that they are closed."""
    with services.database.transaction() as session:
        rows = documents.of_submission(session, made.submission_id)
        for row, code in zip(rows, types, strict=True):
            document_types.forget(session, row.id)
            session.add(
                DocumentTypeRange(
                    id=new_id(),
                    document_id=row.id,
                    first_page=1,
                    last_page=1,
                    document_type=code,
                    suggested_type=code,
                    confidence=1.0,
                    reasons=[],
                    decided_by=new_id(),
                    decided_at=services.now(),
                )
            )


def test_a_row_says_who_and_what_and_only_what_is_unusual(
    services: Services, signed_in: SignIn
) -> None:
    samples.seed(services, region="SYD", subject="Ny remiss, kvinna 34", parts=CLEAN)
    samples.seed(
        services,
        verdict="unknown",
        sender="a@b.example",
        subject="Fråga",
        due_in=timedelta(hours=9),
        queue="Q3",
        reason="names_several_cases",
    )
    page = signed_in("INTAKE").get("/queues/all").text

    assert rows_of(page) == [
        "Coordinator Syd – Ny remiss, kvinna 34",
        "a@b.example – Fråga It names more than one case.",
    ]
    first, second = page.split('<li class="line ')[1:]
    assert "line-marks" not in first
    assert "a new case was opened" not in page
    for word in ("Not registered", "1 held", "1 locked"):
        assert f"</span> {word}</span>" in second
    assert "sender registered, documents: 2 clean, received 2 h ago" in first


def test_a_task_is_named_apart_from_who_wrote(services: Services, signed_in: SignIn) -> None:
    made = samples.seed(services, region="SYD", subject="Ny remiss", parts=CLEAN, queue=None)
    ask(services, made, TaskKind.CALL_SENDER)

    page = signed_in("INTAKE").get("/queues/all").text

    assert rows_of(page) == ["Call the sender: Coordinator Syd – Ny remiss"]


@pytest.mark.parametrize(
    ("options", "what"),
    [
        ({"body_text": "Hej,\n\nbifogat finns en remiss.\nMvh"}, "bifogat finns en remiss."),
        ({"body_text": "", "parts": CLEAN}, "Remiss.pdf"),
        ({"body_text": "", "parts": ()}, "No documents yet"),
    ],
)
def test_without_a_subject_first_words_a_files_name_or_their_number_say_what(
    services: Services, signed_in: SignIn, options: dict[str, object], what: str
) -> None:
    samples.seed(services, subject="  ", region="SYD", **options)

    (row,) = rows_of(signed_in("INTAKE").get("/queues/all").text)

    assert row == f"Coordinator Syd – {what}"


def test_a_closed_letter_and_a_closed_files_name_are_in_no_row(
    services: Services, signed_in: SignIn
) -> None:
    parts = (CLEAN[0], Part("KANARIE-FIL.pdf", "CLEAN", page_count=1))
    made = samples.seed(services, subject="", body_text="KANARIE BREV HÄR", parts=parts)
    intake = signed_in("INTAKE")
    assert "KANARIE BREV" in intake.get("/queues/all").text

    close_letter_and_file(services, made, ("FIT-TRVL", "HLTH-DECL"))

    page = intake.get("/queues/all").text
    assert made.reference in page
    assert "KANARIE" not in page


@pytest.mark.parametrize("role", ["MGR", "CASEW", "CASH"])
def test_what_a_reader_may_not_open_is_not_in_its_row(
    services: Services, signed_in: SignIn, role: str
) -> None:
    made = samples.seed(services, subject="KANARIE", sender="kanarie@b.example")
    browser = signed_in(role)

    for path in ("/queues/all", "/queues/Q2", "/queues/soon", "/queues/mine"):
        assert "kanarie" not in browser.get(path).text.casefold(), path
    assert listed(services) == []
    assert (made.reference in browser.get("/queues/all").text) == (role == "MGR")


def test_a_caseworker_reads_the_rows_of_their_own_cases(
    services: Services, signed_in: SignIn
) -> None:
    own, other = (samples.seed(services, subject=f"KANARIE{number}") for number in range(2))
    browser = signed_in("CASEW")
    with services.database.transaction() as session:
        case_id = session.get_one(Submission, own.submission_id).case_id
        user_id = browser_user(services)
        session.get_one(Case, case_id).owner_id = user_id

    page = browser.get("/queues/all").text

    assert "KANARIE0" in page
    assert other.reference not in page
    assert '<bdi>My cases</bdi> <span class="rail-count">1</span>' in page
    assert '<bdi>All open</bdi> <span class="rail-count">1</span>' in page


def browser_user(services: Services) -> str:
    """Return the account of the only caseworker."""
    with services.database.reading() as session:
        return session.query(User).filter(User.role == "CASEW").one().id


def test_what_a_list_shows_is_audited_once_in_twelve_hours(
    services: Services, signed_in: SignIn, clock: Clock
) -> None:
    first = samples.seed(services)
    browser = signed_in("INTAKE")
    for path in ("/queues/all", "/queues/Q2", "/queues/all"):
        browser.get(path)
    second = samples.seed(services)
    browser.get("/queues/all")
    clock.move(timedelta(hours=13))

    signed_in("INTAKE", "other").get("/queues/all")

    both = sorted([first.submission_id, second.submission_id])
    assert listed(services) == [[first.submission_id], [second.submission_id], both]


@pytest.mark.parametrize(
    "text",
    [
        "x" * 400,
        "\u202eettim er\u2066",
        "\x00\x1b[31m<b>",
        '"><script>alert(1)</script>',
        "إحالة جديدة " * 40,
        "\U0001f600" * 400,
        "\u0301" * 300,
    ],
)
def test_a_strangers_words_are_one_short_harmless_line(
    services: Services, signed_in: SignIn, text: str
) -> None:
    samples.seed(services, subject=text, sender=text, verdict="unknown")

    page = signed_in("INTAKE").get("/queues/all").text.partition('class="work-lines"')[2]

    for active in ("<script", "\x00", "\x1b", "\u202e", "\u2066"):
        assert active not in page
    assert len(row_words.shortened(text, row_words.MAX_WHAT)) <= row_words.MAX_WHAT
    assert len(row_words.shortened(text, row_words.MAX_WHAT).encode()) <= row_words.MAX_BYTES + 3


def test_fifty_rows_that_strangers_made_long_stay_a_small_page(
    services: Services, signed_in: SignIn
) -> None:
    for _ in range(50):
        samples.seed(services, subject="\U0001f600" * 200, sender="é" * 300, verdict="unknown")

    answer = signed_in("INTAKE").get("/queues/all?region=VAST&holder=nobody")

    assert answer.text.count("data-open") == 50
    assert len(answer.data) < 80_000

"""Check the triage page: what stands on it, what one key would accept, and how small it is."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from intake.access import gate
from intake.core.services import Services
from intake.inspection.findings import FINDINGS
from intake.triage import read_submission
from intake.triage.submission_views import ReceiptView
from storage.crypto.sealing import seal
from storage.submissions import queue_items, submissions
from tests.browser.support import mixed
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.documents import copies
from tests.portal.samples import Part
from tests.portal.triage import extracted_values
from tests.portal.triage.forms import key, page_of
from tests.support.people import plant_user


def test_a_suggestion_stands_with_its_reasons(services: Services, signed_in: SignIn) -> None:
    made = mixed.guessed(services, 1)

    page = signed_in("INTAKE").get(page_of(made)).text

    for words in (
        "Same thread as mail of this case.",
        "sure: title \u2068«remiss»\u2069",
        "form 195011",
        "unsure",
    ):
        assert words in page
    assert key(page, "y").startswith("File here")
    assert key(page, "r") == "Confirm: choose its case first"


def test_no_single_key_files_before_the_call_back(services: Services, signed_in: SignIn) -> None:
    made = mixed.call_back(services, 1)

    page = signed_in("INTAKE").get(page_of(made)).text

    assert "Call the sender back before you file it" in page
    assert "File here" not in page
    assert "named by the sender" in page
    assert "File it without a call" in page
    assert key(page, "y").startswith("Accept 1 type")


def test_a_robots_mail_opens_no_case_by_one_key(services: Services, signed_in: SignIn) -> None:
    page = signed_in("INTAKE").get(page_of(mixed.robot(services, 1))).text

    assert key(page, "y") == ""
    assert "Open a new case" in page


def test_a_reader_sees_everything_and_no_form(services: Services, signed_in: SignIn) -> None:
    made = mixed.dated(services, 1)

    page = signed_in("PROT").get(page_of(made)).text.partition("<main")[2]

    assert "28 Nov 2026" in page
    assert '<form method="post"' not in page
    assert key(page, "y") == key(page, "r") == ""


def test_the_chosen_part_is_shown(services: Services, signed_in: SignIn) -> None:
    made = mixed.clean(services, 1)
    letter, form, risk = extracted_values.ids_of(services, made)
    browser = signed_in("INTAKE")

    assert f'src="/documents/{form}/pages/1"' in browser.get(page_of(made)).text
    chosen = browser.get(f"{page_of(made)}?document={risk}").text
    assert f'src="/documents/{risk}/pages/1"' in chosen
    assert f'src="/documents/{form}/pages/1"' not in chosen
    text = browser.get(f"{page_of(made)}?document={letter}").text
    assert "/pages/1" not in text
    assert '<div class="letter" dir="auto">Hej,' in text
    other = browser.get(f"{page_of(made)}?document={'0' * 32}").text
    assert f'src="/documents/{form}/pages/1"' in other


def test_a_letter_that_was_changed_after_it_was_signed_says_so(
    services: Services, signed_in: SignIn
) -> None:
    browser = signed_in("INTAKE")
    shown = {}
    for code in ("signature_fits", "signature_differs", "signature_not_checked"):
        signature = Part(
            "smime.p7s",
            "IGNORED",
            "detached_signature",
            "application/pkcs7-signature",
            900,
            findings=("detached_signature", code),
        )
        letter = Part("", "CLEAN", "", "text/plain", 612, role="body")
        made = samples.seed(services, parts=(letter, signature))
        page = browser.get(page_of(made)).text
        unfolded = re.sub(r"<details.*?</details>", "", page, flags=re.DOTALL)
        shown[code] = (FINDINGS[code] in page, FINDINGS[code] in unfolded)

    assert shown == {
        "signature_fits": (True, False),
        "signature_differs": (True, True),
        "signature_not_checked": (True, False),
    }


def test_a_gateways_footer_does_not_stand_before_the_letter(
    services: Services, signed_in: SignIn
) -> None:
    letter = Part("", "ACTIVE", "shown_as_text", "text/html", 612, role="body")
    footer = Part("", "CLEAN", "", "text/plain", 68, role="inline")
    photo = Part("", "CLEAN", "", "image/jpeg", 68, role="inline")
    browser = signed_in("INTAKE")
    for others, place in (((footer,), 0), ((footer, photo), 2)):
        made = samples.seed(services, parts=(letter, *others))
        ids = extracted_values.ids_of(services, made)
        for copied in ids[1:]:
            copies.add_copy(services, copied, copies.TEXTS[:1])

        page = browser.get(page_of(made)).text

        chosen = re.findall(r'<li class="part[^"]* chosen" id="document-(\w+)">', page)
        assert chosen == [ids[place]]


def test_a_calendar_entry_does_not_stand_before_the_papers(
    services: Services, signed_in: SignIn
) -> None:
    entry = Part("", "CLEAN", "", "text/calendar", 120)
    browser = signed_in("INTAKE")
    for others, place in (((entry,), 1), ((entry, Part("form.pdf", "CLEAN")), 2)):
        made = samples.seed(
            services, parts=(Part("", "CLEAN", "", "text/plain", role="body"), *others)
        )
        ids = extracted_values.ids_of(services, made)
        for copied in ids[1:]:
            copies.add_copy(services, copied, copies.TEXTS[:1])

        page = browser.get(page_of(made)).text

        chosen = re.findall(r'<li class="part[^"]* chosen" id="document-(\w+)">', page)
        assert chosen == [ids[place]]


def test_a_mail_of_papers_alone_says_that_it_has_no_text(
    services: Services, signed_in: SignIn
) -> None:
    paper = Part("form.pdf", "CLEAN")
    browser = signed_in("INTAKE")
    silent = samples.seed(services, parts=(paper,), body_text="")
    spoken = samples.seed(services, parts=(paper,), body_text="Hej!")
    for made in (silent, spoken):
        (copied,) = extracted_values.ids_of(services, made)
        copies.add_copy(services, copied, copies.TEXTS[:1])

    pages = [browser.get(page_of(made)).text for made in (silent, spoken)]

    assert [page.count("There is no text.") for page in pages] == [1, 0]


def test_a_part_of_an_office_program_is_not_called_inside_the_text(
    services: Services, signed_in: SignIn
) -> None:
    own, logo = (
        Part(name, "IGNORED", reason, "image/png", role="inline")
        for name, reason in (("own.png", "office_part"), ("logo.png", "icon_image"))
    )
    browser = signed_in("INTAKE")

    pages = [
        browser.get(page_of(samples.seed(services, parts=(part,)))).text for part in (own, logo)
    ]

    assert [page.count("Inside the text · ") for page in pages] == [0, 1]


def page_with(services: Services, signed_in: SignIn, body: str) -> str:
    """Return the page of a submission whose letter says some words."""
    made = mixed.clean(services, 1)
    with services.database.transaction() as session:
        submission = submissions.by_reference(session, made.reference)
        assert submission is not None
        key = services.keyring.open(session, submission.data_key_id)
        at = submissions.place("submissions", "body_text", submission.id)
        submission.body_text = seal(key, at, body)
    return signed_in("INTAKE").get(f"{page_of(made)}?document=letter").text


def test_quoted_history_is_folded_and_links_are_no_links(
    services: Services, signed_in: SignIn
) -> None:
    quoted = "\n".join(f"> line {number}" for number in range(9))
    body = f"New. Remiss [link to a.example: https://a.example/x]\n\n{quoted}\n\nBelow."

    page = page_with(services, signed_in, body)

    assert "New. Remiss [link to a.example: https://a.example/x]" in page
    assert 'href="https://a.example' not in page
    own, _, folded = page.partition("<summary>Older mail that is quoted, 9 lines</summary>")
    assert "line 0" not in own
    assert "&gt; line 0" in folded
    assert "Below." in folded.partition("</details>")[2]


def test_an_answer_between_quoted_lines_is_read_with_them(
    services: Services, signed_in: SignIn
) -> None:
    asked, rest = (
        "\n".join(f"> {word} {number}" for number in range(9)) for word in ("ask", "old")
    )

    page = page_with(services, signed_in, f"{asked}\n\nShe is in danger.\n\n{rest}")

    # On top stands what the sender wrote now; below, the whole letter in its order.
    top, _, below = page.partition('id="shown"')
    assert "She is in danger." in top
    own, _, folded = below.partition("<summary>Older mail that is quoted, 9 lines</summary>")
    assert own.index("&gt; ask 8") < own.index("She is in danger.")
    assert "&gt; old 0" in folded
    assert "<summary>Older mail" not in folded


def test_a_page_is_small(services: Services, signed_in: SignIn) -> None:
    mixed.plant(services)
    made = samples.seed(services, parts=samples.DESK_PARTS)
    browser = signed_in("INTAKE")

    for path in (page_of(made), page_of(mixed.dated(services, 1)), "/queues/Q2"):
        page = browser.get(path).text
        files = re.findall(r'(?:href|src)="(/static/\w+\.(?:css|js)\?v=\w+)"', page)
        assert len(files) >= 2
        sizes = [len(browser.get(file, {"Accept-Encoding": "gzip"}).data) for file in files]
        assert len(page.encode()) + sum(sizes) < 60_000, (path, len(page.encode()), sizes)


def test_an_address_cannot_say_that_something_was_confirmed(
    services: Services, signed_in: SignIn
) -> None:
    made, other = mixed.clean(services, 1), mixed.clean(services, 2)

    page = signed_in("INTAKE").get(f"{page_of(made)}?done={other.reference}").text

    assert "confirmed." not in page
    assert other.reference not in page


@pytest.mark.parametrize(("hours", "is_said"), [(-2, True), (0, False), (2, False)])
def test_an_own_clock_that_is_earlier_is_not_called_what_was_promised(
    services: Services, signed_in: SignIn, hours: int, *, is_said: bool
) -> None:
    made = samples.seed(services)
    with services.database.transaction() as session:
        item = queue_items.by_id(session, made.item_id)
        assert item is not None
        row = session.get_one(submissions.Submission, made.submission_id)
        row.promised_at = item.due_at - timedelta(hours=hours)

    page = signed_in("INTAKE").get(page_of(made)).text

    assert ("our own clock. The sender was promised a confirmation by" in page) is is_said


def test_of_several_mails_of_one_kind_the_newest_stands_in_the_head(
    services: Services, signed_in: SignIn
) -> None:
    made = samples.seed(services)
    signed_in("INTAKE")
    officer = plant_user(services)
    opened = gate.submission_to_read(services, officer, made.reference)
    view = read_submission.read_submission(services, opened)
    mails = [("R1", "sent"), ("R2", "suppressed"), ("AN-1", "sent"), ("R2-1", "due")]

    shown = replace(
        view, receipts=tuple(ReceiptView(kind, state, "", "", 0, None) for kind, state in mails)
    ).newest_receipts

    assert {kind: mail.state for kind, mail in shown.items()} == {"R1": "sent", "R2": "due"}

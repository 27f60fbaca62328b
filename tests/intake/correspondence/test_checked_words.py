"""Check which list a text is held to, and that only the way it goes chooses the list."""

import ast
from collections.abc import Iterator
from copy import deepcopy
from datetime import date
from pathlib import Path

import pytest

from intake.accounts.people import names
from intake.core.services import Services
from intake.correspondence import checked_words
from intake.correspondence.checked_words import TextRefused
from intake.correspondence.free_text import Known
from intake.outbox import mail_texts
from intake.outbox.mail_texts import MailText, MailWords
from intake.outbox.post import OutgoingMail
from intake.reference_data import editions
from intake.reference_data.edition_drafts import EditionDraft
from storage.editions import EditionKind
from tests.intake.accounts.people.rows import plant_colleague
from tests.support.people import plant_user

ROOT = Path(__file__).parents[3]
KNOWN = Known((), frozenset(), (), frozenset(), date(2026, 11, 24))
TEXT = "Please send the decision on asylum."
# {a value that vouches for a text: the only modules that make one}
MADE_IN = {
    "AccountWords": {"intake/accounts/people/names.py"},
    "MailWords": {"intake/correspondence/checked_words.py"},
    "ServiceWords": {"intake/correspondence/checked_words.py"},
    "MailText": {"intake/outbox/mail_texts.py"},
}


def made() -> Iterator[tuple[str, str]]:
    """Yield (value, module) for each place in the source that makes one."""
    for room in ("intake", "portal", "mailbox"):
        for path in sorted((ROOT / room).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call):
                    name = ast.unparse(node.func).rpartition(".")[2]
                    if name in MADE_IN:
                        yield name, str(path.relative_to(ROOT))


def test_each_value_that_vouches_for_a_text_is_made_in_one_module() -> None:
    found: dict[str, set[str]] = {}
    for name, module in made():
        found.setdefault(name, set()).add(module)

    assert found == MADE_IN


def test_a_direct_line_of_ours_may_stand_inside_and_no_other_number(
    sqlite_services: Services,
) -> None:
    services = sqlite_services
    officer = plant_colleague(services, "Intake officer 1")
    names.change_own(services, officer, "Test Officer", "+358 40 765 43 21")
    with services.database.reading() as session:
        ours, foreign = (
            checked_words.check_for_service(services, session, f"Call {number}.", KNOWN)
            for number in ("+358 40 765 43 21", "+358 40 765 43 22")
        )

    assert ours.findings == ()
    assert [each.code for each in foreign.findings] == ["long_number"]


def test_the_same_words_pass_inside_and_not_in_mail(sqlite_services: Services) -> None:
    services = sqlite_services
    with services.database.reading() as session:
        inside = checked_words.check_for_service(services, session, TEXT, KNOWN)
        leaving = checked_words.check_for_mail(services, session, TEXT, KNOWN)

    assert inside.passed(is_read=False) == TEXT
    with pytest.raises(TextRefused) as refused:
        leaving.passed(is_read=True)
    assert [each.code for each in refused.value.findings] == ["programme_word"]


def test_a_letter_takes_in_only_words_that_it_holds() -> None:
    assert mail_texts.letter("Hej. Tack.", MailWords("Tack.")) == "Hej. Tack."
    with pytest.raises(ValueError, match=r"^$"):
        mail_texts.letter("Hej.", MailWords("Tack."))


def test_the_outbox_takes_no_text_that_nobody_vouched_for() -> None:
    with pytest.raises(TypeError):
        OutgoingMail("MSG1", "A subject", TEXT)  # type: ignore[arg-type]

    assert OutgoingMail("MSG1", "A subject", MailText("A text.")).text == "A text."


def test_the_list_that_the_office_approved_counts_from_its_day(sqlite_services: Services) -> None:
    services = sqlite_services
    content = deepcopy(editions.shipped(EditionKind.WORDS)[-1].content)
    content["stays"]["block"].append("pending")
    draft = EditionDraft(
        EditionKind.WORDS, "words", "", date(2026, 11, 1), None, content, "One word more."
    )
    edition_id = editions.propose_edition(services, plant_user(services), draft)

    def found() -> list[str]:
        with services.database.reading() as session:
            checked = checked_words.check_for_service(services, session, "Is it pending?", KNOWN)
        return [each.code for each in checked.findings]

    before = found()
    editions.approve_edition(services, plant_user(services, "Intake officer 2"), edition_id)

    assert (before, found()) == ([], ["whereabouts_word"])

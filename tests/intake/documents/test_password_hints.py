"""Words that mails call a password, and that a locked document's reader is offered."""

import pytest

from intake.access import gate
from intake.documents.password_hints import find_words
from intake.triage.read_submission import read_submission
from tests.samples.files.archives import PASSWORD, seven
from tests.samples.mail.mails import referral, tiny_pdf
from tests.support.desk import Desk
from tests.support.people import plant_user


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hej! Lösenordet är: kaffe-1897. Mvh", ["kaffe-1897"]),
        ("losenord=Kaffe!97", ["Kaffe!97"]),
        ("The password is “blue-lamp”.", ["blue-lamp"]),
        ("Password for the file: qwerty12, thanks", ["qwerty12"]),
        ("lösenord: en två tre", []),
        ("No password needed", ["needed"]),
        ("Nothing of the kind", []),
    ],
)
def test_the_word_after_password_is_found(text: str, words: list[str]) -> None:
    assert find_words(text) == words


@pytest.mark.components
def test_a_locked_file_is_offered_the_word_of_the_other_mail(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.register()
    locked = ("a.7z", "application/x-7z-compressed", seven({"a.pdf": tiny_pdf("a")}, PASSWORD))
    first = desk.submission(desk.handle(referral(attachments=[locked])))
    desk.handle(referral(reference=first.reference, token="Lösenord: kaffe-1897"))

    view = read_submission(
        desk.services,
        gate.submission_to_read(desk.services, plant_user(desk.services), first.reference),
    )

    (document,) = [d for d in view.documents if d.state == "LOCKED"]
    assert [hint.word for hint in document.password_hints] == ["kaffe-1897"]

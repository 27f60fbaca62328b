"""Hold what the letter of a mail is known by, and that whoever stores one keeps it."""

import ast
from pathlib import Path

import pytest
from sqlalchemy import event

import intake
from intake.senders.letters import MAX_NOTE_CHARS, hash_of, words_of
from tests.samples.mail.mails import referral
from tests.samples.mail.wire import mail
from tests.support.desk import Desk

INTAKE = Path(intake.__file__).parent
# What people type into a page of ours is theirs, and no program repeats it.
NO_MAIL = {"send.py", "send_by_link.py", "phone_note.py"}


def known_by(desk: Desk, text: str) -> str:
    with desk.services.database.reading() as session:
        return hash_of(desk.services, session, words_of(text))


@pytest.mark.parametrize(
    ("one", "other", "is_same"),
    [
        ("Away until 14 May. Note 1.", "Away until 17 June. Note 22.", True),
        ("Away until 14 May.", "Away until 14 May.\n\n> Thank you", True),
        ("Kommer ni i dag?", "Kommer ni inte i dag?", False),
        ("", "Ja.", False),
        ("x" * (MAX_NOTE_CHARS + 1), "x" * (MAX_NOTE_CHARS + 2), False),
        ("w " * MAX_NOTE_CHARS, "w " * MAX_NOTE_CHARS, True),
        ("Hej \udce4", "Hej ?", True),
    ],
)
def test_what_a_letter_is_known_by(sqlite_desk: Desk, one: str, other: str, is_same: bool) -> None:
    assert (known_by(sqlite_desk, one) == known_by(sqlite_desk, other)) is is_same


def test_every_letter_of_a_mail_is_stored_with_what_it_is_known_by() -> None:
    assigned = {
        path.relative_to(INTAKE).as_posix()
        for path in INTAKE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Attribute)
        and target.attr == "body_text"
        and ast.unparse(target.value) != "gathering"
    }
    built = {
        path.name
        for path in INTAKE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("Submission")
        if any(each.arg == "body_text" for each in node.keywords)
    }
    assert assigned == {"senders/letters.py"}
    assert built <= NO_MAIL


def test_a_mail_opens_no_earlier_letter_that_says_something_else(sqlite_desk: Desk) -> None:
    desk = sqlite_desk
    desk.register()
    opened: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_more: object) -> None:
        if "FROM data_keys" in statement:
            opened.append(statement)

    event.listen(desk.services.database.engine, "before_cursor_execute", note)
    counts = []
    for number, words in enumerate(["en", "två", "tre", "fyra", "fem", "sex", "sju", "åtta"]):
        opened.clear()
        desk.handle(mail(f"m-{number}", subject=b"Fraga", body=f"Om {words} saker då?".encode()))
        counts.append(len(opened))

    assert counts[-1] == counts[1]


def test_a_letter_is_known_by_its_words_once_all_of_it_was_read(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.handle(referral())

    text = sqlite_desk.column(submission_id, "body_text")
    assert sqlite_desk.submission(submission_id).letter_hash == known_by(sqlite_desk, text)

"""Check that an officer may choose another charset for a text whose charset was guessed."""

import base64
import io
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest

from intake.access import gate
from intake.core.errors import Conflict, NotFound
from intake.documents.charset_choice import CHOOSABLE, CharsetUnknown, choose_charset
from intake.documents.tree import views_of_rows
from intake.documents.views import DocumentView
from intake.filing.urgency import priority_by_words
from intake.pipeline.letter_charset import reread_letter
from intake.safe_copies.make import make_safe_copies
from intake.sandbox.protocol.rendition import Rendition
from storage import audit
from storage.crypto.sealing import unseal
from storage.documents import safe_copies
from storage.documents.documents import of_submission
from storage.submissions.submissions import Priority, SenderVerdict
from tests.samples.mail.mails import REGISTERED_SENDER
from tests.support.building import RecordingQueue
from tests.support.desk import Desk, FailingJails
from tests.support.people import plant_user

pytestmark = pytest.mark.components

KOREAN = "신분증"
SWEDISH = "Hej, remiss för Åsa bifogas."
HEAD = f"From: {REGISTERED_SENDER}\r\nSubject: x\r\nMIME-Version: 1.0\r\n"
LIST = 'Content-Type: text/plain; name="lista.txt"\r\nContent-Disposition: attachment'


def mail(*parts: tuple[str, bytes], kind: str = "mixed") -> bytes:
    """Return a mail of these parts: the lines of each one's header, and its bytes."""
    start = f"{HEAD}Content-Type: multipart/{kind}; boundary=b\r\n\r\n".encode()
    written = [f"--b\r\n{lines}\r\n\r\n".encode() + content + b"\r\n" for lines, content in parts]
    return start + b"".join(written) + b"--b--\r\n"


def with_list(content: bytes) -> bytes:
    """Return a mail in plain English with a list that declares no charset."""
    return mail(("Content-Type: text/plain", b"See the list."), (LIST, content))


def choose(desk: Desk, submission_id: str, number: int, charset: str) -> bool:
    """Choose a charset for a document by its number, as a new officer."""
    document = desk.documents(submission_id)[number]
    user = plant_user(desk.services)
    opened = gate.document_to_change(desk.services, user, document.id)
    return choose_charset(desk.services, opened, charset)


def copied(desk: Desk, submission_id: str, number: int) -> str:
    """Make the copies that are missing and return the text of a document's first page."""
    make_safe_copies(desk.worker_services.copies, submission_id)
    document = desk.documents(submission_id)[number]
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, desk.submission(submission_id).data_key_id)
        page = safe_copies.page(session, document.id, 1)
        assert page is not None
        return unseal(key, f"safe_pages.text:{document.id}/1", page.text)


def view(desk: Desk, submission_id: str, number: int) -> DocumentView:
    """Return a document as its pages show it."""
    with desk.services.database.reading() as session:
        key = desk.services.keyring.open(session, desk.submission(submission_id).data_key_id)
        return views_of_rows(session, key, of_submission(session, submission_id))[number]


def letter(desk: Desk, submission_id: str) -> str:
    """Do what the worker does after a choice, twice, and return the letter."""
    reread_letter(desk.worker_services, submission_id)
    reread_letter(desk.worker_services, submission_id)
    return desk.column(submission_id, "body_text")


def test_copy_is_made_anew_in_the_charset_that_was_chosen_and_back(desk: Desk) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))
    guessed = copied(desk, submission_id, 1)

    is_body = choose(desk, submission_id, 1, "euc-kr")
    chosen = copied(desk, submission_id, 1)
    choose(desk, submission_id, 1, "iso8859-5")

    assert guessed == KOREAN.encode("cp949").decode("iso8859-5")
    assert (chosen, is_body) == (KOREAN, False)
    assert copied(desk, submission_id, 1) == guessed
    assert isinstance(desk.services.queue, RecordingQueue)
    document_id = desk.documents(submission_id)[1].id
    assert desk.services.queue.rounds == [(submission_id, f"charset-{document_id}")] * 2


@dataclass
class MeanwhileJails(FailingJails):
    """Wraps real jails: something happens once while a document is drawn."""

    meanwhile: list[Callable[[], object]] = field(default_factory=list)

    def render(self, content: bytes, detected_type: str) -> Rendition:
        """Let it happen, and draw."""
        if self.meanwhile:
            self.meanwhile.pop()()
        return super().render(content, detected_type)


def test_choice_made_while_a_copy_is_drawn_is_not_lost(desk: Desk) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))
    jails = MeanwhileJails(desk.worker_services.jails)
    jails.meanwhile.append(lambda: choose(desk, submission_id, 1, "cp949"))
    desk.set_jails(jails)

    make_safe_copies(desk.worker_services.copies, submission_id)

    assert copied(desk, submission_id, 1) == KOREAN


def test_page_says_what_was_taken_offers_the_others_and_says_what_was_chosen(desk: Desk) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))
    before = view(desk, submission_id, 1)

    choose(desk, submission_id, 1, "cp949")
    after = view(desk, submission_id, 1)

    assert before.charset is not None
    assert after.charset is not None
    assert before.findings == ("charset_undeclared:iso8859_5",)
    assert (before.charset.codec, before.charset.is_chosen) == ("iso8859-5", False)
    assert {*before.charset.likely, *before.charset.others} == {*CHOOSABLE} - {"iso8859-5"}
    assert len(before.charset.likely) <= 6
    assert after.findings == ("charset_chosen:cp949",)
    assert (after.charset.codec, after.charset.is_chosen) == ("cp949", True)
    assert after.charset.likely[0] == "iso8859-5"
    assert after.part_flags == before.part_flags
    assert after.claimed_type == before.claimed_type


def test_choice_is_one_event_and_the_same_again_is_none(desk: Desk) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))

    for _ in range(2):
        choose(desk, submission_id, 1, "cp949")

    with desk.services.database.reading() as session:
        events = audit.of_subject(session, "submission", submission_id)
    details = [event.detail for event in events if event.act == "document.charset_chosen"]
    document = desk.documents(submission_id)[1]
    assert details == [{"document": document.id, "part": "2", "charset": "cp949"}]


@pytest.mark.parametrize("charset", ["", "idna", "zlib", "utf-7", "nonsense", "utf-8" * 50])
def test_what_is_not_offered_is_refused_in_words(desk: Desk, charset: str) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))

    with pytest.raises(CharsetUnknown) as refused:
        choose(desk, submission_id, 1, charset)

    assert (refused.value.status, "choose one of the list" in refused.value.public) == (400, True)
    assert view(desk, submission_id, 1).charset == view(desk, submission_id, 1).charset


def test_text_whose_charset_is_sure_cannot_be_read_in_another(desk: Desk) -> None:
    submission_id = desk.handle(with_list(SWEDISH.encode()))

    with pytest.raises(Conflict):
        choose(desk, submission_id, 1, "cp1251")

    assert view(desk, submission_id, 1).charset is None


def test_whom_the_submission_is_closed_to_chooses_nothing(desk: Desk) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))
    document_id = desk.documents(submission_id)[1].id
    user = plant_user(desk.services, "Cash officer", "CASH")

    with pytest.raises(NotFound):
        choose_charset(
            desk.services, gate.document_to_change(desk.services, user, document_id), "cp949"
        )


def test_choice_changes_no_verdict_at_another_scan(desk: Desk) -> None:
    submission_id = desk.handle(with_list(KOREAN.encode("cp949")))
    before = desk.states(submission_id)
    choose(desk, submission_id, 1, "utf-8")

    with desk.services.database.transaction() as session:
        of_submission(session, submission_id)[1].scanner = "older"
    desk.inspect_again(submission_id)

    assert desk.states(submission_id) == before
    assert view(desk, submission_id, 1).findings == ("charset_chosen:utf_8",)


def test_list_in_an_archive_is_read_with_the_letter_in_mind(desk: Desk) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("lista.txt", KOREAN.encode("cp949"))
    letter_part = "Content-Type: text/plain; charset=euc-kr"
    zipped = 'Content-Type: application/zip; name="a.zip"\r\nContent-Transfer-Encoding: base64'
    raw = mail((letter_part, KOREAN.encode("cp949")), (zipped, base64.b64encode(packed.getvalue())))

    submission_id = desk.handle(raw)

    assert view(desk, submission_id, 2).findings == ("charset_as_others:cp949",)
    assert copied(desk, submission_id, 2) == KOREAN


def test_letter_is_read_anew_and_what_stands_below_it_stays(desk: Desk) -> None:
    inner = f"{HEAD}\r\nHej från mig.".encode()
    raw = mail(
        ("Content-Type: text/plain", KOREAN.encode("cp949")),
        ('Content-Type: application/octet-stream; name="a.eml"', inner),
    )
    submission_id = desk.handle(raw)
    guessed = desk.column(submission_id, "body_text")

    is_body = choose(desk, submission_id, 0, "cp949")
    chosen = letter(desk, submission_id)
    choose(desk, submission_id, 0, "iso8859-5")

    assert is_body
    assert guessed.startswith(KOREAN.encode("cp949").decode("iso8859-5"))
    assert "Hej från mig." in guessed
    assert chosen == guessed.replace(KOREAN.encode("cp949").decode("iso8859-5"), KOREAN)
    assert letter(desk, submission_id) == guessed


def test_all_forms_of_a_letter_are_read_together(desk: Desk) -> None:
    words = KOREAN.encode("cp949")
    raw = mail(
        ("Content-Type: text/plain", words),
        ("Content-Type: text/html", b"<p>" + words + b"</p>"),
        kind="alternative",
    )
    submission_id = desk.handle(raw)

    choose(desk, submission_id, 0, "cp949")

    assert letter(desk, submission_id) == KOREAN


def test_letter_of_an_earlier_release_is_not_lost(desk: Desk) -> None:
    submission_id = desk.handle(mail(("Content-Type: text/plain", KOREAN.encode("cp949"))))
    desk.put_letter(submission_id, "As it was kept")
    choose(desk, submission_id, 0, "cp949")

    text = letter(desk, submission_id)

    assert text.startswith(KOREAN)
    assert text.endswith("As it was kept")


@pytest.mark.parametrize(
    ("text", "codec", "finding"),
    [
        ("عاجل جدا، أرجو الاتصال", "cp1256", "charset_differs:cp1256"),
        ("za³¹czam pro¶bê, mo¿e", "cp1252", "charset_doubtful:cp1252"),
    ],
)
def test_letter_of_a_wrong_charset_says_so_and_offers_the_others(
    desk: Desk, text: str, codec: str, finding: str
) -> None:
    declared = "Content-Type: text/plain; charset=iso-8859-1"
    submission_id = desk.handle(mail((declared, text.encode(codec))))

    seen = view(desk, submission_id, 0)

    assert letter(desk, submission_id) == text
    assert seen.findings == (finding,)
    assert seen.charset is not None
    assert (seen.charset.codec, seen.charset.is_chosen) == (codec, False)
    choose(desk, submission_id, 0, "koi8-u")
    assert letter(desk, submission_id) == text.encode(codec).decode("koi8-u")


@pytest.mark.parametrize("declared", ["iso-8859-1", "us-ascii", "windows-1252"])
def test_urgent_letter_of_a_wrong_charset_claims_an_emergency(desk: Desk, declared: str) -> None:
    content = "عاجل جدا، أرجو الاتصال".encode("cp1256")
    submission_id = desk.handle(mail((f"Content-Type: text/plain; charset={declared}", content)))

    words = letter(desk, submission_id)
    priority = priority_by_words(SenderVerdict.REGISTERED, None, words)
    assert priority == Priority.EMERGENCY

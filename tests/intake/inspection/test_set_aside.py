"""Hold what is set aside and why, and that nothing else is: what is left out, nobody looks at."""

import io

import pytest
from PIL import Image

from intake.inspection.scanner import Scan, ScanOutcome
from intake.inspection.unpack import after_unpacking
from intake.inspection.verdicts import (
    ASKED_FOR,
    TECHNICAL,
    Verdict,
    judge_document,
    of_technical_part,
)
from intake.pipeline.inspect_and_file import inspect_and_file
from intake.safe_copies.make import make_safe_copies
from intake.sandbox.protocol.results import Inspection
from intake.sandbox.protocol.unpacked import Child, Unpacked
from portal.text import labels
from storage.documents import safe_copies
from storage.documents.documents import Document, DocumentState
from tests.samples.files.outlook import tnef
from tests.samples.files.packed import plain_zip
from tests.samples.mail.mails import REGISTERED_SENDER, referral, tiny_jpeg, tiny_pdf
from tests.samples.mail.wire import base64_lines, mail, multipart, part
from tests.support.desk import Desk

CLEAN = Scan(ScanOutcome.CLEAN)
PDF = tiny_pdf("a paper")
ENCODED = b"Content-Transfer-Encoding: base64"
FORK = b"\0\5\x16\7\0\2\0\0" + b"Mac OS X".ljust(16) + b"\0\1" + b"\0\0\0\2" + b"\0" * 8
REASONS = [
    "apple_document", "empty_message_text", "footer_image", "icon_image", "office_part",
    "opened_parts_are_listed", "other_form_of_the_message", "repeated_image",
    "same_bytes_as_another_part", "signature_image", "system_part", "unlocked_copy_below",
]  # fmt: skip


def child(*defects: str) -> Child:
    """Return something that came out of a container."""
    return Child("a", "a", "", 1, "", b"x", "attachment", defects)


def opened(*children: Child, flags: tuple[str, ...] = ()) -> Unpacked:
    """Return what came out of a container."""
    return Unpacked(children, "opened", "", flags)


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_to_set_aside_is_a_sentence(reason: str) -> None:
    assert not labels.reason(reason).startswith("Reason:")


@pytest.mark.parametrize(
    ("findings", "size", "state"),
    [
        ((), 1_000, DocumentState.CLEAN),
        (("advice_small",), 11_500, DocumentState.CLEAN),
        (("image_tiny",), 14_000, DocumentState.IGNORED),
        (("image_tiny",), 60_000, DocumentState.CLEAN),
    ],
)
def test_a_picture_of_the_text_is_a_logo_by_its_pixels(
    findings: tuple[str, ...], size: int, state: DocumentState
) -> None:
    found = Inspection("image/png", "clean", "", findings, 1)

    assert judge_document("inline", CLEAN, found, size=size, ambiguity="").state is state
    assert (
        judge_document("attachment", CLEAN, found, size=size, ambiguity="").state
        is DocumentState.CLEAN
    )


@pytest.mark.parametrize("flag", TECHNICAL)
@pytest.mark.parametrize(
    ("state", "flags", "after"),
    [
        (DocumentState.CLEAN, [], DocumentState.IGNORED),
        (DocumentState.CLEAN, [ASKED_FOR], DocumentState.CLEAN),
        (DocumentState.ACTIVE, [ASKED_FOR], DocumentState.ACTIVE),
        # Nobody has to decide about what nobody can read.
        (DocumentState.HELD, [ASKED_FOR], DocumentState.IGNORED),
        (DocumentState.INFECTED, [], DocumentState.INFECTED),
    ],
)
def test_what_a_program_wrote_for_itself_is_shown_when_asked_for(
    flag: str, state: DocumentState, flags: list[str], after: DocumentState
) -> None:
    assert of_technical_part(Verdict(state, ""), [*flags, flag]).state is after


@pytest.mark.parametrize(
    "kind",
    [
        "application/vnd.ms-excel.sheet.binary.macroenabled.12",
        "application/vnd.oasis.opendocument.graphics",
        "application/vnd.oasis.opendocument.base",
        "application/vnd.openxmlformats-officedocument.presentationml.slideshow",
        "application/vnd.ms-powerpoint.presentation.macroenabled.12",
        "application/vnd.openxmlformats-package.unknown",
        "application/x-ole-storage",
        "application/msword",
    ],
)
def test_a_document_keeps_its_verdict_beside_its_parts(kind: str) -> None:
    verdict = Verdict(DocumentState.HELD, "office_kind_not_allowed", kind)

    assert after_unpacking(verdict, opened(child("office_part"), child())) == verdict


@pytest.mark.parametrize(
    ("unpacked", "state", "reason"),
    [
        (opened(child()), "IGNORED", "opened_parts_are_listed"),
        (opened(child("system_part"), child()), "IGNORED", "opened_parts_are_listed"),
        (opened(child("system_part")), "HELD", "archive_not_opened"),
        (opened(), "HELD", "archive_not_opened"),
    ],
)
def test_an_envelope_is_set_aside_for_what_a_person_put_in(
    unpacked: Unpacked, state: str, reason: str
) -> None:
    verdict = Verdict(DocumentState.HELD, "archive_not_opened", "application/zip")

    after = after_unpacking(verdict, unpacked)

    assert (after.state, after.reason) == (state, reason)


def test_words_beside_a_file_that_is_written_out_stay() -> None:
    verdict = Verdict(DocumentState.CLEAN, "", "text/plain")

    assert after_unpacking(verdict, opened(child("uuencoded"))) == verdict


def test_a_paper_in_an_alternative_is_shown_and_counted(sqlite_desk: Desk) -> None:
    parts = [
        part([b"Content-Type: text/plain"], b"See the paper"),
        part([b"Content-Type: text/html"], b"<p>See the paper</p>"),
        part([b"Content-Type: application/pdf; name=a.pdf", ENCODED], base64_lines(PDF)),
        part([b"Content-Type: image/jpeg", ENCODED], base64_lines(tiny_jpeg("passport"))),
    ]
    field = b"Content-Type: multipart/alternative; boundary=b"

    submission_id = sqlite_desk.handle(mail("x", headers=[field], body=multipart(b"b", parts)))

    assert sqlite_desk.states(submission_id) == [
        ("CLEAN", ""), ("IGNORED", "other_form_of_the_message"), ("CLEAN", ""), ("CLEAN", ""),
    ]  # fmt: skip
    assert sqlite_desk.submission(submission_id).item_count == 2


@pytest.mark.parametrize("kind", [b"text/enriched", b"text/markdown", b"text/x-amp-html"])
@pytest.mark.parametrize("is_alone", [True, False])
def test_an_urgent_letter_in_any_type_goes_to_the_urgent_queue(
    sqlite_desk: Desk, kind: bytes, is_alone: bool
) -> None:
    sqlite_desk.register()
    text = part([b"Content-Type: " + kind], b"AKUT: the sister is gone")
    stub = part([b"Content-Type: text/plain"], b"See the other form")
    field = b"Content-Type: multipart/alternative; boundary=b"
    body = multipart(b"b", [text] if is_alone else [stub, text])

    submission_id = sqlite_desk.handle(mail("x", headers=[field], body=body))

    assert ("Q1", "submission") in sqlite_desk.open_items(submission_id)


@pytest.mark.parametrize("name", ["a.gadget", "a.themepack", "a.msix", "a.appx", "a.xpi", "a.crx"])
def test_a_package_that_installs_is_held_whole(sqlite_desk: Desk, name: str) -> None:
    package = (name, "application/zip", plain_zip({"a.txt": b"Hej"}))

    states = sqlite_desk.states(sqlite_desk.handle(referral(attachments=[package])))

    assert states[1:] == [("HELD", "program_package")]


def test_the_same_file_is_shown_where_the_first_is_not(sqlite_desk: Desk) -> None:
    wrong = ("wrong.zip", "application/zip", PDF)
    raw = referral(attachments=[wrong, ("a.pdf", "application/pdf", PDF)])

    states = sqlite_desk.states(sqlite_desk.handle(raw))

    assert states[1:] == [("HELD", "type_disagrees"), ("CLEAN", "")]


def test_a_telephones_mail_counts_its_photo_alone(sqlite_desk: Desk) -> None:
    parts = [
        part([b"Content-Type: text/plain"], b"Here it is"),
        part(
            [b"Content-Type: image/jpeg; name=IMG_1.jpg", b"Content-Disposition: inline", ENCODED],
            base64_lines(tiny_jpeg("identity card")),
        ),
        part([b"Content-Type: text/plain"], b"Sent from my telephone"),
        part([b"Content-Type: application/pkcs7-signature; name=smime.p7s", ENCODED], b"MAA="),
    ]
    field = b"Content-Type: multipart/mixed; boundary=b"

    submission_id = sqlite_desk.handle(mail("x", headers=[field], body=multipart(b"b", parts)))

    assert sqlite_desk.submission(submission_id).item_count == 1
    assert sqlite_desk.states(submission_id)[1] == ("CLEAN", "")


def packed_message() -> bytes:
    """Return a letter with an archive, in it a mail, and in that an attached mail with a paper."""
    paper = part([b"Content-Type: application/pdf; name=a.pdf", ENCODED], base64_lines(PDF))
    field = b"Content-Type: multipart/mixed; boundary=i"
    inner = mail("inner", headers=[field], body=multipart(b"i", [part([], b"words"), paper]))
    wrapped = multipart(b"o", [part([], b"see"), part([b"Content-Type: message/rfc822"], inner)])
    outer = mail("outer", headers=[field.replace(b"=i", b"=o")], body=wrapped)
    return referral(attachments=[("a.zip", "application/zip", plain_zip({"a.eml": outer}))])


def by_path(desk: Desk, submission_id: str) -> dict[str, tuple[str, str]]:
    """Return (state, reason) by the place of each document."""
    return {row.path: (row.state, row.reason) for row in desk.documents(submission_id)}


def test_a_message_in_a_packed_mail_is_opened(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.handle(packed_message())

    states = by_path(sqlite_desk, submission_id)
    assert states["2.1.2"] == ("IGNORED", "opened_parts_are_listed")
    assert states["2.1.2.2"] == ("CLEAN", "")


def test_a_message_that_an_earlier_release_left_is_opened(sqlite_desk: Desk) -> None:
    submission_id = sqlite_desk.handle(packed_message())
    with sqlite_desk.services.database.transaction() as session:
        for row in sqlite_desk.documents(submission_id):
            kept = session.get_one(Document, row.id)
            kept.scanner = "an older one"
            if row.path.startswith("2.1.2."):
                session.delete(kept)

    inspect_and_file(sqlite_desk.worker_services, submission_id)

    assert by_path(sqlite_desk, submission_id)["2.1.2.2"] == ("CLEAN", "")


def test_companions_of_a_mac_open_no_task(sqlite_desk: Desk) -> None:
    files = {"a.pdf": PDF, "__MACOSX/._a.pdf": FORK, ".DS_Store": b"\0\0\0\1Bud1"}
    raw = referral(attachments=[("a.zip", "application/zip", plain_zip(files))])

    submission_id = sqlite_desk.handle(raw)

    assert sqlite_desk.states(submission_id)[1:] == [
        ("IGNORED", "opened_parts_are_listed"),
        ("CLEAN", ""),
        ("IGNORED", "system_part"),
        ("IGNORED", "system_part"),
    ]
    assert "quarantine" not in {kind for _, kind in sqlite_desk.open_items(submission_id)}


def test_a_file_of_pages_shows_its_preview_and_is_held_once(sqlite_desk: Desk) -> None:
    files = {
        "Index/Document.iwa": b"\0words",
        "Index/run.exe.iwa": b"MZ",
        "Metadata/Properties.plist": b"bplist00",
        "preview.jpg": tiny_jpeg("first page"),
    }
    raw = referral(attachments=[("a.pages", "application/octet-stream", plain_zip(files))])

    submission_id = sqlite_desk.handle(raw)
    states = sqlite_desk.states(submission_id)[1:]
    rescanned = states_after_another_scan(sqlite_desk, submission_id)

    assert states == rescanned
    assert states == [
        ("HELD", "apple_document"),
        ("CLEAN", ""),
        ("IGNORED", "office_part"),
        ("IGNORED", "office_part"),
        ("IGNORED", "office_part"),
    ]


def states_after_another_scan(desk: Desk, submission_id: str) -> list[tuple[str, str]]:
    """Judge every document once more, and return how they stand."""
    with desk.services.database.transaction() as session:
        for row in desk.documents(submission_id):
            session.get_one(Document, row.id).scanner = "an older one"
    inspect_and_file(desk.worker_services, submission_id)
    return desk.states(submission_id)[1:]


def test_what_somebody_asked_to_see_is_shown_and_stays_so(sqlite_desk: Desk) -> None:
    forms = [
        part([b"Content-Type: text/plain"], b"a"),
        part([b"Content-Type: text/html"], b"<html><p>b</p></html>"),
    ]
    field = b"Content-Type: multipart/alternative; boundary=b"
    submission_id = sqlite_desk.handle(mail("x", headers=[field], body=multipart(b"b", forms)))
    with sqlite_desk.services.database.transaction() as session:
        form = session.get_one(Document, sqlite_desk.documents(submission_id)[1].id)
        form.state, form.reason, form.part_flags = DocumentState.STORED, "", ["asked_for"]

    inspect_and_file(sqlite_desk.worker_services, submission_id)
    make_safe_copies(sqlite_desk.worker_services.copies, submission_id)

    with sqlite_desk.services.database.reading() as session:
        copy = safe_copies.of_document(session, form.id)
    assert copy is not None
    assert copy.state == "ready"
    assert sqlite_desk.states(submission_id)[1] == ("ACTIVE", "shown_as_text")
    assert states_after_another_scan(sqlite_desk, submission_id) == [("ACTIVE", "shown_as_text")]


def test_a_logo_is_known_by_the_senders_other_letters(sqlite_desk: Desk) -> None:
    sqlite_desk.register()
    taken = [sqlite_desk.handle(with_logo(number)) for number in range(3)]
    sqlite_desk.register("other@region.example")
    other = sqlite_desk.handle(with_logo(9, sender=b"other@region.example"))

    states = [sqlite_desk.states(each)[1] for each in (*taken, other)]

    aside = ("IGNORED", "repeated_image")
    assert states == [("CLEAN", ""), ("CLEAN", ""), aside, ("CLEAN", "")]
    assert [states_after_another_scan(sqlite_desk, each)[0] for each in taken] == states[:3]


def letter_showing(picture: bytes, markup: str) -> bytes:
    """Return a letter whose markup shows a picture."""
    kinds = [b"Content-Type: image/png", b"Content-ID: <logo@x>", ENCODED]
    head = [b"Content-Type: text/html; charset=utf-8"]
    parts = [part(head, f"<html>{markup}</html>".encode()), part(kinds, base64_lines(picture))]
    field = b"Content-Type: multipart/related; boundary=b"
    return mail("shown", headers=[field], body=multipart(b"b", parts))


@pytest.mark.parametrize(
    ("size", "markup", "reason"),
    [
        ((280, 90), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>", "footer_image"),
        ((150, 150), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>", "footer_image"),
        ((32, 32), "<p>Remiss <img src='cid:logo@x'></p>", "icon_image"),
        ((280, 90), "<p>Kortet: <img src='cid:logo@x'></p>Mvh Anna", ""),
        ((280, 90), "<p><img src='cid:logo@x'></p>Mvh Anna <img src='cid:logo@x'>", ""),
        ((413, 531), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>", ""),
        # The shape of a person's photo, and of one that lies on its side.
        ((105, 135), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>", ""),
        ((105, 135), "<p>Hon: <img src='cid:logo@x'></p>", ""),
        ((200, 257), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>", ""),
        ((240, 240), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>", ""),
        ((150, 150), "<p>Passfoto:</p>Mvh Anna <img src='cid:logo@x'>", ""),
    ],
)
def test_a_small_picture_in_the_footer_is_a_logo(
    sqlite_desk: Desk, size: tuple[int, int], markup: str, reason: str
) -> None:
    picture = io.BytesIO()
    Image.new("RGB", size, "navy").save(picture, "PNG")

    submission_id = sqlite_desk.handle(letter_showing(picture.getvalue(), markup))

    assert sqlite_desk.states(submission_id)[1] == ("IGNORED" if reason else "CLEAN", reason)


def test_a_picture_with_the_name_of_a_paper_is_no_logo(sqlite_desk: Desk) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (150, 150), "navy").save(picture, "PNG")
    letter = letter_showing(picture.getvalue(), "<p>Remiss.</p>Mvh Anna <img src='cid:logo@x'>")
    named = letter.replace(b"Content-Type: image/png", b"Content-Type: image/png; name=pass.png")

    submission_id = sqlite_desk.handle(named)

    assert sqlite_desk.states(submission_id)[1] == ("CLEAN", "")


def with_logo(number: int, sender: bytes = REGISTERED_SENDER.encode()) -> bytes:
    """Return a letter that shows a picture of 300 by 100 pixels in its text."""
    picture = io.BytesIO()
    Image.new("RGB", (300, 100), "navy").save(picture, "JPEG")
    kinds = [b"Content-Type: image/jpeg", b"Content-ID: <logo@x>", ENCODED]
    parts = [
        part([b"Content-Type: text/html"], b"<html><p>words</p><img src='cid:logo@x'></html>"),
        part(kinds, base64_lines(picture.getvalue())),
    ]
    field = b"Content-Type: multipart/related; boundary=b"
    name, body = f"logo-{number}", multipart(b"b", parts)
    return mail(name, sender=sender, headers=[field], body=body)


def test_a_container_whose_first_file_stands_near_its_start_is_opened(sqlite_desk: Desk) -> None:
    packed = tnef("Hon bor kvar.", {"remiss.pdf": PDF})

    came = sqlite_desk.handle(
        referral(attachments=[("winmail.dat", "application/ms-tnef", packed)])
    )

    assert b"%PDF-" in packed[:1024]
    assert sqlite_desk.states(came)[1] == ("IGNORED", "opened_parts_are_listed")
    assert "quarantine" not in {kind for _, kind in sqlite_desk.open_items(came)}

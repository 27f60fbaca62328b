"""Hold what office documents and PDFs carry inside, and the documents behind passwords."""

import io
import struct
import zlib

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name

from intake.sandbox import Duty
from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.sandbox.containers.unpacking import answer, contents, unpack
from tests.samples.files.archives import MIB, docx, pdf_with
from tests.samples.files.compound import write
from tests.samples.files.packed import plain_zip

DUTIES = (Duty.DOCUMENTS,)
ODF = b"application/vnd.oasis.opendocument.text"


def native(name: str, content: bytes, *, is_bare: bool = False) -> bytes:
    """Return a package as Word puts a file into a document."""
    told = name.encode() + b"\0" + b"C:\\x\\" + name.encode() + b"\0"
    body = struct.pack("<H", 2) + told + struct.pack("<LL", 0x30000, 4) + b"C:\\t\0"
    body += struct.pack("<L", len(content)) + content
    return body if is_bare else struct.pack("<L", len(body)) + body


def rtf(content: bytes) -> bytes:
    """Return an RTF document with one package."""
    package = native("a.exe", content, is_bare=True)
    head = struct.pack("<LL", 0x501, 2) + struct.pack("<L", 8) + b"Package\0" + bytes(8)
    data = head + struct.pack("<L", len(package)) + package
    return b"{\\rtf1 text{\\object\\objemb{\\*\\objdata %s}}}" % data.hex().encode()


def test_office_document_gives_up_what_is_not_its_own_xml(jail: ProbedJail) -> None:
    parts = {
        "word/media/image1.png": b"\x89PNG",
        "word/embeddings/oleObject1.bin": b"ole",
        "word/vbaProject.bin": b"vba",
        "word/hidden.xml": b"MZ this is no XML",
        "word/any.exe": b"MZ",
    }

    opened = unpack(jail, docx(parts))

    assert [(child.path, child.role, child.defects) for child in opened.children] == [
        ("word › media › image1.png", "inline", ()),
        ("word › embeddings › oleObject1.bin", "attachment", ()),
        ("word › vbaProject.bin", "inline", ("office_part",)),
        ("word › hidden.xml", "attachment", ()),
        ("word › any.exe", "attachment", ()),
    ]


@pytest.mark.parametrize(
    ("name", "content", "is_own"),
    [
        ("Thumbnails/thumbnail.png", b"\x89PNG small", True),
        ("META-INF/Thumbnails/thumbnail.png", b"\x89PNG small", True),
        ("docProps/thumbnail.emf", b"\x01\0\0\0 small", True),
        ("docProps/thumbnail.jpeg", b"\xff\xd8\xff small", True),
        ("Thumbnails/thumbnail.png", b"MZ", False),
        ("Thumbnails/passport.png", b"\x89PNG", False),
        ("Pictures/thumbnail.png", b"\x89PNG", False),
        # A drawing of Windows in the text, which the copy of the document has.
        ("word/media/image1.emf", b"\x01\0\0\0" + b"l" * 36 + b" EMF", True),
        ("ppt/media/image1.wmf", b"\x01\0\x09\0\0\x03@", True),
        ("ppt/media/image2.wmf", b"\xd7\xcd\xc6\x9a", True),
        ("word/media/image1.emf", b"MZ", False),
        ("word/media/image1.emf", b"\x01\0\0\0" + b"l" * 40, False),
        ("word/embeddings/media/image1.wmf", b"\xd7\xcd\xc6\x9a", False),
        ("Mail/image1.wmf", b"\xd7\xcd\xc6\x9a", False),
    ],
)
def test_picture_of_the_first_page_is_no_document(
    jail: ProbedJail, name: str, content: bytes, is_own: bool
) -> None:
    parts = {"mimetype": ODF, "content.xml": b"<a/>", name: content}

    [child] = unpack(jail, plain_zip(parts, method=0)).children

    assert (child.defects == ("office_part",)) is is_own


APPLE = {
    "Index/Document.iwa": b"\0iwa",
    "Metadata/Properties.plist": b"bplist00",
    "preview-web.jpg": b"small",
    "Data/mt-1.jpg": b"small",
    "Data/passport-4.jpg": b"photo",
    "Data/any.exe": b"MZ",
    "preview.jpg": b"preview",
}


def test_apple_document_gives_up_its_preview_and_pictures(jail: ProbedJail) -> None:
    content = plain_zip(APPLE)
    kind = jail.inspect(content, "application/vnd.apple.pages", "Remiss.pages")

    opened = jail.unpack(content, kind.detected_type, "Remiss.pages")

    assert (kind.state, kind.reason, kind.findings) == ("held", "apple_document", ())
    shown = [child.path for child in opened.children if child.defects != ("office_part",)]
    assert shown == ["preview.jpg", "Data › passport-4.jpg", "Data › any.exe"]
    assert len(opened.children) == len(APPLE)


def test_open_document_gives_up_its_pictures(jail: ProbedJail) -> None:
    content = plain_zip(
        {"mimetype": ODF, "content.xml": b"<a/>", "Pictures/1.png": b"png"}, method=0
    )

    found = unpack(jail, content)

    assert [(child.path, child.role) for child in found.children] == [
        ("Pictures › 1.png", "inline")
    ]


def test_encrypted_open_document_is_locked(jail: ProbedJail) -> None:
    manifest = b'<m:manifest><m:encryption-data m:checksum="x"/></m:manifest>'
    content = plain_zip({"mimetype": ODF, "META-INF/manifest.xml": manifest}, method=0)

    assert answer(unpack(jail, content)) == ("locked", "office_encrypted")


def test_archive_that_only_mentions_office_is_an_archive(jail: ProbedJail) -> None:
    content = plain_zip({"about [Content_Types].xml": b"<a/>"})

    assert list(contents(unpack(jail, content))) == ["about [Content_Types].xml"]


def test_old_office_file_gives_up_its_packages(jail: ProbedJail) -> None:
    content = write(
        {
            "WordDocument": bytes(5000),
            "ObjectPool": {"_1": {"\x01Ole10Native": native("calc.exe", b"MZ" * 3000)}},
            "Package": b"PK",
        }
    )

    found = contents(unpack(jail, content))

    assert found == {"calc.exe": b"MZ" * 3000, "embedded file 2": b"PK"}


def test_presentation_gives_up_its_objects(jail: ProbedJail) -> None:
    inner = write({"\x01Ole10Native": native("a.exe", b"MZ")})
    packed = struct.pack("<L", len(inner)) + zlib.compress(inner)
    record = struct.pack("<HHL", 0x10, 0x1011, len(packed)) + packed
    content = write({"PowerPoint Document": struct.pack("<HHL", 0, 1, 4) + b"xxxx" + record})

    [child] = unpack(jail, content).children

    assert contents(unpack(jail, child.content)) == {"a.exe": b"MZ"}


def test_rtf_gives_up_its_packages(jail: ProbedJail) -> None:
    assert contents(unpack(jail, rtf(b"MZ" * 50))) == {"a.exe": b"MZ" * 50}


def test_rtf_object_that_is_no_package_comes_out_raw(jail: ProbedJail) -> None:
    content = b"{\\rtf1{\\object{\\*\\objdata 4d5a}}{\\object{\\*\\objdata }}}"

    opened = unpack(jail, content)

    assert contents(opened) == {"embedded object 1": b"MZ"}
    assert opened.flags == ("empty_object_left_out",)


def test_pdf_gives_up_its_files(jail: ProbedJail) -> None:
    files = {"a.txt": b"hello", "b.exe": b"MZ" * 5000}

    assert contents(unpack(jail, pdf_with(files))) == files
    assert answer(unpack(jail, pdf_with({}))) == ("opened", "")


def test_locked_pdf_opens_under_its_password(jail: ProbedJail) -> None:
    content = pdf_with({"a.txt": b"hello"}, user="pw")

    assert answer(unpack(jail, content)) == ("locked", "password_needed")
    assert answer(unpack(jail, content, passwords=["x"])) == ("locked", "wrong_password")
    assert contents(unpack(jail, content, passwords=["pw"])) == {"a.txt": b"hello"}
    assert contents(unpack(jail, pdf_with({"a": b"b"}, user=""))) == {"a": b"b"}


@pytest.mark.parametrize("is_loose", [True, False])
def test_pdf_gives_up_files_that_hang_elsewhere(jail: ProbedJail, is_loose: bool) -> None:
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page()
        stream = pdf.make_stream(b"MZ", Type=Name.EmbeddedFile)
        if is_loose:
            pdf.Root["/Forgotten"] = Array([stream])
        else:
            specification = Dictionary(Type=Name.Filespec, F="a.exe", EF=Dictionary(F=stream))
            note = Dictionary(Type=Name.Annot, Subtype=Name.FileAttachment, FS=specification)
            page.Annots = Array([note])
        pdf.save(target)

    found = contents(unpack(jail, target.getvalue()))

    assert found == {"file 1" if is_loose else "a.exe": b"MZ"}


def test_pdf_bomb_is_held(jail: ProbedJail) -> None:
    assert answer(unpack(jail, pdf_with({"a": bytes(50 * MIB)}))) == ("held", "ratio_too_high")


def test_broken_documents_never_raise(jail: ProbedJail) -> None:
    wholes = [rtf(b"MZ" * 50), pdf_with({"a": b"b"}), write({"a": bytes(5000)}), docx({"a": b"b"})]
    for whole in wholes:
        for length in range(8, len(whole), max(1, len(whole) // 25)):
            assert unpack(jail, whole[:length]).state in ("opened", "unreadable", "held")

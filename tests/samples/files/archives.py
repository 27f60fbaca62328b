"""Make the EICAR file in the wrappers of threat S1, and the archives of threat S3.

Large ones cost no time: zeros pack well, and what must not pack well is one random block many
times over.
"""

import base64
import binascii
import gzip
import io
import os
import quopri
import tarfile
from collections.abc import Callable

import pikepdf
import py7zr

from mailbox.demo.eicar import eicar
from tests.samples.files import office
from tests.samples.files.packed import STORED, Member, plain_zip, zip_of

MIB = 1024 * 1024
PASSWORD = "correct horse"
CONTENT_TYPES = b'<?xml version="1.0"?><Types/>'
LINK_ATTRIBUTES = 0o120777 << 16


def nested(levels: int, content: bytes | None = None) -> bytes:
    """Return an archive in an archive, `levels` deep; the innermost holds EICAR."""
    packed = plain_zip({"eicar.com": eicar() if content is None else content})
    for level in range(levels - 1):
        packed = plain_zip({f"level{level}.zip": packed})
    return packed


def seven(files: dict[str, bytes], password: str | None = None) -> bytes:
    """Return a 7z archive; with a password its listing is encrypted as well."""
    target = io.BytesIO()
    has_password = password is not None
    with py7zr.SevenZipFile(
        target, "w", password=password, header_encryption=has_password
    ) as archive:
        for name, content in files.items():
            archive.writestr(content, name)
    return target.getvalue()


def tar(files: dict[str, bytes], links: dict[str, str] | None = None) -> bytes:
    """Return a tape archive of files and symbolic links."""
    target = io.BytesIO()
    with tarfile.open(mode="w", fileobj=target) as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        for name, goal in (links or {}).items():
            member = tarfile.TarInfo(name)
            member.type, member.linkname = tarfile.SYMTYPE, goal
            archive.addfile(member)
    return target.getvalue()


def tar_gz(files: dict[str, bytes]) -> bytes:
    """Return a compressed tape archive."""
    return gzip.compress(tar(files))


def docx(parts: dict[str, bytes]) -> bytes:
    """Return an archive that calls itself a Word document, with more parts in it."""
    own = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": b"<Relationships/>"}
    return plain_zip({**own, "word/document.xml": b"<w:document/>", **parts})


def pdf_with(files: dict[str, bytes], user: str | None = None) -> bytes:
    """Return a PDF of one page with files attached, encrypted for `user` if given."""
    target = io.BytesIO()
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        for name, content in files.items():
            pdf.attachments[name] = pikepdf.AttachedFileSpec(pdf, content, filename=name)
        lock = pikepdf.Encryption(owner="owner", user=user) if user is not None else None
        pdf.save(target, encryption=lock if lock is not None else False)
    return target.getvalue()


def eml(encoding: str, encoded: bytes) -> bytes:
    """Return a mail whose one attachment is encoded as said."""
    head = b"From: a@example.org\r\nTo: b@example.org\r\nMIME-Version: 1.0\r\n"
    head += b"Content-Type: application/octet-stream\r\n"
    head += b"Content-Disposition: attachment; filename=eicar.com\r\n"
    return head + b"Content-Transfer-Encoding: %s\r\n\r\n%s" % (encoding.encode(), encoded)


def uuencoded(content: bytes) -> bytes:
    """Return `content` between `begin` and `end`."""
    lines = [content[at : at + 45] for at in range(0, len(content), 45)]
    return b"begin 644 eicar.com\n%s`\nend\n" % b"".join(map(binascii.b2a_uu, lines))


def in_message() -> bytes:
    """Return a mail that carries a mail that carries EICAR."""
    head = b"From: a@example.org\r\nTo: b@example.org\r\nContent-Type: message/rfc822\r\n\r\n"
    return head + eml("base64", base64.encodebytes(eicar()))


def _random(mebibytes: int) -> bytes:
    """Return bytes that do not pack, cheaply."""
    return os.urandom(MIB) * mebibytes


EMBEDDED = {"word/embeddings/oleObject1.bin": eicar()}
WRAPPERS: dict[str, Callable[[], bytes]] = {
    "plain": eicar,
    "zip": lambda: plain_zip({"eicar.com": eicar()}),
    "7z": lambda: seven({"eicar.com": eicar()}),
    "nested 5": lambda: nested(5),
    "nested 15": lambda: nested(15),
    "nested 17": lambda: nested(17),
    "ooxml": lambda: docx({"word/embeddings/oleObject1.bin": eicar()}),
    "template": lambda: office.docx(main=office.WORD_TEMPLATE_MAIN, members=EMBEDDED),
    "slides with macros": lambda: office.docx(main=office.SLIDES_MACRO_MAIN, members=EMBEDDED),
    "binary workbook": lambda: office.docx(main=office.BINARY_SHEET_MAIN, members=EMBEDDED),
    "drawing": lambda: office.odt(kind="graphics", members={"Object 1": eicar()}),
    "pdf attachment": lambda: pdf_with({"eicar.com": eicar()}),
    "base64 eml": lambda: eml("base64", base64.encodebytes(eicar())),
    "quoted-printable eml": lambda: eml("quoted-printable", quopri.encodestring(eicar())),
    "uu eml": lambda: eml("x-uuencode", uuencoded(eicar())),
    "message/rfc822": in_message,
    "tar.gz": lambda: tar_gz({"eicar.com": eicar()}),
    "password zip": lambda: zip_of([Member(b"eicar.com", eicar(), password=PASSWORD.encode())]),
    "30 MB offset": lambda: plain_zip({"late.bin": _random(30) + eicar()}, method=STORED),
    "after 110 MB": lambda: plain_zip(
        {**{f"{number}.bin": _random(22) for number in range(5)}, "eicar.com": eicar()},
        method=STORED,
    ),
    "26 MB file": lambda: plain_zip({"large.bin": eicar() + _random(26)}, method=STORED),
}


def gigabyte() -> bytes:
    """Return 1 GB of zeros in a megabyte."""
    return plain_zip({"zeros.bin": bytes(1000 * MIB)})


def overlapping() -> bytes:
    """Return many members that are all the same bytes (after David Fifield, small)."""
    kernel = Member(b"0", bytes(MIB))
    others = [Member(b"%d" % n, bytes(MIB), told_offset=0) for n in range(1, 50)]
    return zip_of([kernel, *others])


def two_ends() -> bytes:
    """Return an archive whose comment is the end of another one."""
    other = plain_zip({"other.txt": b"other"})
    return zip_of([Member(b"a.txt", b"a")], comment=other[-22:])


TRICKS: dict[str, tuple[Callable[[], bytes], str]] = {
    "1 GB of zeros": (gigabyte, "too_large_unpacked"),
    "overlapping": (overlapping, "zip_disagrees"),
    "10 001 entries": (
        lambda: zip_of([Member(b"%d" % number, b"") for number in range(10_001)]),
        "too_many_members",
    ),
    "50 MB of zeros": (lambda: plain_zip({"zeros.bin": bytes(50 * MIB)}), "ratio_too_high"),
    "duplicate names": (
        lambda: zip_of([Member(b"a.txt", b"one"), Member(b"a.txt", b"two")]),
        "zip_disagrees",
    ),
    "another local name": (
        lambda: zip_of([Member(b"a.pdf", b"a", local_name=b"a.exe")]),
        "zip_disagrees",
    ),
    "another local size": (
        lambda: zip_of([Member(b"a.pdf", b"aaaa", local_size=3)]),
        "zip_disagrees",
    ),
    "two ends": (two_ends, "zip_disagrees"),
    "encryption told in one place": (
        lambda: zip_of([Member(b"a.pdf", b"a", flags=1, local_flags=0)]),
        "zip_disagrees",
    ),
    "size told too small": (
        lambda: zip_of([Member(b"a.pdf", b"aaaa", told_size=1, local_size=1)]),
        "zip_disagrees",
    ),
    "prepended": (lambda: zip_of([Member(b"a", b"a")], before=b"MZ" * 50), "zip_disagrees"),
    "prepended, offsets moved": (
        lambda: zip_of([Member(b"a", b"a")], before=b"PK\x03\x04" + bytes(96), offset_shift=100),
        "zip_disagrees",
    ),
    "data between members": (
        lambda: zip_of([Member(b"a", b"a", gap=b"hidden"), Member(b"b", b"b")]),
        "zip_disagrees",
    ),
    "fewer entries told": (
        lambda: zip_of([Member(b"a", b"a"), Member(b"b", b"b")], told_count=1),
        "zip_disagrees",
    ),
    "data behind the end": (
        lambda: plain_zip({"a": b"a"}) + b"hidden",
        "zip_disagrees",
    ),
    "name cut at a zero": (lambda: zip_of([Member(b"a.exe\0.pdf", b"a")]), "zip_disagrees"),
    "unknown method": (lambda: zip_of([Member(b"a", b"a", method=97)]), "unsupported_method"),
}

"""Choose the opener that a container needs by its first bytes, and answer whatever it does.

The type that was detected and the claimed name only help where the bytes alone do not decide.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from itertools import chain

from ..archives import calendars, office_xml, sevenzip, tar, zip_end, zip_members
from ..archives.members import Container, Gathering, NotOpened, held
from ..formats import leading_data
from ..html import markup, pasted_pictures
from ..mail.transfer_encoding import uuencoded_in
from ..office import flat_opendocument, packages
from ..protocol.signs import WRITTEN_OUT
from ..protocol.text import UNSAFE_IN_BODY
from ..protocol.unpacked import Keys, SmimeKey, UnpackLimits
from . import apple, encrypted_office, mail, office, ole, pdf, pgp, rtf, smime, tnef

Answer = tuple[dict[str, object], list[bytes]]
Opener = Callable[[Container, Gathering], None]

ZIP_STARTS = (b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08", b"PK00PK")
SEVEN, GZIP, BZIP2, XZ = b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh", b"\xfd7zXZ\0"
OLE, RTF, RAR = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"{\\rt", b"Rar!\x1a\x07"
PDF = b"%PDF-"
MAX_FLAGS = 100
MAIL_NAME = re.compile(r"\.(?:eml|mht|mhtml|mbox|mbx)$", re.IGNORECASE)
# Archives that nothing here opens; a person must know that they hold something.
UNOPENED = (
    (RAR, 0), (b"MSCF", 0), (b"xar!", 0), (b"\x60\xea", 0), (b"CD001", 32769),
    (b"\x28\xb5\x2f\xfd", 0), (b"LZIP", 0), (b"!<arch>\n", 0), (b"ITSF", 0), (b"\x1f\x9d", 0),
)  # fmt: skip


def load_openers() -> Callable[[dict[str, object], Sequence[bytes]], Answer]:
    """Return the operation `unpack`, after its libraries loaded what they load at first use."""
    sevenzip.load_seven()
    tnef.load_tnef()
    encrypted_office.load_decryption()
    return unpack


def open_container(container: Container) -> Answer:
    """Return the head and the blobs of the answer; no content makes it raise."""
    gathering = Gathering(container.limits)
    state, reason = "opened", ""
    try:
        opener = smime.open_decrypted if container.is_decrypted else find_opener(container)
        if opener is None:
            state = "not_a_container"
        else:
            opener(container, gathering)
    except NotOpened as end:
        state, reason = end.state, end.reason
    except MemoryError:
        state, reason = "held", "out_of_memory"
    except RecursionError:
        state, reason = "held", "too_deep"
    except Exception:  # noqa: BLE001 the parsers of strangers' bytes raise what they like
        state, reason = "unreadable", "opening_failed"
    children = gathering.children if state == "opened" else []
    head: dict[str, object] = {
        "state": state,
        "reason": reason,
        "flags": sorted(gathering.flags)[:MAX_FLAGS],
        "body_text": UNSAFE_IN_BODY.sub("", gathering.body_text) if state == "opened" else "",
        "children": [
            {
                "path": child.path,
                "claimed_name": child.claimed_name,
                "claimed_type": child.claimed_type,
                "role": child.role,
                "defects": child.defects[:MAX_FLAGS],
            }
            for child in children
        ],
    }
    return head, [child.content for child in children]


def find_opener(container: Container) -> Opener | None:
    """Return what opens these bytes, or None for a document that is no container."""
    content = container.content
    if container.detected_type == packages.APPLE:
        return apple.open_apple
    binary = _by_first_bytes(content)
    if binary is not None:
        return binary
    in_xml = _by_xml(content)
    if in_xml is not None:
        return in_xml
    if any(content[at : at + len(magic)] == magic for magic, at in UNOPENED):
        return _refuse
    if leading_data.pdf_start(content) is not None:
        return pdf.open_pdf
    if tar.is_tar(content[:512]):
        return tar.open_tar
    if smime.looks_like_smime(content):
        return smime.open_smime
    is_called_mail = container.detected_type == "message/rfc822" or bool(
        MAIL_NAME.search(container.claimed_name)
    )
    if is_called_mail or mail.looks_like_mail(content):
        return mail.open_mail
    if PDF in content[:1024]:
        return pdf.open_pdf
    if pgp.looks_like_pgp(content, container.claimed_name):
        return pgp.open_pgp
    if zip_end.has_end(content):
        return zip_members.open_zip
    return _open_text if _has_files_written_out(content) else None


def _by_xml(content: bytes) -> Opener | None:
    """Return what opens an office document that is one XML file and carries something."""
    if flat_opendocument.kind_of(content) is not None:
        return office.open_flat
    is_carrying = markup.is_office_xml(content) and office_xml.HAS_DATA.search(content)
    return office.open_flat_office if is_carrying else None


def _has_files_written_out(content: bytes) -> bool:
    return (
        any(uuencoded_in(content[: 1024 * 1024]))
        or pasted_pictures.has_files(content)
        or calendars.is_calendar(content)
    )


def _by_first_bytes(content: bytes) -> Opener | None:
    if content.startswith(ZIP_STARTS):
        is_office = office.is_office(content)
        return office.open_office if is_office else zip_members.open_zip
    starts: tuple[tuple[bytes, Opener], ...] = (
        (SEVEN, sevenzip.open_seven),
        (GZIP, _compressed("gzip")),
        (BZIP2, _compressed("bzip2")),
        (XZ, _compressed("xz")),
        (OLE, ole.open_ole),
        (RTF, rtf.open_rtf),
        (tnef.SIGNATURE, tnef.open_tnef),
    )
    return next((opener for magic, opener in starts if content.startswith(magic)), None)


def _compressed(kind: str) -> Opener:
    def open_it(container: Container, gathering: Gathering) -> None:
        tar.open_compressed(container, gathering, kind)

    return open_it


def _open_text(container: Container, gathering: Gathering) -> None:
    """Add the files that are written out in a text, which stays what it is beside them."""
    gathering.flags.add(WRITTEN_OUT)
    mail.add_uuencoded(container.content, gathering)
    for number, attached in enumerate(calendars.files_in(container.content)):
        if number == mail.MAX_HIDDEN:
            raise held("too_many_members")
        gathering.add(
            attached.name, attached.content, claimed_type=attached.claimed_type, unnamed="file"
        )
    pasted = ((True, *each) for each in pasted_pictures.pasted_pictures(container.content))
    linked = ((False, *each) for each in pasted_pictures.linked_files(container.content))
    # One by one: together they may be far longer than the text that they stand in.
    for number, (is_pasted, kind, content) in enumerate(chain(pasted, linked)):
        if number == mail.MAX_HIDDEN:
            raise held("too_many_members")
        if content and is_pasted:
            gathering.add("", content, role="inline", claimed_type=kind, unnamed="picture")
        elif content:
            gathering.add("", content, claimed_type=kind, unnamed="file")


def _refuse(_container: Container, _gathering: Gathering) -> None:
    raise held("archive_not_supported")


def read_question(arguments: Mapping[str, object], content: bytes) -> Container:
    """Return what the host asks, from the arguments that `unpacked.question` made."""
    keys, limits, passwords = arguments["keys"], arguments["limits"], arguments["passwords"]
    if not (isinstance(keys, dict) and isinstance(limits, dict) and isinstance(passwords, list)):
        raise TypeError
    return Container(
        content=content,
        detected_type=str(arguments["detected_type"]),
        claimed_name=str(arguments["claimed_name"]),
        passwords=tuple(map(str, passwords)),
        keys=Keys(smime=tuple(SmimeKey(**key) for key in keys["smime"]), pgp=tuple(keys["pgp"])),
        limits=UnpackLimits(**limits),
        is_decrypted=arguments["is_decrypted"] is True,
    )


def unpack(arguments: dict[str, object], blobs: Sequence[bytes]) -> Answer:
    """Answer with the children's descriptions in order, and their bytes as blobs."""
    return open_container(read_question(arguments, blobs[0]))

"""Take the parts of a mail out as its children.

The mail is read by the same code as the outermost one; a message in it comes out as it stands, to
be opened next.
"""

import re
from collections.abc import Sequence

from ..archives.members import Container, Gathering, held
from ..cms.check import MAX_SIGNATURE_BYTES, check_detached
from ..html import stored_mails
from ..mail import message
from ..mail.message import SignedPart
from ..mail.parts import Leaf
from ..mail.transfer_encoding import decode_uuencode, uuencoded_in
from ..protocol.signs import SIGNATURE_NOT_CHECKED
from ..protocol.text import decode
from ..protocol.unpacked import ChildRole

ROLES: dict[str, ChildRole] = {
    "body": "body",
    "alternative": "body",
    "inline": "inline",
    "attachment": "attachment",
    "message": "message",
}
HEADER_LINE = re.compile(rb"[!-9;-~]{1,76}:[ \t]")
MAIL_FIELDS = re.compile(
    rb"^(?:from|to|subject|date|received|return-path|message-id|mime-version|delivered-to"
    rb"|content-type)[ \t]*:",
    re.IGNORECASE | re.MULTILINE,
)
UU_NAME = re.compile(
    rb"begin(?:-base64(?:-encoded)?)?[ \t]{1,9}[0-7]{3,4}[ \t]{1,9}([^\r\n]{1,255})"
)
MAX_HIDDEN = 100
# Parts in parts may be signed again and again, and each is read as often as it is signed. All the
# signatures of a mail together may be as large as one.
MAX_CHECKED, MAX_SIGNED_BYTES = 10, 64 * 1024**2


def looks_like_mail(content: bytes) -> bool:
    """Say whether `content` begins with a header block of mail or of one MIME part."""
    if stored_mails.start_of(content) is not None:
        return True
    if not HEADER_LINE.match(content):
        return False
    head = content[:65536].replace(b"\r\n", b"\n").partition(b"\n\n")[0]
    fields = {match[0].lower() for match in MAIL_FIELDS.finditer(head)}
    return len(fields) >= 2 or any(field.startswith(b"content-type") for field in fields)


def open_mail(container: Container, gathering: Gathering) -> None:
    """Add each part of the mail; raises NotOpened when a limit of the reading was passed.

    Of a box of mails each mail is added. Blanks before the head of a stored mail are passed over,
    as browsers do.
    """
    mails = stored_mails.mails_of_box(container.content)
    gathering.expect_count(len(mails))
    for each in mails:
        gathering.add("", each, role="message", claimed_type="message/rfc822", unnamed="message")
    if not mails:
        add_mail(container.content[stored_mails.start_of(container.content) or 0 :], gathering)


def add_mail(content: bytes, gathering: Gathering) -> None:
    """Add each part of a mail or of one MIME part; raises NotOpened when there is none."""
    opened = message.open_mail(content)
    gathering.flags.update(opened.flags)
    if not opened.leaves:
        raise held(opened.flags[0] if opened.flags else "empty_mail")
    gathering.body_text = opened.body_text
    checked = check_signatures(opened.signed)
    for leaf in opened.leaves:
        if leaf.parent is None:
            _add_leaf(leaf, checked.get(leaf.path), gathering)


def check_signatures(signed: Sequence[SignedPart]) -> dict[str, str]:
    """Return what came of checking signatures of parts, by the paths of the signatures.

    Those beyond a limit are left out, and stay not checked.
    """
    checked: dict[str, str] = {}
    signed_left, signatures_left = MAX_SIGNED_BYTES, MAX_SIGNATURE_BYTES
    for each in signed[:MAX_CHECKED]:
        signed_left -= each.end - each.start
        signatures_left -= len(each.signature)
        if min(signed_left, signatures_left) < 0:
            break
        checked[each.path] = check_detached(each.signature, each.entity)
    return checked


def _add_leaf(leaf: Leaf, checked: str | None, gathering: Gathering) -> None:
    """Add one part with what came of checking it, and the files written out in its text."""
    others = (code for code in leaf.defects if code != SIGNATURE_NOT_CHECKED)
    gathering.add(
        leaf.claimed_name,
        leaf.content,
        role=ROLES[leaf.role],
        claimed_type=leaf.claimed_type,
        defects=(*others, checked) if checked else leaf.defects,
        unnamed="text" if leaf.role in ("body", "alternative") else leaf.role,
    )
    if leaf.claimed_type.startswith("text/"):
        add_uuencoded(leaf.content, gathering)


def add_uuencoded(content: bytes, gathering: Gathering) -> None:
    """Add the files that stand in a text between `begin` and `end`, as old mail programs send them.

    Raises NotOpened when there are too many.
    """
    for number, match in enumerate(uuencoded_in(content)):
        if number == MAX_HIDDEN:
            raise held("too_many_members")
        named = UU_NAME.match(content, match.start())
        name = decode(named[1], "utf-8") if named else ""
        gathering.add(name, decode_uuencode(content[match.start() :]), defects=("uuencoded",))

"""Read one leaf of a message: its bytes, its name and its role in the message."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from ..formats.companions import (
    SYSTEM_PART,
    is_companion,
    is_pgp_version,
    is_resource_fork,
)
from ..html.footers import is_in_footer, is_name_of_paper
from ..protocol.charsets import ASCII, UTF8, codec_of, note
from ..protocol.decoding import is_utf8
from ..protocol.results import MAX_NAME_CHARS, MAX_TOKEN_CHARS, Role
from ..protocol.text import doubts_in, header_text, one_line
from . import ambiguity
from .forms import HTML, PLAIN, RTF, SMALL_PAGE, is_words_only, kind_of
from .headers import HeaderBlock
from .parameters import HeaderValue, clean_name, is_type, read_value
from .transfer_encoding import decode_content, hidden_files, read_encoding

# The types whose content is again a whole message (RFC 2046 §5.2.1, RFC 6532 §3.7).
MESSAGE_TYPES = frozenset({"message/rfc822", "message/global"})
READABLE_TYPES = frozenset({"text/plain", "text/html"})
APPLE_DOUBLE_TYPES = frozenset({"application/applefile", "application/x-applefile"})
# The mark of a picture that stands below the closing words of the letter, and nowhere else in it.
IN_FOOTER = "in_footer"
MAX_SHOWN_PICTURES = 100
# A logo stands in a letter once, or once in each of a few answers.
MAX_PLACES_OF_PICTURE = 20
MAIL_ENDING, MAX_SUBJECT_BYTES = ".eml", 8192
CID = re.compile(rb"cid:([^\s\"'<>)]{1,250})", re.IGNORECASE)


@dataclass(frozen=True)
class Leaf:
    """Hold one leaf as the jail reads it; the host makes a `Part` of it and computes its hash.

    `alternatives` name each multipart/alternative around it, from the outside, and say the number
    of the form in which it stands. `near` are the codecs of its message's other parts, where its
    bytes do not say theirs; `chosen` is the codec in which an officer wants it read. `is_flowed`
    says that a blank ends those of its lines that go on in the next one (RFC 3676 §4), and
    `is_spaceless` that this blank is no part of the text. Behind `own_bytes` stands what a gateway
    wrote below the text, as it stood; None where nothing does.
    """

    path: str
    parent: str | None
    role: Role
    claimed_name: str
    claimed_type: str
    content_id: str
    content: bytes
    defects: tuple[str, ...]
    charset: str = ""
    alternatives: tuple[tuple[str, int], ...] = ()
    near: tuple[str, ...] = ()
    chosen: str = ""
    is_flowed: bool = False
    is_spaceless: bool = False
    own_bytes: int | None = None


@dataclass(frozen=True)
class Place:
    """Say where in the message the walk stands.

    `part_numbers` count the parts as IMAP does. `is_root` is true for a message's own entity, whose
    single leaf has the number 1 below it (RFC 9051 §6.4.5.1).
    """

    part_numbers: tuple[int, ...] = ()
    parent: str | None = None
    depth: int = 0
    container: str = ""
    is_root: bool = True
    is_alternative: bool = False
    boundaries: frozenset[bytes] = frozenset()
    alternatives: tuple[tuple[str, int], ...] = ()

    def leaf_path(self) -> str:
        """Return the path of the leaf that stands here."""
        return ".".join(map(str, (*self.part_numbers, 1) if self.is_root else self.part_numbers))


def read_leaf(
    encoded: bytes, block: HeaderBlock, content_type: HeaderValue, place: Place, *, has_body: bool
) -> tuple[Leaf, set[str]]:
    """Return the leaf with its bytes decoded, and the signs in it.

    `has_body` says whether the message it belongs to has its readable body already.
    """
    encoding, _ = read_encoding(block.first("content-transfer-encoding"))
    is_text = content_type.main in READABLE_TYPES
    content, signs, own_bytes = decode_content(encoded, encoding, is_text=is_text)
    disposition = read_value(block.first("content-disposition"))
    is_readable = content_type.main in READABLE_TYPES or not _is_known(content_type)
    found = {*signs, *(hidden_files(content) if is_readable else ())}
    found.update(ambiguity.of_names(disposition, content_type))
    if content_type.main in MESSAGE_TYPES:
        found.update(ambiguity.of_encoded_message(encoded, content, encoding, signs))
    found |= disposition.doubts_in("filename") | content_type.doubts_in("name")
    name = _name(disposition, content_type)
    content_id = one_line(header_text(block.first("content-id") or b""), MAX_TOKEN_CHARS)
    charset = content_type.first_text("charset")
    odd = {"duplicate_header"} if ambiguity.has_duplicates(block) else set()
    if content_type.main.startswith("text/") and not _is_plainly(charset, content):
        odd |= note(charset)
    is_fork = content_type.main in APPLE_DOUBLE_TYPES and is_resource_fork(content)
    if is_fork or is_companion(name, content) or is_pgp_version(content_type.main, content):
        odd.add(SYSTEM_PART)
    kind = kind_of(content_type.main, content, charset)
    role = _role_of_form(content_type, kind, place, has_body=has_body)
    if name or role is None or disposition.main == "attachment":
        role = _role(content_type, disposition, name, content_id, place, has_body=has_body)
    # Pictures and objects in a form of the letter are nowhere else: it is a document too.
    if role == "alternative" and kind and not is_words_only(kind, content):
        role = "inline"
    leaf = Leaf(
        path=place.leaf_path(),
        parent=place.parent,
        role=role,
        claimed_name=name,
        claimed_type=content_type.main,
        content_id=content_id,
        content=content,
        defects=tuple(sorted(odd)),
        charset=charset,
        alternatives=place.alternatives,
        is_flowed=content_type.main == PLAIN and _says(content_type, "format", "flowed"),
        is_spaceless=_says(content_type, "delsp", "yes"),
        own_bytes=own_bytes if own_bytes < len(content) else None,
    )
    return leaf, found


def _says(content_type: HeaderValue, parameter: str, value: str) -> bool:
    return content_type.first_text(parameter).strip().lower() == value


def _is_plainly(charset: str, content: bytes) -> bool:
    """Say whether the bytes show by themselves that they are the UTF-8 or ASCII they are called."""
    return codec_of(charset) in (ASCII, UTF8) and is_utf8(content)


def shown_in_text(leaves: Sequence[Leaf]) -> dict[tuple[str | None, str], bool]:
    """Return (parent, Content-ID) of the leaves that the HTML of their message shows (RFC 2392).

    The value says whether each place where it is shown is in the footer of the letter.
    """
    there = {(leaf.parent, _bare(leaf.content_id)) for leaf in leaves if leaf.content_id}
    # Looked for one by one, since a hostile text may name millions that are not there.
    named = (
        ((leaf.parent, unquote(found[1].decode("utf-8", "replace"))), leaf.content, found.start())
        for leaf in leaves
        if there and text_kind(leaf) in (HTML, SMALL_PAGE)
        for found in CID.finditer(leaf.content)
    )
    shown: dict[tuple[str | None, str], bool] = {}
    places: Counter[tuple[str | None, str]] = Counter()
    for each, markup, place in named:
        # A place outside the footer settles it, so one that is named often costs no more.
        if each in there and shown.get(each, True) and len(shown) <= MAX_SHOWN_PICTURES:
            places[each] += 1
            shown[each] = places[each] <= MAX_PLACES_OF_PICTURE and is_in_footer(markup, place)
        elif each in there:
            shown[each] = False
    return shown


def bare_content_ids(leaves: Iterable[Leaf]) -> frozenset[str]:
    """Return by what a page may name the leaves of its message (RFC 2392), without brackets.

    A gateway that writes a mail anew may leave out the ids; programs make them of the names.
    """
    names = (each for leaf in leaves for each in (_bare(leaf.content_id), leaf.claimed_name))
    return frozenset(name for name in names if name)


def is_form(leaf: Leaf) -> bool:
    """Say whether a leaf is itself one of the forms of a letter, not a file inside one."""
    around = leaf.path.rpartition(".")[0]
    return bool(leaf.alternatives) and leaf.alternatives[-1][0] == around


def text_kind(leaf: Leaf) -> str | None:
    """Return which kind of text a leaf is that may be a letter, None for what is a document."""
    return kind_of(leaf.claimed_type, leaf.content, leaf.charset)


def _bare(content_id: str) -> str:
    return content_id.strip("<> ")


def as_seen(leaf: Leaf, shown: Mapping[tuple[str | None, str], bool]) -> Leaf:
    """Return a leaf as attached if it only could be a part of the text, marked in a footer.

    Telephones send attached photos as `inline`; only what the letter refers to is in the letter.
    """
    is_text = not leaf.claimed_name and text_kind(leaf) not in (None, RTF)
    is_in_footer = shown.get((leaf.parent, _bare(leaf.content_id)))
    if is_in_footer and not is_name_of_paper(leaf.claimed_name):
        return replace(leaf, defects=(*leaf.defects, IN_FOOTER))
    return replace(leaf, role="attachment") if not is_text and is_in_footer is None else leaf


def named_by_subject(leaf: Leaf, inner: HeaderBlock) -> tuple[Leaf, set[str]]:
    """Return an attached message with a name: its own, or its subject as mail programs save it.

    With it come the signs of letters in the subject that may be other ones.
    """
    value = (inner.first("subject") or b"")[:MAX_SUBJECT_BYTES]
    subject = clean_name(header_text(value))
    if leaf.claimed_name or not subject:
        return leaf, set()
    name = f"{subject[: MAX_NAME_CHARS - len(MAIL_ENDING)]}{MAIL_ENDING}"
    return replace(leaf, claimed_name=name), doubts_in(value)


def _is_known(content_type: HeaderValue) -> bool:
    """Say whether the type says what the content is; a multipart without parts does not."""
    return is_type(content_type.main) and not content_type.main.startswith("multipart/")


def _name(disposition: HeaderValue, content_type: HeaderValue) -> str:
    """Return the name a mail program would show: the RFC 2231 form before the plain one."""
    for texts in (disposition.texts("filename"), content_type.texts("name")):
        for text in reversed(texts):
            if name := clean_name(text):
                return name
    return ""


def _role_of_form(
    content_type: HeaderValue, kind: str | None, place: Place, *, has_body: bool
) -> Role | None:
    """Return what a nameless text is to its message that is neither plain nor HTML.

    None where it is no text of a letter: what comes in a type of applications is one only alone or
    among other forms, and so is RTF, which may hold more than words. XHTML is a page like HTML.
    """
    if kind is None or content_type.main in READABLE_TYPES:
        return None
    is_form = place.container == "multipart/alternative"
    is_shown = kind == HTML or (kind != RTF and content_type.main.startswith("text/"))
    if not is_form and not is_shown:
        is_alone = place.is_root and not has_body
        return "body" if is_alone else None
    if not has_body:
        return "body"
    return "alternative" if place.is_alternative else "inline"


def _role(
    content_type: HeaderValue,
    disposition: HeaderValue,
    name: str,
    content_id: str,
    place: Place,
    *,
    has_body: bool,
) -> Role:
    """Return what the leaf is to its message; its body is the first nameless readable text.

    A picture is inline as long as it may be one that the text shows; whether the text does is known
    when all is read.
    """
    if content_type.main in MESSAGE_TYPES:
        return "message"
    if disposition.main == "attachment":
        return "attachment"
    is_readable = content_type.main in READABLE_TYPES or not _is_known(content_type)
    if is_readable and not name:
        if not has_body:
            return "body"
        return "alternative" if place.is_alternative else "inline"
    if content_type.main in READABLE_TYPES and not disposition.main:
        # Programs show it in the mail (RFC 2046 §4.1), so it can be the letter.
        return "inline"
    is_shown = disposition.main == "inline" or place.container == "multipart/related"
    return "inline" if is_shown and (content_id or disposition.main == "inline") else "attachment"

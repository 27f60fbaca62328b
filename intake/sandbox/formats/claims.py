"""Compare what a document's name and its sender say with what its bytes are.

The content decides. Programs of everyday senders write wrong types and extensions (a screenshot
called .jpg, `application/wps-office.pdf`), so such a claim is corrected with a note. A claim is
held where somebody who believed it would run what the content does not show.
"""

import re

from ..html import stored_mails
from ..office import ole
from ..protocol.signs import SIGNATURE_TYPES
from . import detect
from .media_types import (
    EVERYDAY_MIXES,
    EXTENSION,
    EXTENSIONS,
    GENERAL_CLAIMS,
    LOCKABLE,
    MARKUP,
    NO_CLAIM,
    OWN_NAMES,
    PACKAGE_NAMES,
    PACKAGES,
    PAPER_MIXES,
    PICTURES,
    PROGRAM_CLAIMS,
    PROGRAM_NAMES,
    READABLE,
    SAME_AS,
    SCRIPT_NAMES,
    SCRIPTS,
    SHOWN_OFFICE,
    SHOWN_OLD_OFFICE,
    WORD_NAMES,
)

HTML = "text/html"
AGREES, CORRECTED, DISAGREES, SCRIPT = "", "type_corrected", "type_disagrees", "script_file"
PACKAGE = "program_package"
# Windows leaves dots and blanks at the end of a name away, and so does this.
LAST_WORD = re.compile(r"\.([a-z0-9-]{1,30})[\s.]*$", re.IGNORECASE)
# Only what begins with a tag is markup when nothing but an office program's name says so.
# The blanks are taken possessively, else a long run of them is divided in every way.
TAG_FIRST = re.compile(rb"\s*+(?:\xef\xbb\xbf\s*+)?<(?:!--|!doctype|[a-z])", re.IGNORECASE)
# A browser that believes in a page shows the tags in it, wherever they stand.
PAGE_TAG = re.compile(
    rb"<(?:[\w-]{1,20}:)?(?:!doctype|html|head|body|script|iframe|frame|object|embed|applet|form"
    rb"|input|button|meta|link|base|style|svg|math|img|image|video|audio|table|marquee|details"
    rb"|select|textarea|frameset|noscript|template|plaintext|xmp|bgsound|source|track|portal|layer"
    rb"|keygen|isindex|dialog|area)"
    rb"[\s/>]|<\?(?:php|xml-stylesheet)|(?:java|vb)script:"
    # An element of any name runs what its handlers say.
    rb"|[\s/\"'`]on[a-z]{3,20}\s{0,20}=",
    re.IGNORECASE,
)
# What switches between the alphabets of ISO-2022 may stand within a tag.
ESCAPES = re.compile(rb"\x1b[ -/]{0,3}[0-~]")
SIGNATURE_NAMES = frozenset({"p7s", "sig", "asc"})
# "Mail from anna@region.com", "www.region.com".
SITE = re.compile(r"(?:@|\bwww\.)[a-z0-9.-]{1,100}[\s.]*$", re.IGNORECASE)
# Five words and what stands between words.
WORDS = re.compile(rb"(?:[A-Za-z\x80-\xff]{1,30}[,.:]?[ \r\n]{1,4}){5}")
MAX_WORDS_BYTES = 4096
OFFICE_NAMES = frozenset({"doc", "xls"})
Mixes = tuple[frozenset[str], ...]
# "pass.exe.jpg"
RUN_NAMES = "|".join(sorted(PROGRAM_NAMES | SCRIPT_NAMES | PACKAGE_NAMES))
INNER_PROGRAM = re.compile(rf"\.(?:{RUN_NAMES})\.[a-z0-9]{{1,10}}\s*$", re.IGNORECASE)
# Types that are never taken for anything else, so that a claim of one of them is a real one.
KNOWN = frozenset({*EXTENSIONS.values(), *SAME_AS, *SAME_AS.values(), *MARKUP, *SCRIPTS})


def read_as(detected_type: str, content: bytes, claimed_type: str, name: str) -> tuple[str, str]:
    """Return the type as which a text is read, and a note or "".

    A text that quotes a mail is text when all claims say so, and a page likewise. A text that is
    called a mail is opened as one. A fragment of HTML (`<p>Hej</p>`) has no sign that libmagic
    knows; any text is HTML to a browser, so there the claim decides.
    """
    extension, claim = _extension(name), _claim(claimed_type)
    named = EXTENSIONS.get(extension, "")
    is_named_text = not extension or detect.family(named) == detect.TEXT
    is_text = is_named_text and detect.family(claim) == detect.TEXT
    is_page = HTML in (claim, named) and {claim, named} <= {HTML, "", *NO_CLAIM, detect.TEXT}
    if detected_type == detect.MAIL:
        is_quoted = is_text and b"\0" not in content and not _is_packed_mail(content, extension)
        said = detect.TEXT if is_quoted else HTML if is_page else detect.MAIL
        return said, "" if said == detect.MAIL else "text_reads_as_mail"
    is_read_as_text = detect.family(detected_type) == detect.TEXT
    if detected_type == detect.RTF or not (detected_type.startswith("text/") or is_read_as_text):
        return detected_type, ""
    if is_read_as_text and detect.MAIL in (detect.family(claim), detect.family(named)):
        return detect.MAIL, ""
    is_exported = extension in OFFICE_NAMES and TAG_FIRST.match(content) is not None
    read = HTML if is_page or is_exported else detected_type
    is_doubtful = not (is_text or is_page) and stored_mails.holds_parts(content)
    return read, "text_holds_mail_parts" if is_doubtful else ""


def _is_packed_mail(content: bytes, extension: str) -> bool:
    """Say whether a text file is a mail with its parts; the nameless text of a letter is none."""
    return bool(extension) and stored_mails.holds_parts(content)


def is_called_signature(claimed_type: str, name: str) -> bool:
    """Say whether a part is called the signature of another one, by its type or its name."""
    extension, claim = _extension(name), _claim(claimed_type)
    is_named = extension in SIGNATURE_NAMES
    return (claim in SIGNATURE_TYPES and (is_named or not extension)) or (
        is_named and claim in NO_CLAIM
    )


def compare(
    detected_type: str,
    claimed_type: str,
    claimed_name: str,
    content: bytes = b"",
    *,
    is_quiet: bool = True,
) -> str:
    """Return the finding about claims: AGREES, CORRECTED, DISAGREES, SCRIPT or PACKAGE.

    A type that says nothing is no claim as long as the extension agrees or is missing. Windows
    names types by the program that opens them, so such a claim only has to name the program. The
    content is looked at where a name may be that of a program or of a site. `is_quiet` says that
    nothing in it runs or asks something: else a paper called by another reader's name is held.

    >>> compare("image/png", "image/jpeg", "Scan.jpg")
    'type_corrected'
    """
    detected, claim = detect.family(detected_type), _claim(claimed_type)
    extension = _extension(claimed_name)
    program = _as_program(detected, extension, claim, claimed_name, content)
    if program:
        return program
    extension = "" if extension in WORD_NAMES else extension
    is_own_claim = claim in NO_CLAIM or detect.family(claim) in (detected, detect.TEXT)
    if is_own_claim and extension in OWN_NAMES.get(detected, ()):
        return AGREES
    if detected == ole.ENCRYPTED:  # what it holds is not known before it is unlocked
        return DISAGREES if extension and extension not in LOCKABLE else AGREES
    named = EXTENSIONS.get(extension)
    is_quiet = is_quiet and not INNER_PROGRAM.search(claimed_name)
    mixes = EVERYDAY_MIXES + PAPER_MIXES if is_quiet else EVERYDAY_MIXES
    by_name = _by_name(detected, extension, named, mixes, is_claimed=claim not in NO_CLAIM)
    if claim in NO_CLAIM or detect.family(claim) == detected:
        return by_name
    if detected_type.startswith(GENERAL_CLAIMS.get(claim, ("\0",))) and named is not None:
        return by_name
    if by_name == DISAGREES or detect.family(claim) in SCRIPTS:
        return DISAGREES
    if detect.family(claim) in MARKUP:
        is_paper = is_quiet and _is_no_page(detected, content)
        return CORRECTED if is_paper and (named or _is_passive(detected)) else DISAGREES
    if named is None:
        is_told = not _is_known(claim) and _is_passive(detected)
    else:
        is_told = by_name == AGREES or not _is_known(claim)
    is_mixed = _is_mixed(detected, detect.family(claim), mixes)
    return CORRECTED if is_told or is_mixed else DISAGREES


def _as_program(
    detected: str, extension: str, claim: str, claimed_name: str, content: bytes
) -> str:
    """Return PACKAGE or SCRIPT for what a computer would install or run by its name, else ""."""
    if extension in PACKAGE_NAMES or detected in PACKAGES:
        return PACKAGE
    if extension in SCRIPT_NAMES:
        return SCRIPT
    if extension not in WORD_NAMES:
        return ""
    is_text = detected == detect.TEXT and SITE.search(claimed_name) and _has_words(content)
    is_read = is_text or detected in READABLE
    return SCRIPT if claim in PROGRAM_CLAIMS or not is_read else ""


def _has_words(content: bytes) -> bool:
    """Say whether a text is a person's words; a program of letters alone has none."""
    return WORDS.search(content[:MAX_WORDS_BYTES]) is not None


def _by_name(
    detected: str, extension: str, named: str | None, mixes: Mixes, *, is_claimed: bool
) -> str:
    """Return what the name alone says of the content."""
    if not extension:
        return AGREES
    if extension in PROGRAM_NAMES:
        return DISAGREES
    if named is None:
        if is_claimed:
            return AGREES
        return CORRECTED if _is_passive(detected) else DISAGREES
    if detect.family(named) == detected:
        return AGREES
    return CORRECTED if _is_mixed(detected, detect.family(named), mixes) else DISAGREES


def _is_mixed(detected: str, claimed: str, mixes: Mixes) -> bool:
    """Say whether people and programs call the one kind by the other's name."""
    return any(detected in mix and claimed in mix for mix in mixes)


def _is_passive(detected: str) -> bool:
    return detected in PICTURES or detected == detect.PDF


def _is_no_page(detected: str, content: bytes) -> bool:
    """Say whether a paper that is called a page holds nothing that a browser would show as one.

    Tags in the wide letters that a claimed charset could make of them count as well.
    """
    is_paper = _is_passive(detected) or detected in SHOWN_OFFICE | SHOWN_OLD_OFFICE
    written = ESCAPES.sub(b"", content.replace(b"\0", b""))
    return is_paper and PAGE_TAG.search(written) is None


def _is_known(claim: str) -> bool:
    return claim in KNOWN or claim.startswith("text/")


def _claim(claimed_type: str) -> str:
    """Return the claimed media type; a word alone, such as `text`, is none (RFC 2045 §5.2)."""
    claim = claimed_type.partition(";")[0].strip().lower()
    return claim if "/" in claim else ""


def _extension(name: str) -> str:
    """Return the extension in small letters, "" for none: "a.BAT . " -> "bat"."""
    last = LAST_WORD.search(name)
    if last and last[1].lower() in SCRIPT_NAMES | WORD_NAMES | PACKAGE_NAMES:
        return last[1].lower()
    match = EXTENSION.search(name)
    return match[1].lower() if match else ""

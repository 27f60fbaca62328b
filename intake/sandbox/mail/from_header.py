"""Read the sender's address from a From header, if the header names one beyond doubt.

The grammar is a strict allow list and not `email.utils`, which reads
`alice@example.org)bob@evil.org` as Alice (CVE-2023-27043). A header outside the grammar gives no
address, so its sender is unverified. What people's programs and gateways write beside the one
address, comments, marks and names without quotes, is inside it (RFC 5322 §3.4, §4.4), as long as
nothing in it could be another address. So is a slip of a program, as a bracket too many or a quote
that nobody closed, where the whole header holds one at sign: it can be of one address alone.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from encodings import idna

from ..protocol.results import MAX_CLAIMED_FROM_CHARS
from ..protocol.text import ENCODED_WORD, UNSAFE, UNSEEN, header_text, one_line

MAX_FROM_BYTES = 2000
MAX_FROM_FIELDS = 5
MAX_LOCAL_BYTES = 64
MAX_DOMAIN_CHARS = 253

# Letters beyond ASCII are looked at one by one (RFC 6532 §3.2).
ATEXT = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~\-\x80-\U0010ffff]"
# With the underscore that names in DNS may have and host names may not (RFC 2181 §11).
LABEL = re.compile(r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?")
QUOTED = r'"(?:[^"\\]|\\.)*"'
ADDRESS = re.compile(rf"(?P<local>{ATEXT}+(?:\.{ATEXT}+)*)@(?P<domain>[^\s@<>\"]+)")
ANGLE = re.compile(r"(?P<name>[^<>]*)<(?P<address>[^<>]*)>")
# Marks that gateways put in front: "[EXTERN] Eva Lind".
BRACKETED = re.compile(r"\[[^\[\]@]*\]")
# And behind: «<eva@example.org> [EXTERN]», with the separators of a list that names nobody else.
BEHIND = re.compile(r"(?:[ \t]*[,;]|[ \t]+\[[^\[\]@<>]*\])*[ \t]*\Z")
# A group of one mailbox (RFC 5322 §3.4, RFC 6854): «Kansliet: Eva <eva@example.org>;».
GROUP = re.compile(r"[^<>@:;,]*:(?P<one>[^:;]*);[ \t,;]*")
DOT_ATOM = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
# An at sign that stands by itself before a word which is no domain: «Eva @ Kommunen».
LONE_AT = re.compile(r"(?<!\S)@[ \t]+(?=[^\s@.]+(?:\s|\Z))")
# A name and an address without its brackets: «Eva Lind eva@example.org».
BARE = re.compile(
    rf"(?:{QUOTED}|[^<>@,;:\[\]\\\"])*[ \t](?P<address>[^\s<>,;:()\"]+)(?:[ \t]*\([^()]*\))*[ \t]*"
)
PARENTHESIS = re.compile(r"[()]")
# A quote between two letters, which ends the one word or begins the other.
HALVED = re.compile(r"[^\s<>\"()]\"[^\s<>\"()]")
# What a bracket was opened or closed with once more: «Eva <<eva@example.org>>».
TWICE = re.compile(r"<[ \t]*(?=<)|(?<=>)[ \t]*>")
SCHEME = re.compile(r"mailto:[ \t]*", re.IGNORECASE)
# The way that a mail once had to take, which every reader leaves out (RFC 5322 §4.4).
ROUTE = re.compile(r"@[A-Za-z0-9.-]+(?:[ \t]*,[ \t]*@[A-Za-z0-9.-]+)*[ \t]*:[ \t]*")
MAILTO_MARK = re.compile(r"\[mailto:(?P<address>[^\[\]\s]+)\]", re.IGNORECASE)
# Names are written with joiners (Persian, Indian scripts) and marks of direction (Hebrew, Arabic),
# and copied with what is not seen: soft hyphens, blanks without width, byte order marks, and what
# address books put around names. RFC 6532 §3.2 lets all of these stand in a name, those that turn
# text round too. Pages show a name without them, and no address may hold one, so a name cannot
# stand for an address by them.
REVERSED = "\u202b\u202d\u202e\u2067"
ALLOWED_IN_NAMES = re.compile(
    "[\u00ad\u061c\u200b-\u200f\u2060\u202a\u202c\u2066\u2068\u2069\ufeff" + REVERSED + "]"
)
REVERSING = re.compile(f"[{REVERSED}]")
# Read as a full stop by some programs and as a letter by others (RFC 3490 §3.1).
OTHER_FULL_STOP = "\u3002"


def read_sender(
    values: Sequence[bytes], block_defects: Sequence[str] = ()
) -> tuple[str | None, tuple[str, ...]]:
    """Return the address of the one mailbox in the From header, and the defects.

    The address is None as soon as there is one defect. Its domain is in lower case and ASCII (RFC
    5890) without the full stop of the root. Its local part is as written, since only the receiving
    domain knows whether case matters there (RFC 5321 §2.4); one beyond ASCII is in NFC. A second
    From is a defect unless it names the same address: then it does not matter which is read. A
    header block that another program may read further, or otherwise, can hide a second From. So
    each of these is a defect as well: a NUL, a bare CR, a line that is no field and ends the block,
    and a block over the limit. So is a From that not every program sees, such as `From :`: a mail
    server may have judged another sender. Other fields so written hide none.

    [b"Alice (North) <a@Example.org>"] -> ("a@example.org", ())
    [b"a@example.org)b@evil.org"] -> (None, ("bad_syntax",))
    """
    if not values:
        return None, ("no_from",)
    if len(values) > MAX_FROM_FIELDS:
        return None, ("many_from_headers",)
    address, defect = _read_value(values[0], block_defects)
    for value in values[1:]:
        if address is None or _read_value(value, block_defects)[0] != address:
            return None, ("many_from_headers",)
    return address, (defect,) if defect else ()


def _read_value(value: bytes, block_defects: Sequence[str]) -> tuple[str | None, str]:
    """Return the address of the one mailbox in one header, or None and its defect."""
    if len(value) > MAX_FROM_BYTES:
        return None, "too_long"
    text, is_unicode = _decoded(value)
    # What else reorders or hides is refused: a person compares the name with the address.
    unsafe = UNSAFE.search(ALLOWED_IN_NAMES.sub("", text.replace("\t", " ")))
    if unsafe or {"nul", "bare_cr"} & set(block_defects):
        return None, "control_characters"
    if {"line_without_colon", "header_cut"} & set(block_defects):
        return None, "header_broken"
    if "from_doubtful" in block_defects:
        return None, "bad_syntax"
    parts = _one_mailbox(text, is_unicode=is_unicode)
    if parts is None and _has_one_at_sign(text, value):
        mended = (_one_mailbox(each, is_unicode=is_unicode) for each in _mended(text))
        parts = next(filter(None, mended), None)
    if parts is None:
        return None, _defect(text)
    local, domain = parts
    if len(local.encode()) > MAX_LOCAL_BYTES or len(domain) > MAX_DOMAIN_CHARS:
        return None, "too_long"
    if "=?" in local:
        return None, "encoded_address"
    return f"{local}@{domain}", ""


def has_reversed_name(values: Sequence[bytes]) -> bool:
    """Say whether a From header holds marks by which some programs show letters in another order.

    >>> has_reversed_name(["Eva\u202e <a@example.org>".encode()])
    True
    """
    shown = (header_text(value[:MAX_FROM_BYTES]) for value in values[:MAX_FROM_FIELDS])
    return any(map(REVERSING.search, shown))


def claimed_from(values: Sequence[bytes]) -> str:
    """Return the From headers as text for a person to read; never to decide by."""
    texts = (header_text(value[: 4 * MAX_CLAIMED_FROM_CHARS]) for value in values[:5])
    return one_line(", ".join(texts), MAX_CLAIMED_FROM_CHARS)


def _decoded(value: bytes) -> tuple[str, bool]:
    """Return the text, and whether it is UTF-8; else old programs wrote windows-1252 (RFC 6532)."""
    try:
        return value.decode("utf-8"), True
    except UnicodeDecodeError:
        return value.decode("cp1252", "replace"), False


def _one_mailbox(text: str, *, is_unicode: bool) -> tuple[str, str] | None:
    """Return local part and domain of the one mailbox, None where another might be read."""
    # In a charset of two bytes a backslash may be half of a letter, so that others see the end of a
    # quoted string elsewhere.
    aside = _without_words_aside(text) if is_unicode or "\\" not in text else None
    if aside is None:
        return None
    flat, comments = aside
    group = GROUP.fullmatch(flat)
    flat = BEHIND.sub("", group["one"] if group else flat).strip(" \t")
    angle = ANGLE.fullmatch(flat)
    match = ADDRESS.fullmatch(_without_way(angle["address"].strip(" \t")) if angle else flat)
    if match is None or not (is_unicode or match[0].isascii()):
        return None
    local, domain = _written_once(match["local"]), _ascii_domain(match["domain"])
    if local is None or domain is None:
        return None
    others = [each for each in comments if each.strip(" \t").lower() != match[0].lower()]
    if set("<>@").intersection("".join(others)):
        return None
    if angle and not _is_name(angle["name"], match[0], text):
        return None
    return local, domain


def _without_way(written: str) -> str:
    """Return what stands in the brackets without the scheme of a link, or a route of old."""
    way = SCHEME.match(written) or ROUTE.match(written)
    return written[way.end() :] if way else written


def _has_one_at_sign(text: str, value: bytes) -> bool:
    """Tell whether a header can name one address at most, however it is read.

    The at signs of other scripts count, and those of encoded words. A backslash may hide the end
    of what it stands in, and some programs see none.
    """
    ways = (text, header_text(value))
    return "\\" not in text and all(
        unicodedata.normalize("NFKC", way).count("@") == 1 for way in ways
    )


def _mended(text: str) -> Iterator[str]:
    """Yield the header without one slip, or more, of the program that wrote it.

    «"Eva <eva@example.org» -> «Eva <eva@example.org>»
    """
    quote = text.rfind('"')
    if text.count('"') % 2:
        if HALVED.search(text[max(0, quote - 1) : quote + 2]):
            return  # It may end a word, or begin one.
        text = f"{text[:quote]} {text[quote + 1 :]}"
    for each in (text, f"{text})", PARENTHESIS.sub(" ", text)):
        yield from _bracketed(each)


def _bracketed(text: str) -> Iterator[str]:
    """Yield the header with its address between one pair of brackets."""
    text = TWICE.sub("", text.strip(" \t"))
    if text.count("<") == 1 and ">" not in text:
        yield f"{text}>"
    elif ">" in text and "<" not in text:
        text = text.replace(">", "")
    yield text
    link = SCHEME.match(text)
    bare = BARE.fullmatch(text)
    if link:
        yield f"<{text[link.end() :]}>"
    elif bare:
        start, end = bare.span("address")
        yield f"{text[:start]}<{text[start:end]}>"


def _written_once(local: str) -> str | None:
    """Return a local part in NFC (RFC 6532 §3.1), None when programs would take it for others.

    Only letters, their marks and digits stand beside ASCII, none that another stands for, and none
    that nobody sees.
    """
    written = unicodedata.normalize("NFC", local)
    beyond = [letter for letter in written if not letter.isascii()]
    is_plain = all(unicodedata.category(letter)[0] in "LMN" for letter in beyond)
    is_plain = is_plain and unicodedata.normalize("NFKC", written) == written
    return written if is_plain and not UNSEEN.search(written) else None


def _without_words_aside(text: str) -> tuple[str, list[str]] | None:
    """Return the text with comments as blanks and quoted strings as `""`, None when one is open.

    Comments may nest (RFC 5322 §3.2.2). Their words are returned too, since programs have read the
    address from there. A local part in quotes that needs none is written
    without them (RFC 5321 §4.1.2).
    """
    flat: list[str] = []
    aside: list[str] = []
    depth, is_quoted, is_escaped, start = 0, False, False, 0
    for at, letter in enumerate(text):
        if is_escaped:
            is_escaped = False
            aside.append(letter if depth else "")
        elif letter == "\\" and (depth or is_quoted):
            is_escaped = True
        elif is_quoted:
            is_quoted = letter != '"'
            flat.append("" if is_quoted else _unquoted(text, start, at))
        elif letter in "()":
            depth += 1 if letter == "(" else -1
            if depth < 0:
                return None
            flat.append(" ")
            aside.append("(")
        elif letter == '"' and not depth:
            is_quoted, start = True, at
        else:
            (aside if depth else flat).append(letter)
    if depth or is_quoted:
        return None
    return "".join(flat).strip(" \t"), "".join(aside).split("(")


def _unquoted(text: str, start: int, end: int) -> str:
    """Return what stands for the quoted string between two quotes."""
    is_local = text[end + 1 : end + 2] == "@" and text[:start][-1:] in {"", " ", "\t", "<", ":"}
    written = text[start + 1 : end]
    return written if is_local and DOT_ATOM.fullmatch(written) else '""'


def _is_name(name: str, address: str, text: str) -> bool:
    """Tell whether the words before an address in brackets are a name and no second mailbox.

    A comma, a full stop, a colon or a semicolon in a name is everyday mail and names nobody else,
    since what stands there holds no address, or the same one. A colon in an encoded word is no
    letter of a name (RFC 2047 §5).
    """
    if any(":" in word[0] for word in ENCODED_WORD.finditer(text)):
        return False
    found = MAILTO_MARK.search(name)
    if found and found["address"].lower() == address.lower():
        name = name[: found.start()] + name[found.end() :]
    name = LONE_AT.sub(" ", name)
    if "@" in name:
        return name.strip(" \t'").lower() == address.lower()
    return not set(BRACKETED.sub("", name)) & set("[]\\")


def _ascii_domain(domain: str) -> str | None:
    """Return a domain as it stands in DNS, in lower case; None when it is none, or not only one.

    An internationalised label counts when the oldest rules (RFC 3490) give back the same letters:
    what they change, as ß to ss, is another domain for newer programs (RFC 5891). A full stop at
    the end is the root, which every name has (RFC 1034 §3.1).
    """
    labels = [_ascii_label(label.lower()) for label in domain.removesuffix(".").split(".")]
    known = [label for label in labels if label is not None]
    return ".".join(known) if len(known) == len(labels) else None


def _ascii_label(label: str) -> str | None:
    # A letter and its accent may come as two characters, and are one label (RFC 5891 §5.3).
    written = label = unicodedata.normalize("NFC", label)
    if not label.isascii():
        # The oldest rules know nothing of younger marks, and would make a name of DNS of them.
        beyond = (letter for letter in label if not letter.isascii())
        if not all(unicodedata.category(letter)[0] in "LMN" for letter in beyond):
            return None
        try:
            written = idna.ToASCII(label).decode("ascii").lower()
            if OTHER_FULL_STOP in label or idna.ToUnicode(written) != label:
                return None
        except UnicodeError:
            return None
    return written if LABEL.fullmatch(written) else None


def _defect(text: str) -> str:
    """Name why `text` is not one mailbox, for the log and the officer."""
    outside = re.sub(QUOTED, "", text)
    if ":" in outside or ";" in outside:
        return "bad_syntax"
    if outside.count("@") > 1 and "," in outside:
        return "many_mailboxes"
    _, angle, inner = outside.rpartition("<")
    if "=?" in (inner if angle else outside):
        return "encoded_address"
    return "bad_syntax"

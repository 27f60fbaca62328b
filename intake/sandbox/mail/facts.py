"""Read what a header says about its message, each field on its own.

A field that cannot be read becomes a defect code, never an exception: much real mail does not
survive a naive reading (threat B2).
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from ..protocol import results
from ..protocol.text import header_text, one_line
from . import from_header
from .headers import HeaderBlock
from .parameters import is_type, read_value

ReadT = TypeVar("ReadT")

GUARDED = (ValueError, LookupError, TypeError, AttributeError, ArithmeticError, RecursionError)
_NONE: tuple[str, ...] = ()
MESSAGE_ID = re.compile(r"<[!-;=?-~]{1,996}>")
# What separates addresses, for a best-effort list of recipients. Splitting takes linear time, a
# search for addresses does not.
SEPARATORS = re.compile(r"[\s<>,;:\"()\[\]\\]+")
MAX_READ_BYTES = 64 * 1024
# So many subjects are read of a mail that has several, and what stands around each further one.
MAX_SUBJECTS = 5
ANOTHER_SUBJECT = "[another subject: {}]"
# Fields beside List-* (RFC 2369, RFC 2919) that lists and bulk senders write.
LIST_FIELDS = frozenset({"mailing-list", "feedback-id", "x-mlserver", "x-ml-name"})
# Fields of lists through which people write, beside List-Post; a newsletter has none of them.
PEOPLES_FIELDS = frozenset(
    {
        "list-subscribe",
        "list-owner",
        "list-archive",
        "list-archived-at",
        "archived-at",
        "mailing-list",
        "x-beenthere",
        "x-mailman-version",
        "x-google-group-id",
        "x-mlserver",
        "x-ml-name",
        "x-list-administrivia",
    }
)
# How a list says that nobody but its owner posts to it (RFC 2369 §3.4), perhaps with a comment.
NO_POSTS = re.compile(rb"\s*no\s*(?:\([^()]{0,200}\)\s*)?", re.IGNORECASE)
# Fields of answering programs from before RFC 3834, some of which still run.
AUTOMATIC_FIELDS = frozenset(
    {
        "x-autoreply",
        "x-autoreply-from",
        "x-autorespond",
        "x-autoresponder",
        "x-mail-autoreply",
        "x-loop",
    }
)
# Fields that other programs write as well, and what stands in them at an answering program.
AUTOMATIC_VALUES = {
    "x-apple-action": re.compile(rb"\s*vacation"),
    "x-post-messageclass": re.compile(rb".{0,40}\bautoresponder\b"),
    "x-fc-machinegenerated": re.compile(rb"\s*true\b"),
    "preference": re.compile(rb"\s*auto[_-]?reply\b"),
}
# A field of an answering program says nothing with such a value.
DENIALS = frozenset({b"", b"no", b"none", b"false", b"0", b"off"})
VERDICT = re.compile(rb"[\x20-\x7e\t]*")


def read_facts(block: HeaderBlock) -> results.MailFacts:
    """Return what the block says; whatever could not be read is in its defects."""
    reader = _Reader(block, list(block.defects))
    froms = block.all("from")
    nobody: tuple[str | None, tuple[str, ...]] = (None, ("bad_syntax",))
    address, from_defects = reader.guarded(
        "from", lambda: from_header.read_sender(froms, block.from_defects), nobody
    )
    content_type, report_type = reader.guarded(
        "content_type", lambda: _content_type(block), ("", "")
    )
    message_ids, in_reply_to = reader.ids("message-id"), reader.ids("in-reply-to")
    return results.MailFacts(
        from_address=address,
        from_defects=from_defects,
        claimed_from=reader.guarded("claimed_from", lambda: from_header.claimed_from(froms), ""),
        subject=reader.guarded("subject", lambda: _subject(block), ""),
        message_id=message_ids[0] if message_ids else "",
        in_reply_to=in_reply_to[0] if in_reply_to else "",
        references=reader.ids("references"),
        date_header=reader.line("date"),
        to_addresses=reader.guarded("to", lambda: _recipients(block), _NONE),
        auto_submitted=reader.line("auto-submitted").lower(),
        precedence=reader.line("precedence").lower(),
        list_headers=any(
            name.startswith("list-") or name in LIST_FIELDS for name, _ in block.fields
        ),
        list_kind=reader.guarded("list_kind", lambda: _list_kind(block), ""),
        automatic_headers=any(_is_automatic(name, value) for name, value in block.fields),
        auto_response_suppress=reader.line("x-auto-response-suppress").lower(),
        return_path=reader.guarded("return_path", lambda: _return_path(block), None),
        content_type=content_type,
        report_type=report_type,
        importance=reader.line("importance").lower(),
        authentication_results=_verdicts(block, reader.defects),
        defects=tuple(sorted({*reader.defects, *_duplicates(block)})),
    )


@dataclass(frozen=True)
class _Reader:
    """Read fields so that one that cannot be read leaves a code and a default."""

    block: HeaderBlock
    defects: list[str]

    def guarded(self, code: str, read: Callable[[], ReadT], otherwise: ReadT) -> ReadT:
        try:
            return read()
        except GUARDED:
            self.defects.append(f"unreadable_{code.replace('-', '_')}")
            return otherwise

    def line(self, name: str, max_chars: int = results.MAX_TOKEN_CHARS) -> str:
        return self.guarded(name, lambda: _line(self.block, name, max_chars), "")

    def ids(self, name: str) -> tuple[str, ...]:
        return self.guarded(name, lambda: _ids(self.block, name), _NONE)


def _list_kind(block: HeaderBlock) -> results.ListKind:
    """Return of what kind a list is; where its fields contradict each other people write to it."""
    names = {name for name, _ in block.fields}
    posts, precedence = block.all("list-post"), _line(block, "precedence", results.MAX_TOKEN_CHARS)
    if posts:
        is_closed = all(NO_POSTS.fullmatch(value[:MAX_READ_BYTES]) for value in posts)
        return "announcements" if is_closed else "people"
    if names & PEOPLES_FIELDS or precedence.strip().lower() == "list":
        return "people"
    is_bulk = precedence.strip().lower() == "bulk" or "list-id" in names
    return "bulk" if is_bulk and "list-unsubscribe" in names else ""


def _is_automatic(name: str, value: bytes) -> bool:
    said = value[:MAX_READ_BYTES].strip().lower()
    told = AUTOMATIC_VALUES.get(name)
    if told is not None:
        return told.match(said) is not None
    return name in AUTOMATIC_FIELDS and said not in DENIALS


def _duplicates(block: HeaderBlock) -> Iterator[str]:
    """Yield a code for each field that may stand only once (RFC 5322 §3.6) and does not."""
    for name in ("subject", "message-id", "date", "in-reply-to", "references"):
        if len(block.all(name)) > 1:
            yield f"duplicate_{name.replace('-', '_')}"


def _line(block: HeaderBlock, name: str, max_chars: int) -> str:
    value = block.first(name)
    return "" if value is None else one_line(header_text(value[: 8 * max_chars]), max_chars)


def _subject(block: HeaderBlock) -> str:
    """Return the subject, and behind it what further fields say otherwise.

    Programs show the first, the last or all of them, so nobody knows which one the sender saw.

    b"Subject: Remiss\\r\\nSubject: AKUT" -> "Remiss [another subject: AKUT]"
    """
    values = block.all("subject")[:MAX_SUBJECTS]
    cuts = (value[: 8 * results.MAX_SUBJECT_CHARS] for value in values)
    lines = (one_line(header_text(cut), results.MAX_SUBJECT_CHARS) for cut in cuts)
    first, *others = dict.fromkeys(line for line in lines if line) or [""]
    if not others:
        return first
    # A long one must not push the others out of what is kept.
    share = results.MAX_SUBJECT_CHARS // (len(others) + 1) - len(ANOTHER_SUBJECT)
    notes = [ANOTHER_SUBJECT.format(each[:share]) for each in others]
    return " ".join([first[:share], *notes])


def _content_type(block: HeaderBlock) -> tuple[str, str]:
    """Return the root's type, text/plain where none is said (RFC 2045 §5.2), and report-type."""
    written = block.first("content-type")
    if written is None:
        return "text/plain", ""
    value = read_value(written)
    report_type = one_line(value.first_text("report-type"), results.MAX_TOKEN_CHARS).lower()
    return (value.main if is_type(value.main) else ""), report_type


def _ids(block: HeaderBlock, name: str) -> tuple[str, ...]:
    """Return the well-formed identifiers of the first such field, the last hundred at most.

    References stand in order of age, so the last ones are the nearest.
    """
    value = (block.first(name) or b"")[-MAX_READ_BYTES:].decode("ascii", "replace")
    return tuple(MESSAGE_ID.findall(value)[-results.MAX_REFERENCES :])


def _recipients(block: HeaderBlock) -> tuple[str, ...]:
    # The last two are written by servers: a tagged address may stand there alone (RFC 9228).
    fields = ("to", "cc", "delivered-to", "x-original-to")
    values = [value for name in fields for value in block.all(name)]
    text = b",".join(values)[:MAX_READ_BYTES].decode("utf-8", "replace")
    words = (one_line(word, results.MAX_ADDRESS_CHARS) for word in SEPARATORS.split(text))
    found = (word for word in words if word.count("@") == 1 and word.strip("@") == word)
    return tuple(dict.fromkeys(found))[: results.MAX_TO_ADDRESSES]


def _return_path(block: HeaderBlock) -> str | None:
    """Return the top-most path without its brackets, "<>" for the null path, None without one."""
    value = block.first("return-path")
    if value is None:
        return None
    text = one_line(header_text(value[:MAX_READ_BYTES]), results.MAX_ADDRESS_CHARS)
    return text.strip("<> ") or "<>"


def _verdicts(block: HeaderBlock, defects: list[str]) -> tuple[str, ...]:
    """Return the Authentication-Results from the top down, raw.

    A value that is too long or holds anything but plain ASCII is emptied and keeps its place.
    Cutting or cleaning it could turn a failure into a pass; dropping it would move the next one up.
    """
    verdicts = []
    for value in block.all("authentication-results")[: results.MAX_VERDICT_HEADERS]:
        is_plain = len(value) <= results.MAX_VERDICT_CHARS and VERDICT.fullmatch(value)
        if not is_plain:
            defects.append("unreadable_authentication_results")
        verdicts.append(value.decode("ascii").replace("\t", " ") if is_plain else "")
    return tuple(verdicts)

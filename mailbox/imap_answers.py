"""Read what an IMAP server answers: its lists, its messages, and IMAPClient's errors about them."""

import re
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
    ProtocolError,
)
from imapclient.response_parser import parse_fetch_response

from mailbox.errors import AnswerUnreadable, CommandRefused, MailboxUnavailable, Trouble

# What IMAPClient raises where it takes an answer for granted, such as a number that is none.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)
# A literal that may hold NUL (RFC 9051 §4.3.1) is announced by a tilde, which IMAPClient reads as
# a word: `BODY[] ~{47}` would give the five bytes "~{47}".
LITERAL_8 = re.compile(rb"~(?=\{\d+\}\Z)")
CONTENT = b"BODY["


@contextmanager
def translated(lost: Trouble = Trouble.CONNECTION_LOST) -> Iterator[None]:
    """Turn IMAPClient's errors into ours; `lost` is the trouble of a broken connection.

    An answer that was received and cannot be read leaves the connection usable: one malformed line
    must not keep all other mail from coming in.
    """
    try:
        yield
    except ssl.SSLError as error:
        raise MailboxUnavailable(Trouble.TLS_FAILED) from error
    except TimeoutError as error:
        raise MailboxUnavailable(Trouble.TIMEOUT) from error
    except OSError as error:
        raise MailboxUnavailable(lost) from error
    except LoginError as error:
        is_broken = isinstance(error.__context__, IMAPClientAbortError)
        raise MailboxUnavailable(lost if is_broken else Trouble.LOGIN_REFUSED) from error
    except IMAPClientAbortError as error:
        raise MailboxUnavailable(lost) from error
    except ProtocolError as error:
        raise AnswerUnreadable from error
    except IMAPClientError as error:
        raise CommandRefused from error
    except UNREADABLE as error:
        raise AnswerUnreadable from error


def listed_numbers(lines: Sequence[object]) -> tuple[list[int], bool]:
    """Return the numbers in the lines of a SEARCH answer, sorted, and whether all was readable.

    [b"1 2", b"7 (MODSEQ 9)"] -> ([1, 2, 7], True); [b"1 x 3"] -> ([1, 3], False)
    """
    words = [
        word
        for line in lines
        for word in (line.partition(b"(")[0].split() if isinstance(line, bytes) else [line])
        if word is not None
    ]
    # A UID has 32 bits (RFC 9051 §2.3.1.1), so a longer number is none.
    numbers = {int(w) for w in words if isinstance(w, bytes) and w.isdigit() and len(w) <= 10}
    return sorted(numbers - {0}), len(numbers) == len(set(words))


def described(pieces: Sequence[object]) -> dict[int, dict[bytes, Any]]:
    """Return what the lines of a FETCH answer say, by UID; Any: each item has a type of its own.

    Each line is read by itself. One without a UID counts for nothing: its number is a place in the
    folder, and what it says would be taken for another message's (RFC 9051 §6.4.9). `pieces` are as
    imaplib gives them: a tuple before each literal, and the rest of a line as bytes.

    [(b"9 (UID 2 BODY[] {3}", b"Hej"), b")", b"2 (FLAGS ())"] -> {2: {b"BODY[]": b"Hej", …}}
    """
    found: dict[int, dict[bytes, Any]] = {}
    line: list[Any] = []
    for piece in pieces:
        if piece is None:  # imaplib's word for no line at all
            continue
        line.append(piece)
        if isinstance(piece, tuple):
            continue
        for items in _items_of(line):
            uid = int(str(items[b"UID"]))
            found[uid] = found.get(uid, {}) | items
        line = []
    return found


def _items_of(line: list[Any]) -> Iterator[dict[bytes, Any]]:
    """Yield what one line says of a message. Any: each item has a type of its own.

    Content is a literal or stands in quotes (RFC 9051 §4.3): a bare word is none and is left out.
    """
    pieces = [(LITERAL_8.sub(b"", p[0]), *p[1:]) if isinstance(p, tuple) else p for p in line]
    literals = [piece[1] for piece in pieces if isinstance(piece, tuple)]
    words = b" ".join(piece[0] if isinstance(piece, tuple) else piece for piece in pieces)
    for items in parse_fetch_response(pieces, normalise_times=False, uid_is_key=False).values():
        if b"UID" in items:
            yield {
                item: given
                for item, given in items.items()
                if not (item.startswith(CONTENT) and isinstance(given, bytes))
                or given in literals
                or item + b' "' in words.upper()
            }

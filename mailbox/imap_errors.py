"""Translate IMAPClient's errors into ours, in one place."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager

from imapclient.exceptions import (
    IMAPClientAbortError,
    IMAPClientError,
    LoginError,
    ProtocolError,
)

from mailbox.errors import AnswerUnreadable, CommandRefused, MailboxUnavailable, Trouble

# What IMAPClient raises where it takes an answer for granted, such as a number that is none.
UNREADABLE = (ValueError, TypeError, LookupError, AttributeError)


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

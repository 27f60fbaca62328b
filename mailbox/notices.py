"""Write the notice that stands for messages which a mail server lists and does not hand over.

Nobody misses a mail that nobody saw. So a message that cannot be taken in becomes a notice in the
list of officers, stored and worked on like a mail. It has no From, since nobody wrote it: no
receipt leaves, and a task says so. The same trouble of the same messages is the same notice.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from intake.arrivals.accept import MailArrival, accept_mail
from mailbox.headers import header_sha256
from storage.submissions.arrivals import Place

if TYPE_CHECKING:
    from intake.core.services import Services

# So many messages have a notice each; more at once are one trouble of the server, and one notice.
MAX_ALONE = 10
MAX_NAMED = 500

SENTENCES = {
    "message_not_described": "The server lists it and then says nothing about it.",
    "message_without_content": "The server lists it and gives no content for it.",
    "message_cut": "The server gives less of it than the size that it tells.",
    "message_failed": "It could not be fetched or stored.",
    "message_breaks_connection": "The connection ends each time that it is asked for.",
}
NOTICE = """\
Subject: A message in the mailbox could not be taken in\r
MIME-Version: 1.0\r
Content-Type: text/plain; charset=utf-8\r
Content-Transfer-Encoding: 8bit\r
\r
This portal wrote this notice. It is no mail.\r
\r
Mailbox: {source}\r
Folder: {folder}\r
Numbers of the messages (UID): {numbers}\r
Numbering of the folder (UIDVALIDITY): {uid_validity}\r
{sentence}\r
\r
What to do: open the mailbox in a mail program, or ask who runs the mail server. The message stays\r
where it is and is tried again. When it can be read it stands in the list as a mail of its own;\r
then this notice can be closed.\r
"""


def tell_officers(
    services: "Services", source: str, folder: str, uid_validity: int, failed: Mapping[int, str]
) -> None:
    """Store a notice for messages that failed: {UID: code of the trouble}; no code is known twice.

    Raises StorageUnavailable.
    """
    for uids, code in _grouped(failed):
        raw = _notice(source, folder, uid_validity, uids, code)
        where = Place(source, folder, uid_validity, uids[0])
        accept_mail(services, MailArrival(source, where, raw, header_sha256(raw)))


def _grouped(failed: Mapping[int, str]) -> Iterator[tuple[Sequence[int], str]]:
    for code in sorted(set(failed.values())):
        uids = sorted(uid for uid, known in failed.items() if known == code)
        if len(failed) > MAX_ALONE:
            yield uids, code
        else:
            yield from (([uid], code) for uid in uids)


def _notice(source: str, folder: str, uid_validity: int, uids: Sequence[int], code: str) -> bytes:
    named = ", ".join(map(str, uids[:MAX_NAMED]))
    more = f" and {len(uids) - MAX_NAMED} more" if len(uids) > MAX_NAMED else ""
    return NOTICE.format(
        source=source,
        # It comes from the settings, and a line break in it would end the line all the same.
        folder=" ".join(folder.split()),
        numbers=named + more,
        uid_validity=uid_validity,
        sentence=SENTENCES.get(code, SENTENCES["message_failed"]),
    ).encode()

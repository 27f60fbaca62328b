"""Make mail that a machine wrote and that must get no answer, and what only looks so (threat M1).

An entry is a name and a message. What is in `AUTOMATIC` has a sign in its headers or structure.
`HEADERLESS_REPLIES` have none: only a limit for each address stops a loop with such a responder
(threat M2).
"""

from collections.abc import Sequence

from tests.samples.mail.bounces import BOUNCES, OUR_MESSAGE_ID
from tests.samples.mail.mails import INTAKE_ADDRESS, REGISTERED_SENDER
from tests.samples.mail.wire import mail, multipart, part

_OWN = INTAKE_ADDRESS.encode()
_SENDER = REGISTERED_SENDER.encode()
_ANSWER_TO_US = b"In-Reply-To: " + OUR_MESSAGE_ID.encode()
_LETTER = b"Hello,\r\n\r\nplease find the papers below. This is test data.\r\n\r\nAnna\r\n"

# Each message has one such header and is otherwise like any other.
_SIGNS: dict[str, bytes] = {
    "auto-submitted-generated": b"Auto-Submitted: auto-generated",
    "auto-submitted-replied": b"Auto-Submitted: auto-replied",
    "auto-submitted-notified": b"Auto-Submitted: auto-notified",
    "auto-submitted-with-owner": b'Auto-Submitted: auto-replied; owner-email="a@partner.example"',
    "auto-submitted-capitals": b"AUTO-SUBMITTED: Auto-Replied",
    "auto-submitted-with-comment": b"Auto-Submitted: (rejected) auto-generated",
    "auto-submitted-folded": b"Auto-Submitted:\r\n auto-replied",
    "auto-submitted-unknown-word": b"Auto-Submitted: auto-something-new",
    "precedence-bulk": b"Precedence: bulk",
    "precedence-junk": b"Precedence: junk",
    "precedence-list": b"Precedence: list",
    "precedence-auto-reply": b"Precedence: auto_reply",
    "precedence-capitals": b"PRECEDENCE: Bulk",
    "suppress-all": b"X-Auto-Response-Suppress: All",
    "suppress-oof": b"X-Auto-Response-Suppress: OOF",
    "suppress-auto-reply": b"X-Auto-Response-Suppress: AutoReply",
    "suppress-several": b"X-Auto-Response-Suppress: DR, RN, NRN, OOF, AutoReply",
    "return-path-null": b"Return-Path: <>",
    "list-id": b"List-Id: Return counsellors <counsellors.lists.example>",
    "list-unsubscribe": b"List-Unsubscribe: <https://lists.example/leave>",
    "list-post": b"List-Post: <mailto:counsellors@lists.example>",
    "mailing-list": b"Mailing-List: contact counsellors-help@lists.example",
    "x-autoreply": b"X-Autoreply: yes",
    "x-autorespond": b"X-Autorespond: vacation",
    "x-autoresponder": b"X-Autoresponder: 1",
    "x-autoreply-from": b"X-AutoReply-From: anna.registered@partner.example",
    "x-mail-autoreply": b"X-Mail-Autoreply: vacation",
    "x-loop-of-our-own": b"X-Loop: " + _OWN,
    "feedback-id": b"Feedback-ID: 12:newsletter:partner:example",
    "from-mailer-daemon": b"From: MAILER-DAEMON@partner.example",
    "from-mailer-daemon-named": b"From: Mail Delivery System <mailer-daemon@partner.example>",
    "from-our-own-address": b"From: " + _OWN,
    "from-our-own-address-named": b"From: Intake <" + _OWN.upper() + b">",
}

# Words and headers that people use too.
_HUMAN_SIGNS: dict[str, bytes] = {
    "auto-submitted-no": b"Auto-Submitted: no",
    "auto-submitted-no-capitals": b"Auto-Submitted: NO",
    "auto-submitted-no-with-comment": b"Auto-Submitted: no (a person wrote this)",
    "precedence-first-class": b"Precedence: first-class",
    "precedence-normal": b"Precedence: normal",
    "precedence-special-delivery": b"Precedence: special-delivery",
    "suppress-none": b"X-Auto-Response-Suppress: None",
    "importance-high": b"Importance: high",
    "return-path-ordinary": b"Return-Path: <" + _SENDER + b">",
    "receipt-asked-for": b"Disposition-Notification-To: " + _SENDER,
    "answer-to-our-receipt": _ANSWER_TO_US,
    "subject-undelivered": b"Subject: Undelivered mail from the applicant, sent again",
    "subject-out-of-office": b"Subject: The out of office furniture grant",
    "subject-autosvar": b"Subject: Vad betyder ert autosvar?",
    "from-named-automatic": b'From: "Auto Matic" <' + _SENDER + b">",
    "from-postmaster-like": b"From: postmasters.daughter@partner.example",
    "x-loop-of-another": b"X-Loop: someone.else@partner.example",
}


def _away(name: str, subject: str, text: str, *headers: bytes) -> tuple[str, bytes]:
    """Build one absence note, as the mail program of that name writes it."""
    raw = mail(
        name,
        subject=subject.encode(),
        headers=[_ANSWER_TO_US, b"Content-Type: text/plain; charset=utf-8", *headers],
        body=text.replace("\n", "\r\n").encode(),
    )
    return name, raw


_SV = "Tack för ditt mejl. Jag är på semester till den 14 november.\n"
_EN = "Thank you for your message. I am out of the office until 14 November.\n"
_FI = "Kiitos viestistäsi. Olen lomalla 14. marraskuuta asti.\n"

_ABSENCES = [
    _away("away-exchange-sv", "Automatiskt svar: Mottaget", _SV,
          b"X-Auto-Response-Suppress: All", b"Auto-Submitted: auto-generated"),
    _away("away-exchange-en", "Automatic reply: Received", _EN,
          b"X-Auto-Response-Suppress: All", b"X-MS-Exchange-Inbox-Rules-Loop: a@partner.example"),
    _away("away-exchange-fi", "Automaattinen vastaus: Vastaanotettu", _FI,
          b"X-Auto-Response-Suppress: DR, OOF, AutoReply"),
    _away("away-sieve-sv", "Auto: Mottaget", _SV,
          b"Auto-Submitted: auto-replied (vacation)", b"Precedence: bulk"),
    _away("away-gmail-en", "Out of office Re: Received", _EN,
          b"Precedence: bulk", b"X-Autoreply: yes", b"Auto-Submitted: auto-replied"),
    _away("away-vacation-program-fi", "Poissa Re: Vastaanotettu", _FI,
          b"Precedence: junk", b"Return-Path: <>"),
    _away("away-null-sender-sv", "Frånvarande", _SV, b"Return-Path: <>"),
]  # fmt: skip

HEADERLESS_REPLIES: list[tuple[str, bytes]] = [
    _away("headerless-sv", "Autosvar: Mottaget", _SV),
    _away("headerless-en", "Out of office: Received", _EN),
    _away("headerless-fi", "Poissaoloviesti", _FI),
]


def _calendar(name: str, method: bytes, headers: Sequence[bytes] = ()) -> tuple[str, bytes]:
    event = (
        b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:%b\r\nBEGIN:VEVENT\r\nUID:1@x.example\r\n"
        b"DTSTAMP:20261102T091500Z\r\nDTSTART:20261110T080000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    ) % method
    parts = [
        part([b"Content-Type: text/plain"], _LETTER),
        part([b"Content-Type: text/calendar; charset=utf-8; method=" + method], event),
    ]
    return name, mail(
        name,
        headers=[b"Content-Type: multipart/alternative; boundary=b", *headers],
        body=multipart(b"b", parts),
    )


AUTOMATIC: list[tuple[str, bytes]] = [
    *BOUNCES,
    *_ABSENCES,
    *((name, mail(name, headers=[sign], body=_LETTER)) for name, sign in _SIGNS.items()),
    _calendar("calendar-reply", b"REPLY", [b"Subject: Accepted: meeting"]),
    _calendar("calendar-counter", b"COUNTER", [b"Subject: New time proposed: meeting"]),
]


def _forwarded_bounce() -> tuple[str, bytes]:
    name = "human-forwards-a-bounce"
    bounce = BOUNCES[0][1]
    parts = [
        part([b"Content-Type: text/plain"], b"I got this back, what shall I do?\r\n"),
        part([b"Content-Type: message/rfc822"], bounce),
    ]
    headers = [b"Content-Type: multipart/mixed; boundary=forwarded"]
    return name, mail(name, headers=headers, body=multipart(b"forwarded", parts))


NOT_AUTOMATIC: list[tuple[str, bytes]] = [
    *((name, mail(name, headers=[sign], body=_LETTER)) for name, sign in _HUMAN_SIGNS.items()),
    ("ordinary", mail("ordinary", body=_LETTER)),
    _calendar("human-sends-a-calendar-entry", b"PUBLISH"),
    _forwarded_bounce(),
]

"""Make mail that wants to be taken for somebody else's, or answered to a victim (threats B4, B7).

`FROM_VECTORS` holds the From lines alone, so that a test can put each under every
Authentication-Results it likes. The registered address is `mails.REGISTERED_SENDER`; what is not
`is_genuine` must never be taken for it, whatever the authentication says.
"""

from dataclasses import dataclass

from tests.samples.mail.mails import REGISTERED_SENDER
from tests.samples.mail.wire import STRANGER, Expects, HostileMail, mail, multipart, part

_REGISTERED = REGISTERED_SENDER.encode()
_LOCAL, _, _DOMAIN = _REGISTERED.partition(b"@")
_STRANGER = STRANGER.encode()

# Each stands in one place of a message for threat B7; none may stand in anything that is sent.
CANARIES = {
    "subject": "canary-subject-71f3",
    "body": "canary-body-0c9a",
    "html": "canary-html-55d1",
    "display name": "canary-display-ae20",
    "file name": "canary-file-93b7",
    "attachment": "canary-attachment-4e4e",
    "header": "canary-header-1d6f",
    "message id": "canary-message-id-88ab",
}


@dataclass(frozen=True)
class FromVector:
    """The From lines (none, one or two) of a message, without the last line end."""

    name: str
    lines: tuple[bytes, ...]
    is_genuine: bool = False


def _one(name: str, value: bytes, *, is_genuine: bool = False) -> FromVector:
    return FromVector(name, (b"From: " + value,), is_genuine)


FROM_VECTORS = [
    _one("plain", _REGISTERED, is_genuine=True),
    _one("with-display-name", b"Anna Registered <%b>" % _REGISTERED, is_genuine=True),
    _one("uppercase-domain", b"%b@%b" % (_LOCAL, _DOMAIN.upper()), is_genuine=True),
    _one("encoded-display-name", b"=?utf-8?q?Anna_=C3=85?= <%b>" % _REGISTERED, is_genuine=True),
    _one("cve-2023-27043-parenthesis", b"%b)%b" % (_REGISTERED, _STRANGER)),
    _one("cve-2023-27043-angle", b"%b<%b>" % (_REGISTERED, _STRANGER)),
    _one("cve-2023-27043-bracket", b"%b]%b" % (_REGISTERED, _STRANGER)),
    _one("cve-2023-27043-semicolon", b"%b;%b" % (_REGISTERED, _STRANGER)),
    _one("cve-2023-27043-colon", b"%b:%b" % (_REGISTERED, _STRANGER)),
    _one("cve-2023-27043-quote", b'%b"%b' % (_REGISTERED, _STRANGER)),
    _one("two-mailboxes", b"%b, %b" % (_REGISTERED, _STRANGER)),
    _one("two-mailboxes-stranger-first", b"%b, %b" % (_STRANGER, _REGISTERED)),
    FromVector("two-headers", (b"From: " + _REGISTERED, b"From: " + _STRANGER)),
    FromVector("two-headers-stranger-first", (b"From: " + _STRANGER, b"From: " + _REGISTERED)),
    FromVector("blank-before-colon", (b"From : " + _REGISTERED,)),
    FromVector("none-at-all", ()),
    FromVector("only-sender-header", (b"Sender: " + _REGISTERED,)),
    FromVector("reply-to-registered", (b"From: " + _STRANGER, b"Reply-To: " + _REGISTERED)),
    _one("empty", b""),
    _one("empty-angle", b"<>"),
    # One mailbox, whoever calls it a group, is nobody else's.
    _one("group", b"Partners: %b;" % _REGISTERED, is_genuine=True),
    _one("group-of-two", b"Partners: %b, %b;" % (_REGISTERED, _STRANGER)),
    _one("comment-of-another", b"Anna (%b) <%b>" % (_REGISTERED, _STRANGER)),
    _one("mailto-of-another", b"Anna [mailto:%b] <%b>" % (_REGISTERED, _STRANGER)),
    _one("mark-behind-of-another", b"<%b> [%b]" % (_STRANGER, _REGISTERED)),
    _one("empty-group", b"undisclosed-recipients:;"),
    _one("group-of-one-and-mailbox", b"Partners: %b;, %b" % (_REGISTERED, _STRANGER)),
    _one("encoded-word-address", b"=?utf-8?q?anna=2Eregistered=40partner=2Eexample?="),
    _one("encoded-word-with-angle", b"=?utf-8?b?YW5uYS5yZWdpc3RlcmVkQHBhcnRuZXIuZXhhbXBsZT4=?="),
    _one("display-name-is-registered", b'"%b" <%b>' % (_REGISTERED, _STRANGER)),
    _one("display-name-holds-angle", b'"Anna <%b>" <%b>' % (_REGISTERED, _STRANGER)),
    _one("display-name-unquoted", b"%b <%b>" % (_REGISTERED, _STRANGER)),
    _one(
        "encoded-display-name-is-registered",
        b"=?utf-8?q?anna=2Eregistered=40partner=2Eexample?= <%b>" % _STRANGER,
    ),
    _one("two-angles", b"<%b> <%b>" % (_REGISTERED, _STRANGER)),
    _one("nested-angles", b"<%b <%b>>" % (_STRANGER, _REGISTERED)),
    # A slip, and a way that every reader leaves out: nobody else is in it, whoever wrote it.
    _one("angle-unclosed", b"<%b" % _REGISTERED, is_genuine=True),
    _one("quoted-local-part-of-another", b'"%b"@evil.example' % _REGISTERED),
    _one("quoted-local-part-with-escape", b'"anna\\.registered\\ "@%b' % _DOMAIN),
    _one("comment-holds-stranger", b"%b (%b" % (_REGISTERED, _STRANGER)),
    _one("comment-in-domain", b"%b@evil.example(@%b)" % (_LOCAL, _DOMAIN)),
    _one("comment-splits-domain", b"%b@partner(x).example.evil.example" % _LOCAL),
    _one("source-route", b"<@relay.example:%b>" % _REGISTERED, is_genuine=True),
    _one("source-route-of-another", b"<@%b:%b>" % (_DOMAIN, _STRANGER)),
    _one("percent-hack", b"%b%%%b@evil.example" % (_LOCAL, _DOMAIN)),
    _one("nul-after-address", b"%b\0@evil.example" % _REGISTERED),
    _one("nul-in-local-part", b"anna\0.registered@%b" % _DOMAIN),
    # The full stop of the root: the same domain, and our server's word is about that one.
    _one("trailing-dot", b"%b." % _REGISTERED, is_genuine=True),
    _one("trailing-dots", b"%b.." % _REGISTERED),
    _one("double-dot", b"anna..registered@%b" % _DOMAIN),
    _one("plus-address", b"%b+x@%b" % (_LOCAL, _DOMAIN)),
    _one("subdomain", b"%b@mail.%b" % (_LOCAL, _DOMAIN)),
    _one("domain-as-prefix", b"%b@%b.evil.example" % (_LOCAL, _DOMAIN)),
    _one("look-alike-cyrillic", "аnna.registered@partner.example".encode()),
    _one("look-alike-dotless-i", "anna.reg\u0131stered@partner.example".encode()),
    _one("look-alike-fullwidth-at", "anna.registered＠partner.example".encode()),
    _one("look-alike-punycode", b"%b@xn--prtner-3nf.example" % _LOCAL),
    _one("zero-width-space", "anna.registered\u200b@partner.example".encode()),
    _one("tab-in-address", b"anna.registered\t@%b" % _DOMAIN),
    _one("folded-in-address", b"anna.registered@\r\n %b" % _DOMAIN),
    _one("lone-cr", b"%b\rFrom: %b" % (_STRANGER, _REGISTERED)),
]


def _from_vector_mail(vector: FromVector) -> HostileMail:
    name = f"from-{vector.name}"
    raw = mail(name, sender=None, headers=vector.lines)
    return HostileMail(
        name, raw, "B4", Expects.GENUINE if vector.is_genuine else Expects.UNVERIFIED
    )


def _quoting_bait(name: str, sender: bytes) -> HostileMail:
    """Build a message whose every echoed part would tell the victim what it says."""
    mark = {place: canary.encode() for place, canary in CANARIES.items()}
    attached = b'Content-Disposition: attachment; filename="%b.txt"' % mark["file name"]
    parts = [
        part([b"Content-Type: text/plain"], mark["body"]),
        part([b"Content-Type: text/html"], b"<p>%b</p>" % mark["html"]),
        part([b"Content-Type: text/plain", attached], mark["attachment"]),
    ]
    raw = mail(
        name,
        sender=sender,
        subject=b"Ansokan " + mark["subject"],
        headers=[
            b"Message-ID: <%b@samples.example>" % mark["message id"],
            b"X-Note: " + mark["header"],
            b"Content-Type: multipart/mixed; boundary=b",
        ],
        body=multipart(b"b", parts),
    )
    return HostileMail(name, raw, "B7", Expects.NO_ECHO)


FORGED_SENDERS = [_from_vector_mail(vector) for vector in FROM_VECTORS]

BACKSCATTER = [
    _quoting_bait("victim-unknown", b"victim@bystander.example"),
    _quoting_bait(
        "victim-with-message-as-name",
        b'"%b" <victim@bystander.example>' % CANARIES["display name"].encode(),
    ),
    _quoting_bait("victim-registered", _REGISTERED),
    _quoting_bait("victim-two-mailboxes", b"victim@bystander.example, other@bystander.example"),
]

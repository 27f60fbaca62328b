"""Find what markup does when a program shows it: web pages, drawings and office files as XML.

None of these is ever shown as it is: a copy holds the words alone. So the rules only have to name
what is there, not to prove that nothing is.
"""

import re

from ..office import ooxml
from ..protocol import charsets
from ..protocol.decoding import Reading

OFFICE_XML = re.compile(
    rb"mso-application|urn:schemas-microsoft-com:office:|schemas\.microsoft\.com/office/"
)
MAX_HEAD_BYTES = 4096
# Pages whose words can be shown.
PAGES = frozenset({"text/html", "application/xhtml+xml"})
# All patterns are for small letters: a search that ignores case takes twice to six times as long.
RULES = (
    ("html_script", re.compile(rb"<\s*(?:\w+:)?script\b|(?:java|vb)script\s*:")),
    ("html_event_handler", re.compile(rb"[\s\"'/]on[a-z]{3,20}\s*=")),
    ("html_embedded", re.compile(rb"<\s*(?:iframe|object|embed|applet|frame)\b")),
    ("html_form", re.compile(rb"<\s*form\b")),
    (
        "html_remote",
        re.compile(
            rb"(?:src|background|poster|srcset)\s*=\s*[\"']?\s*(?:https?:)?//|url\(\s*[\"']?https?:"
            rb"|<\s*(?:link|base|meta)\b[^>]{0,300}(?:href|url)\s*=\s*[\"']?\s*(?:https?:)?//"
            rb"|<\s*(?:use|image)\b[^>]{0,300}href\s*=\s*[\"']?\s*(?:https?:)?//",
        ),
    ),
)
# Browsers leave out what parts a scheme in an address, however it is written: java&#10;script:
REFERENCE = re.compile(
    rb"&(?:#(?:x0{0,8}([0-9a-f]{1,4})|0{0,8}([0-9]{1,5}))|(tab|newline|colon));?"
)
NAMED = {b"tab": 9, b"newline": 10, b"colon": 58}
CONTROLS = bytes(range(32))
SCRIPT_ADDRESS = re.compile(rb"(?:java|vb)script:")
# A link, also one that a mail gateway has wrapped into its own.
HOST = re.compile(rb"https?(?::|%3a)(?://|%2f%2f)([a-z0-9][a-z0-9.-]{1,252})")
MAX_HOSTS = 5000
CLOUD = re.compile(
    rb"(?:^|[.-])(?:sharepoint|onedrive|1drv|dropbox|wetransfer|sprend|filemail|egnyte|nextcloud"
    rb"|owncloud|filesender|icloud|pcloud|sendgb|transfernow|swisstransfer|smash)(?:[.-]|$)"
    rb"|^(?:drive|docs)\.google\.|(?:^|\.)(?:we\.tl|box\.com|mega\.nz|fromsmash\.com|sync\.com)$"
)
# Systems by which authorities and regions in Sweden send what may not lie in open mail.
SECURE = re.compile(
    rb"(?:^|[.-])(?:saker-?e?-?(?:post|mail)|sakra-?meddelanden?|secure-?(?:mail\w*|message\w*)"
    rb"|krypterad-?e?-?post|encryptedmail|sefos|zivver|cryptshare|egress|messagesecurity"
    rb"|zix(?:mail|corp|messagecenter)|minmyndighetspost)(?:[.-]|$)"
)
SECURE_WORDS = re.compile(
    rb"s(?:\xc3\xa4|\xe4|&auml;|&#228;|a)k(?:ert?|ra)\s+(?:e-?post|meddelande|fil(?:er|delning)?\b"
    rb"|fil(?:\xc3\xb6|\xf6|&ouml;|&#246;|o)verf|dokument|digital)"
    rb"|krypterat\s+(?:meddelande|e-?post)|(?:secure|encrypted|protected)\s+(?:message|e-?mail|file)"
    rb"|encryption/retrieve\.ashx"
)
# Boxes in which a message of an authority waits. Many letters name one in their footer, so a notice
# says as well that something came, or that one must sign in to read it.
INBOX = re.compile(
    rb"(?:^|[.-])(?:kivra|digimail|digitalbrevl[a-z]{1,3}da|mina-?(?:sidor|meddelanden)|myndighetspost"
    rb"|1177|fortroendepost|billo)(?:[.-]|$)"
)
INBOX_WORDS = re.compile(
    rb"\b(?:ny|nytt|nya|skickat|f(?:\xc3\xa5|\xe5|&aring;|&#229;|a)tt|new|sent)\b[^.!?]{0,80}"
    rb"\b(?:meddelande|post|brev|handling|dokument|message|letter|document)"
    rb"|logga in\b[^.!?]{0,80}l(?:\xc3\xa4|\xe4|&auml;|&#228;|a)sa"
)
# Proofpoint puts the message into a page beside a letter without any link.
SECURE_PAGE = b"securemessageatt"


def is_office_xml(content: bytes) -> bool:
    """Say whether XML is a document of Word or Excel 2003, or a package in one XML file."""
    return OFFICE_XML.search(content[:MAX_HEAD_BYTES]) is not None


def in_ascii(content: bytes, read_as: Reading) -> bytes:
    """Return markup in which tags are ASCII: of UTF-16, UTF-7 and their kind, what they say.

    Below it stand the bytes as they came, since a program may read them as another charset.
    """
    if read_as.codec not in charsets.WIDE | charsets.ESCAPED and b"\0" not in content:
        return content
    return read_as.text.encode("utf-8", "replace") + b"\n" + content.replace(b"\0", b"")


def find_in_markup(content: bytes) -> set[str]:
    """Return the findings in HTML or SVG whose tags are ASCII (`in_ascii`)."""
    written = content.lower()
    found = {code for code, rule in RULES if rule.search(written)}
    plain = REFERENCE.sub(_character, written).translate(None, CONTROLS)
    return found | {"html_script"} if SCRIPT_ADDRESS.search(plain) else found


def _character(reference: re.Match[bytes]) -> bytes:
    """Return the ASCII character of a reference, and of another one the reference itself."""
    hexadecimal, decimal, name = reference.groups()
    number = NAMED[name] if name else int(hexadecimal, 16) if hexadecimal else int(decimal)
    return bytes([number]).lower() if number < 128 else reference[0]


def find_links_to_files(content: bytes) -> set[str]:
    """Return `cloud_link` and `secure_mail_notice` where a letter points to papers elsewhere.

    b"https://region.sharepoint.com/:b:/g/1" -> {"cloud_link"}

    Only names are looked at; nothing is fetched. A word alone is no notice, it needs a link.
    """
    written = content.lower()
    found: set[str] = {"secure_mail_notice"} if SECURE_PAGE in written else set()
    for number, match in enumerate(HOST.finditer(written)):
        host = match[1]
        if CLOUD.search(host):
            found.add("cloud_link")
        is_by_words = not number and SECURE_WORDS.search(written)
        is_in_box = INBOX.search(host) and INBOX_WORDS.search(written)
        if SECURE.search(host) or is_by_words or is_in_box:
            found.add("secure_mail_notice")
        if len(found) > 1 or number == MAX_HOSTS:
            break
    return found


def find_in_office_xml(content: bytes) -> set[str]:
    """Return the findings in an office file that is one XML file."""
    return ooxml.find_in_xml(content)

"""Say in words where a link of a letter leads, the host first.

Nothing here is ever clickable: a person reads where a link leads, and asks for the file itself.
"""

import re
from urllib.parse import unquote, urljoin

MAX_HOST_CHARS = 253
MAX_ADDRESS_CHARS = 300
MAX_READ_CHARS = 8192
MAX_BASE_CHARS = 1000
SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]{0,30}):")
WEB = frozenset({"http", "https", "ftp"})
# A browser drops these from an address before it reads it (WHATWG URL §4.4).
BLANKS = re.compile(r"[\x00-\x20\x7f]+")
REWRITING = (".safelinks.protection.outlook.com", ".safelinks.protection.outlook.de")
REWRITTEN = re.compile(r"[?&]url=([^&#]+)", re.IGNORECASE)
# Proofpoint writes `/v3/__https://a.example/x__;…`, before that `/v2/url?u=https-3A__a.example_x`.
PROOFPOINT = frozenset({"urldefense.com", "urldefense.us", "urldefense.proofpoint.com"})
PROOFPOINT_3 = re.compile(r"https?:/{1,9}[^/]{1,99}/v3/__(.+?)__;", re.IGNORECASE)
PROOFPOINT_OLD = re.compile(
    r"https?:/{1,9}[^/]{1,99}/(v[12])/url\?(?:[^#]*?&)??u=([^&#]+)", re.IGNORECASE
)
# Mimecast keeps the address to itself and names its host.
MIMECAST = (".mimecast.com", ".mimecastprotect.com")
MIMECAST_DOMAIN = re.compile(r"[?&]domain=([a-z0-9.-]{1,253})", re.IGNORECASE)
MAX_GATEWAYS = 3
# Decoding may bring these in; a bracket would end our note.
UNCLEAN = re.compile(r"[\x00-\x20\x7f-\x9f\s\[\]]")
# A browser takes both strokes for the same (WHATWG URL §4.4).
NETWORK = re.compile(r"[/\\]{2}")
END_OF_HOST = re.compile(r"[/\\?#]")


def note_of_link(target: str, shown: str) -> str:
    """Return the note that stands behind a link's words, empty where they say as much themselves.

    `target` is the address in the markup, `shown` the words that a reader clicks.

    "https://a.example@b.example/x", "Letter" -> "[link to b.example: https://a.example@b.example/x]"
    """
    address = BLANKS.sub("", target)
    scheme = SCHEME.match(address)
    kind = scheme[1].lower() if scheme else ""
    rest = address[scheme.end() :] if scheme else address
    if not scheme and not NETWORK.match(address):
        # It leads to a place in the letter, or nowhere.
        return ""
    if kind in {"mailto", "tel"}:
        return _of_person(kind, rest, shown)
    if kind == "cid":
        return ""
    if scheme and kind not in WEB:
        return f"[link of the kind {kind}]"
    through = ""
    if inner := _behind_gateway(address):
        through, address = f" through {host_of(address)}", inner
    host = host_of(address)
    if _says_itself(address, host, shown):
        return ""
    foreign = "" if host.isascii() else " (its name has letters beyond a to z)"
    return f"[link to {host}{foreign}{through}: {_shortened(address)}]"


def short_base(base: str) -> str:
    """Return the base of a page's links, only its host where it is endless.

    There may be a link in every few characters of the page.
    """
    bare = BLANKS.sub("", base)
    return bare if len(bare) <= MAX_BASE_CHARS else f"https://{host_of(bare)}/"


def in_base(base: str, target: str) -> str:
    """Return the address of a link on a page with a base (HTML 4.2.3), one of `short_base`.

    A base that is no address changes nothing.

    "https://a.example/b/", "c" -> "https://a.example/b/c"
    """
    try:
        # A browser takes both strokes for the same (WHATWG URL §4.4).
        return urljoin(base.replace("\\", "/"), BLANKS.sub("", target))
    except ValueError:
        return target


def host_of(address: str) -> str:
    """Return the host of a web address as a browser finds it, in lower case; perhaps empty.

    What stands before an `@` is not the host, however much it looks like one (RFC 3986 §3.2.1).
    """
    scheme = SCHEME.match(address)
    rest = address[scheme.end() :] if scheme else address
    # However long what stands before the host is, it is not cut: the host is what counts.
    authority = END_OF_HOST.split(rest.lstrip("/\\"), maxsplit=1)[0]
    host = unquote(authority.rpartition("@")[2][: 3 * MAX_HOST_CHARS])
    return UNCLEAN.sub("", host).lower()[:MAX_HOST_CHARS]


def host_behind_gateways(address: str) -> str:
    """Return the host that an address leads to behind the gateways which rewrote it.

    It serves to compare two forms of a letter, of which often only one was rewritten. A gateway
    that keeps the address to itself is believed the host that it names.

    "https://eu.mimecast.com/s/A1?domain=a.example" -> "a.example"
    """
    for _ in range(MAX_GATEWAYS):
        inner = _behind_gateway(address)
        if not inner:
            break
        address = inner
    host = host_of(address)
    named = MIMECAST_DOMAIN.search(address[:MAX_READ_CHARS]) if host.endswith(MIMECAST) else None
    return named[1].lower() if named else host


def _behind_gateway(address: str) -> str:
    """Return the web address that a mail gateway put its own around, empty when there is none.

    Gateways of Microsoft and Proofpoint rewrite each link of every mail that passes them, so that
    all of them seem to lead to one host.
    """
    host, read = host_of(address), address[:MAX_READ_CHARS]
    written = ""
    if host.endswith(REWRITING):
        found = REWRITTEN.search(read)
        written = unquote(found[1]) if found else ""
    elif host in PROOFPOINT:
        newest, older = PROOFPOINT_3.match(read), PROOFPOINT_OLD.match(read)
        if newest is not None:
            written = newest[1]
        elif older is not None:
            is_second = older[1].lower() == "v2"
            code = older[2].replace("-", "%").replace("_", "/") if is_second else older[2]
            written = unquote(code)
    inner = BLANKS.sub("", written)
    scheme = SCHEME.match(inner)
    return inner if scheme and scheme[1].lower() in WEB else ""


def _of_person(kind: str, rest: str, shown: str) -> str:
    to = unquote(rest.partition("?")[0])[:MAX_HOST_CHARS]
    to = UNCLEAN.sub("", to)
    is_shown = to.casefold() in "".join(shown.split()).casefold()
    if not to or is_shown:
        return ""
    return f"[e-mail to {to}]" if kind == "mailto" else f"[telephone {to}]"


def _says_itself(address: str, host: str, shown: str) -> bool:
    """Say whether the words are the address; one with an `@` may hide its host in them."""
    words = "".join(shown.split())
    bare = re.sub(r"^[a-zA-Z]+://", "", address).rstrip("/")
    plain = "@" not in END_OF_HOST.split(bare, maxsplit=1)[0] and host.isascii()
    return plain and re.sub(r"^[a-zA-Z]+://", "", words).rstrip("/") == bare


def _shortened(address: str) -> str:
    safe = address[: MAX_ADDRESS_CHARS + 1].replace("[", "%5B").replace("]", "%5D")
    return safe if len(safe) <= MAX_ADDRESS_CHARS else f"{safe[:MAX_ADDRESS_CHARS]}…"

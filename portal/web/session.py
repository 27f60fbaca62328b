"""Read and write the browser's side of a session: its cookie, its network, its kind of browser.

The signed cookie holds a form token and a random session token; the row in the
database decides whether that token still stands for anybody.
"""

import ipaddress
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, TypeVar

from flask import abort, current_app, g, request, session
from werkzeug.exceptions import HTTPException

from intake.accounts import sign_in
from intake.accounts.known_browsers import MARK_LIFE
from portal.web import app_services
from portal.web.app_services import AppServices

if TYPE_CHECKING:
    from werkzeug.wrappers import Response

    from intake.accounts.accounts import SignedInUser

# Most browsers also name those that they are made like, so the first of these that occurs counts.
BROWSERS = (
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser", "Samsung Internet"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Chromium", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Macintosh", "Mac"),
    ("CrOS", "Chromebook"),
    ("Linux", "Linux"),
)
READ_CHARS = 500

View = TypeVar("View", bound=Callable[..., Any])
Answer = TypeVar("Answer", bound="Response")


@dataclass(frozen=True)
class Cookie:
    """A cookie beside the session's own, out of reach of scripts and sent by TLS where we have it.

    Over TLS the browser itself holds its name to that (`__Host-`, `__Secure-`; RFC 6265bis §4.1.3).
    """

    name: str
    life: timedelta
    path: str = "/"
    # "Lax" only where a link in a mail or on another site must bring the cookie along.
    same_site: str = "Strict"

    def read(self) -> str:
        """Return what the browser keeps in it, empty where it keeps nothing."""
        return request.cookies.get(self._full_name(), "")

    def give(self, response: Answer, value: str) -> Answer:
        """Let the browser keep a value."""
        response.set_cookie(
            self._full_name(),
            value,
            max_age=self.life,
            path=self.path,
            secure=_is_https(),
            httponly=True,
            samesite=self.same_site,
        )
        return response

    def _full_name(self) -> str:
        if not _is_https():
            return self.name
        return f"__Host-{self.name}" if self.path == "/" else f"__Secure-{self.name}"


MARK = Cookie("avrr-known", MARK_LIFE)
UNATTENDED = "_unattended"
TOKEN = "token"  # noqa: S105 - the name of the cookie's field
# Each repetition starts with its own slash: no text can be read in two ways (ReDoS).
LOCAL_PATH = re.compile(r"/|(?:/[A-Za-z0-9_-]+)+")


def services() -> AppServices:
    """Return the services that the application was built with."""
    return app_services.of_app(current_app)


def viewer() -> "SignedInUser":
    """Return who looks at the page; where nobody is signed in, answer as if it were not there."""
    found = viewer_or_nobody()
    if found is None:
        abort(404)
    return found


def viewer_or_nobody() -> "SignedInUser | None":
    """Return who looks at a page that also shows to nobody, an error page for one."""
    found: SignedInUser | None = g.get("viewer")
    return found


def keep_viewer(user: "SignedInUser | None") -> None:
    """Keep for the rest of the request who is signed in."""
    g.viewer = user


def signed_in_user() -> "SignedInUser | None":
    """Return who holds this browser's session, or None."""
    token = session.get(TOKEN)
    if not isinstance(token, str):
        return None
    view = current_app.view_functions.get(request.endpoint or "")
    is_attended = not getattr(view, UNATTENDED, False)
    return sign_in.user_of_session(services(), token, is_attended=is_attended)


def unattended(view: View) -> View:
    """Mark a view that a page's script calls: it keeps no session alive (ASVS 5.0 V7.3)."""
    setattr(view, UNATTENDED, True)
    return view


def session_token() -> str:
    """Return the token of this browser's session; empty when it has none."""
    token = session.get(TOKEN)
    return token if isinstance(token, str) else ""


def start_session(token: str) -> None:
    """Give the browser a fresh session; nothing of the one before stays (fixation)."""
    session.clear()
    session[TOKEN] = token


def browser_mark() -> str:
    """Return the mark by which this browser is known again, or nothing."""
    return MARK.read()


def keep_browser_mark(response: Answer, mark: str) -> Answer:
    """Give the browser its mark, which stays after signing out; it opens nothing."""
    return MARK.give(response, mark)


def end_session() -> None:
    """End the session on the server, then in the browser."""
    token = session.get(TOKEN)
    if isinstance(token, str):
        sign_in.sign_out(services(), token)
    session.clear()


def network() -> str:
    """Return the caller's network: an IPv4 address, the /64 of an IPv6 address, or `unknown`.

    A socket that listens for both gives an IPv4 caller as `::ffff:192.0.2.7` (RFC 4291 §2.5.5.2);
    it counts as the IPv4 address, or all of them would be one network.
    """
    try:
        address = ipaddress.ip_address(request.remote_addr or "")
    except ValueError:
        return "unknown"
    if isinstance(address, ipaddress.IPv6Address) and address.ipv4_mapped is None:
        return str(ipaddress.ip_network((address, 64), strict=False))
    return str(getattr(address, "ipv4_mapped", None) or address)


def kind() -> str:
    """Return coarsely what this browser says that it is, such as `Firefox on Linux`."""
    return kind_of(request.headers.get("User-Agent", ""))


def is_seen() -> bool:
    """Tell whether somebody is shown the answer; to a HEAD only headers go out, so nobody is."""
    return request.method != "HEAD"


def came_from_elsewhere() -> bool:
    """Tell whether another site's link led here, so that the SameSite=Strict cookie stayed away.

    Showing the sign-in page now would overwrite the cookie of somebody who is signed in.
    """
    return request.method == "GET" and request.headers.get("Sec-Fetch-Site") == "cross-site"


def local_path(path: str | None, default: str) -> str:
    """Return a path of this site, or the default for anything else (open redirects)."""
    return path if path is not None and LOCAL_PATH.fullmatch(path) else default


def page_to_return_to(default: str = "/") -> str:
    """Return the address of this page, or of the one on which a form's answer can be seen again."""
    if request.method in {"GET", "HEAD"}:
        return request.path
    adapter = current_app.create_url_adapter(request)
    try:
        is_there = adapter is not None and bool(adapter.match(request.path, method="GET"))
    except HTTPException:
        # No page, or one that leads elsewhere (`RequestRedirect` is one of these).
        return default
    return request.path if is_there else default


def kind_of(user_agent: str) -> str:
    """Return a browser's kind by its User-Agent field; empty for one that is not known.

    >>> kind_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox on Linux'
    """
    text = user_agent[:READ_CHARS]
    browser = next((word for mark, word in BROWSERS if mark in text), "")
    system = next((word for mark, word in SYSTEMS if mark in text), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system


def _is_https() -> bool:
    return bool(current_app.config["SESSION_COOKIE_SECURE"])

"""Check the browser's side of a session.

Networks, local paths, links from elsewhere, kinds of it.
"""

from pathlib import Path

import pytest
from flask import Flask, Response

import portal
from portal.coordinators import single_use_link
from portal.language import choice
from portal.web import session
from portal.web.session import kind_of

LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
PORTAL = Path(portal.__file__).parent
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.2", "192.0.2.2"),
        ("", "unknown"),
        ("unix:", "unknown"),
    ],
)
def test_a_network_is_an_address_or_a_prefix(app: Flask, address: str, network: str) -> None:
    environ = {"REMOTE_ADDR": address}

    with app.test_request_context("/", environ_overrides=environ):
        assert session.network() == network


@pytest.mark.parametrize(
    ("path", "result"),
    [
        ("/queues/Q2", "/queues/Q2"),
        ("/submissions/K7M-4QX-9T", "/submissions/K7M-4QX-9T"),
        ("/", "/"),
        ("//evil.example", "/home"),
        ("/\\evil.example", "/home"),
        ("https://evil.example", "/home"),
        ("/a?b=c", "/home"),
        ("/a\r\nX: y", "/home"),
        ("/a\n", "/home"),
        ("", "/home"),
        (None, "/home"),
    ],
)
def test_only_paths_of_this_site_are_followed(path: str | None, result: str) -> None:
    assert session.local_path(path, "/home") == result


def test_long_paths_take_no_long_time() -> None:
    assert session.local_path("/" + "a" * 50_000 + "!", "/home") == "/home"


@pytest.mark.parametrize(
    ("user_agent", "kind"),
    [
        ("Mozilla/5.0 (Windows NT 10.0; rv:128.0) Firefox/128.0", "Firefox on Windows"),
        (f"{LINUX} Chrome/131.0.0.0 Safari/537.36", "Chrome on Linux"),
        (f"{LINUX} Chrome/131.0.0.0 Safari/537.36 Edg/131.0", "Edge on Linux"),
        (f"{IPHONE} Version/18.0 Mobile/15E148 Safari/604.1", "Safari on iPhone"),
        ("Mozilla/5.0 (Linux; Android 14) SamsungBrowser/25 Chrome/121 Safari/537.36",
         "Samsung Internet on Android"),
        ("curl/8.5.0", ""),
        ("", ""),
        ("<script>alert(1)</script> Firefox", "Firefox"),
        ("x" * 600 + "Firefox", ""),
    ],
)  # fmt: skip
def test_a_browser_is_known_by_kind_and_by_nothing_more(user_agent: str, kind: str) -> None:
    assert kind_of(user_agent) == kind


COOKIES = {"mark": session.MARK, "link": single_use_link.KEY, "language": choice.CHOSEN}


@pytest.mark.parametrize("name", COOKIES)
def test_over_tls_a_cookie_is_bound_to_its_host(app: Flask, name: str) -> None:
    cookie = COOKIES[name]
    app.config["SESSION_COOKIE_SECURE"] = True

    with app.test_request_context("/", base_url="https://portal.example.org"):
        sent = cookie.give(Response(), "kept").headers["Set-Cookie"]

    prefix = "__Host-" if cookie.path == "/" else "__Secure-"
    assert sent.startswith(f"{prefix}{cookie.name}=kept; ")
    for wanted in ("Secure", "HttpOnly", f"Path={cookie.path}", f"SameSite={cookie.same_site}"):
        assert wanted in sent.split("; ")
    assert "Domain" not in sent
    with app.test_request_context("/", headers={"Cookie": sent.partition(";")[0]}):
        assert cookie.read() == "kept"


def test_no_page_writes_a_cookie_by_itself() -> None:
    writers = [path for path in PORTAL.rglob("*.py") if "set_cookie(" in path.read_text("utf-8")]

    assert [path.relative_to(PORTAL).as_posix() for path in writers] == ["web/session.py"]

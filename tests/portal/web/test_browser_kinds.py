"""Browser kinds: one's own is recognised, and nothing else comes out of a hostile header."""

import pytest

from portal.web.browser_kinds import kind_of

LINUX = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15"


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

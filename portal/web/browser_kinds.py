"""Of which kind a browser is, in a few words: enough to recognise one's own, and no more.

Taken from the User-Agent header (RFC 9110 §10.1.5), which is hostile text: only words of the
tables below come out. No version is kept; it would tell more about a person than it helps her.
"""

# The first that occurs counts: most browsers also name those that they are made like.
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


def kind_of(user_agent: str) -> str:
    """Return a browser's kind, or an empty text for none that is known.

    >>> kind_of("Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0")
    'Firefox on Linux'
    """
    text = user_agent[:READ_CHARS]
    browser = next((word for mark, word in BROWSERS if mark in text), "")
    system = next((word for mark, word in SYSTEMS if mark in text), "")
    if browser and system:
        return f"{browser} on {system}"
    return browser or system

"""Make OpenDocument files that are one XML file, and what can stand in one."""

import base64

NAMES = {
    "office": "office", "draw": "drawing", "text": "text", "table": "table", "script": "script",
    "svg": "svg-compatible", "style": "style",
}  # fmt: skip
SPACES = " ".join(
    f'xmlns:{prefix}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for prefix, name in NAMES.items()
)
OOO = 'xmlns:ooo="http://openoffice.org/2004/office" xmlns:xlink="http://www.w3.org/1999/xlink"'


def flat(body: str = "", *, kind: str = "text", scripts: str = "", before: str = "") -> bytes:
    """Return a document of one paragraph, and what else is given.

    Every program writes where macros would stand, as this does.
    """
    inner = {"text": "<text:p>A letter.</text:p>", "spreadsheet": table("A letter.")}[kind]
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<office:document {SPACES} {OOO}'
        f' office:version="1.3" office:mimetype="application/vnd.oasis.opendocument.{kind}">'
        "<office:meta>Secret</office:meta><office:scripts>"
        '<office:script script:language="ooo:Basic">'
        f"<ooo:libraries>{scripts}</ooo:libraries></office:script></office:scripts><office:body>"
        f"<office:{kind}>{inner}{body}</office:{kind}></office:body></office:document>"
    ).encode()


def table(words: str) -> str:
    """Return a sheet of one cell."""
    return (
        '<table:table table:name="A"><table:table-row><table:table-cell><text:p>'
        f"{words}</text:p></table:table-cell></table:table-row></table:table>"
    )


def framed(element: str, content: bytes, *, beside: str = "") -> str:
    """Return a frame with something in base64, broken into lines as programs break it."""
    written = base64.encodebytes(content).decode()
    return (
        '<text:p><draw:frame svg:width="2cm" svg:height="2cm">'
        f"{beside}<draw:{element}><office:binary-data>{written}</office:binary-data>"
        f"</draw:{element}></draw:frame></text:p>"
    )

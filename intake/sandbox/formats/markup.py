"""Find what markup does when a program shows it: web pages, drawings and office files as XML.

None of these is ever shown as it is: a copy holds the words alone. So the rules only have to name
what is there, not to prove that nothing is.
"""

import re

from ..office import ooxml

OFFICE_XML = re.compile(
    rb"mso-application|urn:schemas-microsoft-com:office:|schemas\.microsoft\.com/office/"
)
MAX_HEAD_BYTES = 4096
# Pages whose words can be shown, and what a page does beside showing words.
PAGES = frozenset({"text/html", "application/xhtml+xml"})
DOING = frozenset({"html_script", "html_event_handler", "html_embedded", "html_form"})
RULES = (
    ("html_script", re.compile(rb"<\s*(?:\w+:)?script\b|(?:java|vb)script\s*:", re.IGNORECASE)),
    ("html_event_handler", re.compile(rb"[\s\"'/]on[a-z]{3,20}\s*=", re.IGNORECASE)),
    ("html_embedded", re.compile(rb"<\s*(?:iframe|object|embed|applet|frame)\b", re.IGNORECASE)),
    ("html_form", re.compile(rb"<\s*form\b", re.IGNORECASE)),
    (
        "html_remote",
        re.compile(
            rb"(?:src|background|poster|srcset)\s*=\s*[\"']?\s*(?:https?:)?//|url\(\s*[\"']?https?:"
            rb"|<\s*(?:link|base|meta)\b[^>]{0,300}(?:href|url)\s*=\s*[\"']?\s*(?:https?:)?//"
            rb"|<\s*(?:use|image)\b[^>]{0,300}href\s*=\s*[\"']?\s*(?:https?:)?//",
            re.IGNORECASE,
        ),
    ),
)


def is_office_xml(content: bytes) -> bool:
    """Say whether XML is a document of Word or Excel 2003, or a package in one XML file."""
    return OFFICE_XML.search(content[:MAX_HEAD_BYTES]) is not None


def find_in_markup(content: bytes) -> set[str]:
    """Return the findings in HTML or SVG, also when it is written in UTF-16."""
    if content[:2] in (b"\xff\xfe", b"\xfe\xff"):
        content = content.replace(b"\0", b"")
    return {code for code, rule in RULES if rule.search(content)}


def find_in_office_xml(content: bytes) -> set[str]:
    """Return the findings in an office file that is one XML file."""
    return ooxml.find_in_xml(content)

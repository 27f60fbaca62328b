"""Know which names belong to elements, to tell a tag from words in angles (threat M8).

`Vi ses <måndag kl tio>` is shown by no browser where the first letter is one of a to z. Nobody
writes a tag so: its name belongs to no element, it sets no attribute, and it is never ended.
"""

import re

from .tags import Tag

# Of HTML, with what was once in it, and some that mail programs made up.
KNOWN = frozenset(
    {
        "a", "abbr", "acronym", "address", "applet", "area", "article", "aside", "audio", "b",
        "base", "basefont", "bdi", "bdo", "bgsound", "big", "blink", "blockquote", "body", "br",
        "button", "canvas", "caption", "center", "cite", "code", "col", "colgroup", "command",
        "content", "data", "datalist", "dd", "del", "details", "dfn", "dialog", "dir", "div",
        "dl", "dt", "element", "em", "embed", "fieldset", "figcaption", "figure", "font",
        "footer", "form", "frame", "frameset", "h1", "h2", "h3", "h4", "h5", "h6", "head",
        "header", "hgroup", "hr", "html", "i", "iframe", "image", "img", "includetail", "input",
        "ins", "isindex", "kbd", "keygen", "label", "layer", "legend", "li", "link", "listing",
        "main", "map", "mark", "marquee", "menu", "menuitem", "meta", "meter", "multicol",
        "nav", "nextid", "nobr", "noembed", "noframes", "nolayer", "noscript", "object", "ol",
        "optgroup", "option", "output", "p", "param", "picture", "plaintext", "portal", "pre",
        "progress", "q", "rb", "rbc", "rp", "rt", "rtc", "ruby", "s", "samp", "script",
        "search", "section", "select", "shadow", "slot", "small", "source", "spacer", "span",
        "strike", "strong", "style", "sub", "summary", "sup", "svg", "math", "table", "tbody",
        "td", "template", "textarea", "tfoot", "th", "thead", "time", "title", "tr", "track",
        "tt", "u", "ul", "var", "video", "wbr", "xml", "xmp",
    }
)  # fmt: skip
END = re.compile(r"</([a-zA-Z][^\t\n\f\r />]*+)")


class WordsInAngles:
    """Tell words in angles from tags, in one markup."""

    def __init__(self, markup: str) -> None:
        self._markup = markup
        self._ended: frozenset[str] | None = None

    def is_of_words(self, tag: Tag) -> bool:
        """Tell whether what was read as a tag is what a person wrote.

        Names with a hyphen or a colon are those of programs.
        """
        if tag.is_end or tag.name in KNOWN or "-" in tag.name or ":" in tag.name:
            return False
        written = tag.written.partition("</")[0]
        if "=" in written or '"' in written or written.endswith("/>"):
            return False
        if self._ended is None:
            self._ended = frozenset(each.lower() for each in END.findall(self._markup))
        return tag.name not in self._ended

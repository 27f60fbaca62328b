"""Read the XML parts of office files in one pass, with nothing expanded.

Declared entities are refused, since they can grow a part without end and hide words from a search;
names are compared without their prefixes.
"""

import re
from collections.abc import Callable, Mapping
from xml.parsers import expat

StartHandler = Callable[[str, Mapping[str, str]], None]
TextHandler = Callable[[str], None]
EndHandler = Callable[[str], None]
# A search for words can be trusted in a part without these; each of them can hide a word. Comments
# and instructions, of which the first one only names the charset, may stand within a word.
UNPLAIN = re.compile(rb"&#|<!|\x00|<\?(?!xml\s)")
OTHER_ENCODING = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*<\?xml[^>]*encoding\s*=\s*[\"'](?!utf-8|us-ascii)", re.IGNORECASE
)


class EntitiesDeclared(ValueError):
    """The part declares entities."""


class NotXml(ValueError):
    """The part is not well-formed, or in an encoding that is not read here."""


def local(name: str) -> str:
    """Return a name without its prefix: `w:instrText` -> `instrText`."""
    return name.rpartition(":")[2]


def is_plain(content: bytes) -> bool:
    """Say whether `content` spells every word as a reader sees it, so that a search finds it."""
    return not (UNPLAIN.search(content) or OTHER_ENCODING.match(content[:200]))


def walk(
    content: bytes,
    on_start: StartHandler,
    on_text: TextHandler | None = None,
    on_end: EndHandler | None = None,
) -> None:
    """Call `on_start` and `on_end` for each element, with local names, and `on_text` for text.

    Raises EntitiesDeclared and NotXml; what was called before the fault stays called.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.EntityDeclHandler = _refuse

    def start(name: str, attributes: dict[str, str]) -> None:
        if attributes and ":" in "".join(attributes):
            attributes = {local(key): value for key, value in attributes.items()}
        on_start(local(name), attributes)

    parser.StartElementHandler = start
    if on_text is not None:
        parser.CharacterDataHandler = on_text
    if on_end is not None:
        parser.EndElementHandler = lambda name: on_end(local(name))
    try:
        parser.Parse(content, True)
    except (expat.ExpatError, LookupError, UnicodeError, OSError) as error:
        raise NotXml from error


def _refuse(*_: object) -> None:
    raise EntitiesDeclared

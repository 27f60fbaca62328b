"""Tidy what people type, and match mail addresses."""

import re
import unicodedata

# The letters before the @ may be of any script (RFC 6531 §3.3); a domain is typed as DNS has it,
# underscores included.
ADDRESS = re.compile(
    r"(?:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]|[^\W\x00-\x7f])+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
)


def mail_address(text: str) -> str | None:
    """Return a typed address in small letters and NFC, as a From is read; None when it is none.

    One that mixes Latin letters with others is none: whoever typed it copied a look-alike.

    >>> mail_address(" Anna@Partner.example ")
    'anna@partner.example'
    """
    typed = unicodedata.normalize("NFC", text.strip().lower())
    letters = (each for each in typed.partition("@")[0] if each.isalpha())
    scripts = {unicodedata.name(each, "").partition(" ")[0] for each in letters}
    is_mixed = "LATIN" in scripts and len(scripts) > 1
    return typed if ADDRESS.fullmatch(typed) and not is_mixed else None


def tidy(text: str) -> str:
    """Return free text in NFC, without control and format characters and blanks at line ends.

    The two zero-width joiners stay, since Persian and Sorani are not written without them.
    """
    kept = (
        each
        for each in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        if each in "\n\u200c\u200d" or unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return "\n".join(line.rstrip() for line in "".join(kept).split("\n")).strip()

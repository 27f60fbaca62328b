"""Tidy what people type, and match mail addresses."""

import re
import unicodedata

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*")


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

"""Make a stranger's text safe to look at: characters that would change how it reads are shown.

The templates escape HTML; this is about characters that make text look like other text. A file
called `invoice-RLO-fdp.exe` must not look like a PDF.
"""

import re

from intake.sandbox.protocol.text import UNSEEN

# Overrides force a direction on letters that have one of their own: only spoofing needs them.
OVERRIDES = "\u202d\u202e"
# Embeddings, isolates and marks are wanted in running text, and never needed in a name.
FORMATTING = "\u061c\u200b\u200e\u200f\u2028\u2029\u202a-\u202c\u2060-\u2064\u2066-\u206f\ufeff"
CONTROLS = "\x00-\x1f\x7f-\x9f"
IN_LINE = re.compile(f"[{CONTROLS}{OVERRIDES}{FORMATTING}]|{UNSEEN.pattern}")
IN_TEXT = re.compile(f"(?![\n\t])[{CONTROLS}{OVERRIDES}]")
SHOWN_INSTEAD = "\ufffd"


def one_line(text: str) -> str:
    """Return a name, subject or address with every acting character shown as U+FFFD."""
    return IN_LINE.sub(SHOWN_INSTEAD, text)


def running(text: str) -> str:
    """Return a message body; its line breaks and its own bidirectional marks stay."""
    return IN_TEXT.sub(SHOWN_INSTEAD, text.replace("\r\n", "\n"))

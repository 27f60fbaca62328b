"""Know which blanks the texts of answers may hold."""

import re

# Texts that stand within others.
CLOSING = "closing"
HELPLINE = "helpline"
FIELDS = frozenset({"reference", "link", HELPLINE})
PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


def unknown_fields(text: str) -> tuple[str, ...]:
    """Return the blanks of a text that can never be filled: for whoever proposes an edition."""
    return tuple(name for name in PLACEHOLDER.findall(text) if name not in FIELDS)

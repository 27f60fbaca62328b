"""List the blanks that the texts of answers may hold."""

import re

# Codes of texts that are put into other texts.
CLOSING = "closing"
HELPLINE = "helpline"
FIELDS = frozenset({"reference", "link", HELPLINE})
PLACEHOLDER = re.compile(r"\{([^{}\n]{0,40})\}")


def unknown_fields(text: str) -> tuple[str, ...]:
    """Return the names of a text's blanks that nothing fills, in their order."""
    return tuple(name for name in PLACEHOLDER.findall(text) if name not in FIELDS)

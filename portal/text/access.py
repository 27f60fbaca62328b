"""Word closed documents and break-glass access for pages, by the codes of intake."""

from collections.abc import Iterable

KINDS_OF_PAPER = {"health": "health document", "police": "police or court document"}
WHOM_TO_ASK = {
    "health": "Ask the health focal point, or the caseworker who owns the case.",
    "police": "Ask the caseworker who owns the case, or a protection officer.",
}
SCOPES = {
    "content": "The case",
    "health": "Health documents",
    "police": "Police and court documents",
}
VERDICTS = {"in_order": "In order", "not_in_order": "Not in order"}


def closed_name(closed: Iterable[str], *, is_part: bool = False) -> str:
    """Return what a document is called for somebody to whom it is closed.

    >>> closed_name(["health"])
    'A health document'
    """
    known = [KINDS_OF_PAPER.get(code, "closed document") for code in closed]
    name = f"A {' and a '.join(known)}" if known else "A closed document"
    return f"{name}, in part" if is_part else name


def whom_to_ask(closed: Iterable[str]) -> str:
    """Return who reads documents of these compartments."""
    return " ".join(WHOM_TO_ASK[code] for code in closed if code in WHOM_TO_ASK)


def scope(code: str, *, is_case: bool) -> str:
    """Return what was opened, in words."""
    return "The submission" if code == "content" and not is_case else SCOPES.get(code, code)

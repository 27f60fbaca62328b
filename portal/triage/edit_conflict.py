"""Show what stands now beside what an officer wrote, when a colleague was quicker.

There is one page for every form. It says who changed the thing and when, keeps what was typed in
the form, and offers two ways on: keep the colleague's version, or send the own one again, made
from the version that stands now. Nothing was changed when it shows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue

from intake.access.edit_conflicts import RecordedChange
from portal.triage.filters import workplace_of

# The page makes these fields itself; it sends every other field again as it came.
OWN = frozenset({"csrf_token", "version"})
MAX_DIGITS = 12


@dataclass(frozen=True)
class Line:
    """One thing in both versions."""

    label: str
    theirs: str
    mine: str

    @property
    def differs(self) -> bool:
        """Tell whether the two versions differ."""
        return self.theirs != self.mine


@dataclass(frozen=True)
class BothVersions:
    """Both versions of a thing: `attempt` says what was asked, as in «You wanted to …».

    `texts` are {field: label} of what was typed at length and can be changed here. `changes` are
    {field: value} of what is sent otherwise than before. `replace` names the button that sends
    again; it is empty when what was asked cannot be done any more.
    """

    reference: str
    attempt: str
    back: str
    lines: tuple[Line, ...]
    texts: Mapping[str, str] = field(default_factory=dict)
    changes: Mapping[str, str] = field(default_factory=dict)
    replace: str = "Replace by mine"
    keep: str = "Keep theirs"


def seen_version() -> int | None:
    """Return the version that a form was made from, None when it carries none.

    A version that is no number is 0, which is older than every other.
    """
    text = request.form.get("version")
    if text is None:
        return None
    return int(text) if text.isascii() and text.isdigit() and len(text) <= MAX_DIGITS else 0


def show(both: BothVersions, change: RecordedChange | None) -> ResponseReturnValue:
    """Answer 409 with the page; its form holds the fields that were sent."""
    sent = [
        (name, value)
        for name, value in request.form.items(multi=True)
        if name not in OWN and name not in both.texts and name not in both.changes
    ]
    page = render_template(
        "triage/edit_conflict.html",
        both=both,
        change=change,
        again=_again(),
        hidden=[*sent, *both.changes.items()],
        typed={name: request.form.get(name, "") for name in both.texts},
    )
    return page, 409


def _again() -> str:
    """Return the address that the form was sent to, with the place where the officer works."""
    document = request.args.get("document", "")
    chosen = {"document": document} if document.isalnum() else {}
    parts = {**(request.view_args or {}), **workplace_of(request.args).args(), **chosen}
    return url_for(request.endpoint or "", **parts)

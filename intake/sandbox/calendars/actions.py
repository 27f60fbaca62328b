"""Find what a calendar entry or a contact makes a program run, or open on another computer.

A calendar program obeys an entry at a time that its sender chose, when nobody looks. Only the words
are shown of it here; the original is another matter, so it is named.

b"BEGIN:VALARM\\nACTION:PROCEDURE\\nATTACH:file://e/c.exe" ->
    {"calendar_program", "calendar_other_computer"}
"""

import re

from . import lines

# An address that a program runs, or that leads to a share: Windows signs in to it and so tells the
# secret of whoever looks. An UNC path may have its signs doubled, as text in an entry has.
ELSEWHERE = (
    rb"(?:(?:file|smb|nfs|davs?|jar|shell|javascript|vbscript|search(?:-ms)?|ms-msdt|ms-officecmd"
    rb"|ms-(?:word|excel|powerpoint)):|(?:\\{2,4}|//)[\w.@-])"
)
# What a program opens by itself or at a click, and what programs have added to the standard.
OPENED = (
    rb"(?:attach|url|image|photo|logo|sound|key|source|conference|structured-data|x-[\w-]{1,60})"
)
PARAMETERS = rb"(?:;(?:\"[^\"\r\n]*+\"|[^\":;\r\n])*+)*+"
RULES = (
    # RFC 2445 §4.8.6.1; a «PALARM» of vCalendar 1.0 does the same.
    (
        "calendar_program",
        re.compile(
            rb"^[ \t]*(?:action" + PARAMETERS + rb"[ \t]*:[ \t]*\"?procedure\b|palarm[ \t]*[;:])"
            rb"|\"action\"\s*,\s*\{[^{}]{0,2000}\}\s*,\s*\"text\"\s*,\s*\"procedure\"",
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
    (
        "calendar_other_computer",
        re.compile(
            rb"^[ \t]*(?:[\w-]+\.)?" + OPENED + PARAMETERS + rb"[ \t]*:[ \t]*[\"'<]?" + ELSEWHERE
            + rb"|;[ \t]*altrep[ \t]*=[ \t]*\"?" + ELSEWHERE
            + rb"|\"" + OPENED + rb"\"\s*,\s*\{[^{}]{0,2000}\}\s*,\s*\"[\w-]{1,40}\"\s*,\s*\""
            + ELSEWHERE,
            re.IGNORECASE | re.MULTILINE,
        ),
    ),
)  # fmt: skip


def find_actions(content: bytes) -> set[str]:
    """Return the findings in a text in ASCII letters; none where no entry stands in it."""
    return set().union(*map(find_in_lines, lines.readings_of(content)))


def find_in_lines(written: bytes) -> set[str]:
    """Return the findings in the properties of an entry, each in a line of its own."""
    return {code for code, rule in RULES if rule.search(written)}

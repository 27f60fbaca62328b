"""Find the fields of a word processor that do something by themselves.

The same instructions stand in Word's binary files, its XML and in RTF, so the rules are here once.
"""

import re
from collections.abc import Iterator, Sequence

# Runs a command or asks another program (ECMA-376 part 1 §17.16.5; Word turned it off in 2017).
# As the first word it is the kind of the field, and then whatever follows is asked for.
DDE = re.compile(
    r"\A\s*DDE(?:AUTO)?\b\s*\S|\bDDE(?:AUTO)?\b\s*[\"'\u201c\u201d\\\w{]", re.IGNORECASE
)
LOADING = re.compile(r"\b(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT|RD|LINK)\b", re.IGNORECASE)
# What is loaded stands in another field, whose text may say anything.
LOADING_ANY = re.compile(
    r"\b(?:INCLUDEPICTURE|INCLUDETEXT|IMPORT)[\s{\"\u201c]+(?:REF|DOCPROPERTY|DOCVARIABLE|IF|ASK"
    r"|FILLIN|MERGEFIELD|COMMENTS|SUBJECT|TITLE|KEYWORDS|AUTHOR|INFO|STYLEREF)\s",
    re.IGNORECASE,
)
# Asks a database, wherever it lies.
DATABASE = re.compile(r"(?:\A|[\s{])DATABASE\s+(?:\\{1,2}[a-z*]|\")", re.IGNORECASE)
REMOTE = re.compile(
    r"(?:https?|ftp|file|smb|mhtml|ms-[a-z]+):|\\\\|(?:\A|[\s\"\u201c])//", re.IGNORECASE
)
QUOTED_NUMBERS = re.compile(r"\bQUOTE((?:\s+\d{1,3}){3,})", re.IGNORECASE)
QUOTE = re.compile(r"\s*QUOTE(?=[\s\"\u201c])", re.IGNORECASE)
QUOTED = re.compile(r"[\"\u201c]([^\"\u201d]*)[\"\u201d]|\\[*#@!]\s*\w*|(\d{1,3})(?!\S)|(\S+)")
# The kind of a field and what parts it from the rest; a calculation needs no more than its sign.
KIND = re.compile(r"(?:[a-z]+[\s\"\u201c\\]|=)", re.IGNORECASE)
# Fields that people write with others in them, and without a blank between.
KINDS_OF_FIELDS = frozenset(
    {"IF", "SET", "QUOTE", "HYPERLINK", "COMPARE", "NEXTIF", "SKIPIF", "REF", "INCLUDEPICTURE"}
    | {"INCLUDETEXT", "EQ", "FILLIN", "ASK", "TC", "XE", "MERGEFIELD", "MACROBUTTON", "SYMBOL"}
)
MAX_PIECES, MAX_KIND_CHARS = 100, 200
REMOTE_TARGET = re.compile(
    r"\s*(?:(?:https?|ftp|smb|mhtml|ms-[a-z]+):|[\\/]{2}|file:)", re.IGNORECASE
)
LOCAL_DRIVE = re.compile(r"\s*(?:file:[\\/]*)?[a-z][:|][\\/]", re.IGNORECASE)


def of_instruction(written: str) -> Iterator[str]:
    """Yield the findings in one field's instruction.

    'DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe "/k calc"' -> office_dde
    """
    written = QUOTED_NUMBERS.sub(lambda match: _from_numbers(match[1]), written)
    if DDE.search(written) and not written.lstrip().upper().startswith("HYPERLINK"):
        yield "office_dde"
    is_loading = LOADING.search(written) and REMOTE.search(written)
    if is_loading or LOADING_ANY.search(written) or DATABASE.search(written):
        yield "office_external_link"


def result_of(written: str) -> str:
    """Return what a field leaves in the field around it, as far as its instruction says.

    That of any other field is the instruction itself, whose words then stand in the one around.

    'QUOTE "DDE" 65 85 84 79' -> 'DDEAUTO'; ' REF c ' -> ' REF c '
    """
    match = QUOTE.match(written)
    if match is None:
        return written
    return "".join(
        chr(int(number) % 256) if number else quoted or word
        for quoted, number, word in QUOTED.findall(written, match.end())
    )


def is_computed(before: Sequence[str]) -> bool:
    """Say whether a field that stands behind `before` in another one gives the kind of that one.

    No program writes such a field: the kind of what is asked for, such as DDE, shall not be seen.
    What a QUOTE says is read as its text, so it is no such field.

    >>> is_computed([" "]), is_computed(["IF "]), is_computed(["IN"]), is_computed(["="])
    (True, False, True, False)
    """
    begin = "".join(before[:MAX_PIECES])[:MAX_KIND_CHARS].lstrip()
    return not (KIND.match(begin) or begin.strip().upper() in KINDS_OF_FIELDS)


def is_loading_by_name(written: str) -> bool:
    """Say whether a field loads a file by a name that may be relative to the document's base."""
    return LOADING.search(written) is not None


def is_remote(target: str) -> bool:
    """Say whether a target lies on another machine; a drive letter means this machine."""
    return not is_on_a_drive(target) and REMOTE_TARGET.match(target) is not None


def is_on_a_drive(target: str) -> bool:
    """Say whether a target is a whole path of this machine, which no base makes another one."""
    return LOCAL_DRIVE.match(target) is not None


def _from_numbers(written: str) -> str:
    """Return the text that a QUOTE field hides in numbers: ' 68 68 69' -> 'DDE'."""
    return "".join(chr(int(number) % 256) for number in written.split())

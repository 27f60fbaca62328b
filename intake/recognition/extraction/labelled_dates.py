"""Find the dates for which the words before them say what they are, in Swedish and English.

Words are looked for before each date, in a short piece of text after the date before it; the
nearest word counts. A date that no word claims is left out. The words are hints for a person who
reads, from the documents that requirement 110 lists.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta

from intake.recognition.extraction.dates import SeenDate, find_dates
from intake.recognition.extraction.folding import squeeze
from intake.recognition.extraction.value import READINGS_MARK, ExtractedValue, ValueKind

MAX_DATES_OF_PAGE = 200
WINDOW_CHARS = 120
WINDOW_LINES = 3

# Folded words (see `folding`), as whole words. The key is the kind of value; `other` claims a date
# for something that is not extracted.
WORDS = {
    "reflection_end": (
        r"betanketid(?:en)?|reflektions(?:period|tid)(?:en)?|(?:recovery and )?reflection period"
        r"|recovery period"
    ),
    "trial": (
        r"huvudforhandling(?:en|ar)?|rattegang(?:en)?|main hearing|court hearing|trial(?: date)?"
    ),
    "permit_expiry": (
        r"(?:tidsbegransat )?uppehallstillstand(?:et|skort)?|tillstandet|residence permit|permit"
    ),
    "departure_deadline": (
        r"lamna (?:sverige|landet)|utresa|utresefrist|avresa|tidsfrist for frivillig avresa"
        r"|departure deadline|voluntary departure|leave (?:sweden|the country)|departure"
    ),
    "passport_expiry": (r"pass(?:et)?|resehandling(?:en)?|framlingspass|passport|travel document"),
    "decision_date": (
        r"beslutsdatum|beslutsdag|datum for beslut(?:et)?|beslut (?:den|av den|daterat|fattat)"
        r"|(?:beslut )?fattades|beslutades|beviljades|decision date|date of (?:the )?decision"
        r"|decided on|decision (?:of|taken on)|granted on"
    ),
    "birth_date": (
        r"fodd|fodelsedatum|fodelsedag|fodelsetid|date of birth|birth ?date|born(?: on)?"
        r"|d\.?o\.?b\.?"
    ),
    "other": (
        r"utfardad|utfardat|utfardandedatum|date of issue|issued(?: on)?|inkom(?:men|met)?|ankom"
        r"|arriv(?:al|ed)|underskrift|signature|datum|date|skickat|sent|inresa|entry"
    ),
}
SUBJECT = re.compile(
    "|".join(rf"(?P<{kind}>(?<!\w)(?:{words})(?!\w))" for kind, words in WORDS.items())
)
# Words right before a date that say that something ends, or begins, with it.
END_WORDS = (
    r"t\.? ?o\.? ?m\.?|till och med|till|intill|senast|fore|upphor|loper ut|gar ut|slutar|until"
    r"|through|to|by|before|no later than|not later than|latest|expires?(?: on)?|ends?(?: on)?"
    r"|valid (?:until|to|thru)|deadline"
)
AT_END = re.compile(rf"(?<!\w)(?:{END_WORDS})[ :]*+(?:den|the|dag)?[ :]*+\Z")
START_WORDS = r"fr\.? ?o\.? ?m\.?|fran(?: och med)?|from|since|sedan|med borjan"
AT_START = re.compile(rf"(?<!\w)(?:{START_WORDS})[ :]*+(?:den|the|och med)?[ :]*+\Z")
# How long it lasts, where the end itself is not written: "30 dagar fr.o.m. 2026-10-25".
LASTS = re.compile(
    r"(?<![0-9a-z])(?P<days>[0-9]{1,3}|trettio|thirty)(?: dagar(?:s)?| days?|-day| dygn)(?!\w)"
)
YEAR = re.compile(r"[0-9]{4}")
IN_WORDS = {"trettio": 30, "thirty": 30}
MAX_DAYS, AFTER_CHARS = 365, 40
STARTS = re.compile(
    rf"(?<!\w)(?:{START_WORDS}|borjar|startar|startdag|startdatum|starts?(?: on)?|start date"
    r"|starting(?: on)?)[ :]*+(?:den|the|och med)?[ :]*+\Z"
)
# Headings that say by themselves that something ends; the page says whether it is a passport or a
# permit.
EXPIRY = re.compile(
    r"(?<!\w)(?:giltig(?:t|hetstid)? (?:till|t\.? ?o\.? ?m\.?)(?: och med)?|sista giltighetsdag"
    r"|utgangsdatum|date of expiry|expiry date|expiration date|date d.expiration|valid until"
    r"|expires)[ :/().]*(?:den )?\Z"
)
BETWEEN = re.compile(
    r"[ ,]*(?:-|till|to|until|through|t\.? ?o\.? ?m\.?|till och med)[ ]*+(?:den|the)?[ ]*+"
)
# A new sentence; dots of abbreviations are followed by a small letter or a digit.
SENTENCE = re.compile(r"[.!?]\s+(?=[A-ZÅÄÖ])")
# A sentence that goes on about the one before it: "Den löper …", "The period ends …".
GOES_ON = re.compile(
    r"(?:den|denna|perioden|tiden|betanketiden|reflektionsperioden|it|this"
    r"|(?:the (?:reflection )?|this )period)"
    r" (?:loper|galler|varar|borjar|startar|paborjas|slutar|upphor|gar ut|ar (?:pa )?"
    r"|runs?|lasts?|starts?|begins?|ends?|expires?|applies|is (?:for )?)(?!\w)"
)
# Nobody can tell then whether there is a period: it was refused, or is only asked for.
DOUBTED = re.compile(
    r"(?<!\w)(?:inte|ej|ingen|avsl\w*|nek\w*|saknas|ansok\w*|ansokt|begar\w*|not|no|denied|refus\w*"
    r"|reject\w*|appl(?:y|ied|ication)|request\w*|asked|expired|upphort|avslut\w*)(?!\w)"
)
OF_THE_PERIOD = {"reflection_end", "decision_date"}
PARAGRAPH = re.compile(r"\n[ \t]*\n")
VALUE_FOLLOWS = re.compile(r"(?: ?\([a-z .]{1,20}\))?[ ]?:[ ]*+(?:den|the)?[ ]*+")
ENDING = {
    ValueKind.REFLECTION_END,
    ValueKind.PERMIT_EXPIRY,
    ValueKind.DEPARTURE_DEADLINE,
    ValueKind.PASSPORT_EXPIRY,
}
ENDING_CODES = {kind.value for kind in ENDING}
PASSPORT_PAGE = re.compile(r"(?<!\w)(?:pass|passport|resehandling|travel document)(?!\w)|p<")
PERMIT_PAGE = re.compile(r"uppehallstillstand|residence permit")


@dataclass(frozen=True)
class _Label:
    """Hold what the words before a date say: a kind, or none, and why."""

    kind: ValueKind | None
    reasons: tuple[str, ...] = ()


NO_LABEL = _Label(None)


def find_labelled_dates(text: str, page: int) -> Iterator[ExtractedValue]:
    """Yield the dates of a page that words before them claim.

    "Betänketid fr.o.m. 2026-10-25 t.o.m. 2026-11-24" -> reflection_end, 2026-11-24
    "Betänketid, 30 dagar, fr.o.m. 2026-10-26" -> reflection_end, 2026-11-24
    "Betänketid beviljad. Den löper 30 dagar från 2026-10-26" -> reflection_end, 2026-11-24
    """
    previous: SeenDate | None = None
    range_words = ""
    whole: str | None = None
    for seen in find_dates(text, limit=MAX_DATES_OF_PAGE):
        words = _words_before(text, previous.end if previous else 0, seen.start)
        if range_words and BETWEEN.fullmatch(words):
            words = f"{range_words} till "
        elif _begins_a_range(text, seen.end):
            range_words = words
            words = ""
        else:
            range_words = ""
        previous = seen
        if not words:
            continue
        counted = _counted(text, page, seen, words)
        if counted is not None:
            yield counted
            continue
        if EXPIRY.search(words) and whole is None:
            whole = squeeze(text)
        label = _label(words, whole or "")
        if label.kind is not None:
            yield _extracted(text, page, seen, label.kind, label.reasons)


def _counted(text: str, page: int, starts: SeenDate, words: str) -> ExtractedValue | None:
    """Return the end of a reflection period of which start and length are written, or None.

    The first day counts: 30 days from the 25th of October end with the 23rd of November.
    """
    if not STARTS.search(words) or len(starts.readings) > 1:
        return None
    named = [
        match.lastgroup for match in SUBJECT.finditer(words) if match.lastgroup in ENDING_CODES
    ]
    after = squeeze(text[starts.end : starts.end + AFTER_CHARS].partition("\n")[0])
    lasts = next(LASTS.finditer(words), None) or LASTS.search(after)
    is_written = YEAR.search(after) is not None
    if named[-1:] != [ValueKind.REFLECTION_END.value] or lasts is None or is_written:
        return None
    number = IN_WORDS.get(lasts["days"]) or int(lasts["days"])
    if not 1 <= number <= MAX_DAYS:
        return None
    last = starts.readings[0] + timedelta(days=number - 1)
    read = SeenDate((last,), starts.start, starts.end)
    return _extracted(text, page, read, ValueKind.REFLECTION_END, ("labelled", "counted_in_days"))


def _words_before(text: str, end_of_previous: int, start: int) -> str:
    """Return the folded words that may speak of the date at `start`."""
    window = text[max(end_of_previous, start - WINDOW_CHARS) : start]
    if start - len(window) > end_of_previous:
        window = window[window.find(" ") + 1 :]  # no half word
    window = "\n".join(window.split("\n")[-WINDOW_LINES:])
    sentence = SENTENCE.split(window)[-1]
    words = squeeze(sentence)
    if GOES_ON.match(words):
        words = f"{_period_before(text, start - len(sentence))}{words}"
    return words + (" " if window[-1:].isspace() else "")


def _period_before(text: str, start: int) -> str:
    """Return the folded sentence before `start` if it says that there is a reflection period.

    "" where it speaks of something else too, where a new paragraph begins, or in doubt.
    """
    before = text[max(0, start - WINDOW_CHARS) : start]
    if PARAGRAPH.search(before[len(before.rstrip()) :]):
        return ""
    words = squeeze(SENTENCE.split(before.rstrip().rstrip(".!?"))[-1])
    named = {match.lastgroup for match in SUBJECT.finditer(words)}
    is_clear = "reflection_end" in named and named <= OF_THE_PERIOD and not DOUBTED.search(words)
    return f"{words}. " if is_clear else ""


def _begins_a_range(text: str, end: int) -> bool:
    after = squeeze(text[end : end + 20]) + " "
    match = BETWEEN.match(after)
    return match is not None and after[match.end() : match.end() + 1].isdigit()


def _label(words: str, whole: str) -> _Label:
    if AT_START.search(words):
        return NO_LABEL
    subjects = [(match.lastgroup, match) for match in SUBJECT.finditer(words)]
    named = [(ValueKind(kind), match) for kind, match in subjects if kind and kind != "other"]
    if EXPIRY.search(words):
        claims = [kind for kind, _ in named if kind in ENDING]
        return _Label(claims[-1], ("labelled",)) if claims else _of_page(whole)
    if AT_END.search(words):
        ends = [kind for kind, _ in named if kind in ENDING or kind is ValueKind.TRIAL]
        return _Label(ends[-1], ("labelled",)) if ends else NO_LABEL
    if not named or subjects[-1][0] == "other":
        return NO_LABEL
    kind, match = named[-1]
    if kind not in ENDING:
        return _Label(kind, ("labelled",))
    if VALUE_FOLLOWS.fullmatch(words, match.end()):
        return _Label(kind, ("labelled", "no_word_for_the_end"))
    return NO_LABEL


def _of_page(whole: str) -> _Label:
    """Return what a bare "valid until" is the end of, if the page speaks of one thing only."""
    is_passport, is_permit = bool(PASSPORT_PAGE.search(whole)), bool(PERMIT_PAGE.search(whole))
    if is_passport == is_permit:
        return NO_LABEL
    kind = ValueKind.PASSPORT_EXPIRY if is_passport else ValueKind.PERMIT_EXPIRY
    return _Label(kind, ("labelled", "kind_by_the_page"))


def _extracted(
    text: str, page: int, read: SeenDate, kind: ValueKind, reasons: tuple[str, ...]
) -> ExtractedValue:
    is_ambiguous = len(read.readings) > 1
    return ExtractedValue(
        kind=kind,
        value=READINGS_MARK.join(day.isoformat() for day in read.readings),
        shown=text[read.start : read.end],
        page=page,
        start=read.start,
        end=read.end,
        reasons=(*reasons, "day_or_month_first") if is_ambiguous else reasons,
    )

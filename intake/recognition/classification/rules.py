"""Score a document's type from its words, numbers and layout, by the taxonomy alone.

The functions are pure, from pages and facts to scores with reasons. A phrase counts once, more in a
heading, less when several types share it. No file name is looked at: it is the sender's claim.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from intake.recognition.classification import page_marks
from intake.recognition.classification.tokens import fold, words_of
from intake.reference_data.document_types import UNKNOWN, DocumentType, Taxonomy

HEADING_WORDS = 40
# A Swedish noun's longest common endings have three letters: riskbedömning|ens.
MAX_ENDING = 3
MIN_STEM = 6
TITLE_WEIGHT, KEYWORD_WEIGHT, HEADING_FACTOR = 2.0, 1.0, 1.5
FORM_WEIGHT, MRZ_WEIGHT, FIELD_WEIGHT, MESSAGE_WEIGHT = 5.0, 5.0, 3.0, 2.0
# A referral quotes the number of a police report as well, so the number is only a hint.
POLICE_NUMBER_WEIGHT = 1.5
MESSAGE_TYPES = ("message/rfc822", "application/vnd.ms-outlook")
# A passport photo is 35 by 45 mm; A4 upright, at 0.71, must stay outside.
PHOTO_SHAPES = (0.74, 0.82)
MAX_FIELD_NAMES = 1_000
# What stands beside a title in a heading: "Läkarintyg FK 7263", "Polisanmälan K-nummer …".
SHORT_WORD = 3
NUMBER_ENDINGS, MIN_NUMBER_DIGITS = ("nummer", "number"), 2
NUMBER_WORDS = frozenset(
    {
        "enligt",
        "ilmoitusnumero",
        "diaarinumero",
        "nummer",
        "number",
        "diarienummer",
        "diarienr",
        "personnummer",
        "номер",
        "رقم",
        "شماره",
        "ቁጽሪ",
        "ቁጥር",
    }
)
# Letterheads of the police, in folded words; under one a bare «Anmälan» is a report of a crime.
POLICE = frozenset({"polisen", "polismyndigheten"})
POLICE_TITLES = frozenset({"anmalan", "avskrift av anmalan", "kopia av anmalan"})


@dataclass(frozen=True)
class DocumentFacts:
    """What is known of a document besides its text; sizes are (width, height) in millimetres.

    `field_names` are those of a PDF form as the sandbox read them, so they are a stranger's words.
    """

    field_names: tuple[str, ...] = ()
    page_sizes_mm: tuple[tuple[float, float], ...] = ()
    has_mrz: bool = False
    page_count: int = 0
    detected_type: str = ""
    is_picture: bool = False


@dataclass(frozen=True)
class Score:
    """How strongly the rules speak for one type, with reasons, the strongest first.

    A reason is a code and what it found: "title:riskbedömning", "word:hotbild",
    "form:195011", "number:k", "field:consent_share", "mrz".
    """

    points: float
    reasons: tuple[str, ...]
    is_titled: bool = False


@dataclass(frozen=True)
class Phrase:
    """A phrase of the taxonomy as folded words and as written, and its worth for one type."""

    words: tuple[str, ...]
    written: str
    code: str
    is_title: bool
    weight: float


@dataclass(frozen=True)
class RuleBook:
    """The taxonomy made ready for reading: phrases by their first word, numbers, field names."""

    taxonomy: Taxonomy
    phrases: Mapping[str, tuple[Phrase, ...]]
    form_numbers: Mapping[str, str]
    field_names: tuple[tuple[str, str], ...]

    @cached_property
    def single_titles(self) -> tuple[str, ...]:
        """Return the folded titles of one word."""
        each = (phrase for phrases in self.phrases.values() for phrase in phrases)
        return tuple({one.words[0] for one in each if one.is_title and len(one.words) == 1})


@dataclass
class _Tally:
    points: dict[str, float] = field(default_factory=lambda: defaultdict(float))
    reasons: dict[str, dict[str, float]] = field(default_factory=lambda: defaultdict(dict))
    titled: set[str] = field(default_factory=set)

    def add(self, code: str, reason: str, worth: float) -> None:
        """Count a reason once, with the highest worth that it has anywhere."""
        more = worth - self.reasons[code].get(reason, 0.0)
        if more > 0:
            self.points[code] += more
            self.reasons[code][reason] = worth


def rule_book(taxonomy: Taxonomy) -> RuleBook:
    """Make a taxonomy ready for reading; this is done once a model."""
    types = [each for each in taxonomy.types if each.code != UNKNOWN]
    shared: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each in types:
        for words, _, _ in _written_phrases(each):
            shared[words].add(each.code)
    phrases: dict[str, list[Phrase]] = defaultdict(list)
    for each in types:
        for words, written, is_title in _written_phrases(each):
            base = TITLE_WEIGHT if is_title else KEYWORD_WEIGHT
            weight = base / len(shared[words])
            phrases[words[0]].append(Phrase(words, written, each.code, is_title, weight))
    return RuleBook(
        taxonomy,
        {word: tuple(found) for word, found in phrases.items()},
        {number: each.code for each in types for number in each.form_numbers},
        tuple((fold(name), each.code) for each in types for name in each.field_names),
    )


def _written_phrases(document_type: DocumentType) -> Iterator[tuple[tuple[str, ...], str, bool]]:
    seen: set[tuple[str, ...]] = set()
    for written in (*document_type.titles, *document_type.keywords):
        words = words_of(written)
        # A title is often a keyword as well and must not count twice; a hint such as "p<"
        # folds to one letter, which stands anywhere.
        if len("".join(words)) > 1 and words not in seen:
            seen.add(words)
            yield words, written, written in document_type.titles


def score(
    book: RuleBook,
    pages: Sequence[Sequence[str]],
    texts: Sequence[str],
    facts: DocumentFacts,
) -> dict[str, Score]:
    """Return the types that something speaks for.

    `pages` are the folded words of each page (`words_of`), `texts` the pages as they were read.
    """
    tally = _Tally()
    for words in pages:
        _score_words(book, words, tally)
    _score_marks(texts, facts, tally)
    if facts.detected_type in MESSAGE_TYPES:
        tally.add("CORR", "layout:message", MESSAGE_WEIGHT)
    for name in facts.field_names[:MAX_FIELD_NAMES]:
        _score_field(book, name, tally)
    return {code: _scored(tally, code) for code in tally.points}


def headed_types(book: RuleBook, page: str) -> frozenset[str]:
    """Return the types whose title is the heading of a page that gives a number of their kind.

    Such a page says what it is, however few its words are. A sentence that only begins with a title
    is no heading: beside it stand numbers and words like «nr». «Pass» is a title where a
    «Passnummer» is given.
    """
    lines = [words_of(line) for line in page_marks.headings(page)]
    if _is_police_report(lines) and page_marks.has_police_number(page):
        return frozenset({"POL-RPT"})
    words = lines[0] if lines else ()
    headed = [
        phrase
        for phrase in (phrases_at(book, words, 0) if words else ())
        if all(map(is_of_number, words[len(phrase.words) :]))
    ]
    # Most pages begin with something else, and their words need no reading for it.
    if not headed:
        return frozenset()
    numbered = numbered_types(book, words_of(page))
    found = frozenset(
        phrase.code for phrase in headed if phrase.is_title or _is_named_by_number(phrase, numbered)
    )
    is_of_police = page_marks.has_police_number(page)
    if not (is_of_police or page_marks.has_paper_number(page)):
        found = frozenset()
    return found if is_of_police else found - {"POL-RPT"}


def _is_police_report(lines: Sequence[Sequence[str]]) -> bool:
    """Tell whether the first lines are the police's letterhead and a title, in either order."""
    named = {" ".join(each for each in line if not is_of_number(each)) for line in lines}
    return not named.isdisjoint(POLICE) and not named.isdisjoint(POLICE_TITLES)


def numbered_types(book: RuleBook, words: Sequence[str]) -> frozenset[str]:
    """Return the types whose own word for a number stands before one: «Passnummer AA1234567»."""
    return frozenset(
        phrase.code
        for place, word in enumerate(words)
        if word.endswith(NUMBER_ENDINGS) and _has_digits(words[place + 1 : place + 2])
        for phrase in phrases_at(book, words, place)
        if len(phrase.words) == 1
    )


def _is_named_by_number(phrase: Phrase, numbered: frozenset[str]) -> bool:
    """Tell whether a word that is no title is the name of the paper whose number is given."""
    return phrase.code in numbered and not phrase.words[-1].endswith(NUMBER_ENDINGS)


def _has_digits(words: Sequence[str]) -> bool:
    return any(sum(map(str.isdigit, word)) >= MIN_NUMBER_DIGITS for word in words)


def is_of_number(word: str) -> bool:
    """Tell whether a folded word beside a title belongs to a number, as «nr» and «K123» do."""
    is_short = len(word) <= SHORT_WORD
    return is_short or word in NUMBER_WORDS or any(letter.isdigit() for letter in word)


def looks_like_photo(facts: DocumentFacts) -> bool:
    """Say whether a document is one picture in a passport photo's shape; faces are not sought."""
    if not facts.is_picture or len(facts.page_sizes_mm) != 1:
        return False
    width, height = facts.page_sizes_mm[0]
    least, most = PHOTO_SHAPES
    return height > 0 and least <= width / height <= most


def _score_words(book: RuleBook, words: Sequence[str], tally: _Tally) -> None:
    for place, word in enumerate(words):
        if word in book.form_numbers:
            tally.add(book.form_numbers[word], f"form:{word}", FORM_WEIGHT)
        for phrase in phrases_at(book, words, place):
            in_heading = place < HEADING_WORDS
            worth = phrase.weight * (HEADING_FACTOR if in_heading else 1.0)
            is_title = phrase.is_title and in_heading
            reason = f"{'title' if is_title else 'word'}:{phrase.written}"
            tally.add(phrase.code, reason, worth)
            if is_title:
                tally.titled.add(phrase.code)


def phrases_at(book: RuleBook, words: Sequence[str], place: int) -> Iterator[Phrase]:
    """Yield the phrases of the taxonomy that begin at a place of folded words."""
    word = words[place]
    for cut in range(min(MAX_ENDING, max(0, len(word) - MIN_STEM)) + 1):
        for phrase in book.phrases.get(word[: len(word) - cut], ()):
            ends = words[place + 1 : place + len(phrase.words)]
            if len(ends) == len(phrase.words) - 1 and all(map(_is_form_of, ends, phrase.words[1:])):
                yield phrase


def _is_form_of(word: str, stem: str) -> bool:
    if word == stem:
        return True
    is_longer = 0 < len(word) - len(stem) <= MAX_ENDING
    return is_longer and len(stem) >= MIN_STEM and word.startswith(stem)


def _score_marks(texts: Sequence[str], facts: DocumentFacts, tally: _Tally) -> None:
    found = {page_marks.mrz_of(text) for text in texts} - {""}
    if page_marks.PASSPORT in found or (facts.has_mrz and not found):
        tally.add("ID-PASS", "mrz", MRZ_WEIGHT)
    if any(map(page_marks.has_police_number, texts)):
        tally.add("POL-RPT", "number:k", POLICE_NUMBER_WEIGHT)
    if page_marks.CARD in found:
        # Residence permits and identity cards carry the same lines; only words distinguish them.
        for code in ("ID-CARD", "PRM-TEMP"):
            tally.add(code, "mrz", MRZ_WEIGHT / 2)


def _score_field(book: RuleBook, claimed_name: str, tally: _Tally) -> None:
    name = fold(claimed_name[:100])
    for known, code in book.field_names:
        if name == known or name.startswith((f"{known}_", f"{known}.")):
            tally.add(code, f"field:{known}", FIELD_WEIGHT)


def _scored(tally: _Tally, code: str) -> Score:
    reasons = sorted(tally.reasons[code].items(), key=lambda item: -item[1])
    return Score(tally.points[code], tuple(name for name, _ in reasons), code in tally.titled)

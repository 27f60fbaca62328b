"""Know the words by which a person says that something cannot wait.

They are whole words in the languages that people here write, whatever their case, width or
emphasis. What says the contrary («inte akut»), what tells whom to call in general («vid akuta
ärenden, ring …», as below a signature), what is of no case at hand (`conditions`) and the words of
our own mails are none. What tells of a danger or a need at hand says it without such a word. In
doubt a word counts: an alarm too many costs a look.
"""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator

from intake.sandbox.protocol.body_text import HEADING, MARKED
from intake.senders.emergencies.conditions import tells_of_no_case
from intake.senders.emergencies.needs import is_pressing, says_need
from intake.senders.emergencies.thoughts import read
from intake.senders.emergencies.threats import says_threat
from intake.senders.emergencies.urgent_now import BREAK, IN_CASE, NOW, says_now

URGENT = re.compile(
    r"(?<!\w)(?:"
    # Swedish, Norwegian, Danish
    r"akut|akuta|akutt|akutte|akutärende|akutremiss|a k u t|brådskande|bradskande|brådskar|bråttom"
    r"|hastar|haster|hastesak|hastesag|omedelbar|omedelbart|øjeblikkelig|øjeblikkeligt"
    r"|øyeblikkelig|presserende|nødsituation|nødsituasjon"
    # English, German
    r"|emergency(?! contact)|urgent|urgently(?!-)|imminent|dringend|dringende[rsnm]?|dringlich"
    r"|eilig|eilt|notfall"
    # Finnish, Somali
    r"|kiireelli(?:nen|stä|sen|sesti|set|siä|seen|seksi|sessä)|hätätapaus|hätätilanne|akuutti"
    r"|deg[ -]?deg"
    # French, Spanish
    r"|urgente?s?|(?<!d['\u2019])urgence|urgentemente|emergencia"
    # Ukrainian, Russian
    r"|термінов(?:о|ий|а|е|і|ого|ої|у)|невідкладн(?:о|ий|а|е|і)|негайно|срочн(?:о|ый|ая|ое|ые|ого"
    r"|ую)"
    r"|неотложн(?:о|ый|ая|ое|ые)|экстренн(?:о|ый|ая|ое|ые)|немедленно"
    # Arabic, Persian
    r"|و?(?:عاجل|عاجلة|العاجلة|عاجلا(?! [أا][مو] )|طارئ|طارئة|مستعجل|مستعجلة|فوري|فورية"
    r"|فورا|اورژانسي|اضطراري)"
    # Whoever asks to be called at once
    r"|(?:ring|ringa|kontakta|kontakt|svara|call|phone|contact|rufen sie|soita|soittakaa|appelez)"
    r"[ \n-](?:(?:till|til|up)[ \n])?(?:mig|meg|oss|os|me|us|mich|uns|minulle|meille|moi|nous)"
    r"[ \n](?:(?!inte|ej|ikke|not|nicht)[^\W\d]{1,12}[ \n]){0,2}(?:omgående|genast|straks"
    r"|med en gang|immediately|right away|at once|asap|sofort|heti|immédiatement)"
    # Tigrinya, Amharic
    r"|ብ?[ህሕኅ][ጹፁ][ጽፅ]|አስቸኳይ|ኣስቸኳይ"
    r")(?!\w)",
    re.IGNORECASE,
)
# Before the word, with at most a few words that only join them: anything else is another thought.
JOINED = (
    r"(?:[ \n-](?:är|er|is|ist|mitään|an?|en|ett|et|es|ole|so|så|very|really|that|särskilt|längre"
    r"|longer"
    r"|direkt|någon|något|noget|sehr|d['\u2019]|très|muy|un[ae]?|est|était|è|очень|дуже"
    r"|immediate|omedelbar[ta]?|or|eller|oder|i|in|need|require)){0,3}"
    r"(?:[ \n-]|(?<=['\u2019]))\Z"
)
DENIED = re.compile(
    r"(?<!\w)(?:inte|ej|icke|ikke|ikkje|ingen|inget|inga|not|isn['\u2019]t|no|non|never|nicht|kein"
    r"|nothing|ingenting|intet|nichts|mitään|nada|нічого|ничего|hiçbir|nimic"
    rf"|keine[nr]?|pas|rien|aucune?|sans|не|غير|ليس|ليست|ma aha){JOINED}",
    re.IGNORECASE,
)
# In Norwegian this word is «a».
DENIED_IN_FINNISH = re.compile(rf"(?<!\w)(?:ei|eivät){JOINED}", re.IGNORECASE)
FINNISH = ("kiire", "hätä", "akuut")
# «No emergency housing» and «har inte akut skydd» deny nothing; «behöver inte akut skydd» does.
LACKED = re.compile(
    r" (?:shelter|housing|accommodation|place|bed|protection|boende|bostad|plats|skydd|skyddsboende"
    r"|bolig)(?!\w)",
    re.IGNORECASE,
)
NEEDS_NONE = re.compile(
    r"(?<!\w)(?:behöver|behövs|önskar|vill|söker|kräver|trenger|ønsker|needs?|requires?|wants?"
    r"|seeks?|braucht|brauchen|do|does|did)(?:[ \n](?:ha|få|to|of))?[ \n]\Z",
    re.IGNORECASE,
)
# Behind it, where a language or a verb has it there.
DENIED_BEHIND = re.compile(
    r"[ \n](?:ma aha|maaha|نيست|ኣይኮነን|አይደለም)(?!\w)"
    r"|(?<=brådskar)[ \n](?:inte|ej)(?!\w)|(?<=hast[ae]r)[ \n](?:inte|ej|ikke|ikkje)(?!\w)"
    r"|(?<=eilt)[ \n]nicht(?!\w)",
    re.IGNORECASE,
)
# What may happen, and what to do then. The word itself is not shouted there.
IF_IT_IS = re.compile(
    r"(?:(?:\A|[^\w ]) ?om|(?<!\w)(?:ifall|hvis|dersom|if|wenn|falls|si)) \Z"
    r"|(?<!\w)(?:om|ifall|hvis|dersom|if|wenn|falls) (?:det|saken|ärendet|it|es) \Z"
    r"|(?<!\w)(?:om|ifall|hvis|dersom|if|wenn|falls|si) (?:(?:det|it|es|c['\u2019]est) ?)?"
    r"(?:är|blir|er|is|ist|['\u2019]s) \Z",
    re.IGNORECASE,
)
IN_GENERAL = re.compile(
    r"(?<!\w)(?<!\bis )(?<!\bare )(?<!\bam )(?<!\bär )(?<!\ber )(?:vid|i|ved|in|bei|for|för"
    r"|in case of|im|einem|en caso de|en cas d['\u2019]|у разі|в случае)(?: (?:an?|en|ett|et"
    r"|any|alla|einem))? ?\Z",
    re.IGNORECASE,
)
CALLS_OR_NUMBER = (
    r"(?:ring|kontakta?|mejla|call|contact|phone|dial|e-?mail|soita|anrufen|rufen|wenden|appeler"
    r"|llame)(?!\w)"
    r"|\d{2,4}[ -]?\d{2}|112(?!\d)"
    r"|[^\s@]{1,60}@"
)
# Whom to call in such cases: many of them, or one that is named as such.
CALLS_THEN = re.compile(
    r"(?:(?<=emergency)|(?<=notfall)|(?<=emergencia)| (?:fall|ärenden|frågor|situationer|lägen"
    r"|behov|tilfeller|tilfælde|saker|sager|cases|matters|issues|enquiries"
    r"|inquiries|questions|requests|situations|fällen))"
    rf"[^.!?\n]{{0,60}}?(?<!\w)(?:{CALLS_OR_NUMBER})",
    re.IGNORECASE,
)
# Of one such case that may come, where the word before it tells that it is of any.
AT_ONE = re.compile(
    r"(?:(?<!\w)(?:vid|ved|bei|in case of)|(?:\A|[\n.!?|\u2022])[ ]?(?:for|för))"
    r" (?:an?|en|ett|et|einem|einer) \Z",
    re.IGNORECASE,
)
CALLS_AT_ONE = re.compile(
    r" (?:fall|ärende|fråga|situation|läge|fara|sak|sag|case|matter|question|danger|notfall)(?!\w)"
    rf"[^.!?\n]{{0,30}}?(?<!\w)(?:{CALLS_OR_NUMBER})",
    re.IGNORECASE,
)
# The same without a preposition, as it stands in signatures: of many, or with whom to call always.
LINE_START = re.compile(
    r"(?:\A|\n|[|\u2022\u00b7/])[ ]?(?:[-\u2013\u2022|][ ]?)?(?:for|för|vid|in|i|im|bei"
    r"|ved)?[ ]?\Z",
    re.IGNORECASE,
)
OF_MANY = re.compile(
    r" (?:matters|cases|issues|enquiries|inquiries|questions|requests|situations|calls|ärenden|fall"
    r"|frågor|behov|situationer|lägen|saker|sager|tilfeller|tilfælde|henvendelser|asiat|tapaukset"
    r"|fälle|fällen|anliegen|angelegenheiten|cas|casos)(?!\w)[^.!?\n]{0,40}?(?<!\w)"
    r"(?:(?:hanteras|handläggs|besvaras|hänvisas|behandles|handled|answered|managed"
    r"|bearbeitet)(?!\w)"
    rf"|{CALLS_OR_NUMBER})",
    re.IGNORECASE,
)
CALLS = (
    r"(?:ring|ringa|ringer|call|dial|phone|kontakta|kontakt|contact|soita|rufen sie|appelez|llame)"
)
POLITELY = r"(?:(?:please|vänligen|alltid|always|bitte) )?"
# «Akut: 112» stands there alone, or beside other numbers; «Akut, 112, polis» tells of somebody.
NUMBER = (
    r"(?:112|911|999|1177|114[ ]?14|113|110)(?=[ ]?(?:\Z|/[ ]?\d|[\n|\u2022\u00b7.;)?!(]"
    r"|,[ ]?[^\W\d]+[ :]{1,2}\+?\d"
    r"|,?[ ]?(?:eller|or|oder|och|and)(?!\w)))"
)
TO_ALL = re.compile(
    rf"(?: (?:number|nummer|line|hjälp|help|services?))?[ ?:\u2013-]{{0,3}}{POLITELY}"
    rf"(?:{CALLS}[ :]{{1,2}})?(?:alltid |always |sos alarm )?{NUMBER}",
    re.IGNORECASE,
)
# «Brådskande? Ring växeln» asks whoever reads it.
ASKS_ALL = re.compile(
    rf"\?[ ]{{1,2}}{POLITELY}{CALLS}(?!\w)(?! (?:mig|oss|me|us)(?!\w))", re.IGNORECASE
)
# Of one case, whatever stands behind: «akut fall», where a rule for all says «akuta fall».
OF_ONE = frozenset({"akut", "akutt"})
# Who needs it, and when: no rule says that.
AT_HAND = re.compile(
    r"(?<!\w)(?:hon|han|hen|henne|honom|hun|hende|she|he|her|him|they|hän|hänet|elle|ella|вона|він"
    r"|она|он"
    r"|هي|هو|او|(?:en|ett|två|tre|fyra|one|two|three|four|\d) [^\W\d]{3,20}|last night|yesterday"
    r"|i ?går)(?!\w)",
    re.IGNORECASE,
)
EVERYBODYS_NUMBER = re.compile(r"\b(?:112|114 ?14|911|999)\b")
NEAR_CHARS = 60
IN_DANGER = re.compile(
    rf" (?:fara|livsfara|nöd|fare|nød|danger|gefahr|hätä|risk)(?!\w)[ ,:\u2013-]{{1,3}}"
    rf"(?:så |then )?{POLITELY}{CALLS}(?!\w)",
    re.IGNORECASE,
)
IN_CASE_OF = re.compile(r"(?<!\w)(?:vid|ved|bei|in case of(?: an)?|en caso de) \Z", re.IGNORECASE)
# A cry in the subject.
CRY = re.compile(
    r"(?<!\w)(?:sos|hjälp|hjelp|hjælp|help|apua|hilfe|ayuda|au secours|à l['\u2019]aide|caawimaad"
    r"|допоможіть|помогите|النجدة|ساعدوني|كمك|ሓገዝ|nu|nå|now|genast|omgående|asap|sofort|heti|straks"
    r")(?!\w)[^!\n]{0,60}!",
    re.IGNORECASE,
)
# What each mail of ours says of the police: it comes back with every answer that quotes it.
GAP = r"[\s>*|]{1,12}"
OURS = re.compile(
    rf"brådskande{GAP}polisärenden|urgent{GAP}police{GAP}matters|112{GAP}in{GAP}an{GAP}emergency",
    re.IGNORECASE,
)
# Programs write emphasis so into plain text.
EMPHASIS = re.compile(r"[*_~]+")
NOT_SEEN = frozenset({"Cf", "Mn", "Me"})
ONE_LETTER = str.maketrans({"ی": "ي", "ک": "ك", "ى": "ي", "ـ": ""})
BLANKS = re.compile(r"[^\S\n]+")
# Where a signature begins, by its own mark (RFC 3676 §4.3), and where the next text does.
PARTS = re.compile(rf"^-- ?$|{HEADING.pattern}", re.MULTILINE)
BEFORE_CHARS, BEHIND_CHARS = 60, 80
# No letter says it so often: then it counts, and a person looks, whatever stands beside each.
MAX_MENTIONS = 300


def says_urgent(text: str, importance: str = "") -> bool:
    """Tell whether a text says that it cannot wait, or the field Importance of its mail does.

    The first line of the text is the subject.

    >>> says_urgent("Remiss\\nDet är _AKUT_."), says_urgent("Remiss\\nDet är inte akut.")
    (True, False)
    """
    if importance.strip().lower() == "high":
        return True
    own = without_ours(text)
    plain = _plain(own)
    subject, _, letter = plain.partition("\n")
    if CRY.search(subject) or any(is_pressing(thought) for _, thought in read(subject)):
        return True
    return any(_found(plain, len(subject))) or any(_at_hand(letter)) or any(_at_hand(subject))


def without_ours(text: str) -> str:
    """Return a text without what our own mails say of emergencies, which answers quote."""
    return OURS.sub(" ", text)


def said_anywhere(text: str) -> Iterator[str]:
    """Yield the urgent words that count wherever they stand in a long text.

    They are in capitals, before an exclamation mark, or in a sentence that says it of now; the last
    does not count in a signature. A sentence that tells of a danger at hand is such a word. Those
    of an older mail are old, also where a person says that it belongs to what they say.
    """
    own = without_ours(text).split("\n")
    plain = _plain("\n".join(line for line in own if not MARKED.match(line)))
    parts = [(0, False), *((mark.start(), mark[0][0] == "-") for mark in PARTS.finditer(plain))]
    for number, found in enumerate(_found(plain)):
        if number >= MAX_MENTIONS:
            yield found[0]
            return
        before = plain[max(0, found.start() - BEFORE_CHARS) : found.start()]
        behind = plain[found.end() : found.end() + BEHIND_CHARS]
        _, is_signature = parts[bisect_right(parts, (found.start(), True)) - 1]
        is_shouted = found[0].isupper() or behind.startswith("!")
        if is_shouted or (not is_signature and says_now(found[0], before, behind)):
            yield found[0]
    ends = [*(start for start, _ in parts[1:]), len(plain)]
    for (start, is_signature), end in zip(parts, ends, strict=True):
        if not is_signature:
            yield from _at_hand(plain[start:end])


def _at_hand(plain: str) -> Iterator[str]:
    """Yield the thoughts of a text that tell of a danger or a need at hand, in small letters."""
    for words, thought in read(plain):
        if says_threat(thought) or says_need(thought):
            yield words


def _found(plain: str, subject_chars: int = 0) -> Iterator[re.Match[str]]:
    """Yield the urgent words that nothing beside them takes back.

    So many characters are the subject: nobody writes there whom to call in such cases.
    """
    for number, found in enumerate(URGENT.finditer(plain)):
        before = plain[max(0, found.start() - BEFORE_CHARS) : found.start()]
        behind = plain[found.start() : found.end() + BEHIND_CHARS]
        is_subject = found.start() < subject_chars
        if number >= MAX_MENTIONS or not _is_denied(
            found[0], before, behind, is_subject=is_subject
        ):
            yield found


def _is_denied(word: str, before: str, behind: str, *, is_subject: bool) -> bool:
    """Tell whether the words beside it take it back, or tell of no case at hand."""
    if DENIED_BEHIND.match(behind, len(word)):
        return True
    is_finnish = word.lower().startswith(FINNISH)
    denial = (DENIED_IN_FINNISH if is_finnish else DENIED).search(before)
    # «hon svarar inte AKUT»: one who shouts the word and not the denial says two things.
    if denial is not None and not (word.isupper() and not denial[0].isupper()):
        is_lacked = LACKED.match(behind, len(word)) is not None
        return not is_lacked or NEEDS_NONE.search(before, 0, denial.start()) is not None
    # Who shouts means now, unless it is to call the number that everybody calls.
    is_shouted = word.isupper()
    if is_shouted and EVERYBODYS_NUMBER.search(behind[: len(word) + NEAR_CHARS]) is None:
        return False
    if _is_for_all(word, before, behind, is_subject=is_subject):
        return True
    if is_shouted:
        return False
    if tells_of_no_case(word, before, behind[len(word) :]):
        return True
    is_general = IN_GENERAL.search(before) is not None
    return bool(IF_IT_IS.search(before) or (is_general and CALLS_THEN.match(behind, len(word))))


def _is_for_all(word: str, before: str, behind: str, *, is_subject: bool) -> bool:
    """Tell whether a sentence says whom to call in such cases, as signatures do.

    A request to call counts unless it is of what may happen.
    """
    if " " in word or "\n" in word:
        return IN_CASE.search(BREAK.split(before)[-1]) is not None
    if not is_subject and LINE_START.search(before):
        if TO_ALL.match(behind, len(word)) or ASKS_ALL.match(behind, len(word)):
            return True
        of_many = word.lower() not in OF_ONE and OF_MANY.match(behind, len(word))
        if of_many and not (AT_HAND.search(of_many[0]) or NOW.search(behind)):
            return True
    if AT_ONE.search(before) and (at_one := CALLS_AT_ONE.match(behind, len(word))):
        return not (AT_HAND.search(at_one[0]) or NOW.search(behind))
    return bool(IN_CASE_OF.search(before) and IN_DANGER.match(behind, len(word)))


def _plain(text: str) -> str:
    """Return a text with one form for what reads alike: width, marks, emphasis and blanks."""
    composed = unicodedata.normalize("NFKC", text)
    # Each mail asks this some times, so every letter is looked up once and not at every place.
    unseen = {ord(each): "" for each in set(composed) if unicodedata.category(each) in NOT_SEEN}
    flat = EMPHASIS.sub(" ", composed.translate(ONE_LETTER | unseen))
    return BLANKS.sub(" ", flat)

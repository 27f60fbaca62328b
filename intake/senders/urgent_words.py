"""Know the words by which a person says that something cannot wait.

They are whole words in the languages that people here write, whatever their case, width or
emphasis. What says the contrary («inte akut»), what tells whom to call in general («vid akuta
ärenden, ring …», as below a signature) and the words of our own mails are none. In doubt a word
counts: an alarm too many costs a look.
"""

import re
import unicodedata
from collections.abc import Iterator

from intake.sandbox.protocol.body_text import MARKED

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
    r"|термінов(?:о|ий|а|е|і|ого|ої|у)|невідкладн(?:о|ий|а|е|і)|негайно|срочн(?:о|ый|ая|ое|ые|ого|ую)"
    r"|неотложн(?:о|ый|ая|ое|ые)|экстренн(?:о|ый|ая|ое|ые)|немедленно"
    # Arabic, Persian
    r"|و?(?:عاجل|عاجلة|العاجلة|عاجلا(?! [أا][مو] )|طارئ|طارئة|مستعجل|مستعجلة|فوري|فورية"
    r"|فورا|اورژانسي|اضطراري)"
    # Tigrinya, Amharic
    r"|ብ?[ህሕኅ][ጹፁ][ጽፅ]|አስቸኳይ|ኣስቸኳይ"
    r")(?!\w)",
    re.IGNORECASE,
)
# Before the word, with at most a few words that only join them: anything else is another thought.
JOINED = (
    r"(?:[ \n-](?:är|er|is|an?|en|ett|et|es|ole|so|så|very|really|that|särskilt|längre|longer"
    r"|direkt|någon|något|noget|sehr|d['\u2019]|très|muy|un[ae]?|est|était|è|очень|дуже)){0,2}"
    r"(?:[ \n-]|(?<=['\u2019]))\Z"
)
DENIED = re.compile(
    r"(?<!\w)(?:inte|ej|icke|ikke|ikkje|ingen|inget|inga|not|isn['\u2019]t|no|non|never|nicht|kein"
    rf"|keine[nr]?|pas|rien|aucune?|sans|не|غير|ليس|ليست|ma aha){JOINED}",
    re.IGNORECASE,
)
# In Norwegian this word is «a».
DENIED_IN_FINNISH = re.compile(rf"(?<!\w)(?:ei|eivät){JOINED}", re.IGNORECASE)
FINNISH = ("kiire", "hätä", "akuut")
# «No emergency housing» denies nothing.
LACKED = re.compile(
    r" (?:shelter|housing|accommodation|place|bed|boende|bostad|plats|bolig)(?!\w)", re.IGNORECASE
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
    r"(?<!\w)(?:om|ifall|hvis|dersom|if|wenn|falls|si) (?:(?:det|it|es|c['\u2019]est) ?)?"
    r"(?:(?:är|blir|er|is|ist|['\u2019]s) )?\Z",
    re.IGNORECASE,
)
IN_GENERAL = re.compile(
    r"(?<!\w)(?:vid|i|ved|in|bei|for|för|in case of|in case of an|im|en caso de) \Z", re.IGNORECASE
)
# Whom to call in such cases: many of them, or one that is named as such.
CALLS = re.compile(
    r"(?:(?<=emergency)|(?<=notfall)|(?<=emergencia)| (?:fall|ärenden|frågor|situationer|lägen"
    r"|behov|tilfeller|tilfælde|saker|sager|cases|matters|fällen))[^.!?\n]{0,60}?(?:(?<!\w)(?:ring|kontakt"
    r"|kontakta|call|contact|phone|dial|anrufen|rufen|wenden|llame)(?!\w)|\d{2,4}[ -]?\d{2})",
    re.IGNORECASE,
)
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
BEFORE_CHARS, BEHIND_CHARS = 60, 80


def says_urgent(text: str, importance: str = "") -> bool:
    """Tell whether a text says that it cannot wait, or the field Importance of its mail does.

    The first line of the text is the subject.

    >>> says_urgent("Remiss\\nDet är _AKUT_."), says_urgent("Remiss\\nDet är inte akut.")
    (True, False)
    """
    if importance.strip().lower() == "high":
        return True
    plain = _plain(without_ours(text))
    return CRY.search(plain.partition("\n")[0]) is not None or any(_found(plain))


def without_ours(text: str) -> str:
    """Return a text without what our own mails say of emergencies, which answers quote."""
    return OURS.sub(" ", text)


def shouted(text: str) -> Iterator[str]:
    """Yield the urgent words in capitals, and those before an exclamation mark.

    Those of an older mail are old, also where a person says that it belongs to what they say.
    """
    own = without_ours(text).split("\n")
    plain = _plain("\n".join(line for line in own if not MARKED.match(line)))
    for found in _found(plain):
        if found[0].isupper() or plain[found.end() : found.end() + 1] == "!":
            yield found[0]


def _found(plain: str) -> Iterator[re.Match[str]]:
    for found in URGENT.finditer(plain):
        before = plain[max(0, found.start() - BEFORE_CHARS) : found.start()]
        behind = plain[found.start() : found.end() + BEHIND_CHARS]
        if not _is_denied(found[0], before, behind):
            yield found


def _is_denied(word: str, before: str, behind: str) -> bool:
    """Tell whether the words beside it take it back, or tell of no case at hand."""
    if DENIED_BEHIND.match(behind, len(word)):
        return True
    is_finnish = word.lower().startswith(FINNISH)
    denial = (DENIED_IN_FINNISH if is_finnish else DENIED).search(before)
    # «hon svarar inte AKUT»: one who shouts the word and not the denial says two things.
    if denial is not None and not (word.isupper() and not denial[0].isupper()):
        return LACKED.match(behind, len(word)) is None
    if word.isupper():
        return False
    is_general = IN_GENERAL.search(before) is not None
    return bool(IF_IT_IS.search(before) or (is_general and CALLS.match(behind, len(word))))


def _plain(text: str) -> str:
    """Return a text with one form for what reads alike: width, marks, emphasis and blanks."""
    composed = unicodedata.normalize("NFKC", text)
    # Each mail asks this some times, so every letter is looked up once and not at every place.
    unseen = {ord(each): "" for each in set(composed) if unicodedata.category(each) in NOT_SEEN}
    flat = EMPHASIS.sub(" ", composed.translate(ONE_LETTER | unseen))
    return BLANKS.sub(" ", flat)

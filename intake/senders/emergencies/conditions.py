"""Tell whether an urgent word only says what may happen, what was, or what something is called.

«Om ditt ärende är akut, ring växeln» is a rule for everybody, «vårdades akut 2019» is over, and an
emergency line is the name of a telephone.
"""

import re

from intake.senders.absence_words import DAY
from intake.senders.emergencies.urgent_now import BREAK, IS, IS_ASKED, LONG_AGO, NOW

# In Swedish and Danish one word is «if» and «about»; it is the first where a clause begins.
IF_OR_ABOUT = r"(?:om|si|إن|should)"
IF = (
    r"(?:ifall|såvida|hvis|dersom|if|in case|wenn|falls|jos|mikäli|en caso de que|dacă|în caz că"
    r"|якщо|если|в разі якщо|в случае если|إذا|اذا|لو|في حال|اگر|در صورتی که|ئەگەر|haddii|እንድሕር)"
)
BEGINS = (
    r"(?:\A|[^\w \n]|\n|(?<!\w)(?:men|och|but|and|ring|kontakta|call|contact|mig|dig|er|oss|me|us"
    r"|111|112|växeln|jouren)(?!\w))[ \n]{0,2}"
)
VERB = (
    r"(?:är|blir|skulle vara|er|bliver|is|are|be|becomes|gets|ist|sind|wird|on|est|soit|devient|es"
    r"|está|sea|este|e|е|є|буде|будет|стає|كان|كانت|يكون|تكون)"
)
# Up to so many words say whose matter it is. «Om ni kan det är akut» begins a new thought with it.
# Of a person in the case it may be a fear, and counts.
WHOSE = (
    r"(?:[ \n](?!(?:det|it|es|att|that|this|dass|dette|hon|han|hun|she|he|they|hän|elle|ella|вона"
    r"|він"
    r"|она|он|هي|هو|او)[ \n])[^\s,;:()]{1,20}){0,4}"
)
# Who asks for help «if possible» asks for it.
IF_POSSIBLE = (
    r"(?![ \n](?:möjligt|möglich|possible|mahdollista|posible|posibil|puede|можно|можливо|возможно"
    r"|أمكن|امكن|ممکن))"
)
HOW = (
    r"(?:[ \n](?:av|i|en|ett|et|an?|ein|un[ae]?|så|very|really|of|mycket|väldigt|särskilt|sehr"
    r"|meget"
    r"|très|muy|дуже|очень|foarte|erittäin|todella|nature|natur)){0,3}[ \n]\Z"
)
SUPPOSED = re.compile(
    rf"(?:{BEGINS}{IF_OR_ABOUT}|(?<!\w){IF}){IF_POSSIBLE}(?:[ \n](?:det|detta|it|this|es|ça"
    rf"|c['\u2019]))?{WHOSE}"
    rf"(?:[ \n]{VERB}|['\u2019](?:s|re)){HOW}",
    re.IGNORECASE,
)
# In languages that say no «is», or say it behind.
SUPPOSED_BARE = re.compile(
    r"(?:\A|[^\w \n]|\n)[ \n]{0,2}(?:якщо|если|إذا|اذا|لو|في حال|اگر|در صورت|در صورتی که|ئەگەر"
    r"|haddii|dacă"
    rf"|si|jos|wenn|falls){IF_POSSIBLE}{WHOSE}{HOW}",
    re.IGNORECASE,
)
HAS_IF = re.compile(
    rf"(?<!\w)(?:{IF_OR_ABOUT}|{IF}|در صورت|när|when|quand|cuando|коли|когда|عندما|وقتی|behöver"
    rf"|vill|do"
    rf"|would"
    r"|brauchen)(?!\w)",
    re.IGNORECASE,
)
# «Is your matter urgent?» asks whoever reads it.
IS_YOURS = re.compile(
    r"(?:\A|[^\w \n]|\n)[ \n]?(?:är|er|is|are|ist|onko|est|es|este|чи|هل)[ \n](?:ditt|dina|din|ert"
    r"|er|jeres|deres|your|ihre?|votre|su|ваш[ае]?|ваша)[ \n][^.!?\n]{0,30}\Z",
    re.IGNORECASE,
)
# «If you need urgent help»: of whoever reads it.
YOU_NEED = re.compile(
    rf"(?<!\w)(?:{IF}|{IF_OR_ABOUT}|när|when|quand|cuando|коли|когда|عندما|وقتی)[ \n]"
    r"(?:du|ni|man|någon|you|anyone|somebody|someone|sie|vous|tu|usted|ви|вы|ти|ты)"
    r"[ \n](?:behöver|är i|har|need|needs|require|are in|have|brauchen|avez|besoin|necesita"
    r"|потребуєте)"
    r"(?:[ \n][^\s,;:]{1,20}){0,3}[ \n]\Z"
    r"|(?<!\w)(?:behöver (?:du|ni)|vill (?:du|ni) ha|do you (?:need|want)|would you like"
    r"|brauchen sie)"
    r"[ \n](?:[^\s,;:]{1,20}[ \n]){0,4}\Z",
    re.IGNORECASE,
)
# Who asks to be called if a paper is missing. Of a person it may be a cry: «if she turns up».
IF_PAPERS = re.compile(
    r"(?:[ \n](?:på|on|by|via|per|under)(?:[ \n][^\s,;:()]{1,30}){1,3})?,?[ \n]"
    r"(?:om|ifall|hvis|dersom|if|should|wenn|falls|jos|si|dacă|якщо|если|إذا|اگر)[ \n]"
    r"(?:(?:något|någonting|nåt|ni|du|det|man|ytterligare|fler|mer|frågor|uppgifter|underlag|så"
    r"|noe|noget"
    r"|der|anything|something|you|it|there|any|more|further|questions|necessary|needed|etwas|es"
    r"|fragen|jotain|jokin|teillä|tarvitsette|il|vous|quelque|falta|algo|ustedes|ceva|lipsește|щось"
    r"|що-небудь|у|что-то|что-нибудь|возникн\w*|виникн\w*|هناك|أي|كان|چیزی|سوالی)(?!\w)"
    r"|(?:någon |nån |ett? |the |den |det |a |irgendein )?(?:handling|intyg|papper|bilag|document"
    r"|paper|attachment|form|unterlagen|dokument)\w*)",
    re.IGNORECASE,
)
THEN_CALL = re.compile(
    r",?[ \n](?:så |bitte |please )?(?:ring|kontakta?|mejla|call|contact|phone|rufen|soita|appelez"
    r"|llame)",
    re.IGNORECASE,
)
HOW_MANY = re.compile(
    r"(?<!\w)(?:hur många|hur ofta|how many|how often|wie viele|kuinka monta|combien|cuánt[oa]s"
    r"|câte|câți|скільки|сколько|كم|چند|hvor mange)(?!\w)",
    re.IGNORECASE,
)
# What a course, a report or a contract is about.
ABOUT = re.compile(
    r"(?<!\w)(?:utbildning\w*|kurs\w*|webb?inar\w*|seminari\w*|föreläsning\w*|nyhetsbrev\w*"
    r"|statistik\w*|rutin(?:er|en|erna)?|riktlinjer\w*|course|training|newsletter|lecture"
    r"|statistics"
    r"|guidelines?|policy|schulung|koulutus\w*|opplæring|formation|curso|formación|тренінг|тренинг"
    r"|курс)(?:[ \n]\w{1,12})?[ \n](?:i|om|för|vid|on|in|about|for|zu|zum|über|sur|sobre|en|про|о"
    r"|об|з|із)"
    r"(?:[ \n][^\s.!?]{1,20}){0,2}[ \n]\Z",
    re.IGNORECASE,
)
# What is called so whether or not it hurries: telephones and papers.
BY_NAME = re.compile(
    r"[ \n-](?:lines?|hotlines?|numbers?|phones?|telephones?|tel|contacts?|travel[ \n]documents?"
    r"|passports?|certificates?|departments?|procedures?|care[ \n]clinic"
    r"|(?:services?|nummer|telefon|telefonnummer|jour|jouren|linje"
    r"|linjen)(?=[ :]{1,2}\+?\d))(?!\w)",
    re.IGNORECASE,
)
# «Jourtelefon (akut): 08-123 456»
IN_BRACKETS = re.compile(r"\)[ :.\u2013-]{0,4}\+?\d")
# What somebody went through.
WENT_THROUGH = re.compile(
    r"(?<!\w)(?:sökte|haft|stayed|lived|bodde|vårdades|opererades|behandlades|inlades|lades|fick"
    r"|hade|behövde|blev|var|hamnade"
    r"|was|were|had|got|received|needed|underwent|wurde|hatte|war|musste|kam|joutui|sai|oli"
    r"|tarvitsi"
    r"|a été|était|avait|fue|tuvo|estuvo|necesitó|a fost|avea|a avut|був|була|були|отрима\w+|был"
    r"|была"
    r"|было|получил\w?|попал\w?|كان|كانت|بود|شد|بستری)(?!\w)",
    re.IGNORECASE,
)
YEAR = re.compile(r"(?<![\w./-])(?:19|20)\d\d(?![\w/-])")
CLAUSE = re.compile(
    r"[,()\u060c]|(?<!\w)(?:men|but|aber|mutta|mais|pero|dar|але|но|ولكن|اما)(?!\w)", re.IGNORECASE
)
ENGLISH = frozenset({"emergency", "urgent"})


def tells_of_no_case(word: str, before: str, behind: str) -> bool:
    """Tell whether an urgent word, between what stands before and behind it, is of no case at hand.

    >>> tells_of_no_case("akut", "Om ditt ärende är ", ", ring växeln")
    True
    >>> tells_of_no_case("akut", "Ring om ni kan, det är ", "")
    False
    """
    sentence = BREAK.split(before)[-1]
    end = BREAK.search(behind)
    rest = behind[: end.start()] if end is not None else behind
    if " " in word or "\n" in word:
        return IF_PAPERS.match(rest) is not None
    # Most sentences have no «if», and the search for what it governs is long.
    if HAS_IF.search(sentence) and (
        SUPPOSED.search(sentence) or SUPPOSED_BARE.search(sentence) or YOU_NEED.search(sentence)
    ):
        return True
    if before.endswith("(") and IN_BRACKETS.match(behind):
        return True
    if _is_over(sentence, rest):
        return True
    is_asked = end is not None and end[0] in IS_ASKED
    if is_asked and HOW_MANY.search(sentence):
        return True
    if IS_YOURS.search(sentence) and (is_asked or THEN_CALL.match(rest)):
        return True
    # «On» is «is» in Finnish.
    is_present = IS.search(sentence) and not (word.lower() in ENGLISH and sentence.endswith(" on "))
    if is_present or NOW.search(sentence) or NOW.search(rest):
        return False
    return ABOUT.search(sentence) is not None or BY_NAME.match(behind) is not None


def _is_over(sentence: str, rest: str) -> bool:
    """Tell whether the clause around an urgent word is of what somebody went through long ago."""
    before, behind = CLAUSE.split(sentence)[-1], CLAUSE.split(rest)[0]
    if IS.search(before) or not WENT_THROUGH.search(before):
        return False
    is_long_ago = LONG_AGO.search(before) or LONG_AGO.search(behind)
    return is_long_ago is not None or _has_year(f"{before} {behind}")


def _has_year(thought: str) -> bool:
    """Tell whether a year stands there by itself: with its day it may be that of today."""
    for year in YEAR.finditer(thought):
        before = thought[: year.start()].casefold().split()
        if not before or not (DAY.fullmatch(before[-1]) or before[-1][-1].isdigit()):
            return True
    return False

"""Tell whether an urgent word in small letters says that something at hand cannot wait.

Every such word counts where a mail begins. Further down stand reports, signatures and what somebody
does in general, so there a word counts only where its sentence says so of now: «det är akut», «she
needs urgent protection», «akut … i kväll». It may import nothing of ours: it works on plain text
(`urgent_words`), in the languages that people here write.
"""

import re
from collections.abc import Iterator

# Where a thought ends. A line that only wraps does not end it.
BREAK = re.compile(r"[.!?:;\u061f\u061b\u06d4\u1362\u1367|\u2022]|\n\s*\n|\n[ ]?[-\u2013\u2014]")
IS_ASKED = frozenset("?\u061f\u1367")
# Of what may happen, and of what a sender does for everybody.
IN_CASE = re.compile(
    r"(?<!\w)(?:om|ifall|när|då|hvis|dersom|når|if|when|whenever|unless|whether|should|wenn|falls"
    r"|sobald|ob|jos|kun|mikäli|si|quand|lorsque|cuando|якщо|коли|если|когда|إذا|اذا|عندما|لو|اگر"
    r"|وقتی|ኣብ ዝኾነሉ|ከሆነ)(?!\w)",
    re.IGNORECASE,
)
DENIAL = re.compile(
    r"(?<!\w)(?:inte|ej|icke|ikke|ikkje|ingen|inget|inga|not|no|never|\w{1,6}n['\u2019]t|nicht|kein"
    r"|keine[nr]?|ei|eivät|pas|rien|aucune?|не|ليس|ليست|لا|غير|нема[єе]?|нет)(?!\w)",
    re.IGNORECASE,
)
# What is said of the matter itself, right before the word.
IS = re.compile(
    r"(?:(?<!\w)(?:är|blir|er|bliver|is|are|becomes|ist|wird|sind|on|est|es|está|це|це все|справа"
    r"|ситуація|это|дело|ситуация|والأمر|الأمر|الامر|الوضع|الحالة|الموضوع|هذا|هذه|هو|هي|إنه|إنها"
    r"|waa)|(?<=\w)['\u2019]s|(?<!\w)c['\u2019]est)"
    r"(?:[ \n](?:i|in|en|ett|et|an?|ein|un[ae]?|så|nu|now|very|really|extremely|so|too|mycket"
    r"|väldigt|verkligen|också|därför|meget|sehr|wirklich|jetzt|todella|erittäin|nyt|très|vraiment"
    r"|muy|realmente|дуже|очень|حقا|الآن)){0,3}[ \n]\Z",
    re.IGNORECASE,
)
# Behind it, in languages that say it there.
IS_BEHIND = re.compile(r"[ \n](?:است|هست|میباشد|ነው|ናት|እዩ|እያ|እዮም)(?!\w)")
# Verbs that say it themselves.
VERBS = ("brådskar", "hastar", "haster", "eilt")
# «akut» in small letters with blanks between them is shorter than a request.
MAX_WORD_CHARS = 10
# What may follow: nothing, a word that goes on, or what is at hand. «A diagnosis is acute stress»
# and «this is an urgent care clinic» say something else.
LATIN = re.compile(r"[a-zà-ÿ]", re.IGNORECASE)
MAY_FOLLOW = re.compile(
    r"[ \n]?(?:\Z|[^\w \n-]|\n)"
    r"|[ \n-](?:och|eller|men|att|för|som|nu|då|eftersom|så|med|i|på|hos|sedan|just|and|or|but|that"
    r"|to|for|as|because|since|so|now|with|in|at|we|she|he|und|oder|aber|dass|da|weil|denn|mit|zu"
    r"|ja|mutta|että|koska|et|mais|que|pour|car|y|pero|porque|para|at|fordi|fare|fara|behov|läge"
    r"|situation|tilanne|situasjon|ärende|fall|sak|sag|hjälp|hjelp|hjælp|skydd|flytt|plats"
    r"|placering|bed|relocation|matter|case"
    r"|need|danger|risk|request|help|protection|asia|apua|hilfe|fall|angelegenheit|gefahr)(?!\w)",
    re.IGNORECASE,
)
NEEDS = (
    r"(?:behöver|behövs|måste|bör|kräver|trenger|må|skal|kræver|needs?|needed|requires?|required"
    r"|must"
    r"|braucht|brauchen|benötigt|benötigen|muss|müssen|tarvitsee|tarvitsemme|tarvitaan|täytyy|pitää"
    r"|besoin|necesit(?:a|an|amos|o)|потрібн[оаі]|потребує|треба|нужн[оаы]|нужен|надо|требуется"
    r"|söker|begär|ber om|seeks?|seeking|looking for|asks? for|asking for|suche[nt]?"
    r"|прошу|просимо|просим|و?[نتي]حتاج|مطلوب|نیاز|baahan\w{0,5})"
)
NEEDED_BEFORE = re.compile(rf"(?<!\w){NEEDS}(?:[ \n][^\s]{{1,20}}){{0,4}}[ \n]\Z", re.IGNORECASE)
NEEDED_BEHIND = re.compile(
    rf"(?:[ \n][^\s]{{1,20}}){{0,1}}[ \n]{NEEDS}(?!\w|[ \n](?:inte|ej|ikke|ikkje|nicht|not)(?!\w))",
    re.IGNORECASE,
)
# What is called so whether or not it hurries: papers and services by their everyday names.
BY_NAME = re.compile(
    r"[ \n-](?:travel|passports?|documents?|certificates?|visa|contacts?|numbers?|lines?|funds?"
    r"|services?|rooms?|departments?)(?!\w)",
    re.IGNORECASE,
)
# Those whom somebody helps in general, as one says of oneself below a letter.
OF_ANYBODY = re.compile(
    r"(?<!\w)(?:som|who|that|those|die|der|jotka|joka|qui|que|які|який|которы[ехй]|alla|everyone"
    r"|anyone|du|dig|dere|you)(?!\w)",
    re.IGNORECASE,
)
NOW = re.compile(
    r"(?<!\w)(?:i ?kväll|i ?natt|i ?dag|i ?morgon|nu|genast|snarast|omgående|i ?kveld|i ?aften"
    r"|i ?morgen|straks|nå|today|tonight|tomorrow|now|right away|immediately|heute|jetzt|sofort"
    r"|morgen|tänään|heti|nyt|huomenna|ensi yönä|aujourd['\u2019]hui|ce soir|demain|hoy|esta noche"
    r"|mañana|сьогодні|зараз|завтра|сегодня|сейчас|اليوم|الآن|الان|الليلة|غدا|امروز|امشب|اکنون|فردا"
    r"|ሎሚ|ሕጂ|ጽባሕ|ዛሬ|አሁን|ነገ|maanta|hadda|caawa"
    r"|astăzi|azi|mâine|diseară|noaptea asta|acum(?! \w+ (?:ani|luni|zile))"
    r"|dziś|dzisiaj|jutro|teraz"
    r"|(?:inom|innen|within|binnen|sisällä) \d{1,2} \w{2,8})(?!\w)",
    re.IGNORECASE,
)
# What was long ago, however it is told.
LONG_AGO = re.compile(
    r"(?<!\w)(?:(?:år|månader|veckor|vuotta|kuukautta) (?:sedan|sen|siden|sitten)"
    r"|(?:years?|months|weeks) (?:ago|earlier)|förra året|i fjol|tidigare|last year|previously"
    r"|formerly|as a child|childhood|som barn|barndom\w*|früher|vor \w+ (?:jahren|monaten)|damals"
    r"|viime vuonna|aiemmin|aikoinaan|il y a \w+ (?:ans|mois)|autrefois|l['\u2019]année dernière"
    r"|hace \w+ (?:años|meses)|el año pasado|antes|acum \w+ (?:ani|luni)|în trecut|anul trecut"
    r"|(?:років|роки|місяців) тому|раніше|торік|(?:лет|года|месяцев) назад|раньше|в прошлом"
    r"|قبل (?:سنة|سنوات|سنتين|أشهر|عام)|سابقا|العام الماضي|سال (?:پیش|قبل|گذشته)|سالها پیش|قبلا"
    r"|ساڵ لەمەوبەر|sanado ka hor|hore)(?!\w)",
    re.IGNORECASE,
)
IN_GENERAL = re.compile(
    r"(?<!\w)(?:vid|ved|bei|im|for|för|in case of|in case of an|in|i|en caso de)[ \n]\Z",
    re.IGNORECASE,
)


def thoughts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the thoughts of a text, each with the mark that ends it; the last may have none.

    >>> list(thoughts("Vad nu? Kom"))
    [('Vad nu', '?'), (' Kom', '')]
    """
    start = 0
    for end in BREAK.finditer(text):
        yield text[start : end.start()], end[0]
        start = end.end()
    yield text[start:], ""


def says_now(word: str, before: str, behind: str) -> bool:
    """Tell whether `word`, between what stands before and behind it, says that it cannot wait now.

    >>> says_now("akut", "Det är ", ", hon måste flyttas."), says_now("akut", "fick ", " vård")
    (True, False)
    """
    sentence = BREAK.split(before)[-1]
    end = BREAK.search(behind)
    rest = behind[: end.start()] if end is not None else behind
    if IN_CASE.search(sentence) or DENIAL.search(sentence) or BY_NAME.match(behind):
        return False
    # A request to call at once has several words.
    if word.lower() in VERBS or (" " in word and LATIN.match(word) and len(word) > MAX_WORD_CHARS):
        return True
    is_followed = not LATIN.match(word) or MAY_FOLLOW.match(behind) is not None
    if is_followed and (IS.search(sentence) or IS_BEHIND.match(behind)):
        return True
    if (end is not None and end[0] in IS_ASKED) or IN_GENERAL.search(sentence):
        return False
    if is_followed and (NOW.search(sentence) or NOW.search(rest)):
        return True
    is_needed = NEEDED_BEFORE.search(sentence) or NEEDED_BEHIND.match(behind)
    return is_needed is not None and not OF_ANYBODY.search(sentence)

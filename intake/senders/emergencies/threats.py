"""Tell whether a text says that somebody is in danger of life or freedom, or without a roof.

Who writes so need not say that it is urgent. It counts in the present and the future, of a person:
what «threatens to kill her if she leaves» says is a threat, and «if he threatens to kill her» is
none. A danger that awaits somebody only after a return, what was long ago, what is asked and what
is said of people in general tells of no case at hand. In doubt it counts.
"""

import re
from functools import lru_cache

from intake.senders.emergencies.harm_phrases import JUST_NOW as HURT_JUST_NOW
from intake.senders.emergencies.harm_phrases import OF_NOW, SOON, TIRED_OF_LIFE
from intake.senders.emergencies.phrases import Index
from intake.senders.emergencies.thoughts import Thought, of_plain, plain
from intake.senders.emergencies.threat_phrases import LATELY, LOCKED_IN, NOT_LET_OUT, THREATS
from intake.senders.emergencies.urgent_now import DENIAL, LONG_AGO, NOW

# «if he», «om den man»: its verb is the threat itself. Where a verb comes last, more stands before.
IF_HE = of_plain(
    r"(?<!\w)(?:om(?! (?:att|hur|vad|vem|ett?|en|det) )|ifall|hvis|dersom|if|unless|whether|wenn"
    r"|falls|ob|jos|mikäli|si|dacă|якщо|если|إذا|لو|haddii)"
    r"(?: (?:someone|somebody|anyone|(?:(?:the|my|your|her|his|din|ditt|dina|hans|hennes|någon"
    r"|der|die|seine?|ihr|son|sa|ton|votre|su|tu) )?\S{1,20}))? ?\Z"
    r"|(?<!\w)(?:om|ifall|if|wenn|jos|si|якщо|если) \S{1,12} (?:säger|uppger|berättar|says|sagt"
    r"|sanoo|dit|dice|каже|говорит),? (?:att|that|dass|että|que|що|что) \S{1,12} ?\Z"
    r"|(?<!\w)(?:när|when|whenever|quand|cuando|коли|когда) (?:någon|du|ni|man|someone|somebody"
    r"|anyone"
    r"|you|quelqu'un|alguien|хтось|кто-то) ?\Z"
    r"|(?<!\w)(?:اگر|ئەگەر|haddii)(?: \S{1,20}){0,3} ?\Z|(?:ถ้า|หาก)\S{0,30} ?\Z"
)
# «says that she will not», «tror inte att han»: one word may join, one name whom.
NOT_HE = of_plain(
    DENIAL.pattern,
    r"(?: (?:att|that|dass|että|que|что|що|ان|كه|längre|longer))?(?: \S+)? ?\Z",
)
# Of what was, in languages whose word for it is the same as of what is.
WAS = of_plain(
    r"(?<!\w)(?:was|were|had been|used to|كان|كانت|كانوا|была?|были|був|була|були)(?!\w)"
)
THAI_WAS = of_plain("เคย ?\\Z")
RETURN = (
    r"(?:återvänd\w*|hemland\w*|hemresa|återresa\w*|utvis\w*|hemlandet|tillbaka till|return\w*"
    r"|home country|country of origin|(?:go|goes|going|sent|comes?) back|deport\w*|zurück\w*"
    r"|heimatland\w*|abgeschoben|palaa\w*|palaute\w*|kotimaa\w*|retourn\w*|renvoy\w*|expuls\w*"
    r"|regres\w*|vuelv\w*|întoar\w*|înapoi|поверн\w*|возвра\w*|верн\w*|депорт\w*|عاد\w*|عودة\w*"
    r"|عودت\w*|رجع\w*|ترحيل\w*|برگرد\w*|بازگشت\w*|دیپورت\w*|دەگەڕ\w*|بگەڕ\w*|laabt\w*|noqo\w*"
    r"|hjemland\w*|vender tilbage|vender tilbake|tilbake til|กลับ\w*|واپس\w*)"
)
IF = (
    r"(?:om|ifall|vid|efter|när|hvis|dersom|ved|if|on|upon|after|when|once|wenn|falls|bei|nach|jos"
    r"|kun"
    r"|si|quand|lorsque|cuando|dacă|când|якщо|коли|если|когда|при|після|после|إذا|لو|عند|بعد|اگر"
    r"|وقتی|در صورت|پس از|haddii|marka|ئەگەر|ถ้า|หาก|اگر)"
)
ABROAD = of_plain(
    rf"(?<!\w){IF}(?!\w)|(?<!\w)(?:i|in|in her|in his|hemma i)(?= (?:hemland|home c))"
)
RETURNS = of_plain(rf"(?<!\w){RETURN}")
# Who is held by law, and what is locked only in a manner of speaking.
BY_LAW = of_plain(
    r"(?<!\w)(?:häkte\w*|fängelse\w*|anstalt\w*|förvaret|förvar|arrest\w*|kriminalvård\w*|prison"
    r"|jail"
    r"|custody|detention|gefängnis|haft|vankila\w*|vankeu\w*|fengsel\w*|fængsel\w*|cárcel|prisión"
    r"|închisoare|penitenciar|тюрм\w*|в'язниц\w*|السجن|سجن|เรือนจำ|คุก|contracts?|meetings?"
    r"|avtal\w*"
    r"|möten?|negotiations?|in talks|debate|dispute|account|konto\w*|mitä|office hours)(?!\w)"
)
# «People who are locked in»: unless it is said how many, or which.
OF_PEOPLE = of_plain(
    r"(?:\A|(?<!\w)(?!de|the|dessa|these|those|våra|our|\d+|två|tre|two|three|zwei|die)\w+ )"
    r"(?:du|dig|ni|you|brottsoffer|våldsutsatta|utsatta|personer|människor|kvinnor|flickor|barn|män|offer|den|de|people|persons"
    r"|women|girls"
    r"|children"
    r"|men|victims|those|anyone|frauen|menschen|kinder|opfer|naiset|ihmiset|femmes|personnes"
    r"|mujeres"
    r"|personas|femei|persoane|люди|людей|жінки|женщины|نساء|اشخاص)"
    r"[ ](?:som|who|that|whom|die|denen|jotka|joita|qui|que|care|які|яких|которые|которых|اللواتي"
    r"|الذين)(?: \S+)? ?\Z"
)
JUST_NOW = of_plain(
    r"(?<!\w)(?:i ?dag|i ?kväll|i ?aften|i ?kveld|today|tonight|heute|tänään|aujourd'hui|hoy|astăzi"
    r"|сьогодні|сегодня|اليوم|الليلة|امروز|امشب|i ?går|i ?natt|i ?morse|nyss|just nu|i ?går kväll"
    r"|yesterday|last night|this morning"
    r"|just now|an hour ago|hours ago|gestern|heute früh|letzte nacht|eilen|viime yönä|hier"
    r"|cette nuit|ce matin|ayer|anoche|esta mañana|ieri|azi|noaptea|вчора|щойно|вночі|вчера"
    r"|только что|ночью|امس|البارحة|دیشب|دیروز|همین الان)(?!\w)"
)
TODAY = of_plain(NOW.pattern)
AGO = of_plain(LONG_AGO.pattern)
DENIED = of_plain(DENIAL.pattern)
WAS_BEFORE = re.compile(rf"{WAS.pattern}(?: \S+)? ?\Z")
OF_DANGER = (*THREATS, *OF_NOW)
WITH_DENIAL = (*NOT_LET_OUT, *TIRED_OF_LIFE)
ALL = (*OF_DANGER, *LOCKED_IN, *WITH_DENIAL, *LATELY, *HURT_JUST_NOW, *SOON)
MAX_ASKED_WORDS = 4
NEAR_CHARS = 40
# What is in danger only in a manner of speaking.
FIGURATIVE = of_plain(
    r" (?:of (?:losing|missing|failing|expiring|becoming|closing|being (?:late|delayed|rejected"
    r"|closed))"
    r"|att (?:förlora|missa|bli för)|for å miste|for at miste)(?!\w)"
)
# In Swedish its word for «not» is «now».
IN_ROMANIAN = ("este", "e ", "sunt", "amenin", "va ", "vrea", "vor ", "o tin")


@lru_cache(maxsize=7)
def _index(phrases: tuple[str, ...]) -> Index:
    return Index(phrases, plain)


def says_threat(thought: Thought) -> bool:
    """Tell whether a thought says that somebody is in danger of life or freedom now."""
    if not _index(ALL).is_asked(thought.searched):
        return False
    tables = (OF_DANGER, LOCKED_IN, WITH_DENIAL, LATELY, HURT_JUST_NOW, SOON)
    found = [list(_index(phrases).found(thought.searched)) for phrases in tables]
    if not any(found):
        return False
    threats, locked_in, with_denial, lately, just_now, soon = found
    is_today = TODAY.search(thought.words) is not None
    return (
        any(_is_of_now(thought, each, is_today) for each in threats)
        or any(
            _is_of_now(thought, each, is_today) and not _is_by_law(thought.words, each)
            for each in locked_in
        )
        or any(_is_at_hand(thought, each, is_today) for each in with_denial)
        or any(_is_of_today(thought, each) for each in lately)
        or any(_is_true(thought, each) and not DENIED.search(each[0]) for each in just_now)
        or (is_today and any(_is_true(thought, each) for each in soon))
    )


def _is_true(thought: Thought, found: re.Match[str]) -> bool:
    """Tell whether what was found is neither denied before it nor supposed, of a day near today."""
    is_denied = NOT_HE.search(thought.before(found.start())) is not None
    return not is_denied and _is_at_hand(thought, found, is_today=True)


def _is_of_today(thought: Thought, found: re.Match[str]) -> bool:
    """Tell whether what is said of the past is hardly over."""
    is_lately = JUST_NOW.search(thought.words) is not None
    return is_lately and not DENIED.search(found[0]) and _is_at_hand(thought, found, is_lately)


def _is_of_now(thought: Thought, found: re.Match[str], is_today: bool) -> bool:
    """Tell whether what was found is said of now, and nothing beside it takes it back."""
    before = thought.before(found.start())
    if NOT_HE.search(before) or DENIED.search(found[0]):
        return False
    if before.endswith("nu ") and found[0].startswith(IN_ROMANIAN):
        return False
    was = WAS.search(found[0]) or WAS_BEFORE.search(before) or THAI_WAS.search(before)
    return not was and _is_at_hand(thought, found, is_today)


def _is_by_law(words: str, found: re.Match[str]) -> bool:
    return BY_LAW.search(words, found.start(), found.end() + NEAR_CHARS) is not None


def _is_at_hand(thought: Thought, found: re.Match[str], is_today: bool) -> bool:
    """Tell whether what was found is of somebody now, and not supposed, asked or of people."""
    before = thought.before(found.start())
    if IF_HE.search(before) or OF_PEOPLE.search(before):
        return False
    if FIGURATIVE.match(thought.words, found.end()):
        return False
    if thought.is_asked and len(before.split()) < MAX_ASKED_WORDS and len(thought.starts) <= 2:
        return False
    if is_today:
        return True
    is_elsewhere = RETURNS.search(thought.words) and ABROAD.search(thought.words)
    return not is_elsewhere and AGO.search(thought.words) is None

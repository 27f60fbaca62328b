"""Know how a note says that its writer is away, and which of its words change by the day.

People write of somebody else's holiday, of forms and certificates, so whole phrases count, and of
these only what the writer says of themselves or what a note begins with. A subject of one such word
is a note's where the letter is not about somebody else. It imports nothing of the project.
"""

import re

WITHIN_CHARS = 400
# Of whom a writer speaks who does not speak of themselves.
_THEY = (
    r"hon|han|henne|honom|hennes|hans|hun|hende|hendes|ham|she|he|her|him|his|they|their|them"
    r"|er|sie|es|hän|hänen|he|вона|він|вони|її|його|هي|هو|هم|لأن\S*|أن\S*"
)
# Up to three words between the writer and what they are: "I am unfortunately on leave".
_SOME = rf"(?: (?!(?:{_THEY})\b)[^\s.!?,;:]{{1,20}}){{0,3}}?"
# In German the verb's rest comes last: "Ich bin bis zum 14. November nicht im Büro".
_MANY = rf"(?: (?!(?:{_THEY}|ist|sind|hat|dass)\b)(?:\d{{1,2}}\.|[^\s.!?,;:]{{1,20}})){{0,6}}?"
_DAYS = (
    r"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en|s)?|(?:man|tirs|ons|tors|fre|lør|søn)dag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:maanan|tiis|tors|perjan|lauan|sunnun)tai\w{0,6}|keskiviik\w{1,7}"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w{0,5}"
    r"|januar[iy]?|februar[iy]?|märz|mars|marts|march|april|maj|mai|may|jun[ie]|jul[iy]|august[i]?"
    r"|(?:sept|nov|de[csz])ember|o[kc]tober"
)
# A day: until when somebody is away, or when they are back.
_A_DAY = (
    r" (?:(?:med|og med|and|including|zum|einschließlich|den|d\.|the|next|nästa|neste|næste|om)"
    rf" ){{0,3}}(?:\d|v\.? ?\d|vecka|uke|uge|week|(?:{_DAYS})\b"
    r"|i ?(?:dag|morgon|morgen|overmorgen)|today|tomorrow|heute|morgen)"
)
_SWEDISH = (
    rf"\b(?:jag är|är jag|jag har|har jag){_SOME} (?:(?:på )?semester|ledig|tjänstledig|tjl"
    r"|föräldraledig)\b"
    rf"|\b(?:jag är|är jag){_SOME} (?:frånvarande|bortrest|sjukskriven"
    r"|(?:inte|ej) på (?:kontoret|plats)|på (?:tjänsteresa|utbildning|kurs|konferens))\b"
    rf"|\bjag befinner mig{_SOME} på (?:semester|tjänsteresa|resande fot)\b"
    r"|\bjag (?:arbetar|jobbar) (?:inte|ej) längre\b|\bjag (?:vabbar|är sjuk)\b"
    r"|\bfrånvaromeddelande\b"
    rf"|^semester(?=$|[.!]| (?:till|t\.? ?o\.? ?m\.?|fram till|från){_A_DAY}| v\.? ?\d| vecka)"
    rf"|^(?:tjänst|föräldra)?ledig(?=$|[.!]| (?:till|fram till|från){_A_DAY})"
    rf"|^frånvar(?:o|ande)(?=$|[.!]| (?:till|fram till|från){_A_DAY})|^(?:inte|ej) på kontoret\b"
)
_FINNISH = (
    rf"\bolen{_SOME} (?:(?:vuosi|kesä|talvi|äitiys|opinto)?lomalla|poissa|vapaalla"
    r"|vanhempainvapaalla)\b|\ben (?:enää työskentele|työskentele enää|ole enää töissä)\b"
    rf"|\ben ole{_SOME} (?:tavoitettavissa|paikalla|toimistolla)\b|\bpoissaoloviesti\b"
    r"|^(?:(?:vuosi|kesä)?lomalla|poissa|vapaalla)(?=$|[.!]| toimistolta| \S{1,20} asti)"
)
_ENGLISH = (
    rf"\b(?:i am|i['’]m|i will be|i['’]ll be|we are){_SOME} (?:out of (?:the )?office(?! hours)"
    r"|on (?:(?:annual|sick|parental|maternity|paternity|study) )?leave"
    r"(?! to (?:remain|enter|stay))|on (?:vacation|holiday)|away)\b"
    r"|^(?:currently )?away(?=$|[.!]| (?:until|till))|^on (?:annual leave|vacation|holiday)\b"
    r"|^out[ -]of[ -](?:the[ -])?office(?=$|[.!]| (?:until|till))"
    r"|^(?:vacation|annual leave)(?=$|[.!])"
    r"|\bwith limited access to (?:my )?e-?mails?\b|\bi no longer work (?:at|for|with|here)\b"
)
_NORWEGIAN_AND_DANISH = (
    rf"\b(?:jeg er|er jeg|jeg har|har jeg|jeg holder){_SOME} (?:(?:på )?(?:sommer|jule)?ferie"
    r"|(?:på )?(?:orlov|permisjon|barsel|barselsorlov|foreldrepermisjon))\b"
    rf"|\b(?:jeg er|er jeg){_SOME} (?:bortreist|bortrejst|fraværende"
    r"|ikke (?:på kontoret|til stede))\b"
    rf"|\bfraværs(?:melding|besked)\b|^(?:ferie|fravær)(?=$|[.!]| (?:til|fra){_A_DAY})"
    rf"|\bjeg har fri{_A_DAY}|\bjeg (?:arbejder ikke længere|(?:arbeider|jobber) ikke lenger)\b"
    r"|^(?:ikke på|ude af) kontoret\b"
)
_GERMAN = (
    rf"\b(?:ich bin|bin ich|ich befinde mich){_MANY} (?:im urlaub|in elternzeit|abwesend|außer haus"
    r"|nicht im (?:büro|haus|dienst)|nicht erreichbar)\b"
    rf"|\bich habe{_MANY} urlaub(?= (?:bis|vom){_A_DAY}|[.!])|\bich arbeite nicht mehr\b"
    r"|\babwesenheitsnotiz\b|^(?:im )?urlaub(?=$|[.!]| (?:bis|vom))"
    r"|^abwesend(?:heit)?(?=$|[.!]| bis)"
)
_UKRAINIAN = (
    rf"\bя(?: зараз)?{_SOME} (?:у|в) (?:відпустці|відрядженні)\b|^(?:у|в) відпустці(?=$|[.!]| до)"
    rf"|\b(?:я|мене){_SOME} (?:не в офісі|не на роботі|немає в офісі)\b"
)
_ARABIC_AND_PERSIAN = (
    rf"(?:^|\s)(?:أنا|سأكون|إنني){_SOME} (?:خارج المكتب|في إجازة)(?=$|[\s.!،,])"
    r"|^(?:خارج المكتب|في إجازة)(?=$|[\s.!،,])"
    rf"|(?:^|\s)من{_SOME} (?:در|به) مرخصی (?:هستم|می.?باشم)"
)
AWAY = re.compile(
    f"{_SWEDISH}|{_FINNISH}|{_ENGLISH}|{_NORWEGIAN_AND_DANISH}|{_GERMAN}|{_UKRAINIAN}"
    f"|{_ARABIC_AND_PERSIAN}",
    re.IGNORECASE | re.MULTILINE,
)
# What a note says besides: thanks for a mail, and when its writer is back.
OF_A_NOTE = re.compile(
    r"\b(?:takk|tak) for (?:din|dit|ditt) (?:e-?post|e-?mail|mail|melding|besked|henvendelse)"
    r"|\btack för (?:ditt|din|ert) (?:mejl|mail|e-post|meddelande)"
    r"|\b(?:thank you|thanks) for your (?:e-?mail|message|mail)"
    r"|\bvielen dank für (?:ihre|deine) (?:e-?mail|nachricht|mail)|\bkiitos viesti"
    r"|дякую за (?:ваш |твій )?(?:лист|повідомлення)|شكرا? (?:على|ل)\s?(?:رسالت|بريد)"
    rf"|(?:^|[.!?] )(?:(?:jag|jeg|i) (?:är|er|am|will be|kommer) |er |är |ich bin (?:ab \S+ )?)?"
    rf"(?:åter|tillbaka|tilbake|tilbage|back|wieder|zurück)(?: på| den| on| am| ab| i|{_A_DAY})"
    r"|(?:^|[.!?] )(?:palaan|повернуся|буду на місці)\b",
    re.IGNORECASE,
)
# Somebody else of whom a letter tells: what they are to its writer, or that they are meant.
_PERSONS = (
    r"flick(?:an?|or(?:na)?)|pojk(?:en?|ar(?:na)?)|elev(?:en|er|erna|erne)?|barn(?:et|en|a)?"
    r"|børne(?:ne)?|dott(?:er|ern)|sonen|kvinn(?:an|or)|mamman?|pappan?|famil(?:jen|ien)|klienten"
    r"|syst(?:er|ern|rar)|bror|brodern|mo(?:dern|ren|r)|fa(?:dern|ren|r)|jent(?:a|en|er)|pik(?:en|e)"
    r"|pig(?:en|er)|gutt(?:en|er)|dreng(?:en|e)|datter(?:en)?|sønn?(?:en)?|kvinn?(?:en|den|de)"
    r"|søster(?:en)?|broren|(?:the|my|our|a|this|two|three) (?:\w+ )?(?:girls?|boys?|pupils?"
    r"|students?|child|children|wom[ae]n|famil(?:y|ies)|mother|father|clients?|daughters?|sons?|sisters?)"
    r"|das mädchen|der junge|d(?:ie|er) schüler(?:in)?|(?:das|ein|die) kind(?:er)?|die frau|"
    r"d(?:ie|er) tochter|der sohn|die familie|der vater|die mutter|tyttö|poika|oppilas|lapsi|lapset"
    r"|nainen|tytär|perhe|äiti(?:nsä)?|isä(?:nsä)?|дівчин(?:а|ка)|хлопець|учн(?:і|иця)|учениця|учень"
    r"|дитина|діти|жінка|донька|син|мати|батько|родина"
)
_PERSONS_IN_ARABIC = (
    r"الفتاة|فتاة|البنت|الطالبة|الطالب|الطفلة|الطفل|الأطفال|المرأة|ابنت\S*|الأم|الأب|العائلة|دختر\S*|"
    r"خانواده|کودک\S*"
)
_PRONOUNS = (
    r"hon|han|hun|honom|henne|hennes|hans|hende|hendes|ham|she|he|hän|hänen|вона|він|її|його"
)
OTHERS = re.compile(
    rf"\b(?:{_PERSONS}|{_PRONOUNS})\b|(?:^|[\s.,،!])[وف]?(?:{_PERSONS_IN_ARABIC}|هي|هو)(?=$|[\s.,،!])",
    re.IGNORECASE,
)
COUNTED = re.compile(r"[\d@]")
DAY = re.compile(_DAYS)
AROUND_WORDS = ".,;:!?()[]\"'’”"


def tells_of_absence(subject: str, words: str) -> bool:
    """Tell whether a mail's subject or the beginning of its words say that its writer is away.

    >>> tells_of_absence("Hej", "Jag är på semester till måndag.")
    True
    >>> tells_of_absence("AKUT", "Min chef är på semester, ring mig.")
    False
    """
    if AWAY.search(words[:WITHIN_CHARS]):
        return True
    return AWAY.search(subject) is not None and not speaks_of_another(words)


def speaks_of_another(words: str) -> bool:
    """Tell whether the beginning of a letter is about somebody else, and is no note of its writer.

    >>> speaks_of_another("Flickan är frånvarande från skolan")
    True
    >>> speaks_of_another("Jag är ledig till måndag, ring Eva, hon hjälper dig")
    False
    """
    beginning = words[:WITHIN_CHARS]
    is_note = AWAY.search(beginning) or OF_A_NOTE.search(beginning)
    return is_note is None and OTHERS.search(beginning) is not None


def without_dates(words: str) -> tuple[str, ...]:
    """Return the words that a program does not count up, copy or take from the calendar.

    >>> without_dates("this is note 7 of monday, <r1.ab@office.example>")
    ('this', 'is', 'note', 'of')
    """
    return tuple(
        each
        for each in words.split()
        if not COUNTED.search(each) and not DAY.fullmatch(each.strip(AROUND_WORDS).casefold())
    )

"""Know how a note says that its writer is away, and which of its words change by the day.

People write of somebody else's holiday, of forms and certificates, so whole phrases count, and of
these only what the writer says of themselves or what a note begins with. It imports nothing of the
project.
"""

import re

WITHIN_CHARS = 400
# Up to three words between the writer and what they are: "I am unfortunately on leave".
_SOME = r"(?: [^\s.!?,;:]{1,20}){0,3}?"
# In German the verb's rest comes last: "Ich bin bis zum 14. November nicht im Büro".
_MANY = r"(?: (?:\d{1,2}\.|[^\s.!?,;:]{1,20})){0,6}?"
_SWEDISH = (
    rf"\b(?:jag är|är jag|jag har|har jag){_SOME} (?:(?:på )?semester|ledig|tjänstledig|tjl"
    r"|föräldraledig|frånvarande|bortrest|sjukskriven|(?:inte|ej) på (?:kontoret|plats))\b"
    r"|\bfrånvaromeddelande\b|^semester(?=$|[.!]| (?:till|t\.? ?o\.? ?m|fram|från|v))"
    r"|^(?:tjänst|föräldra)?ledig(?=$|[.!]| (?:till|fram|från))"
    r"|^frånvar(?:o|ande)(?=$|[.!]| (?:till|fram|från))|^(?:inte|ej) på kontoret\b"
)
_FINNISH = (
    rf"\bolen{_SOME} (?:(?:vuosi|kesä|talvi|äitiys|opinto)?lomalla|poissa|vapaalla"
    r"|vanhempainvapaalla)\b"
    rf"|\ben ole{_SOME} (?:tavoitettavissa|paikalla|toimistolla)\b|\bpoissaoloviesti\b"
    r"|^(?:(?:vuosi|kesä)?lomalla|poissa|vapaalla)(?=$|[.!]| toimistolta| \S{1,20} asti)"
)
_ENGLISH = (
    rf"\b(?:i am|i['’]m|i will be|i['’]ll be|we are){_SOME} (?:out of (?:the )?office(?! hours)"
    r"|on (?:(?:annual|sick|parental|maternity|paternity|study) )?leave"
    r"(?! to (?:remain|enter|stay))|on (?:vacation|holiday)|away)\b"
    r"|^(?:currently )?away(?=$|[.!]| (?:until|till))|^on (?:annual leave|vacation|holiday)\b"
    r"|^out of (?:the )?office(?=$|[.!]| (?:until|till))|^(?:vacation|annual leave)(?=$|[.!])"
    r"|\bwith limited access to (?:my )?e-?mails?\b"
)
_NORWEGIAN_AND_DANISH = (
    rf"\b(?:jeg er|er jeg|jeg har|har jeg|jeg holder){_SOME} (?:(?:på )?(?:sommer|jule)?ferie"
    r"|(?:på )?(?:orlov|permisjon|barsel|barselsorlov|foreldrepermisjon)|bortreist|fraværende"
    r"|ikke (?:på kontoret|til stede))\b"
    r"|\bfraværsmelding\b|^(?:ferie|fravær)(?=$|[.!]| (?:til|fra))|^ikke på kontoret\b"
)
_GERMAN = (
    rf"\b(?:ich bin|bin ich){_MANY} (?:im urlaub|in elternzeit|abwesend|außer haus"
    r"|nicht im (?:büro|haus|dienst)|nicht erreichbar)\b"
    r"|\babwesenheitsnotiz\b|^(?:im )?urlaub(?=$|[.!]| (?:bis|vom))|^abwesend(?=$|[.!]| bis)"
)
AWAY = re.compile(
    f"{_SWEDISH}|{_FINNISH}|{_ENGLISH}|{_NORWEGIAN_AND_DANISH}|{_GERMAN}",
    re.IGNORECASE | re.MULTILINE,
)
COUNTED = re.compile(r"[\d@]")
DAY = re.compile(
    r"(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en|s)?|(?:man|tirs|ons|tors|fre|lør|søn)dag"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day|(?:mon|diens|donners|frei|sams|sonn)tag|mittwoch"
    r"|(?:maanan|tiis|tors|perjan|lauan|sunnun)tai\w{0,6}|keskiviik\w{1,7}"
    r"|(?:tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras|joulu)kuu\w{0,5}"
    r"|januar[iy]?|februar[iy]?|märz|mars|marts|march|april|maj|mai|may|jun[ie]|jul[iy]|august[i]?"
    r"|(?:sept|nov|de[csz])ember|o[kc]tober"
)
AROUND_WORDS = ".,;:!?()[]\"'’”"


def tells_of_absence(subject: str, words: str) -> bool:
    """Tell whether a mail's subject or the beginning of its words say that its writer is away.

    >>> tells_of_absence("Hej", "Jag är på semester till måndag.")
    True
    >>> tells_of_absence("AKUT", "Min chef är på semester, ring mig.")
    False
    """
    return bool(AWAY.search(f"{subject}\n{words[:WITHIN_CHARS]}"))


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

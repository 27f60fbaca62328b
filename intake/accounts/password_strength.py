"""Judge whether a password is guessable, by what is left without the parts attackers try first.

A list of leaked passwords of fifteen letters is short, and misses the next year, the next number
and the name of this service. So this module does not list whole passwords but what they are made
of: words, rows of a keyboard, runs of letters and digits, repetitions and years. A sentence keeps
nearly all of its letters (ASVS 5.0 6.2.4, 6.2.11).
"""

import re
from collections.abc import Iterable

# A password that has fewer characters of its own is guessable.
MIN_OWN_CHARS = 7
# The words that stand first in the published lists of leaked passwords. The Swedish and Finnish
# ones are the office's own addition.
COMMON_WORDS = (
    "password passw0rd p@ssword p@ssw0rd passord passwort passphrase login letmein welcome admin "
    "administrator administrador root user username guest default changeme changethis secret test "
    "testing demo access master superuser computer internet google facebook linkedin windows "
    "microsoft apple samsung android iphone iloveyou ilovemy loveyou lovely sunshine princess "
    "monkey dragon shadow killer football baseball basketball soccer hockey superman batman "
    "spiderman pokemon starwars naruto michael jordan jennifer jessica daniel charlie thomas "
    "ashley nicole matthew andrew joshua robert hunter ranger buster tigger ginger pepper cookie "
    "summer winter spring autumn january february march april june july august september october "
    "november december monday tuesday wednesday thursday friday saturday sunday freedom whatever "
    "trustno1 forever family friends babygirl angel chocolate butterfly purple orange silver "
    "golden diamond liverpool chelsea arsenal barcelona mercedes ferrari porsche mustang harley "
    "flower hello qazwsx 1q2w3e4r5t 1q2w3e4r 1q2w3e 1qaz2wsx3edc 1qaz2wsx zaq12wsx abc123 a1b2c3 "
    "correct horse battery staple correcthorsebatterystaple "
    "lösenord losenord lösen hemligt hemlig sommar vinter vår höst januari februari mars maj juni "
    "juli augusti oktober måndag tisdag onsdag torsdag fredag lördag söndag välkommen valkommen "
    "hejsan sverige stockholm göteborg goteborg malmö malmo älskar alskar kärlek "
    "salasana kesä talvi syksy kevät tervetuloa suomi helsinki rakastan perkele "
)
# The names of this service and of those who run it (ASVS 5.0 6.2.11: words of the context).
CONTEXT = (
    "documentservice",
    "document",
    "service",
    "documents",
    "portal",
    "intake",
    "referral",
    "avrr",
    "iom",
    "migration",
)
# The keyboard's rows, its columns, both in zigzag, and the alphabet.
ROWS = (
    "1234567890",
    "qwertyuiopå",
    "asdfghjklöä",
    "zxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "qazwsxedcrfvtgbyhnujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "abcdefghijklmnopqrstuvwxyzåäö",
)
YEARS = re.compile(r"(?:19|20)\d\d")
# One to four characters, repeated: aaaa, abababab, 123123123.
REPEATED = re.compile(r"(.{1,4}?)\1{2,}")
MIN_RUN = 4


def own_chars(password: str, known_words: Iterable[str] = ()) -> int:
    """Count the characters of a password that are left without its guessable parts.

    `known_words` are further words of the context, such as the parts of the person's address.

    >>> own_chars("Welcome-2026 Welcome!"), own_chars("a calm and long sentence")
    (0, 20)
    """
    rest = re.sub(r"[^\w@$]|_", "", password.casefold())
    words = {word.casefold() for word in (*COMMON_WORDS.split(), *CONTEXT, *known_words)}
    # The longest words go first: «documentservice» before «document».
    for word in sorted((word for word in words if len(word) > 2), key=len, reverse=True):
        rest = rest.replace(word, "")
    rest = YEARS.sub("", REPEATED.sub("", _without_runs(rest)))
    # People count digits at the end up when they must change a password.
    return len(rest.rstrip("0123456789@$"))


def is_guessable(password: str, known_words: Iterable[str] = ()) -> bool:
    """Tell whether fewer than `MIN_OWN_CHARS` characters of a password are its own."""
    return own_chars(password, known_words) < MIN_OWN_CHARS


def _without_runs(text: str) -> str:
    """Return a text without runs along a keyboard's row or the alphabet, forwards or backwards."""
    for row in (*ROWS, *(row[::-1] for row in ROWS)):
        for length in range(len(row), MIN_RUN - 1, -1):
            for start in range(len(row) - length + 1):
                text = text.replace(row[start : start + length], "")
    return text

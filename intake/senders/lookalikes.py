"""Tell how a sender looks like somebody in the register without being them.

The result is evidence for the person who reads the mail (requirement 107: a trafficker writes as a
coordinator from a domain that looks right), never trust. Real names resemble each other too:
`alvesta` and `avesta` are both towns. So a resemblance leads to a call back on the registered
number and not to a refusal.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from intake.sandbox.protocol.results import MAX_CLAIMED_FROM_CHARS
from intake.sandbox.protocol.text import UNSEEN

if TYPE_CHECKING:
    from intake.senders.authenticity.organisational_domain import Organisation

# Letters of other alphabets (Cyrillic, Greek, Armenian, phonetic) that look like Latin ones.
DOUBLES = {
    "a": "аαɑ", "b": "вβ", "c": "сϲ", "d": "ԁ", "e": "еєε", "g": "ցɡ", "h": "нһհ", "i": "іιıɩ",
    "j": "јϳ", "k": "кκ", "l": "ӏ", "m": "мμ", "n": "пηո", "o": "оοօσ", "p": "рρ", "q": "ԛզ",
    "r": "г", "s": "ѕ", "t": "тτ", "u": "սυ", "v": "ѵνʋ", "w": "ѡԝω", "x": "хχ", "y": "уүγ",
}  # fmt: skip
OTHER_ALPHABETS = str.maketrans(
    {double: letter for letter, doubles in DOUBLES.items() for double in doubles}
)
SAME_PAIRS = (("rn", "m"), ("vv", "w"), ("cl", "d"))
SAME_LOOK = str.maketrans("01i|3578$!", "olllestbsl")
NAMED_LATIN = re.compile(
    r"LATIN (?:SMALL LETTER|LETTER SMALL CAPITAL|SMALL LETTER (?:DOTLESS|SCRIPT|LONG|OPEN)) "
    r"(?P<letter>[A-Z])(?: WITH .*)?"
)
PUNYCODE = "xn--"

LOOKALIKE = "look_alike"
DOMAIN_LOOKS_REGISTERED = "looks_like_registered_domain"
ADDRESS_LOOKS_REGISTERED = "looks_like_registered_address"
LOCAL_PART_ELSEWHERE = "registered_local_part_elsewhere"
NAME_SHOWS_ADDRESS = "display_name_shows_other_address"
NAME_SHOWS_REGISTERED = "display_name_shows_registered_address"
NAME_IS_REGISTERED = "display_name_is_registered_person"
# The sender names one address, a registered one, and in no clear way: they resemble nobody else.
UNCLEAR = "unclear_from_of_registered_address"
# Of such a header not everything is shown, or not as it is written.
NOT_ALL_SHOWN = frozenset({"control_characters", "header_broken", "many_from_headers", "too_long"})

# Shorter names often differ in one letter only: `mora`, `tora`.
MIN_LABEL_CHARS = 5
LONG_LABEL_CHARS = 9
# A person's name as addresses spell it: `anna.berg`, `a-berg2`. An office's word stands alone, and
# the same word stands at every authority: `diariet`, `socialjouren`.
PERSON = re.compile(r"[^\W\d_]+(?:[._-][^\W\d_]+)+\d{0,4}")
# Words of offices without the marks of their letters, and how longer ones begin.
OFFICE_WORDS = frozenset(
    (
        "admin", "anti", "avd", "contact", "desk", "drop", "enhet", "enheten", "help", "hr", "in",
        "info", "jour", "jouren", "kansli", "line", "mail", "no", "och", "office", "post",
        "registrator", "registratur", "reply", "return", "skola", "skolan", "stod", "support",
        "team", "tjanst", "unit", "vard",
    )
)  # fmt: skip
DIRECTIONS = frozenset(("nord", "norr", "ost", "oster", "soder", "syd", "vast", "vaster"))
# Boxes that anybody can open under any name.
FREE_PROVIDERS = frozenset(
    (
        "aol.com", "gmail.com", "gmx.com", "gmx.de", "googlemail.com", "hotmail.com", "hotmail.se",
        "icloud.com", "live.com", "live.se", "mail.com", "mail.ru", "me.com", "msn.com",
        "outlook.com", "outlook.se", "proton.me", "protonmail.com", "telia.com", "tuta.com",
        "tutanota.com", "yahoo.com", "yahoo.se", "yandex.com", "yandex.ru",
    )
)  # fmt: skip
# Words that stand before many an address of anybody.
ANYBODYS = frozenset(("admin", "contact", "noreply", "no-reply", "office", "support"))
OFFICE_STEMS = (
    "administration", "arbetsmarknad", "avdelning", "behandling", "bistand", "boende",
    "brottsoffer", "diarie", "ekonomi", "expedition", "familjer", "familjeh", "flykting",
    "forvaltning", "funktion", "handlagg", "helpdesk", "individ", "information", "intake",
    "integration", "kommun", "kontakt", "kontor", "kundtjanst", "kvinnojour", "kvinnofrid",
    "lansstyrelse", "migration", "mottagning", "myndighet", "noreply", "omsorg", "postmaster",
    "reception", "region", "samordn", "service", "social", "trafficking", "ungdom", "vardcentral",
    "vuxen",
)  # fmt: skip
MIN_LOCAL_CHARS = 5
MIN_NAME_WORDS = 2
MAX_SHOWN_ADDRESSES = 10
SHOWN_ADDRESS = re.compile(r"[^\s@<>()\[\]\",;:]{1,64}@[^\s@<>()\[\]\",;:]{1,253}")
# What programs put around an address that stands as a name.
QUOTES = "'`\u2018\u2019*"
# A mark of a gateway, or a comment; one that holds others is seen from the inside.
MARKED = re.compile(r"\[[^\[\]]*\]|\([^()]*\)")
# Hangul fillers are letters that show as a blank.
WORD_BREAKS = re.compile(r"[\W\d_\u115f\u1160\u3164]+")
MARKS = frozenset({"Mn", "Me", "Cf"})


@dataclass(frozen=True)
class RegisteredNames:
    """The registered addresses and persons' names in clear, both in lower case.

    There are some hundred of each at most; every comparison looks at all of them.
    """

    addresses: frozenset[str]
    names: frozenset[str]


def find_likeness(
    from_address: str | None,
    claimed_from: str,
    register: RegisteredNames,
    organisation: "Organisation",
    from_defects: tuple[str, ...] = (),
) -> tuple[str, ...]:
    """Return the codes of how a sender looks like somebody registered; () for not at all.

    `claimed_from` is the From header as text. `from_address` is None where the header names no
    address beyond doubt; then every address in the text is compared. `organisation` returns the
    organisational domain. The first code is `look_alike`, unless the address itself is
    registered: then the others are about its display name. `from_defects` say why there is none; a
    sender who is not read, and whose header holds an address of the register and none of another
    domain, is no look-alike of themselves: then the one code is
    `unclear_from_of_registered_address`.
    """
    if from_address is None and not NOT_ALL_SHOWN.intersection(from_defects):
        shown = _addresses_shown(claimed_from)
        domains = {each.rpartition("@")[2] for each in shown}
        if len(domains) == 1 and not shown.isdisjoint(register.addresses):
            return (UNCLEAR,)
    address = from_address.lower() if from_address else None
    found = [
        *(_of_address(address, register, organisation) if address else ()),
        *_of_display_name(address, claimed_from, register, organisation),
    ]
    if not found:
        return ()
    is_registered = address in register.addresses
    return tuple(dict.fromkeys(found if is_registered else [LOOKALIKE, *found]))


def _of_address(
    address: str, register: RegisteredNames, organisation: "Organisation"
) -> Iterator[str]:
    """Yield the codes of how an address in lower case looks like registered ones."""
    if address in register.addresses:
        return
    local, _, domain = address.rpartition("@")
    registered = [each.rpartition("@")[::2] for each in register.addresses]
    domains = {each for _, each in registered}
    if any(_domain_looks_like(domain, each, organisation) for each in domains):
        yield DOMAIN_LOOKS_REGISTERED
    locals_here = {each for each, place in registered if place == domain}
    if any(_local_looks_like(local, each) for each in locals_here):
        yield ADDRESS_LOOKS_REGISTERED
    places = {place for each, place in registered if each == local}
    if places and domain not in domains and _tells_elsewhere(local, domain, places, organisation):
        yield LOCAL_PART_ELSEWHERE


def _tells_elsewhere(
    local: str, domain: str, places: set[str], organisation: "Organisation"
) -> bool:
    """Tell whether a registered local part at another domain is more than the word of an office.

    It is where it names a person, at a provider of boxes for everybody, and where the domain is
    the registered one but for its ending (`iom.com` for `iom.int`).
    """
    if _names_person(local):
        return True
    own = organisation(domain) or domain
    if own in FREE_PROVIDERS:
        return len(local) >= MIN_LOCAL_CHARS and local not in ANYBODYS
    label = _label(shown_domain(own))
    return any(label == _label(shown_domain(organisation(each) or each)) for each in places)


def _domain_looks_like(domain: str, registered: str, organisation: "Organisation") -> bool:
    """Tell whether a domain looks like a registered one of another organisation."""
    own, theirs = organisation(domain) or domain, organisation(registered) or registered
    if own == theirs:
        return False
    shown, known = shown_domain(domain), shown_domain(theirs)
    if skeleton(shown) == skeleton(shown_domain(registered)):
        return True
    own_label, known_label = _label(shown_domain(own)), _label(known)
    if len(known_label) < MIN_LABEL_CHARS:
        return _holds_name(shown, known) or _joined(skeleton(own_label)) == skeleton(known)
    return (
        _are_near(own_label, known_label)
        or _holds_name(shown, known)
        or _has_word(shown, known_label)
    )


def _label(organisation: str) -> str:
    """Return the first label of an organisation's domain: the name itself, without its ending."""
    return organisation.partition(".")[0]


def _are_near(own: str, known: str) -> bool:
    """Tell whether a reader may take two names for one: they look alike, or differ by a slip."""
    mine, theirs = _joined(skeleton(own)), _joined(skeleton(known))
    slips = 1 if len(theirs) < LONG_LABEL_CHARS else 2
    return OSA.distance(mine, theirs, score_cutoff=slips) <= slips


def _holds_name(shown: str, known: str) -> bool:
    """Tell whether a whole registered domain stands inside another: malmo.se.evil.example."""
    parts = re.split(r"[.-]", skeleton(shown))
    wanted = re.split(r"[.-]", skeleton(known))
    return any(parts[at : at + len(wanted)] == wanted for at in range(len(parts)))


def _has_word(shown: str, known_label: str) -> bool:
    """Tell whether a registered name is a word of another domain: malmo-support.example."""
    wanted = skeleton(known_label)
    labels = skeleton(shown).split(".")
    return any(wanted == label or wanted in label.split("-") for label in labels)


def _local_looks_like(local: str, registered: str) -> bool:
    mine, theirs = _joined(skeleton(local)), _joined(skeleton(registered))
    slips = 1 if len(theirs) > MIN_LABEL_CHARS else 0
    return OSA.distance(mine, theirs, score_cutoff=slips) <= slips


def _names_person(local: str) -> bool:
    """Tell whether a local part is a person's name, and not the word of an office.

    At another domain it tells something only then: `socialjouren@` is at every municipality.
    """
    if PERSON.fullmatch(local) is None or len(local) < MIN_LOCAL_CHARS:
        return False
    words = re.split(r"[._-]", local.rstrip("0123456789"))
    plain = [_unmarked(word) for word in words]
    # «Nord» and «Öster» are surnames too: they are an office's only beside another of its words.
    return not any(_is_of_office(word) for word in plain if word not in DIRECTIONS)


def _is_of_office(word: str) -> bool:
    return word in OFFICE_WORDS or word.startswith(OFFICE_STEMS)


def _unmarked(word: str) -> str:
    """Return a word without the marks of its letters: "vård" -> "vard"."""
    return "".join(x for x in unicodedata.normalize("NFKD", word) if not unicodedata.combining(x))


def _joined(text: str) -> str:
    return re.sub(r"[-._+]", "", text)


def _of_display_name(
    address: str | None, claimed_from: str, register: RegisteredNames, organisation: "Organisation"
) -> Iterator[str]:
    """Yield the codes of how the text beside the address looks like somebody registered."""
    text = unicodedata.normalize("NFKC", claimed_from).lower()
    own = _ways_to_write(address) if address is not None else frozenset()
    text = _beside(text, own)
    for found in SHOWN_ADDRESS.findall(text)[:MAX_SHOWN_ADDRESSES]:
        shown = found.strip(QUOTES)
        if shown in own:
            continue
        if address is not None:
            yield NAME_SHOWS_ADDRESS
        is_telling = shown in register.addresses or any(_of_address(shown, register, organisation))
        if is_telling:
            yield NAME_SHOWS_REGISTERED
    is_known = address in register.addresses
    if not is_known and not _names_in(text).isdisjoint(_registered_persons(register)):
        yield NAME_IS_REGISTERED


def _addresses_shown(claimed_from: str) -> frozenset[str]:
    """Return the addresses in a From as they are written, in lower case.

    None is there where not all are seen for sure.
    """
    if len(claimed_from) >= MAX_CLAIMED_FROM_CHARS:
        return frozenset()  # What follows is not shown.
    found = [each.strip(QUOTES) for each in SHOWN_ADDRESS.findall(claimed_from.lower())]
    at_signs = unicodedata.normalize("NFKC", claimed_from).count("@")
    return frozenset(found) if len(found) == at_signs else frozenset()


def _ways_to_write(address: str) -> frozenset[str]:
    """Return an address as it stands in DNS, and as its From may have shown it (RFC 5890)."""
    local, _, domain = address.rpartition("@")
    return frozenset({address, f"{local}@{shown_domain(domain)}"})


def _beside(text: str, own: frozenset[str]) -> str:
    """Return the text of a From without the address itself, which stands at its end or before a
    comment; a second one in the name stays."""
    for written in own:
        before, found, after = text.rpartition(written)
        if found:
            return f"{before} {after}"
    return text


def _names_in(text: str) -> set[frozenset[str]]:
    """Return the names that a reader may see: with marks and comments, without, and each of them.

    "[EXTERN] Anna Berg (North)" shows Anna Berg. What nobody sees within a word counts both ways.
    """
    seen = "".join(each for each in text if unicodedata.category(each) not in MARKS)
    ways = (text,) if seen == text else (text, seen)
    return {
        _words(each) for way in ways for each in (way, MARKED.sub(" ", way), *MARKED.findall(way))
    }


def _registered_persons(register: RegisteredNames) -> set[frozenset[str]]:
    """Return the registered names as sets of words, and those in addresses such as anna.berg@…"""
    spelt = filter(_names_person, (each.rpartition("@")[0] for each in register.addresses))
    words = {_words(name) for name in (*register.names, *spelt)}
    return {each for each in words if len(each) >= MIN_NAME_WORDS}


def _words(text: str) -> frozenset[str]:
    """Return the words of a name as they look: "Berg, Anna" and "anna.berg" have the same two."""
    return frozenset(skeleton(word) for word in WORD_BREAKS.split(text) if word)


def skeleton(text: str) -> str:
    """Return `text` with every letter replaced by the plainest one that looks like it.

    "Мalrnö" (a Cyrillic М) -> "malmo", and so is "maIm0" with "i", "l" and "1" all read as "l".
    """
    plain = "".join(_plain(letter) for letter in unicodedata.normalize("NFKD", text).casefold())
    for pair, letter in SAME_PAIRS:
        plain = plain.replace(pair, letter)
    return plain.translate(SAME_LOOK)


def shown_domain(domain: str) -> str:
    """Return a domain as a mail program may show it, its punycode labels decoded (RFC 3492).

    "xn--malm-8qa.se" -> "malmö.se"; a label that does not decode stays as it is.
    """
    return ".".join(map(_shown_label, domain.split(".")))


def _shown_label(label: str) -> str:
    if not label.startswith(PUNYCODE):
        return label
    try:
        return label.removeprefix(PUNYCODE).encode("ascii").decode("punycode")
    except (UnicodeError, ValueError, OverflowError):
        return label


def _plain(letter: str) -> str:
    if letter.isascii():
        return letter
    if unicodedata.category(letter) in {"Mn", "Mc", "Me", "Cf", "Cc"} or UNSEEN.match(letter):
        return ""
    plain = letter.translate(OTHER_ALPHABETS)
    if plain != letter:
        return plain
    named = NAMED_LATIN.fullmatch(unicodedata.name(letter, ""))
    return named["letter"].lower() if named else letter

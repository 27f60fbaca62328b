"""Suggest whether a message is meant for another office or programme.

See requirements 40, 41, 49 and 104. The suggestion is for a person, with the words that decided
and the prepared answer that would fit. Nothing is sent by it, and no suggestion says nothing about
a message.
"""

import re
import unicodedata
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING

from intake.filing import danger_phrases
from intake.filing import misdirected_words as words
from intake.senders.emergencies.phrases import compiled
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Channel, Programme, SenderVerdict

if TYPE_CHECKING:
    from intake.sandbox.protocol.results import MailFacts
    from storage.submissions.submissions import Submission

COUNTRIES: dict[str, tuple[str, ...]] = {
    "AFG": ("afghanistan", "افغانستان", "يهفغانستان"),
    "ALB": ("albanien", "albania"),
    "ARM": ("armenien", "armenia"),
    "AZE": ("azerbajdzjan", "azerbaijan"),
    "BGD": ("bangladesh",),
    "COD": ("kongo-kinshasa", "demokratiska republiken kongo", "dr congo", "drc", "kinshasa"),
    "CAF": ("centralafrikanska republiken", "central african republic"),
    "CIV": ("elfenbenskusten", "ivory coast"),
    "DZA": ("algeriet", "algeria", "الجزاير"),
    "EGY": ("egypten", "egypt", "مصر"),
    "ERI": ("eritrea", "اريتريا"),
    "ETH": ("etiopien", "ethiopia"),
    "GEO": ("georgien", "georgia"),
    "GMB": ("gambia",),
    "IRQ": ("irak", "iraq", "العراق", "عراق", "عيراق"),
    "IRN": ("iran", "ايران", "ييران"),
    "JOR": ("jordanien", "jordan", "الاردن"),
    "LBN": ("libanon", "lebanon", "لبنان"),
    "LBR": ("liberia",),
    "LBY": ("libyen", "libya", "ليبيا"),
    "MAR": ("marocko", "morocco", "المغرب"),
    "MLI": ("mali",),
    "MNG": ("mongoliet", "mongolia"),
    "NGA": ("nigeria",),
    "PAK": ("pakistan", "پاكستان"),
    "PSE": ("palestina", "palestine", "gaza", "فلسطين"),
    "SRB": ("serbien", "serbia"),
    "RUS": ("ryssland", "russia"),
    "SDN": ("sudan", "السودان"),
    "SLE": ("sierra leone",),
    "SOM": ("somalia", "soomaaliya", "الصومال"),
    "SSD": ("sydsudan", "south sudan"),
    "SLV": ("el salvador",),
    "SYR": ("syrien", "syria", "سوريا", "سوريه"),
    "TCD": ("tchad", "chad"),
    "TUN": ("tunisien", "tunisia", "تونس"),
    "TUR": ("turkiet", "turkey", "تركيا", "تركيه"),
    "UKR": ("ukraina", "ukraine"),
    "UGA": ("uganda",),
    "UZB": ("uzbekistan",),
    "XKX": ("kosovo",),
    "YEM": ("jemen", "yemen", "اليمن"),
}

MAX_CHARS = 20_000
LETTERS = "a-z0-9\u0600-\u06ff"
# An authority that is named this near to a passport is taken for the one who keeps it.
NEAR_CHARS = 40
SUM = re.compile(words.REPATRIATION_SUM)
# Document types (requirement 110) that only a referral has, and those that only a cash case has.
REFERRAL_TYPES = frozenset(
    {"REF-FORM", "ID-VOT", "RISK-ASM", "CONS-SECR", "PRM-REFL", "COORD-NOTE"}
)
CASH_TYPES = frozenset({"CASH-DEC", "CASH-APP", "CASH-RCPT", "CASH-ID"})


class MisdirectionKind(StrEnum):
    """What a misdirected message seems to be about."""

    PROTECTION = "trafficking_signs"
    THIRD_PARTY = "third_party"
    CASH_AT_REFERRALS = "cash_at_referrals"
    REFERRAL_AT_CASH = "referral_at_cash"
    REPATRIATION_GRANT = "repatriation_grant"
    REINTEGRATION = "reintegration_services"
    ASYLUM = "asylum"
    COUNTRY_NOT_LISTED = "country_not_listed"
    JOB = "job"
    PRESS = "press"
    ADVERTISING = "advertising"


# The prepared answers that fit. Where there is none, a person decides what to answer, if anything.
ANSWERS = {
    MisdirectionKind.THIRD_PARTY: "third_party_neutral",
    MisdirectionKind.CASH_AT_REFERRALS: "cash_how_to_apply",
    MisdirectionKind.REFERRAL_AT_CASH: "call_us",
    MisdirectionKind.REPATRIATION_GRANT: "wrong_door_repatriation_grant",
    MisdirectionKind.REINTEGRATION: "wrong_door_eurp",
    MisdirectionKind.ASYLUM: "wrong_door_asylum",
    MisdirectionKind.COUNTRY_NOT_LISTED: "country_not_listed",
}


@dataclass(frozen=True)
class Misdirection:
    """One suggestion. `reasons` are words of the text, document types or country codes."""

    kind: MisdirectionKind
    reasons: tuple[str, ...]

    @property
    def answer(self) -> str | None:
        """Return the code of the prepared answer that fits, or None."""
        return ANSWERS.get(self.kind)

    @property
    def queue(self) -> Queue | None:
        """Return the queue for signs of trafficking, None for all else. The sender is not told."""
        return Queue.PROTECTION if self.kind is MisdirectionKind.PROTECTION else None


def find_misdirections(
    text: str,
    document_types: Collection[str],
    programme: str,
    *,
    payable: Collection[str] | None = None,
    is_unregistered: bool = False,
    is_to_many: bool = False,
) -> tuple[Misdirection, ...]:
    """Return how a message seems to be misdirected, the most important first; often empty.

    `text` is subject and body as the sender wrote them; `document_types` are codes of document
    types; `payable` are the country codes in force, None when they are not known.
    `is_unregistered` tells that nobody of the register wrote (`is_from_unregistered`): coordinators
    and officers write about trafficking every day, and from anybody else it is a sign.
    `is_to_many` tells that a list or newsletter sent it: that quotes what others went through.
    """
    read = plain(text[:MAX_CHARS])
    types = frozenset(document_types)
    found = (
        _at_cash(read, types, payable, _trafficking(read, is_to_many=is_to_many))
        if programme == Programme.CASH
        else _at_referrals(
            read, types, _trafficking(read, is_to_many=is_to_many) if is_unregistered else ()
        )
    )
    return tuple(Misdirection(kind, reasons) for kind, reasons in found if reasons)


def is_from_unregistered(submission: "Submission") -> bool:
    """Tell whether a mail came from an address that the register does not have."""
    is_known = submission.sender_verdict in {SenderVerdict.REGISTERED, SenderVerdict.UNVERIFIED}
    return submission.channel == Channel.EMAIL and not is_known


def is_to_many(header: "MailFacts | None") -> bool:
    """Tell whether a list or a newsletter sent a mail, as its header says it."""
    if header is None:
        return False
    return header.list_headers or header.precedence.strip().casefold() in {"bulk", "list"}


def as_written(text: str, reason: str) -> str:
    """Return the words of a text in which a reason was found, and a code that is in none as it is.

    >>> as_written("Fråga om återvandringsbidraget, tack!", "atervandringsbidrag")
    'återvandringsbidraget'
    """
    tokens = text[:MAX_CHARS].split()
    number = len(reason.split())
    for at in range(len(tokens) - number + 1):
        words_there = " ".join(tokens[at : at + number])
        if reason in plain(words_there):
            return words_there.strip(".,;:!?()[]\"'«»“”<>")
    return reason


def plain(text: str) -> str:
    """Return a text in the form of the word tables.


    >>> plain("ÅTERETABLERINGSSTÖD \u0663\u0665\u0660\u00a0000")
    'ateretableringsstod 350 000'
    """
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    kept = (_one_form(each) for each in decomposed)
    return " ".join("".join(kept).split())


Found = list[tuple[MisdirectionKind, tuple[str, ...]]]


def _at_cash(
    read: str,
    types: frozenset[str],
    payable: Collection[str] | None,
    danger: tuple[str, ...],
) -> Found:
    cash = _words(read, words.CASH)
    grant = _grant(read)
    services = _words(read, words.REINTEGRATION)
    # The support depends on a refusal of asylum, so who asks for it may well mention asylum.
    asylum = () if cash or types & CASH_TYPES else _words(read, words.ASYLUM)
    referral = _of_types(types, REFERRAL_TYPES) or _words(read, words.REFERRAL)
    return [
        (MisdirectionKind.PROTECTION, danger),
        (MisdirectionKind.THIRD_PARTY, _words(read, words.THIRD_PARTY)),
        (MisdirectionKind.REFERRAL_AT_CASH, referral),
        (MisdirectionKind.REPATRIATION_GRANT, grant),
        (MisdirectionKind.REINTEGRATION, () if cash else services),
        (MisdirectionKind.ASYLUM, asylum),
        (MisdirectionKind.COUNTRY_NOT_LISTED, () if grant else _not_listed(read, payable)),
        *_nobodys(read),
    ]


def _at_referrals(read: str, types: frozenset[str], danger: tuple[str, ...]) -> Found:
    third_party = (MisdirectionKind.THIRD_PARTY, _words(read, words.THIRD_PARTY))
    protection = (MisdirectionKind.PROTECTION, danger)
    is_referral = bool(types & REFERRAL_TYPES or _words(read, words.REFERRAL))
    if is_referral:
        # A coordinator's text about a person may well mention money and asylum.
        return [protection, third_party]
    grant = _grant(read)
    cash = _of_types(types, CASH_TYPES) or _words(read, words.CASH)
    services = _words(read, words.REINTEGRATION)
    asylum = () if cash or grant or services else _words(read, words.ASYLUM)
    return [
        protection,
        third_party,
        (MisdirectionKind.CASH_AT_REFERRALS, cash),
        (MisdirectionKind.REPATRIATION_GRANT, grant),
        (MisdirectionKind.REINTEGRATION, () if cash else services),
        (MisdirectionKind.ASYLUM, asylum),
        *_nobodys(read),
    ]


def _nobodys(read: str) -> Found:
    return [
        (MisdirectionKind.JOB, _words(read, words.JOBS)),
        (MisdirectionKind.PRESS, _words(read, words.PRESS)),
        (MisdirectionKind.ADVERTISING, _words(read, words.ADVERTISING)),
    ]


def _grant(read: str) -> tuple[str, ...]:
    named = SUM.search(read)
    return (*_words(read, words.REPATRIATION_GRANT), *((named.group(),) if named else ()))


def find_danger(text: str, *, is_to_many: bool = False) -> tuple[str, ...]:
    """Return the words by which a text says that somebody is in danger, empty for too few."""
    return _trafficking(plain(text[:MAX_CHARS]), is_to_many=is_to_many)


def says_danger_now(text: str, *, is_to_many: bool = False) -> bool:
    """Tell whether a text says that somebody is in danger now, and cannot wait.

    What a list or newsletter sends tells what others went through.
    """
    read = _figurative().sub(" ", plain(text[:MAX_CHARS]))
    return not is_to_many and _now().search(read) is not None


def _trafficking(read: str, *, is_to_many: bool) -> tuple[str, ...]:
    """Return the signs of trafficking when there are enough.

    One phrase of somebody's own is enough, so is one strong word, unless the press or a
    seller writes; of what alone is doubtful it takes two. What is sent to many needs two phrases of
    somebody's own.
    """
    literal = _figurative().sub(" ", read)
    own = tuple(
        dict.fromkeys(
            found.group() for each in (_strong(), _now()) for found in each.finditer(literal)
        )
    )
    if is_to_many:
        return own if len(own) >= 2 else ()
    strong = _words(literal, words.TRAFFICKING_STRONG)
    signs = _doubtful(literal)
    is_about_others = bool(_words(read, (*words.PRESS, *words.ADVERTISING, *words.JOBS)))
    enough = own or (strong and not is_about_others)
    return (*own, *strong, *signs) if enough or len((*strong, *signs)) >= 2 else ()


def _doubtful(read: str) -> tuple[str, ...]:
    """Return the signs of which it takes two; the same words in two tables count once."""
    found: dict[str, None] = dict.fromkeys(_words(read, words.TRAFFICKING_SIGNS))
    for more in _signs().finditer(read):
        if not any(known in more.group() for known in found):
            found[more.group()] = None
    return tuple(each for each in found if not _is_kept_by_law(read, each))


def _is_kept_by_law(read: str, sign: str) -> bool:
    is_passport = any(word in sign for word in words.PASSPORTS)
    return is_passport and _is_by_authority(read, sign)


@lru_cache(maxsize=1)
def _strong() -> re.Pattern[str]:
    return compiled(danger_phrases.STRONG, plain)


@lru_cache(maxsize=1)
def _now() -> re.Pattern[str]:
    return compiled(danger_phrases.NOW, plain)


@lru_cache(maxsize=1)
def _signs() -> re.Pattern[str]:
    return compiled(danger_phrases.SIGNS, plain)


@lru_cache(maxsize=1)
def _figurative() -> re.Pattern[str]:
    return compiled(danger_phrases.FIGURATIVE, plain)


def _is_by_authority(read: str, sign: str) -> bool:
    at = read.find(sign)
    near = read[max(0, at - NEAR_CHARS) : at + len(sign) + NEAR_CHARS]
    return bool(_words(near, words.AUTHORITIES))


def _not_listed(read: str, payable: Collection[str] | None) -> tuple[str, ...]:
    """Return the named countries when none of them is payable; empty when that is not known."""
    if payable is None:
        return ()
    named = tuple(code for code, names in COUNTRIES.items() if _words(read, names, is_whole=True))
    return () if set(named) & set(payable) else named


def _of_types(types: frozenset[str], wanted: frozenset[str]) -> tuple[str, ...]:
    return tuple(sorted(types & wanted))


def _words(read: str, wanted: tuple[str, ...], *, is_whole: bool = False) -> tuple[str, ...]:
    """Return the entries of a table that a text holds, at the start of words or as whole words."""
    return tuple(dict.fromkeys(_pattern(wanted, is_whole).findall(read)))


@lru_cache(maxsize=64)
def _pattern(wanted: tuple[str, ...], is_whole: bool) -> re.Pattern[str]:
    longest_first = sorted(wanted, key=len, reverse=True)
    either = "|".join(map(re.escape, longest_first))
    # Arabic joins its article and its «and», «to», «by» to the word.
    prefix = "(?:(?:\u0648|\u0628|\u0644|\u0641)?(?:\u0627\u0644)?)"
    end = f"(?![{LETTERS}])" if is_whole else ""
    return re.compile(f"(?<![{LETTERS}]){prefix}({either}){end}")


def _one_form(character: str) -> str:
    """Return one form of a letter or digit; empty for marks, joiners and lengthening strokes."""
    digit = unicodedata.digit(character, None)
    if digit is not None:
        return str(digit)
    if unicodedata.category(character) in {"Mn", "Cf"} or character == "\u0640":
        return ""
    return LETTER_FORMS.get(character, character)


def _forms(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    return {written: form for writtens, form in pairs for written in writtens}


# Persian and Sorani keyboards have their own yeh, kaf and heh; people often leave hamza out.
LETTER_FORMS = _forms(
    (
        ("\u06cc\u0649\u06ce\u06d0\u0626", "\u064a"),
        ("\u06a9\u06aa", "\u0643"),
        ("\u0629\u06d5\u06be\u06c1\u06c0", "\u0647"),
        ("\u0622\u0623\u0625\u0671", "\u0627"),
        ("\u0624\u06c6\u06c7", "\u0648"),
        ("\u06b5", "\u0644"),
        ("\u0695", "\u0631"),
        ("\u200c\u200d", ""),
    )
)

"""Plan a month of invented mail, with the truth about each: who wrote it, and about which case.

The mix of `REPLIES` is an assumption, said here so that figures drawn from it can be judged:
about nine of ten replies keep something that proves the case, as mail programs do, and the rest
lose it in the ways that offices complain of. A reply with nothing but the code of another case of
the same sender is not in the mix: nobody could tell that another case was meant. `month_letters`
writes the mails themselves.
"""

import random
from dataclasses import dataclass
from enum import Enum

MAILS = 1000
CASES = 60
REGIONS = ("NORD", "MITT", "BERG", "STHLM", "OST", "VAST", "SYD")
DOMAIN = "region.example"


class Kind(Enum):
    """What sort of mail it is."""

    NEW = "new matter"
    NEW_FORWARDED = "new matter, forwarded from elsewhere"
    THREADED = "reply, thread and tag intact"
    THREADED_ONLY = "reply, thread intact, address typed anew"
    TAGGED_ONLY = "reply to the tagged address, thread lost"
    SUBJECT_CHANGED = "reply in the thread, subject changed"
    CODE_IN_SUBJECT = "reply, thread lost, code in the subject"
    CODE_IN_BODY = "new message, our receipt quoted below"
    FORWARDED = "forward that quotes our receipt"
    BY_DEPUTY = "the deputy replies with the code"
    DAMAGED = "code with a wrong symbol, thread lost"
    CROSSED = "thread of one case, code of another"
    OTHERS_CODE = "code of a colleague's case, thread lost"
    NOTHING = "reply without thread and code"
    OWN_THREAD = "reply to the writer's own earlier mail"
    BY_COLLEAGUE = "colleague of the region with the code"
    SPOOF = "registered address, not authentic, with all references"
    LOOK_ALIKE = "address that resembles a registered one, with all references"
    STRANGER_NAMES = "stranger with the code"
    STRANGER = "stranger without a reference"
    REPLAY = "coordinator of another region replays all references"
    AUTOMATIC = "out of office, in the thread"


# Per cent of all replies.
REPLIES = {
    Kind.THREADED: 34,
    Kind.THREADED_ONLY: 10,
    Kind.TAGGED_ONLY: 5,
    Kind.SUBJECT_CHANGED: 6,
    Kind.CODE_IN_SUBJECT: 18,
    Kind.CODE_IN_BODY: 8,
    Kind.FORWARDED: 4,
    Kind.BY_DEPUTY: 3,
    Kind.DAMAGED: 3,
    Kind.CROSSED: 2,
    Kind.OTHERS_CODE: 1,
    Kind.NOTHING: 3,
    Kind.OWN_THREAD: 2,
    Kind.BY_COLLEAGUE: 1,
}
NOISE = {
    Kind.SPOOF: 25,
    Kind.LOOK_ALIKE: 15,
    Kind.STRANGER_NAMES: 20,
    Kind.STRANGER: 20,
    Kind.REPLAY: 10,
    Kind.AUTOMATIC: 10,
}
NEW = frozenset({Kind.NEW, Kind.NEW_FORWARDED})
NOISE_SHARE = 0.22


@dataclass(frozen=True)
class Writer:
    """One entry of the register."""

    address: str
    region: str
    deputy_for: str | None = None


@dataclass(frozen=True)
class Letter:
    """One mail as planned. `case` is the truth, None where it is about no case.

    `answers` is the number of the earlier mail whose receipt it answers; `other` that of a
    mail of another case, where the two get mixed up.
    """

    number: int
    kind: Kind
    writer: Writer
    case: int | None
    answers: int | None = None
    other: int | None = None
    has_label: bool = True
    has_old_document: bool = False

    @property
    def is_reply(self) -> bool:
        """Tell whether it is genuine and belongs to a case that exists."""
        return self.kind in REPLIES


@dataclass(frozen=True)
class Month:
    """The whole plan."""

    writers: tuple[Writer, ...]
    letters: tuple[Letter, ...]


def plan_month(seed: int = 2026) -> Month:
    """Plan a month: the same seed gives the same month."""
    chance = random.Random(seed)
    coordinators = [
        Writer(f"coordinator{n:02}@{DOMAIN}", REGIONS[n % len(REGIONS)]) for n in range(12)
    ]
    deputies = [
        Writer(f"deputy{n:02}@{DOMAIN}", coordinators[n].region, coordinators[n].address)
        for n in range(12)
    ]
    owners: list[Writer] = []
    letters: list[Letter] = []
    of_case: dict[int, list[Letter]] = {}
    for number in range(MAILS):
        letter = _next_letter(chance, number, coordinators, deputies, owners, of_case)
        letters.append(letter)
        # Only mail of the case's own coordinator or deputy gets a receipt that can be answered.
        if letter.case is not None and letter.kind not in {*NOISE, Kind.BY_COLLEAGUE}:
            of_case.setdefault(letter.case, []).append(letter)
    return Month((*coordinators, *deputies), tuple(letters))


def _next_letter(
    chance: random.Random,
    number: int,
    coordinators: list[Writer],
    deputies: list[Writer],
    owners: list[Writer],
    of_case: dict[int, list[Letter]],
) -> Letter:
    is_due = len(owners) * MAILS < number * CASES or not owners
    if len(owners) < CASES and is_due:
        owners.append(coordinators[len(owners) % len(coordinators)])
        kind = Kind.NEW_FORWARDED if len(owners) % 6 == 0 else Kind.NEW
        return Letter(number, kind, owners[-1], len(owners) - 1)
    case = chance.randrange(len(owners))
    owner = owners[case]
    mix = NOISE if chance.random() < NOISE_SHARE else REPLIES
    kind = chance.choices(list(mix), list(mix.values()))[0]
    writer, other = _cast(chance, kind, case, owners, coordinators, deputies)
    if (kind is Kind.BY_COLLEAGUE and writer == owner) or (kind is Kind.REPLAY and other is None):
        kind, writer = Kind.THREADED, owner
    if kind in {Kind.CROSSED, Kind.OTHERS_CODE} and other is None:
        kind, writer = Kind.THREADED, owner
    newest = of_case[case][-1].number
    return Letter(
        number,
        kind,
        writer,
        case if kind in REPLIES else None,
        answers=newest if chance.random() < 0.6 else chance.choice(of_case[case]).number,
        other=of_case[other][0].number if other is not None else None,
        has_label=chance.random() < 0.75,
        has_old_document=chance.random() < 0.1,
    )


def _cast(
    chance: random.Random,
    kind: Kind,
    case: int,
    owners: list[Writer],
    coordinators: list[Writer],
    deputies: list[Writer],
) -> tuple[Writer, int | None]:
    """Return who writes, and the other case that is mixed up with it, None without one."""
    owner = owners[case]
    own = [n for n, who in enumerate(owners) if who == owner and n != case]
    others = [n for n, who in enumerate(owners) if who != owner]
    if kind is Kind.BY_DEPUTY:
        return next(each for each in deputies if each.deputy_for == owner.address), None
    if kind is Kind.BY_COLLEAGUE:
        same = [each for each in coordinators if each.region == owner.region]
        return chance.choice(same), None
    if kind is Kind.REPLAY:
        elsewhere = [n for n in others if owners[n].region != owner.region]
        return (owners[elsewhere[0]], elsewhere[0]) if elsewhere else (owner, None)
    if kind is Kind.CROSSED:
        return owner, chance.choice(own or others) if own or others else None
    if kind is Kind.OTHERS_CODE:
        return owner, chance.choice(others) if others else None
    return owner, None

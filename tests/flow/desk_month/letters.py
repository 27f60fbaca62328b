"""Write the mails of a month at the desk, as their writers' programs do."""

from collections.abc import Callable
from typing import Protocol

from tests.flow.desk_month.arrivals import BOUNCES_AFTER, Arrival, Kind, lacks_papers
from tests.flow.desk_month.papers import (
    Attachment,
    consent,
    first_papers,
    later_papers,
    one_more,
    without_consent,
)
from tests.samples.mail.bounces import bounce, sent_to
from tests.samples.mail.mails import REGISTERED_SENDER, referral
from tests.samples.mail.wire import mail

SERVER = "mx.intake.example"
PROVEN = ("Authentication-Results", f"{SERVER}; dmarc=pass header.from=partner.example")
DISOWNED = f"Authentication-Results: {SERVER}; dmarc=fail header.from=partner.example".encode()
WORDS = ("alfa", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa")
DOORS = (
    "I want to apply for asylum. How do I do that?",
    "Jag vill veta mer om återvandringsbidrag, 350 000 kronor.",
    "Where do I apply for the repatriation grant?",
)


class Known(Protocol):
    """What the writers know of the mails before theirs, as a house keeps it.

    `ids` are the submissions of what came; `receipts` has, of referrals whose receipt comes back,
    its Message-ID and where the report goes; the other two are numbers of referrals.
    """

    ids: dict[tuple[Kind, int], str]
    receipts: dict[int, tuple[str, str]]
    first_referral: int
    withdrawn_referral: int

    def case_of(self, kind: Kind, number: int) -> str:
        """Return the reference of the case of what came in already."""


def write(arrival: Arrival, house: Known) -> bytes | None:
    """Return an arrival as mail, None for what comes by telephone."""
    writer = WRITERS.get(arrival.kind)
    return writer(arrival.number, house) if writer is not None else None


def name(number: int) -> str:
    """Return a name in words, which no two letters share and no number tells apart."""
    return " ".join(WORDS[int(digit)] for digit in reversed(f"{number:02}"))


def full_box(number: int) -> str:
    """Return the address of a registered coordinator whose box takes no mail."""
    return f"coordinator{number}@partner.example"


def _referral(number: int, _house: Known) -> bytes:
    person = name(number)
    return referral(
        full_box(number) if number < len(BOUNCES_AFTER) else REGISTERED_SENDER,
        attachments=first_papers(person, is_whole=not lacks_papers(number)),
        subject=f"Ny remiss {person}", token=f"Det gäller {person}.", headers=[PROVEN],
    )  # fmt: skip


def _emergency(number: int, _house: Known) -> bytes:
    person = name(number)
    return referral(
        attachments=first_papers(f"akut {person}", is_whole=True),
        subject=f"AKUT: kvinna i fara {person}",
        token="Hon är i fara nu. Ring mig.", headers=[PROVEN],
    )  # fmt: skip


def _no_consent(number: int, _house: Known) -> bytes:
    person = name(number)
    return referral(
        attachments=without_consent(f"nej {person}"),
        subject=f"Remiss {person}", token=f"Samtycke följer. Det gäller nej {person}.",
        headers=[PROVEN],
    )  # fmt: skip


def _consent(number: int, house: Known) -> bytes:
    case = house.case_of(Kind.NO_CONSENT, number)
    return _to_case(case, [consent(f"nej {name(number)}")], "Personen har ändrat sig.")


def _danger(number: int, _house: Known) -> bytes:
    body = f"He took my passport and forced me to work. Please help. {name(number)}\r\n".encode()
    sender = f"frightened{number}@post.example".encode()
    return mail(f"danger-{number}", sender=sender, subject=b"Help", body=body)


def _duplicate(number: int, house: Known) -> bytes:
    """Write a referral that has come once more, as a server that stumbled sends it."""
    came = [at for kind, at in house.ids if kind is Kind.REFERRAL and at >= len(BOUNCES_AFTER)]
    return _referral(came[number], house).replace(b"Message-ID: <", b"Message-ID: <again-", 1)


def _addition(number: int, house: Known) -> bytes:
    case = house.case_of(Kind.REFERRAL, house.first_referral)
    return _to_case(case, [one_more(f"tillägg {name(number)}")], f"Här kommer mer: {name(number)}.")


def _after_withdrawal(number: int, house: Known) -> bytes:
    case = house.case_of(Kind.REFERRAL, house.withdrawn_referral)
    return _to_case(case, [one_more(f"senare {name(number)}")], f"Ett papper till: {name(number)}.")


def _withdrawal(_number: int, house: Known) -> bytes:
    case = house.case_of(Kind.REFERRAL, house.withdrawn_referral)
    words = "Hon har ändrat sig och vill inte resa."
    return referral(subject="Angående remissen", reference=case, token=words, headers=[PROVEN])


def _completion(number: int, house: Known) -> bytes:
    """Write with what was missing, as after a reminder."""
    case = house.case_of(Kind.REFERRAL, number)
    return _to_case(case, later_papers(name(number)), "Här är det som saknades.")


def _to_case(case: str, papers: list[Attachment], words: str) -> bytes:
    return referral(
        attachments=papers, subject="Komplettering", reference=case, token=words,
        headers=[PROVEN],
    )  # fmt: skip


def _spam(number: int, _house: Known) -> bytes:
    body = f"Buy our web design and newsletters, offer {name(number)}.\r\n".encode()
    sender = f"sales{number}@offers.example".encode()
    return mail(f"spam-{number}", sender=sender, subject=b"Best prices", body=body)


def _robot(number: int, _house: Known) -> bytes:
    return mail(
        f"robot-{number}",
        sender=f"no-reply@system{number}.example".encode(),
        subject=b"Nightly report",
        headers=[b"Auto-Submitted: auto-generated", b"Precedence: bulk"],
        body=f"Backup {name(number)} finished.\r\n".encode(),
    )


def _absence(number: int, _house: Known) -> bytes:
    return mail(
        f"away-{number}",
        subject=b"Autosvar: borta",
        headers=[f"{PROVEN[0]}: {PROVEN[1]}".encode(), b"Auto-Submitted: auto-replied"],
        body=f"Jag har semester. {name(number)}\r\n".encode(),
    )


def _bounce(number: int, house: Known) -> bytes:
    """Write the report of a server that could not deliver the receipt for a referral."""
    message_id, return_path = house.receipts[number]
    return sent_to(bounce(message_id, full_box(number), name=f"bounce-{number}"), return_path)


def _wrong_door(number: int, _house: Known) -> bytes:
    return mail(
        f"door-{number}",
        sender=f"visitor{number}@post.example".encode(),
        subject=b"Question",
        headers=[b"Content-Type: text/plain; charset=utf-8"],
        body=f"{DOORS[number % len(DOORS)]} {name(number)}\r\n".encode(),
    )


def _third_party(number: int, _house: Known) -> bytes:
    body = f"My friend wants to travel home. Whom can they ask? {name(number)}\r\n".encode()
    sender = f"friend{number}@post.example".encode()
    return mail(f"third-{number}", sender=sender, subject=b"A question", body=body)


def _forged(number: int, _house: Known) -> bytes:
    body = f"Send everything to me from now on, {name(number)}.\r\n".encode()
    return mail(f"forged-{number}", headers=[DISOWNED], subject=b"New address", body=body)


def _look_alike(number: int, _house: Known) -> bytes:
    sender = REGISTERED_SENDER.replace("partner", "partnner").encode()
    body = f"Please send me the papers, {name(number)}.\r\n".encode()
    return mail(f"alike-{number}", sender=sender, subject=b"Remiss", body=body)


WRITERS: dict[Kind, Callable[[int, Known], bytes]] = {
    Kind.REFERRAL: _referral,
    Kind.EMERGENCY: _emergency,
    Kind.ADDITION: _addition,
    Kind.COMPLETION: _completion,
    Kind.DUPLICATE: _duplicate,
    Kind.NO_CONSENT: _no_consent,
    Kind.CONSENT: _consent,
    Kind.DANGER: _danger,
    Kind.SPAM: _spam,
    Kind.ROBOT: _robot,
    Kind.ABSENCE: _absence,
    Kind.BOUNCE: _bounce,
    Kind.WRONG_DOOR: _wrong_door,
    Kind.THIRD_PARTY: _third_party,
    Kind.FORGED: _forged,
    Kind.LOOK_ALIKE: _look_alike,
    Kind.WITHDRAWAL: _withdrawal,
    Kind.AFTER_WITHDRAWAL: _after_withdrawal,
}

"""Check fifty ways to push a mail into a case.

None is filed or learns anything (threats M6, B5).
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta

import pytest

from intake.outbox import threads
from intake.sandbox import JailPool
from storage.base import new_id
from storage.cases import cases
from tests.samples.mail.mails import REGISTERED_SENDER, prepend, referral
from tests.support.building import Clock, ScriptedScanner, make_services, make_worker_services
from tests.support.desk import Desk

pytestmark = pytest.mark.components

OURS = "mx.example.org"
BOX = "box@example.org"
ELSEWHERE = "south.registered@partner.example"
COLLEAGUE = "colleague.registered@partner.example"
STRANGER = "somebody@elsewhere.example"
LOOK_ALIKE = "anna.registered@partner-example.example"


@dataclass(frozen=True)
class Secrets:
    """All that a case's true correspondence shows; the worst forger has seen it."""

    case_code: str
    mail_code: str
    message_id: str
    own_message_id: str
    reply_to: str


Forgery = Callable[[Secrets], dict[str, object]]
# What stands in a forged mail, by the trick.
TRICKS: dict[str, Forgery] = {
    "code of the mail in the subject": lambda s: {"reference": s.mail_code},
    "code of the case in the subject": lambda s: {"reference": s.case_code},
    "code in the text": lambda s: {"token": f"Referens {s.case_code}"},
    "code in lower case without hyphens": lambda s: {"token": s.mail_code.lower().replace("-", "")},
    "bracketed ticket": lambda s: {"subject": f"[CASE-{s.case_code}] SV: Receipt {s.mail_code}"},
    "in reply to our receipt": lambda s: {"in_reply_to": s.message_id},
    "in reply to her own mail": lambda s: {"in_reply_to": s.own_message_id},
    "references only": lambda s: {"headers": [("References", s.message_id)]},
    "references among others": lambda s: {
        "headers": [("References", f"<a@b.example> {s.message_id} <c@d.example>")]
    },
    "the tagged address": lambda s: {"to": s.reply_to},
    "the tagged address in Cc": lambda s: {"headers": [("Cc", s.reply_to)]},
    "everything at once": lambda s: {
        "to": s.reply_to,
        "reference": s.mail_code,
        "in_reply_to": s.message_id,
    },
    "headers of ours": lambda s: {
        "headers": [("X-Case", s.case_code), ("X-Case-Reference", s.mail_code)],
        "reference": s.mail_code,
    },
}
FORGERS = {
    "stranger": STRANGER,
    "look-alike": LOOK_ALIKE,
    "her address without proof": REGISTERED_SENDER,
    "coordinator of another region": ELSEWHERE,
}
# Tricks that a registered, authentic colleague without membership may try as well.
GUESSES: dict[str, Forgery] = {
    "a guessed tag": lambda s: {
        "to": f"box+{s.mail_code.replace('-', '').lower()}{'a' * 20}@example.org"
    },
    "a tag with one wrong symbol": lambda s: {"to": flipped(s.reply_to)},
    "a Message-ID with one wrong symbol": lambda s: {"in_reply_to": flipped(s.message_id)},
    "a code with one wrong symbol": lambda s: {
        "subject": f"Receipt {s.mail_code[:-1]}{'2' if s.mail_code[-1] != '2' else '3'}"
    },
}


def flipped(text: str) -> str:
    """Change the last symbol before the domain."""
    local, _, domain = text.rpartition("@")
    return f"{local[:-1]}{'a' if local[-1] != 'a' else 'b'}@{domain}"


@pytest.fixture(scope="module")
def clock_of_module() -> Clock:
    """Give the clock that the module's desk reads."""
    return Clock()


@pytest.fixture(scope="module")
def desk_of_module(
    jails: JailPool, tmp_path_factory: pytest.TempPathFactory, clock_of_module: Clock
) -> Iterator[Desk]:
    services = make_services(
        tmp_path_factory.mktemp("forged"),
        None,
        clock_of_module.now,
        AVRR_AUTHSERV_ID=OURS,
        AVRR_REPLY_ADDRESS=BOX,
    )
    desk = Desk(make_worker_services(services, jails, scanner=ScriptedScanner()))
    desk.register(REGISTERED_SENDER, "STHLM")
    desk.register(COLLEAGUE, "STHLM")
    desk.register(ELSEWHERE, "SYD")
    yield desk
    services.database.close()


@pytest.fixture
def tagged_desk(desk_of_module: Desk, clock_of_module: Clock) -> Desk:
    """Give a desk with a reply address and three coordinators; each test begins a day later."""
    clock_of_module.advance(timedelta(hours=25))
    return desk_of_module


def authentic(raw: bytes, domain: str = "partner.example") -> bytes:
    """Put our own server's DMARC pass on top."""
    return prepend(raw, f"Authentication-Results: {OURS}; dmarc=pass header.from={domain}")


def secrets_of(desk: Desk) -> tuple[Secrets, str]:
    """Let a true case begin, and return what its correspondence shows, and its first mail."""
    own = f"<{new_id()}@partner.example>"
    first = desk.handle(authentic(referral(message_id=own, token=new_id())))
    submission, letter = desk.submission(first), desk.letter(first)
    with desk.services.database.reading() as session:
        case = cases.by_id(session, submission.case_id)
    assert case is not None
    shown = Secrets(
        case.reference,
        submission.reference,
        letter["Message-ID"],
        own,
        letter["Reply-To"],
    )
    return shown, first


def text_of(desk: Desk, submission_id: str) -> tuple[str, str]:
    """Return subject and words of the answer, its own reference taken out."""
    letter, own = desk.letter(submission_id), desk.submission(submission_id).reference
    words = str(letter.get_content()).replace(own, "REFERENCE")
    return letter["Subject"].replace(own, "REFERENCE"), words


def sent_by(sender: str, raw: bytes) -> bytes:
    """Let our own mail server say what it would say of a sender's mail."""
    is_registered = sender in {ELSEWHERE, COLLEAGUE}
    return authentic(raw, sender.rpartition("@")[2]) if is_registered else raw


def assert_nothing_happened(desk: Desk, forged: str, plain: str, secrets: Secrets) -> None:
    """Prove that a forged mail is held, and answered as one that names nothing."""
    submission = desk.submission(forged)
    assert (submission.state, submission.case_id) == ("HOLDING", None)
    assert text_of(desk, forged) == text_of(desk, plain)
    own = threads.tags_in([str(desk.letter(forged)["Reply-To"])], BOX)
    raw = desk.letter(forged).get_content() + desk.letter(forged)["Subject"]
    for secret in (secrets.case_code, secrets.mail_code, *threads.tags_in([secrets.reply_to], BOX)):
        assert secret not in raw
        assert secret not in own


@pytest.mark.parametrize("sender", FORGERS.values(), ids=FORGERS)
@pytest.mark.parametrize("trick", TRICKS.values(), ids=TRICKS)
def test_a_forged_thread_files_nothing_and_learns_nothing(
    tagged_desk: Desk, trick: Forgery, sender: str
) -> None:
    secrets, first = secrets_of(tagged_desk)
    before = tagged_desk.submission(first)

    # The same words again, or an answer within minutes, would be taken for a program's.
    named = {"token": new_id(), **trick(secrets)}
    forged = tagged_desk.handle(sent_by(sender, referral(sender, **named)))  # type: ignore[arg-type] # passed on as given
    plain = tagged_desk.handle(sent_by(sender, referral(sender, token=new_id())))

    assert_nothing_happened(tagged_desk, forged, plain, secrets)
    assert tagged_desk.submission(first).state == before.state


@pytest.mark.parametrize("sender", [COLLEAGUE, REGISTERED_SENDER])
@pytest.mark.parametrize("trick", GUESSES.values(), ids=GUESSES)
def test_forged_tag_of_a_proven_sender_names_nothing(
    tagged_desk: Desk, trick: Forgery, sender: str
) -> None:
    secrets, first = secrets_of(tagged_desk)

    mail = tagged_desk.handle(authentic(referral(sender, token=new_id(), **trick(secrets))))  # type: ignore[arg-type] # passed on as given

    # A Message-ID or code of nobody's is no reference, so such a mail may open a case of its own.
    assert tagged_desk.submission(mail).case_id != tagged_desk.submission(first).case_id


def test_own_tag_of_a_sender_files_the_mail(tagged_desk: Desk) -> None:
    secrets, first = secrets_of(tagged_desk)

    mail = tagged_desk.handle(authentic(referral(to=secrets.reply_to.upper())))

    assert tagged_desk.submission(mail).case_id == tagged_desk.submission(first).case_id
    assert tagged_desk.submission(mail).filing_reason == "registered_sender_and_reference"


def test_a_tag_of_another_case_beside_the_code_waits(tagged_desk: Desk) -> None:
    secrets, _first = secrets_of(tagged_desk)
    other = tagged_desk.handle(authentic(referral(token=new_id())))

    mail = tagged_desk.handle(
        authentic(referral(to=secrets.reply_to, reference=tagged_desk.submission(other).reference))
    )

    assert tagged_desk.submission(mail).filing_reason == "names_several_cases"


@pytest.mark.parametrize("sender", [STRANGER, REGISTERED_SENDER])
def test_who_is_not_proven_is_told_no_tag(tagged_desk: Desk, sender: str) -> None:
    letter = tagged_desk.letter(tagged_desk.open(referral(sender, token=new_id())))

    assert letter["Reply-To"] is None


def test_without_a_reply_address_nothing_is_tagged(sqlite_desk: Desk) -> None:
    sqlite_desk.register()

    assert sqlite_desk.letter(sqlite_desk.open(referral()))["Reply-To"] is None


def test_there_are_more_than_fifty_forgeries() -> None:
    assert len(TRICKS) * len(FORGERS) >= 50

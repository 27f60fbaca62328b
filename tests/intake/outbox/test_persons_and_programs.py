"""Check that no person is taken for an answering program, and that a slow one is noticed."""

from base64 import b64encode
from datetime import timedelta

import pytest

from intake.outbox.responders import REASON
from tests.intake.outbox.test_responders import CALL, PDF, note
from tests.samples.mail.mails import referral, tiny_pdf
from tests.samples.mail.pasted import scribble, with_picture
from tests.samples.mail.wire import mail, multipart, part
from tests.support.building import Clock
from tests.support.desk import Desk

pytestmark = pytest.mark.components

MINUTE = timedelta(minutes=1)
TEXT = b"Content-Type: text/plain; charset=utf-8"


def send(desk: Desk, clock: Clock, raws: list[bytes], every: timedelta = MINUTE) -> list[str]:
    """Let the registered sender write several mails; return their ids."""
    desk.register()
    came = []
    for raw in raws:
        came.append(desk.handle(raw))
        clock.advance(every)
    return came


def are_a_persons(desk: Desk, came: list[str]) -> bool:
    """Tell whether each mail has its receipt and waits as a person's."""
    return all(
        desk.receipt(each).state == "due"
        and "submission" in {kind for _, kind in desk.open_items(each)}
        and desk.submission(each).filing_reason != "automatic_mail"
        for each in came
    )


@pytest.mark.parametrize("words", ["", "Här kommer ett foto till.", "Bild"])
def test_each_photograph_in_a_text_has_its_receipt(
    sqlite_desk: Desk, clock: Clock, words: str
) -> None:
    raws = [
        with_picture(f"photo-{n}", scribble(n), subject="Sv: Saknade foton", words=words)
        for n in range(4)
    ]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)


def test_each_photograph_that_is_written_into_a_page_has_its_receipt(
    sqlite_desk: Desk, clock: Clock
) -> None:
    pages = [
        b'<p>Foto</p><img src="data:image/jpeg;base64,%b">' % b64encode(scribble(n))
        for n in range(4)
    ]
    html = [b"Content-Type: text/html; charset=utf-8"]
    raws = [
        mail(f"page-{n}", subject=b"Sv: Saknade foton", headers=html, body=page)
        for n, page in enumerate(pages)
    ]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)


def test_a_picture_of_a_signature_is_no_paper_again(sqlite_desk: Desk, clock: Clock) -> None:
    words = "Vi har tagit emot ditt meddelande och svarar senare."
    raws = [with_picture(f"n-{n}", scribble(0), subject="Hej", words=words) for n in range(4)]

    came = send(sqlite_desk, clock, raws)

    assert [sqlite_desk.receipt(each).state for each in came] == ["due", *["suppressed"] * 3]
    # It may be shown, so nothing of it is closed unseen.
    assert all(sqlite_desk.open_items(each) for each in came)


@pytest.mark.parametrize("every", [MINUTE, timedelta(days=1)])
@pytest.mark.parametrize("words", ["Nej.", "Nej, hon är inte trygg där längre.", ""])
def test_one_answer_to_several_questions_is_a_persons(
    sqlite_desk: Desk, clock: Clock, words: str, every: timedelta
) -> None:
    raws = [
        mail(f"no-{n}", subject=f"Sv: Boende {n}".encode(), headers=[TEXT], body=words.encode())
        for n in range(4)
    ]

    came = send(sqlite_desk, clock, raws, every)

    assert are_a_persons(sqlite_desk, came)


def test_an_answer_to_another_mail_is_never_closed_unseen(sqlite_desk: Desk, clock: Clock) -> None:
    words = "Ja, vi kan ta emot henne i morgon bitti."
    raws = [
        mail(
            f"yes-{n}",
            subject=b"Sv: Boende",
            headers=[TEXT, f"In-Reply-To: <question-{n}@partner.example>".encode()],
            body=words.encode(),
        )
        for n in range(4)
    ]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)


@pytest.mark.parametrize(
    ("subject", "letters"),
    [
        ("Sv: Boende", ("Finns det en ledig plats i kväll?", "Akut nu: hon står utanför.")),
        ("Re: Received", ("Tack!", "Akut: hon har lämnat boendet.")),
        ("Re: Received", ("Tack!", "Tack!")),
    ],
)
def test_two_short_letters_are_a_persons(
    sqlite_desk: Desk, clock: Clock, subject: str, letters: tuple[str, ...]
) -> None:
    raws = [referral(attachments=[PDF])]
    raws += [
        mail(f"short-{n}", subject=subject.encode(), headers=[TEXT], body=words.encode())
        for n, words in enumerate(letters)
    ]

    came = send(sqlite_desk, clock, raws, timedelta(seconds=30))

    assert are_a_persons(sqlite_desk, came)


def test_an_urgent_mail_that_is_sent_twice_stays_urgent(sqlite_desk: Desk, clock: Clock) -> None:
    raws = [
        mail(f"akut-{n}", subject=b"Akut", headers=[TEXT], body=b"Akut: hon har rymt. Ring mig nu.")
        for n in range(3)
    ]

    came = send(sqlite_desk, clock, raws, timedelta(seconds=30))

    assert [sqlite_desk.submission(each).priority for each in came] == ["emergency"] * 3
    assert all(("Q1", "submission") in sqlite_desk.open_items(each) for each in came)


@pytest.mark.parametrize("names_ours", [True, False])
@pytest.mark.parametrize("words", ["Tack!", "Tack för bekräftelsen. Hälsningar, kuratorn i Nord"])
def test_the_same_thanks_for_each_receipt_are_a_persons(
    sqlite_desk: Desk, clock: Clock, words: str, names_ours: bool
) -> None:
    desk = sqlite_desk
    desk.register()
    came = []
    for number in range(6):
        referred = desk.handle(referral(attachments=[PDF], token=str(number)))
        ours = desk.letter(referred)
        clock.advance(timedelta(minutes=20))
        subject, answered = f"Sv: {ours['Subject']}", ours["Message-ID"]
        came += [
            referred,
            desk.handle(note(words, number, subject, answered, names_ours=names_ours)),
        ]
        clock.advance(timedelta(hours=3))

    assert are_a_persons(desk, came)


@pytest.mark.parametrize("seconds", [5, 260, 3000])
@pytest.mark.parametrize("names_ours", [True, False])
def test_a_slow_program_that_counts_gets_two_receipts_and_then_a_task(
    sqlite_desk: Desk, clock: Clock, seconds: int, names_ours: bool
) -> None:
    desk = sqlite_desk
    came = send(desk, clock, [referral(attachments=[PDF])], timedelta())
    text = "Ditt mejl har fått nummer {number} i vår kö.\r\n"
    for number in range(8):
        ours = desk.letter(came[-1])
        clock.advance(timedelta(seconds=seconds))
        subject, answered = f"Re: {ours['Subject']}", ours["Message-ID"]
        came.append(desk.handle(note(text, number, subject, answered, names_ours=names_ours)))
        if desk.receipt(came[-1]).state != "due":
            break

    reasons = [(row.state, row.reason) for row in map(desk.receipt, came)]
    assert reasons == [("due", ""), ("due", ""), ("suppressed", REASON)]
    assert CALL in desk.open_items(came[-1])


WITHIN_A_ROW = ("Hej", "Glömde en sak.", "Hon heter Sara.", "Kommer kl tio.", "Med buss.")


def test_a_row_withholds_no_receipt_from_an_emergency(sqlite_desk: Desk, clock: Clock) -> None:
    urgent = "AKUT: bussen är inställd, ring!"
    raws = [
        mail(f"row-{n}", subject=b"Sv: Boende", headers=[TEXT], body=words.encode())
        for n, words in enumerate((*WITHIN_A_ROW, urgent))
    ]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)
    assert ("Q1", "submission") in sqlite_desk.open_items(came[-1])


@pytest.mark.parametrize(
    "letters",
    [
        [f"Här är personnumret som ni frågade efter: 19900{n}01-123{n}" for n in range(1, 5)],
        [f"Hej, här är länken till nästa fil: https://filer.example/s/a{n}b" for n in range(4)],
        [f"Ny kontaktperson i ärendet är hon som nås på namn{n}@region.example" for n in "abcd"],
        [f"AKUT hon är nu på rum {n} på hotellet, ring polisen." for n in (10, 12, 14)],
        [f"Vi vill anmäla ett barn fött {n} som behöver hjälp hem." for n in (2010, 2012)],
    ],
    ids=["numbers", "links", "addresses", "rooms", "years"],
)
def test_letters_that_differ_in_a_number_are_a_persons(
    sqlite_desk: Desk, clock: Clock, letters: list[str]
) -> None:
    raws = [
        mail(f"number-{n}", subject=b"Sv: Sara", headers=[TEXT], body=words.encode())
        for n, words in enumerate(letters)
    ]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)


@pytest.mark.parametrize(
    "words",
    [
        "AKUT: lomake tuli, mutta nainen on kadonnut. Soittakaa.",
        "AKUT! Hon måste hämtas nu. Min chef är på semester så ring mig.",
        "AKUT hon hotas, ring mig nu genast.",
        "Hej, jag är orolig för kvinnan i rum tre.",
    ],
)
def test_a_letter_that_is_sent_again_and_again_keeps_its_place(
    sqlite_desk: Desk, clock: Clock, words: str
) -> None:
    raws = [
        mail(f"again-{n}", subject=b"Sara", headers=[TEXT], body=words.encode()) for n in range(4)
    ]

    came = send(sqlite_desk, clock, raws)

    queue = "Q1" if words.startswith("AKUT") else "Q2"
    assert all((queue, "submission") in sqlite_desk.open_items(each) for each in came)
    receipts = [sqlite_desk.receipt(each).state for each in came]
    calls = [CALL in sqlite_desk.open_items(each) for each in came]
    # Each emergency without a receipt has a task of its own.
    assert receipts[0] == "due"
    if queue == "Q1":
        assert calls == [state == "suppressed" for state in receipts]


def test_the_same_referral_sent_again_at_once_is_a_persons(sqlite_desk: Desk, clock: Clock) -> None:
    raws = [referral(subject="Remiss", attachments=[PDF], token=str(n)) for n in range(6)]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)


AT_HOME = "Hej, jag är hemma med sjukt barn i dag och svarar senare."
SHORT = "Tack, mottaget."
DAYS = ("måndag", "tisdag", "onsdag", "torsdag", "fredag")
BY_DAY = "Vi fick ditt mejl på {day} och svarar snart."
ON_LEAVE = "Jag är ledig i dag, {day}, och svarar sedan."


def answered_by_program(
    desk: Desk,
    clock: Clock,
    text: str,
    *,
    every: timedelta,
    names_ours: bool = True,
    papers: bool = False,
    between: int = 0,
) -> list[str]:
    """Let a program answer each receipt until it gets none; return the referral and its notes."""
    came = send(desk, clock, [referral(attachments=[PDF])], timedelta())
    for number in range(8):
        if desk.receipt(came[-1]).state != "due":
            break
        clock.advance(every)
        for other in range(between):
            token = f"{number}-{other}"
            paper = ("p.pdf", "application/pdf", tiny_pdf(token))
            desk.handle(referral(attachments=[paper], token=token))
            clock.advance(MINUTE)
        ours = desk.letter(came[-1])["Message-ID"]
        headers = [b"Content-Type: multipart/mixed; boundary=note"]
        headers += [b"In-Reply-To: " + ours.encode()] if names_ours else []
        parts = [part([TEXT], text.format(day=DAYS[number % 5]).encode())]
        parts += [part(LEAFLET, tiny_pdf("leaflet"))] if papers else []
        body, subject = multipart(b"note", parts), b"Vi har tagit emot ditt mejl"
        came.append(desk.handle(mail(f"n-{number}", subject=subject, headers=headers, body=body)))
    return came


LEAFLET = [b"Content-Type: application/pdf; name=a.pdf", b"Content-Disposition: attachment"]


@pytest.mark.parametrize("seconds", [5, 1200])
@pytest.mark.parametrize("text", [BY_DAY, ON_LEAVE])
def test_a_program_that_names_the_day_gets_one_receipt(
    sqlite_desk: Desk, clock: Clock, text: str, seconds: int
) -> None:
    came = answered_by_program(sqlite_desk, clock, text, every=timedelta(seconds=seconds))

    assert [sqlite_desk.receipt(each).state for each in came] == ["due", "due", "suppressed"]
    assert CALL in sqlite_desk.open_items(came[-1])


@pytest.mark.parametrize("seconds", [5, 1200])
def test_a_program_that_sends_a_leaflet_along_gets_one_receipt(
    sqlite_desk: Desk, clock: Clock, seconds: int
) -> None:
    came = answered_by_program(
        sqlite_desk, clock, AT_HOME, every=timedelta(seconds=seconds), papers=True
    )

    assert [sqlite_desk.receipt(each).state for each in came] == ["due", "due", "suppressed"]
    assert CALL in sqlite_desk.open_items(came[-1])


@pytest.mark.parametrize("seconds", [5, 1200])
def test_a_program_of_few_words_gets_two_receipts(
    sqlite_desk: Desk, clock: Clock, seconds: int
) -> None:
    came = answered_by_program(sqlite_desk, clock, SHORT, every=timedelta(seconds=seconds))

    assert [sqlite_desk.receipt(each).state for each in came] == ["due"] * 3 + ["suppressed"]
    assert CALL in sqlite_desk.open_items(came[-1])


def test_a_slow_program_that_answers_nothing_gets_two_receipts(
    sqlite_desk: Desk, clock: Clock
) -> None:
    every = timedelta(minutes=40)

    came = answered_by_program(sqlite_desk, clock, AT_HOME, every=every, names_ours=False)

    assert [sqlite_desk.receipt(each).state for each in came] == ["due"] * 3 + ["suppressed"]
    assert CALL in sqlite_desk.open_items(came[-1])


@pytest.mark.parametrize("text", [AT_HOME, ON_LEAVE])
def test_many_referrals_between_its_notes_hide_no_program(
    sqlite_desk: Desk, clock: Clock, text: str
) -> None:
    came = answered_by_program(sqlite_desk, clock, text, every=MINUTE, between=11)

    assert [sqlite_desk.receipt(each).state for each in came] == ["due", "due", "suppressed"]


def test_no_program_writes_long_letters(sqlite_desk: Desk, clock: Clock) -> None:
    long = "Jag är på semester, men här är allt som jag vet. " + "Hon bor kvar. " * 2000
    raws = [
        mail(f"long-{n}", subject=b"Sv: Boende", headers=[TEXT], body=f"{long} Rum {n}.".encode())
        for n in range(3)
    ]

    came = send(sqlite_desk, clock, raws)

    assert are_a_persons(sqlite_desk, came)

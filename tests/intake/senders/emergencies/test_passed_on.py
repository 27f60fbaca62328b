"""Hold whose words count in a mail that passes on what somebody else wrote."""

from pathlib import Path

import pytest

from intake.filing.urgency import first_words
from intake.senders.emergencies.passed_on import is_passed_on
from intake.senders.emergencies.urgent_words import says_urgent
from tests.support.growth.measure import is_linear

COVERS = {
    "sv": [
        "FYI",
        "Vidarebefordrar.",
        "För kännedom.",
        "Se mejlet från henne.",
        "Hon skrev detta nyss.",
        "Se nedan, vad gör vi?",
        "Detta kom i natt.",
    ],
    "en": [
        "Forwarding her message",
        "FYI - see below",
        "See what my colleague wrote.",
        "She sent this.",
        "For your information",
        "Passing this on.",
    ],
    "no": ["Videresender til dere.", "Til orientering"],
    "da": ["Til info"],
    "de": ["Zur Kenntnis", "z.K."],
    "fi": ["Tiedoksi", "Välitän viestin"],
    "fr": ["Pour info", "Je vous transmets ce message."],
    "es": ["Para su información", "Reenvío"],
    "ro": ["Spre informare", "Vă transmit mesajul"],
    "uk": ["Пересилаю.", "До відома"],
    "ru": ["Пересылаю.", "К сведению"],
    "ar": ["للعلم", "للاطلاع"],
    "fa": ["جهت اطلاع"],
    "ckb": ["بۆ زانیاری"],
    "ti": ["ንሓበሬታ"],
    "th": ["เพื่อทราบ"],
}
ANSWERS = [
    "Tack, vi återkommer.",
    "Thanks, received.",
    "Bifogas.",
    "Vi har inga fler frågor.",
    "Kiitos!",
    "Danke schön",
    "Merci beaucoup",
    "Gracias",
    "Mulțumesc",
    "Дякую",
    "Спасибо",
    "شكرا",
    "ممنون",
    "We look forward to meeting you.",
    "Tack, jag vidarebefordrar det till min chef.",
]
HEAD = "From: Olena <o@x.example>\nSent: Monday 09:12\nTo: Eva\nSubject: hello"
INTRODUCED = "Den mån 30 nov. 2026 kl 10:12 skrev Olena <o@x.example>:"
VICTIMS = [
    "Det är akut, hjälp mig.", "Please help, this is urgent.", "Han hotar att döda mig.",
    "Він погрожує вбити мене.", "هو يهددني بالقتل",
]  # fmt: skip
PASSED = [(name, cover) for name, covers in COVERS.items() for cover in covers]
MAILS = sorted((Path(__file__).parents[4] / "templates/mail").glob("*.txt"))


@pytest.mark.parametrize("words", VICTIMS)
@pytest.mark.parametrize(("_language", "cover"), PASSED)
def test_the_words_of_another_below_a_cover_are_heard(
    _language: str, cover: str, words: str
) -> None:
    for older in (f"{HEAD}\n\n{words}", f"{INTRODUCED}\n\n> {words}", f"> > {words}"):
        assert says_urgent(first_words("SV: Remiss", f"{cover}\n\n{older}")), older
        assert says_urgent(first_words("SV: Remiss", f"{cover}\n\nMvh\nEva\n\n{older}")), older


@pytest.mark.parametrize("words", VICTIMS)
def test_a_program_that_says_it_forwards_is_believed(words: str) -> None:
    head = "---------- Forwarded message ---------"

    assert says_urgent(first_words("Re: x", f"Hej Eva!\n\n{head}\n{HEAD}\n\n{words}"))


@pytest.mark.parametrize("words", VICTIMS)
@pytest.mark.parametrize("answer", ANSWERS)
def test_what_an_answer_quotes_stays_old(answer: str, words: str) -> None:
    for older in (f"{HEAD}\n\n{words}", f"{INTRODUCED}\n\n> {words}", f"> > {words}"):
        assert not says_urgent(first_words("SV: Remiss", f"{answer}\n\n{older}")), older


@pytest.mark.parametrize(("_language", "cover"), PASSED)
@pytest.mark.parametrize("subject", ["SV: Remiss", "Remiss", "VB: Remiss"])
def test_what_our_own_mails_say_is_nobodys_alarm(_language: str, cover: str, subject: str) -> None:
    for path in MAILS:
        ours = f"Är det akut? Vi ser det som brådskande.\n{path.read_text()}"
        marked = "\n".join(f"> {line}" for line in ours.split("\n"))
        if "114 14" not in ours:  # what is no mail to a partner, or a page around the answer
            continue

        assert not says_urgent(first_words(subject, f"{cover}\n\n{INTRODUCED}\n\n{marked}"))
        both = f"{cover}\n\n{INTRODUCED}\n\n> {VICTIMS[0]}\n>\n{marked.replace('>', '> >')}"
        assert says_urgent(first_words(subject, both))


@pytest.mark.parametrize("yes", ["Ja.", "Yes", "Kyllä.", "Так.", "نعم"])
def test_who_says_yes_says_what_was_asked(yes: str) -> None:
    asked = f"{INTRODUCED}\n\n> Hej Eva,\n> är det akut?\n> Hälsningar"

    assert says_urgent(first_words("SV: Remiss", f"{yes}\n\n{asked}"))
    assert not says_urgent(first_words("SV: Remiss", f"{yes}\n\n{asked.replace('akut?', 'bra?')}"))


def test_a_question_that_is_answered_below_it_is_no_alarm() -> None:
    body = "We answer below each question.\n\n> Is it urgent?\nNo.\n> Is there an emergency?\nNo."

    assert not says_urgent(first_words("Re: Referral", body))
    assert says_urgent(first_words("Re: Referral", body.replace("\nNo.", "\nYes, it is urgent.")))


def test_a_long_letter_that_mentions_a_mail_is_no_cover() -> None:
    assert is_passed_on("FYI", "")
    assert not is_passed_on("FYI " * 100, "")


@pytest.mark.parametrize("unit", ["> a\n", ">> a\n> b\n", f"{HEAD}\n", f"{INTRODUCED}\n", "fyi "])
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    assert is_linear(
        lambda text: first_words("Re: x", f"FYI\n\n{text}"),
        lambda size: unit * (size // len(unit)),
        200_000,
    )

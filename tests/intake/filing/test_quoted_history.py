"""Hold what counts as a person's own words and what as quoted history."""

import pytest

from intake.filing.quoted_history import own_words, passages
from intake.senders import letters
from tests.support.growth.measure import is_linear

MARKED = "\n".join(f"> rad {number}" for number in range(5))
INTRODUCED = "Den 3 nov. 2026 skrev Eva Lind:"
OUTLOOK = "From: Eva\nSent: Monday\nTo: IOM\nSubject: Remiss\n\nHej!"
NORWEGIAN = "-----Opprinnelig melding-----\nFra: Eva\nSendt: mandag\n\nHei!"
RULED = f"{'_' * 32}\n{OUTLOOK}"


@pytest.mark.parametrize(
    ("body", "subject", "own"),
    [
        (f"Ja.\n\n{INTRODUCED}\n{MARKED}", "x", "Ja.\n"),
        (f"{INTRODUCED}\n\n{MARKED}\n\nJa.", "x", "\nJa."),
        (f"Ja, Eva:\n{MARKED}", "x", "Ja, Eva:"),
        (f"Ja.\n\n{INTRODUCED}\n> {'Hon kom hit i maj. ' * 20}", "x", "Ja.\n"),
        (f"Ja.\n\n{OUTLOOK}", "SV: Remiss", "Ja.\n"),
        (f"Ja.\n{RULED}", "Re: Remiss", "Ja."),
        (f"Ja.\n{NORWEGIAN}", "Re: Remiss", "Ja."),
        (
            f"Ja.\n{OUTLOOK}\n\n[Forwarded mail Remiss:]\nny",
            "Re: x",
            "Ja.\n[Forwarded mail Remiss:]\nny",
        ),
    ],
)
def test_quoted_history_is_no_word_of_the_person(body: str, subject: str, own: str) -> None:
    assert own_words(body, subject) == own


@pytest.mark.parametrize(
    ("body", "subject"),
    [
        ("Hej!", "x"),
        ("", "x"),
        ("> a\n> b\nJa.", "x"),
        (MARKED, "x"),
        (f"{INTRODUCED}\n{MARKED}", "x"),
        (OUTLOOK, "Re: Remiss"),
        (f"Se nedan.\n{OUTLOOK}", "VB: Remiss"),
        (f"Se nedan.\n{OUTLOOK}", "Remiss"),
        ("Hej!\nFrån: Lagos\nDatum: 3 nov\nNamn: Joy\nAKUT", "SV: Remiss"),
        ("Ja.\nFrom: Eva came the call.\nIt was late.", "Re: x"),
        (f"{'_' * 32}\nEva Lind, Region Nord", "Re: x"),
    ],
)
def test_what_may_be_new_is_never_taken_for_history(body: str, subject: str) -> None:
    assert own_words(body, subject) == body


@pytest.mark.parametrize(
    "body", [f"Ja.\n{MARKED}\n\nNej.\n{MARKED}", OUTLOOK, f"a\n{RULED}\n", "\n"]
)
def test_nothing_is_cut_off(body: str) -> None:
    found = passages(body, "Re: x")

    assert "\n".join(each.text for each in found) == body


def test_lines_with_words_are_counted() -> None:
    assert passages(f"Ja.\n{MARKED}\n", "x")[1].line_count == 5


@pytest.mark.parametrize("unit", ["a@", "a", " ", "<a", "<a>", "@", "a@a:", "> ", "a\t", "\u200f:"])
@pytest.mark.parametrize("tail", ["!", ":", " wrote:"])
def test_a_long_line_takes_no_longer_than_its_length(unit: str, tail: str) -> None:
    def body(size: int) -> str:
        return "Hej\n" + unit * (size // len(unit)) + tail + "\n" + "> x y\n" * 5 + "z"

    assert is_linear(lambda text: passages(text, "Re: x"), body, 8_000)
    assert is_linear(lambda text: own_words(text, "x"), body, 8_000)
    assert is_linear(letters.own_words, body, 8_000)

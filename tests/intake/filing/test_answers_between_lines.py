"""Hold that what somebody writes between the lines of an older mail is shown with them."""

import pytest

from intake.filing.quoted_history import own_words, passages
from intake.senders import letters
from tests.intake.filing.test_quoting_programs import mail_of
from tests.support.growth.measure import is_linear

FIRST = "\n".join(f"> fråga {number}" for number in range(5))
SECOND = "\n".join(f"> mera {number}" for number in range(5))
REST = "\n".join(f"> gammalt {number}" for number in range(5))
LINE = "Den 3 nov. 2026 skrev Eva Lind:"
OUTLOOK = "From: Eva\nSent: Monday\nTo: IOM\nSubject: Remiss\n\nNär kommer hon?\nPå tisdag.\nHur?"


def folded(body: str, subject: str = "Re: Remiss") -> str:
    """Return what is folded of a body."""
    return "\n".join(each.text for each in passages(body, subject) if each.is_folded)


@pytest.mark.parametrize("subject", ["Re: Remiss", "Remiss"])
@pytest.mark.parametrize("start", ["", "Hej!\n\n"])
def test_an_answer_stands_with_what_it_answers(start: str, subject: str) -> None:
    body = f"{start}{LINE}\n{FIRST}\n\nNej.\n\n{SECOND}\nJo.\n{REST}"

    assert folded(body, subject) == REST
    assert own_words(body, subject).split() == f"{start}Nej. Jo.".split()


def test_short_lines_that_are_answered_make_a_conversation_too() -> None:
    body = f"{LINE}\n> Kommer hon?\n\nJa.\n\n{FIRST}\n\nNej."

    assert folded(body) == ""
    assert own_words(body, "Re: x") == f"{LINE}\n> Kommer hon?\n\nJa.\n\n\nNej."


@pytest.mark.parametrize(
    "body",
    [
        f"Ja.\n\n{LINE}\n{FIRST}",
        f"{LINE}\n{FIRST}\n\nJa.",
        f"Ja.\n\n{LINE}\n{FIRST}\n\nDen 2 nov. 2026 skrev Bo:\n{SECOND}",
        f"Ja.\n\n{LINE}\n{FIRST}\n\n[Forwarded mail x:]\nny\n{SECOND}",
        f"Ja.\n{LINE}\n> Se svar nedan\n{FIRST}",
        f"Ja.\n{LINE}\n{FIRST}\n\nDen 2 nov. 2026 skrev Bo:\n> kort",
    ],
)
def test_what_nobody_answers_between_its_lines_is_folded(body: str) -> None:
    assert FIRST in folded(body)


@pytest.mark.parametrize(
    "words",
    ["Se mina svar nedan.", "See my answers\nbelow.", "Vastaukset alla.", "Svar i rött"],
)
@pytest.mark.parametrize("below", [OUTLOOK, f"{LINE}\n{FIRST}"])
def test_nothing_is_folded_where_answers_are_announced(words: str, below: str) -> None:
    body = f"Hej!\n{words}\n\n{below}"

    assert folded(body) == ""
    assert own_words(body, "SV: Remiss") == body


def test_announced_answers_are_told_from_marked_lines_between_which_they_stand() -> None:
    body = f"Se svar nedan\n\n{LINE}\n{FIRST}\nNej.\n{SECOND}\nJo.\n{REST}"

    assert folded(body) == ""
    assert own_words(body, "x").split() == ["Se", "svar", "nedan", "Nej.", "Jo."]


@pytest.mark.parametrize(
    "head",
    [
        "> -----Original Message-----\n> From: Eva\n> Sent: Monday\n> Subject: Remiss\n>",
        "From: Eva\nSent: Monday\nTo: IOM\nSubject: Remiss\n",
    ],
)
def test_answers_between_marked_lines_below_a_head_are_shown(head: str) -> None:
    body = f"Hej!\n\n{head}\n{FIRST}\n\nNej.\n\n{SECOND}\n\nJo."

    assert folded(body).strip() in ("", head.strip())
    assert own_words(body, "Re: Remiss").split() == ["Hej!", "Nej.", "Jo."]


def test_coloured_answers_inside_a_page_are_shown() -> None:
    questions = "".join(f"<p>Fråga {number}?</p>" for number in range(5))
    answer = '<p style="color:red">Hon är i fara.</p>'
    html = f'<p>Se svar nedan i rött.</p><blockquote type="cite">{questions}{answer}</blockquote>'
    quoted = "\n".join(f"> Fråga {number}?" for number in range(5))

    body = mail_of(f"Se svar nedan i rött.\n\n{quoted}\n> Hon är i fara.", html)

    assert folded(body) == ""
    assert "Hon är i fara." in own_words(body, "SV: Remiss")


def test_what_only_one_form_answers_is_shown_where_answers_are_announced() -> None:
    html = "<p>Se svar nedan.</p><blockquote type=cite>" + "<p>Fråga?</p>" * 5 + "</blockquote>"
    answers = "\n".join(f"> Nummer {each} svarar jag på." for each in "abcdef")

    body = mail_of(f"Se svar nedan.\n\n{answers}", html)

    assert "[Only in the plain text of this mail:]" in body
    assert folded(body) == ""


def test_letters_with_other_answers_inside_are_other_letters() -> None:
    first = letters.own_words(f"Se mina svar nedan\n\n{LINE}\n> Kommer hon?\n> Ja")
    second = letters.own_words(f"Se mina svar nedan\n\n{LINE}\n> Kommer hon?\n> Nej")

    assert first != second


@pytest.mark.parametrize(
    "unit", ["> a\n> b\n> c\n> d\nx\n", "[Forwarded mail:]\n> a\nx\n", "> a\nb:\n", f"{OUTLOOK}\n"]
)
def test_many_quotations_take_no_longer_than_they_are_long(unit: str) -> None:
    def body(size: int) -> str:
        return "Hej\n" + unit * (size // len(unit))

    assert is_linear(lambda text: passages(text, "Re: x"), body, 40_000)

"""Hold that answers in colour inside an older mail are shown as a person's words.

Nobody says there that they answer so. Names, headings and links in colour are no answers.
"""

import pytest

from intake.filing.quoted_history import own_words, passages
from intake.sandbox.html.html_text import text_of_html
from intake.senders import letters
from tests.intake.filing.test_quoting_programs import mail_of
from tests.support.growth.measure import is_linear

QUESTIONS = ("Hej, vi undrar några saker.", "När kommer hon?", "Var bor hon nu?", "Mvh", "IOM")
ANSWERS = ("På tisdag.", "Hos en vän, hon är i fara.")
RED = [
    "<font color=red>{}</font>",
    '<span style="color:#C00000">{}</span>',
    "<FONT COLOR='#F00'>{}</FONT>",
    "<b style='mso-x:1;color: rgb(255, 0,0)'>{}</b>",
]
GMAIL = (
    '<p>Hej!</p><div class="gmail_quote">Den mån 2 nov. 2026 kl 09:15 skrev Eva Lind:<br>'
    '<blockquote class="gmail_quote">{}</blockquote></div>'
)
OUTLOOK = (
    "<p>Hej!</p><div style='border-top:solid #E1E1E1 1.0pt'><p><b>Från:</b> Eva Lind<br>"
    "<b>Skickat:</b> den 2 november 2026 09:15<br><b>Till:</b> IOM<br><b>Ämne:</b> Remiss</p>"
    "</div>{}"
)
PAGES = {"Gmail": GMAIL, "Outlook": OUTLOOK}


def quoted(first: str = "", second: str = "", *, more: str = "") -> str:
    """Return what is quoted, with something behind each of its two questions."""
    one, two, three, *rest = (f"<p>{line}</p>" for line in QUESTIONS)
    return f"{one}{two}{first}{three}{second}{''.join(rest)}{more}"


def folded(body: str) -> str:
    """Return what is folded of an answer with this body."""
    return "\n".join(each.text for each in passages(body, "SV: Remiss") if each.is_folded)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", RED)
def test_answers_in_colour_are_a_persons_words(page: str, colour: str) -> None:
    first, second = (f"<p>{colour.format(answer)}</p>" for answer in ANSWERS)
    plain = "\n".join(["Hej!", *QUESTIONS[:2], ANSWERS[0], QUESTIONS[2], ANSWERS[1]])

    body = mail_of(plain, PAGES[page].format(quoted(first, second)), "SV: Remiss")

    assert folded(body) == ""
    assert all(answer in own_words(body, "SV: Remiss") for answer in ANSWERS)
    assert "[Only in" not in body


@pytest.mark.parametrize("page", PAGES)
def test_an_answer_behind_a_question_in_its_line_stands_apart(page: str) -> None:
    inside = "<p>هل هي بخير؟ <font color=blue>نعم</font> Och var?</p>" + quoted()

    lines = text_of_html(PAGES[page].format(inside)).split("\n")

    note, mark = ("[in colour:] ", "") if page == "Outlook" else ("", "> ")
    at = lines.index(f"{note}نعم")
    assert (lines[at - 1], lines[at + 1]) == (f"{mark}هل هي بخير؟", f"{mark}Och var?")


def test_answers_that_are_told_by_the_colour_of_the_letter_are_shown() -> None:
    inside = quoted("<p style='color:blue'>Hon kommer på tisdag morgon.</p>")
    page = "<p style='color:blue'>Hej, jag svarar så här:</p>" + OUTLOOK.format(inside)

    body = text_of_html(page)

    assert folded(body) == ""
    assert "[in colour:] Hon kommer på tisdag morgon." in body


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize(
    "inside",
    [
        quoted(more="<p style='color:red'>Eva Lind</p><p>Socialsekreterare</p>"),
        quoted(more="<p>Eva</p><p><font color=blue>Malmö stad</font></p><p>Tel <b>1</b></p>"),
        quoted("<p><span style='color:#1F497D'>Svart nog för ett program.</span></p>"),
        quoted("<p><span style='color:windowtext'>a</span> <font color=black>b</font></p>"),
        quoted("<p style='background-color:red;border-color:red'>Varning för andras post</p>"),
        quoted("<p><a href='https://a.example/'><font color=blue>a.example</font></a></p>"),
    ],
)
def test_other_colours_leave_what_is_quoted_folded(page: str, inside: str) -> None:
    body = text_of_html(PAGES[page].format(inside))

    assert all(question in folded(body) for question in QUESTIONS)
    assert own_words(body, "SV: Remiss").strip() == "Hej!"


@pytest.mark.parametrize("page", PAGES)
def test_answers_of_an_older_round_stay_with_it(page: str) -> None:
    old = PAGES[page].format(quoted("<p><font color=red>Ring genast.</font></p>"))

    body = text_of_html(PAGES[page].format(f"<p>Tack för svar.</p>{old}"))

    assert "Ring genast." not in own_words(body, "SV: Remiss")


def test_forwarded_papers_in_colour_stay_whole() -> None:
    body = text_of_html(OUTLOOK.format(quoted("<p><font color=red>På tisdag.</font></p>")))

    assert own_words(body, "VB: Remiss") == body


def test_letters_with_other_answers_in_colour_are_other_letters() -> None:
    pages = (OUTLOOK.format(quoted(f"<font color=red>{each}</font>")) for each in ("Ja", "Nej"))

    first, second = (letters.own_words(text_of_html(page)) for page in pages)

    assert first != second


@pytest.mark.parametrize(
    "unit",
    [
        "<font color=red>a?",
        "<font color=red>a</font>b? ",
        "<p style='color:red'>From: a<br>",
        "color",
    ],
)
def test_many_colours_take_no_longer_than_they_are_long(unit: str) -> None:
    assert is_linear(text_of_html, lambda size: OUTLOOK + unit * (size // len(unit)), 40_000)

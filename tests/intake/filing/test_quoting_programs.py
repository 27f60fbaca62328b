"""Hold that what mail programs quote is folded, in the languages that people here write.

Each mail is built as its program writes it: the plain text and the page beside it.
"""

import pytest

from intake.filing.quoted_history import own_words, passages
from intake.sandbox.mail.message import open_mail

ANSWER = "Ja, kom."
OLD = ("Gamla ord ett.", "Gamla ord två.", "Gamla ord tre.", "Gamla ord fyra.")
EVA = "Eva Lind <eva@nord.example>"
EVA_HTML = 'Eva Lind &lt;<a href="mailto:eva@nord.example">eva@nord.example</a>&gt;'

# The line that stands above a quotation: {eva} is who wrote.
LINES = {
    "sv Gmail": "Den mån 2 nov. 2026 kl 09:15 skrev {eva}:",
    "sv Apple": "2 nov. 2026 kl. 09:15 skrev {eva}:",
    "sv Thunderbird": "Den 2026-11-02 kl. 09:15, skrev Eva Lind:",
    "en Gmail": "On Mon, Nov 2, 2026 at 9:15 AM {eva} wrote:",
    "en without a date": "On Monday Eva wrote:",
    "ar Gmail": "في الاثنين، 2 نوفمبر 2026 في 9:15 ص تمت كتابة ما يلي بواسطة \u202b{eva}\u202c:",
    "ar Apple": "في ٢ نوفمبر ٢٠٢٦، الساعة ٩:١٥ ص، كتب {eva}:\u200f",
    "uk Gmail": "пн, 2 лист. 2026 р. о 09:15 {eva} пише:",
    "uk Apple": "2 лист. 2026 р. о 09:15 {eva} написав(-ла):",
    "uk Thunderbird": "02.11.26 09:15, Eva Lind пише:",
}
# The fields over a mail that is quoted whole.
FIELDS = {
    "sv": ("Från", "Skickat", "Till", "Ämne"),
    "en": ("From", "Sent", "To", "Subject"),
    "ar": ("من", "تاريخ الإرسال", "إلى", "الموضوع"),
    "uk": ("Від", "Надіслано", "Кому", "Тема"),
}


def mail_of(plain: str, html: str, subject: str = "Re: Remiss") -> str:
    """Return the letter of a mail with two forms."""
    parts = [("plain", plain), ("html", html)]
    head = f"From: a@a.example\r\nSubject: {subject}\r\n"
    head += "Content-Type: multipart/alternative; boundary=b\r\n\r\n"
    body = "".join(
        f"--b\r\nContent-Type: text/{kind}; charset=utf-8\r\n\r\n{text}\r\n" for kind, text in parts
    )
    return open_mail(f"{head}{body}--b--\r\n".encode()).body_text


def page(text: str) -> str:
    """Return the old words as paragraphs of a page, with a text before them."""
    return text + "".join(f"<p>{line}</p>" for line in OLD)


def marked(lines: tuple[str, ...]) -> str:
    """Return lines of a plain text that are marked as quoted."""
    return "\n".join(f"> {line}\n>" for line in lines)


def assert_folded(body: str, *, subject: str = "Re: Remiss") -> None:
    """Check that the answer alone is a person's own, and nothing was cut off."""
    assert own_words(body, subject).split() == ANSWER.split()
    assert all(line in body for line in OLD)
    assert "[Only in" not in body
    assert "\n".join(each.text for each in passages(body, subject)) == body


@pytest.mark.parametrize("name", LINES)
@pytest.mark.parametrize(
    "quoting",
    [
        '<blockquote class="gmail_quote" style="margin:0 0 0 .8ex">',
        '<blockquote type="cite">',
        '<blockquote type="cite" cite="mid:1@nord.example">',
    ],
)
def test_a_quotation_of_paragraphs_is_folded_with_its_line(name: str, quoting: str) -> None:
    line, html_line = LINES[name].format(eva=EVA), LINES[name].format(eva=EVA_HTML)
    html = f"<div>{ANSWER}</div><br><div>{html_line}<br></div>{quoting}{page('')}</blockquote>"

    assert_folded(mail_of(f"{ANSWER}\n\n{line}\n\n{marked(OLD)}", html), subject="Remiss")


@pytest.mark.parametrize("name", LINES)
def test_a_line_that_only_the_plain_text_has_is_no_word_of_a_person(name: str) -> None:
    line = LINES[name].format(eva=EVA)
    html = f'<div>{ANSWER}</div><blockquote type="cite">{page("")}</blockquote>'

    assert_folded(mail_of(f"{ANSWER}\n\n{line}\n{marked(OLD)}", html), subject="Remiss")


@pytest.mark.parametrize("name", [each for each in LINES if "{eva}" in LINES[each]])
@pytest.mark.parametrize("at", [" <eva", " wrote:", " написав", " пише"])
def test_a_line_that_was_broken_is_folded_whole(name: str, at: str) -> None:
    line = LINES[name].format(eva=EVA).replace(at, at.replace(" ", "\n", 1))

    body = f"{ANSWER}\n\n{line}\n\n{marked(OLD)}"

    assert own_words(body, "Remiss").split() == ANSWER.split()


@pytest.mark.parametrize("language", FIELDS)
@pytest.mark.parametrize("mark", ["", "*", "\u200f"])
def test_a_mail_that_is_quoted_whole_is_folded(language: str, mark: str) -> None:
    sender, sent, to, subject = FIELDS[language]
    values = ((sender, EVA), (sent, "2 nov. 2026 09:15"), (to, "IOM"), (subject, "Remiss"))
    plain = "".join(f"{mark}{name}:{mark} {value}\n" for name, value in values)
    html = "".join(
        f"<b>{name}:</b> {value.replace('<', '&lt;').replace('>', '&gt;')}<br>"
        for name, value in values
    )
    whole = f'<p>{ANSWER}</p><hr><div style="border-top:solid #E1E1E1 1.0pt"><p>{html}</p></div>'

    body = mail_of(f"{ANSWER}\n\n{'_' * 32}\n{plain}\n" + "\n".join(OLD), page(whole))

    assert_folded(body)
    # The page may have no line of its own above it, or say the fields otherwise.
    assert_folded(
        mail_of(f"{ANSWER}\n\n{plain}\n" + "\n".join(OLD), page(whole.replace("09:15", "9.15")))
    )


def test_a_block_of_yahoo_is_folded() -> None:
    line = LINES["en Gmail"]
    html = page(
        f'<div>{ANSWER}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div>{line}</div>'
    )

    assert_folded(mail_of(f"{ANSWER}\n\n{line}\n{marked(OLD)}", f"{html}</div>"))


def test_a_line_above_a_mail_that_is_quoted_whole_goes_with_it() -> None:
    body = f"{ANSWER}\n\n------- Original Message -------\n{LINES['en Gmail']}\n\n{marked(OLD)}"

    assert own_words(body, "x").split() == ANSWER.split()


def test_an_answer_between_quotations_stays_a_persons_own() -> None:
    short = marked(OLD[:2])

    assert (
        own_words(f"{short}\n\nNej.\n\n{short}\n\nJo.", "Re: x")
        == f"{short}\n\nNej.\n\n{short}\n\nJo."
    )


@pytest.mark.parametrize(
    "line",
    [
        "Ring mig 070-123 45 67:",
        "Eva Lind skrev under pappret.",
        "Bifogar 3 papper:",
        "Ämne: Hon är i fara",
        "Från: hennes mamma",
    ],
)
def test_words_that_only_one_form_has_stay(line: str) -> None:
    body = mail_of(f"{ANSWER}\n\n{line}\n", f"<p>{ANSWER}</p>")

    assert body == f"{ANSWER}\n\n[Only in the plain text of this mail:]\n{line}"


def test_the_subject_of_a_quoted_mail_stays() -> None:
    head = f"Från: {EVA}\nSkickat: 2 nov. 2026\nTill: IOM\nÄmne: Hon är i fara\n\n"
    body = mail_of(f"{ANSWER}\n\n{head}" + "\n".join(OLD), page(f"<p>{ANSWER}</p>"))

    assert "[Only in the plain text of this mail:]" in body
    assert body.endswith("\nÄmne: Hon är i fara")

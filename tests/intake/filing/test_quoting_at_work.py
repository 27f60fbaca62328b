"""Hold that what GroupWise, Notes and Yahoo quote is folded: they mark little of it, or nothing."""

import pytest

from intake.filing.quoted_history import own_words, passages
from tests.intake.filing.test_quoting_programs import (
    ANSWER,
    EVA,
    EVA_HTML,
    assert_folded,
    mail_of,
    marked,
    page,
)
from tests.support.growth.measure import is_linear

OLD = ("Gamla ord ett.", "Gamla ord två.", "Gamla ord tre.", "Gamla ord fyra.")
BARE, MARKED = "\n".join(OLD), marked(OLD)
# What stands over a mail that is quoted without marks.
HEADS = {
    "GroupWise": f">>> {EVA} 2026-11-02 10:12 >>>",
    "en GroupWise": '>>> "Eva Lind" <eva@nord.example> 11/2/2026 10:12 AM >>>',
    "GroupWise without an address": ">>> Eva Lind 02.11.26 10.12 Uhr >>>",
    "en Notes in the browser": f"-----{EVA} wrote: -----\nTo: iom@iom.example\nFrom: {EVA}\n"
    "Date: 11/02/2026 10:12AM\nSubject: Remiss\n",
    "sv Notes in the browser": f"-----{EVA} skrev: -----\nTill: iom@iom.example\nFrån: {EVA}\n"
    "Datum: 2026-11-02 10:12\nÄrende: Remiss\n",
    "de Notes in the browser": f"-----eva@nord.example schrieb: -----\nAn: IOM\nVon: {EVA}\n"
    "Gesendet von: eva@nord.example\nDatum: 02.11.2026 10:12\nBetreff: Remiss\n",
    "fi Notes in the browser": f"-----{EVA} kirjoitti: -----\nVastaanottaja: IOM\n"
    f"Lähettäjä: {EVA}\nPäiväys: 2.11.2026 10:12\nAihe: Remiss\n",
    "sv Notes": "Från:        Eva Lind/NORD/SE\nTill:        i@iom.example,\n        b@b.example,\n"
    "        c@b.example\nKopia:        d@b.example\nDatum:        2026-11-02 10:12\n"
    f"Ärende:        Remiss\n{'-' * 60}",
    "en Notes with a preview": "Eva Lind ---11/02/2026 10:12:31 AM---Hej! Jag undrar om\n\n"
    f"From:\t{EVA}\nTo:\tIOM\nDate:\t11/02/2026 10:12 AM\nSubject:\tRemiss\n",
    "old Notes": "Eva Lind/NORD/SE\n2026-11-02 10:12\n\n        Till:   IOM\n        Kopia:\n"
    "        Ärende: Remiss\n",
    "de old Notes": f"{EVA}\n02.11.2026 10:12\n\n        An:     IOM\n        Thema:  Remiss\n",
    "pt Yahoo": f"    Em quarta-feira, 3 de junho de 2026 10:12:31 BRT, {EVA} escreveu:  \n \n ",
    "pt Yahoo, broken": "    Em quarta-feira, 3 de junho de 2026 10:12:31 BRT, Eva Lind\n"
    "<eva@nord.example> escreveu:  \n \n ",
    "en Yahoo": f"    On Wednesday, June 3, 2026 at 10:12:31 AM GMT+2, {EVA} wrote:  \n \n ",
}
# What stands over one that is quoted with marks.
LINES = {
    "de GroupWise": f">>> {EVA} schrieb am 02.11.2026 um 10:12 in Nachricht\n<a@nord.example>:",
    "en GroupWise": f">>> On 11/2/2026 at 10:12 AM, in message <a@nord.example>, {EVA}\nwrote:",
    "en GroupWise, broken": ">>> On 11/2/2026 at 10:12 AM, in message\n<a@nord.example>, Eva\n"
    "Lind <eva@nord.example> wrote:",
    "Notes": f"-----{EVA} schrieb: -----\n\n>An: IOM\n>Von: {EVA}\n>Datum: 02.11.2026\n>",
    "old head of Notes": f"{EVA} wrote on 02.11.2026 10:12:31:\n\n> From: {EVA}\n> To: IOM",
    "pt Yahoo": f"Em quarta-feira, 3 de junho de 2026 10:12:31 BRT, {EVA} escreveu:\n",
}


@pytest.mark.parametrize("name", HEADS)
def test_an_older_mail_without_marks_is_folded_below_its_head(name: str) -> None:
    body = f"{ANSWER}\n\n{HEADS[name]}\n{BARE}\n\n{HEADS[name]}\n{BARE}"

    assert own_words(body, "SV: Remiss").split() == ANSWER.split()
    assert "\n".join(each.text for each in passages(body, "SV: Remiss")) == body


@pytest.mark.parametrize("name", LINES)
def test_marked_lines_are_folded_with_their_head(name: str) -> None:
    body = f"{ANSWER}\n\n{LINES[name]}\n{MARKED}"

    assert own_words(body, "Remiss").split() == ANSWER.split()


@pytest.mark.parametrize("name", HEADS)
def test_a_mail_that_is_no_answer_is_not_folded(name: str) -> None:
    body = f"Se detta:\n\n{HEADS[name]}\n{BARE}"

    assert own_words(body, "VB: Remiss") == body


def test_a_head_of_groupwise_is_known_in_a_page_too() -> None:
    head = f"&gt;&gt;&gt; {EVA_HTML} 2026-11-02 10:12 &gt;&gt;&gt;"
    plain = f"{ANSWER}\n\n{HEADS['GroupWise']}\n{BARE}"

    assert_folded(mail_of(plain, page(f"<div>{ANSWER}</div><div>{head}</div>")))


def test_a_block_of_yahoo_is_folded_once_somebody_answered_it() -> None:
    line = "Em quarta-feira, 3 de junho de 2026 10:12:31 BRT, {} escreveu:"
    block = f'<div class="ydp1d2e8b4ayahoo_quoted"><div>{line.format(EVA_HTML)}</div>'
    plain = f"{ANSWER}\n\n    {line.format(EVA)}  \n \n {BARE}"

    assert_folded(mail_of(plain, page(f"<div>{ANSWER}</div>{block}") + "</div>"))


@pytest.mark.parametrize(
    "body",
    [
        "Hej!\nFrån: Malmö\nTill: Lagos\nDatum: 3 nov\nÄrende: återvandring\nAKUT",
        "Hej!\n2026-11-02 10:12\n\nTill: IOM\nÄrende: AKUT\nHon är i fara.",
        "Hej!\n    Mötet 3 juni 2026 10:12:31 skrev jag om:\nHon är i fara.",
        "Hej!\n>>> Hon kommer 10:12\nHon är i fara.",
        "Hej!\n--- 2026-11-02 ---\nHon är i fara.",
        "Hej!\n----- Två papper: -----\nHon är i fara.",
        "Hej!\nEva Lind <eva@nord.example> skrev 2026-11-02 10:12:31:\nHon är i fara.",
    ],
)
def test_what_only_looks_a_little_like_a_head_hides_nothing(body: str) -> None:
    assert own_words(body, "SV: Remiss") == body


@pytest.mark.parametrize("name", HEADS)
def test_many_heads_take_no_longer_than_they_are_long(name: str) -> None:
    half = HEADS[name][: len(HEADS[name]) // 2]

    assert is_linear(lambda text: passages(text, "Re: x"), lambda size: half * (size // 40), 20_000)
    assert is_linear(
        lambda text: passages(text, "Re: x"), lambda size: f"{half}\n\n" * (size // 40), 20_000
    )

"""Hold the words by which people say that their answers stand inside an older mail."""

import pytest

from intake.senders.inline_answers import announces_answers
from tests.support.growth.measure import is_linear


@pytest.mark.parametrize(
    "words",
    [
        "Se svar nedan",
        "Hej! Mina svar står\nnedan i ditt mejl.",
        "Jag svarar i texten.",
        "Mina svar i rött.",
        "Se röd text",
        "Svar under varje fråga",
        "Nedan finns mina kommentarer",
        "Se nedan!",
        "see my answers below",
        "Please see my comments inline.",
        "I have written my replies under each question",
        "My answers are in red.",
        "Below you will find our response",
        "See below.",
        "Vastaukset alla",
        "Katso vastaukset alta",
        "Vastasin tekstin sekaan",
        "Vastaukseni punaisella",
        "Antworten unten",
        "Siehe meine Antworten im Text",
        "Se svar nedenfor",
        "Jeg svarer i teksten",
        "Se mine svar under.",
        "Mine svar med rødt",
        "Mes réponses ci-dessous",
        "Zie mijn antwoorden hieronder",
        "Respuestas más abajo",
        "Respostas abaixo",
        "Le mie risposte sotto",
        "Odpowiedzi poniżej",
        "Ответы ниже",
        "Відповіді нижче",
        "إجاباتي أدناه",
        "\u200fالرد أدناه\u200f",
        "پاسخ‌ها در زیر",
        "Cevaplarım aşağıda",
        "Jawaabaha hoose",
    ],
)
def test_answers_inside_an_older_mail_are_announced(words: str) -> None:
    assert announces_answers(words)


@pytest.mark.parametrize(
    "words",
    [
        "",
        "Ja, kom.",
        "Tack för alla svar!",
        "Tack för svaret. Hon bor nedanför kyrkan.",
        "Jag svarar under veckan",
        "Thank you for your answer. We will come on Monday.",
        "Kiitos vastauksesta!",
        "Vielen Dank für Ihre Antwort an alle",
        "Bifogar läkarintyg och pass.",
    ],
)
def test_an_answer_alone_announces_nothing(words: str) -> None:
    assert not announces_answers(words)


@pytest.mark.parametrize("unit", ["svar ", "nedan ", "i ", "answers in ", "alla vasta", "a", "أ"])
def test_many_such_words_take_no_longer_than_they_are_long(unit: str) -> None:
    assert is_linear(announces_answers, lambda size: unit * (size // len(unit)), 20_000)


def test_large_letters_announce_too() -> None:
    assert announces_answers("SE MINA SVAR NEDAN")
    assert announces_answers("ОТВЕТЫ НИЖЕ")

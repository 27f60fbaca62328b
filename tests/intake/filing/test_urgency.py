"""Hold which words say that something cannot wait, and which only look so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.filing.urgency import first_words
from intake.senders.urgent_words import says_urgent
from tests.support.growth.measure import is_linear

ROOT = Path(__file__).parents[3]
URGENT = [
    "AKUT: remiss", "det är akut", "akuta behov", "AKUT-remiss", "Akutärende", "A K U T",
    "_AKUT_", "*akut*", "__Akut__", "ＡＫＵＴ", "a\u0308r brådskande", "bra\u030adskande",
    "Det brådskar", "det är bråttom", "det hastar", "omedelbar fara", "omedelbart skydd",
    "Det haster", "akutt sak", "ei akutt sak", "øyeblikkelig hjelp", "presserende", "hastesag",
    "an emergency,", "Urgent!", "urgently needed", "imminent danger", "in an emergency",
    "Dringend", "dringende Bitte", "Eilt!", "ein Notfall", "eilig",
    "Kiireellinen", "KIIREELLINEN", "kiireellistä apua", "hätätapaus", "akuutti",
    "Degdeg", "deg deg ah", "deg-deg", "URGENCE", "très urgent", "urgente", "es urgente",
    "emergencia", "Терміново", "термінова допомога", "невідкладно", "негайно", "Срочно!",
    "срочная помощь",
    "экстренно", "немедленно", "عاجل", "عاجلة", "عاجلاً", "وعاجل جدا", "عـاجـل", "طارئ",
    "مستعجل", "فوراً", "فوری", "فوري", "اورژانسی",
    "\u200fعاجل\u200f", "ህጹጽ", "ብህጹጽ", "ህፁፅ", "አስቸኳይ",
    "hon svarar inte AKUT", "AKUT inte kommit fram", "not only urgent but dangerous",
    "Vänta inte, akut", "för sin akuta situation", "inte planerat utan akut",
    "there is no emergency housing", "Hon är i akut fara, ring mig", "in imminent danger, call me",
    "she is in an emergency, call me", "Hjälp!", "Ring mig nu!", "HELP!", "Apua!", "النجدة!",
    "Svara ej.\nAKUT",
]  # fmt: skip
CALM = [
    "", "Remiss", "akutmottagningen", "akuten stängd?", "Resurgent", "detergents", "urgently-ish",
    "inte akut", "Det är inte akut.", "INTE AKUT", "ej akut", "ej brådskande", "Ej Brådskande",
    "icke-akut", "inte så brådskande", "inte längre akut", "inget akut", "inga akuta behov",
    "ingen omedelbar fara", "det är inte\nakut", "inte _akut_", "det brådskar inte", "hastar ej",
    "ikke akutt", "ikke akut", "det haster ikke", "ikke så presserende",
    "not urgent", "non-urgent", "it is not an emergency", "isn’t urgent", "not very urgent",
    "no longer urgent", "not that urgent", "emergency contact: her sister", "never urgent",
    "nicht dringend", "kein Notfall", "keine dringende Sache", "es eilt nicht", "nicht so eilig",
    "ei kiireellinen", "ei ole kiireellinen", "Kiireellisyys: tavallinen", "ei akuutti",
    "ma aha degdeg", "degdeg ma aha", "pas urgent", "ce n'est pas une urgence", "rien d'urgent",
    "contact d'urgence", "les urgences", "no es urgente", "no es una emergencia", "urgencias",
    "не срочно", "не очень срочно", "не терміново", "несрочно", "غير عاجل", "ليس عاجلاً",
    "في القريب العاجل", "عاجلا أم آجلا", "فوری نیست", "غیر فوری", "غیرفوری", "قسم الطوارئ",
    "ህጹጽ ኣይኮነን", "አስቸኳይ አይደለም", "Vid akuta ärenden, ring 08-123 45 67", "om det är akut, ring",
    "I akuta fall kontakta socialjouren", "In case of emergency call 112", "if urgent, call us",
    "In urgent cases please phone the duty officer", "Im Notfall rufen Sie 112 an",
    "Tack!", "God jul!!", "Remiss nu", "Remiss\nJag ringer nu!",
]  # fmt: skip
MAILS = [path.read_text() for path in sorted((ROOT / "templates/mail").glob("*.txt"))]
ANSWERS = json.loads((ROOT / "intake/reference_data/data/answers.json").read_text())


def texts_in(value: object) -> list[str]:
    """Return every text of a piece of JSON."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    return [value] if isinstance(value, str) else []


OURS = [*MAILS, *(text for text in texts_in(ANSWERS) if says_urgent(text) or "112" in text)]
QUOTED: dict[str, Callable[[list[str]], list[str]]] = {
    "bare": lambda lines: [f"> {line}" for line in lines],
    "deep": lambda lines: [f"> > {line}" for line in lines],
    "original": lambda lines: ["-----Ursprungligt meddelande-----", "Från: IOM", "", *lines],
    "words": lambda lines: ["> " + word for line in lines for word in line.split()],
    "unmarked": lambda lines: lines,
}


@pytest.mark.parametrize("text", URGENT)
def test_what_cannot_wait_is_heard(text: str) -> None:
    assert says_urgent(text)
    assert says_urgent(first_words(text, "Hej"))


@pytest.mark.parametrize("text", CALM)
def test_what_can_wait_is_not(text: str) -> None:
    assert not says_urgent(text)
    assert not says_urgent(first_words("Remiss", text))


@pytest.mark.parametrize("quote", QUOTED)
def test_words_of_our_own_mails_are_nobodys_alarm(quote: str) -> None:
    for text in OURS:
        body = "\n".join(["Tack!", "", *QUOTED[quote](text.split("\n"))])

        assert not says_urgent(first_words("Sv: Message", body)), body
        if quote != "original":  # where nothing tells what stands below the older mail
            assert says_urgent(first_words("Sv: Message", f"{body}\n\nAKUT"))


def test_what_is_shouted_counts_wherever_it_stands() -> None:
    long = "Hej Eva. " * 100

    assert says_urgent(first_words("Remiss", f"{long}AKUT ring"))
    assert says_urgent(first_words("Remiss", f"{long}Det är akut!"))
    assert not says_urgent(first_words("Remiss", f"{long}Hon fick akut vård i maj."))
    assert not says_urgent(first_words("Remiss", f"{long}Det är INTE AKUT."))
    assert not says_urgent(first_words("Remiss", f"{long}Se nedan.\n> AKUT"))


@pytest.mark.parametrize("unit", ["inte ", "akut ", "om det ", "vid akuta fall ", "_", "nu ", "> "])
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    assert is_linear(says_urgent, lambda size: unit * (size // len(unit)), 20_000)

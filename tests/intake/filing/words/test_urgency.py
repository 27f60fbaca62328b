"""Hold which words say that something cannot wait, and which only look so."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from intake.filing.urgency import first_words
from intake.senders.emergencies.urgent_words import said_anywhere, says_urgent
from tests.support.growth.measure import is_linear

ROOT = Path(__file__).parents[4]
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


SAID_OF_NOW = [
    "Som jag sa i telefon: det är akut, hon måste flyttas i kväll.",
    "Det är brådskande eftersom han vet var hon bor.", "Läget är mycket akut.",
    "Hon är i akut fara.", "Ärendet brådskar.", "Det hastar med ett beslut.",
    "Hon behöver akut skydd.", "Hon behöver akut boende i kväll.",
    "De måste flyttas omedelbart.", "Vi behöver akut någonstans i kväll",
    "Kan ni ringa? Det är bråttom nu.", "Det är nu\nså akut att hon måste flyttas.",
    "det er akutt, hun må flyttes i kveld", "Saken haster.",
    "It is urgent, she has to leave tonight.", "This is an emergency.",
    "She needs urgent protection.",
    "Please call, it's really urgent.", "She must be moved urgently.", "urgently needed: a bed",
    "Es ist dringend, sie muss heute weg.", "Die Sache eilt.", "Wir brauchen dringend Hilfe.",
    "Asia on kiireellinen.", "Tämä on todella kiireellistä.", "C'est urgent, elle part ce soir.",
    "Es muy urgente.", "Necesita urgentemente un lugar.", "Це дуже терміново.",
    "Терміново потрібна допомога.", "Это срочно, она уезжает сегодня.", "нужна срочная помощь",
    "الأمر عاجل جدا", "نحتاج إلى مساعدة عاجلة", "این فوری است", "ህጹጽ እዩ", "አስቸኳይ ነው", "waa degdeg",
]  # fmt: skip
SAID_IN_GENERAL = [
    "Hon fick akut vård i maj.", "Diagnosen är akut stressyndrom.", "Evonhuset är ett akut boende.",
    "Ring 112 om det är akut.", "Jourtelefon dygnet runt när det är akut", "Är det akut? Ring 112",
    "Behöver du akut hjälp? Ring 112 nu.", "Vi hjälper kvinnor som behöver akut skydd",
    "Om läget blir akut ringer jag.", "Det är inte på något sätt akut.",
    "Hon behövde akut tandvård.", "Akut tid behövs inte.", "I dag bor hon i akut boende.",
    "She lives in an emergency shelter now.",
    "She needs an emergency travel document.", "Akut och planerad vård",
    "Vid akut fara ring 112 nu",
    "Hon vårdades på akuten för akut buksmärta.", "Behandlas för akut hepatit.",
    "If it is urgent, call us.", "Do you need urgent help? Call 112 now.",
    "We are an urgent care clinic.", "This is an emergency shelter.", "Is this urgent?",
    "For those who need urgent housing", "Urgent matters are handled by the duty officer.",
    "She was taken to emergency surgery in May.", "It is not that anything is urgent.",
    "Wenn es dringend ist, rufen Sie an.", "Jos asia on kiireellinen, soita.",
    "Si c'est urgent, appelez.", "Якщо це терміново, телефонуйте.", "إذا كان الأمر عاجل اتصل",
    "> Det är akut, hon måste flyttas i kväll.", "-- \nEva Berg\nDet är akut att rädda klimatet.",
]  # fmt: skip
REPORT = "Hej Eva. Hon kom hit i maj och bor hos oss. " * 20


@pytest.mark.parametrize("text", SAID_OF_NOW)
def test_what_is_said_of_now_counts_wherever_it_stands(text: str) -> None:
    assert says_urgent(first_words("Remiss", f"{REPORT}\n\n{text}\n\nHälsningar Eva"))


@pytest.mark.parametrize("text", [*SAID_IN_GENERAL, *CALM])
def test_an_urgent_word_further_down_is_no_alarm_by_itself(text: str) -> None:
    assert not says_urgent(first_words("Remiss", f"{REPORT}\n\n{text}\n\nHälsningar Eva"))


def test_what_an_older_mail_says_of_now_is_old() -> None:
    older = ["-----Ursprungligt meddelande-----", "Från: Eva", "", REPORT, "Det är akut."]

    assert not says_urgent(first_words("Sv: Remiss", "\n".join(["Tack!", *older])))


@pytest.mark.parametrize(
    "unit", ["inte ", "akut ", "om det ", "vid akuta fall ", "_", "nu ", "> ", "-- \n"]
)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    assert is_linear(says_urgent, lambda size: unit * (size // len(unit)), 20_000)
    assert is_linear(
        lambda text: list(said_anywhere(text)), lambda size: unit * (size // len(unit)), 20_000
    )


QUOTING = "Den fre 27 nov. 2026 kl 09:30 skrev Intake <intake@iom.example>:"


@pytest.mark.parametrize("answer", ["Tack, vi hörs.", "Bifogas.", "Thanks"])
@pytest.mark.parametrize(
    "old",
    [
        "> BRÅDSKANDE: skicka läkarintyget.",
        "> Är det akut?",
        "> AKUT: skicka passet.\n> Rad två.\n> Rad tre.\n> Rad fyra.\n> Rad fem.",
        "> Det är akut!\n\n> Rad två.",
    ],
)
def test_what_an_answer_quotes_is_not_said_anew(answer: str, old: str) -> None:
    assert not says_urgent(first_words("Re: Passet", f"{answer}\n\n{QUOTING}\n\n{old}"))
    assert not says_urgent(first_words("Re: Passet", f"{QUOTING}\n{old}\n\n{answer}"))


@pytest.mark.parametrize(
    ("subject", "body"),
    [
        ("Re: Passet", f"{QUOTING}\n\n> Är det akut?\n\nJa, det är akut."),
        ("Re: Passet", f"{QUOTING}\n\n> AKUT: skicka passet."),
        ("Re: Passet", f"Läs nedan.\n\n{QUOTING}\n\n> AKUT: hon är hotad."),
        ("VB: Passet", f"För kännedom.\n\n{QUOTING}\n\n> AKUT: hon är hotad."),
        ("Passet", f"Se mejlet.\n\n{QUOTING}\n\n> AKUT: hon är hotad."),
    ],
)
def test_what_nobody_else_says_or_is_sent_on_counts(subject: str, body: str) -> None:
    assert says_urgent(first_words(subject, body))


@pytest.mark.parametrize(
    "phrase",
    [
        "Vid akut fara ring 112.", "Vid akut nöd, ring alltid 112",
        "In case of imminent danger call 112", "Urgent matters: call 112",
        "Akuta ärenden: 08-123 45 67", "For urgent enquiries phone the office",
        "Akut? Ring 112.", "Emergency: 112", "Emergency number 112", "AKUT? RING 112",
        "URGENT MATTERS: CALL 112", "| Brådskande frågor: kontakta jouren", "Bei akuter Gefahr 110",
        "Akut: ring 1177", "Om det är akut, ring mig omgående.",
    ],
)  # fmt: skip
def test_what_a_signature_says_to_all_is_no_alarm(phrase: str) -> None:
    body = f"Hej, här är remissen.\n\nMvh\nEva\n{phrase}\nwww.region-nord.example"

    assert not says_urgent(first_words("Remiss", body))


@pytest.mark.parametrize(
    "words",
    [
        "Ring mig omgående, han letar efter henne.", "Kontakta oss genast.", "ring till mig straks",
        "Ring meg med en gang!", "Please call me immediately.", "Phone us right away, he is here.",
        "Rufen Sie mich bitte sofort an.", "Soittakaa minulle heti.", "Ring mig snälla du omgående",
        "Akut: jag har ringt 112", "AKUT fara, ring mig", "Urgent: 112 has been called",
    ],
)  # fmt: skip
def test_who_asks_to_be_called_at_once_is_heard(words: str) -> None:
    assert says_urgent(first_words("Remiss", f"Hej.\n{words}"))


@pytest.mark.parametrize(
    "words",
    [
        "Ring mig inte omgående", "Ring mig gärna i veckan", "Call me when you can",
        "Om något händer, ring mig genast.", "If he comes, call me immediately.",
    ],
)  # fmt: skip
def test_who_asks_to_be_called_some_day_is_no_alarm(words: str) -> None:
    assert not says_urgent(first_words("Remiss", f"Hej.\n{words}"))

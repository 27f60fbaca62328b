"""Check free text: what must change, what a person confirms, and what passes."""

from datetime import date

import pytest

from intake.correspondence.free_text import (
    MAIL,
    MAX_CHARS,
    SERVICE,
    Finding,
    Known,
    Severity,
    find,
    fold,
    must_change,
    numbers_in,
)
from intake.reference_data import editions
from intake.reference_data.word_lists import LEAVES, STAYS, read_list
from storage.editions import EditionKind

KNOWN = Known(
    names=("Demo Åsa Testperson", "علي تجربة", "Li Wu"),
    own_addresses=frozenset({"noreply@portal.example"}),
    own_numbers=("+358 40 628 1182", "020-39 00 00"),
    own_references=frozenset({"K7M-4QX-9T"}),
    today=date(2026, 11, 24),
)
BLOCK, WARN = Severity.BLOCK, Severity.WARN
SHIPPED = editions.shipped(EditionKind.WORDS)[-1].content


def check_text(text: str, known: Known) -> tuple[Finding, ...]:
    """Return what is found in words that are to leave by mail."""
    return find(text, known, MAIL, read_list(SHIPPED, LEAVES))


def check_for_service(text: str) -> tuple[Finding, ...]:
    """Return what is found in words that stay behind the sign-in."""
    return find(text, KNOWN, SERVICE, read_list(SHIPPED, STAYS))


# (text, code, severity, the words that are marked)
FOUND: list[tuple[str, str, Severity, str]] = [
    ("Hälsa Åsa från oss", "known_name", BLOCK, "Åsa"),
    ("hälsa ASA från oss", "known_name", BLOCK, "ASA"),
    ("The matter of Testperson's visit", "known_name", BLOCK, "Testperson's"),
    ("Testpersons möte", "known_name", BLOCK, "Testpersons"),
    ("مرحبا تجربة", "known_name", BLOCK, "تجربة"),
    ("Numret är 870501-1234", "identity_number", BLOCK, "870501-1234"),
    ("Numret är 19870501-1234", "identity_number", BLOCK, "19870501-1234"),
    ("Numret är 870561-1234", "identity_number", BLOCK, "870561-1234"),
    ("Numret är 8112189876", "identity_number", BLOCK, "8112189876"),
    ("Numret är 198112189876", "identity_number", BLOCK, "198112189876"),
    ("Numret är 811218+9876", "identity_number", BLOCK, "811218+9876"),
    ("Numret är \u0668\u0667\u0660\u0665\u0660\u0661-\u0661\u0662\u0663\u0664",
     "identity_number", BLOCK, "\u0668\u0667\u0660\u0665\u0660\u0661-\u0661\u0662\u0663\u0664"),
    ("Tunnus 131052-308T on", "identity_number", BLOCK, "131052-308T"),
    ("about trafficking", "programme_word", BLOCK, "trafficking"),
    ("om människohandel", "programme_word", BLOCK, "människohandel"),
    ("din ASYLANSÖKAN", "programme_word", BLOCK, "ASYLANSÖKAN"),
    ("AVRR", "programme_word", BLOCK, "AVRR"),
    ("ÅMP-ärende", "programme_word", BLOCK, "ÅMP"),
    ("ert återetableringsstöd", "programme_word", BLOCK, "återetableringsstöd"),
    ("the reintegration plan", "programme_word", BLOCK, "reintegration"),
    ("Skriv till a.b@elsewhere.example.", "mail_address", WARN, "a.b@elsewhere.example."),
    ("K-nummer 5000-K123456-26 gäller", "case_number", WARN, "5000-K123456-26"),
    ("målet B 1234-26", "case_number", WARN, "B 1234-26"),
    ("dossiernummer 11-223344", "case_number", WARN, "dossiernummer 11-223344"),
    ("decision number 12345678", "case_number", WARN, "decision number 12345678"),
    ("Dnr: 2026/1234", "case_number", WARN, "Dnr: 2026/1234"),
    ("den 1987-05-01", "date", WARN, "1987-05-01"),
    ("on 1/5/1987", "date", WARN, "1/5/1987"),
    ("on 01.05.1987", "date", WARN, "01.05.1987"),
    ("den 1 maj 1987", "date", WARN, "1 maj 1987"),
    ("the 3rd of March 2001", "date", WARN, "3rd of March 2001"),
    ("den 2026-11-23", "date", WARN, "2026-11-23"),
    ("hon är född i maj", "birth", WARN, "född"),
    ("where you were born in", "birth", WARN, "born in"),
    ("Ring 070-123 45 67", "long_number", WARN, "070-123 45 67"),
    ("call +46 70 123 45 67 now", "long_number", WARN, "+46 70 123 45 67"),
    ("Testgatan 12 B", "street_address", WARN, "Testgatan 12"),
    ("at 12 Test High Street", "street_address", WARN, "12 Test High Street"),
    ("123 45 Teststad", "street_address", WARN, "123 45 "),
    ("your flight", "sensitive_word", WARN, "flight"),
    ("ditt pass", "sensitive_word", WARN, "pass"),
    ("when you return", "sensitive_word", WARN, "return"),
]  # fmt: skip

PASSES = [
    "",
    "Tack, vi har läst ditt meddelande.",
    "Please call us on +358 40 628 1182.",
    "Ring stödtelefonen 020-39 00 00.",
    "Skriv inte till noreply@portal.example",
    "Vi svarar senast den 2026-11-25.",
    "We answer by 25 November 2026.",
    "We answer within two working days, between 13:00 and 15:00.",
    "Referens K7M-4QX-9T",
    "Ta med tre papper.",
    "Asarbete pågår inte.",
    "Li",  # too short to tell a name from a word
    "Beloppet är 30 000.",
]


@pytest.mark.parametrize(("text", "code", "severity", "marked"), FOUND)
def test_it_is_found_in_its_place(text: str, code: str, severity: Severity, marked: str) -> None:
    findings = [finding for finding in check_text(text, KNOWN) if finding.code == code]

    assert [(each.severity, text[each.start : each.end]) for each in findings] == [
        (severity, marked)
    ]


@pytest.mark.parametrize("text", PASSES)
def test_ordinary_words_pass(text: str) -> None:
    assert check_text(text, KNOWN) == ()


def test_ten_digits_without_a_check_digit_are_a_number_to_look_at() -> None:
    (finding,) = check_text("Ring 0701231234", KNOWN)

    assert (finding.code, finding.severity) == ("long_number", WARN)


def test_what_overlaps_is_told_once_and_as_the_worst() -> None:
    findings = check_text("Skriv till asa.testperson@elsewhere.example, 19870501-1234", KNOWN)

    assert [finding.code for finding in findings] == ["known_name", "known_name", "identity_number"]
    assert must_change(findings)


def test_findings_come_in_the_order_of_the_text() -> None:
    findings = check_text("1987-05-01, Testgatan 12, Åsa", KNOWN)

    assert [finding.code for finding in findings] == ["date", "street_address", "known_name"]


def test_a_warning_alone_does_not_have_to_change() -> None:
    assert not must_change(check_text("Ring 070-123 45 67", KNOWN))


def test_a_text_that_is_too_long_is_not_read() -> None:
    (finding,) = check_text("å" * (MAX_CHARS + 1), KNOWN)

    assert (finding.code, finding.severity) == ("too_long", BLOCK)


def test_the_numbers_of_our_own_texts_are_known() -> None:
    assert numbers_in("+358 40 628 1182, måndag 13.00") == ("+358 40 628 1182",)


def test_folding_keeps_every_place() -> None:
    text = "İstanbul ẞ \u0661\u0662 ÅÄÖ"

    assert len(fold(text)) == len(text)


@pytest.mark.parametrize(
    "unit",
    [
        "1",
        "1 ",
        "a",
        "a@",
        "@a.",
        "0-",
        "k1",
        "12 a ",
        "\u0661",
        "((1",
        "lma:",
        "år ",
        "tel",
        "1 - ",
        "no.",
    ],
)
def test_the_longest_text_is_read_to_its_end(unit: str) -> None:
    text = (unit * MAX_CHARS)[:MAX_CHARS]

    assert all(0 <= each.start < each.end <= MAX_CHARS for each in check_text(text, KNOWN))


ALLOWED_IN_SERVICE = [
    "Please send the decision on asylum.",
    "Åsa Testperson wishes to return; the reintegration plan is ready.",
    "Utvisningsbeslutet saknas i ärendet, dnr 2026/1234567.",
    "Decision number 12345678 is what we need, of 1 May 1987.",
    "Please call us on +358 40 628 1182.",
    "Beloppet är 1 250 000 kr.",
    "Beslutsnr 4612345678 och LMA-kort 12345678 är lästa.",
    "The papers of 2026-11-24–2026-12-01 are here.",
]
# (text, code, severity, the words that are marked)
FOUND_IN_SERVICE: list[tuple[str, str, Severity, str]] = [
    ("Call her on 070-123 45 67", "long_number", BLOCK, "070-123 45 67"),
    ("+46 70 123 45 67", "long_number", BLOCK, "+46 70 123 45 67"),
    ("٠٧٠١٢٣٤٥٦٧", "long_number", BLOCK, "٠٧٠١٢٣٤٥٦٧"),
    ("tel.0701234567", "long_number", BLOCK, "0701234567"),
    ("mobil0701234567", "long_number", BLOCK, "0701234567"),
    ("ring 08 - 12 34 56", "long_number", BLOCK, "08 - 12 34 56"),
    ("dnr 0701234567", "long_number", BLOCK, "0701234567"),
    ("LMA-kort 0701234567", "long_number", BLOCK, "0701234567"),
    ("0701234567 kr", "long_number", BLOCK, "0701234567"),
    ("073512-3456", "long_number", BLOCK, "073512-3456"),
    ("on Testgatan 12 B", "street_address", BLOCK, "Testgatan 12"),
    ("123 45 Teststad", "street_address", BLOCK, "123 45 "),
    ("now in a SHELTER", "whereabouts_word", BLOCK, "SHELTER"),
    ("hon har skyddat  boende", "whereabouts_word", BLOCK, "skyddat  boende"),
    ("hon bor hos en vän", "whereabouts_word", BLOCK, "bor hos"),
    ("her hotel", "whereabouts_hint", WARN, "hotel"),
    ("the flight", "whereabouts_hint", WARN, "flight"),
    ("Numret är 19870501-1234", "identity_number", WARN, "19870501-1234"),
    ("Tunnus 131052-308T on", "identity_number", WARN, "131052-308T"),
]


@pytest.mark.parametrize("text", ALLOWED_IN_SERVICE)
def test_the_person_and_the_programme_may_be_named_inside(text: str) -> None:
    assert check_for_service(text) == ()


@pytest.mark.parametrize(("text", "code", "severity", "marked"), FOUND_IN_SERVICE)
def test_where_somebody_is_may_not_be_told_inside(
    text: str, code: str, severity: Severity, marked: str
) -> None:
    assert [
        (each.code, each.severity, text[each.start : each.end]) for each in check_for_service(text)
    ] == [(code, severity, marked)]


def test_ten_digits_that_could_be_a_telephone_number_are_one_inside() -> None:
    (finding,) = check_for_service("8112189876")

    assert (finding.code, finding.severity) == ("long_number", BLOCK)


@pytest.mark.parametrize("unit", ["1", "1 ", "a ", "1.", "k1", "123 ", "bor ", "sek"])
def test_the_longest_text_is_read_to_its_end_inside(unit: str) -> None:
    text = (unit * MAX_CHARS)[:MAX_CHARS]

    assert all(0 <= each.start < each.end <= MAX_CHARS for each in check_for_service(text))

"""Check which type a document is given: its pages, its reasons, and when it has none."""

import random

import pytest

from intake.recognition.classification.classify import MIN_CONFIDENCE, classify_document
from intake.recognition.classification.model import TypeModel
from intake.recognition.classification.rules import DocumentFacts
from intake.reference_data.document_types import load_taxonomies
from tests.samples.paperwork.documents import Form, filled, forms
from tests.samples.paperwork.files import REFERRAL_FIELDS, passport_page

NO_FACTS = DocumentFacts()


def document(code: str, language: str = "sv", number: int = 0) -> str:
    """Return one filled test document."""
    return filled(form(code, language, number), random.Random(code))


def form(code: str, language: str, number: int) -> Form:
    """Return one text of the test set."""
    wanted = (code, language, number)
    return next(each for each in forms() if (each.code, each.language, each.number) == wanted)


@pytest.mark.parametrize(
    ("pages", "facts", "reason"),
    [
        ([], NO_FACTS, "no_text"),
        ([""], NO_FACTS, "no_text"),
        (["\n \t\x00 .,-"], NO_FACTS, "no_text"),
        (["12 345 2026-01-01 99"], NO_FACTS, "no_text"),
        ([""] * 300, DocumentFacts(page_count=300), "no_text"),
        (["Ja"], NO_FACTS, "too_little_text"),
        (["moped cykel apelsin"], NO_FACTS, "too_little_text"),
        (["أوافق على مشاركة بياناتي الشخصية مع منظمة الهجرة"], NO_FACTS, "unfamiliar_words"),
        (["ข้าพเจ้ายินยอม ให้ เปิดเผย ข้อมูล ส่วนบุคคล แก่ องค์การ"], NO_FACTS, "unfamiliar_words"),
        (["qwzx vfpl krtg mnbv xcvl pkjh wqrt zzxy"], NO_FACTS, "unfamiliar_words"),
    ],
)  # fmt: skip
def test_what_cannot_be_judged_is_unknown_and_says_why(
    model: TypeModel, pages: list[str], facts: DocumentFacts, reason: str
) -> None:
    found = classify_document(pages, facts, model)

    assert [each.document_type for each in found] == ["UNK"]
    assert found[0].confidence == 0.0
    assert found[0].reasons[0] == reason
    assert (found[0].first_page, found[0].last_page) == (1, max(len(pages), 1))


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("Polisanmälan\n5000-K123456-26", "POL-RPT"),
        ("POLISANMÄLAN 5000-K123456-26\nTEST Person", "POL-RPT"),
        ("Polisanmälan, K-nummer 5000-K123456-26", "POL-RPT"),
        ("Police report\n5000-K123456-26", "POL-RPT"),
        ("Polisanmälan K-447711-26", "POL-RPT"),
        ("Polisanmälan K447711-26", "POL-RPT"),
        ("Rikosilmoitus\n5580/R/4477/26", "POL-RPT"),
        ("TUTKINTAILMOITUS\nIlmoitusnumero 5580/R/4477/26", "POL-RPT"),
        ("Lääkärintodistus\nNro 4477", "FIT-TRVL"),
        ("LÄÄKÄRINTODISTUS\nNro 47", "FIT-TRVL"),
        ("Läkarintyg nr 47", "FIT-TRVL"),
        ("Orosanmälan\nDnr IFO 2026/447", "CHD-SOC"),
        ("Orosanmälan enligt 14 kap. 1 § SoL\nDnr 447-26", "CHD-SOC"),
        ("\n\n  Läkarintyg\nTest Testsson\n900101-0017", "FIT-TRVL"),
        ("LÄKARINTYG FK 7263", "FIT-TRVL"),
        ("Medical certificate\n1990-01-01", "FIT-TRVL"),
        ("Riskbedömning 2026-11-01", "RISK-ASM"),
        ("Threat assessment\nCase no 47", "RISK-ASM"),
        ("LÄKARINTYG FL7263\nArbetsförmåga nedsatt", "FIT-TRVL"),
        ("Медична довідка № 47", "FIT-TRVL"),
        ("تقرير طبي رقم ٤٤٧", "MED-REC"),
        ("Витяг з ЄРДР\nНомер 12026100010004477", "POL-RPT"),
        ("ናይ ልደት ምስክር ወረቐት\nቁጽሪ 447", "ID-CARD"),
        ("شناسنامه\nشماره ۴۴۷", "ID-CARD"),
        ("Laissez-passer\nNo 0004477", "ID-PASS"),
    ],
)
def test_a_heading_with_a_number_of_its_kind_decides_on_few_words(
    model: TypeModel, page: str, code: str
) -> None:
    (found,) = classify_document([page], NO_FACTS, model)

    assert found.document_type == code
    assert found.reasons[0].startswith("title:")


@pytest.mark.parametrize(
    "page",
    [
        "ANMÄLAN\nPolismyndigheten\n5000-K447-26",
        "Polisen\nAvskrift av anmälan\n5000-K447-26\nTEST Person",
    ],
)
def test_a_bare_report_under_the_letterhead_of_the_police_is_theirs(
    model: TypeModel, page: str
) -> None:
    (found,) = classify_document([page], NO_FACTS, model)

    assert found.document_type == "POL-RPT"
    assert "number:k" in found.reasons


@pytest.mark.parametrize(
    ("title", "code"),
    [
        ("Födelseattest", "ID-CARD"), ("Birth certificate", "ID-CARD"), ("شهادة ميلاد", "ID-CARD"),
        ("Свідоцтво про народження", "ID-CARD"), ("جواز سفر", "ID-PASS"), ("Паспорт", "ID-PASS"),
        ("Vigselbevis", "FAM-COMP"), ("عقد زواج", "FAM-COMP"), ("Свідоцтво про шлюб", "FAM-COMP"),
        ("Läkarutlåtande", "MED-REC"), ("Medical report", "MED-REC"), ("تقرير طبي", "MED-REC"),
        ("Медична довідка", "FIT-TRVL"), ("Vaccinationsintyg", "MED-REC"), ("توكيل", "JUS-COUN"),
        ("Довіреність", "JUS-COUN"), ("Flygbiljett", "TRV-ITIN"), ("تذكرة طيران", "TRV-ITIN"),
        ("Passport photo", "PHOTO"), ("Avslag på ansökan om uppehållstillstånd", "MIG-DEC"),
        ("Посвідка на проживання", "PRM-TEMP"), ("بطاقة إقامة", "PRM-TEMP"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("number", ["900101-0017", "رقم ١٢٣٤٥٦", "номер 123456"])
def test_an_everyday_title_in_any_language_decides_on_few_words(
    model: TypeModel, title: str, code: str, number: str
) -> None:
    (found,) = classify_document([f"{title}\n{number}\nTest Testsson"], NO_FACTS, model)

    assert found.document_type == code
    assert found.confidence >= MIN_CONFIDENCE


@pytest.mark.parametrize(
    ("page", "code"),
    [
        ("Pass\nPassnummer AA1234567", "ID-PASS"),
        ("PASS\nPassnummer: 12345678\nTest Testsson", "ID-PASS"),
        ("Passport\nPassport No. AA1234567", "ID-PASS"),
        ("Passport\nX1234567", "ID-PASS"),
        ("Biljett\nBokningsnummer ABC123", "TRV-ITIN"),
        ("E-ticket\nBooking number KLM4471", "TRV-ITIN"),
    ],
)
def test_a_number_with_letters_is_one_of_its_kind(model: TypeModel, page: str, code: str) -> None:
    (found,) = classify_document([page], NO_FACTS, model)

    assert (found.document_type, found.confidence >= MIN_CONFIDENCE) == (code, True)


def test_every_title_of_the_list_decides_on_few_words(model: TypeModel) -> None:
    number = {"POL-RPT": "5000-K123456-26"}
    types = load_taxonomies()[-1].types

    wrong = [
        (each.code, title)
        for each in types
        for title in each.titles
        for page in [f"{title.upper()}\n{number.get(each.code, '12345-26')}\nTest Testsson"]
        if [one.document_type for one in classify_document([page], NO_FACTS, model)] != [each.code]
    ]

    assert wrong == []


def test_a_title_in_a_page_of_many_words_is_weighed_against_them(model: TypeModel) -> None:
    page = f"Biljett 12345\n{document('RISK-ASM')}"

    (found,) = classify_document([page], NO_FACTS, model)

    assert found.document_type != "TRV-ITIN"


@pytest.mark.parametrize(
    "page",
    [
        "Polisanmälan",
        "Polisanmälan bifogas",
        "Polisanmälan 5000-K123456-26 bifogas",
        "Hej! Polisanmälan 5000-K123456-26",
        "Polisanmälan 2026-11-01",  # a day is no number of the police
        "Anmälan\nPolismyndigheten",
        "Anmälan\nSkatteverket\n5000-K447-26",
        "Faktura\nPolismyndigheten\n5000-K447-26",
        "Läkarintyg",
        "Läkarintyg HT2026",
        "Läkarintyg no 2026",
        "Läkarintyg hösten 2026",
        "Läkarintyg kommer 2026-11-01",
        "Intyg 900101-0017",
        "Pass",
        "Pass 2026-11-01",
        "Pass AA1234567 bifogas",
        "Passnummer AA1234567",
        "Biljett till ABBA26",
        "Kvitto\nNr 123",  # a shop gives one as well
        "Beslut\nMigrationsverket\nÄrendenummer 12-345678",  # of any kind
        "900101-0017",
    ],
)
def test_few_words_without_such_a_heading_stay_unknown(model: TypeModel, page: str) -> None:
    (found,) = classify_document([page], NO_FACTS, model)

    assert (found.document_type, found.confidence) == ("UNK", 0.0)


def test_document_of_no_known_type_is_unknown(model: TypeModel) -> None:
    found = classify_document([document("UNK", number=1)], NO_FACTS, model)

    assert found[0].document_type == "UNK"


def test_a_small_upright_picture_without_words_is_a_hint_and_no_answer(model: TypeModel) -> None:
    facts = DocumentFacts(page_sizes_mm=((35, 45),), page_count=1, is_picture=True)

    found = classify_document([""], facts, model)

    assert (found[0].document_type, found[0].reasons) == ("UNK", ("no_text", "nearest:PHOTO"))


def test_a_mark_stands_without_words(model: TypeModel) -> None:
    facts = DocumentFacts(field_names=tuple(REFERRAL_FIELDS), page_count=2)

    found = classify_document(["", ""], facts, model)

    assert [(each.document_type, each.last_page) for each in found] == [("REF-FORM", 2)]
    assert found[0].reasons[0].startswith("field:referral")


def test_a_passport_is_told_by_its_lines_for_machines(model: TypeModel) -> None:
    found = classify_document([passport_page()], NO_FACTS, model)

    assert found[0].document_type == "ID-PASS"
    assert "mrz" in found[0].reasons


def test_document_in_both_languages_is_one_document(model: TypeModel) -> None:
    both = document("HLTH-DECL", "sv") + "\n" + document("HLTH-DECL", "en")

    assert [each.document_type for each in classify_document([both], NO_FACTS, model)] == [
        "HLTH-DECL"
    ]


def test_two_types_on_one_page_are_one_of_them_or_unknown(model: TypeModel) -> None:
    page = document("POL-RPT", number=1) + "\n" + document("CHD-BID", number=1)

    found = classify_document([page], NO_FACTS, model)

    assert len(found) == 1
    assert found[0].document_type in {"POL-RPT", "CHD-BID", "UNK"}


def test_a_scan_of_several_documents_is_cut_where_they_begin(model: TypeModel) -> None:
    pages = [
        document("CORR"),
        document("RISK-ASM", number=1),
        "",
        passport_page(),
        document("CONS-SHARE", number=1),
    ]

    found = classify_document(pages, DocumentFacts(page_count=5), model)

    assert [(each.first_page, each.last_page, each.document_type) for each in found] == [
        (1, 1, "CORR"),
        (2, 3, "RISK-ASM"),
        (4, 4, "ID-PASS"),
        (5, 5, "CONS-SHARE"),
    ]


def test_a_page_that_says_it_is_the_second_stays_with_the_first(model: TypeModel) -> None:
    pages = ["Sida 1 av 2\n" + document("RISK-ASM"), "Sida 2 av 2\n" + document("CHD-BID")]

    assert len(classify_document(pages, NO_FACTS, model)) == 1


def test_two_documents_of_one_type_in_a_row_are_one_range(model: TypeModel) -> None:
    found = classify_document([passport_page("X1"), passport_page("X2")], NO_FACTS, model)

    assert [(each.first_page, each.last_page, each.document_type) for each in found] == [
        (1, 2, "ID-PASS")
    ]


def test_a_scan_of_three_hundred_pages_is_covered_without_a_gap(model: TypeModel) -> None:
    kinds = ("MIG-DEC", "POL-RPT", "HLTH-DECL")
    pages = [document(kinds[place // 100]) for place in range(300)]

    found = classify_document(pages, DocumentFacts(page_count=300), model)

    assert [(each.first_page, each.last_page, each.document_type) for each in found] == [
        (1, 100, "MIG-DEC"),
        (101, 200, "POL-RPT"),
        (201, 300, "HLTH-DECL"),
    ]


def test_pages_that_were_not_read_belong_to_the_last_range(model: TypeModel) -> None:
    found = classify_document([document("MIG-DEC")], DocumentFacts(page_count=40), model)

    assert [(each.first_page, each.last_page, each.document_type) for each in found] == [
        (1, 40, "MIG-DEC")
    ]


@pytest.mark.parametrize("text", ["<" * 2_000_000, "samtycke " * 500_000, "a-\n" * 700_000])
def test_a_page_of_megabytes_gets_one_answer(model: TypeModel, text: str) -> None:
    found = classify_document([text], NO_FACTS, model)

    assert len(found) == 1
    assert found[0].reasons

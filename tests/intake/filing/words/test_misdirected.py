"""Check misdirected mail: short messages of our own, what each wants, what raises nothing."""

import pytest

from intake.filing import misdirected_words
from intake.filing.misdirected import (
    ANSWERS,
    COUNTRIES,
    Misdirection,
    MisdirectionKind,
    find_misdirections,
    is_from_unregistered,
    plain,
)
from intake.reference_data.prepared_answers import PURPOSES
from storage.submissions.queue_items import Queue
from storage.submissions.submissions import Submission

PAYABLE = {"IRQ", "SOM", "NGA", "ETH", "COD", "CAF", "SLV", "PAK", "SDN"}
CASH, REFERRALS = "cash", "referrals"

# (mailbox, text, types of documents, what is suggested)
MESSAGES: list[tuple[str, str, set[str], set[MisdirectionKind]]] = [
    # the repatriation grant, in words and in figures
    (CASH, "Hej, jag vill söka återvandringsbidrag.", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "När betalas de 350 000 kronorna ut?", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "Stämmer det att man får 350.000 kr?", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "Jag vill ha 350 tusen och resa hem", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (
        CASH,
        "I heard about 350,000 SEK, how do I get it?",
        set(),
        {MisdirectionKind.REPATRIATION_GRANT},
    ),
    (CASH, "Please send me the 350k", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "350000", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "Can I apply for the repatriation grant?", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "أريد ٣٥٠ ألف كرون", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "من ۳۵۰ هزار کرون می‌خواهم", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "٣٥٠ هەزار کرۆنم دەوێت", set(), {MisdirectionKind.REPATRIATION_GRANT}),
    (CASH, "Kan du skillnaden mellan att återvandra och att återvända?", set(),
     {MisdirectionKind.REPATRIATION_GRANT}),
    (REFERRALS, "Jag har permanent uppehållstillstånd och vill ha återvandringsbidraget", set(),
     {MisdirectionKind.REPATRIATION_GRANT}),
    # services in place of money
    (CASH, "Jag har beviljats återintegreringsstöd, vem kontaktar jag?", set(),
     {MisdirectionKind.REINTEGRATION}),
    (CASH, "My EURP case number is pending", set(), {MisdirectionKind.REINTEGRATION}),
    (CASH, "Who is my ERRIN partner?", set(), {MisdirectionKind.REINTEGRATION}),
    (CASH, "I applied for JRS in 2023", set(), {MisdirectionKind.REINTEGRATION}),
    (
        CASH,
        "I need the reintegration package to open a shop",
        set(),
        {MisdirectionKind.REINTEGRATION},
    ),
    (CASH, "أسأل عن برنامج إعادة الإدماج", set(), {MisdirectionKind.REINTEGRATION}),
    (CASH, "درباره ادغام مجدد سؤال دارم", set(), {MisdirectionKind.REINTEGRATION}),
    (CASH, "پرسیارم هەیە دەربارەی تێکەڵبوونەوە", set(), {MisdirectionKind.REINTEGRATION}),
    (REFERRALS, "Hi, who pays the reintegration assistance from Frontex?", set(),
     {MisdirectionKind.REINTEGRATION}),
    # asylum
    (CASH, "Jag vill söka asyl igen", set(), {MisdirectionKind.ASYLUM}),
    (CASH, "Kan ni hjälpa mig att överklaga?", set(), {MisdirectionKind.ASYLUM}),
    (CASH, "What is the status of my asylum application?", set(), {MisdirectionKind.ASYLUM}),
    (CASH, "I want to apply for asylum again", set(), {MisdirectionKind.ASYLUM}),
    (CASH, "أريد تقديم طلب لجوء جديد", set(), {MisdirectionKind.ASYLUM}),
    (CASH, "می‌خواهم درخواست پناهندگی بدهم", set(), {MisdirectionKind.ASYLUM}),
    (CASH, "دەمەوێت داوای پەنابەری بکەم", set(), {MisdirectionKind.ASYLUM}),
    (REFERRALS, "Det finns verkställighetshinder i mitt fall", set(), {MisdirectionKind.ASYLUM}),
    # countries
    (CASH, "I am from Syria, can I get the money?", set(), {MisdirectionKind.COUNTRY_NOT_LISTED}),
    (CASH, "Jag reser hem till Afghanistan", set(), {MisdirectionKind.COUNTRY_NOT_LISTED}),
    (CASH, "أنا من سوريا", set(), {MisdirectionKind.COUNTRY_NOT_LISTED}),
    (CASH, "من اهل افغانستان هستم", set(), {MisdirectionKind.COUNTRY_NOT_LISTED}),
    (CASH, "How is cash support paid in Libya?", set(), {MisdirectionKind.COUNTRY_NOT_LISTED}),
    # a person in danger
    (CASH, "Jag har varit utsatt för människohandel", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "He took my passport and forced me to work", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "Han tog mitt pass och hotar min familj", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "They sold me to another man", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "I owe him money and he threatens me", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "أنا ضحية الاتجار بالبشر", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "من قربانی قاچاق انسان هستم", set(), {MisdirectionKind.PROTECTION}),
    (CASH, "I got cash support in Iraq but he took my passport and locked me in", set(),
     {MisdirectionKind.PROTECTION}),
    # the other mailbox
    (
        REFERRALS,
        "Hur ansöker jag om återetableringsstöd?",
        set(),
        {MisdirectionKind.CASH_AT_REFERRALS},
    ),
    (REFERRALS, "When do I get my cash support?", set(), {MisdirectionKind.CASH_AT_REFERRALS}),
    (REFERRALS, "متى أستلم الدعم النقدي", set(), {MisdirectionKind.CASH_AT_REFERRALS}),
    (REFERRALS, "کمک نقدی را کی می‌گیرم", set(), {MisdirectionKind.CASH_AT_REFERRALS}),
    (REFERRALS, "یارمەتی نەختی کەی دەدرێت", set(), {MisdirectionKind.CASH_AT_REFERRALS}),
    (REFERRALS, "Se bilaga", {"CASH-DEC"}, {MisdirectionKind.CASH_AT_REFERRALS}),
    (
        CASH,
        "Remiss till återvändandeprogrammet bifogas",
        set(),
        {MisdirectionKind.REFERRAL_AT_CASH},
    ),
    (CASH, "Se bilaga", {"REF-FORM"}, {MisdirectionKind.REFERRAL_AT_CASH}),
    # somebody asks about somebody
    (CASH, "Is my wife with you? I am worried", set(), {MisdirectionKind.THIRD_PARTY}),
    (REFERRALS, "Är min syster hos er?", set(), {MisdirectionKind.THIRD_PARTY}),
    # nobody's
    (CASH, "Har ni lediga jobb i Helsingfors?", set(), {MisdirectionKind.JOB}),
    (REFERRALS, "I am a journalist and have a question", set(), {MisdirectionKind.PRESS}),
    (REFERRALS, "We can rank your website at the top", set(), {MisdirectionKind.ADVERTISING}),
]  # fmt: skip

# What is not misdirected, or about which nothing can be told.
QUIET: list[tuple[str, str, set[str]]] = [
    (REFERRALS, "Hej, bifogat finns remiss och samtycke för en person.", {"REF-FORM"}),
    (REFERRALS, "Remiss till er. Personen har fått återreseförbud och avslag på asylansökan.",
     {"REF-FORM"}),
    (REFERRALS, "Regionkoordinator här: hon sökte asyl 2023 och frågar om återintegreringsstöd.",
     set()),
    (REFERRALS, "Betänketid löper ut fredag. Hon fick 350 000 i skuld.", set()),
    (REFERRALS, "Frivilligt återvändande och återintegrering, se bifogad plan.", {"PLAN-REI"}),
    (REFERRALS, "Återreseförbud gäller i två år", set()),
    (REFERRALS, "Hon är utsatt för människohandel, underlag bifogas", {"ID-VOT"}),
    (REFERRALS, "Komplettering enligt telefon", set()),
    (REFERRALS, "Please find attached the referral form", set()),
    (CASH, "Jag har beslut om återetableringsstöd och reser till Irak", set()),
    (CASH, "Min asylansökan avslogs och jag vill ha kontantstöd", set()),
    (CASH, "My asylum was refused, I want to apply for cash support in Iraq", set()),
    (CASH, "I withdrew, I return to Nigeria", set()),
    (CASH, "Beslutet bifogas", {"CASH-DEC"}),
    (CASH, "متى أستلم الدعم النقدي في العراق", set()),
    (CASH, "کمک نقدی در عراق", set()),
    (CASH, "Migrationsverket tog mitt pass, hur får jag tillbaka det?", set()),
    (CASH, "The police took my passport at the border", set()),
    (CASH, "I travel through Turkey to Iraq", set()),
    (CASH, "My phone number is 0735 000 000", set()),
    (CASH, "Jag får 30 000 kronor enligt beslutet", set()),
    (CASH, "We are two adults and three children, 75 000", set()),
    (CASH, "Ärende 1350 0001", set()),
    (CASH, "Number 8350000", set()),
    (CASH, "Tack för hjälpen!", set()),
    (CASH, "", set()),
    (CASH, "How do I contact the office in Erbil?", set()),
    (CASH, "Cv", set()),
    (CASH, "The interview at the embassy is on Monday", set()),
    (CASH, "Jag var praktiskt taget klar", set()),
]  # fmt: skip


def kinds_of(found: tuple[Misdirection, ...]) -> set[MisdirectionKind]:
    return {each.kind for each in found}


def test_there_are_enough_messages_of_both() -> None:
    assert len(MESSAGES) >= 50
    assert len(QUIET) >= 25


@pytest.mark.parametrize(("programme", "text", "types", "misdirections"), MESSAGES)
def test_misdirected_mail_is_suggested(
    programme: str, text: str, types: set[str], misdirections: set[MisdirectionKind]
) -> None:
    found = find_misdirections(text, types, programme, payable=PAYABLE)

    assert kinds_of(found) == misdirections
    assert all(each.reasons for each in found)


@pytest.mark.parametrize(("programme", "text", "types"), QUIET)
def test_mail_that_is_not_misdirected_raises_nothing(
    programme: str, text: str, types: set[str]
) -> None:
    assert find_misdirections(text, types, programme, payable=PAYABLE) == ()


def test_signs_of_trafficking_come_first_and_have_no_answer() -> None:
    first, *others = find_misdirections(
        "350 000. He took my passport and forced me", (), CASH, payable=PAYABLE
    )

    assert (first.kind, first.answer, first.queue) == (
        MisdirectionKind.PROTECTION,
        None,
        Queue.PROTECTION,
    )
    assert [(each.kind, each.queue) for each in others] == [
        (MisdirectionKind.REPATRIATION_GRANT, None)
    ]


@pytest.mark.parametrize("text", ["He took my passport and forced me", "Remiss. " * 2])
@pytest.mark.parametrize(
    ("channel", "verdict", "is_unregistered"),
    [
        ("email", "unknown", True),
        ("email", None, True),
        ("email", "registered", False),
        ("email", "unverified", False),
        ("phone", None, False),
        ("upload", "registered", False),
    ],
)
def test_only_words_of_the_unregistered_are_signs_in_the_mailbox_of_referrals(
    text: str, channel: str, verdict: str | None, is_unregistered: bool
) -> None:
    submission = Submission(channel=channel, sender_verdict=verdict)
    found = find_misdirections(
        text, (), REFERRALS, is_unregistered=is_from_unregistered(submission)
    )

    has_sign = any(each.queue is Queue.PROTECTION for each in found)
    assert has_sign == (is_unregistered and "passport" in text)


def test_one_doubtful_sign_is_not_enough() -> None:
    assert find_misdirections("He threatens me", (), CASH) == ()


def test_the_words_that_decided_are_told() -> None:
    (only,) = find_misdirections("Jag vill ha ÅTERVANDRINGSBIDRAG, 350 000 kr", (), CASH)

    assert only.reasons == ("atervandringsbidrag", "350 000")


def test_without_a_list_no_country_is_judged() -> None:
    assert find_misdirections("I am from Syria", (), CASH, payable=None) == ()


def test_payable_country_beside_another_is_not_misdirected() -> None:
    text = "Irak och Syrien"

    assert find_misdirections(text, (), CASH, payable={"IRQ"}) == ()
    assert kinds_of(find_misdirections(text, (), CASH, payable={"SOM"})) == {
        MisdirectionKind.COUNTRY_NOT_LISTED
    }


def test_every_answer_that_is_suggested_exists() -> None:
    assert set(ANSWERS.values()) <= set(PURPOSES)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("ÅTERETABLERINGSSTÖD ٣٥٠\u00a0000", "ateretableringsstod 350 000"),
        ("می‌خواهم", "ميخواهم"),
        ("العـــودة", "العوده"),
        ("ﻻ", "لا"),
        ("a\u200bb", "ab"),
    ],
)
def test_a_text_is_read_in_one_form(written: str, read: str) -> None:
    assert plain(written) == read


def test_every_word_of_the_tables_is_in_that_form() -> None:
    tables = [table for table in vars(misdirected_words).values() if isinstance(table, tuple)]
    listed = [word for table in (*tables, *COUNTRIES.values()) for word in table]

    assert len(listed) > 300
    assert [word for word in listed if plain(word) != word] == []


@pytest.mark.parametrize("unit", ["350 ", "pass ", "ا", "a" * 50 + " ", "350.000,", "är min "])
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    text = unit * (200_000 // len(unit))

    assert len(find_misdirections(text, (), CASH, payable=PAYABLE)) <= len(MisdirectionKind)

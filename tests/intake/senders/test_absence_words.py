"""Check that a note of absence is told from what people write of holidays, forms and leaves."""

import pytest

from intake.senders.absence_words import tells_of_absence, without_dates

AWAY = (
    "Hej! Jag är på semester till den 14 november.",
    "Jag är på semester, Eva svarar.",
    "Jag har semester v. 30-33",
    "Tack för ditt mejl. Jag är tyvärr inte på kontoret i dag.",
    "Tack, jag är ledig.",
    "Jag är tjänstledig och läser inte min e-post.",
    "Just nu är jag föräldraledig.",
    "Semester till måndag",
    "Frånvarande",
    "Olen lomalla 1.8. asti.",
    "Kiitos viestistäsi. Olen lomalla 14. marraskuuta asti.",
    "Olen poissa toimistolta maanantaihin asti.",
    "En ole tavoitettavissa tällä viikolla.",
    "Poissa 24.12. asti",
    "I am on leave until May.",
    "I’m currently out of the office.",
    "I am out of the office until Monday with limited access to email.",
    "Away until Monday. This is note 7 of today.",
    "Away. Re: Receipt",
    "I will be on annual leave from 2 May.",
    "Jeg har ferie til mandag.",
    "Jeg er på orlov.",
    "Takk for din e-post. Jeg er bortreist og svarer når jeg er tilbake.",
    "Jeg er dessverre ikke til stede.",
    "Ich bin bis Mai im Urlaub.",
    "Ich bin bis zum 14. November nicht im Büro.",
    "Vielen Dank. Ich bin derzeit nicht erreichbar.",
)
PRESENT = (
    "",
    "Hei! Lomake puuttuu vielä, milloin saatte sen? Terveisin Eeva",
    "AKUT: lomake tuli, mutta nainen on kadonnut.",
    "Lähetän poissaolotodistuksen, poissaolotodistus liitteenä.",
    "Lomautus alkaa maanantaina, ja hän on poissa kotoa.",
    "Frågan gäller hennes semesterersättning och arbetsgivaren.",
    "Das Urlaubsgeld wurde nicht gezahlt.",
    "Familien bor i et feriehjem utenfor byen.",
    "Se vedlagt fraværsdokument og permisjonssøknad.",
    "She was granted indefinite leave, and is on leave to remain.",
    "I am on leave to remain until May.",
    "Call me outside the office, also out of office hours.",
    "Good morning\naway from the shelter she is not safe",
    "She is away from home since Monday.",
    "AKUT! Hon måste hämtas nu. Min chef är på semester så ring mig.",
    "Jag vikarierar under Evas semester. Nytt: mötet är i dag.",
    "Ordinarie handläggare har semester, jag vikarierar.",
    "Jag är kurator. Chefen är på semester.",
    "Finns det en ledig plats i kväll?",
    "Frånvaro: Sara kom inte till mötet",
    "Sara är frånvarande från skolan.",
    "Barselsseng trengs, hun føder i natt.",
)


@pytest.mark.parametrize("words", AWAY)
def test_a_note_says_that_its_writer_is_away(words: str) -> None:
    assert tells_of_absence("Hej", words)


@pytest.mark.parametrize("words", PRESENT)
def test_people_write_of_absences_and_are_there(words: str) -> None:
    own = " ".join(words.split())

    assert not tells_of_absence("Brev", own)
    assert not tells_of_absence(own, own)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("svar på måndag.", "svar på torsdag."),
        ("maanantaina 3.1. asti", "keskiviikkona 5.1. asti"),
        ("until monday, 3 may", "until friday, 7 june"),
        ("bis montag im märz", "bis mittwoch im dezember"),
        ("til lørdag 2. januar", "til tirsdag 9. februar"),
    ],
)
def test_days_and_numbers_are_passed_over(one: str, other: str) -> None:
    assert without_dates(one) == without_dates(other) != ()

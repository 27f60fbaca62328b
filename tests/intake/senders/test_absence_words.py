"""Check that a note of absence is told from what people write of holidays, forms and leaves."""

from dataclasses import replace

import pytest

from intake.senders.absence_words import tells_of_absence, without_dates
from intake.senders.automatic_mail import automatic_signs
from intake.senders.letters import words_of
from tests.intake.outbox.test_guard import HUMAN
from tests.samples.mail.wire import mail
from tests.support.desk import Desk

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
    "Jag är på tjänsteresa till fredag, ring växeln.",
    "Jag befinner mig på semester t.o.m. 5/8.",
    "Jag arbetar inte längre i kommunen. Skriv till Lisa.",
    "En työskentele enää kunnassa.",
    "I no longer work at the agency.",
    "Jeg har fri i dag og er tilbage mandag.",
    "Jeg jobber ikke lenger i kommunen.",
    "Ich befinde mich derzeit im Urlaub.",
    "Ich habe Urlaub bis 3.8.",
    "Ich arbeite nicht mehr im Amt.",
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
    "Дякую. Я зараз у відпустці до 14 листопада.",
    "На жаль, я не в офісі.",
    "شكرا. أنا خارج المكتب حتى الأحد.",
    "خارج المكتب",
    "من تا دوشنبه در مرخصی هستم",
)
PRESENT = (
    "",
    "Hon är på utbildning och arbetar inte längre hemma.",
    "Jeg har fri adgang til huset.",
    "Er hat Urlaub bis Montag und holt sie ab.",
    "She no longer works at the salon.",
    "Її мати у відпустці, подзвоніть мені.",
    "زوجها خارج المكتب، اتصل بي.",
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


# Subject and letter of a person, about somebody who is not there.
OF_OTHERS = [
    ("Frånvaro", "Eleven har inte varit i skolan på tre veckor, skolan misstänker bortförande."),
    ("Frånvaro", "Sara i 8B är borta sedan i fredags. Hon svarar inte i telefon."),
    ("Frånvarande", "Flickan kom inte tillbaka efter lovet. Hur gör vi?"),
    ("Frånvaro från skolan", "Pojken har inte synts sedan i måndags. Vi är oroliga."),
    ("Frånvaromeddelande", "Två elever saknas sedan terminsstarten, familjen svarar inte."),
    (
        "Semester",
        "Familjen reser på semester till Irak på lördag, dottern är rädd för att giftas bort.",
    ),
    ("Fråga", "Jag har två elever frånvarande sedan i måndags, båda är systrar."),
    ("Fråga", "Jag är rädd hon är bortrest mot sin vilja."),
    ("Fravær", "Jenta har ikke møtt på skolen siden september. Vi trenger råd."),
    ("Fravær", "Eleven er borte, og moren sier at hun er i utlandet."),
    ("Fraværsmelding", "Gutten er meldt syk av faren, men vi tror at han er sendt til Somalia."),
    ("Fravær fra skolen", "Hun er fraværende fra skolen siden mandag, se vedlagte."),
    ("Fravær", "Pigen har ikke været i skole i to uger. Drengen heller ikke."),
    ("Ferie", "Familien er på ferie i Pakistan og datteren kommer ikke hjem."),
    ("Spørsmål", "Jeg har en elev fraværende siden uke 40, hun svarer ikke."),
    ("Out of office", "The girl was taken out of school on Friday, she has not been seen since."),
    ("Out of office", "My client was not at the office today. Her phone is off, please advise."),
    ("Away", "She is away with her uncle and the school has not heard from her."),
    (
        "Vacation",
        "The family leaves for vacation on Friday and the daughter says she will be married.",
    ),
    ("Question", "I am worried she is away against her will."),
    ("Question", "I am afraid he is on leave and nobody has seen his passport."),
    ("Abwesend", "Das Mädchen fehlt seit Montag in der Schule, die Familie ist nicht erreichbar."),
    ("Abwesenheitsnotiz", "Die Schülerin ist seit drei Wochen nicht mehr gekommen."),
    ("Urlaub", "Der Vater will mit der Tochter in den Urlaub fahren, das Kind hat Angst."),
    ("Poissa", "Tyttö ei ole tullut kouluun maanantain jälkeen, perhe ei vastaa."),
    ("Poissaolo", "Oppilas on ollut poissa kolme viikkoa. Hänen äitinsä on huolissaan."),
    ("Відсутність", "Учениця не прийшла до школи, її батько не відповідає."),
    ("У відпустці", "Дівчина поїхала з родиною і не повернулася."),
    ("خارج المكتب", "الفتاة لم تأت إلى المدرسة منذ أسبوع ونحن قلقون عليها."),
    ("في إجازة", "سافرت العائلة في إجازة والبنت لا ترد على الهاتف."),
]
# Subject and words of a note, which an answering program sends, with no other sign of one.
OWN = [
    ("Frånvaro", "Jag är på semester till den 14 november. Vid frågor, ring Eva, hon hjälper dig."),
    ("Frånvaro", "Tack för ditt mejl. Jag läser det på måndag, min kollega svarar, hon är här."),
    ("Frånvarande", "Åter på måndag. Kontakta växeln."),
    ("Ej på kontoret", "Tillbaka 5/1. Vid brådskande ärenden kontakta min chef, han tar emot."),
    ("Inte på kontoret", "Jag är föräldraledig. Barnet är fött!"),
    ("Frånvaromeddelande", "Jag är sjuk."),
    ("Frånvaro", ""),
    ("Frånvaro", "Jag vabbar, barnet är sjukt. Åter i morgon."),
    ("Fravær", "Jeg er på ferie til 5. januar. Ved hast, kontakt Kari, hun svarer."),
    ("Fravær", "Takk for din e-post. Jeg er tilbake mandag."),
    ("Ikke på kontoret", "Jeg har foreldrepermisjon til mai."),
    ("Fraværsmelding", "Er tilbake 3.1. Kontakt min kollega, han hjelper deg."),
    ("Fravær", "Tak for din mail. Jeg holder ferie til mandag, ring til min kollega, hun er her."),
    ("Ude af kontoret", "Jeg er på kursus og svarer i morgen."),
    ("Out of office", "I am on leave until May. For urgent matters call Ann, she can help."),
    ("Out of the office", "Thank you for your email. My colleague will reply, he is in today."),
    ("Out of office", "Back on Monday."),
    ("Out of office", "I’m out of the office with limited access to my email."),
    ("Out of office", "I will be away until Friday, the family comes first."),
    ("Abwesenheitsnotiz", "Ich bin bis zum 14. November im Urlaub, das Kind ist auch dabei."),
    ("Abwesenheitsnotiz", "Vielen Dank für Ihre Nachricht. Ich bin ab Montag wieder da."),
    ("Poissa", "Olen lomalla 1.8. asti. Hän, joka minua sijaistaa, vastaa."),
    ("Poissaolo", "Kiitos viestistäsi. Palaan maanantaina."),
    ("Poissaoloviesti", "En ole paikalla tällä viikolla."),
    (
        "Відсутність",
        "Дякую за лист. Я у відпустці до 5 січня, моя колега відповість, вона на місці.",
    ),
    ("У відпустці", "Повернуся в понеділок."),
    ("Відсутність", "Я не в офісі."),
    ("خارج المكتب", "أنا خارج المكتب حتى الأحد، زميلتي ترد عليكم وهي في المكتب."),
    ("Semester till måndag", "Vid frågor kontakta Eva."),
    ("Ferie til mandag", "Kontakt sentralbordet."),
]


@pytest.mark.parametrize(("subject", "letter"), OF_OTHERS)
def test_a_letter_about_another_person_is_no_note(subject: str, letter: str) -> None:
    came = replace(HUMAN, subject=subject, letter=lambda: letter)

    assert list(automatic_signs(came, ())) == []
    assert not tells_of_absence(subject, words_of(letter))


@pytest.mark.parametrize(("subject", "letter"), OWN)
def test_a_note_of_ones_own_absence_is_one(subject: str, letter: str) -> None:
    came = replace(HUMAN, subject=subject, letter=lambda: letter)

    told = tells_of_absence(subject, words_of(letter))
    assert told or "answering_program" in set(automatic_signs(came, ()))


@pytest.mark.parametrize(("subject", "letter"), OF_OTHERS[:8])
def test_such_a_letter_gets_its_receipt(sqlite_desk: Desk, subject: str, letter: str) -> None:
    came = sqlite_desk.open(mail("absent", subject=subject.encode(), body=letter.encode()))

    assert sqlite_desk.receipt(came).state == "due"


def test_a_note_answers_our_mail_whatever_it_says(sqlite_desk: Desk) -> None:
    headers = [b"In-Reply-To: <receipt@portal.example>"]
    body = "Hon är inte här.".encode()

    came = sqlite_desk.open(mail("away", subject="Frånvaro".encode(), headers=headers, body=body))

    assert sqlite_desk.receipt(came).reason == "answering_program"

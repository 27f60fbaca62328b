"""Hold which urgent words are of a case at hand, and which of what may happen or is over."""

import pytest

from intake.filing.urgency import first_words
from intake.senders.emergencies.conditions import tells_of_no_case
from intake.senders.emergencies.footers import without_signature
from intake.senders.emergencies.urgent_words import says_urgent
from tests.support.growth.measure import is_linear

AT_HAND = {
    "sv": [
        "Om ni kan ta emot henne är det bra, det är akut.",
        "Ansökan om akut skydd.",
        "Akut, 112 är larmat, polis på plats.",
        "Akut fall: kvinna på flykt, ring 070-000 00 00.",
        "Akuta fall: två syskon, hör av er i kväll.",
        "Hon vårdades 2019 men nu är det akut igen.",
        "Kan ni ta emot en akut placering?",
        "Akut jour behövs nu.",
        "Ring mig omgående om Fatima.",
        "Kontakta mig genast om hon dyker upp hos er.",
        "Akut: utvisning den 3 december 2026.",
        "Om ärendet är akut? Ja, det är akut.",
    ],
    "en": [
        "If you can take her, please do: it is urgent.",
        "Emergency, 112, police are here.",
        "Urgent case - call me, she is hiding.",
        "Urgent cases: a mother and her son, call us tonight.",
        "She was treated in 2019 but now it is urgent again.",
        "Request for urgent protection.",
        "Call me immediately if she turns up.",
        "We need an emergency travel document tonight.",
    ],
    "de": ["Wenn Sie können: es ist dringend.", "Dringend, die Polizei ist da."],
    "fi": ["Asia on kiireellinen, jos voitte soittaa.", "Kiireellinen: äiti ja lapsi."],
    "fr": ["C'est urgent, si vous pouvez appelez.", "Urgent : une mère et son fils."],
    "es": ["Es urgente, si puede llámeme.", "Urgente: una madre con su hijo."],
    "uk": ["Це терміново, якщо можете, зателефонуйте.", "Терміново: мати з дитиною."],
    "ru": ["Это срочно, если можете, позвоните.", "Срочно: мать с ребёнком."],
    "ar": ["الأمر عاجل، إذا أمكن اتصلوا.", "عاجل: أم وطفلها."],
    "fa": ["این فوری است، اگر می‌توانید زنگ بزنید.", "فوری: یک مادر و کودک."],
    "so": ["Waa degdeg, haddii aad awooddo i soo wac."],
    "ti": ["ህጹጽ እዩ፣ ደውሉለይ።"],
    "mixed": [
        "Do you have emergency shelter for a woman with two kids?",
        "Kan ni ta emot henne akut?",
        "Om ni inte kan ta henne måste vi veta det nu, det är akut.",
        "If possible, urgent help with a place.",
        "Wenn möglich bitte dringend anrufen.",
        "Если можно, срочно ответьте.",
        "Enligt rutin är detta akut.",
        "Urgent services needed for a minor.",
        "Emergency services are on site, she needs a place.",
        "Vi vet inte om hon är i akut fara.",
        "Frågan är brådskande, om ni kan svara i dag är vi tacksamma.",
        "Hej.\nMvh\nEva\nOBS! Akut plats sökes för kvinna med barn.",
        "Akut ärende (barn): ring mig.",
        "(akut) Hon är på flykt.",
        "Akut: hon ringer 112 varje timme.",
        "Ärendet var brådskande redan i går och är det nu.",
        "She was in urgent need yesterday and still is.",
        "Hon blev akut utkastad 2026-11-29.",
        "Hon blev akut vräkt den 29 november 2026.",
        "Angående akut placering av barn.",
        "Önskar akut placering.",
        "Söker akut placering för kvinna, när kan ni ta emot?",
        "When can you take her? It is urgent.",
        "Brådskande ansökan om akut boende.",
        "Det var akut i morse och är det fortfarande.",
        "Beslut om akut omhändertagande fattades i dag, vi behöver hjälp.",
        "Kontakta oss genast!",
        "Please advise urgently.",
        "Необхідна термінова допомога.",
        "Нужна срочная эвакуация.",
        "Le cas est très urgent.",
        "Es un caso urgente.",
        "Un caz urgent, vă rog.",
        "Asia on kiireellinen.",
        "Hätätilanne, äiti ja kolme lasta.",
        "حالة طارئة، أم وثلاثة أطفال.",
        "یک مورد اورژانسی داریم.",
        "Waa xaalad degdeg ah.",
        "ህጹጽ ጉዳይ እዩ።",
        "Eilt sehr, Frau mit Kind.",
        "Det haster, hun skal sendes ut i morgen.",
        "Kurs: det är akut.",
        "Vid vårt möte i dag framkom akut fara, ring mig.",
        "I akut läge: kvinna, två barn, inget boende, ring 070-000 00 00.",
        "Hon ringde 112, akut läge.",
        "Akut 112-larm, kvinna hos oss.",
    ],
}
NOT_AT_HAND = {
    "sv": [
        "Om ert ärende är brådskande, kontakta jouren.",
        "Är ditt ärende akut? Ring växeln.",
        "Om något är akut, ring receptionen.",
        "Hör av dig ifall läget blir akut.",
        "Om du behöver akut hjälp, ring 112.",
        "Vid en akut situation, ring polisen på 112.",
        "Eva Ek | Socialtjänsten | Akut: 112 | Växel 040-00 00 00",
        "Jour (akut): 040-00 00 00",
        "Kontakta mig omgående om någon handling saknas.",
        "Ring oss genast om ni har frågor.",
        "Hör av er till mig.\nKontakta mig omgående på 070-000 00 00 om något är oklart.",
        "Hon opererades akut 2021 för brusten blindtarm.",
        "Han fick akut tandvård för två år sedan.",
        "Hur många akuta placeringar gjorde ni i fjol?",
        "Kurs i akut omhändertagande, anmälan bifogas.",
        "Inget akut.",
        "Ingenting brådskande från oss.",
        "Behöver ni svar omedelbart?",
        "Akuta ärenden kvällstid: Socialjouren 040-00 00 00",
        "Akuta ärenden hanteras av jouren.",
    ],
    "en": [
        "If your request is urgent, please phone the duty desk.",
        "In an emergency always call 112.",
        "For an urgent matter please contact the duty officer.",
        "If this is an emergency, dial 112.",
        "Emergency line: 020 000 00 00",
        "Duty phone (urgent): 020 000 00 00",
        "Jane Doe | Office | Emergency: 112 | Desk 020 000 00 00",
        "Please call me immediately if anything is missing.",
        "Contact us at once if you have questions.",
        "She had emergency surgery in 2021.",
        "He needed urgent care three years ago.",
        "How many urgent referrals did you have?",
        "Nothing urgent.",
        "A course on emergency procedures, programme attached.",
        "Do you need the form urgently?",
        "If you need urgent help, call the police.",
        "Urgent matters are handled by the duty officer.",
        "Urgent cases: please call 020 000 00 00.",
        "In case of an emergency call 112.",
    ],
    "no": ["Hvis saken er akutt, ring vakttelefonen.", "Ved akutte tilfeller, ring 113."],
    "de": [
        "Wenn Ihr Anliegen dringend ist, rufen Sie die Zentrale an.",
        "Nichts ist dringend.",
        "Im Notfall wählen Sie 112, anrufen können Sie immer.",
    ],
    "fi": ["Jos asianne on kiireellinen, soittakaa päivystykseen.", "Ei mitään kiireellistä."],
    "fr": ["Si votre demande est urgente, appelez le standard.", "Rien d'urgent."],
    "es": ["Si su caso es urgente, llame a la central.", "Nada urgente."],
    "ro": ["Dacă situația este urgent de rezolvat, sunați.", "Nimic urgent."],
    "uk": ["Якщо ваша справа термінова, телефонуйте черговому.", "Нічого термінового."],
    "ru": ["Если ваше дело срочное, звоните дежурному.", "Ничего срочного."],
    "ar": ["إذا كان طلبكم عاجل اتصلوا بالمناوب.", "في حال كان الأمر عاجلا اتصل."],
    "fa": ["اگر کار شما فوری است با کشیک تماس بگیرید."],
    "so": ["Haddii arrintaadu degdeg tahay, wac xafiiska."],
    "mixed": [
        "Om du behöver akut stöd utanför kontorstid, kontakta socialjouren.",
        "Akuta frågor besvaras av växeln på 040-00 00 00.",
        "Brådskande? Ring växeln 040-00 00 00.",
        "Urgent? Call the switchboard on 040 00 00 00.",
        "In urgent matters please contact my colleague Karin.",
        "Jag är ledig. Vid brådskande ärenden, mejla jouren@x.example.",
        "This mailbox is not monitored. For urgent issues call +46 40 00 00 00.",
        "Detta är ett automatiskt svar. Är ditt ärende akut, ring 040-00 00 00.",
        "Om det brådskar, ring mig.",
        "I am away. If it's urgent, text me.",
        "Je suis absent. En cas d'urgence, contactez ma collègue.",
        "Ich bin im Urlaub. In dringenden Fällen rufen Sie meine Kollegin an.",
        "Olen lomalla. Kiireellisissä asioissa soita kollegalleni.",
        "Estoy de vacaciones. Si es urgente, llame a mi colega.",
        "Я у відпустці. Якщо терміново, телефонуйте колезі.",
        "Я в отпуске. Если срочно, звоните коллеге.",
        "أنا في إجازة. إذا كان الأمر عاجلا فاتصل بزميلي.",
        "در مرخصی هستم. در صورت فوری بودن تماس بگیرید.",
        "Sunt în concediu. Dacă este urgent, sunați colegul.",
        "Det finns inget akut i ärendet.",
        "Hon har inget akut behov.",
        "Ingen akut fara föreligger.",
        "Läget är stabilt och inte akut.",
        "Hon sökte akut vård 2020.",
        "Hon har tidigare haft akut boende.",
        "She previously stayed in emergency housing.",
        "Emergency contact: sister.",
        "Polisens nummer vid nödsituation: 112",
        "Nödsituation: ring 112",
        "Akutmottagningen i Lund, tel 046-00 00 00",
        "Akut hjälp: 112 (SOS Alarm)",
        "Emergency services: 112",
    ],
}
URGENT = [(name, text) for name, texts in AT_HAND.items() for text in texts]
CALM = [(name, text) for name, texts in NOT_AT_HAND.items() for text in texts]
SUBJECTS = ["Akut, 112, polis", "Akut: 112", "Urgent cases: please call 070-000 00 00", "Akut fall",
            "Remiss - skyndsam hantering", "Omgående: plats för två"]  # fmt: skip


@pytest.mark.parametrize(("_language", "text"), URGENT)
def test_an_urgent_word_of_a_case_at_hand_is_heard(_language: str, text: str) -> None:
    assert says_urgent(first_words("Remiss", f"Hej!\n{text}\nEva"))


@pytest.mark.parametrize(("_language", "text"), CALM)
def test_an_urgent_word_of_no_case_at_hand_is_none(_language: str, text: str) -> None:
    assert not says_urgent(first_words("Remiss", f"Hej! Se bilaga.\n\nEva\n{text}"))
    assert not says_urgent(first_words("Remiss", f"Hej! Se bilaga.\n\n{text}\n\nMvh\nEva Ek"))


@pytest.mark.parametrize(("_language", "text"), CALM)
def test_a_danger_beside_such_words_is_heard(_language: str, text: str) -> None:
    assert says_urgent(first_words("Remiss", f"Hej! Han hotar att döda henne.\n\nEva\n{text}"))
    assert says_urgent(first_words("Remiss", f"Hej!\n{text}\nShe is in danger."))


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_speaks_of_its_own_mail(subject: str) -> None:
    assert says_urgent(first_words(subject, "Se bilaga."))


@pytest.mark.parametrize(
    "sign_off",
    ["Mvh", "Med vänlig hälsning", "Hälsningar Eva", "Kind regards,", "Mit freundlichen Grüßen",
     "Ystävällisin terveisin", "Cordialement", "Saludos", "Cu stimă", "З повагою", "С уважением",
     "مع تحياتي", "با احترام"],
)  # fmt: skip
def test_what_stands_below_the_end_of_a_letter_is_no_alarm(sign_off: str) -> None:
    text = f"Hej, se bilaga.\n{sign_off}\nEva Ek\nAkut stöd dygnet runt"

    assert without_signature(text) == "Hej, se bilaga."
    assert not says_urgent(first_words("Remiss", text))
    assert says_urgent(first_words("Remiss", f"{text}\nPS. Det är akut, hon är på väg hit."))
    assert says_urgent(first_words("VB: Remiss", f"{text}\n\nFrom: Bo\nSent: x\nTo: y\nSubject: z\n"
                                                 "\nakut hjälp"))  # fmt: skip


def test_a_sentence_is_not_cut_before_what_takes_it_back() -> None:
    filled = "Hej Eva. " * 42

    text = f"{filled}Ring mig omgående om något av detta saknas i det ni fått."

    assert len(filled) + len("Ring mig omgående ") < 400 < len(text)
    assert not says_urgent(first_words("Remiss", text))


@pytest.mark.parametrize(
    "unit", ["om ditt ", "om ni är ", "if you ", "2019 ", "Mvh\n", "kurs ", "("]
)
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    def text_of(size: int) -> str:
        return unit * (size // len(unit))

    assert is_linear(lambda text: tells_of_no_case("akut", text, text), text_of, 50_000)
    assert is_linear(without_signature, text_of, 200_000)
    assert is_linear(lambda text: first_words("Re: x", text), text_of, 200_000)

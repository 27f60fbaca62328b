"""Hold which letters tell of somebody who wants to die, is hurt, sought after or without a roof."""

import pytest

from intake.filing.urgency import first_words
from intake.senders.emergencies import harm_phrases
from intake.senders.emergencies.phrases import Index, Words, compiled
from intake.senders.emergencies.thoughts import plain
from intake.senders.emergencies.urgent_words import says_urgent

SPOKEN = [
    # Swedish
    "Hennes man har hittat adressen till boendet och står utanför nu.",
    "Hon har inte akut skydd och inget boende.",
    "Klienten säger att hon tänker ta livet av sig om hon måste tillbaka.",
    "De som sålde henne letar efter henne, hon vågar inte gå ut.",
    "Familjen blir vräkt i morgon bitti och har två barn under tre år.",
    "De kastas ut från lägenheten i dag.",
    "Han blev misshandlad i natt och blöder fortfarande.",
    "Hon är gravid i vecka 38 och sover på Centralstationen sedan i går.",
    "Hon rymde från mannen i natt och har ingenstans att ta vägen.",
    "Hans bror har slagit honom i natt och nu vågar han inte gå hem.",
    "I natt blev hon slagen av sin man.",
    # English
    "She escaped from the flat last night and the trafficker is looking for her.",
    "She is bleeding heavily and refuses to go to hospital.",
    "Her husband has just turned up at the shelter with a knife.",
    "I don't want to live anymore.",
    "The family gets evicted tomorrow.",
    "She is sleeping in a stairwell.",
    # German, Finnish
    "Sie wurde gestern von ihrem Mann geschlagen.",
    "Ihr Mann sucht sie.",
    "Hän haluaa kuolla.",
    "Mies seisoo oven takana.",
    # French, Spanish, Romanian
    "Elle a été frappée hier par son mari.",
    "Elle veut mourir.",
    "Dice que se quiere suicidar.",
    "Su marido está en la puerta.",
    "Fue golpeada anoche.",
    "Spune că vrea să se sinucidă.",
    "Nu are unde să doarmă în noaptea asta.",
    "A fost bătută azi-noapte și sângerează.",
    # Ukrainian, Russian, Polish
    "Вона каже, що хоче накласти на себе руки.",
    "Їй ніде ночувати сьогодні, з нею двоє дітей.",
    "Она говорит, что хочет покончить с собой.",
    "Ей негде ночевать сегодня, с ней двое детей.",
    "Её вчера избили.",
    "Mąż grozi, że ją zabije.",
    "Nie ma gdzie spać dziś w nocy.",
    "Chce się zabić.",
    "Jej mąż stoi za drzwiami.",
    # Arabic, Persian
    "قالت إنها تريد أن تنتحر",
    "هو أمام الباب الآن ومعه سكين",
    "ضربها زوجها البارحة",
    "شوهرش دنبالش می‌گردد",
    "می‌خواهد خودکشی کند",
    # Somali, Thai
    "Inay is disho ayay rabtaa.",
    "เธอบอกว่าอยากฆ่าตัวตาย",
    "เขาอยู่หน้าประตู",
]
CALM = [
    "Hon flydde från Syrien 2015 och är i dag 24 år.",
    "Han står utanför arbetsmarknaden sedan tre år.",
    "Mannen väntar utanför Sverige på besked om visum.",
    "Mannen har hittat boendet bra och trivs.",
    "De letar efter en lägenhet till henne.",
    "Hon behöver inte akut skydd.",
    "Hon är inte i omedelbar eller akut fara.",
    "Hon har inga självmordsplaner.",
    "Han har tidigare haft självmordstankar men mår nu bra.",
    "Om hon säger att hon vill ta livet av sig ska ni ringa 112.",
    "Brottsoffer som blivit misshandlade i natt kan ringa 112.",
    "Hon vill inte leva med sin man längre och har ansökt om skilsmässa.",
    "Inget att ta ställning till i dag.",
    "Han väntar utanför porten på taxin till flygplatsen.",
    "There is no immediate or urgent danger at the moment.",
    "She does not need urgent protection.",
    "He is at the hospital for a check-up now.",
    "They are looking after her well.",
    "The boat leaves today; she fled Eritrea in 2014.",
    "He does not feel threatened and has no thoughts of suicide.",
    "Die Deadline steht vor der Tür.",
    "Il est devant un choix difficile.",
    "Está en casa con su marido.",
    "Soțul caută un loc de muncă.",
    "Он за дверью кабинета ждёт приёма.",
    "Она ищет работу, муж ищет квартиру.",
    "هو يعمل في باب توما",
    "زوجها يبحث عن عمل",
    "Mąż szuka pracy.",
    "Jutro wyrzucą stare papiery z biura.",
    "เธอปลอดภัยดี",
]


@pytest.mark.parametrize("text", SPOKEN)
def test_a_harm_at_hand_is_heard(text: str) -> None:
    assert says_urgent(first_words("Remiss", f"Hej!\n{text}\nEva"))


@pytest.mark.parametrize("text", SPOKEN)
def test_an_old_harm_that_an_answer_quotes_is_old(text: str) -> None:
    assert not says_urgent(first_words("SV: Remiss", f"Tack, vi hörs.\n\n> {text}"))


@pytest.mark.parametrize("text", CALM)
def test_what_is_no_harm_at_hand_is_not(text: str) -> None:
    assert not says_urgent(first_words("Remiss", f"Hej!\n{text}\nEva"))


@pytest.mark.parametrize(
    "phrase",
    [
        *harm_phrases.OF_NOW, *harm_phrases.TIRED_OF_LIFE, *harm_phrases.JUST_NOW,
        *harm_phrases.SOON,
    ],
)  # fmt: skip
def test_each_phrase_is_found_by_its_rarest_word(phrase: str) -> None:
    words = [part.split("|")[-1].rstrip("*") for part in phrase.split() if part != ".."]
    said = plain(" ".join(words))

    assert compiled([phrase], plain).search(said)
    assert list(Index([phrase], plain).found(Words.of(f"x {said} x")))

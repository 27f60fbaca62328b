"""Check by what a stranger's words open a protection task, in their languages, and by what not."""

import pytest

from intake.filing import danger_phrases
from intake.filing.misdirected import find_danger, find_misdirections, plain
from intake.senders.emergencies.phrases import compiled
from storage.submissions.queue_items import Queue

# One of these is enough, whatever else stands in the mail.
MUST = (
    # English
    "They sell me for sex",
    "I am locked in",
    "Please help, I'm locked inside the flat since May",
    "He locks me in when he goes to work",
    "I was a victim of trafficking",
    "They make me have sex with other men",
    "I am not allowed to go out",
    "they keep me locked",
    "He treats me like a slave",
    "They sold me to another man",
    "She won't let me out",
    # Swedish
    "Han låser in mig",
    "De sålde mig till en annan man",
    "Jag är inlåst hos honom",
    "Jag har varit offer för människohandel",
    "Jag har blivit utsatt för trafficking",
    "De tvingar mig att ha sex med andra",
    "Jag tvingas till prostitution",
    "Jag får inte gå ut",
    "Han håller mig instängd i lägenheten",
    "De släpper inte ut mig",
    # Arabic
    "هم يبيعونني للرجال",
    "حبسوني في البيت",
    "أنا محبوسة هنا",
    "أجبروني على الدعارة",
    "لا يسمحون لي بالخروج",
    "أنا ضحية اتجار بالبشر",
    "يحتجزونني في شقة",
    "أخذوا جواز سفري وهددوني",
    "صادروا جوازي ويهددونني",
    "باعوني لرجل آخر",
    # Persian and Dari
    "مرا زندانی کرده‌اند",
    "پاسپورتم را گرفتند و اجازه ندارم",
    "مرا به مردی فروختند",
    "مجبورم به تن‌فروشی هستم",
    "من قربانی قاچاق انسان هستم",
    "نمی‌گذارند بیرون بروم",
    "اجازه ندارم از خانه بیرون بروم",
    "پاسپورتم را گرفته‌اند و تهدیدم می‌کنند",
    "مرا حبس کردند",
    "من در خانه زندانی هستم",
    # Sorani
    "دەمفرۆشن",
    "زیندانیان کردووم لە ماڵەوە",
    "ناهێڵن بچمە دەرەوە",
    "پاسپۆرتەکەمیان بردووە و هەڕەشەم لێ دەکەن",
    # Tigrinya
    "ሸይጦምኒ",
    "ኣብ ገዛ ዓጽዮምኒ ኣለዉ",
    "ክወጽእ ኣይፈቅዱለይን",
    "ፓስፖርተይ ወሲዶምኒ የፈራርሑኒ",
    # Somali
    "way i iibiyeen",
    "guriga ayay i xireen",
    "waxay igu qasbeen galmo",
    "baasaboorkayga way iga qaateen oo way ii hanjabaan",
    # Romanian
    "M-au vândut unui bărbat",
    "Mă ține închisă în casă",
    "Sunt victima traficului de persoane",
    "Mă obligă să mă prostituez",
    "Mi-au luat pașaportul și mă amenință",
    # Russian
    "Меня продали",
    "Меня держат взаперти",
    "Меня заставляют заниматься проституцией",
    "Я стала жертвой торговли людьми",
    "Они забрали мой паспорт и угрожают мне",
    # Spanish
    "Me vendieron a otro hombre",
    "Me tienen encerrada en una casa",
    "Me obligan a prostituirme",
    "Soy víctima de trata",
    "No me dejan salir",
    # Thai
    "ฉันถูกขังอยู่ในห้อง",
    "เขาบังคับให้ขายตัว",
    "พวกเขายึดพาสปอร์ตและขู่ฉัน",
)
# None of these is a sign of danger of whoever wrote it.
MUST_NOT = (
    "They sold me a bad telephone and give no money back",
    "De sålde mig en trasig bil",
    "I am locked in a contract with my operator",
    "I was locked in meetings all day, sorry for the late answer",
    "Jag var inlåst i möten hela dagen",
    "I am locked out of my account",
    "My passport is with the Migration Agency, they have my passport since 2023",
    "Polisen tog mitt pass, hur får jag tillbaka det? De har mitt pass",
    "I have my passport and my documents",
    "Jag har mitt pass och kan resa",
    "They took my documents",
    "He threatens me",
    "Hon hotar mig",
    "I am a journalist and write about human trafficking in Sweden",
    "Job application: I have worked against human trafficking for ten years",
    "هو يهددني",
    "پاسپورتم را گم کردم",
    "Мой паспорт в полиции, полиция забрала мой паспорт",
    "Me vendieron un coche malo",
    "Mi-am pierdut pașaportul",
    "Can I leave the country before the decision?",
    "I am not allowed to work until the decision",
    "Please keep me in the loop and up to date",
)
QUOTED = (
    "“They sell me for sex”, says Ana in our report. Read more in this month's newsletter.",
    "Victims of human trafficking and prostitution: our conference in May",
    "“Han låste in mig”, berättar Sara i vårt nyhetsbrev om människohandel",
)


@pytest.mark.parametrize("text", MUST)
def test_one_phrase_of_somebodys_own_is_enough(text: str) -> None:
    (found, *_) = find_misdirections(
        f"Hello\n{text}.\nThank you", (), "referrals", is_unregistered=True
    )

    assert found.queue is Queue.PROTECTION
    assert all(reason in plain(text) for reason in found.reasons)


@pytest.mark.parametrize("text", MUST_NOT)
def test_what_says_nothing_of_whoever_wrote_it_opens_nothing(text: str) -> None:
    assert find_danger(text) == ()


@pytest.mark.parametrize("text", QUOTED)
def test_what_a_list_quotes_opens_nothing_by_itself(text: str) -> None:
    assert find_danger(text, is_to_many=True) == ()


def test_a_person_who_writes_by_a_list_is_heard_by_two_phrases() -> None:
    assert find_danger("Help. They sell me for sex. He locks me in.", is_to_many=True) != ()


@pytest.mark.parametrize(
    "phrase", [*danger_phrases.STRONG, *danger_phrases.SIGNS, *danger_phrases.FIGURATIVE]
)
def test_each_phrase_finds_each_of_its_own_first_forms(phrase: str) -> None:
    words = [part.split("|")[0].rstrip("*") for part in phrase.split() if part != ".."]

    assert compiled([phrase], plain).search(plain(" ".join(words)))


def test_long_hostile_text_is_searched_in_bounded_steps() -> None:
    text = "i am he they took " * 1_000 + "locked"

    assert find_danger(text) == ()

"""Hold which letters of partners tell of a danger at hand, and which only look so, by language."""

import pytest

from intake.filing.urgency import first_words
from intake.senders.emergencies import threat_phrases
from intake.senders.emergencies.phrases import Index, Words, compiled
from intake.senders.emergencies.thoughts import plain
from intake.senders.emergencies.urgent_words import said_anywhere, says_urgent
from tests.support.growth.measure import is_linear

URGENT = {
    "sv": [
        "Hennes bror säger att han ska döda henne.",
        "Mannen hotar att mörda både henne och barnen.",
        "Hon är hotad till livet av sin före detta man.",
        "Hon lever under dödshot från släkten.",
        "Om hon inte får komma bort i kväll kommer han att döda henne.",
        "Hon är inlåst i en källare och kan bara smsa.",
        "De håller henne inlåst sedan i fredags.",
        "Hon sitter instängd i lägenheten och kan inte ringa.",
        "Farbrodern låser in henne varje natt.",
        "De släpper inte ut henne.",
        "Familjen ska föra henne ur landet på lördag.",
        "Pappan tänker kidnappa barnen.",
        "Hennes liv är i fara.",
        "Han hotade att döda henne i går.",
        "Hon säger att hon ska ta sitt liv.",
        "Hon har ingenstans att sova i natt.",
        "Vi söker ett skyddat boende till två barn i kväll.",
        "Modern behöver en sängplats omgående.",
        "Skyndsam hantering behövs, hon utvisas på fredag.",
        "Dödar han henne är det vårt fel.",
    ],
    "no": [
        "Han truer med å drepe henne.",
        "Hun er innelåst i leiligheten.",
        "Hun trenger en plass på krisesenter i natt.",
    ],
    "da": [
        "Manden siger at han vil dræbe hende.",
        "Hun er i livsfare.",
        "De holder hende indespærret.",
    ],
    "en": [
        "Her uncle is threatening to murder her.",
        "He says he will kill her and the children.",
        "They are going to abduct her daughter.",
        "She is being held against her will.",
        "She's locked in the bathroom and texting us.",
        "He won't let her leave.",
        "Her life is in danger.",
        "The trafficker keeps threatening to kill her if she talks.",
        "If she is not moved he will kill her.",
        "They hold her captive in a flat in Malmö.",
        "We have a mother with three kids who needs a bed tonight.",
        "She has nowhere to sleep tonight.",
        "She will be killed for this.",
        "He threatened to kill her this morning.",
        "Shelter needed as soon as possible.",
        "She is not allowed to leave the house.",
    ],
    "de": [
        "Ihr Mann droht, sie umzubringen.",
        "Sie ist in der Wohnung eingesperrt.",
        "Sie braucht heute Nacht einen Schlafplatz.",
        "Sie schwebt in Lebensgefahr.",
    ],
    "fi": [
        "Mies uhkaa tappaa hänet.",
        "Hän on lukittuna asuntoon.",
        "Veli aikoo murhata hänet.",
        "Hän tarvitsee turvakotipaikan tänä yönä.",
        "Perhe ei päästä häntä ulos.",
        "Hän on hengenvaarassa.",
    ],
    "so": [
        "Ninkeedu wuxuu rabaa inuu dilo iyada.",
        "Waa la dili doonaa.",
        "Guriga ayay ku xiran tahay.",
        "Khatar ayay ku jirtaa.",
    ],
    "fr": [
        "Son mari menace de la tuer.",
        "Elle est enfermée dans l'appartement.",
        "Elle est en danger.",
        "Elle cherche un lit pour ce soir.",
    ],
    "es": [
        "Su marido amenaza con matarla.",
        "La tienen encerrada en un piso.",
        "Está en peligro.",
        "No la dejan salir.",
        "Necesita una cama para esta noche.",
    ],
    "ro": [
        "Soțul amenință că o omoară.",
        "O țin închisă într-un apartament.",
        "Este în pericol.",
        "Nu o lasă să iasă.",
        "Are nevoie de un loc la noapte.",
    ],
    "uk": [
        "Чоловік погрожує вбити її.",
        "Її тримають під замком.",
        "Вона у небезпеці.",
        "Її не випускають з квартири.",
        "Їй потрібен прихисток сьогодні на ніч.",
    ],
    "ru": [
        "Муж угрожает убить её и детей.",
        "Её держат взаперти.",
        "Она в опасности.",
        "Брат собирается её убить.",
        "Ей нужно место сегодня ночью.",
    ],
    "ar": [
        "زوجها يهددها بالقتل.",
        "هي محبوسة في الشقة.",
        "سيقتلها أخوها.",
        "حياتها في خطر.",
        "لا يسمحون لها بالخروج.",
        "تحتاج إلى مأوى الليلة.",
    ],
    "fa": [
        "شوهرش او را تهدید به قتل می‌کند.",
        "او در خانه زندانی است.",
        "جانش در خطر است.",
        "نمی‌گذارند بیرون برود.",
        "او امشب جایی نیاز دارد.",
    ],
    "ckb": [
        "هەڕەشەی کوشتنی لێ دەکات.",
        "لە ژوورێکدا زیندانی کراوە.",
        "دەیانەوێت بیکوژن.",
        "ناهێڵن بچێتە دەرەوە.",
        "ژیانی لە مەترسیدایە.",
    ],
    "ti": ["ሰብኣያ ክቐትላ እዩ ኢሉ።", "ኣብ ክፍሊ ተዓጽያ ኣላ።", "ኣብ ሓደጋ ኣላ።"],
    "am": ["ባሏ ሊገድላት ነው።", "ክፍል ውስጥ ተቆልፎባታል።", "አደጋ ላይ ናት።"],
    "ur": ["اس کا شوہر جان سے مارنے کی دھمکی دے رہا ہے۔", "اس کی جان خطرے میں ہے۔"],
    "th": ["สามีขู่ฆ่าเธอ", "เธอถูกขังอยู่ในห้อง", "เธออยู่ในอันตราย", "เธอต้องการที่พักคืนนี้"],
}
CALM = {
    "sv": [
        "Han hotade att döda henne för tre år sedan.",
        "Hon var inlåst i en källare som barn.",
        "Han hotar inte längre att döda henne.",
        "Hon är inte inlåst.",
        "Hon är inte i fara.",
        "Om han hotar att döda dig ska du ringa polisen.",
        "Är hon inlåst?",
        "Mannen är inlåst på anstalt till 2029.",
        "Han sitter fängslad.",
        "Om hon återvänder till hemlandet kommer de att döda henne.",
        "Vi utbildar om kvinnor som är inlåsta.",
        "Hotar han att döda henne?",
        "Vi behöver ingen plats i natt.",
        "Vi ses i kväll på kontoret.",
        "Svara gärna så snart som möjligt.",
        "Hon har fått plats i natt.",
        "Jag skickar papperen i kväll.",
        "Döda fall av ärenden arkiveras.",
        "Skyndsam handläggning är regel hos oss.",
        "Mötet måste bli av i kväll, på plats i Lund.",
        "Du som är i fara ska ringa 112.",
        "Hon är i fara att förlora jobbet.",
        "Han hotade att döda henne 2019, nu är hon trygg.",
    ],
    "no": ["Han truet med å drepe henne i 2019.", "Hun er ikke innelåst."],
    "da": ["Hun er ikke i fare.", "Hvis han truer med at dræbe dig, så ring 112."],
    "en": [
        "He threatened to kill her in 2018.",
        "She is not locked in.",
        "Is she being held captive?",
        "If he threatens to kill you, call the police.",
        "Her husband is locked up in prison.",
        "She was held captive for two years.",
        "He will not kill her.",
        "We are locked in meetings.",
        "If she returns, her family will kill her.",
        "She is no longer in danger.",
        "We train people who meet women who are locked in.",
        "The rate is locked in by contract.",
        "Please answer as soon as possible.",
        "We do not need a bed tonight.",
        "The course takes place tonight.",
        "She had been threatened with death.",
        "Does he threaten to kill her?",
        "She has a bed tonight.",
        "Is her life in danger?",
        "When someone is in danger call 112.",
        "She is in danger of missing the deadline.",
    ],
    "de": [
        "Er drohte vor Jahren, sie umzubringen.",
        "Sie ist nicht eingesperrt.",
        "Wir brauchen kein Bett heute Nacht.",
    ],
    "fi": [
        "Mies uhkasi tappaa hänet 2017.",
        "Hän ei ole vaarassa.",
        "Jos mies uhkaa tappaa sinut, soita.",
    ],
    "so": ["Khatar kuma jirto hadda.", "Haddii uu ku dilo, wac booliska."],
    "fr": [
        "Elle n'est pas en danger.",
        "Si son mari menace de la tuer, appelez la police.",
        "Elle a été enfermée il y a dix ans.",
    ],
    "es": [
        "No está en peligro.",
        "Si amenaza con matarla, llame a la policía.",
        "Su padre la tenía encerrada hace diez años.",
    ],
    "ro": [
        "Nu este în pericol.",
        "Dacă amenință că o omoară, sunați la poliție.",
        "Era închisă acum zece ani.",
    ],
    "uk": [
        "Вона не в небезпеці.",
        "Якщо чоловік погрожує вбити, телефонуйте.",
        "Він погрожував убити її три роки тому.",
    ],
    "ru": [
        "Она не в опасности.",
        "Если муж угрожает убить, звоните в полицию.",
        "Она была заперта пять лет назад.",
        "Муж угрожал убить её в прошлом.",
    ],
    "ar": ["هي ليست في خطر.", "إذا زوجها يهددها بالقتل اتصلي بالشرطة.", "كانت محبوسة في البيت."],
    "fa": ["او در خطر نیست.", "اگر شوهرش او را تهدید به قتل می‌کند، زنگ بزنید."],
    "ckb": ["لە مەترسیدا نییە.", "ئەگەر هەڕەشەی کوشتن بکات پەیوەندی بکە."],
    "th": ["เธอเคยถูกขัง", "ถ้ามีคนขู่ฆ่า โทรแจ้งตำรวจ"],
}
SPOKEN = [(name, text) for name, texts in URGENT.items() for text in texts]
SILENT = [(name, text) for name, texts in CALM.items() for text in texts]
REPORT = "Hej Eva. Hon kom hit i maj och bor hos oss. " * 20


@pytest.mark.parametrize(("_language", "text"), SPOKEN)
def test_a_danger_at_hand_is_heard_wherever_it_stands(_language: str, text: str) -> None:
    assert says_urgent(first_words("Remiss", f"Hej!\n{text}\nEva"))
    assert says_urgent(first_words("Remiss", f"{REPORT}\n\n{text}\n\nMvh\nEva"))
    assert says_urgent(first_words("SV: Remiss", f"Tack.\n{text}\n\n> Hej, hur går det?"))


@pytest.mark.parametrize(("_language", "text"), SILENT)
def test_what_is_no_danger_at_hand_is_not(_language: str, text: str) -> None:
    assert not says_urgent(first_words("Remiss", f"Hej!\n{text}\nEva"))
    assert not says_urgent(first_words("Remiss", f"{REPORT}\n\n{text}\n\nMvh\nEva"))


@pytest.mark.parametrize(("_language", "text"), SPOKEN)
def test_an_old_danger_that_an_answer_quotes_is_old(_language: str, text: str) -> None:
    assert not says_urgent(first_words("SV: Remiss", f"Tack, vi hörs.\n\n> {text}"))


@pytest.mark.parametrize(
    "phrase",
    [
        *threat_phrases.THREATS, *threat_phrases.LOCKED_IN, *threat_phrases.NOT_LET_OUT,
        *threat_phrases.LATELY,
    ],
)  # fmt: skip
def test_each_phrase_is_found_by_its_rarest_word(phrase: str) -> None:
    words = [part.split("|")[-1].rstrip("*") for part in phrase.split() if part != ".."]
    said = plain(" ".join(words))

    assert compiled([phrase], plain).search(said)
    assert list(Index([phrase], plain).found(Words.of(f"x {said} x")))


@pytest.mark.parametrize(
    "unit", ["döda henne ", "hotar att ", "om han ", "will kill, ", "är i ", "is ", "در خطر ", "ขัง",
             "plats i kväll ", "inte "]
)  # fmt: skip
def test_a_long_text_takes_no_longer_than_its_length(unit: str) -> None:
    assert is_linear(
        lambda text: list(said_anywhere(text)), lambda size: unit * (size // len(unit)), 200_000
    )

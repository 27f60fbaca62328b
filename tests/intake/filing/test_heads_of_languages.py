"""Hold that an older mail without marks is folded in whatever language its head is written."""

import pytest

from intake.filing.quoted_history import own_words, passages
from intake.filing.urgency import first_words
from intake.sandbox.html.html_text import text_of_html
from intake.senders.emergencies.urgent_words import says_urgent

# The fields of a head: who, when, to whom and about what.
FIELDS = {
    "sv": "Från|Skickat|Till|Ämne", "sv 2": "Från|Datum|Till|Ämne",
    "en": "From|Sent|To|Subject", "fi": "Lähettäjä|Lähetetty|Vastaanottaja|Aihe",
    "fi 2": "Lähettäjä|Päivämäärä|Vastaanottaja|Aihe", "de": "Von|Gesendet|An|Betreff",
    "no": "Fra|Sendt|Til|Emne", "fr": "De |Envoyé |À |Objet ",
    "fr 2": "De |Envoyé le |À |Objet ", "es": "De|Enviado el|Para|Asunto",
    "pt": "De|Enviada em|Para|Assunto", "it": "Da|Inviato|A|Oggetto",
    "nl": "Van|Verzonden|Aan|Onderwerp", "pl": "Od|Wysłano|Do|Temat",
    "cs": "Od|Odesláno|Komu|Předmět", "ro": "De la|Trimis|Către|Subiect",
    "bg": "От|Изпратено|До|Относно", "sr": "Od|Poslato|Za|Tema",
    "hr": "Od|Poslano|Prima|Predmet", "sq": "Nga|Dërguar|Për|Tema",
    "hu": "Feladó|Elküldve|Címzett|Tárgy", "lt": "Nuo|Išsiųsta|Kam|Tema",
    "et": "Saatja|Saadetud|Adressaat|Teema", "el": "Από|Στάλθηκε|Προς|Θέμα",
    "tr": "Kimden|Gönderildi|Kime|Konu", "uk": "Від|Надіслано|Кому|Тема",
    "ru": "От кого|Дата|Кому|Тема", "ar": "من|تم الإرسال|إلى|الموضوع",
    "ar 2": "مِن|التاريخ|إلى|الموضوع", "fa": "از|فرستاده\u200cشده|به|موضوع",
    "fa 2": "از|ارسال شده|به|موضوع", "ckb": "لە|نێردراوە|بۆ|بابەت", "he": "מאת|נשלח|אל|נושא",
    "am": "ከ|ተልኳል|ለ|ርዕሰ ጉዳይ", "ti": "ካብ|ዕለት|ናብ|ኣርእስቲ", "bn": "থেকে|পাঠানো হয়েছে|প্রতি|বিষয়",
    "vi": "Từ|Đã gửi|Đến|Chủ đề", "vi 2": "Từ|Gửi|Tới|Chủ đề", "th": "จาก|ส่งเมื่อ|ถึง|เรื่อง",
    "zh": "发件人|发送时间|收件人|主题",
}  # fmt: skip
LINES = {
    "sv": "-----Ursprungligt meddelande-----", "en": "-----Original Message-----",
    "fi": "---------- Alkuperäinen viesti ----------", "de": "-----Ursprüngliche Nachricht-----",
    "fr": "-----Message d\u2019origine-----", "cs": "-----Původní zpráva-----", "ar": "_" * 32,
    "ar 2": "-----الرسالة الأصلية-----",
}  # fmt: skip


def head_of(name: str) -> str:
    """Return a head as a program writes it in this language."""
    labels = FIELDS[name].split("|")
    values = ("IOM <iom@iom.example>", "2 2026 09:15", "Eva", "Remiss")
    fields = [f"{label}: {value}" for label, value in zip(labels, values, strict=True)]
    return "\n".join([*([LINES[name]] if name in LINES else []), *fields])


ANSWER = "Tack, vi hörs."
OLD = "Gammalt ett.\nDet är akut, ring.\nGammalt tre.\nGammalt fyra."


@pytest.mark.parametrize("name", FIELDS)
def test_an_older_mail_is_folded_below_its_head(name: str) -> None:
    body = f"{ANSWER}\n\n{head_of(name)}\n\n{OLD}"

    folded = "\n".join(each.text for each in passages(body, "SV: Remiss") if each.is_folded)

    assert own_words(body, "SV: Remiss").split() == ANSWER.split()
    assert OLD in folded
    assert own_words(body, "VB: Remiss") == body


@pytest.mark.parametrize("name", FIELDS)
def test_a_head_is_known_in_a_page_too(name: str) -> None:
    head = head_of(name).replace("\n", "\nCc: Bo\n", 1) if name not in LINES else head_of(name)
    lines = "".join(f"<p>{line}</p>" for line in f"{head}\n{OLD}".split("\n"))

    body = text_of_html(f"<p>{ANSWER}</p><div>{lines}</div>")

    assert own_words(body, "SV: Remiss").split() == ANSWER.split()


def test_what_an_answer_folds_is_searched_where_its_sender_points_at_it() -> None:
    old = f"{head_of('sv')}\n\n{OLD}"

    assert not says_urgent(first_words("SV: Remiss", f"{ANSWER}\n\n{old}"))
    assert says_urgent(first_words("SV: Remiss", f"Se nedan.\n\n{old}"))
    assert says_urgent(first_words("SV: Remiss", old))
    assert says_urgent(first_words("VB: Remiss", f"{ANSWER}\n\n{old}"))


@pytest.mark.parametrize("subject", ["RES: Remiss", "Vá: Remiss", "ΑΠ: Remiss", "ตอบกลับ: Remiss"])
def test_an_answer_is_known_in_more_languages(subject: str) -> None:
    body = f"{ANSWER}\n\n{head_of('en')}\n\n{OLD}"

    assert own_words(body, subject).split() == ANSWER.split()


@pytest.mark.parametrize(
    "form",
    [
        "No: 12\nDate: 2 maj\nTo: IOM\nSubject: Remiss\nHon är i fara.",
        "Från: Malmö\nTill: Lagos\nDatum: 3 nov\nHon är i fara.",
        "Za: IOM\nTema: resa\nHon är i fara.",
    ],
)
def test_a_form_with_some_of_these_words_hides_nothing(form: str) -> None:
    assert own_words(f"Hej!\n{form}", "SV: Remiss") == f"Hej!\n{form}"

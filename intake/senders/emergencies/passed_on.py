"""Tell whether a mail passes on what somebody else wrote, and which words below it are theirs.

«FYI» above the words of a person in danger is a forward, whatever the subject says; «Thanks» above
an older mail is an answer. What stands in our own mails comes back with answers and is nobody's
news. It may import the sandbox's knowledge of texts.
"""

import re
from collections.abc import Iterator

from intake.sandbox.protocol.body_text import (
    HEADING,
    MARKED,
    NO_DIRECTIONS,
    OF_A_PROGRAM,
    SUBJECT_FIELD,
    begins_original,
    end_of_head,
    is_introduction,
)
from intake.senders.emergencies.footers import without_signature
from intake.senders.emergencies.urgent_now import IS_ASKED, thoughts

# What a program writes above a mail that it sends on.
FORWARDED_MAIL = re.compile(
    r"^[ \t>]{0,8}(?:-{2,}[ ]?)?(?:forwarded (?:message|mail)|begin forwarded message"
    r"|vidarebefordrat (?:meddelande|mejl|brev)|början på vidarebefordrat (?:brev|meddelande)"
    r"|videresendt (?:melding|meddelelse)|weitergeleitete nachricht|anfang der weitergeleiteten"
    r"|edelleenlähetetty viesti|välitetty viesti|message transféré|mensaje reenviado"
    r"|mesaj redirecționat|переслане повідомлення|пересланное сообщение|пересылаемое сообщение"
    r"|الرسالة المعاد توجيهها|رسالة معاد توجيهها|پیام فوروارد ?شده|ข้อความที่ส่งต่อ)",
    re.IGNORECASE | re.MULTILINE,
)
# How a person says so in a few words, in the languages that people here write.
PASSES_ON = re.compile(
    r"(?<!\w)(?:fyi|f\.y\.i|for your (?:information|attention)|fwd?|i forward"
    r"|forward(?:ing|ed)(?! (?:it |this |your \w+ )?to(?!\w))|passing (?:\w+ )?(?:\w+ )?on"
    r"|(?:she|he|they|client|mother) (?:just )?(?:wrote|writes|sent|texted)|(?:got|received) this"
    r"|this (?:just )?came|see (?:the )?(?:what|mail|e-?mail|message|her|his|their|attached mail)"
    r"|read (?:this|the|her|his|what)"
    r"|vidarebefordra\w*(?! (?:det |detta |ert \w+ |ditt \w+ )?till(?!\w))|vidaresänd\w*"
    r"|skickar vidare|sänder vidare|för (?:er |din )?kännedom|f\.?k\.?"
    r"|(?:hon|han|hen|de|klienten|kvinnan|modern|kollegan?) (?:just )?(?:skrev|skriver|skickade)"
    r"|(?:detta|det här) (?:kom|fick)|se (?:mejlet|mailet|meddelandet|vad|hennes|hans|deras)"
    r"|läs (?:detta|det|mejlet|mailet|hennes|hans|vad)"
    r"|videresend\w*|til (?:orientering|info)|se (?:mailen|meldingen|beskeden|hva|hvad)"
    r"|zur (?:info|information|kenntnis)|z\.? ?k\.?|weitergeleitet|leite \w+ weiter"
    r"|(?:sie|er) (?:hat )?(?:geschrieben|schrieb)|siehe (?:mail|nachricht)"
    r"|tiedoksi|välitän|edelleenlähet\w+|hän kirjoitti|katso (?:viesti|mitä|alla)"
    r"|pour (?:info|information)|je (?:vous )?trans(?:mets|fère)|(?:elle|il) (?:a écrit|écrit)"
    r"|para su (?:información|conocimiento)|re[ei]nv[ií]\w+|(?:ella|él) escribi\w+|vea (?:el|lo)"
    r"|spre (?:informare|știință)|(?:vă )?transmit|redirecțion\w+|(?:ea|el) a scris|mai jos"
    r"|пересила\w+|до відома|переслан\w+|(?:вона|він) (?:написа\w+|пише)|пересыла\w+|к сведению"
    r"|для (?:информации|інформації)|(?:она|он) (?:написа\w+|пишет)|перенаправля\w+"
    r"|للعلم|للاطلاع|للإطلاع|إعادة توجيه|أحيل|كتبت (?:لي|لنا)|(?:هي|هو) كتبت?|محول"
    r"|جهت اطلاع|برای اطلاع|فوروارد|ارسال مجدد|(?:او|ایشان) نوشت\w*|بۆ (?:زانیاری|ئاگاداری)"
    r"|خوارەوە|hoos (?:ka )?(?:akhri|fiiri|eeg)|ogeysiis|waxay (?:soo )?qortay|wuxuu (?:soo )?qoray"
    r"|ንሓበሬታ|ኣብ ታሕቲ|ለመረጃ|ከታች|آگے بھیج\w*|ذیل میں|نیچے)(?!\w)|เพื่อทราบ|สงตอ|ส่งต่อ|ด้านล่าง|ดานลาง",
    re.IGNORECASE,
)
# Who sends older mail on with an answer says that it is to be read.
POINTS_BELOW = re.compile(
    r"(?<!\w)(?:nedan|nedanstående|här under|below|nedenfor|nedenstående|unten|alla olev|ci-dessous"
    r"|abajo|нижче|ниже|أدناه|ادناه|زیر)(?!\w)",
    re.IGNORECASE,
)
# Who answers between the lines has read the questions there.
ANSWERS = re.compile(
    r"(?<!\w)(?:answer|repl(?:y|ies)|svar(?!\w*ta)|kommentar|antwort|vasta|répon|respuest|respond"
    r"|răspun"
    r"|відпов|ответ|отвеч)",
    re.IGNORECASE,
)
# A person's own letter says more, and only mentions that somebody wrote.
MAX_COVER_CHARS = 300
YES = re.compile(
    r"(?:ja|jo|jodå|japp|absolut|yes|yep|yeah|kyllä|joo|on|oui|sí|si|da|так|да|نعم|أجل|بله|آره"
    r"|بەڵێ"
    r"|haa|እወ|አዎ|جی ہاں|ใช่)(?: (?:det är det|it is|tyvärr|unfortunately|leider))?[.!, ]{0,5}",
    re.IGNORECASE,
)
MARKS = re.compile(r"[ \t>]*")


def cover_of(own: str) -> str:
    """Return what a person says above what they send on, without heads and their signature."""
    lines = (line for line in own.split("\n") if not _is_head_of_program(line))
    return without_signature("\n".join(lines), is_also_alone=True).strip()


def _is_head_of_program(line: str) -> bool:
    """Say whether a line tells whose words stand below, as a program writes it: with a date."""
    if HEADING.fullmatch(line):
        return True
    return is_introduction(line) and any(each.isdigit() or each == "@" for each in line)


def is_passed_on(own: str, whole: str) -> bool:
    """Tell whether a person's own words only pass on what stands below them in the `whole` mail."""
    if FORWARDED_MAIL.search(whole):
        return True
    cover = " ".join(own.split())
    is_short = len(cover) <= MAX_COVER_CHARS
    return is_short and bool(PASSES_ON.search(cover) or POINTS_BELOW.search(cover))


def says_only_yes(own: str) -> bool:
    """Tell whether a person answers no more than yes."""
    return YES.fullmatch(own.strip()) is not None


def questions(text: str) -> str:
    """Return those thoughts of a text that ask something."""
    return "\n\n".join(thought.strip() for thought, end in thoughts(text) if end in IS_ASKED)


def words_of_others(cover: str, shown: str, ours: re.Pattern[str]) -> Iterator[str]:
    """Yield the mails that stand in a text, without their marks and heads, and without those of us.

    A mail of ours is known by the sentences that `ours` finds, which each of them has. What is
    asked in a mail that the `cover` answers is no news.
    """
    is_answered = ANSWERS.search(cover) is not None
    for mail in _mails(shown.split("\n")):
        if mail.strip() and ours.search(mail) is None:
            yield _without_questions(mail) if is_answered else mail


def _without_questions(text: str) -> str:
    return ". ".join(thought for thought, end in thoughts(text) if end not in IS_ASKED)


def _mails(lines: list[str]) -> Iterator[str]:
    """Yield the text of each mail in some lines: by its head, or by how often it is quoted."""
    bare = [MARKS.sub("", NO_DIRECTIONS.sub("", line), count=1) for line in lines]
    depths = [_depth(line) for line in lines]
    mail: list[str] = []
    below_head = 0
    last_depth = 0
    for at, line in enumerate(bare):
        is_head = at >= below_head and _is_head(bare, at)
        is_new = bool(line) and depths[at] != last_depth
        if is_head or is_new or HEADING.fullmatch(line):
            yield "\n".join(mail)
            mail = []
        if is_head:
            below_head = end_of_head(bare, at) if begins_original(bare, at) else at + 1
        if line:
            last_depth = depths[at]
        # The subject in a head may say what nothing else does.
        if at >= below_head or SUBJECT_FIELD.match(line):
            mail.append(line)
    yield "\n".join(mail)


def _is_head(lines: list[str], at: int) -> bool:
    is_line = is_introduction(lines[at]) and OF_A_PROGRAM.search(lines[at]) is not None
    return is_line or begins_original(lines, at)


def _depth(line: str) -> int:
    """Return how often a line is quoted."""
    marks = MARKS.match(line) if MARKED.match(line) else None
    return marks[0].count(">") if marks else 0

"""Know how the text of a message says where its pieces come from.

A message body may be several texts: two forms of one letter, mails in the mail, a letter inside a
wrapping. A line of ours stands above each but the first. A sender can write the same line, and so
can only claim to have sent more than one text.

Older mails that a program quoted stand below a head of that program: one line ("On Monday Eva
wrote:"), or a block of fields ("From: … Sent: …"), in the language of whoever quoted.
"""

import re
from collections.abc import Iterable, Sequence

ONLY_IN_PLAIN = "[Only in the plain text of this mail:]"
ONLY_IN_FORMATTED = "[Only in the formatted text of this mail:]"
HIDDEN_IN_PAGE = "[Words that the page hides:]"
FORWARDED = "[Forwarded mail{}:]"
WITHIN_PART = "[Text inside {}:]"
OLD_READING = "the letter as it was read before"
RTF_NOT_READ = "[This mail has a text in a form (RTF) that could not be read. Ask for it as a PDF.]"
HEADING = re.compile(
    r"^\[(?:Only in the (?:plain|formatted) text of this mail|Words that the page hides"
    r"|Forwarded mail[^\n]*"
    r"|Text inside [^\n]*):\]$",
    re.MULTILINE,
)
# What `html.coloured` writes before answers that stand in an older mail without marks.
IN_COLOUR = "[in colour:]"
# What `html.links` writes behind the words of a link, and `html.pictures` where one says no words.
LINK_NOTE = re.compile(
    r"\[(?:(?:link to|link of the kind|e-mail to|telephone) [^\[\]\n]*|picture not shown"
    r"|in colour:)\]"
)

# A letter that a person signed by OpenPGP, with its signature.
BEGIN_SIGNED = "-----BEGIN PGP SIGNED MESSAGE-----"
BEGIN_SIGNATURE, END_SIGNATURE = "-----BEGIN PGP SIGNATURE-----", "-----END PGP SIGNATURE-----"
DASH_ESCAPED = re.compile(r"^- ", re.MULTILINE)
# A line of quoted text. Programs put at most a few blanks before the mark.
MARKED = re.compile(r"[ \t]{0,3}>")
# Marks of the direction, which Arabic and Hebrew programs write around labels and colons.
DIRECTIONS = "\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
NO_DIRECTIONS = re.compile(f"[{DIRECTIONS}]")


def _label(names: str) -> re.Pattern[str]:
    """Return what matches the label of a field in a head, perhaps in bold (`*From:* `)."""
    return re.compile(
        rf"[ \t>]{{0,20}}[*_]{{0,2}}(?:{names})[ \t]?[:\uff1a][*_]{{0,2}}(?:[ \t]|$)", re.IGNORECASE
    )


# The fields of a head in the languages of the programs that people here write with.
FROM_FIELD = _label(
    "from|från|von|fra|de|da|van|od|nga|lähettäjä|de la|kimden|від|от|от кого|від кого|من|مِن|از|لە"
    "|từ|người gửi|จาก|ከ|ካብ|থেকে|发件人|寄件者|מאת|από|feladó|nuo|saatja|kellelt|expéditeur"
    "|mittente|remitente"
)
SENT_FIELD = _label(
    "sent|date|skickat|datum|gesendet|sendt|dato|envoyé(?: le)?|enviado(?: el| em)?"
    "|enviada(?: em)?|fecha|data|inviato|verzonden|lähetetty|päivämäärä|päiväys|wysłane|wysłano"
    "|trimis|gönderildi|tarih|odesláno|poslano"
    "|poslato|dërguar|elküldve|išsiųsta|nosūtīts|saadetud|saatmisaeg|στάλθηκε|ημερομηνία|נשלח|תאריך"
    "|надіслано|відправлено|отправлено|дата|изпратено"
    "|تاريخ الإرسال|تم الإرسال|التاريخ|أرسلت|فرستاده[ \u200c]?شده|ارسال[ \u200c]?شده"
    "|تاریخ|نێردراوە|نێردرا|بەروار|đã gửi|gửi|ngày|ngày gửi|ส่ง|ส่งเมื่อ|วันที่|পাঠানো হয়েছে|তারিখ"
    "|ተልኳል|የተላከው|ቀን|ዝተላእከሉ|ዕለት|发送时间|发送日期|日期"
)
TO_FIELD = _label(
    "to|cc|till|kopia|an|kopie|til|kopi|à|a|para|aan|vastaanottaja|kopio|do|dw|către|kime|bilgi|për"
    "|za|prima|címzett|kam|adressaat|saaja|προς|κοιν|אל|עותק|кому|до|копія|копия|إلى|نسخة|به|رونوشت"
    "|بۆ|đến|tới|ถึง|สำเนา|প্রতি|ለ|ናብ|收件人|抄送|reply-to|importance|prioritet"
    "|sent by|gesendet von|skickat av|lähettänyt"
)
SUBJECT_FIELD = _label(
    "subject|ämne|betreff|emne|objet|asunto|assunto|oggetto|onderwerp|aihe|temat|subiect|konu"
    "|předmět|predmet|tárgy|tema|tēma|teema|θέμα|נושא|тема|относно|الموضوع|موضوع|بابەت|chủ đề"
    "|tiêu đề|เรื่อง|বিষয়|ርዕስ|ርዕሰ ጉዳይ|ኣርእስቲ|主题|主旨"
)
# Notes calls it so in Swedish, and an older one in German. A form that a person filled in does too.
SUBJECT_OF_NOTES = _label("ärende|thema")
OF_NOTES = re.compile(r"\w/\w|[^\s<>@]@[^\s<>@]")
SENT_WITHIN_LINES = 3
# Notes names those who got it before the date, and breaks their names over lines.
SENT_BELOW_TO_LINES = 6
# What Outlook and others put over the mail that they quote whole.
ORIGINAL = re.compile(
    r"[ \t>]{0,20}(?:-{2,}[ ]?(?:original message|ursprungligt meddelande|ursprüngliche nachricht"
    r"|opprinnelig melding|oprindelig meddelelse|alkuperäinen viesti|message d['\u2019]origine"
    r"|message original|mensaje original|oorspronkelijk bericht|messaggio originale"
    r"|wiadomość oryginalna|mesaj original|orijinal mesaj|оригінальне повідомлення"
    r"|початкове повідомлення|исходное сообщение|původní zpráva|izvorna poruka|оригинална порука"
    r"|оригинално съобщение|eredeti üzenet|pradinis laiškas|sākotnējais ziņojums"
    r"|algsõnum|mesazhi origjinal|mensagem original"
    r"|thư gốc|ข้อความต้นฉบับ|ההודעה המקורית|הודעה מקורית|αρχικό μήνυμα|原始邮件|原始郵件"
    r"|الرسالة الأصلية|پیام اصلی|پەیامی ڕەسەن)[ ]?-{2,}"
    r"|_{20,200})[ \t]*",
    re.IGNORECASE,
)
# "wrote", as the line above a quotation says it.
WROTE = (
    r"(?:(?<!\w)(?:wrote|writes|skrev|skriver|schrieb|a écrit|escribió|escreveu|ha scritto|schreef"
    r"|kirjoitti|napisał|napisała|napisał\(a\)|napsal|napsala|napsal\(a\)|a scris|yazdı|shkroi|írta"
    r"|пише|писав|писала|написав|написала|написав\(-ла\)|пишет|писал|писала|написал|написала|написа"
    r"|كتب|كتبت|كتابة|نوشت|viết)(?!\w)|写道|寫道|เขียน|লিখেছেন|ጽፏል|ጻፈ)"
)
SAYS_WROTE = re.compile(WROTE, re.IGNORECASE)
OF_A_PROGRAM = re.compile(rf"{WROTE}|[^\s<>@]@[^\s<>@]", re.IGNORECASE)
# The end of an introduction that was broken over lines: the address, the verb, or both. What stands
# before the @ has none: a line of many would else be gone through once for each of them.
END_OF_INTRODUCTION = re.compile(
    rf"(?:<[^<>\s]+>|[^\s<>@]+@[^\s<>]+)?[ ]?(?:{WROTE}(?:\([^()]{{1,5}}\))?)?[ ]?[:\uff1a]",
    re.IGNORECASE,
)
DATE = r"\d{1,4}[./-]\d{1,2}[./-]\d{2,4}"
TIME = r"\d{1,2}[:.]\d{2}(?:[:.]\d{2})?(?: ?[ap]m)?"
# One line that says whose older mail stands below it, of GroupWise (`>>> Eva <e@a.example>
# 2026-11-02 10:12 >>>`) and of Notes (`-----Eva wrote: -----`, `Eva ---2026-11-02 10:12---Hej`).
GROUPWISE = re.compile(
    rf">>> [^\n]{{1,200}}? (?:{DATE}[ ,]{{1,2}})?{TIME}(?: uhr)? >>>[ \t]*", re.IGNORECASE
)
GROUPWISE_START = re.compile(r">>> [^\n\d]{0,200}\d")
DASHED = re.compile(r"-{4,6}[ ]?([^-\n][^\n]{0,300}[:\uff1a])[ ]?-{4,6}")
NOTES_PREVIEW = re.compile(
    rf"[^\n]{{1,200}}? ?---{DATE},? {TIME}[^-\n]{{0,12}}---[^\n]*", re.IGNORECASE
)
# The oldest Notes writes a name, a date and further in to whom.
NOTES_MOMENT = re.compile(rf"[ \t]*{DATE},? {TIME}(?: [a-z]{{2,5}})?[ \t]*", re.IGNORECASE)
FURTHER_IN = re.compile(r"[ \t\xa0]{2}")
# Yahoo quotes without marks, below a line that begins further in: a person types none like it.
BY_YAHOO = re.compile(
    rf"[ \t\xa0]{{3}}[^\n]{{0,250}}\d[:.]\d{{2}}[:.]\d{{2}}[^\n]{{0,250}}<[^\s<>@]{{1,100}}@"
    rf"[^\s<>]{{1,200}}>[ ]?{WROTE}[ ]?[:\uff1a][ \t\xa0]*",
    re.IGNORECASE,
)
# What every line has in which such a head begins: a sign of a field, a date, an address or a rule,
# or that it stands further in. Most lines of a letter have none, and are asked nothing more.
MAY_BEGIN = re.compile(r"[:\uff1a@/_>\d-]|^[ \t\xa0]{2}")
MAX_INTRODUCTION_CHARS = 300
MAX_INTRODUCTION_LINES = 3
MAX_HEAD_LINES = 12
END_OF_SENTENCE = re.compile(r"[.!?\n]")
MAX_REST_CHARS = 200


def is_introduction(text: str) -> bool:
    """Say whether a text is a line of the kind "On 3 Nov. 2026 Eva wrote:".

    In its many languages it is what ends with a colon and has a date, or the verb, in it.
    """
    bare = NO_DIRECTIONS.sub("", text).strip(" \t*>")
    dashed = DASHED.fullmatch(bare)
    bare = dashed[1] if dashed is not None else bare
    if len(bare) > MAX_INTRODUCTION_CHARS or not bare.endswith((":", "\uff1a")):
        return False
    return any(letter.isdigit() for letter in bare) or SAYS_WROTE.search(bare) is not None


def start_of_introduction(lines: Sequence[str], start: int) -> int:
    """Return where the head stands that says who wrote what is quoted from `start` on.

    It is `start` itself where there is none. A program may have broken the head over lines.
    """
    first = _line_before(lines, start)
    if first < 0:
        return start
    text = NO_DIRECTIONS.sub("", lines[first]).strip()
    if len(text.strip(" \t*>")) > MAX_INTRODUCTION_CHARS:
        return start
    is_whole = END_OF_INTRODUCTION.fullmatch(text.lstrip("> ")) is None
    for _ in range(MAX_INTRODUCTION_LINES - 1):
        if is_whole or any(letter.isdigit() for letter in text.partition("<")[0]):
            break
        if not first or not lines[first - 1].strip():
            break
        first -= 1
        text = f"{lines[first].strip()} {text}"
    if not is_introduction(text):
        return start
    for at in range(first - 1, max(first - MAX_INTRODUCTION_LINES, -1), -1):
        if GROUPWISE_START.match(lines[at]):
            return at
    above = _line_before(lines, first)
    return above if above >= 0 and ORIGINAL.fullmatch(lines[above]) else first


def begins_original(lines: Sequence[str], at: int) -> bool:
    """Say whether the head of an older mail begins at a line, below which it is not marked.

    Outlook, GroupWise, Notes and Yahoo write such heads.
    """
    if MAY_BEGIN.search(lines[at]) is None:
        return False
    line = NO_DIRECTIONS.sub("", lines[at])
    if ORIGINAL.fullmatch(line):
        following = next((each for each in lines[at + 1 : at + 4] if each.strip()), "")
        following = NO_DIRECTIONS.sub("", following)
        return FROM_FIELD.match(following) is not None or is_introduction(following)
    if FROM_FIELD.match(line) is None:
        return (
            _is_whole_head(line) or _begins_as_yahoo(lines, at) or _begins_as_old_notes(lines, at)
        )
    below = _words_below(lines, at, MAX_HEAD_LINES)
    # A form that a person filled in has a "From" and a "Date" too, but no subject.
    has_subject = any(map(SUBJECT_FIELD.match, below)) or (
        OF_NOTES.search(line) is not None and any(map(SUBJECT_OF_NOTES.match, below))
    )
    is_to_first = bool(below) and TO_FIELD.match(below[0]) is not None
    sent_within = SENT_BELOW_TO_LINES if is_to_first else SENT_WITHIN_LINES
    return has_subject and any(map(SENT_FIELD.match, below[:sent_within]))


def is_groupwise(line: str) -> bool:
    """Say whether a line is a head of GroupWise: it looks like one that is quoted three times."""
    return GROUPWISE.fullmatch(line) is not None


def end_of_head(lines: Sequence[str], start: int) -> int:
    """Return the number of the first line with words below the head of an older mail."""
    for at in range(start + 1, min(start + MAX_HEAD_LINES, len(lines))):
        line = NO_DIRECTIONS.sub("", lines[at])
        if line.strip() and not _is_subject(line) and not _is_of_head(line):
            return at
    return min(start + MAX_HEAD_LINES, len(lines))


def heads_of_quotations(lines: Sequence[str]) -> set[int]:
    """Return the numbers of the lines that only say whose older mail is quoted below them.

    The subject is none of them: it may say what nothing else does.
    """
    found: set[int] = set()
    last = len(lines)
    while last and not lines[last - 1].strip():
        last -= 1
    for at, line in enumerate([*lines[:last], ">"]):
        if MARKED.match(line) and (not at or not MARKED.match(lines[at - 1])):
            head = range(start_of_introduction(lines, at), at)
            # A date alone is no sign here: "Three papers of 3 Nov.:" are a person's words.
            if OF_A_PROGRAM.search(" ".join(lines[each] for each in head)):
                found.update(head)
        if at < last and begins_original(lines, at):
            found.update(_fields_below(lines, at))
    return found


def _line_before(lines: Sequence[str], start: int) -> int:
    """Return the last line with words above a line, at most two empty ones away, or -1."""
    for before in range(start - 1, max(start - 4, -1), -1):
        if lines[before].strip():
            return before
    return -1


def _fields_below(lines: Sequence[str], start: int) -> Iterable[int]:
    """Yield the lines of a head of fields, without its subject and what is no field."""
    for at in range(start, min(start + MAX_HEAD_LINES, len(lines))):
        line = NO_DIRECTIONS.sub("", lines[at])
        if _is_of_head(line):
            yield at
        elif line.strip() and not _is_subject(line):
            return


def _is_subject(line: str) -> bool:
    return any(field.match(line) for field in (SUBJECT_FIELD, SUBJECT_OF_NOTES))


def _is_of_head(line: str) -> bool:
    """Say whether a line is of a head of fields, but not its subject."""
    fields = (FROM_FIELD, SENT_FIELD, TO_FIELD, ORIGINAL)
    if any(field.match(line) for field in fields) or is_introduction(line):
        return True
    return _is_whole_head(line) or NOTES_MOMENT.fullmatch(line) is not None


def _is_whole_head(line: str) -> bool:
    """Say whether a line alone is the head of an older mail that has no marks below it."""
    if GROUPWISE.fullmatch(line) or ("---" in line and NOTES_PREVIEW.fullmatch(line)):
        return True
    dashed = DASHED.fullmatch(line.strip())
    return dashed is not None and SAYS_WROTE.search(dashed[1]) is not None


def _begins_as_yahoo(lines: Sequence[str], at: int) -> bool:
    """Say whether such a head stands here, perhaps broken over two lines."""
    if not FURTHER_IN.match(lines[at]) or not lines[at].strip():
        return False
    line = NO_DIRECTIONS.sub("", lines[at])
    broken = f"{line.rstrip()} {lines[at + 1].strip()}" if at + 1 < len(lines) else line
    return any(BY_YAHOO.fullmatch(each) for each in (line, broken))


def _begins_as_old_notes(lines: Sequence[str], at: int) -> bool:
    """Say whether a date stands here, or a name above one, and further in to whom it was sent."""
    if OF_NOTES.search(lines[at]) and at + 1 < len(lines):
        at += 1
    if not NOTES_MOMENT.fullmatch(lines[at]):
        return False
    below = [each for each in lines[at + 1 : at + 7] if each.strip()]
    is_to = [FURTHER_IN.match(each) and TO_FIELD.match(each) for each in below[:2]]
    return any(is_to) and any(map(_is_subject, below))


def _words_below(lines: Sequence[str], at: int, count: int) -> list[str]:
    """Return the lines with words among so many below a line."""
    return [NO_DIRECTIONS.sub("", each) for each in lines[at + 1 : at + count] if each.strip()]


def beginnings(body_text: str, max_chars: int) -> str:
    """Return how each text of a body begins, some `max_chars` of each, notes of ours left out.

    A stub, a banner of a gateway or a form that says less must not push what a person wrote out
    of what is looked at first. A sentence is not cut in two, unless it is a very long one: its end
    may take back how it begins.
    """
    texts = HEADING.split(LINK_NOTE.sub("", body_text))
    return "\n".join(_beginning(text.strip(), max_chars) for text in texts)


def _beginning(text: str, max_chars: int) -> str:
    end = END_OF_SENTENCE.search(text, max_chars, max_chars + MAX_REST_CHARS)
    return text[: end.start() if end is not None else max_chars]


def without_hidden(body_text: str) -> str:
    """Return a body without what its pages hide from those who read them."""
    if HIDDEN_IN_PAGE not in body_text:
        return body_text
    kept: list[str] = []
    is_hidden = False
    for line in body_text.split("\n"):
        if HEADING.fullmatch(line):
            is_hidden = line == HIDDEN_IN_PAGE
        if not is_hidden:
            kept.append(line)
    return "\n".join(kept)


def with_inner(body_text: str, inner: Iterable[tuple[str, str]], max_chars: int) -> str:
    """Return a body with the texts found inside its parts, each a name and a text.

    The first becomes the letter where the message itself has none. What stands there already is
    not repeated.
    """
    whole = body_text
    for name, text in inner:
        whole = _without_armour(whole, text)
        if not text.strip() or text.strip() in whole:
            continue
        is_only = not whole.strip()
        whole = text if is_only else f"{whole.rstrip()}\n\n{WITHIN_PART.format(name)}\n{text}"
    return whole[:max_chars]


def _without_armour(whole: str, text: str) -> str:
    """Return a body in which a clear-signed letter stands as the text that was signed.

    The text is what came out of it, so that nobody reads it twice (RFC 9580 §7).
    """
    start = whole.find(BEGIN_SIGNED)
    end = whole.find(END_SIGNATURE, start)
    if start < 0 or end < 0:
        return whole
    armoured = whole[start:end].partition("\n\n")[2].partition(f"\n{BEGIN_SIGNATURE}")[0]
    if DASH_ESCAPED.sub("", armoured).split() != text.split():
        return whole
    return f"{whole[:start]}{text.strip()}{whole[end + len(END_SIGNATURE) :]}"


def with_other_letter(whole: str, before: str, after: str, max_chars: int) -> str:
    """Return a body whose own letter was read anew, with the texts that stood below it.

    `before` is the letter as it was read. Where the body does not begin with it, an earlier release
    put it together otherwise; then all of it stays below.

    >>> with_other_letter("Wko\\n\\n[Text inside a.eml:]\\nHej", "Wko", "Åko", 100)
    'Åko\\n\\n[Text inside a.eml:]\\nHej'
    """
    begin = before.rstrip()
    if not whole.startswith(begin):
        return with_inner(after, [(OLD_READING, whole)], max_chars)
    return (after.rstrip() + whole[len(begin) :])[:max_chars]

"""Write times and sizes as people read them, in the languages of the pages.

Times stand in the office's zone, or as how long it is until then; where it matters a page shows
both: «in 3 h 20 min · Wed 25 Nov 16:00». All times that come in are aware. `language` is a code
of `WORDS`; digits are Western in each.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

OFFICE = ZoneInfo("Europe/Helsinki")
SOON = timedelta(hours=2)


@dataclass(frozen=True)
class TimeWords:
    """How a language writes times and sizes; `point` is its decimal sign.

    Names of our own, because those of strftime follow the machine's locale.
    """

    days: tuple[str, ...]
    months: tuple[str, ...]
    day: str
    hour: str
    minute: str
    moment: str
    ahead: str
    late: str
    bytes: str
    point: str


WORDS = {
    "en": TimeWords(
        ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"),
        ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
        "d", "h", "min", "under a minute", "in {}", "{} late", "bytes", ".",
    ),
    "sv": TimeWords(
        ("mån", "tis", "ons", "tors", "fre", "lör", "sön"),
        ("jan", "feb", "mars", "april", "maj", "juni", "juli", "aug", "sep", "okt", "nov", "dec"),
        "d", "tim", "min", "under en minut", "om {}", "{} försenat", "byte", ",",
    ),
    "ar": TimeWords(
        ("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"),
        ("يناير", "فبراير", "مارس", "أبريل", "مايو", "يونيو", "يوليو", "أغسطس", "سبتمبر",
         "أكتوبر", "نوفمبر", "ديسمبر"),
        "يوم", "ساعة", "دقيقة", "أقل من دقيقة", "بعد {}", "متأخر {}", "بايت", ".",
    ),
    "fa": TimeWords(
        ("دوشنبه", "سه‌شنبه", "چهارشنبه", "پنجشنبه", "جمعه", "شنبه", "یکشنبه"),
        ("ژانویه", "فوریه", "مارس", "آوریل", "مه", "ژوئن", "ژوئیه", "اوت", "سپتامبر", "اکتبر",
         "نوامبر", "دسامبر"),
        "روز", "ساعت", "دقیقه", "کمتر از یک دقیقه", "تا {} دیگر", "{} دیرتر", "بایت", ".",
    ),
    "ckb": TimeWords(
        ("دووشەممە", "سێشەممە", "چوارشەممە", "پێنجشەممە", "هەینی", "شەممە", "یەکشەممە"),
        ("کانوونی دووەم", "شوبات", "ئازار", "نیسان", "ئایار", "حوزەیران", "تەمموز", "ئاب",
         "ئەیلوول", "تشرینی یەکەم", "تشرینی دووەم", "کانوونی یەکەم"),
        "ڕۆژ", "کاتژمێر", "خولەک", "کەمتر لە خولەکێک", "لە ماوەی {}", "{} درەنگ", "بایت", ".",
    ),
    "so": TimeWords(
        ("Isn", "Tal", "Arb", "Kha", "Jim", "Sab", "Axd"),
        ("Jan", "Feb", "Mar", "Abr", "May", "Jun", "Lul", "Ogs", "Seb", "Okt", "Nof", "Dis"),
        "maalmood", "saac", "daqiiqo", "wax ka yar daqiiqad", "{} gudaheed", "{} dib u dhac",
        "baayt", ".",
    ),
}  # fmt: skip


def moment(at: datetime, language: str = "en", zone: ZoneInfo = OFFICE) -> str:
    """Return a time in the office's zone, or in another: `Wed 25 Nov 16:00`."""
    local = at.astimezone(zone)
    return f"{WORDS[language].days[local.weekday()]} {brief(at, language, zone)}"


def brief(at: datetime, language: str = "en", zone: ZoneInfo = OFFICE) -> str:
    """Return a time without its weekday, for lists: `25 Nov 16:00`."""
    local = at.astimezone(zone)
    return f"{local.day} {WORDS[language].months[local.month - 1]} {local:%H:%M}"


def time_of(at: datetime, now: datetime, language: str = "en") -> str:
    """Return the time of a day, with the day unless it is today's: `16:00`, `25 Nov 16:00`."""
    local = at.astimezone(OFFICE)
    is_today = local.date() == now.astimezone(OFFICE).date()
    return f"{local:%H:%M}" if is_today else brief(at, language)


def full_moment(at: datetime, language: str = "en") -> str:
    """Return a time with its year: `25 Nov 2026 16:00`."""
    return f"{full_day(at, language)} {at.astimezone(OFFICE):%H:%M}"


def full_day(at: datetime, language: str = "en") -> str:
    """Return a day of the office with its year: `25 Nov 2026`."""
    local = at.astimezone(OFFICE)
    return f"{local.day} {WORDS[language].months[local.month - 1]} {local.year}"


def exact(at: datetime) -> str:
    """Return the time of a day to the second: `16:00:30`."""
    return f"{at.astimezone(OFFICE):%H:%M:%S}"


def span(length: timedelta, language: str = "en") -> str:
    """Return a length in its two largest units: `3 h 20 min`, `2 d 4 h`, `under a minute`."""
    words = WORDS[language]
    minutes = int(abs(length).total_seconds()) // 60
    days, hours = minutes // 1440, minutes % 1440 // 60
    if days:
        return f"{days} {words.day} {hours} {words.hour}" if hours else f"{days} {words.day}"
    if hours:
        rest = f" {minutes % 60:02} {words.minute}" if minutes % 60 else ""
        return f"{hours} {words.hour}{rest}"
    return f"{minutes} {words.minute}" if minutes else words.moment


def until(due_at: datetime, now: datetime, language: str = "en") -> str:
    """Return how far a due time is: `in 3 h 20 min`, or `20 min late`."""
    left, words = due_at - now, WORDS[language]
    return (words.ahead if left > timedelta(0) else words.late).format(span(left, language))


def urgency(due_at: datetime, now: datetime) -> str:
    """Return `late`, `soon` or `calm`, which chooses the shape and colour of a due time."""
    left = due_at - now
    if left <= timedelta(0):
        return "late"
    return "soon" if left <= SOON else "calm"


def size(size_bytes: int, language: str = "en") -> str:
    """Return a size as people say it: `242 kB`, `1.4 MB`."""
    words = WORDS[language]
    if size_bytes < 1000:
        return f"{size_bytes} {words.bytes}"
    if size_bytes < 1_000_000:
        return f"{size_bytes / 1000:.0f} kB"
    return f"{size_bytes / 1_000_000:.1f} MB".replace(".", words.point)


def quarter(code: str) -> str:
    """Return a quarter as people say it, from its code in addresses.

    >>> quarter("2026-Q4")
    '2026, quarter 4'
    """
    return code.replace("-Q", ", quarter ")

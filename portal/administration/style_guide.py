"""Show every part of every page in all its states, from left to right and from right to left.

The style guide is drawn with the macros, the style sheet and the marks of the pages, so that every
change of a part is seen here. It holds no data of a person, and none of its buttons does anything.
Its texts are samples: from right to left they are Arabic, as only such a language reads that way.
"""

from dataclasses import dataclass
from datetime import timedelta

from flask import Blueprint, render_template, request

from intake.coordinators.status import Status
from portal.account.people_words import STATES
from portal.text import labels, referrals
from portal.text.labels import Mark
from portal.web import session
from portal.web.policy import Permission, requires

style_guide = Blueprint("style_guide", __name__)


@dataclass(frozen=True)
class Sample:
    """The words of a sample form, and the language that they are in."""

    language: str
    lead: str
    label: str
    help: str
    error: str
    button: str
    other_button: str
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Sentence:
    """One sentence in one language: its code, its direction, its own name for itself."""

    language: str
    direction: str
    name: str
    text: str


SAMPLES = {
    "ltr": Sample(
        "en",
        "What you send here is kept safe and confirmed in writing.",
        "How may we reach you?",
        "Only in a way that is safe for you.",
        "Please choose one of the ways.",
        "Send",
        "Save and come back later",
        ("By telephone", "In writing", "Not yet known"),
    ),
    "rtl": Sample(
        "ar",
        "ما ترسله هنا يُحفظ بأمان ويُؤكَّد كتابيًا.",
        "كيف يمكننا الوصول إليك؟",
        "فقط بطريقة آمنة لك.",
        "الرجاء اختيار إحدى الطرق.",
        "إرسال",
        "حفظ والعودة لاحقًا",
        ("بالهاتف", "كتابيًا", "غير معروف بعد"),
    ),
}
SENTENCES = (
    Sentence("en", "ltr", "English", "Your documents have arrived safely."),
    Sentence("sv", "ltr", "Svenska", "Dina handlingar har kommit fram i säkerhet."),
    Sentence("ar", "rtl", "العربية", "وصلت وثائقك بأمان."),
    Sentence("ckb", "rtl", "کوردیی ناوەندی", "بەڵگەنامەکانت بە سەلامەتی گەیشتن."),
    Sentence("fa", "rtl", "دری", "اسناد شما به سلامت رسید."),
    Sentence("so", "ltr", "Soomaali", "Dukumentiyadaadu si ammaan ah ayay u yimaadeen."),
    Sentence("ti", "ltr", "ትግርኛ", "ሰነዳትካ ብሰላም በጺሑ።"),
)
CLOCKS = {
    "calm": timedelta(hours=30),
    "near": timedelta(minutes=48),
    "late": -timedelta(hours=1, minutes=5),
}


@style_guide.get("/admin/styleguide")
@requires(Permission.STYLE_GUIDE)
def show() -> str:
    """Show every part, from left to right, or from right to left with `?dir=rtl`."""
    direction = "rtl" if request.args.get("dir") == "rtl" else "ltr"
    now = session.services().now()
    return render_template(
        "administration/style_guide.html",
        direction=direction,
        sample=SAMPLES[direction],
        sentences=SENTENCES,
        marks=_marks(),
        due={name: now + left for name, left in CLOCKS.items()},
    )


def _marks() -> dict[str, list[Mark]]:
    """Return {what has the state: its marks}, with every mark that a page can show."""
    return {
        "Documents": [*labels.DOCUMENT_MARKS.values(), labels.TEXT_ONLY],
        "Priorities": list(labels.PRIORITY_MARKS.values()),
        "Senders": list(labels.VERDICT_MARKS.values()),
        "Health": list(labels.HEALTH_MARKS.values()),
        "Mail": list(labels.RECEIPT_MARKS.values()),
        "Referrals": [referrals.status(status) for status in Status],
        "Accounts and entries": list(STATES.values()),
    }

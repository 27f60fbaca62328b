"""Say pages in the reader's language: Swedish or English for those outside the office.

Whose language it is decides in this order: the account's own, the browser's choice on one of our
pages, what the browser asks for (RFC 9110 §12.5.4), and English. The pages of the office's own work
are English; only partners' pages, sign-in and what strangers see are in both. The pages of a
single-use link are also in the further languages of the prepared answers, for those who read only
one of these. The pages of applicants set no cookie and have their language in their address.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import cached_property, lru_cache, wraps
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec
from urllib.parse import quote, urlencode

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import Translations
from flask import Flask, current_app, has_request_context, redirect, request
from flask_babel import Babel, Domain, get_locale, gettext

from intake.accounts import own_account
from portal.web import session
from storage.worded import Figure, Worded

if TYPE_CHECKING:
    from babel.support import NullTranslations
    from werkzeug.wrappers import Response

ENGLISH = "en"
# The languages of pages, by their own names.
LANGUAGES = {"sv": "Svenska", ENGLISH: "English"}
LINK_LANGUAGES = LANGUAGES | {
    "ar": "العربية",
    "fa": "فارسی",
    "ckb": "کوردی",
    "so": "Soomaali",
}
# Nobody who grew up with these has read our words in them yet; the pages say so.
UNREVIEWED = frozenset(LINK_LANGUAGES) - frozenset(LANGUAGES)
RIGHT_TO_LEFT = frozenset({"ar", "fa", "ckb"})
LINK_PAGES = "/send/"
# The pages of applicants keep nothing in the browser: their language stands in their address.
APPLICANTS_PAGES = frozenset({"/helpline", "/about"})
OF_ADDRESS = "lang"
CATALOGUES = Path(__file__).parent / "catalogues"
# It says nothing of who uses the browser.
CHOSEN = session.Cookie("avrr-language", timedelta(days=365))
ARGUMENT = "page-language"

Given = ParamSpec("Given")


class Catalogues(Domain):  # type: ignore[misc]  # flask-babel has no types
    """The catalogues of the portal, read from their text files, so that no compiled copy is old."""

    def get_translations(self) -> "NullTranslations":
        """Return the catalogue of the request's language."""
        locale = get_locale()
        folder = current_app.config["CATALOGUES"] if current_app else CATALOGUES
        return catalogue(folder, str(locale) if locale is not None else ENGLISH)


class Languages(Babel):  # type: ignore[misc]  # flask-babel has no types
    """Flask-Babel with the catalogues of the portal."""

    @cached_property
    def domain_instance(self) -> Domain:
        """Return where the sentences are looked up."""
        return Catalogues()


@lru_cache(maxsize=8)
def catalogue(folder: Path, language: str) -> "NullTranslations":
    """Return the catalogue of a language; of English an empty one, since English is the key."""
    path = folder / language / "LC_MESSAGES" / "messages.po"
    if not path.is_file():
        return Translations()
    with path.open("rb") as text:
        read = read_po(text, locale=language)
    compiled = BytesIO()
    write_mo(compiled, read)
    compiled.seek(0)
    return Translations(fp=compiled)


def register(app: Flask) -> None:
    """Let templates and views say things in the language of the request."""
    app.config.setdefault("CATALOGUES", CATALOGUES)
    Languages().init_app(app, locale_selector=current)
    app.jinja_env.filters["translated"] = translated
    app.jinja_env.globals.update(
        page_language=current,
        page_languages=offered,
        page_direction=direction,
        is_unreviewed=is_unreviewed,
    )
    app.before_request(choose)


def choose() -> "Response | None":
    """Keep the language that somebody chose on a page, and show them the page again.

    The choice comes in the query of the page's own address, so that it works on every page, and an
    error page names no address. It changes the words of pages, and nothing else.
    """
    chosen = request.args.get(ARGUMENT, "")
    if request.method != "GET" or request.path in APPLICANTS_PAGES or chosen not in offered():
        return None
    viewer = session.viewer_or_nobody()
    if viewer is not None and viewer.is_partner and chosen in LANGUAGES:
        own_account.choose_language(session.services(), viewer, chosen)
    return CHOSEN.give(redirect(_here_without_choice(), 303), chosen)


def _here_without_choice() -> str:
    rest = [(name, value) for name, value in request.args.items(multi=True) if name != ARGUMENT]
    # One slash only: two would name another site.
    path = "/" + quote(request.path.lstrip("/"))
    return f"{path}?{urlencode(rest)}" if rest else path


def current() -> str:
    """Return the language of the page that is being made."""
    if not has_request_context():
        return ENGLISH
    if request.path in APPLICANTS_PAGES:
        return _of_address()
    viewer = session.viewer_or_nobody()
    if viewer is not None and not viewer.is_partner:
        return ENGLISH
    if viewer is not None and viewer.language in LANGUAGES:
        return viewer.language
    asked = CHOSEN.read()
    if asked in offered():
        return asked
    return request.accept_languages.best_match([ENGLISH, *offered()]) or ENGLISH


def _of_address() -> str:
    """Return an applicant's language: the address's, else what was chosen or is asked for."""
    for named in (request.args.get(OF_ADDRESS, ""), CHOSEN.read()):
        if named in offered():
            return named
    return request.accept_languages.best_match([ENGLISH, *offered()]) or ENGLISH


def offered() -> dict[str, str]:
    """Return the languages that the page can be in, {code: its own name}.

    What applicants read decides what they do, so drafts are shown to them in the demo alone.
    """
    if request.path in APPLICANTS_PAGES and session.services().settings.is_demo:
        return LINK_LANGUAGES
    return LINK_LANGUAGES if request.path.startswith(LINK_PAGES) else LANGUAGES


def direction() -> str:
    """Return which way the page's language is written, as HTML has it: `ltr` or `rtl`."""
    return "rtl" if current() in RIGHT_TO_LEFT else "ltr"


def is_unreviewed() -> bool:
    """Tell whether nobody who grew up with the page's language has checked our words in it."""
    return current() in UNREVIEWED


def translated(text: str) -> str:
    """Return a sentence of ours in the language of the page; one without a translation as it is."""
    if isinstance(text, Worded):
        figures = {name: _in_words(figure) for name, figure in text.figures.items()}
        return str(gettext(text.pattern, **figures))
    return str(gettext(text)) if text else ""


def _in_words(figure: Figure) -> str | int:
    return ", ".join(map(translated, figure)) if isinstance(figure, tuple) else figure


def in_language(write: Callable[..., str]) -> Callable[..., str]:
    """Return a writer of times or sizes that writes in the language of the page."""

    @wraps(write)
    def written(*given: Any, **named: Any) -> str:  # Any: what the writer takes
        return write(*given, language=current(), **named)

    return written

"""Know the charsets of mail by every name that mail programs give them.

Charsets come from an allow list: Python looks up codecs by name, and among them are `idna`, `hex`
and `zlib`, which raise or expand. UTF-7 is read where it is declared and never taken else: it hides
markup, and here nothing is markup any more once it is decoded.
"""

import codecs
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

ASCII, UTF8, UTF7, WESTERN = "ascii", "utf-8", "utf-7", "cp1252"
# Their text is made of ASCII bytes, so only a declaration or an escape tells it from ASCII.
ESCAPED = frozenset({UTF7, "hz", "iso2022-jp", "iso2022-jp-2", "iso2022-jp-3", "iso2022-kr"})
WIDE = frozenset({"utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"})
# Their letters beyond ASCII are Latin ones, in the first of them those of Western Europe.
WESTERN_ONES = frozenset({WESTERN, "iso8859-15", "cp437", "cp850", "cp858", "mac-roman"})
LATIN = WESTERN_ONES | {
    *("cp775", "cp852", "cp857", "cp1250", "cp1254", "cp1257", "cp1258"),
    *("mac-latin2", "mac-turkish"),
    *(f"iso8859-{number}" for number in (2, 3, 4, 10, 13, 14, 16)),
}

# What stands between letters and digits of a name, and the year behind it: ISO_8859-1:1987.
BETWEEN = re.compile(r"[^a-z0-9]+")
YEAR = re.compile(r":[0-9]{4}$")
MAX_NAME_CHARS = 60
NOTE, CHARSET = "charset:", "; charset="
# Charsets that the other parts of the mail use, and the one that an officer chose for a part.
NEAR_NOTE, NEAR = "charset_near:", "; near="
CHOSEN_NOTE, CHOSEN = "charset_chosen:", "; chosen="
# Begins the code of a charset that a person may choose in place of the one that was taken.
OFFER = "charset_offer_"
# The one in which a letter stands that was read anew.
SHOWN_NOTE = "charset_shown:"
NOTHING_CHOSEN: Mapping[str, str] = {}
NOTES = (NOTE, NEAR_NOTE, CHOSEN_NOTE, SHOWN_NOTE)

# Python's codec, and the names of the charset without what stands between letters and digits
# (IANA's registry and WHATWG Encoding §4.2, and what was seen in mail). ISO 8859-1 and ASCII are
# read as windows-1252, as there: the difference is only control characters.
NAMES = {
    ASCII: "ascii usascii ansix341968 ansix341986 iso646us 646 cp367 us iso646irv",
    UTF8: "utf8 unicode11utf8 unicode20utf8 xunicode20utf8 utf8mb4 cp65001 65001 utf8mac utf8n",
    UTF7: "utf7 unicode11utf7 unicode20utf7 xunicode20utf7 csunicode11utf7 cp65000",
    "utf-16": "utf16 ucs2 unicode iso10646ucs2 csunicode unicodefffe",
    "utf-16-le": "utf16le",
    "utf-16-be": "utf16be",
    "utf-32": "utf32 ucs4 iso10646ucs4",
    "utf-32-le": "utf32le",
    "utf-32-be": "utf32be",
    WESTERN: "iso88591 latin1 l1 ibm819 cp819 csisolatin1 isoir100 ansi 1252",
    "iso8859-2": "latin2 l2 csisolatin2 isoir101",
    "iso8859-3": "latin3 l3 csisolatin3",
    "iso8859-4": "latin4 l4 csisolatin4",
    "iso8859-5": "cyrillic csisolatincyrillic isoir144",
    "iso8859-6": "arabic csisolatinarabic iso88596i iso88596e asmo708 ecma114",
    "iso8859-7": "greek greek8 csisolatingreek ecma118 elot928",
    "iso8859-8": "hebrew csisolatinhebrew iso88598i iso88598e logical visual",
    "iso8859-10": "latin6 l6",
    "iso8859-13": "latin7 l7",
    "iso8859-14": "latin8 l8",
    "iso8859-15": "latin9 l9 latin0 csisolatin9",
    "iso8859-16": "latin10 l10",
    "cp1254": "iso88599 latin5 l5 csisolatin5",
    "cp874": "windows874 dos874 ibm874 xwindows874 tis620 iso885911 thai csttis620",
    **{f"cp{number}": "" for number in (1250, 1251, 1253, 1255, 1256, 1257, 1258)},
    **{f"cp{number}": f"ibm{number} dos{number}" for number in (437, 720, 737, 775, 850, 852, 855)},
    **{f"cp{number}": f"ibm{number} dos{number}" for number in (857, 858, 862, 864, 866, 869)},
    "koi8-r": "koi8r koi8 koi cskoi8r",
    "koi8-u": "koi8u koi8ru",
    "mac-roman": "macintosh mac macroman xmacroman csmacintosh",
    "mac-cyrillic": "maccyrillic xmaccyrillic macukrainian xmacukrainian",
    "mac-latin2": "macce xmacce maccentraleurope macceneurope",
    "mac-greek": "macgreek xmacgreek",
    "mac-turkish": "macturkish xmacturkish",
    "mac-arabic": "macarabic xmacarabic",
    "gb18030": "gb2312 gb231280 gbk xgbk csgbk euccn xeuccn csgb2312 csiso58gb231280 isoir58"
    " chinese cp936 ms936 windows936 gb gb180302000 gb180302005",
    "hz": "hz hzgb2312 hzgb",
    "big5": "big5 cnbig5 xxbig5 csbig5 big5eten big5tw",
    "big5hkscs": "big5hkscs big5hk",
    "cp950": "cp950 windows950 ms950",
    "euc-jp": "eucjp xeucjp cseucpkdfmtjapanese ujis",
    "cp932": "shiftjis sjis xsjis mskanji csshiftjis windows31j cswindows31j ms932 windows932"
    " cp943c",
    "iso2022-jp": "iso2022jp csiso2022jp iso2022jp1 iso2022jpext iso2022jpms cp50220 cp50221",
    "iso2022-jp-2": "iso2022jp2 csiso2022jp2",
    "iso2022-jp-3": "iso2022jp3 iso2022jp2004",
    "cp949": "euckr cseuckr ksc5601 ksc56011987 ksc56011989 csksc56011987 isoir149 korean"
    " windows949 ms949 uhc",
    "johab": "johab cp1361",
    "iso2022-kr": "iso2022kr csiso2022kr",
}  # fmt: skip
# What a person reads as the charset's name, where the codec's own name is not it.
SHOWN = {
    ASCII: "ASCII", UTF8: "UTF-8", UTF7: "UTF-7", "cp932": "Shift JIS", "cp949": "EUC-KR",
    "cp950": "Big5", "hz": "HZ", "johab": "Johab", "gb18030": "GB 18030",
    "big5hkscs": "Big5-HKSCS", "cp874": "windows-874",
    **{f"cp{number}": f"windows-{number}" for number in range(1250, 1259)},
}  # fmt: skip


def _codecs_by_name() -> dict[str, str]:
    found: dict[str, str] = {}
    for codec, names in NAMES.items():
        plain = BETWEEN.sub("", codec)
        more = {plain, f"x{plain}", *names.split()}
        if plain.startswith("cp125"):
            number = plain.removeprefix("cp")
            more |= {number, f"win{number}", f"windows{number}", f"xcp{number}", f"ansi{number}"}
        if plain.startswith("iso8859"):
            more |= {f"8859{plain[7:]}", f"cp{plain}"}
        found |= dict.fromkeys(more, codec)
    return found


CODECS = _codecs_by_name()


# What Windows gives a number that is not that of a codec.
CODE_PAGES = {
    708: "iso8859-6", 10000: "macintosh", 10004: "macarabic", 10006: "macgreek",
    10007: "maccyrillic", 10029: "macce", 10081: "macturkish", 20127: "usascii", 20866: "koi8r",
    20932: "eucjp", 20936: "gb2312", 21866: "koi8u", 38598: "iso8859-8", 50220: "iso2022jp",
    50221: "iso2022jp", 50225: "iso2022kr", 51932: "eucjp", 51936: "gb2312", 51949: "euckr",
    52936: "hzgb2312", 54936: "gb18030",
}  # fmt: skip


def codec_of(name: str) -> str | None:
    """Return Python's codec for a charset's name, None for a name that is none.

    Case and what stands between letters and digits do not count.

    >>> codec_of("ISO_8859-2:1987"), codec_of("x-mac-cyrillic"), codec_of("unknown-8bit")
    ('iso8859-2', 'mac-cyrillic', None)
    """
    if len(name) > MAX_NAME_CHARS:
        return None
    plain = YEAR.sub("", name.strip(" \t'\"").lower())
    return CODECS.get(BETWEEN.sub("", plain)) if plain.isascii() else None


def codec_of_page(number: int) -> str | None:
    """Return Python's codec for the number of a code page, as Windows counts them; None for others.

    >>> codec_of_page(1256), codec_of_page(28596), codec_of_page(10007), codec_of_page(1200)
    ('cp1256', 'iso8859-6', 'mac-cyrillic', None)
    """
    name = CODE_PAGES.get(number, f"cp{number}")
    codec = codec_of(f"iso8859-{number - 28590}" if 28591 <= number <= 28605 else name)
    return None if codec in WIDE else codec


def shown_name(codec: str) -> str:
    """Return a codec's name for people.

    >>> shown_name("cp1251"), shown_name("iso8859-2"), shown_name("koi8-u")
    ('windows-1251', 'ISO-8859-2', 'KOI8-U')
    """
    if codec in SHOWN:
        return SHOWN[codec]
    return codec.upper().replace("ISO", "ISO-") if codec.startswith("iso") else codec.upper()


def note(declared: str) -> set[str]:
    """Return what a part keeps of its declared charset among its flags: one code, or none.

    >>> note("windows-1251"), note("unknown-8bit")
    ({'charset:cp1251'}, set())
    """
    codec = codec_of(declared)
    return {NOTE + codec.replace("-", "_")} if codec is not None else set()


@dataclass(frozen=True)
class KnownCharset:
    """What is known of a text's charset beside its bytes, as codecs.

    `near` are those of the mail's other parts. `chosen` is an officer's choice, which binds.
    """

    declared: str = ""
    near: tuple[str, ...] = ()
    chosen: str = ""


def noted(flags: Iterable[str]) -> str:
    """Return the codec that a part's flags keep as declared, empty when they keep none."""
    return next(_after(NOTE, flags), "")


def chosen(flags: Iterable[str]) -> str:
    """Return the codec that an officer chose for a part, empty when nobody chose.

    >>> chosen(["charset:cp1251", "charset_chosen:koi8_u"]), chosen(["charset:cp1251"])
    ('koi8-u', '')
    """
    return next(_after(CHOSEN_NOTE, flags), "")


def shown_in(flags: Iterable[str]) -> str:
    """Return the codec in which a chosen reading of a letter stands, empty when it has none."""
    return next(_after(SHOWN_NOTE, flags), "")


def with_shown(flags: Iterable[str], codec: str) -> list[str]:
    """Return a part's flags with the codec in which its text now stands in the letter."""
    others = {flag for flag in flags if not flag.startswith(SHOWN_NOTE)}
    return sorted({*others, SHOWN_NOTE + codec.replace("-", "_")})


def is_note(flag: str) -> bool:
    """Say whether a part's flag is about its charset alone, and no sign of anything odd."""
    return flag.startswith(NOTES)


def _after(note_start: str, flags: Iterable[str]) -> Iterator[str]:
    names = (flag.removeprefix(note_start) for flag in flags if flag.startswith(note_start))
    return (codec for codec in map(codec_of, names) if codec is not None)


def with_charset(media_type: str, flags: Iterable[str]) -> str:
    """Return a media type with the charset of the part, as a Content-Type has it (RFC 2046 §4.1.2).

    >>> with_charset("text/plain", ["charset:cp1251"]), with_charset("image/png", [])
    ('text/plain; charset=cp1251', 'image/png')
    """
    codec = noted(flags)
    return f"{media_type}{CHARSET}{codec}" if codec and _is_text(media_type) else media_type


def with_evidence(media_type: str, flags: Iterable[str], chosen_codec: str = "") -> str:
    """Return a media type with all that is known of the charset, as `split_charset` reads it.

    >>> with_evidence("text/csv", ["charset_near:koi8_u"], "cp1251")
    'text/csv; near=koi8-u; chosen=cp1251'
    """
    flags = list(flags)
    said = with_charset(media_type, flags)
    near = ",".join(_after(NEAR_NOTE, flags))
    said += f"{NEAR}{near}" if near else ""
    return f"{said}{CHOSEN}{chosen_codec}" if chosen_codec else said


def _is_text(media_type: str) -> bool:
    return media_type.startswith("text/") and media_type != "text/rtf"


def split_charset(media_type: str) -> tuple[str, KnownCharset]:
    """Return the media type, and what `with_evidence` or `with_charset` put behind it."""
    rest, _, chosen_codec = media_type.partition(CHOSEN)
    rest, _, near = rest.partition(NEAR)
    kind, _, declared = rest.partition(CHARSET)
    return kind, KnownCharset(declared, tuple(near.split(",")) if near else (), chosen_codec)


def load_codecs() -> None:
    """Import every allowed codec with its tables, which the jail cannot open any more later."""
    samples = {ASCII: "a", "gb18030": "中", "hz": "中", "cp949": "한", "johab": "한"}
    samples |= {"iso2022-kr": "한"} | dict.fromkeys(("big5", "big5hkscs", "cp950"), "中")
    samples |= dict.fromkeys(("euc-jp", "cp932"), "あ")
    samples |= dict.fromkeys(("iso2022-jp", "iso2022-jp-2", "iso2022-jp-3"), "あ")
    for codec in NAMES:
        codecs.decode(codecs.encode(samples.get(codec, "a"), codec), codec, "replace")

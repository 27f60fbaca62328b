"""Tidy what people type, and match mail addresses."""

import re
import unicodedata

# The letters before the @ may be of any script (RFC 6531 §3.3); a domain is kept as DNS has it,
# underscores included.
ADDRESS = re.compile(
    r"(?:[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]|[^\W\x00-\x7f])+@[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]+)*"
)


def mail_address(text: str) -> str | None:
    """Return a typed address in small letters and NFC, as a From is read; None when it is none.

    One that mixes Latin letters with others is none: whoever typed it copied a look-alike.

    >>> mail_address(" Anna@Partner.example "), mail_address("åsa@räddning.example")
    ('anna@partner.example', 'åsa@xn--rddning-5wa.example')
    """
    typed = unicodedata.normalize("NFC", text.strip().lower())
    local, at, domain = typed.rpartition("@")
    address = f"{local}{at}{_in_dns(domain)}"
    is_mixed = any(map(_is_mixed, (local, *domain.split("."))))
    return address if ADDRESS.fullmatch(address) and not is_mixed else None


def _is_mixed(part: str) -> bool:
    """Tell whether Latin letters stand beside those of another script."""
    scripts = {unicodedata.name(each, "").partition(" ")[0] for each in part if each.isalpha()}
    return "LATIN" in scripts and len(scripts) > 1


def _in_dns(domain: str) -> str:
    """Return a domain as DNS has it, as a From is read (RFC 3490); as it is where it is none."""
    try:
        written = domain.encode("idna").decode("ascii")
        return written if written.encode("ascii").decode("idna") == domain else domain
    except UnicodeError:
        return domain


def tidy(text: str) -> str:
    """Return free text in NFC, without control and format characters and blanks at line ends.

    The two zero-width joiners stay, since Persian and Sorani are not written without them.
    """
    kept = (
        each
        for each in unicodedata.normalize("NFC", text.replace("\r\n", "\n"))
        if each in "\n\u200c\u200d" or unicodedata.category(each) not in {"Cc", "Cf", "Cs", "Co"}
    )
    return "\n".join(line.rstrip() for line in "".join(kept).split("\n")).strip()

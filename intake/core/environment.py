"""Read typed values from the environment; each complaint names the setting."""

import ipaddress
import re
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from intake.core.errors import SettingInvalid

# As tesseract names its files: ISO 639-2, and for some a script behind it.
LANGUAGE = re.compile(r"[a-z]{3}(?:_[a-z]{3,4})?")

DNS_PORT = 53
# A local part has 64 octets (RFC 5321 §4.5.3.1.1), and a signed return path adds up to 39.
MAX_BOX_CHARS = 25


class Reader:
    """Reads settings by name. Every method raises SettingInvalid, which starts with that name."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._environ = environ

    def text(self, name: str, default: str) -> str:
        """Return a value, or the default where it is empty."""
        return self._environ.get(name, "").strip() or default

    def choice(self, name: str, default: str, allowed: tuple[str, ...]) -> str:
        """Return one of the allowed values."""
        value = self.text(name, default)
        if value not in allowed:
            raise SettingInvalid(f"{name}: must be one of {', '.join(allowed)}")
        return value

    def count(self, name: str, default: str) -> int:
        """Return a whole number above 0."""
        value = self.text(name, default)
        if not value.isascii() or not value.isdigit() or int(value) == 0:
            raise SettingInvalid(f"{name}: must be a whole number above 0")
        return int(value)

    def proxies(self, name: str) -> int:
        """Return a number of proxies from 0 to 3."""
        value = self.text(name, "0")
        if value not in {"0", "1", "2", "3"}:
            raise SettingInvalid(f"{name}: must be a number of proxies from 0 to 3")
        return int(value)

    def seconds(self, name: str, default: str) -> float:
        """Return a duration in seconds."""
        try:
            value = float(self.text(name, default))
        except ValueError as error:
            raise SettingInvalid(f"{name}: must be a number of seconds") from error
        if not 0.05 <= value <= 1200:
            raise SettingInvalid(f"{name}: must lie between 0.05 and 1200 seconds")
        return value

    def wait(self, name: str, default: str) -> float:
        """Return a short wait in seconds; 0 is none."""
        try:
            value = float(self.text(name, default))
        except ValueError as error:
            raise SettingInvalid(f"{name}: must be a number of seconds") from error
        if not 0 <= value <= 600:
            raise SettingInvalid(f"{name}: must lie between 0 and 600 seconds")
        return value

    def listen(self, name: str, default: str) -> tuple[str, int]:
        """Return host and port."""
        host, _, port = self.text(name, default).rpartition(":")
        if not host or not is_port(port):
            raise SettingInvalid(f"{name}: must be HOST:PORT")
        return host, int(port)

    def web_url(self, name: str, default: str) -> str:
        """Return a web address without a slash at its end."""
        value = self.text(name, default).rstrip("/")
        parts = split(name, value)
        if parts.scheme not in {"http", "https"} or not parts.hostname or parts.query:
            raise SettingInvalid(f"{name}: must be an http:// or https:// address")
        return value

    def exit_url(self, name: str, default: str) -> str:
        """Return the https:// address to which somebody goes who must leave a page at once.

        Plain http is refused: whoever listens on the line would see where the person was.
        """
        value = self.web_url(name, default)
        if not value.startswith("https://"):
            raise SettingInvalid(f"{name}: must be an https:// address")
        return value

    def clamd_url(self, name: str) -> str:
        """Return a scanner's address, or nothing."""
        value = self.text(name, "")
        match = re.fullmatch(r"unix:///.+|tcp://[^/:]+:(?P<port>.+)", value)
        if value and (match is None or not is_port(match["port"] or "1")):
            raise SettingInvalid(f"{name}: must be unix:///PATH or tcp://HOST:PORT")
        return value

    def address(self, name: str, value: str) -> str:
        """Return a plain mail address in lower case."""
        if not re.fullmatch(r"[A-Za-z0-9._+-]+@[A-Za-z0-9.-]+", value):
            raise SettingInvalid(f"{name}: must be a plain mail address")
        return value.lower()

    def reply_address(self, name: str) -> str:
        """Return a plain mail address that can carry a tag after its local part, or nothing."""
        value = self.text(name, "")
        if "+" in value:
            raise SettingInvalid(f"{name}: must have no tag of its own")
        if len(value.rpartition("@")[0]) > MAX_BOX_CHARS:
            raise SettingInvalid(
                f"{name}: must have at most {MAX_BOX_CHARS} characters before the @"
            )
        return self.address(name, value) if value else ""

    def resolver(self, name: str) -> tuple[str, int] | None:
        """Return the IP address and port of a DNS resolver, or None.

        Takes `127.0.0.1`, `127.0.0.1:5353`, `::1` and `[::1]:5353`.
        """
        value = self.text(name, "")
        if not value:
            return None
        bracketed = re.fullmatch(r"\[(?P<host>[^\]]+)\](?::(?P<port>.*))?", value)
        if bracketed is not None:
            host, port = bracketed["host"], bracketed["port"]
        elif value.count(":") == 1:
            host, _, port = value.partition(":")
        else:
            host, port = value, None
        try:
            address = str(ipaddress.ip_address(host))
        except ValueError as error:
            raise SettingInvalid(f"{name}: must be an IP address, or ADDRESS:PORT") from error
        if port is not None and not is_port(port):
            raise SettingInvalid(f"{name}: must be an IP address, or ADDRESS:PORT")
        return address, int(port or DNS_PORT)

    def addresses(self, name: str) -> frozenset[str]:
        """Return all addresses of a list."""
        listed = self.text(name, "").replace(",", " ").split()
        return frozenset(self.address(name, item) for item in listed)

    def languages(self, name: str, default: str) -> tuple[str, ...]:
        """Return tesseract's codes of languages, joined by `+` as its own `-l` takes them.

        >>> Reader({}).languages("AVRR_OCR_LANGUAGES", "eng+chi_sim")
        ('eng', 'chi_sim')
        """
        codes = self.text(name, default).split("+")
        if not all(LANGUAGE.fullmatch(code) for code in codes) or len({*codes}) != len(codes):
            raise SettingInvalid(f"{name}: must be codes of languages such as eng+swe, each once")
        return tuple(codes)

    def file(self, name: str) -> Path | None:
        """Return the path of a file that must exist, or None."""
        value = self.text(name, "")
        if value and not Path(value).is_file():
            raise SettingInvalid(f"{name}: there is no such file")
        return Path(value) if value else None

    def is_set(self, name: str) -> bool:
        """Tell whether a setting is given at all."""
        return bool(self._environ.get(name, "").strip())


def split(name: str, value: str) -> SplitResult:
    """Split an address. Raises SettingInvalid with the setting's name."""
    try:
        return urlsplit(value)
    except ValueError as error:
        raise SettingInvalid(f"{name}: not an address") from error


def is_port(text: str) -> bool:
    """Tell whether a text is the number of a port."""
    return text.isascii() and text.isdigit() and 0 < int(text) < 65536

"""Check what no field of a duty list can see by itself: addresses, numbers, times, the webhook.

A list may have holes, and may be empty: the health page and a task for the manager say so then.
"""

import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit

from intake.reference_data.edition_forms.fields import TIME, Fault

ADDRESS = re.compile(r"[^@\s<>,;:\"\\]{1,64}@[A-Za-z0-9.-]{1,190}", re.ASCII)
NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{4,30}", re.ASCII)


def duty_faults(content: dict[str, Any]) -> Iterator[Fault]:  # Any: an edition's JSON
    """Yield what is wrong with a duty list whose fields are right, each by itself."""
    for place, row in enumerate(content.get("shifts", [])):
        yield from _shift(f"shifts.{place}", row)
    for place, row in enumerate(content.get("telephones", [])):
        if not NUMBER.fullmatch(row["number"]):
            sentence = "Write a telephone number, such as +358 40 123 4567."
            yield Fault(f"telephones.{place}.number", sentence)
    url = content.get("webhook", "")
    if url and not is_callable(url):
        yield Fault("webhook", "Write an https:// address without a name and password in it.")


def _shift(path: str, row: dict[str, Any]) -> Iterator[Fault]:
    mail = row.get("mail", "")
    if mail and not ADDRESS.fullmatch(mail):
        yield Fault(f"{path}.mail", "Write one address.")
    elif not (mail or row.get("account")):
        yield Fault(f"{path}.account", "Choose an account.")
    for key in ("from", "to"):
        if TIME.fullmatch(row[key]) is None:
            yield Fault(f"{path}.{key}", "Write a time of day such as 08:00.")
    if row["from"] == row["to"]:
        yield Fault(f"{path}.to", "The shift ends when it begins.")


def is_callable(url: str) -> bool:
    """Tell whether an address can be called at all; production calls https:// alone."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    is_plain = url.isascii() and url.isprintable() and " " not in url
    return (
        is_plain
        and parts.scheme in {"https", "http"}
        and bool(parts.hostname)
        and parts.username is None
        and not parts.fragment
        and port != 0
    )

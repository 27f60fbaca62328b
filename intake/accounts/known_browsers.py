"""Know a browser again in which somebody signed in whole, so that strangers cannot lock them out.

Failed tries of strangers, on the same network or on many, must not keep somebody out who comes
with a browser of their own (threat W4; OWASP calls this a device cookie). The browser keeps a mark:
a random number, a day, and a keyed hash of both with the address. It opens nothing, and its tries
are counted by themselves. Nothing is stored here.
"""

import hmac
import re
import secrets
from datetime import date, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from intake.core.services import Services
    from storage.database import Session

MARK_LIFE = timedelta(days=90)
NUMBER_BYTES = 16
MARK = re.compile(r"(?P<number>[0-9a-f]{32})\.(?P<day>\d{4}-\d\d-\d\d)\.(?P<proof>[0-9a-f]{64})")


def make_mark(services: "Services", address: str) -> str:
    """Return a mark for the browser in which the owner of an address has just signed in whole."""
    number, day = secrets.token_hex(NUMBER_BYTES), services.now().date().isoformat()
    with services.database.reading() as session:
        return f"{number}.{day}.{_proof(services, session, address, number, day)}"


def bucket_of(services: "Services", session: "Session", address: str, mark: str) -> str | None:
    """Return the name under which a browser's tries are counted, None for a mark that is not ours.

    The work is the same whether an account has this address or not.
    """
    found = MARK.fullmatch(mark)
    if found is None:
        return None
    number, day = found["number"], found["day"]
    if not hmac.compare_digest(_proof(services, session, address, number, day), found["proof"]):
        return None
    if date.fromisoformat(day) + MARK_LIFE < services.now().date():
        return None
    return f"browser {number}"


def _proof(services: "Services", session: "Session", address: str, number: str, day: str) -> str:
    text = f"{address.strip().lower()} {number} {day}"
    return services.keyring.lookup(session, "known-browser", text)

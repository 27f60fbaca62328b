"""Find a paper by the check code that is printed on it, for who has only the print.

A code is 100 bits that only the service's key can make, so it cannot be guessed. It proves that a
paper with it was issued, and when; that every word is unchanged only the PDF itself proves.
"""

import logging
import re
from typing import TYPE_CHECKING

from intake.confirmations.signature import CODE_SYMBOLS, GROUP, check_code
from intake.confirmations.signed_papers import Issued, signed_bytes_of, signer_of
from storage.cases import confirmations
from storage.cases.confirmations import PaperKind

if TYPE_CHECKING:
    from intake.core.services import Services

LOG = logging.getLogger(__name__)
SYMBOLS = re.compile(rf"[A-Z2-7]{{{CODE_SYMBOLS}}}")
# What people read for one another on paper: no code has a 0, a 1 or an 8.
READ_AS = str.maketrans({"0": "O", "1": "I", "8": "B"})


def printed_code(typed: str) -> str | None:
    """Return a check code as it is printed, however its groups were typed; None for none.

    >>> printed_code("xzhr abcd efgh ijkl mn0p")
    'XZHR-ABCD-EFGH-IJKL-MNOP'
    """
    text = re.sub(r"[\s\u2010-\u2015-]", "", typed).upper().translate(READ_AS)
    if SYMBOLS.fullmatch(text) is None:
        return None
    return "-".join(text[at : at + GROUP] for at in range(0, CODE_SYMBOLS, GROUP))


def find_by_code(services: "Services", code: str) -> Issued | None:
    """Return what is known of the paper with a printed code; None when there is none (any more).

    `code` is as `printed_code` returns it.
    """
    with services.database.reading() as session:
        row = confirmations.by_code(session, code)
        content = signed_bytes_of(services, session, row) if row is not None else None
        if row is None or content is None:
            return None
        if check_code(signer_of(services, session), content) != code:
            return None
        return Issued(PaperKind(row.kind), row.signed_at, code)


def note_codes(services: "Services", *, limit: int = 200) -> int:
    """Note the codes of papers of before, by which these are found too; return how many.

    A paper whose submission was erased has none any more.
    """
    with services.database.transaction() as session:
        signer = signer_of(services, session)
        rows = confirmations.without_code(session, limit=limit)
        for row in rows:
            content = signed_bytes_of(services, session, row)
            row.code = check_code(signer, content) if content is not None else row.id
    if rows:
        LOG.info("event=paper_codes_noted number=%d", len(rows))
    return len(rows)

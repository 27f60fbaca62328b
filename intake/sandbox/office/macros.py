"""Know how olevba is asked for a second opinion about macros.

Runs inside the jail; imports oletools. It knows forms of macros that no rule here names: projects
whose storages were renamed, and presentations that hide them.
"""

import warnings

with warnings.catch_warnings():
    # It calls functions of pyparsing by names that are going away; nothing here can change that.
    warnings.simplefilter("ignore", DeprecationWarning)
    from oletools import olevba

BROKEN = (
    olevba.OlevbaBaseException, OSError, ValueError, LookupError, TypeError, AttributeError,
    RuntimeError, EOFError, OverflowError, ArithmeticError,
)  # fmt: skip


def find_macros(content: bytes) -> set[str]:
    """Return `office_vba_macro` where olevba sees macros.

    What it cannot take apart is no finding by itself: it opens fewer files than office programs,
    and the rules on the structure have judged before.
    """
    try:
        parser = olevba.VBA_Parser("document", data=content, disable_pcode=True)
        return {"office_vba_macro"} if parser.detect_vba_macros() else set()
    except BROKEN:
        return set()

"""Make the harmless EICAR test file, which every scanner calls malware.

The string never stands in one piece in a file of this project, compiled files included:
a scanner on a developer's machine would take the file away.
"""

_FIRST_HALF = r"X5O!P%@AP[4\PZX54(P^)7CC)7}$EIC"
_SECOND_HALF = "AR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"


def eicar() -> bytes:
    """Return the 68 bytes of the EICAR test file."""
    return _FIRST_HALF.encode() + _SECOND_HALF.encode()

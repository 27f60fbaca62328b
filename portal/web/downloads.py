"""Answer with files: a browser neither keeps them nor shows them as a page nor runs them.

ASVS 5.0 V3.2.1 and V5.4; threat B17. Pictures are shown because we made them; all
else is saved. Names are ours, so that no stranger's text reaches a header or a disk.
"""

from flask import Response

# Should a browser open the file by itself, it gives it no script, no form and no origin.
FILE_POLICY = "sandbox; default-src 'none'"
OCTETS = "application/octet-stream"
SHORT = 8


def picture(media_type: str, content: bytes) -> Response:
    """Answer with a picture that was made here."""
    return _answer(media_type, content, "inline")


def safe_pdf(document_id: str, content: bytes) -> Response:
    """Answer with a rebuilt PDF to be saved."""
    name = f"document-{document_id[:SHORT]}.pdf"
    return _answer("application/pdf", content, f'attachment; filename="{name}"')


def original(document_id: str, content: bytes) -> Response:
    """Answer with a stranger's file to be saved; the answer never names its type."""
    name = f"original-{document_id[:SHORT]}.bin"
    return _answer(OCTETS, content, f'attachment; filename="{name}"')


def table(name: str, media_type: str, content: bytes) -> Response:
    """Answer with a table of ours to be saved, under a name of ours."""
    return _answer(media_type, content, f'attachment; filename="{name}"')


def _answer(media_type: str, content: bytes, disposition: str) -> Response:
    response = Response(content, content_type=media_type)
    response.headers["Content-Disposition"] = disposition
    response.headers["Content-Security-Policy"] = FILE_POLICY
    return response

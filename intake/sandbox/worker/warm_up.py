"""Rehearse each operation with files of our own, before a stranger's first byte.

A library binds its functions, maps its tables and compiles its patterns when it is first used. In a
child that would be done again for each request; done here, each child is born with it (measured: a
third of the time of a short inspection). An operation that fails on these files fails the start of
the jail.
"""

from typing import TYPE_CHECKING

from ..protocol import unpacked

if TYPE_CHECKING:
    from collections.abc import Mapping

    from .operations import Operation

PDF_TYPE = "application/pdf"
PDF_OBJECTS = (
    b"<</Type/Catalog/Pages 2 0 R>>",
    b"<</Type/Pages/Count 1/Kids[3 0 R]>>",
    (
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]/Contents 4 0 R"
        b"/Resources<</Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>>>"
    ),
    b"<</Length 40>>stream\nBT /F 12 Tf 10 50 Td (Rehearsal) Tj ET \nendstream",
)
MAIL = (
    b"From: Rehearsal <rehearsal@ex\xc3\xa4mple.localhost>\r\nSubject: =?utf-8?q?=C3=A5?=\r\n"
    b"Date: Mon, 5 Jan 2026 10:00:00 +0000\r\nMIME-Version: 1.0\r\n"
    b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    b"--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nText.\r\n"
    b"--b\r\nContent-Type: text/html\r\n\r\n<p>Text.</p>\r\n"
    b"--b\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n"
    b"Content-Disposition: attachment; filename=a.pdf\r\n\r\nJVBERi0=\r\n--b--\r\n"
)
# It is signed under a key that was thrown away.
SIGNATURE = (
    b"MIICRAYJKoZIhvcNAQcCoIICNTCCAjECAQExDzANBglghkgBZQMEAgEFADALBgkqhkiG9w0BBwGgggEZMIIBFTCB"
    b"vaADAgECAgEBMAoGCCqGSM49BAMCMBQxEjAQBgNVBAMMCVJlaGVhcnNhbDAgFw0yNjAxMDEwMDAwMDBaGA8yMDUz"
    b"MDUxODAwMDAwMFowFDESMBAGA1UEAwwJUmVoZWFyc2FsMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEhQtSKXON"
    b"vjt+PL3pkS6mJNLiNC32oApzLE/ldkiykeMRYnSmtVGFzz4W6ypivbsbcV4Zim2OQLP2w2P5hao1BDAKBggqhkjO"
    b"PQQDAgNHADBEAiAqN5W1yPba9KGg2D2xAGzoCXVDIN+gFD3ZqxgvXCakQwIgbWyaGUqSZ7S7OejBkCsZ/rkVhNSS"
    b"1TqVMUl0DxmpVtsxgfAwge0CAQEwGTAUMRIwEAYDVQQDDAlSZWhlYXJzYWwCAQEwDQYJYIZIAWUDBAIBBQCgaTAY"
    b"BgkqhkiG9w0BCQMxCwYJKoZIhvcNAQcBMBwGCSqGSIb3DQEJBTEPFw0yNjExMjkyMTEzNDVaMC8GCSqGSIb3DQEJ"
    b"BDEiBCDDBAENCPabAZcgj+3ETB6ERRhFwvFVVw65CAsd748JWzAKBggqhkjOPQQDAgRHMEUCIQCg473J2Ia5/6wg"
    b"R4Dn7TcOL9NSLjn/iR8AV8+GdkDNUwIgVH1TGr+VF2MA5Vtxz05M8TmgYicTo3/23SSpXA16UwY="
)
SIGNED = (
    b"From: rehearsal@localhost\r\nMIME-Version: 1.0\r\nContent-Type: multipart/signed;"
    b' protocol="application/pkcs7-signature"; boundary=b\r\n\r\n'
    b"--b\r\nContent-Type: text/plain\r\n\r\nText.\r\n"
    b"--b\r\nContent-Type: application/pkcs7-signature\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\n" + SIGNATURE + b"\r\n--b--\r\n"
)


def rehearse(operations: "Mapping[str, Operation]") -> None:
    """Run the loaded operations on samples of ours; raise whatever they raise."""
    pdf = write_pdf()
    claims: dict[str, object] = {"claimed_type": PDF_TYPE, "claimed_name": "a.pdf"}
    text: dict[str, object] = {"claimed_type": "text/plain", "claimed_name": ""}
    asked = unpacked.question(PDF_TYPE, "a.pdf", (), unpacked.NO_KEYS, unpacked.DEFAULT_LIMITS)
    batch: dict[str, object] = {"first": 0, "count": 1, "dpi": 72, "milliseconds": 1000}
    scenes: tuple[tuple[str, dict[str, object], bytes], ...] = (
        ("read_header", {}, MAIL),
        ("open_mail", {}, MAIL),
        ("inspect", text, b"Text."),
        ("inspect", claims, pdf),
        ("unpack", asked, pdf),
        ("form_fields", {}, pdf),
        ("check_signed_parts", {}, SIGNED),
        ("render", batch | {"detected_type": "text/plain"}, b"Text."),
        ("render", batch | {"detected_type": PDF_TYPE}, pdf),
    )
    for name, arguments, content in scenes:
        if name in operations:
            operations[name](arguments, [content])


def write_pdf() -> bytes:
    """Return a PDF of one small page with one word (PDF 32000 §7.5)."""
    content = b"%PDF-1.4\n"
    places = []
    for number, written in enumerate(PDF_OBJECTS, start=1):
        places.append(len(content))
        content += b"%d 0 obj\n%b\nendobj\n" % (number, written)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(PDF_OBJECTS) + 1
    ending = b"xref\n0 %d\n0000000000 65535 f \n%btrailer\n<</Size %d/Root 1 0 R>>\n"
    return content + ending % (size, table, size) + b"startxref\n%d\n%%%%EOF\n" % len(content)

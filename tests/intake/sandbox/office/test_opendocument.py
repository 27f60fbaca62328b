"""Hold what is found in OpenDocument files."""

import pytest

from intake.sandbox.formats.office_files import inspect_office
from tests.samples.files.office import odt

ODT = "application/vnd.oasis.opendocument.text"

FOUND = [
    (odt(members={"Basic/Standard/Module1.xml": "<a/>"}), "active", "office_basic_macro"),
    (odt(members={"Scripts/python/a.py": "x"}), "active", "office_basic_macro"),
    (odt("<script:event-listener script:event-name='x'/>"), "active", "office_basic_macro"),
    (odt('<text:a xlink:href="vnd.sun.star.script:x?language=Python"/>'), "active",
     "office_basic_macro"),
    (odt('<draw:image xlink:href="http://a.example/1.png"/>'), "active", "office_external_link"),
    (odt('<draw:image xlink:href="file:///etc/passwd"/>'), "active", "office_external_link"),
    (odt('<text:section-source xlink:href="\\\\server\\a.odt"/>'), "active",
     "office_external_link"),
    (odt("<text:dde-connection-decl/>"), "active", "office_dde"),
    (odt('<table:table-cell table:formula="of:=DDE(&quot;a&quot;)"/>'), "active", "office_dde"),
    (odt('<table:table-cell table:formula="of:=WEBSERVICE(A1)"/>'), "active",
     "office_web_service"),
    (odt('<draw:object-ole xlink:href="./Object 1"/>'), "active", "office_ole_object"),
    (odt("<draw:plugin/>"), "active", "office_activex"),
    (odt(members={"x.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a/>'}), "held", "office_entities"),
    (odt("<text:a xlink:href='https://a.example/'/>"), "clean", "office_hyperlink"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "state", "finding"), FOUND)
def test_what_is_inside_is_named(content: bytes, state: str, finding: str) -> None:
    found = inspect_office(content, ODT)

    assert (found.state, finding in found.findings) == (state, True)


def test_encrypted_document_is_locked() -> None:
    found = inspect_office(odt(manifest="<manifest:encryption-data/>"), ODT)

    assert (found.state, found.reason) == ("locked", "password_needed")

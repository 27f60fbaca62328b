"""Hold which encrypted workbooks open by themselves, and that the opening says so."""

import pytest

from intake.sandbox import Duty, Jail
from intake.sandbox.protocol import signs
from tests.intake.sandbox.containers.unpacking import answer, unpack
from tests.samples.files import locked_office
from tests.samples.files.office import xlsx

DUTIES = (Duty.DOCUMENTS,)
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
XLS = "application/vnd.ms-excel"
MACROS = "office_xlm_macro"


@pytest.mark.parametrize(
    ("content", "kind", "finding"),
    [
        (locked_office.rc4_workbook("Hej", kind=1), XLS, MACROS),
        (locked_office.xor_workbook("Hej", kind=1), XLS, MACROS),
        (locked_office.package(xlsx(locked_office.CELLS)), XLSX, ""),
    ],
)
def test_excels_standard_password_opens_a_workbook(
    jail: Jail, content: bytes, kind: str, finding: str
) -> None:
    locked = jail.inspect(content, "", "")
    unpacked = unpack(jail, content)

    assert (locked.state, answer(unpacked)) == ("locked", ("opened", ""))
    assert unpacked.flags == (signs.DECRYPTED,)
    (child,) = unpacked.children
    found = jail.inspect(child.content, "", "")
    assert child.defects == (signs.STANDARD_PASSWORD,)
    assert (found.detected_type, found.state in ("clean", "active")) == (kind, True)
    assert not finding or finding in found.findings


def test_another_password_is_not_called_the_standard_one(jail: Jail) -> None:
    content = locked_office.rc4_workbook("Hej", password="kaffe")

    opened = unpack(jail, content, passwords=["kaffe"])

    assert answer(unpack(jail, content)) == ("locked", "password_needed")
    assert [child.defects for child in opened.children] == [()]

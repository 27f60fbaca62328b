"""Hold that a workbook under Excel's standard password is judged by what is inside.

Excel opens it without asking, so whoever hides macros from a scanner encrypts them so.
"""

import io

import olefile
import pytest

from mailbox.demo.eicar import eicar
from tests.samples.files import compound, locked_office
from tests.samples.files.office import relationship, xlsx
from tests.samples.mail.mails import referral
from tests.support.desk import Desk

PLAIN = xlsx(locked_office.CELLS)
LINKED = xlsx(
    locked_office.CELLS, relationships=relationship("externalLink", "https://x.example/a.xlsx")
)
SAID = "office_standard_password"


def handled(desk: Desk, name: str, content: bytes) -> str:
    """Take a mail with one file its way."""
    return desk.handle(referral(attachments=[(name, "application/octet-stream", content)]))


@pytest.mark.parametrize(
    ("name", "content", "state", "findings"),
    [
        ("a.xls", locked_office.rc4_workbook("Hej", kind=1), "ACTIVE",
         {SAID, "office_old_format", "office_xlm_macro"}),
        ("a.xls", locked_office.xor_workbook("Hej"), "ACTIVE", {SAID, "office_old_format"}),
        ("a.xlsx", locked_office.package(PLAIN), "CLEAN", {SAID}),
        ("a.xlsx", locked_office.package(LINKED), "ACTIVE", {SAID, "office_external_link"}),
    ],
)  # fmt: skip
def test_the_file_stands_decrypted_below_with_its_own_verdict(
    sqlite_desk: Desk, name: str, content: bytes, state: str, findings: set[str]
) -> None:
    submission_id = handled(sqlite_desk, name, content)

    _, locked, opened, *_ = sqlite_desk.documents(submission_id)
    assert (locked.state, locked.reason) == ("IGNORED", "opened_parts_are_listed")
    assert (opened.parent_id, opened.state, set(opened.findings)) == (locked.id, state, findings)
    assert sqlite_desk.names(submission_id)[2] == name
    assert "quarantine" not in {kind for _, kind in sqlite_desk.open_items(submission_id)}


def test_malware_inside_is_found(sqlite_desk: Desk) -> None:
    content = xlsx(locked_office.CELLS, members={"xl/embeddings/a.bin": eicar()})

    submission_id = handled(sqlite_desk, "a.xlsx", locked_office.package(content))

    assert ("INFECTED", "malware:rule:eicar_test_file") in sqlite_desk.states(submission_id)


def test_another_password_leaves_it_locked(sqlite_desk: Desk) -> None:
    content = locked_office.rc4_workbook("Hej", password="kaffe")

    submission_id = handled(sqlite_desk, "a.xls", content)

    assert sqlite_desk.states(submission_id)[1:] == [("LOCKED", "password_needed")]


def test_a_second_workbook_beside_the_encrypted_one_is_held(sqlite_desk: Desk) -> None:
    """One program opens what is encrypted, and another what lies beside it."""
    with olefile.OleFileIO(io.BytesIO(locked_office.package(PLAIN))) as ole:
        streams: compound.Tree = {
            path[0]: ole.openstream(path).read() for path in ole.listdir() if len(path) == 1
        }
    streams["Workbook"] = b"\x09\x08\x10\x00" + bytes(16)

    submission_id = handled(sqlite_desk, "a.xls", compound.write(streams))

    assert sqlite_desk.states(submission_id)[1] == ("HELD", "polyglot")

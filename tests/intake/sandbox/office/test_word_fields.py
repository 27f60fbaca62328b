"""Hold which fields of a word processor ask another program or another machine for something."""

import pytest

from intake.sandbox.office.word_fields import is_remote, of_instruction

DDE, LINK = ["office_dde"], ["office_external_link"]


@pytest.mark.parametrize(
    ("instruction", "found"),
    [
        ("DDE \u201ccmd\u201d a b", DDE),
        ("DDEAUTO (cmd) a", DDE),
        ("  dde @cmd a", DDE),
        ("DDEAUTO \u00abcmd\u00bb", DDE),
        ("IF 1 = 1 DDE \u201ccmd\u201d", DDE),
        ('INCLUDEPICTURE "//server/share/a.png"', LINK),
        ("INCLUDETEXT //server/share/a.docx", LINK),
        ("INCLUDEPICTURE  REF u ", LINK),
        ('INCLUDEPICTURE " DOCPROPERTY u "', LINK),
        ("INCLUDETEXT {MERGEFIELD path }", LINK),
    ],
)
def test_what_asks_for_something_is_found_however_it_is_written(
    instruction: str, found: list[str]
) -> None:
    assert list(of_instruction(instruction)) == found


@pytest.mark.parametrize(
    "instruction",
    [
        " DDE ",
        "REF dde",
        'HYPERLINK "https://region.example/dde x"',
        "INCLUDEPICTURE logo.png \\* MERGEFORMAT",
        'INCLUDEPICTURE "Bilder/remiss/logo.png"',
        "INCLUDEPICTURE reference.png",
        "MERGEFIELD namn",
    ],
)
def test_everyday_instruction_asks_for_nothing(instruction: str) -> None:
    assert list(of_instruction(instruction)) == []


@pytest.mark.parametrize("target", ["ms-word:ofe|u|http://a.example/t.dot", "//server/t.dot"])
def test_template_elsewhere_is_remote(target: str) -> None:
    assert is_remote(target)

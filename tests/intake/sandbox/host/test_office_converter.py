"""Hold what LibreOffice makes of office files, where it is installed."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from intake.sandbox import Duty, Jail, Limits, Rendition
from intake.sandbox.host.confined import Walls, run_confined
from intake.sandbox.host.office_converter import (
    EXTENSIONS,
    FOLDERS,
    PROFILE,
    SCRIPT,
    OfficeConverter,
    Renders,
)
from intake.sandbox.protocol.limits import TimeLeft
from intake.sandbox.protocol.rendition import MIN_DPI, Original
from intake.sandbox.render.office_text import DOCX, OPEN, PPTX, XLSX
from tests.intake.sandbox.conftest import MakeJail, ProbedJail
from tests.intake.sandbox.office.samples import docx, laughing, slides, workbook
from tests.intake.sandbox.render.shown import shown
from tests.samples.files.flat_office import flat

DUTIES = (Duty.PICTURES,)
HELLO = "<w:p><w:r><w:t>Hej</w:t></w:r></w:p>"


class WithoutLibreOffice(OfficeConverter):
    """Be on a machine where LibreOffice is not installed."""

    def is_available(self) -> bool:
        """Say that it is not there."""
        return False


@dataclass
class Watched:
    """A jail that writes down at which resolutions it is asked for pages, and of which time."""

    jail: Renders
    asked: list[int] = field(default_factory=list)
    times: list[TimeLeft | None] = field(default_factory=list)

    def render(
        self,
        content: bytes,
        detected_type: str,
        *,
        dpi: int,
        max_pages: int,
        original: Original | None = None,
        left: TimeLeft | None = None,
    ) -> Rendition:
        """Answer as the jail does."""
        self.asked.append(dpi)
        self.times.append(left)
        return self.jail.render(
            content, detected_type, dpi=dpi, max_pages=max_pages, original=original, left=left
        )


@pytest.fixture
def converter(make_jail: MakeJail) -> OfficeConverter:
    """Return the converter of this machine."""
    made = OfficeConverter(make_jail(Limits()))
    if not made.is_available():
        pytest.skip("LibreOffice is not installed (libreoffice-{writer,calc,impress}-nogui)")
    return made


@pytest.fixture(scope="module")
def inspector() -> Iterator[ProbedJail]:
    """Return a jail that inspects; the module's own only draws."""
    jail = ProbedJail(limits=Limits(), allow_reduced=False, duties=(Duty.DOCUMENTS,))
    yield jail
    jail.close()


@pytest.mark.office
@pytest.mark.parametrize(
    ("content", "detected_type", "expected"),
    [
        (docx(HELLO), DOCX, "Hej"),
        (workbook([["Namn", "7"], ["Kim", "9"]]), XLSX, "Namn"),
        (rb"{\rtf1\ansi {\b Hej} v\'e4rld\par}", "text/rtf", "Hej värld"),
    ],
)
def test_office_file_is_laid_out(
    converter: OfficeConverter, content: bytes, detected_type: str, expected: str
) -> None:
    started = time.monotonic()

    rendition = converter.render(content, detected_type)

    print(f"\n{detected_type}: {time.monotonic() - started:.2f} s")
    assert (rendition.reason, rendition.is_complete) == ("", True)
    assert expected in rendition.pages[0].text


@pytest.mark.office
@pytest.mark.parametrize(
    "written",
    [
        "เด็กทั้งสามคน ทั้งหมด ครั้งที่ นั้น น้ำ ปั้น ฟื้น ตั้งใจ",
        "السيد محمّد العليّ في السويد",
        "ที่นี่ ชื่อ Åsa Öst 26-123456",
    ],
)
def test_vowel_and_tone_marks_are_read_on_their_letters(
    converter: OfficeConverter, written: str
) -> None:
    """An office program draws some of them after the letters that follow."""
    content = docx(f"<w:p><w:r><w:t>{written}</w:t></w:r></w:p>")

    rendition = converter.render(content, DOCX)

    assert rendition.pages[0].text.split() == written.split()


@pytest.mark.office
@pytest.mark.parametrize(
    ("content", "made_from", "extension", "detected_type"),
    [
        (docx(HELLO), "docx", "doc", "application/msword"),
        (workbook([["Hej", "7"]]), "xlsx", "xls", "application/vnd.ms-excel"),
        (docx(HELLO), "docx", "odt", "application/vnd.oasis.opendocument.text"),
        (workbook([["Hej", "7"]]), "xlsx", "ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ],
)
def test_file_of_another_office_program_is_laid_out(
    converter: OfficeConverter, content: bytes, made_from: str, extension: str, detected_type: str
) -> None:
    saving = SCRIPT.replace("document.pdf", f"document.{extension}")
    program = ("/bin/sh", "-c", saving, f"document.{made_from}", PROFILE, extension)
    other = run_confined(program, content, Walls(), folders=FOLDERS)

    rendition = converter.render(other, detected_type)

    assert (rendition.reason, "Hej" in rendition.pages[0].text) == ("", True)


@pytest.mark.office
@pytest.mark.parametrize(
    ("content", "made_from", "extension", "detected_type"),
    [
        (slides(), "fodp", "pptx", PPTX),
        (slides(), "fodp", "ppt", "application/vnd.ms-powerpoint"),
        (slides(), "fodp", "odp", OPEN + "presentation"),
        (slides(), "fodp", "potx", PPTX.removesuffix("presentation") + "template"),
        (slides("drawing", "graphics"), "fodg", "odg", OPEN + "graphics"),
        (docx(HELLO), "docx", "dotx", DOCX.removesuffix("document") + "template"),
        (workbook([["Hej"]]), "xlsx", "xltx", XLSX.removesuffix("sheet") + "template"),
    ],
)
def test_slides_and_templates_are_laid_out(
    converter: OfficeConverter,
    inspector: ProbedJail,
    content: bytes,
    made_from: str,
    extension: str,
    detected_type: str,
) -> None:
    saving = SCRIPT.replace("document.pdf", f"document.{extension}")
    program = ("/bin/sh", "-c", saving, f"document.{made_from}", PROFILE, extension)
    made = run_confined(program, content, Walls(), folders=FOLDERS)

    found = inspector.inspect(made, "", f"a.{extension}")
    rendition = converter.render(made, detected_type)

    assert (found.detected_type, found.state in ("clean", "active")) == (detected_type, True)
    assert rendition.reason == ""
    assert "Hej" in rendition.pages[0].text
    if made_from == "fodp":
        # The second slide is set to be passed over when the slides are shown.
        assert "Passed over" in rendition.pages[1].text


@pytest.mark.office
@pytest.mark.parametrize(
    ("extension", "detected_type"),
    [
        ("pptx", PPTX),
        ("ppt", "application/vnd.ms-powerpoint"),
        ("odp", OPEN + "presentation"),
        ("fodp", OPEN + "presentation-flat-xml"),
    ],
)
def test_what_a_speaker_noted_stands_behind_the_slides(
    converter: OfficeConverter, inspector: ProbedJail, extension: str, detected_type: str
) -> None:
    saving = SCRIPT.replace("document.pdf", f"saved/document.{extension}")
    saving = saving.replace("--outdir out", "--outdir out/saved")
    program = ("/bin/sh", "-c", saving, "document.fodp", PROFILE, extension)
    made = run_confined(program, slides(notes="Said aloud"), Walls(), folders=FOLDERS)

    found = inspector.inspect(made, "", f"a.{extension}")
    rendition = converter.render(made, detected_type, has_notes=True)

    assert "office_speaker_notes" in found.findings
    assert "Hej" in rendition.pages[0].text
    assert ["Said aloud" in page.text for page in rendition.pages] == [False, False, True, True]


@pytest.mark.office
@pytest.mark.parametrize(
    ("content", "kind", "words"),
    [
        (flat(), "text", "A letter."),
        (flat(kind="spreadsheet"), "spreadsheet", "A letter."),
        (slides(), "presentation", "Hej"),
        (slides("drawing", "graphics"), "graphics", "Hej"),
    ],
)
def test_opendocument_in_one_xml_file_is_laid_out(
    converter: OfficeConverter, inspector: ProbedJail, content: bytes, kind: str, words: str
) -> None:
    found = inspector.inspect(content, "", "")
    rendition = converter.render(content, found.detected_type)

    assert found.detected_type == f"{OPEN}{kind}-flat-xml"
    assert (rendition.reason, words in rendition.pages[0].text) == ("", True)


@pytest.mark.parametrize(
    ("content", "detected_type"),
    [
        (docx(HELLO), "application/vnd.ms-word.document.macroenabled.12"),
        (docx(HELLO), "application/vnd.ms-word.template.macroenabled.12"),
        (workbook([["Hej", "7"]]), "application/vnd.ms-excel.sheet.macroenabled.12"),
    ],
)
def test_kind_with_macros_has_a_copy_of_its_words_at_least(
    jail: ProbedJail, content: bytes, detected_type: str
) -> None:
    assert detected_type in EXTENSIONS
    rendition = WithoutLibreOffice(jail).render(content, detected_type)

    assert (rendition.reason, "Hej" in rendition.pages[0].text) == ("layout_not_available", True)


@pytest.mark.office
def test_comments_and_changes_reach_the_reader(converter: OfficeConverter) -> None:
    change = "<w:{0} w:id='1' w:author='Eva'><w:r><w:{1}>{2}</w:{1}></w:r></w:{0}>".format
    body = (
        "<w:p><w:r><w:t xml:space='preserve'>They are </w:t></w:r>"
        f"{change('del', 'delText', '25')}{change('ins', 't', '17')}"
        "<w:r><w:t xml:space='preserve'> years</w:t><w:commentReference w:id='0'/></w:r></w:p>"
    )

    rendition = converter.render(docx(body, comment="Send nothing there"), DOCX)

    page = rendition.pages[0]
    assert rendition.unseen == ("office_tracked_changes", "office_comments")
    assert (rendition.reason, rendition.is_complete) == ("office_tracked_changes", False)
    assert page.text.startswith("They are 17 years\n")
    assert page.text.endswith("\nEva, 11/20/26: Send nothing there")
    colours = {colour for _, colour in shown(rendition).getcolors(100_000) or ()}
    assert colours >= {(0xC0, 0, 1), (0, 0x60, 1)}


@pytest.mark.office
def test_words_of_right_to_left_scripts_are_spelled_as_written(converter: OfficeConverter) -> None:
    written = "السلام لأن الآن می\u200cخواهم نامه\u200cها"

    text = converter.render(docx(f"<w:p><w:r><w:t>{written}</w:t></w:r></w:p>"), DOCX).pages[0].text

    assert text.split() == written.split()


@pytest.mark.office
def test_narrow_columns_are_drawn_wider_and_hidden_rows_stay_hidden(
    converter: OfficeConverter,
) -> None:
    content = workbook(
        [
            ["Sum", "123456789012"],
            ["A long name of somebody", "7"],
            ["Hidden", "8"],
            ["B" * 90, "9"],
        ],
        columns="<col min='1' max='2' width='4' customWidth='1'/>",
        hidden_row=2,
    )

    rendition = converter.render(content, XLSX)

    text = rendition.pages[0].text
    assert "123456789012" in text
    assert "A long name of somebody" in text
    assert text.count("B") == 90
    assert "###" not in text
    assert "Hidden" not in text
    assert rendition.unseen == ("office_hidden_cells",)


@pytest.mark.office
@pytest.mark.parametrize("kind", [OfficeConverter, WithoutLibreOffice])
def test_pages_that_nobody_sees_are_not_drawn_large(
    make_jail: MakeJail, kind: type[OfficeConverter]
) -> None:
    watched = Watched(make_jail(Limits()))

    rendition = kind(watched).render(docx(HELLO), DOCX, dpi=100)

    assert watched.asked == [MIN_DPI, 100]
    assert [page.dpi for page in rendition.pages] == [100]
    looked, drew = watched.times
    assert looked is drew is not None


@pytest.mark.office
def test_letters_without_a_font_are_told(converter: OfficeConverter) -> None:
    # A sign of Chinese names so rare that no font of Debian has it.
    content = docx("<w:p><w:r><w:t>Hej \U00030000\U00030001</w:t></w:r></w:p>")

    rendition = converter.render(content, DOCX)

    assert (rendition.reason, rendition.is_complete) == ("script_not_drawn", False)


@pytest.mark.office
def test_links_to_files_and_pages_lead_nowhere(converter: OfficeConverter) -> None:
    field = (
        "<w:p><w:r><w:fldChar w:fldCharType='begin'/></w:r><w:r><w:instrText>INCLUDETEXT "
        "\"file:///etc/passwd\"</w:instrText></w:r><w:r><w:fldChar w:fldCharType='end'/></w:r>"
        "</w:p>"
    )

    text = converter.render(docx(field + HELLO), DOCX).pages[0].text

    assert "root" not in text
    assert "Hej" in text


@pytest.mark.office
def test_file_that_takes_too_long_is_shown_as_words(jail: ProbedJail) -> None:
    impatient = OfficeConverter(jail, Walls(wall_seconds=0.05))

    assert impatient.render(docx(HELLO), DOCX).reason == "layout_not_available"


def test_words_are_shown_where_libreoffice_is_missing(jail: ProbedJail) -> None:
    rendition = WithoutLibreOffice(jail).render(docx(HELLO), DOCX)

    assert (rendition.reason, rendition.pages[0].text) == ("layout_not_available", "Hej\n")


def test_bomb_is_not_given_to_libreoffice(jail: ProbedJail) -> None:
    class Counting(OfficeConverter):
        def _convert(self, *_: object, has_notes: bool) -> bytes:
            raise AssertionError("it was given to LibreOffice")

    assert Counting(jail).render(laughing(), DOCX).reason == "xml_entities"


def test_old_word_file_has_no_words_without_libreoffice(jail: Jail) -> None:
    rendition = WithoutLibreOffice(jail).render(b"\xd0\xcf\x11\xe0", "application/msword")

    assert (rendition.pages, rendition.reason) == ((), "type_not_rendered")

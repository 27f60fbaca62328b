"""Hold that a copy says what it does not show, and that its text says what is seen."""

import random
import zlib

import pytest

from intake.sandbox import Duty, Rendition
from intake.sandbox.formats.pdf import inspect_pdf
from intake.sandbox.protocol.rendition import MAX_SIDE_PIXELS
from tests.intake.sandbox.conftest import ProbedJail
from tests.intake.sandbox.render.shown import shown
from tests.samples.files.pdf_bombs import billion_fields
from tests.samples.files.pdf_writing import one_page, stream

DUTIES = (Duty.PICTURES,)
PDF = "application/pdf"
HELVETICA = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>>>"
MISSING = "pdf_picture_missing"
FLATE = b"/BitsPerComponent 8/Filter/FlateDecode"
WRITING = b"BT /F 24 Tf 72 700 Td (On the page) Tj ET"
LAYER = b"<</Type/OCG/Name(Notes)>>"
LAYERED = WRITING + b" /OC /L BDC BT /F 24 Tf 72 600 Td (Switched) Tj ET EMC"


def noted(*annotations: bytes, catalogue: bytes = b"") -> bytes:
    """Return a PDF of one page with annotations."""
    numbers = b" ".join(b"%d 0 R" % (5 + at) for at in range(len(annotations)))
    content = one_page(
        WRITING,
        resources=HELVETICA,
        entries=b"/Annots[%s]" % numbers,
        others={5 + at: written for at, written in enumerate(annotations)},
    )
    return content.replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R%s>>" % catalogue)


def note(kind: bytes, words: bytes) -> bytes:
    """Return an annotation of a kind with words."""
    return b"<</Type/Annot/Subtype/%s/Rect[400 700 420 720]/Contents(%s)/T(Eva)>>" % (kind, words)


def layered(default: bytes, layer: bytes = LAYER) -> bytes:
    """Return a PDF with one line on a layer, whose default state is given."""
    properties = HELVETICA + b"/Properties<</L 5 0 R>>"
    content = one_page(LAYERED, resources=properties, others={5: layer})
    catalogue = b"/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<<%s>>>>>>" % default
    return content.replace(b"/Pages 2 0 R>>", catalogue)


def test_form_without_end_costs_only_what_is_filled_in(jail: ProbedJail) -> None:
    content = billion_fields()

    rendition = jail.render(content, PDF)

    assert told(rendition) == ("pdf_form_not_drawn", False)
    assert "pdf_form_not_drawn" in inspect_pdf(content).findings


def told(rendition: Rendition) -> tuple[str, bool]:
    """Return the reason of a rendition and whether it is whole."""
    return rendition.reason, rendition.is_complete


@pytest.mark.parametrize("kind", [b"Text", b"Highlight", b"Ink", b"Stamp"])
def test_words_of_a_note_stand_below_the_page(jail: ProbedJail, kind: bytes) -> None:
    content = noted(note(kind, b"Call only at noon"))

    rendition = jail.render(content, PDF)

    page = rendition.pages[0]
    assert told(rendition) == ("pdf_notes", False)
    assert page.text.startswith("On the page\n")
    assert page.text.endswith("Eva: Call only at noon")
    assert page.height > 1650
    assert "pdf_notes" in inspect_pdf(content).findings
    [below] = [word for word in page.words if word[4] == "noon"]
    assert 1650 < below[1] < below[3] <= page.height
    assert min(shown(rendition).crop(below[:4]).convert("L").tobytes()) < 60


@pytest.mark.parametrize(
    "annotation",
    [note(b"Text", b"  "), note(b"Link", b"A link"), note(b"Highlight", b"On the page")],
)
def test_annotation_that_hides_no_words_leaves_the_copy_whole(
    jail: ProbedJail, annotation: bytes
) -> None:
    assert told(jail.render(noted(annotation), PDF)) == ("", True)


def test_notes_beyond_measure_end_within_the_limits_of_a_page(jail: ProbedJail) -> None:
    rendition = jail.render(noted(*[note(b"Text", b"word " * 700)] * 300), PDF)

    assert told(rendition) == ("pdf_notes", False)
    assert rendition.pages[0].height <= MAX_SIDE_PIXELS


def test_what_is_filled_in_is_in_the_text(jail: ProbedJail) -> None:
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V(Kim Berg)/Rect[72 500 300 530]"
        b"/DA(/F 12 Tf 0 g)/AP<</N 6 0 R>>/P 3 0 R>>"
    )
    look = stream(
        b"/Tx BMC BT /F 12 Tf 2 8 Td (Kim Berg) Tj ET EMC",
        b"/Type/XObject/Subtype/Form/BBox[0 0 228 30]/Resources<<%s>>" % HELVETICA,
    )
    content = one_page(
        WRITING, resources=HELVETICA, entries=b"/Annots[5 0 R]", others={5: field, 6: look}
    ).replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>")

    rendition = jail.render(content, PDF)

    page = rendition.pages[0]
    assert told(rendition) == ("", True)
    assert page.text.split() == ["On", "the", "page", "Kim", "Berg"]
    left, top, right, bottom, _ = next(word for word in page.words if word[4] == "Berg")
    assert min(shown(rendition).crop((left, top, right, bottom)).convert("L").tobytes()) < 60


def with_look(value: bytes, look: bytes, *, entries: bytes = b"", place: bytes = b"") -> bytes:
    """Return a form whose one field is drawn by `look`, whatever its value is."""
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(phone)/V(%s)/Rect[%s]/AP<</N 6 0 R>>/P 3 0 R%s>>"
    drawn = stream(look, b"/Type/XObject/Subtype/Form/BBox[0 0 228 30]/Resources<<%s>>" % HELVETICA)
    others = {5: field % (value, place or b"72 500 300 530", entries), 6: drawn}
    content = one_page(WRITING, resources=HELVETICA, entries=b"/Annots[5 0 R]", others=others)
    form = b"/Pages 2 0 R/AcroForm<</Fields[5 0 R]>>>>"
    return content.replace(b"/Pages 2 0 R>>", form)


@pytest.mark.parametrize(
    "look", [b"", b"/Tx BMC EMC", b"q 0 0 228 30 re W n Q", b"BT /F 12 Tf 2 8 Td ( ) Tj ET"]
)
def test_value_of_which_nothing_is_drawn_stands_below_the_page(
    jail: ProbedJail, look: bytes
) -> None:
    # What stands elsewhere on the page is not what the field shows.
    for value in (b"Kim Berg 0701740605", b"page"):
        rendition = jail.render(with_look(value, look), PDF)

        page = rendition.pages[0]
        assert told(rendition) == ("pdf_values_missing", False)
        assert f"phone: {value.decode()}" in page.text
        assert page.height > 1650


def test_value_that_is_drawn_otherwise_leaves_the_copy_whole(jail: ProbedJail) -> None:
    content = with_look(b"1234.5", b"BT /F 12 Tf 2 8 Td (1 234,50 kr) Tj ET")

    rendition = jail.render(content, PDF)

    assert told(rendition) == ("", True)
    assert "1234.5" not in rendition.pages[0].text


@pytest.mark.parametrize("entries", [b"/F 2", b"/Ff 8192"])
def test_value_that_is_not_to_be_seen_is_no_lost_one(jail: ProbedJail, entries: bytes) -> None:
    assert told(jail.render(with_look(b"x1", b"", entries=entries), PDF)) == ("", True)
    assert told(jail.render(with_look(b"x1", b"", place=b"0 0 0 0"), PDF)) == ("", True)


def filled_in(value: str, *, entries: bytes = b"") -> bytes:
    """Return a form whose one value has no look of its own and a font of Latin letters."""
    written = (b"\xfe\xff" + value.encode("utf-16-be")).hex().encode()
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(name)/V<%s>/Rect[72 500 400 530]"
        b"/DA(/F 12 Tf 0 g)/P 3 0 R%s>>" % (written, entries)
    )
    form = b"/AcroForm<</Fields[5 0 R]/NeedAppearances true/DA(/F 12 Tf 0 g)/DR<<%s>>>>"
    return one_page(
        WRITING, resources=HELVETICA, entries=b"/Annots[5 0 R]", others={5: field}
    ).replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R%s>>" % (form % HELVETICA))


@pytest.mark.parametrize("value", ["Олена Коваль", "ليلى حداد", "ሰላም ተስፋይ", "มาลี", "Trần Thị Bình"])
def test_value_that_the_font_of_a_form_lacks_stands_below_the_page(
    jail: ProbedJail, value: str
) -> None:
    rendition = jail.render(filled_in(value), PDF)

    page = rendition.pages[0]
    assert told(rendition) == ("pdf_values_missing", False)
    assert f"name: {value}" in page.text
    assert page.height > 1650
    [below] = [word for word in page.words if word[4] == "name:"]
    assert 1650 < below[1] < below[3] <= page.height


@pytest.mark.parametrize("value", ["Kim Berg", "Åsa Öberg", "René 25 m²", "2026-11-30", ""])
def test_value_that_is_drawn_leaves_the_copy_whole(jail: ProbedJail, value: str) -> None:
    rendition = jail.render(filled_in(value), PDF)

    assert told(rendition) == ("", True)
    assert rendition.pages[0].text.split() == ["On", "the", "page", *value.split()]


def test_field_that_is_not_to_be_seen_says_nothing(jail: ProbedJail) -> None:
    for entries in (b"/F 2", b"/Ff 8192"):
        assert told(jail.render(filled_in("Олена", entries=entries), PDF))[0] == ""


@pytest.mark.parametrize("default", [b"/OFF[5 0 R]", b"/BaseState/OFF"])
def test_words_of_a_layer_that_is_off_are_left_out(jail: ProbedJail, default: bytes) -> None:
    content = layered(default)

    rendition = jail.render(content, PDF)

    assert told(rendition) == ("pdf_layers_off", False)
    assert rendition.pages[0].text.split() == ["On", "the", "page"]
    assert "pdf_layers_off" in inspect_pdf(content).findings


@pytest.mark.parametrize(
    ("usage", "default", "is_off"),
    [
        (b"/View<</ViewState/OFF>>", b"", True),
        (b"/View<</ViewState/OFF>>", b"/ON[5 0 R]", True),
        (b"/View<</ViewState/ON>>", b"/OFF[5 0 R]", False),
        (b"/Print<</PrintState/OFF>>", b"", False),
    ],
)
def test_a_layer_is_off_by_its_usage_as_in_the_picture(
    jail: ProbedJail, usage: bytes, default: bytes, *, is_off: bool
) -> None:
    content = layered(default, layer=LAYER.replace(b">>", b"/Usage<<%s>>>>" % usage, 1))

    rendition = jail.render(content, PDF)

    assert ("Switched" in rendition.pages[0].text) is not is_off
    assert told(rendition) == (("pdf_layers_off", False) if is_off else ("", True))


def test_words_of_a_form_on_a_layer_that_is_off_are_left_out(jail: ProbedJail) -> None:
    several = b"<</Type/OCMD/OCGs[5 0 R]>>"
    entries = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/OC %s/Resources<<%s>>"
    form = stream(b"BT /F 24 Tf 72 600 Td (Switched) Tj ET", entries % (several, HELVETICA))
    content = one_page(
        WRITING + b" /X Do",
        resources=HELVETICA + b"/XObject<</X 6 0 R>>",
        others={5: LAYER, 6: form},
    ).replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R/OCProperties<</OCGs[5 0 R]/D<</OFF[5 0 R]>>>>>>")

    assert jail.render(content, PDF).pages[0].text.split() == ["On", "the", "page"]


@pytest.mark.parametrize("default", [b"/ON[5 0 R]", b"/BaseState/OFF/ON[5 0 R]", b""])
def test_words_of_a_layer_that_is_on_are_read(jail: ProbedJail, default: bytes) -> None:
    rendition = jail.render(layered(default), PDF)

    assert told(rendition) == ("", True)
    assert "Switched" in rendition.pages[0].text


def test_words_beyond_the_visible_page_are_left_out_and_told(jail: ProbedJail) -> None:
    shown_and_cut = WRITING + b" BT /F 24 Tf 72 40 Td (Cut) Tj ET"
    content = one_page(shown_and_cut, resources=HELVETICA, entries=b"/CropBox[0 400 612 792]")

    rendition = jail.render(content, PDF)

    assert told(rendition) == ("pdf_page_cut", False)
    assert rendition.pages[0].text.split() == ["On", "the", "page"]


def test_words_that_nobody_sees_are_told(jail: ProbedJail) -> None:
    content = one_page(
        WRITING + b" BT /F 24 Tf 3 Tr 72 600 Td (Without a shape) Tj ET", resources=HELVETICA
    )

    rendition = jail.render(content, PDF)

    assert told(rendition) == ("pdf_glyphs_missing", False)
    # They stand in the text, so that they are not lost.
    assert "Without a shape" in rendition.pages[0].text


def pictured(data: bytes, coding: bytes) -> bytes:
    """Return a PDF with a picture of 64 by 64 pixels in one channel."""
    entries = b"/Type/XObject/Subtype/Image/Width 64/Height 64/ColorSpace/DeviceGray" + coding
    resources = HELVETICA + b"/XObject<</I 5 0 R>>"
    drawn = WRITING + b" q 200 0 0 200 100 300 cm /I Do Q"
    return one_page(drawn, resources=resources, others={5: stream(data, entries)})


@pytest.mark.parametrize(
    ("data", "coding", "reason"),
    [
        (random.Random(1).randbytes(2000), b"/BitsPerComponent 1/Filter/JBIG2Decode", MISSING),
        (random.Random(1).randbytes(2000), b"/Filter/JPXDecode", MISSING),
        (zlib.compress(random.Random(1).randbytes(4096)), FLATE, ""),
        (zlib.compress(bytes(4096)), FLATE, ""),
        (bytes(4096), b"/BitsPerComponent 8", ""),
    ],
)
def test_picture_that_cannot_be_drawn_is_told(
    jail: ProbedJail, data: bytes, coding: bytes, reason: str
) -> None:
    assert jail.render(pictured(data, coding), PDF).reason == reason


@pytest.mark.parametrize("form", [b"/XFA(x)", b"/XFA(x)/Fields[]"])
def test_form_that_only_another_program_draws_is_told(jail: ProbedJail, form: bytes) -> None:
    content = noted(catalogue=b"/AcroForm<<%s>>" % form)

    assert told(jail.render(content, PDF)) == ("pdf_xfa_only", False)
    assert "pdf_xfa_only" in inspect_pdf(content).findings


def test_copy_of_a_portfolio_is_not_whole(jail: ProbedJail) -> None:
    content = noted(catalogue=b"/Collection<</Type/Collection>>")

    assert told(jail.render(content, PDF)) == ("pdf_embedded_files", False)


@pytest.mark.parametrize("word", ["anna@region.example", "A1234567", "26-123456", "a.b/c_d-e"])
def test_latin_word_in_an_arabic_line_is_read_as_written(jail: ProbedJail, word: str) -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName/X def "
        b"1 begincodespacerange <00> <FF> endcodespacerange "
        b"3 beginbfchar <41> <0633> <42> <0644> <43> <0645> endbfchar endcmap end end"
    )
    helvetica = b"/Type/Font/Subtype/Type1/BaseFont/Helvetica"
    fonts = b"/Font<</F<<%s/ToUnicode 5 0 R>>/G<<%s>>>>" % (helvetica, helvetica)
    arabic = b"/F 24 Tf (CBACBA CBACBA) Tj"
    latin = b"/G 12 Tf ( %s ) Tj" % word.encode()
    drawn = b"BT 72 700 Td %s %s %s ET" % (arabic, latin, arabic)

    page = jail.render(one_page(drawn, resources=fonts, others={5: stream(cmap)}), PDF).pages[0]

    assert page.text.split() == ["سلمسلم", "سلمسلم", word, "سلمسلم", "سلمسلم"]
    assert word in [each[4] for each in page.words]


def test_letters_of_an_arabic_ligature_are_read_as_written(jail: ProbedJail) -> None:
    cmap = (
        b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName/X def "
        b"1 begincodespacerange <00> <FF> endcodespacerange "
        b"3 beginbfchar <41> <0633> <42> <06440627> <43> <0645> endbfchar endcmap end end"
    )
    font = b"/Font<</F<</Type/Font/Subtype/Type1/BaseFont/Helvetica/ToUnicode 5 0 R>>>>"
    # As it is drawn, from left to right: meem, one glyph of lam and alef, seen.
    drawn = b"BT /F 24 Tf 72 700 Td (CBA) Tj ET"
    content = one_page(drawn, resources=font, others={5: stream(cmap)})

    page = jail.render(content, PDF).pages[0]

    assert page.text == "سلام"
    assert [word[4] for word in page.words] == ["سلام"]

"""Hold that a form's fields are read, and that a form built to be endless ends."""

import io
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Dictionary, Name, String

from intake.sandbox.checks.pdf import read_pdf_facts
from intake.sandbox.formats import pdf_forms
from intake.sandbox.formats.pdf_forms import read_pdf_facts as read_inside
from intake.sandbox.protocol import pdf as pdf_facts
from intake.sandbox.protocol.frames import pack, unpack
from intake.sandbox.protocol.pdf import FormField
from tests.intake.sandbox import samples

Fill = Callable[[pikepdf.Pdf], Array]


def form(fill: Fill, **entries: object) -> bytes:
    """Return a PDF of one A4 page with the fields that `fill` makes."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(595.28, 841.89))
        pdf.Root.AcroForm = pdf.make_indirect(Dictionary(Fields=fill(pdf)))
        for name, value in entries.items():
            pdf.Root.AcroForm[f"/{name}"] = value
        target = io.BytesIO()
        pdf.save(target)
        return target.getvalue()


def flat(*fields: Dictionary) -> bytes:
    """Return a PDF with these fields on the top level."""
    return form(lambda pdf: Array([pdf.make_indirect(field) for field in fields]))


def text_field(name: str, value: str) -> Dictionary:
    """Return a text field."""
    return Dictionary(FT=Name.Tx, T=String(name), V=String(value))


KINDS: list[tuple[Dictionary, tuple[FormField, ...]]] = [
    (text_field("language", "Arabiska"), (FormField("language", "text", "Arabiska"),)),
    (text_field("språk", "العربية"), (FormField("språk", "text", "العربية"),)),
    (text_field("note", "a\r\nb"), (FormField("note", "text", "a\nb"),)),
    (text_field("a\u202eb", "x\u202ey\0z"), (FormField("ab", "text", "xyz"),)),
    (Dictionary(FT=Name.Tx, T=String("empty")), (FormField("empty", "text", ""),)),
    (
        Dictionary(FT=Name.Tx, T=String("pin"), Ff=1 << 13, V=String("secret")),
        (FormField("pin", "text", ""),),
    ),
    (
        Dictionary(FT=Name.Btn, T=String("escort"), V=Name.Yes),
        (FormField("escort", "checkbox", "Yes"),),
    ),
    (
        Dictionary(FT=Name.Btn, T=String("escort"), V=Name.Off),
        (FormField("escort", "checkbox", ""),),
    ),
    (
        Dictionary(FT=Name.Btn, T=String("consent"), Ff=1 << 15, V=Name("/Nej")),
        (FormField("consent", "radio", "Nej"),),
    ),
    (Dictionary(FT=Name.Btn, T=String("send"), Ff=1 << 16), ()),
    (
        Dictionary(FT=Name.Ch, T=String("country"), V=Array([String("Irak"), String("Sudan")])),
        (FormField("country", "choice", "Irak, Sudan"),),
    ),
    (
        Dictionary(FT=Name.Sig, T=String("signed"), V=Dictionary(Type=Name.Sig)),
        (FormField("signed", "signature", "signed"),),
    ),
    (Dictionary(FT=Name.Sig, T=String("signed")), (FormField("signed", "signature", ""),)),
    (Dictionary(T=String("no kind"), V=String("x")), ()),
    (Dictionary(FT=Name.Tx, V=String("no name")), ()),
    (Dictionary(FT=Name.Tx, T=Name.Odd, V=3), ()),
]


@pytest.mark.parametrize(("field", "expected"), KINDS)
def test_field_is_read_by_its_kind(field: Dictionary, expected: tuple[FormField, ...]) -> None:
    facts = read_inside(flat(field))

    assert facts.fields == expected
    assert facts.reason == ""


def test_names_are_joined_and_kind_and_value_are_inherited() -> None:
    def fill(pdf: pikepdf.Pdf) -> Array:
        widget = Dictionary(Subtype=Name.Widget)
        adults = Dictionary(T=String("adults"), Kids=Array([pdf.make_indirect(widget)]))
        children = Dictionary(T=String("children"), V=String("2"))
        kids = Array([pdf.make_indirect(adults), pdf.make_indirect(children)])
        top = Dictionary(FT=Name.Tx, T=String("persons"), V=String("1"), Kids=kids)
        return Array([pdf.make_indirect(top)])

    facts = read_inside(form(fill))

    assert facts.fields == (
        FormField("persons.adults", "text", "1"),
        FormField("persons.children", "text", "2"),
    )


def test_form_with_a_loop_ends_and_says_so() -> None:
    def fill(pdf: pikepdf.Pdf) -> Array:
        field = pdf.make_indirect(Dictionary(FT=Name.Tx, T=String("a"), Kids=Array([])))
        field.Kids.append(field)
        return Array([field])

    facts = read_inside(form(fill))

    assert facts.reason == "form_with_a_loop"


def test_form_that_goes_too_deep_is_left_there() -> None:
    def fill(pdf: pikepdf.Pdf) -> Array:
        field = pdf.make_indirect(text_field("leaf", "x"))
        for _ in range(pdf_forms.MAX_DEPTH + 1):
            field = pdf.make_indirect(Dictionary(T=String("n"), Kids=Array([field])))
        return Array([field])

    facts = read_inside(form(fill))

    assert facts.fields == ()
    assert facts.reason == "form_too_deep"


def test_too_many_fields_are_cut_and_said() -> None:
    many = [text_field(f"f{number}", "x") for number in range(pdf_facts.MAX_FIELDS + 1)]

    facts = read_inside(flat(*many))

    assert len(facts.fields) == pdf_facts.MAX_FIELDS
    assert facts.reason == "too_many_fields"


def test_form_with_too_many_places_is_left_after_the_limit() -> None:
    def fill(pdf: pikepdf.Pdf) -> Array:
        return Array([Dictionary(FT=Name.Tx)] * (pdf_forms.MAX_NODES + 1))

    facts = read_inside(form(fill))

    assert facts.reason == "too_many_fields"


def test_names_and_values_are_cut_to_their_limits() -> None:
    [field] = read_inside(flat(text_field("n" * 5000, "v" * 50_000))).fields

    assert len(field.name) == pdf_facts.MAX_NAME_CHARS
    assert len(field.value) == pdf_facts.MAX_VALUE_CHARS


def test_value_in_a_stream_is_not_unpacked() -> None:
    def fill(pdf: pikepdf.Pdf) -> Array:
        field = Dictionary(FT=Name.Tx, T=String("long"), V=pdf.make_stream(b"x" * 100))
        return Array([pdf.make_indirect(field)])

    facts = read_inside(form(fill))

    assert facts.fields == (FormField("long", "text", ""),)
    assert facts.reason == "value_in_a_stream"


@pytest.mark.parametrize("fields", [String("x"), Dictionary(), Array([1, Name.X, Array([])])])
def test_form_that_is_none_has_no_fields(fields: object) -> None:
    facts = read_inside(samples.pdf(AcroForm=Dictionary(Fields=fields)))

    assert facts.fields == ()


def test_pages_have_their_sizes_as_shown() -> None:
    with pikepdf.new() as pdf:
        for _ in range(4):
            pdf.add_blank_page(page_size=(595.28, 841.89))
        pdf.pages[1].obj.Rotate = 90
        pdf.pages[2].obj.CropBox = Array([0, 0, 242.65, 153.01])
        pdf.pages[3].obj.MediaBox = Array([0, 0, 0, 0])
        target = io.BytesIO()
        pdf.save(target)

    facts = read_inside(target.getvalue())

    assert facts.page_sizes_mm == ((210.0, 297.0), (297.0, 210.0), (85.6, 54.0), None)


def test_only_the_first_pages_are_measured() -> None:
    with pikepdf.new() as pdf:
        for _ in range(pdf_facts.MAX_SIZED_PAGES + 5):
            pdf.add_blank_page()
        target = io.BytesIO()
        pdf.save(target)

    assert len(read_inside(target.getvalue()).page_sizes_mm) == pdf_facts.MAX_SIZED_PAGES


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (samples.locked_pdf(user="user"), "password_needed"),
        (b"", "pdf_cannot_be_opened"),
        (b"%PDF-1.7\n" + b"(" * 10_000, "pdf_cannot_be_opened"),
        (samples.picture("PNG"), "pdf_cannot_be_opened"),
    ],
)
def test_what_does_not_open_has_a_reason(content: bytes, reason: str) -> None:
    facts = read_inside(content)

    assert (facts.fields, facts.page_sizes_mm, facts.reason) == ((), (), reason)


def test_answer_survives_the_way_to_the_host() -> None:
    content = flat(text_field("language", "Tigrinja"))

    head, blobs = pdf_forms.form_fields({}, [content])
    received, _ = unpack(b"".join(pack(head, blobs)))

    assert read_pdf_facts(received) == read_inside(content)

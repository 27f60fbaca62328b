"""Make the files that honest people send, of every allowed kind: none of them may be flagged.

`benign` yields name, claimed type and content of each. They hold what honest files hold: links,
fields, forms, charts, templates, remarks, places in photos, films behind photos.
"""

import io
import struct
from collections.abc import Iterator

import pikepdf
import pillow_heif
from pikepdf import Array, Dictionary, Name, String
from PIL import Image, ImageDraw

from tests.samples.files import office
from tests.samples.files.office import docx, field, odt, relationship, xlsx

File = tuple[str, str, bytes]
PDF, TEXT, RTF = "application/pdf", "text/plain", "text/rtf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
ODT = "application/vnd.oasis.opendocument.text"
MAIL = (
    b"Received: from a.example by b.example; Tue, 3 Mar 2026 10:00:00 +0100\r\n"
    b"From: a@example.org\r\nTo: b@example.org\r\nSubject: Re: case\r\nDate: x\r\n"
    b"Message-ID: <1@example.org>\r\nMIME-Version: 1.0\r\n\r\nHello.\r\n"
)
WEB = "https://www.example.org/forms?id=1&x=2"


def benign() -> Iterator[File]:
    """Yield every file."""
    yield from documents()
    yield from sheets()
    yield from open_documents()
    yield from rich_texts()
    yield from pdfs()
    yield from pictures()
    yield from texts()


def documents() -> Iterator[File]:
    """Yield Word documents."""
    bodies = {
        "plain": docx(),
        "swedish": docx(text="Ansökan om återvändandebidrag för två barn, åäö."),
        "arabic": docx(text="طلب المساعدة على العودة"),
        "page_numbers": docx(field("PAGE \\* MERGEFORMAT") + field("NUMPAGES")),
        "contents": docx(field('TOC \\o "1-3" \\h \\z \\u', pieces=4)),
        "merge": docx(field("MERGEFIELD Name") + field('IF 1 = 1 "yes" "no"')),
        "link": docx(field(f'HYPERLINK "{WEB}"'), relationships=relationship("hyperlink", WEB)),
        "mail_link": docx(relationships=relationship("hyperlink", "mailto:a@example.org")),
        "words": docx(text="The DDE link and the macro VBAPROJECT are explained in the manual."),
        "own_template": docx(
            members={"word/_rels/settings.xml.rels": _rels("attachedTemplate", LOCAL_TEMPLATE)}
        ),
        "picture": docx(members={"word/media/image1.png": picture("PNG")}),
        "chart": docx(members={"word/embeddings/Microsoft_Excel_Sheet1.xlsx": xlsx()}),
        "signed_by_stamp": docx(members={"docProps/thumbnail.jpeg": picture("JPEG")}),
    }
    yield from ((f"{name}.docx", DOCX, content) for name, content in bodies.items())
    yield "from_windows.docx", "application/msword", docx()


LOCAL_TEMPLATE = "file:///C:\\Users\\anna\\AppData\\Roaming\\Microsoft\\Templates\\Letter.dotx"


def sheets() -> Iterator[File]:
    """Yield workbooks."""
    yield "plain.xlsx", XLSX, xlsx()
    yield "sum.xlsx", XLSX, xlsx("<c><f>SUM(B1:C1)*2</f><v>4</v></c><c><v>1</v></c>")
    yield "text.xlsx", XLSX, xlsx("<c t='inlineStr'><is><t>a | b ! =c</t></is></c>")
    yield "other_sheet.xlsx", XLSX, xlsx("<c><f>'Two words'!A1</f><v>1</v></c>")
    yield "link.xlsx", XLSX, xlsx(relationships=relationship("hyperlink", WEB))
    printer = {"xl/printerSettings/printerSettings1.bin": bytes(200)}
    yield "printed.xlsx", XLSX, xlsx(members=printer)
    yield "many.xlsx", XLSX, xlsx("<c><v>1</v></c>" * 20_000)


def open_documents() -> Iterator[File]:
    """Yield OpenDocument texts."""
    yield "plain.odt", ODT, odt()
    link = f'<text:a xlink:href="{WEB.replace("&", "&amp;")}">form</text:a>'
    yield "link.odt", ODT, odt(f"<text:p>{link}</text:p>")
    image = '<draw:image xlink:href="Pictures/1.png"/>'
    yield "picture.odt", ODT, odt(image, members={"Pictures/1.png": picture("PNG")})
    chart = '<draw:object xlink:href="./Object 1"/>'
    yield "chart.odt", ODT, odt(chart, members={"Object 1/content.xml": "<a/>"})
    old = '<!DOCTYPE manifest:manifest PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "M.dtd">'
    manifest = f'{office.HEAD}{old}<manifest:manifest xmlns:manifest="x"/>'
    yield "old_manifest.odt", ODT, odt(members={"META-INF/manifest2.xml": manifest})


def rich_texts() -> Iterator[File]:
    """Yield RTF documents."""
    yield "plain.rtf", RTF, b"{\\rtf1\\ansi Hello \\b world\\b0 .\\par}"
    yield "from_windows.rtf", "application/msword", b"{\\rtf1\\ansi\\'e5\\'e4\\'f6\\par}"
    link = b'{\\rtf1{\\field{\\*\\fldinst HYPERLINK "https://example.org/DDE"}{\\fldrslt form}}}'
    yield "link.rtf", RTF, link
    template = b"{\\rtf1{\\*\\template C:\\\\Users\\\\anna\\\\Normal.dotm}Hello\\par}"
    yield "template.rtf", "application/rtf", template
    yield "manual.rtf", RTF, b"{\\rtf1 The words \\\\object and \\\\objdata are explained.\\par}"
    yield "picture.rtf", RTF, b"{\\rtf1{\\pict\\pngblip " + picture("PNG").hex().encode() + b"}}"


def pdfs() -> Iterator[File]:
    """Yield PDFs."""
    entries: dict[str, dict[str, object]] = {
        "plain": {},
        "opens_at_page": {"OpenAction": Array([0, Name.Fit])},
        "opens_at_name": {"OpenAction": String("chapter1")},
        "opens_by_action": {"OpenAction": Dictionary(S=Name.GoTo, D=Array([0, Name.Fit]))},
        "form": {"AcroForm": Dictionary(Fields=Array([_text_field()]), NeedAppearances=True)},
        "language": {"Lang": String("sv-SE"), "PageMode": Name.UseOutlines},
        "outline": {"Outlines": Dictionary(Type=Name.Outlines, Count=0)},
        "named": {"Names": Dictionary(Dests=Dictionary(Names=Array([])))},
    }
    for name, root in entries.items():
        yield f"{name}.pdf", PDF, pdf(root)
    link = Dictionary(S=Name.URI, URI=String(WEB))
    yield "link.pdf", PDF, pdf({}, annotation=Dictionary(Subtype=Name.Link, A=link))
    remark = Dictionary(Subtype=Name.Text, Contents=String("see /JS and /Launch"))
    yield "remark.pdf", PDF, pdf({}, annotation=remark)
    yield "pages.pdf", PDF, pdf({}, pages=40)
    restricted = pikepdf.Encryption(owner="office", user="")
    yield "restricted.pdf", PDF, pdf({}, encryption=restricted)
    packed = pikepdf.ObjectStreamMode.generate
    yield "packed.pdf", "application/octet-stream", pdf({}, object_stream_mode=packed)


def pictures() -> Iterator[File]:
    """Yield pictures of every allowed format, with what cameras and telephones add."""
    for kind in ("JPEG", "PNG", "TIFF", "WEBP", "GIF"):
        yield f"a.{kind.lower()}", f"image/{kind.lower()}", picture(kind)
    yield "a.heic", "image/heic", picture("HEIF")
    yield "a.avif", "image/avif", picture("AVIF")
    yield "a.bmp", "image/bmp", picture("BMP")
    yield "a.jp2", "image/jp2", picture("JPEG2000")
    yield "a.ico", "image/x-icon", picture("ICO")
    yield "a.pcx", "image/x-pcx", picture("PCX")
    yield "a.tga", "image/x-tga", picture("TGA")
    yield "a.ppm", "image/x-portable-pixmap", picture("PPM")
    yield "telephone.jpg", "image/jpeg", telephone_photo()
    yield "moving.png", "image/png", moving_picture("PNG")
    yield "remark.jpg", "image/jpeg", picture("JPEG", comment=b"CREATOR: a camera")
    yield "photo.jpg", "image/jpeg", picture("JPEG", exif=camera_exif())
    yield "print.jpg", "image/jpg", picture("JPEG", mode="CMYK")
    yield "progressive.jpg", "image/jpeg", picture("JPEG", progressive=True)
    film = b"\0\0\0\x18ftypmp42" + bytes(2000)
    yield "moving.jpg", "image/jpeg", picture("JPEG") + film
    yield "pages.tif", "image/tiff", picture("TIFF", save_all=True, append_images=[page()] * 3)


def texts() -> Iterator[File]:
    """Yield texts in several charsets, tables and mail."""
    letters = {
        "utf-8": "på svenska",
        "utf-8-sig": "på",
        "utf-16": "på",
        "latin-1": "på svenska åäö",
    }
    letters |= {
        "cp1251": "Привет, это письмо о деле",
        "cp1256": "طلب المساعدة",
        "gb18030": "这是一封信",
    }
    for charset, text in letters.items():
        yield f"{charset}.txt", TEXT, (text + "\r\n").encode(charset) * 3
    yield "table.csv", "text/csv", b"name;sum\r\nAnna;-12\r\nBo;=SUM(B1:B2)\r\n"
    yield "from_windows.csv", "application/vnd.ms-excel", b"a,b\r\n1,2\r\n3,4\r\n"
    yield (
        "reply.txt",
        TEXT,
        b"From: a@example.org\nTo: b\nSubject: x\nDate: y\n\nI quote his mail.\n",
    )
    yield "mail.eml", "message/rfc822", MAIL


def pdf(
    root: dict[str, object],
    *,
    pages: int = 1,
    annotation: Dictionary | None = None,
    encryption: pikepdf.Encryption | bool = False,
    object_stream_mode: pikepdf.ObjectStreamMode = pikepdf.ObjectStreamMode.preserve,
) -> bytes:
    """Return a PDF with entries in its catalogue and a remark or link on its first page."""
    with pikepdf.new() as document:
        for _ in range(pages):
            document.add_blank_page()
        for name, value in root.items():
            document.Root[f"/{name}"] = value
        if annotation is not None:
            annotation.Type, annotation.Rect = Name.Annot, Array([0, 0, 9, 9])
            document.pages[0].Annots = Array([document.make_indirect(annotation)])
        target = io.BytesIO()
        document.save(target, encryption=encryption, object_stream_mode=object_stream_mode)
        return target.getvalue()


def page(mode: str = "RGB") -> Image.Image:
    """Return a white page with lines of text on it."""
    image = Image.new("RGB", (900, 1200), "white")
    draw = ImageDraw.Draw(image)
    for line in range(8):
        draw.text((60, 80 + 40 * line), "Application for support, page one of two", fill="black")
    return image.convert(mode)


def telephone_photo() -> bytes:
    """Return a JPEG with a second picture behind it and an index of both (CIPA DC-007)."""
    target = io.BytesIO()
    page().save(target, "MPO", save_all=True, append_images=[page().reduce(4)])
    return target.getvalue()


def moving_picture(kind: str) -> bytes:
    """Return a picture of three frames."""
    target = io.BytesIO()
    frames = [Image.new("RGB", (900, 1200), colour) for colour in ("red", "green", "blue")]
    frames[0].save(target, kind, save_all=True, append_images=frames[1:])
    return target.getvalue()


def animation_cut_off() -> bytes:
    """Return a PNG of three frames, of which the last has no pixels."""
    content = moving_picture("PNG")
    at = content.rindex(b"fdAT") - 4
    size = int.from_bytes(content[at : at + 4], "big")
    return content[:at] + content[at + 12 + size :]


def twelve_bits() -> bytes:
    """Return a TIFF of one grey of 12 bits a sample, half as bright as white (TIFF 6.0)."""
    side = 64
    strip = bytes.fromhex("800800") * (side * side // 2)
    tags = {256: side, 257: side, 258: 12, 259: 1, 262: 1, 273: 8, 278: side, 279: len(strip)}
    entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in tags.items())
    listed = struct.pack("<H", len(tags)) + entries + bytes(4)
    return b"II*\0" + struct.pack("<I", 8 + len(strip)) + strip + listed


def picture(kind: str, *, mode: str = "RGB", **options: object) -> bytes:
    """Return the page in one of Pillow's formats."""
    if kind == "HEIF":
        pillow_heif.register_heif_opener()
    target = io.BytesIO()
    page(mode).save(target, kind, **options)
    return target.getvalue()


def camera_exif() -> bytes:
    """Return what a telephone writes into a photo: its make, the time and the place."""
    exif = Image.Exif()
    exif[0x010F], exif[0x0132] = "Maker", "2026:03:03 10:00:00"
    exif.get_ifd(0x8825)[2] = (60.0, 10.0, 0.0)
    return exif.tobytes()


def _text_field() -> Dictionary:
    return Dictionary(FT=Name.Tx, T=String("name"), V=String(""), Rect=Array([0, 0, 9, 9]))


def _rels(kind: str, target: str) -> str:
    return (
        f'{office.HEAD}<Relationships xmlns="{office.RELATIONSHIPS}">'
        f"{relationship(kind, target)}</Relationships>"
    )

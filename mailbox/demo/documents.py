"""Draw the demo's documents: one-page PDFs by pikepdf, and a specimen passport by Pillow."""

import io
from dataclasses import dataclass, field

import pikepdf
from PIL import ExifTags, Image, ImageDraw, ImageFont

A4 = (595, 842)
MARGIN = 56
EXAMPLE_MARK = "Exempel – påhittade uppgifter"

Rows = list[tuple[str, str]]


@dataclass
class Page:
    """One A4 page that is written from top to bottom; units are points."""

    y: float = A4[1] - 96
    _commands: list[bytes] = field(default_factory=list)

    def heading(self, title: str, subtitle: str) -> None:
        """Write a dark band with the document's title, and the mark that all of it is invented."""
        self._fill(0.16, 0.24, 0.34, 0, A4[1] - 70, A4[0], 70)
        self._text(MARGIN, A4[1] - 38, 17, title, is_bold=True, grey=1)
        self._text(MARGIN, A4[1] - 56, 10, subtitle, grey=1)
        self._fill(0.98, 0.93, 0.80, MARGIN, self.y - 6, A4[0] - 2 * MARGIN, 20)
        self._text(MARGIN + 8, self.y, 10, EXAMPLE_MARK, is_bold=True)
        self.y -= 34

    def section(self, title: str, rows: Rows) -> None:
        """Write a titled list of labels and values, each over a thin rule."""
        self._text(MARGIN, self.y, 12, title, is_bold=True)
        self.y -= 20
        for label, value in rows:
            self._text(MARGIN, self.y, 9, label, grey=0.4)
            self._text(MARGIN + 170, self.y, 10, value)
            self._fill(0.85, 0.87, 0.90, MARGIN, self.y - 6, A4[0] - 2 * MARGIN, 0.6)
            self.y -= 19
        self.y -= 12

    def paragraph(self, lines: list[str]) -> None:
        """Write lines of running text."""
        for line in lines:
            self._text(MARGIN, self.y, 10.5, line)
            self.y -= 15
        self.y -= 10

    def to_pdf(self, title: str) -> bytes:
        """Return the page as a PDF with Helvetica in WinAnsi encoding."""
        pdf = pikepdf.new()
        fonts = {
            name: pikepdf.Dictionary(
                Type=pikepdf.Name.Font,
                Subtype=pikepdf.Name.Type1,
                BaseFont=pikepdf.Name(base),
                Encoding=pikepdf.Name.WinAnsiEncoding,
            )
            for name, base in (("/F1", "/Helvetica"), ("/F2", "/Helvetica-Bold"))
        }
        pdf.add_blank_page(page_size=A4)
        page = pdf.pages[0]
        page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(fonts))
        page.Contents = pdf.make_stream(b"\n".join(self._commands))
        pdf.docinfo["/Title"] = title
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()

    def _text(
        self, x: float, y: float, size: float, text: str, *, is_bold: bool = False, grey: float = 0
    ) -> None:
        font = b"/F2" if is_bold else b"/F1"
        shown = text.encode("cp1252", "replace")
        for special in (b"\\", b"(", b")"):
            shown = shown.replace(special, b"\\" + special)
        self._commands.append(
            b"BT %s %.1f Tf %.2f g %.1f %.1f Td (%s) Tj ET" % (font, size, grey, x, y, shown)
        )

    def _fill(
        self, red: float, green: float, blue: float, x: float, y: float, width: float, height: float
    ) -> None:
        self._commands.append(
            b"%.2f %.2f %.2f rg %.1f %.1f %.1f %.1f re f" % (red, green, blue, x, y, width, height)
        )


def specimen_passport() -> bytes:
    """Draw the data page of a passport of Utopia, ICAO's specimen state, as JPEG.

    Pillow's own font knows ASCII only.
    """
    image = Image.new("RGB", (1180, 830), (226, 232, 226))
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, 1180, 90), fill=(92, 34, 44))
    draw.text((40, 26), "UTOPIA   PASSPORT   SPECIMEN", font=_font(36), fill=(245, 235, 215))
    draw.rectangle((50, 130, 370, 550), fill=(200, 206, 204), outline=(120, 120, 120), width=3)
    draw.ellipse((150, 200, 270, 340), fill=(160, 166, 166))
    draw.pieslice((100, 360, 320, 640), 180, 360, fill=(160, 166, 166))
    fields = (
        ("Surname", "EXEMPELSSON"),
        ("Given names", "EXEMPEL"),
        ("Nationality", "UTOPIAN"),
        ("Date of birth", "12 AUG 1974"),
        ("Passport no.", "L898902C3"),
        ("Date of expiry", "15 APR 2032"),
    )
    for row, (label, value) in enumerate(fields):
        draw.text((420, 130 + row * 72), label, font=_font(18), fill=(90, 90, 90))
        draw.text((420, 152 + row * 72), value, font=_font(30), fill=(20, 20, 20))
    draw.text((420, 575), "SPECIMEN - EXEMPEL", font=_font(28), fill=(170, 30, 30))
    for row, line in enumerate(machine_readable_zone()):
        # Every sign has the same width, as in the font OCR-B.
        for column, sign in enumerate(line):
            place = (62 + column * 24.6, 660 + row * 70)
            draw.text(place, sign, font=_font(29), fill=(10, 10, 10), anchor="ma")
    out = io.BytesIO()
    image.save(out, "JPEG", quality=88)
    return out.getvalue()


def phone_photo() -> bytes:
    """Draw the specimen passport as a telephone takes it: askew, on a table, turned by EXIF."""
    passport = Image.open(io.BytesIO(specimen_passport()))
    table = Image.new("RGB", (1600, 1200), (94, 72, 54))
    askew = passport.convert("RGBA").rotate(4, expand=True, resample=Image.Resampling.BICUBIC)
    table.paste(askew, (170, 130), askew)
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = 8
    out = io.BytesIO()
    # Stored turned to the right; the orientation says how to turn it back.
    table.rotate(-90, expand=True).save(out, "JPEG", quality=85, exif=exif)
    return out.getvalue()


# What its sender would say on the telephone; the demo prints it.
LOCK_PASSWORD = "exempel"  # noqa: S105 - it locks nothing but a made-up file


def locked(content: bytes) -> bytes:
    """Return a PDF that opens with a password only, `LOCK_PASSWORD`."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner=LOCK_PASSWORD, user=LOCK_PASSWORD))
    return out.getvalue()


def machine_readable_zone() -> tuple[str, str]:
    """Return the two lines of 44 signs (ICAO Doc 9303, part 4) with their check digits."""
    number, born, expires, personal = "L898902C3", "740812", "320415", "<" * 14
    first = "P<UTOEXEMPELSSON<<EXEMPEL".ljust(44, "<")
    checked = [part + check_digit(part) for part in (number, born, expires, personal)]
    second = f"{checked[0]}UTO{checked[1]}<{checked[2]}{checked[3]}"
    return first, second + check_digit("".join(checked))


def check_digit(text: str) -> str:
    """Return the check digit of a field: `L898902C3` gives `6` (ICAO Doc 9303, part 3, §4.9)."""
    values = (0 if sign == "<" else int(sign, 36) for sign in text)
    weights = (7, 3, 1)
    return str(sum(value * weights[index % 3] for index, value in enumerate(values)) % 10)


def _font(size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    return ImageFont.load_default(size)

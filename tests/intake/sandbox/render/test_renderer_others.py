"""Hold how pictures and texts become pages: upright, without metadata, and with all words."""

import io

import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from intake.sandbox import Duty, Limits
from intake.sandbox.protocol import rendition as shape
from tests.intake.sandbox.conftest import MakeJail, ProbedJail
from tests.intake.sandbox.render.shown import pixel, shown
from tests.intake.sandbox.samples import picture
from tests.samples.files import benign

DUTIES = (Duty.PICTURES,)
TEXT = "text/plain"


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP"])
def test_picture_is_turned_upright_and_loses_its_metadata(jail: ProbedJail, kind: str) -> None:
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "SECRET CAMERA"
    upright = Image.new("RGB", (400, 300), "white")
    upright.paste((255, 0, 0), (0, 0, 50, 50))
    target = io.BytesIO()
    upright.save(target, kind, exif=exif)

    rendition = jail.render(target.getvalue(), f"image/{kind.lower()}")

    red, _, blue = pixel(shown(rendition), (290, 5))
    assert (red > 200, blue < 50) == (True, True)
    assert b"SECRET" not in rendition.pages[0].image + rendition.thumbnail


def test_heic_is_shown(jail: ProbedJail) -> None:
    import pillow_heif

    target = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 48), (0, 0, 255))).save(target, format="HEIF")

    rendition = jail.render(target.getvalue(), "image/heic")

    assert pixel(shown(rendition), (9, 9))[2] > 200


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_damaged_remarks_of_the_camera_cost_no_page(jail: ProbedJail, kind: str) -> None:
    content = benign.picture(kind, exif=b"Exif\0\0MM\0*\0\0")

    assert jail.render(content, f"image/{kind.lower()}").reason == ""


@pytest.mark.parametrize("mode", ["", "LAB", "F"])
def test_picture_of_many_shades_is_as_bright_as_it_is(jail: ProbedJail, mode: str) -> None:
    content = benign.picture("TIFF", mode=mode) if mode else benign.twelve_bits()

    corner = pixel(shown(jail.render(content, "image/tiff")), (3, 3))

    paper = 255 if mode else 127
    assert all(abs(level - paper) < 9 for level in corner)


def test_transparent_picture_is_on_white(jail: ProbedJail) -> None:
    target = io.BytesIO()
    Image.new("RGBA", (30, 30), (0, 0, 0, 0)).save(target, "PNG")

    assert pixel(shown(jail.render(target.getvalue(), "image/png")), (9, 9)) == (255, 255, 255)


def test_every_frame_of_a_tiff_is_a_page_and_of_a_gif_only_the_first(jail: ProbedJail) -> None:
    frames = [Image.new("L", (40, 30), level) for level in (0, 80, 160)]
    renditions = []
    for kind in ("TIFF", "GIF"):
        target = io.BytesIO()
        frames[0].save(target, kind, save_all=True, append_images=frames[1:])
        renditions.append(jail.render(target.getvalue(), f"image/{kind.lower()}"))

    assert [len(rendition.pages) for rendition in renditions] == [3, 1]
    assert pixel(shown(renditions[0], 2), (9, 9)) == (160, 160, 160)


def test_large_photograph_is_made_smaller(make_jail: MakeJail) -> None:
    jail = make_jail(Limits())

    page = jail.render(picture("JPEG", size=(9000, 6000)), "image/jpeg").pages[0]

    assert page.media_type == "image/jpeg"
    assert 39_000_000 < page.width * page.height <= shape.MAX_PAGE_PIXELS
    assert page.height / page.dpi < 11.8


@pytest.mark.parametrize(
    ("content", "media_type"),
    [
        (benign.telephone_photo(), "image/jpeg"),
        (benign.moving_picture("PNG"), "image/png"),
        (benign.picture("AVIF"), "image/avif"),
        (benign.picture("BMP"), "image/bmp"),
        (benign.picture("BMP", mode="1"), "image/bmp"),
        (benign.picture("JPEG2000"), "image/jp2"),
        (benign.picture("JPEG2000", no_jp2=True), "image/jp2"),
        (benign.picture("JPEG2000", mode="RGBA"), "image/jp2"),
        (benign.picture("PCX"), "image/vnd.zbrush.pcx"),
        (benign.picture("TGA"), "image/x-tga"),
        (benign.picture("TGA", compression="tga_rle"), "image/x-tga"),
        (benign.picture("TGA", mode="RGBA"), "image/x-tga"),
        (benign.picture("PPM"), "image/x-portable-anymap"),
        (benign.picture("PPM", mode="L"), "image/x-portable-anymap"),
        (benign.picture("PPM", mode="1"), "image/x-portable-anymap"),
        (benign.picture("PNG", mode="I;16"), "image/png"),
        (benign.picture("JPEG", mode="CMYK"), "image/jpeg"),
    ],
)
def test_everyday_picture_is_judged_and_drawn_in_the_jail(
    make_jail: MakeJail, content: bytes, media_type: str
) -> None:
    jail = make_jail(Limits())

    inspection, rendition = jail.inspect(content, media_type, ""), jail.render(content, media_type)

    assert (inspection.detected_type, inspection.state) == (media_type, "clean")
    assert rendition.reason == ""
    assert [(page.width, page.height) for page in rendition.pages] == [(900, 1200)]


def test_largest_picture_of_an_icon_is_drawn(make_jail: MakeJail) -> None:
    content = benign.picture("ICO", sizes=[(32, 32), (192, 256)])
    jail = make_jail(Limits())

    inspection = jail.inspect(content, "image/x-icon", "a.ico")
    rendition = jail.render(content, inspection.detected_type)

    assert (inspection.detected_type, inspection.state) == ("image/vnd.microsoft.icon", "clean")
    assert [(page.width, page.height) for page in rendition.pages] == [(192, 256)]


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "GIF", "WEBP"])
def test_remark_in_a_picture_stays_behind(jail: ProbedJail, kind: str) -> None:
    noise = Image.effect_noise((300, 200), 90).convert("RGB")
    target = io.BytesIO()
    text = PngInfo()
    text.add_text("comment", "SECRET")
    options: dict[str, object] = {"pnginfo": text} if kind == "PNG" else {"comment": b"SECRET"}
    noise.save(target, kind, **options)

    rendition = jail.render(target.getvalue(), f"image/{kind.lower()}")

    assert rendition.reason == ""
    assert b"SECRET" not in rendition.pages[0].image + rendition.thumbnail


def test_tall_screenshot_is_cut_into_pages_of_full_size(make_jail: MakeJail) -> None:
    tall = Image.new("RGB", (400, 14_000), "white")
    tall.paste((255, 0, 0), (0, 13_900, 400, 14_000))
    target = io.BytesIO()
    tall.save(target, "PNG")

    pages = make_jail(Limits()).render(target.getvalue(), "image/png").pages

    assert {page.width for page in pages} == {400}
    assert sum(page.height for page in pages) == 14_000 + (len(pages) - 1) * 60
    assert (
        pixel(Image.open(io.BytesIO(pages[-1].image)).convert("RGB"), (9, pages[-1].height - 9))[0]
        > 200
    )


def test_page_at_1200_dpi_is_made_smaller(make_jail: MakeJail) -> None:
    target = io.BytesIO()
    Image.new("1", (9921, 14031), 1).save(target, "PNG")
    jail = make_jail(Limits())

    pages = jail.render(target.getvalue(), "image/png").pages

    assert jail.inspect(target.getvalue(), "image/png", "").state == "clean"
    assert [round(page.height / page.width, 2) for page in pages] == [1.41]


def test_photo_of_a_hundred_million_pixels_is_made_smaller(make_jail: MakeJail) -> None:
    target = io.BytesIO()
    Image.new("RGB", (11_500, 8_600), (9, 200, 99)).save(target, "JPEG")

    pages = make_jail(Limits()).render(target.getvalue(), "image/jpeg").pages

    assert [(page.width, page.height) for page in pages] == [(5750, 4300)]


@pytest.mark.parametrize(("dpi", "size"), [((204, 98), (864, 1145)), ((200, 200), (864, 550))])
def test_fax_is_drawn_in_its_own_shape(
    jail: ProbedJail, dpi: tuple[int, int], size: tuple[int, int]
) -> None:
    target = io.BytesIO()
    Image.new("1", (864, 550), 1).save(target, "TIFF", compression="group4", dpi=dpi)

    page = jail.render(target.getvalue(), "image/tiff").pages[0]

    assert (page.width, page.height) == pytest.approx(size, abs=1)


def test_cut_off_picture_becomes_a_grey_page(jail: ProbedJail) -> None:
    rendition = jail.render(picture("JPEG", size=(400, 400))[:-3000], "image/jpeg")

    assert rendition.reason == "page_failed"


@pytest.mark.parametrize(
    ("content", "detected_type", "expected"),
    [
        ("Hej värld\n\nrad två".encode(), TEXT, "Hej värld\n\nrad två"),
        ("Hej värld".encode("utf-16"), TEXT, "Hej värld"),
        (
            b"<p>Hej<script>alert(1)</script><img src=http://x/>d\xc3\xa5",
            "text/html",
            "Hej[picture not shown]då",
        ),
        (b"a,b\n1,2", "text/csv", "a,b\n1,2"),
    ],
)
def test_text_is_set_on_pages(
    jail: ProbedJail, content: bytes, detected_type: str, expected: str
) -> None:
    rendition = jail.render(content, detected_type)

    assert (rendition.reason, rendition.pages[0].text) == ("", expected)
    assert min(shown(rendition).convert("L").tobytes()) < 60


def test_long_text_takes_several_pages_and_loses_nothing(jail: ProbedJail) -> None:
    words = [f"ord{number}" for number in range(6000)]

    rendition = jail.render(" ".join(words).encode(), TEXT)

    assert len(rendition.pages) > 3
    assert " ".join(page.text.replace("\n", " ") for page in rendition.pages).split() == words


def test_script_without_letters_in_the_font_says_so(jail: ProbedJail) -> None:
    # A sign of Chinese names so rare that no font of Debian has it.
    rendition = jail.render("\U00030000".encode(), TEXT)

    assert (rendition.reason, rendition.pages[0].text) == ("script_not_drawn", "\U00030000")

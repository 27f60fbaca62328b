"""Make PDFs that cost a naive renderer its memory, its time or its stack (threat B14).

Small files all of them: each is named after its trick, and none needs a viewer's fault to work.
"""

import zlib
from collections.abc import Callable

from tests.samples.files.pdf_writing import document, one_page, stream

HUGE = 2_100_000_000


def deflated_twice(size: int) -> bytes:
    """Return zeros, packed and packed again."""
    packer = zlib.compressobj(9)
    pieces = [packer.compress(b"\0" * 1_000_000) for _ in range(size // 1_000_000)]
    return zlib.compress(b"".join(pieces) + packer.flush(), 9)


def self_referencing_form() -> bytes:
    """Show a form that shows itself, again and again."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F 5 0 R>>>>"
    return one_page(
        b"/F Do",
        resources=b"/XObject<</F 5 0 R>>",
        others={5: stream(b"/F Do /F Do /F Do /F Do", form)},
    )


def forms_in_a_ring() -> bytes:
    """Show two forms that show each other many times."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Resources<</XObject<</F %d 0 R>>>>"
    shown = b"/F Do " * 10
    others = {5: stream(shown, form % 6), 6: stream(shown, form % 5)}
    return one_page(b"/F Do", resources=b"/XObject<</F 5 0 R>>", others=others)


def billion_forms() -> bytes:
    """Show ten forms that show ten forms each, ten levels deep."""
    form = b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>"
    others = {number: stream(b"/F Do " * 10, form % (number + 1)) for number in range(5, 15)}
    others[15] = stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return one_page(b"/F Do", resources=b"/XObject<</F 5 0 R>>", others=others)


def billion_fields() -> bytes:
    """Return a form of thirty fields that each name the next one twice as their part."""
    kids = {
        number: b"<</Kids[%d 0 R %d 0 R]>>" % (number + 1, number + 1) for number in range(6, 36)
    }
    content = one_page(b"", others={5: b"<</Fields[6 0 R]>>", **kids, 36: b"<</FT/Tx/T(a)>>"})
    return content.replace(b"/Pages 2 0 R>>", b"/Pages 2 0 R/AcroForm 5 0 R>>")


def double_flate_content() -> bytes:
    """Hold 2.1 GB of content in a stream that is packed twice."""
    packed = stream(deflated_twice(HUGE), b"/Filter[/FlateDecode/FlateDecode]")
    return one_page(b"", others={4: packed})


def double_flate_picture() -> bytes:
    """Hold a picture of 2.1 GB in a stream that is packed twice."""
    entries = (
        b"/Type/XObject/Subtype/Image/Width 45000/Height 45000/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Filter[/FlateDecode/FlateDecode]"
    )
    return one_page(
        b"612 0 0 792 0 0 cm /I Do",
        resources=b"/XObject<</I 5 0 R>>",
        others={5: stream(deflated_twice(HUGE), entries)},
    )


def endless_function() -> bytes:
    """Shade with a PostScript function of 40 kB, counted anew for every point."""
    body = b"{" + b"dup mul sqrt sin cos abs " * 1600 + b"dup dup}"
    function = stream(body, b"/FunctionType 4/Domain[0 1 0 1]/Range[0 1 0 1 0 1]")
    shading = b"<</ShadingType 1/ColorSpace/DeviceRGB/Domain[0 1 0 1]/Matrix[9999 0 0 9999 0 0]"
    return one_page(
        b"/S sh\n" * 20,
        resources=b"/Shading<</S 5 0 R>>",
        box=b"0 0 14400 14400",
        others={5: shading + b"/Function 6 0 R>>", 6: function},
    )


def huge_media_box() -> bytes:
    """Say that the page is 35 km wide and high."""
    return one_page(b"0 0 9 9 re f", box=b"0 0 99999999 99999999")


def thin_media_box() -> bytes:
    """Say that the page is a million times as wide as high."""
    return one_page(b"0 0 9 9 re f", box=b"0 0 10000000 1")


def media_box_of_no_size() -> bytes:
    """Say that the page has corners that are no numbers to work with."""
    return one_page(b"0 0 9 9 re f", box=b"-1e38 -1e38 1e38 1e38")


def user_unit() -> bytes:
    """Say that a point is a kilometre."""
    return one_page(b"0 0 9 9 re f", entries=b"/UserUnit 2834645.67")


def hundred_thousand_pages() -> bytes:
    """Have 100 000 pages in one level of the page tree."""
    kids = b" ".join(b"3 0 R" for _ in range(100_000))
    return document(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 100000/Kids[" + kids + b"]>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
        }
    )


def claimed_pages() -> bytes:
    """Claim two thousand million pages and have one."""
    return document(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 2147483647/Kids[3 0 R]>>",
            3: b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]>>",
        }
    )


def cyclic_page_tree() -> bytes:
    """Have a page tree that holds itself."""
    return document(
        {
            1: b"<</Type/Catalog/Pages 2 0 R>>",
            2: b"<</Type/Pages/Count 9/Kids[3 0 R 2 0 R]>>",
            3: b"<</Type/Pages/Count 8/Kids[2 0 R 3 0 R]/Parent 2 0 R>>",
        }
    )


def deep_page_tree() -> bytes:
    """Have a page tree of 20 000 levels."""
    depth = 20_000
    tree = {
        number: b"<</Type/Pages/Count 1/Kids[%d 0 R]/Parent %d 0 R>>" % (number + 1, number - 1)
        for number in range(2, depth)
    }
    page = b"<</Type/Page/Parent %d 0 R/MediaBox[0 0 9 9]>>" % (depth - 1)
    return document({1: b"<</Type/Catalog/Pages 2 0 R>>", **tree, depth: page})


def deep_array() -> bytes:
    """Nest arrays a million deep in the content and in an object."""
    return one_page(b"[" * 1_000_000, others={5: b"[" * 1_000_000}, entries=b"/X 5 0 R")


def deep_dictionary() -> bytes:
    """Nest dictionaries half a million deep."""
    return one_page(b"<</A" * 500_000, entries=b"/X" + b"<</A" * 500_000)


def giant_picture() -> bytes:
    """Claim a picture of four thousand million pixels a side."""
    entries = (
        b"/Type/XObject/Subtype/Image/Width 4294967295/Height 4294967295/BitsPerComponent 8"
        b"/ColorSpace/DeviceRGB"
    )
    return one_page(
        b"612 0 0 792 0 0 cm /I Do",
        resources=b"/XObject<</I 5 0 R>>",
        others={5: stream(b"\0" * 100, entries)},
    )


def _nonsense(filter_name: bytes, content: bytes) -> bytes:
    entries = (
        b"/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8"
        b"/ColorSpace/DeviceGray/Filter/" + filter_name
    )
    return one_page(
        b"612 0 0 792 0 0 cm /I Do",
        resources=b"/XObject<</I 5 0 R>>",
        others={5: stream(content, entries)},
    )


def jbig2_nonsense() -> bytes:
    """Claim a JBIG2 page of 65 000 by 65 000 and a symbol table that never ends."""
    page = b"\0\0\0\0\x30\0\x01" + (19).to_bytes(4, "big") + (65_000).to_bytes(4, "big") * 2
    symbols = b"\0\0\0\x01\0\x01\x01" + (0xFFFFFFF0).to_bytes(4, "big")
    return _nonsense(b"JBIG2Decode", page + b"\0" * 11 + symbols + b"\xff" * 4000)


def jpeg2000_nonsense() -> bytes:
    """Claim a JPEG 2000 codestream of a million by a million in tiles of one pixel."""
    side, one = (1_000_000).to_bytes(4, "big"), (1).to_bytes(4, "big")
    size = b"\0\0" + side + side + b"\0" * 8 + one + one + b"\0" * 8 + b"\0\x01\x07\x01\x01"
    return _nonsense(b"JPXDecode", b"\xff\x4f\xff\x51\0\x29" + size + b"\xff\x93" * 4000)


def fax_nonsense() -> bytes:
    """Have a fax picture of ten million rows."""
    entries = (
        b"/Type/XObject/Subtype/Image/Width 60000/Height 60000/BitsPerComponent 1"
        b"/ColorSpace/DeviceGray/Filter/CCITTFaxDecode"
        b"/DecodeParms<</K -1/Columns 60000/Rows 60000>>"
    )
    return one_page(
        b"612 0 0 792 0 0 cm /I Do",
        resources=b"/XObject<</I 5 0 R>>",
        others={5: stream(b"\xaa" * 20_000, entries)},
    )


def cross_reference_loop() -> bytes:
    """Have a cross-reference table whose predecessor is itself."""
    content = one_page(b"0 0 9 9 re f")
    start = content.rindex(b"xref\n0")
    return content.replace(b"/Root 1 0 R>>", b"/Root 1 0 R/Prev %d>>" % start)


def object_stream_loop() -> bytes:
    """Have object streams that extend each other, holding the catalogue."""
    entries = b"/Type/ObjStm/N 1/First 4/Extends %d 0 R"
    objects = {
        1: b"<</Type/Catalog/Pages 2 0 R>>",
        2: b"<</Type/Pages/Kids 5 0 R/Count 6 0 R>>",
        5: stream(b"5 0 5 0 R", entries % 6),
        6: stream(b"6 0 6 0 R", entries % 5),
    }
    return document(objects)


def pattern_of_itself() -> bytes:
    """Paint with a tile that is painted with the same tile, on a page of many tiles."""
    pattern = (
        b"/Type/Pattern/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .01/YStep .01"
        b"/Resources<</Pattern<</P 5 0 R>>>>"
    )
    tile = stream(b"/Pattern cs /P scn 0 0 1 1 re f", pattern)
    shown = b"/Pattern cs /P scn 0 0 612 792 re f"
    return one_page(shown, resources=b"/Pattern<</P 5 0 R>>", others={5: tile})


def soft_masks_in_a_ring() -> bytes:
    """Mask a group by a group that is masked by itself."""
    group = (
        b"/Type/XObject/Subtype/Form/BBox[0 0 612 792]/Group<</S/Transparency/CS/DeviceRGB>>"
        b"/Resources<</ExtGState<</G 6 0 R>>/XObject<</F 5 0 R>>>>"
    )
    state = b"<</Type/ExtGState/SMask<</S/Luminosity/G 5 0 R>>>>"
    resources = b"/ExtGState<</G 6 0 R>>/XObject<</F 5 0 R>>"
    others = {5: stream(b"/G gs /F Do /F Do 0 0 9 9 re f", group), 6: state}
    return one_page(b"/G gs /F Do", resources=resources, others=others)


def glyph_of_itself() -> bytes:
    """Write with a letter whose shape is that letter."""
    font = (
        b"<</Type/Font/Subtype/Type3/FontBBox[0 0 9 9]/FontMatrix[1 0 0 1 0 0]/FirstChar 65"
        b"/LastChar 65/Widths[9]/Encoding<</Differences[65/a]>>/CharProcs<</a 6 0 R>>"
        b"/Resources<</Font<</F 5 0 R>>>>>>"
    )
    glyph = stream(b"9 0 d0 BT /F 9 Tf (AAAAAAAAAA) Tj ET")
    return one_page(
        b"BT /F 9 Tf (AAAAAAAAAA) Tj ET",
        resources=b"/Font<</F 5 0 R>>",
        others={5: font, 6: glyph},
    )


def million_strokes() -> bytes:
    """Dash a million curves in steps of a millionth."""
    return one_page(b"[.000001] 0 d 1 w 0 0 m " + b"600 0 0 700 600 700 c " * 20_000 + b"S")


PDF_BOMBS: tuple[Callable[[], bytes], ...] = (
    self_referencing_form,
    forms_in_a_ring,
    billion_forms,
    double_flate_content,
    double_flate_picture,
    endless_function,
    huge_media_box,
    thin_media_box,
    media_box_of_no_size,
    user_unit,
    hundred_thousand_pages,
    claimed_pages,
    cyclic_page_tree,
    deep_page_tree,
    deep_array,
    deep_dictionary,
    giant_picture,
    jbig2_nonsense,
    jpeg2000_nonsense,
    fax_nonsense,
    cross_reference_loop,
    object_stream_loop,
    pattern_of_itself,
    soft_masks_in_a_ring,
    glyph_of_itself,
    million_strokes,
)

"""Make small documents for the tests: whole, active, locked and of two kinds at once."""

import io
import zipfile
import zlib

import pikepdf
from pikepdf import Array, Dictionary, Name, String
from PIL import Image


def pdf(**root: object) -> bytes:
    """Return a PDF of one page with the given entries in its catalogue."""
    with pikepdf.new() as document:
        document.add_blank_page()
        for name, value in root.items():
            document.Root[f"/{name}"] = value
        return _saved(document)


def pdf_with_loop(
    *kids: str,
    count: int,
    other_pages: int = 0,
    opens: Dictionary | None = None,
    attached: bytes = b"",
) -> bytes:
    """Return a PDF whose tree of pages has these kids: "page", or "loop" back to the tree itself.

    `count` is what the tree says of its pages; other pages stand in the file and not in the tree.
    `opens` is what opening it does.
    """
    with pikepdf.new() as document:
        if opens is not None:
            document.Root.OpenAction = opens
        if attached:
            file = pikepdf.AttachedFileSpec(document, attached, filename="a.txt")
            document.attachments["a.txt"] = file
        for _ in range(kids.count("page") + other_pages):
            document.add_blank_page()
        tree = document.Root.Pages
        leaves = [tree.Kids[number] for number in range(len(tree.Kids))]
        tree.Kids = Array([tree if kid == "loop" else leaves.pop() for kid in kids])
        for number, leaf in enumerate(leaves):
            document.Root[f"/Other{number}"] = leaf
        # qpdf puts the number right when it writes a file.
        written = f"/Count {kids.count('page')} ".encode()
        return _saved(document).replace(written, f"/Count {count} ".encode())


def pdf_with_annotation(action: Dictionary) -> bytes:
    """Return a PDF whose page has a link with an action."""
    with pikepdf.new() as document:
        page = document.add_blank_page()
        link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)
        page.Annots = Array([document.make_indirect(link)])
        return _saved(document)


def locked_pdf(*, user: str) -> bytes:
    """Return an encrypted PDF; it opens without a password when `user` is empty."""
    with pikepdf.new() as document:
        document.add_blank_page()
        target = io.BytesIO()
        document.save(target, encryption=pikepdf.Encryption(owner="owner", user=user))
        return target.getvalue()


def pdf_with_attachment() -> bytes:
    """Return a PDF that carries a file."""
    with pikepdf.new() as document:
        document.add_blank_page()
        document.attachments["a.txt"] = pikepdf.AttachedFileSpec(document, b"x", filename="a.txt")
        return _saved(document)


def picture(kind: str, *, size: tuple[int, int] = (640, 480)) -> bytes:
    """Return a picture of a Pillow format, with enough in it to be cut off."""
    target = io.BytesIO()
    Image.effect_noise(size, 90).convert("RGB").save(target, kind)
    return target.getvalue()


def huge_picture() -> bytes:
    """Return a PNG of a few bytes that says it has 144 million pixels."""
    content = picture("PNG", size=(1, 1))
    sizes = (12_000).to_bytes(4, "big") * 2
    header = content[12:16] + sizes + content[24:29]
    return content[:12] + header + zlib.crc32(header).to_bytes(4, "big") + content[33:]


def archive() -> bytes:
    """Return a ZIP with one member."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as opened:
        opened.writestr("a.txt", "hello")
    return target.getvalue()


def script() -> Dictionary:
    """Return an action that runs a script."""
    return Dictionary(S=Name.JavaScript, JS=String("app.alert(1)"))


def _saved(document: pikepdf.Pdf) -> bytes:
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()

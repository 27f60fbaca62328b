"""Read the letter of a message that Outlook wrote, of which there may be three forms.

They are plain text, HTML and packed RTF; some messages have only the last one.
"""

from collections.abc import Collection

from ..archives.members import Gathering
from ..html.html_text import pictures_of_html, text_of_html
from ..mail.forms import HTML, PLAIN, RTF, Form, has_words, joined, richest
from ..office.compressed_rtf import unpack_rtf
from ..office.rtf_text import RtfRefused, text_of_rtf
from ..protocol.body_text import RTF_NOT_READ
from ..protocol.results import MAX_BODY_CHARS
from ..protocol.text import paragraphs


def read_forms(
    gathering: Gathering,
    plain: str,
    markup: str,
    packed_rtf: bytes,
    content_ids: Collection[str] | None = None,
) -> str:
    """Return the letter as a mail program shows it, and below it what only another form says.

    `content_ids` are those of its pictures, or their names; None where they are not known.
    RTF without another form beside it also becomes a document, so that its layout is seen.
    """
    page = Form(HTML, _cleaned(text_of_html(markup, content_ids)), pictures_of_html(markup))
    written = [Form(PLAIN, _cleaned(plain)), page]
    forms = [form for form in written if has_words(form.text)]
    if packed_rtf and HTML not in {form.kind for form in forms}:
        forms += _of_rtf(gathering, packed_rtf, is_only=not forms)
    return joined(richest([[form] for form in forms]))[:MAX_BODY_CHARS]


def words_of_rtf(packed: bytes) -> str:
    """Return the words of a packed RTF body, a sentence of ours where it cannot be read."""
    try:
        return text_of_rtf(unpack_rtf(packed)) if packed else ""
    except (ValueError, RtfRefused):
        return RTF_NOT_READ


def _of_rtf(gathering: Gathering, packed: bytes, *, is_only: bool) -> list[Form]:
    text = words_of_rtf(packed)
    if text == RTF_NOT_READ:
        # Also said in the letter itself, where whoever reads it looks.
        gathering.flags.add("rtf_body_not_shown")
        return [Form(PLAIN, text)] if is_only else []
    if is_only:
        rtf = unpack_rtf(packed)
        gathering.add("", rtf, role="body", claimed_type="application/rtf", unnamed="text")
    return [Form(RTF, _cleaned(text))]


def _cleaned(text: str) -> str:
    return paragraphs(text, MAX_BODY_CHARS + 1).strip("\n")

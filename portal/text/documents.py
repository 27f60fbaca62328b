"""Word documents for pages: findings as sentences, advice, how a safe copy stands, file formats.

A finding's sentence comes from intake's own table; a code that is in no table shows as itself.
"""

from intake.access.safeguards.four_eyes import MALWARE
from intake.documents.views import CopyStanding, CopyView, DocumentView
from intake.inspection.findings import sentence
from intake.inspection.verdicts import PAPERS_ELSEWHERE
from intake.sandbox.protocol.charsets import shown_name
from intake.sandbox.protocol.signs import SIGNATURE_DIFFERS
from portal.text import labels
from portal.text.untrusted import one_line

NAMES = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG picture",
    "image/png": "PNG picture",
    "image/tiff": "TIFF picture",
    "image/heic": "HEIC picture",
    "image/webp": "WEBP picture",
    "image/gif": "GIF picture",
    "image/avif": "AVIF picture",
    "image/bmp": "BMP picture",
    "image/jp2": "JPEG 2000 picture",
    "image/vnd.microsoft.icon": "Icon",
    "image/vnd.zbrush.pcx": "PCX picture",
    "image/x-tga": "TGA picture",
    "image/x-portable-anymap": "PPM picture",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.ms-word.document.macroenabled.12": "Word document with macros",
    "application/vnd.ms-excel.sheet.macroenabled.12": "Excel sheet with macros",
    "application/msword": "Word document (old)",
    "application/vnd.ms-excel": "Excel sheet (old)",
    "application/vnd.ms-powerpoint": "PowerPoint (old)",
    "application/x-iwork": "Apple Pages, Numbers or Keynote",
    "application/x-microsoft-rpmsg-message": "Mail encrypted by Microsoft",
    "application/pkcs7-mime": "S/MIME message",
    "application/pkcs7-signature": "Signature of the mail",
    "application/pgp-signature": "Signature of the mail",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument sheet",
    "application/vnd.oasis.opendocument.presentation": "OpenDocument slides",
    "application/vnd.oasis.opendocument.text-flat-xml": "OpenDocument text (XML)",
    "application/vnd.oasis.opendocument.spreadsheet-flat-xml": "OpenDocument sheet (XML)",
    "application/vnd.oasis.opendocument.presentation-flat-xml": "OpenDocument slides (XML)",
    "text/rtf": "Rich text",
    "application/rtf": "Rich text",
    "text/plain": "Text",
    "text/calendar": "Calendar entry",
    "text/html": "Web page",
    "message/rfc822": "E-mail",
    "application/vnd.ms-outlook": "Outlook message",
    "application/vnd.ms-tnef": "Outlook attachments (winmail.dat)",
    "application/zip": "ZIP archive",
    "application/x-7z-compressed": "7z archive",
    "application/gzip": "gzip archive",
    "application/x-tar": "tar archive",
    "application/x-rar": "RAR archive",
    "application/vnd.rar": "RAR archive",
    "application/octet-stream": "Unknown file",
    "application/x-empty": "Empty file",
    "inode/x-empty": "Empty file",
}

FAMILIES = {"audio": "Sound", "video": "Film", "image": "Picture", "text": "Text"}
# Whose letters a charset has, for people who know the language better than the charset.
LETTERS = {
    "Western European": "cp1252 cp850 mac-roman",
    "Central European": "cp1250 iso8859-2 cp852",
    "Baltic": "cp1257",
    "Turkish": "cp1254",
    "Vietnamese": "cp1258",
    "Cyrillic": "cp1251 koi8-u cp866 mac-cyrillic iso8859-5",
    "Greek": "cp1253",
    "Arabic and Persian": "cp1256 iso8859-6 cp720",
    "Hebrew": "cp1255 iso8859-8 cp862",
    "Thai": "cp874",
    "Chinese": "gb18030 big5",
    "Japanese": "euc-jp cp932",
    "Korean": "cp949",
    "All languages": "utf-8",
}
ADVICE = "advice_"
MAX_NAMES = 4
# Among the findings stands also what people did.
DONE_TO_IT = {"released_despite_malware": "It was released although malware was found in it."}
ACTS_DONE = {
    "ask_to_resend": "asked the sender to send it again",
    "ask_release": "asked for its release",
    "release": "released it",
    "reject": "rejected it",
    "unlock": "opened it with its password",
    "ask_original": "asked for the original file",
    "open_original": "saved the original file",
}
OCR = {
    "due": "The words on its pictures are still being read.",
    "away": "The words on its pictures are not read on this machine.",
}


def finding(code: str) -> str:
    """Return the sentence for a finding."""
    if code.startswith(MALWARE):
        return labels.reason(code)
    return DONE_TO_IT.get(code) or one_line(sentence(code))


def findings(codes: tuple[str, ...]) -> list[str]:
    """Return the sentences for what was found, without advice."""
    return [finding(code) for code in codes if not _is_advice(code)]


def charset_findings(codes: tuple[str, ...]) -> list[str]:
    """Return the sentences on the charset in which a text was read."""
    return findings(tuple(code for code in codes if code.startswith("charset_")))


def charset_name(codec: str) -> str:
    """Return a charset as a person chooses it: the letters it has, and its name.

    >>> charset_name("koi8-u"), charset_name("utf-16-le")
    ('Cyrillic (KOI8-U)', 'UTF-16-LE')
    """
    letters = next((name for name, codecs in LETTERS.items() if codec in codecs.split()), "")
    return f"{letters} ({shown_name(codec)})" if letters else shown_name(codec)


def advice(codes: tuple[str, ...]) -> list[str]:
    """Return the sentences that stand beside a document unasked, and say nothing against it."""
    return [finding(code) for code in codes if _is_advice(code)]


def _is_advice(code: str) -> bool:
    """Tell whether its reader has to know it: how a page looks, where papers lie, what changed."""
    return code.startswith(ADVICE) or code in PAPERS_ELSEWHERE or code == SIGNATURE_DIFFERS


def copy_words(copy: CopyView) -> str:
    """Return how a copy stands as a sentence; empty when there is nothing to say."""
    why = labels.reason(copy.reason)
    match copy.state:
        case CopyStanding.BEING_MADE:
            return "Safe copy is being made."
        case CopyStanding.FAILED:
            return why if copy.reason.startswith(labels.NO_COPY) else f"No safe copy: {why}"
        case CopyStanding.READY if why:
            return f"The safe copy is incomplete. {why}"
        case _:
            return ""


def trail(document: DocumentView, documents: tuple[DocumentView, ...]) -> list[str]:
    """Return the names of what a document was found inside, the outermost first.

    Of a deep nest only the MAX_NAMES innermost are named, after an ellipsis.
    """
    by_id = {each.id: each for each in documents}
    names: list[str] = []
    around = by_id.get(document.parent_id or "")
    while around is not None:
        if len(names) == MAX_NAMES:
            return ["…", *names[::-1]]
        names.append(one_line(around.name) or labels.ROLES.get(around.role, around.role))
        around = by_id.get(around.parent_id or "")
    return names[::-1]


def done(act: str) -> str:
    """Return what a person did, in words that follow the person's name."""
    return ACTS_DONE.get(act, labels.spaced(act))


def file_kind(media_type: str | None) -> str:
    """Return the name of a media type, or of its family where it has none.

    >>> file_kind("audio/ogg")
    'Sound'
    """
    if not media_type or media_type in NAMES:
        return NAMES.get(media_type or "", "type not known")
    return FAMILIES.get(media_type.partition("/")[0], "Unknown kind of file")

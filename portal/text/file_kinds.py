"""What a kind of file is called in an office; the media type is for machines."""

from portal.text.untrusted import one_line

NAMES = {
    "application/pdf": "PDF",
    "image/jpeg": "JPEG picture",
    "image/png": "PNG picture",
    "image/tiff": "TIFF picture",
    "image/heic": "HEIC picture",
    "image/webp": "WEBP picture",
    "image/gif": "GIF picture",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "Word document",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "Excel sheet",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation": "PowerPoint",
    "application/vnd.ms-word.document.macroenabled.12": "Word document with macros",
    "application/vnd.ms-excel.sheet.macroenabled.12": "Excel sheet with macros",
    "application/msword": "Word document (old)",
    "application/vnd.ms-excel": "Excel sheet (old)",
    "application/vnd.oasis.opendocument.text": "OpenDocument text",
    "application/vnd.oasis.opendocument.spreadsheet": "OpenDocument sheet",
    "text/rtf": "Rich text",
    "application/rtf": "Rich text",
    "text/plain": "Text",
    "text/html": "Web page",
    "message/rfc822": "E-mail",
    "application/vnd.ms-outlook": "Outlook message",
    "application/vnd.ms-tnef": "Outlook attachments (winmail.dat)",
    "application/zip": "ZIP archive",
    "application/x-7z-compressed": "7z archive",
    "application/gzip": "gzip archive",
    "application/x-tar": "tar archive",
    "application/octet-stream": "Unknown file",
}


def file_kind(media_type: str | None) -> str:
    """Return the name of a media type; one without a name shows as itself, made harmless."""
    return NAMES.get(media_type or "", one_line(media_type or "type not known"))

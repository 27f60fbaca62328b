"""List the names of file formats: media types, extensions, and under which code each is held.

This module holds tables only, so that they can be read.
"""

import re

from ..office.packages import APPLE, APPX, EXCEL, FLAT, ODF, SLIDES, WORD

PDF, TEXT, ZIP = "application/pdf", "text/plain", "application/zip"
NO_CLAIM = frozenset(
    {
        "", "application/octet-stream", "binary/octet-stream", "application/download",
        "application/x-download", "application/force-download",
    }
)  # fmt: skip
PICTURES = frozenset(
    {
        "image/jpeg", "image/png", "image/tiff", "image/webp", "image/gif", "image/heic",
        "image/avif", "image/bmp", "image/jp2", "image/vnd.microsoft.icon", "image/vnd.zbrush.pcx",
        "image/x-portable-anymap", "image/x-tga",
    }
)  # fmt: skip

# Other spellings of a media type that mean the same file to everyone.
SAME_AS = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/tif": "image/tiff",
    "image/heif": "image/heic",
    "image/heic-sequence": "image/heic",
    "image/heif-sequence": "image/heic",
    "image/avif-sequence": "image/avif",
    "image/x-ms-bmp": "image/bmp",
    "image/x-bmp": "image/bmp",
    **dict.fromkeys(
        ("image/jpx", "image/jpeg2000", "image/x-jp2-codestream", "image/j2c"), "image/jp2"
    ),
    **dict.fromkeys(("image/x-icon", "image/ico", "image/icon"), "image/vnd.microsoft.icon"),
    **dict.fromkeys(("image/x-pcx", "image/pcx"), "image/vnd.zbrush.pcx"),
    **dict.fromkeys(
        ("image/tga", "image/targa", "image/x-targa", "application/tga", "application/x-tga"),
        "image/x-tga",
    ),
    **{
        f"image/x-portable-{kind}": "image/x-portable-anymap"
        for kind in ("bitmap", "greymap", "graymap", "pixmap")
    },
    "application/x-pdf": PDF,
    "application/x-zip-compressed": ZIP,
    "application/x-zip": ZIP,
    "application/7z": "application/x-7z-compressed",
    "text/xml": "application/xml",
    **dict.fromkeys(
        ("application/xhtml+xml", "text/xhtml", "application/vnd.wap.xhtml+xml"), "text/html"
    ),
    **dict.fromkeys(("application/calendar+xml", "application/vcard+xml"), "application/xml"),
    "application/x-pkcs7-signature": "application/pkcs7-signature",
    "application/pkcs7-mime": "application/pkcs7-signature",
    "application/x-pkcs7-mime": "application/pkcs7-signature",
    "application/ms-tnef": "application/vnd.ms-tnef",
    "application/vnd.rar": "application/x-rar",
    "application/x-rar-compressed": "application/x-rar",
    **{
        f"application/{program}": APPLE
        for program in (
            "x-iwork-pages-sffpages",
            "x-iwork-numbers-sffnumbers",
            "x-iwork-keynote-sffkey",
            "vnd.apple.pages",
            "vnd.apple.numbers",
            "vnd.apple.keynote",
        )
    },
    "application/rtf": "text/rtf",
    "application/x-rtf": "text/rtf",
    "text/richtext": "text/rtf",
    "message/delivery-status": TEXT,
    "message/disposition-notification": TEXT,
    "text/rfc822-headers": TEXT,
    "message/global": "message/rfc822",
    # A page saved as one file (RFC 2557) is a mail in all but its name.
    "application/x-mimearchive": "message/rfc822",
    "multipart/related": "message/rfc822",
    # A box of mails (RFC 4155) is opened as the mails in it.
    "application/mbox": "message/rfc822",
}
MARKUP = frozenset({"text/html", "application/xhtml+xml", "image/svg+xml", "application/xml"})
SCRIPTS = frozenset(
    {
        "text/javascript", "text/vbscript", "text/x-shellscript", "text/x-msdos-batch",
        "text/x-python", "text/x-script.python", "text/x-perl", "text/x-php", "text/x-ruby",
        "text/x-powershell", "text/x-lua", "text/x-tcl", "text/x-awk", "text/x-java",
        "application/javascript", "application/x-wine-extension-ini", "text/x-systemd-unit",
    }
)  # fmt: skip
# Text that a program may run; everything else under text/ is read as plain text.
NOT_PLAIN = MARKUP | SCRIPTS | {"text/rtf"}
TEXT_KINDS = frozenset(
    {
        "application/csv", "application/json", "application/x-ndjson", "application/ndjson",
        "application/jsonl", "application/ics", "application/calendar",
        "application/calendar+json", "application/vcard+json",
    }
)  # fmt: skip

# The office formats that staff may see a safe copy of; the others are recognised and held. A
# template is a document from which others are begun, and people send it as one.
SHOWN_OFFICE = frozenset(
    {
        f"{WORD}.document", f"{EXCEL}.sheet", f"{SLIDES}.presentation", f"{SLIDES}.slideshow",
        f"{WORD}.template", f"{EXCEL}.template", f"{SLIDES}.template",
        f"{ODF}.text", f"{ODF}.spreadsheet", f"{ODF}.presentation", f"{ODF}.graphics",
        f"{ODF}.text-template", f"{ODF}.spreadsheet-template", f"{ODF}.presentation-template",
        f"{ODF}.graphics-template", f"{ODF}.text{FLAT}", f"{ODF}.spreadsheet{FLAT}",
        f"{ODF}.presentation{FLAT}", f"{ODF}.graphics{FLAT}", "text/rtf",
    }
)  # fmt: skip
# Of the binary kinds before 2007 not every part can be judged, so they are never called clean.
SHOWN_OLD_OFFICE = frozenset(
    {"application/msword", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"}
)
MACRO_WORD, MACRO_EXCEL, MACRO_SLIDES = (
    "application/vnd.ms-word", "application/vnd.ms-excel", "application/vnd.ms-powerpoint"
)  # fmt: skip
BINARY_SHEET = f"{MACRO_EXCEL}.sheet.binary.macroenabled.12"
# Variants of office formats that may carry macros: never called clean, and only
# SHOWN_MACRO_FORMATS of them have a safe copy. Of the binary workbook not every part can be judged
# either.
MACRO_FORMATS = frozenset(
    {
        f"{MACRO_WORD}.document.macroenabled.12", f"{MACRO_WORD}.template.macroenabled.12",
        f"{MACRO_EXCEL}.sheet.macroenabled.12", f"{MACRO_EXCEL}.template.macroenabled.12",
        f"{MACRO_EXCEL}.addin.macroenabled.12", BINARY_SHEET,
        f"{MACRO_SLIDES}.presentation.macroenabled.12", f"{MACRO_SLIDES}.slideshow.macroenabled.12",
        f"{MACRO_SLIDES}.template.macroenabled.12", f"{MACRO_SLIDES}.addin.macroenabled.12",
    }
)  # fmt: skip
# An add-in is a program and no paper.
SHOWN_MACRO_FORMATS = frozenset(kind for kind in MACRO_FORMATS if ".addin." not in kind)

# A claim that names a program instead of a format, and how the types of that program begin.
OFFICE = "application/vnd.openxmlformats-officedocument"
GENERAL_CLAIMS: dict[str, tuple[str, ...]] = {
    "application/msword": (WORD, MACRO_WORD, "text/rtf", f"{ODF}.text"),
    "application/vnd.ms-word": (WORD, MACRO_WORD, "application/msword"),
    "application/vnd.ms-excel": (
        EXCEL,
        MACRO_EXCEL,
        f"{ODF}.spreadsheet",
        "text/",
        "application/csv",
    ),
    "application/vnd.ms-powerpoint": (SLIDES, MACRO_SLIDES),
    "application/vnd.ms-office": (
        OFFICE,
        MACRO_WORD,
        MACRO_EXCEL,
        MACRO_SLIDES,
        "application/msword",
    ),
    **dict.fromkeys(
        ("application/xml", "text/xml"),
        tuple(
            f"{ODF}.{kind}{FLAT}" for kind in ("text", "spreadsheet", "presentation", "graphics")
        ),
    ),
    ZIP: (OFFICE, ODF, MACRO_WORD, MACRO_EXCEL, MACRO_SLIDES),
    "application/x-zip-compressed": (OFFICE, ODF, MACRO_WORD, MACRO_EXCEL, MACRO_SLIDES),
}

# Kinds that people and programs call by each other's names day by day. None of them runs anything
# in its safe copy, and kinds made for macros are not among them.
EVERYDAY_MIXES = (
    PICTURES,
    frozenset(
        {f"{WORD}.document", f"{WORD}.template", "application/msword", "text/rtf", f"{ODF}.text",
         f"{ODF}.text-template", "text/html", TEXT, "message/rfc822"}
    ),
    frozenset(
        {f"{EXCEL}.sheet", f"{EXCEL}.template", "application/vnd.ms-excel", f"{ODF}.spreadsheet",
         f"{ODF}.spreadsheet-template", "text/html", TEXT, "application/xml", "message/rfc822"}
    ),
    frozenset(
        {f"{SLIDES}.presentation", f"{SLIDES}.slideshow", f"{SLIDES}.template",
         "application/vnd.ms-powerpoint", f"{ODF}.presentation", f"{ODF}.presentation-template"}
    ),
    frozenset({f"{ODF}.text{FLAT}", f"{ODF}.spreadsheet{FLAT}", f"{ODF}.presentation{FLAT}",
               f"{ODF}.graphics{FLAT}", "application/xml"}),
    # `signature.asc` is a text by its name, and so is a key.
    frozenset({"application/pgp-signature", TEXT}),
)  # fmt: skip
# A scan called .jpg that is a PDF, a letter called .pdf that is a DOCX: a reader of the one opens
# nothing of the other. Only a quiet file is corrected so, and none that has two readings.
PAPER_MIXES = (
    PICTURES | {PDF},
    *(
        frozenset({PDF, kind})
        for kind in sorted(SHOWN_OFFICE | SHOWN_OLD_OFFICE)
    ),
)  # fmt: skip
# Names by which Windows, macOS or a desktop of Linux runs a text, whatever type it was sent as.
SCRIPT_NAMES = frozenset(
    {
        "bat", "cmd", "ps1", "ps1xml", "psm1", "psd1", "psc1", "ps2", "js", "jse", "mjs", "vbs",
        "vbe", "vb", "wsf", "wsh", "wsc", "ws", "sct", "hta", "htc", "reg", "scf", "rdp", "inf",
        "url", "lnk", "website", "py", "pyw", "pyz", "sh", "bash", "zsh", "csh", "ksh", "command",
        "desktop", "applescript", "scpt", "pl", "rb", "php", "lua", "tcl", "ahk", "au3", "jnlp",
        "application", "appref-ms", "settingcontent-ms", "search-ms", "searchconnector-ms",
        "library-ms", "theme", "mst", "xbap", "ovpn", "mobileconfig", "workflow", "action", "chm",
        "ade", "adp", "mde", "job", "shb", "shs", "cpl", "msc", "msh", "msh1", "msh2", "mshxml",
        "msh1xml", "msh2xml", "ps2xml", "psc2", "psdm1", "pyc", "pyo", "pyzw", "rbw", "fish", "jxa",
        "ica", "udl", "dqy", "rqy", "oqy", "inetloc", "webloc", "fileloc", "vncloc", "contact",
        "terminal", "isp", "bas", "vba", "vbp", "xla", "odc", "rdg", "prf", "grp", "pcd", "plg",
        "asx", "bgi", "fxp", "hpj", "mcf", "mda", "mdt", "mdw", "mdz", "osd", "nsh", "xnk",
        "vsmacros", "vsw", "webpnp", "printerexport", "diagcab", "diagcfg", "diagpkg", "scptd",
        "csproj", "vbproj", "vcxproj", "cjs", "msrcincident", "kix", "kx", "aut", "rexx",
        "wbt", "service", "timer", "htaccess", "crontab",
    }
)  # fmt: skip
# Such names too, but they are also the end of a site's name, of a date («12.mar») or of a word. So
# a file of one of READABLE is no program by them.
WORD_NAMES = frozenset(
    {
        "com", "tool", "hlp", "ins", "its", "app", "prg", "ops", "cnt", "ex", "lib", "cls",
        "mad", "maf", "mag", "mam", "maq", "mar", "mas", "mat", "mau", "mav", "maw",
    }
)  # fmt: skip
READABLE = PICTURES | {PDF, "message/rfc822"}
# How senders call a program.
PROGRAM_CLAIMS = frozenset(
    {
        "application/x-msdownload", "application/x-msdos-program", "application/x-dosexec",
        "application/x-executable", "application/x-sharedlib", "application/x-ms-dos-executable",
        "application/vnd.microsoft.portable-executable", "application/com", "application/exe",
    }
)  # fmt: skip
PROGRAM_NAMES = frozenset(
    {
        "exe", "scr", "pif", "dll", "msi", "msp", "sys", "ocx", "drv", "elf", "run", "xll", "wll",
        "ppa", "ppam", "msu", "vxd", "iso", "vhd", "vhdx", "cab",
    }
)  # fmt: skip

# Names of packages that install a program, a theme or an add-on. What is in one is no paper.
PACKAGE_NAMES = frozenset(
    {
        "gadget", "themepack", "deskthemepack", "msix", "msixbundle", "appx", "appxbundle", "xpi",
        "crx", "nupkg", "whl", "egg", "vsix", "oxt", "jar", "war", "ear", "apk", "apks", "xapk",
        "aab", "ipa", "dmg", "pkg", "mpkg", "deb", "rpm", "snap", "flatpak", "appimage", "mcpack",
        "wgt", "safariextz",
    }
)  # fmt: skip
# Of these kinds the bytes say so, whatever the name is.
PACKAGES = frozenset(
    {
        APPX, "application/x-chrome-extension", "application/x-xpinstall",
        "application/java-archive", "application/vnd.android.package-archive",
        "application/x-debian-package", "application/vnd.debian.binary-package",
        "application/x-rpm", "application/x-redhat-package-manager",
    }
)  # fmt: skip

EXTENSIONS = {
    "pdf": PDF,
    **dict.fromkeys(("jpg", "jpeg", "jpe", "jfif"), "image/jpeg"),
    "png": "image/png",
    **dict.fromkeys(("tif", "tiff"), "image/tiff"),
    "webp": "image/webp",
    "gif": "image/gif",
    **dict.fromkeys(("heic", "heif"), "image/heic"),
    "avif": "image/avif",
    **dict.fromkeys(("bmp", "dib"), "image/bmp"),
    **dict.fromkeys(("jp2", "j2k", "j2c", "jpc", "jpf", "jpx"), "image/jp2"),
    "ico": "image/vnd.microsoft.icon",
    "pcx": "image/vnd.zbrush.pcx",
    **dict.fromkeys(("tga", "targa", "vda", "icb", "vst"), "image/x-tga"),
    **dict.fromkeys(("pbm", "pgm", "ppm", "pnm"), "image/x-portable-anymap"),
    **dict.fromkeys(
        (
            "txt",
            "text",
            "log",
            "csv",
            "tsv",
            "md",
            "asc",
            "json",
            "ndjson",
            "jsonl",
            "ics",
            "ifb",
            "jcs",
            "jcf",
            "vcs",
            "vcf",
        ),
        TEXT,
    ),
    **dict.fromkeys(("htm", "html", "xhtml"), "text/html"),
    "svg": "image/svg+xml",
    **dict.fromkeys(("xml", "xcs"), "application/xml"),
    "zip": ZIP,
    "7z": "application/x-7z-compressed",
    "rtf": "text/rtf",
    **dict.fromkeys(("eml", "mht", "mhtml", "mbox", "mbx"), "message/rfc822"),
    "msg": "application/vnd.ms-outlook",
    # Kingsoft's programs write Microsoft's kinds under names of their own.
    **dict.fromkeys(("doc", "dot", "wps", "wpt"), "application/msword"),
    **dict.fromkeys(("xls", "xlt", "xla", "et", "ett"), "application/vnd.ms-excel"),
    **dict.fromkeys(("ppt", "pps", "pot", "dps", "dpt"), "application/vnd.ms-powerpoint"),
    "docx": f"{WORD}.document",
    "dotx": f"{WORD}.template",
    "docm": f"{MACRO_WORD}.document.macroenabled.12",
    "dotm": f"{MACRO_WORD}.template.macroenabled.12",
    "xlsx": f"{EXCEL}.sheet",
    "xltx": f"{EXCEL}.template",
    "xlsm": f"{MACRO_EXCEL}.sheet.macroenabled.12",
    "xltm": f"{MACRO_EXCEL}.template.macroenabled.12",
    "xlam": f"{MACRO_EXCEL}.addin.macroenabled.12",
    "xlsb": BINARY_SHEET,
    "pptx": f"{SLIDES}.presentation",
    "ppsx": f"{SLIDES}.slideshow",
    "potx": f"{SLIDES}.template",
    "ppam": f"{MACRO_SLIDES}.addin.macroenabled.12",
    "pptm": f"{MACRO_SLIDES}.presentation.macroenabled.12",
    "ppsm": f"{MACRO_SLIDES}.slideshow.macroenabled.12",
    "potm": f"{MACRO_SLIDES}.template.macroenabled.12",
    "odt": f"{ODF}.text",
    "ott": f"{ODF}.text-template",
    "ods": f"{ODF}.spreadsheet",
    "ots": f"{ODF}.spreadsheet-template",
    "odp": f"{ODF}.presentation",
    "otp": f"{ODF}.presentation-template",
    "odg": f"{ODF}.graphics",
    "otg": f"{ODF}.graphics-template",
    "fodt": f"{ODF}.text{FLAT}",
    "fods": f"{ODF}.spreadsheet{FLAT}",
    "fodp": f"{ODF}.presentation{FLAT}",
    "fodg": f"{ODF}.graphics{FLAT}",
    "xps": "application/vnd.ms-xpsdocument",
    "slk": "application/x-sylk",
    **dict.fromkeys(("pages", "numbers", "key"), APPLE),
    "rar": "application/x-rar",
    "p7s": "application/pkcs7-signature",
    "p7m": "application/pkcs7-mime",
    "rpmsg": "application/x-microsoft-rpmsg-message",
    "iqy": "application/x-ms-iqy",
}
# Names of what is known by its bytes alone, and is nothing but itself under each of them.
OWN_NAMES = {
    "application/pgp-keys": frozenset({"", "asc", "gpg", "pgp", "key", "pub", "txt"}),
    "application/pgp-signature": frozenset({"", "asc", "gpg", "pgp", "sig", "sign", "txt"}),
    "application/pkcs7-signature": frozenset({"", "p7s", "sig", "p7m"}),
}
# Extensions of office files whose format changes when they are locked with a password.
LOCKABLE = frozenset(
    extension
    for extension, kind in EXTENSIONS.items()
    if kind.startswith((OFFICE, MACRO_WORD, MACRO_EXCEL, MACRO_SLIDES))
)
# A dot is not always an extension: "Scan 2026.03.12", "v1.final version".
EXTENSION = re.compile(r"\.(?=[a-z0-9]*[a-z])([a-z0-9]{1,5}|ndjson|numbers)\s*$", re.IGNORECASE)

# What is held, and under which code, by the beginning of the type.
HELD = (
    ("text/html", "html_not_shown"),
    ("application/xhtml", "html_not_shown"),
    ("image/svg", "svg_not_shown"),
    ("application/xml", "xml_not_shown"),
    ("text/xml", "xml_not_shown"),
    (ZIP, "archive_not_opened"),
    ("application/x-7z", "archive_not_opened"),
    ("application/x-rar", "archive_not_opened"),
    ("application/vnd.rar", "archive_not_opened"),
    ("application/gzip", "archive_not_opened"),
    ("application/x-tar", "archive_not_opened"),
    ("application/x-bzip2", "archive_not_opened"),
    ("application/x-xz", "archive_not_opened"),
    (APPLE, "apple_document"),
    ("application/vnd.ms-tnef", "archive_not_opened"),
    ("application/vnd.ms-outlook", "mail_not_opened"),
    ("message/rfc822", "mail_not_opened"),
)  # fmt: skip

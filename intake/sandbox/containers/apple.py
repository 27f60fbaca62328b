"""Take the preview and the pictures out of a file of Apple's Pages, Numbers or Keynote.

Nothing here reads the text itself: it stands in Apple's own form (IWA), of which a person sees
nothing. So its parts are marked `office_part`, scanned and not shown, and the file stays held, that
somebody may ask for a PDF.
"""

import re

from ..archives.members import Container, Gathering
from ..archives.zip_members import read_members

PREVIEW = re.compile(r"(?:^|/)(?:preview\.(?:jpg|jpeg|png)|Preview\.pdf)$")
# Parts that only these programs write: the text in its own form, and small copies of pictures.
OWN_PARTS = re.compile(
    r"\.(?:iwa|plist|apxl|apxl\.gz)$|(?:^|/)(?:Index\.zip|index\.xml|\.iWork\w*|DocumentIdentifier)$"
    r"|(?:^|/)(?:preview-(?:web|micro)\.jpg|Thumbnail\.(?:jpg|jpeg|png))$"
    r"|^Data/(?:mt-|st-|bullet_)[^/]*\.(?:jpg|jpeg|png)$|^thumbs/"
)


def open_apple(container: Container, gathering: Gathering) -> None:
    """Add the preview first, and all other parts behind it; raises NotOpened."""
    members = [(entry.name, content) for entry, content in read_members(container, gathering)]
    for name, content in sorted(members, key=lambda each: PREVIEW.search(each[0]) is None):
        is_own = OWN_PARTS.search(name) is not None
        gathering.add(
            name,
            content,
            role="inline" if is_own else "attachment",
            defects=("office_part",) if is_own else (),
        )

"""Know where the signature below a letter begins, and what such a signature tells everybody.

Whom to call in urgent cases stands there in many words. It imports the other modules of this room
only, and the sandbox's knowledge of texts.
"""

import re

from intake.sandbox.protocol.body_text import HEADING, MARKED, begins_original, is_introduction

# A line with which people end a letter, in the languages written here; a name may follow.
SIGN_OFF = re.compile(
    r"[ \t]*(?:m\.?v\.?h\b\.?|v\.?h\.?(?=\W*$)|(?:med )?(?:vänlig|bästa|varma|hjärtliga"
    r"|många)(?:a)?"
    r" hälsning(?:ar)?|hälsningar|hälsn\.?|med (?:vennlig|venlig) hilsen|(?:vennlig|venlig|beste"
    r"|bedste|mange) hilsen(?:er)?|hilsen|m\.?f\.?g\.?(?=\W*$)|mit (?:freundlichen|besten"
    r"|herzlichen)"
    r" grüßen|(?:freundliche|beste|viele|liebe) grüße|(?:with )?(?:(?:very )?(?:kind(?:est)?|best"
    r"|warm(?:est)?) )?regards|best wishes|yours (?:sincerely|faithfully|truly)|sincerely"
    r"|(?:parhain|ystävällisin) terveisin|terveisin|t\.?(?=\W*$)|(?:bien )?cordialement|bien à vous"
    r"|(?:avec mes )?(?:meilleures )?salutations|(?:un )?(?:cordial )?saludos?(?: cordial(?:es)?)?"
    r"|atentamente|cu (?:stimă|respect|considerație)|(?:з|із) повагою|с уважением"
    r"|(?:مع )?(?:خالص )?"
    r"تحيات[يه]?|(?:مع )?(?:فائق )?الاحترام|با (?:احترام|تشکر|سپاس)|لەگەڵ ڕێز\w*|(?:salaan"
    r"|mahadsanid)"
    r"|ምስ ሰላምታ|ሰላምታ|ከሰላምታ ጋር|آپ کا مخلص|ขอแสดงความนับถือ)"
    r"[ ,.!\u060c-]{0,4}(?:[^\W\d][^\n.!?:;]{0,40})?[ \t,.]*",
    re.IGNORECASE,
)
# Who adds something below it says so.
ADDED = re.compile(
    r"[ \t]*(?:p\.? ?s|obs|nb|n\.b|viktigt|tillägg|important|update|wichtig|huom)(?!\w)",
    re.IGNORECASE,
)
MAX_SIGNATURE_LINES = 20


def without_signature(text: str, *, is_also_alone: bool = False) -> str:
    """Return a text without the lines between the end of a letter and what stands below it.

    What begins with such a line has no letter above it, and stays, unless it goes too
    (`is_also_alone`).

    >>> without_signature("Hej, se bilaga.\\nMvh Eva\\nAkut: 112")
    'Hej, se bilaga.'
    """
    lines = text.split("\n")
    kept: list[str] = []
    left = 0
    for at, line in enumerate(lines):
        is_other = MARKED.match(line) or HEADING.fullmatch(line) or is_introduction(line)
        if left and (is_other or ADDED.match(line) or begins_original(lines, at)):
            left = 0
        if not left and SIGN_OFF.fullmatch(line) and (is_also_alone or any(map(str.strip, kept))):
            left = MAX_SIGNATURE_LINES
        if left:
            left -= 1
        else:
            kept.append(line)
    return "\n".join(kept)

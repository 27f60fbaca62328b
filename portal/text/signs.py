"""Give a sentence to what is odd about a message or one of its parts, for whoever decides about it.

The codes come from the opening in the sandbox; a test holds that each sign has its sentence.
"""

from intake.sandbox.protocol.signs import AMBIGUOUS
from portal.text import labels

SIGNS = {
    # two readings of the message
    "bare_cr": "A line of its header ends as only some programs see.",
    "line_without_colon": "Its header has a line that is no field.",
    "nul": "Its header holds a zero byte.",
    "space_before_colon": "Its type, or its code, is named with a blank before the colon.",
    "duplicate_content_type": "Its type is said twice, and differently.",
    "duplicate_disposition": "What a part is for is said twice, and differently.",
    "duplicate_encoding": "How it is encoded is said twice, and differently.",
    "duplicate_mime_version": "Its MIME version is said twice, and differently.",
    "duplicate_boundary": "Two different marks are named that would divide its parts.",
    "encoded_boundary": "The mark that divides its parts is written in a hidden way.",
    "missing_boundary": "It says that it has parts, and not what divides them.",
    "too_many_parameters": "Its type says more than any honest message.",
    "boundary_not_seen": "The mark that should divide its parts is nowhere in it.",
    "boundary_repeated": "Two marks between its parts have nothing between them.",
    "boundary_reused": "A part inside a part is divided by the same mark.",
    "boundary_with_junk": "Something stands behind a mark that divides its parts.",
    "preamble": "Something that may be a file stands before its first part.",
    "epilogue": "Something that may be a part or a file stands behind its last part.",
    # two readings of a part
    "base64_characters": "Its code holds letters that some programs skip and others do not.",
    "base64_length": "Its code ends in the middle.",
    "base64_padding": "Its code ends more than once.",
    "encoded_container": "It holds parts and is encoded as a whole, which some programs ignore.",
    "external_body": "Its content would be fetched from elsewhere.",
    "message_partial": "It is a piece of a message that came in several.",
    "names_disagree": "It has names that would be opened by different programs.",
    "odd_encoding": "How it is encoded is written as not every program understands.",
    "unknown_encoding": "It is encoded in a way that nobody knows.",
    "uuencoded": "A file is written out in its text.",
    "yenc": "A file is written out in its text.",
    # advice
    "body_truncated": "Its text was too long and is cut.",
    "boundary_not_closed": "It ends without its closing mark, as a message does that was cut.",
    "encoded_message": "An attached message is encoded as a whole.",
    "misnamed_encoding": "How it is encoded has a wrong name. Its bytes are read as they stand.",
    "name_reversed": "Its sender's name has marks that turn letters round. They are left out.",
    "repeated_header": "A field of its header stands there twice with the same value.",
    "text_after_parts": "Words stand behind its last part, often a gateway's. They are not shown.",
    "text_before_parts": "Words stand before its first part, of some program. They are not shown.",
    "unknown_charset": "Letters of its subject or of a name could not be read for certain.",
    "words_below_code": "Words stand below its code, often a list's. They are shown with it.",
    "wrong_charset": "Its subject or a name was read in another character set than was declared.",
    # what a person or a program made of a part
    "has_pictures": "Pictures are written into it.",
    "in_body": "Its words stand in the text of the mail, and are closed with it.",
    "asked_for": "It was set aside, and somebody asked to see it.",
    "office_part": "An office program wrote it for itself.",
    "in_footer": "It stands below the closing words of the letter.",
    "duplicate_header": "A field that says how it is read stands twice in its header.",
    "truncated": "Its end is missing: it may be cut.",
    "rebuilt": "It was put together from the parts that Outlook keeps, so it is no original.",
    "symlink": "It is only a link to another file, which did not come along.",
    "header_cut": "Its header is too long, and only its beginning was read.",
    "unreadable_authentication_results": "What a mail server said of its sender cannot be read.",
    "system_part": "A computer wrote it for itself, beside a person's files.",
    # limits
    "header_too_large": "Its header is larger than any legitimate one.",
    "too_deep": "It is nested too deeply.",
    "too_many_parts": "It has more parts than are opened by machine.",
}


def sign(code: str) -> str:
    """Return the sentence for a sign; one without a sentence shows as itself, made harmless."""
    return SIGNS.get(code.removeprefix(AMBIGUOUS)) or labels.spaced(code).capitalize()

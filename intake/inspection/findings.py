"""Say in one plain sentence each what the inspection found in a document.

These are tables only, so that pages, mails and the audit can say the same words. The codes come
from the sandbox; `intake/sandbox/formats/severity.py` says which of them change a document's state.
"""

from intake.sandbox.protocol.charsets import codec_of, shown_name

WITH_CHARSET = frozenset(
    {
        "charset_undeclared",
        "charset_as_others",
        "charset_differs",
        "charset_doubtful",
        "charset_either",
        "charset_chosen",
    }
)
FINDINGS = {
    # PDF
    "pdf_javascript": "The PDF contains a script.",
    "pdf_open_action": "The PDF does something by itself when it is opened.",
    "pdf_open_at_page": "The PDF opens at a certain page. That is harmless.",
    "pdf_additional_actions": "The PDF acts when a page or a field is shown, entered or left.",
    "pdf_launch": "The PDF can start a program on the reader's computer.",
    "pdf_embedded_files": "The PDF carries other files inside.",
    "pdf_xfa": "The PDF is a form of an old kind (XFA) that runs its own program.",
    "pdf_rich_media": "The PDF contains film, sound or an interactive object.",
    "pdf_goto_embedded": "The PDF opens a file that it carries inside.",
    "pdf_goto_remote": "The PDF has a link that opens another file.",
    "pdf_layer_action": "The PDF can show or hide parts of its pages by itself.",
    "pdf_thread_action": "The PDF can jump along a thread of text, also into another file.",
    "pdf_submit_form": "The PDF can send what is typed into it to an address.",
    "pdf_import_data": "The PDF can read data from a file on the reader's computer.",
    "pdf_external_stream": "The PDF loads part of its content from outside.",
    "pdf_remote_link": "The PDF has links to web pages. They wait for a click.",
    "pdf_owner_password": "The PDF opens without a password, but its author restricted its use.",
    "pdf_damaged": "The PDF was damaged and has been repaired for reading.",
    "pdf_data_before_start": "Something stands before the PDF that programs leave there. Harmless.",
    "page_count_disagrees": "Two readers count its pages differently, so it may show two things.",
    "pdf_cut": "The end of the file is missing: it was cut on its way.",
    "pdf_leads_nowhere": "The PDF is damaged: it names something to run or to open that is not"
    " found in it.",
    "pdf_objects_behind_end": "Further parts of a PDF stand behind its end. Another reader may show"
    " those.",
    "pdf_notes": "The PDF carries notes. The safe copy writes their words below the page.",
    "pdf_xfa_only": "The form (XFA) is not on the pages: only Adobe's own program can draw it.",
    "pdf_form_not_drawn": "The form has too many fields to be drawn. The copy lacks their words.",
    "pdf_values_missing": "The form does not show all that was filled in. The safe copy writes it"
    " below the page.",
    "pdf_layers_off": "A layer of the PDF is switched off, so the safe copy does not show it.",
    "pdf_page_cut": "Words stand outside the visible part of a page, so they are not shown.",
    "pdf_glyphs_missing": "Some words of a page have no shape or no colour, so nobody sees them.",
    "pdf_picture_missing": "A picture on a page could not be drawn, or nothing of it is seen.",
    # office
    "office_comments": "The file carries comments. The safe copy writes them below the page.",
    "office_speaker_notes": "The slides have a speaker's notes. They stand behind the last slide"
    " where the layout is drawn.",
    "office_tracked_changes": "Changes were tracked: deleted words are struck through, new ones"
    " underlined.",
    "office_hidden_text": "The file has text that is set to be hidden. The safe copy lacks it.",
    "office_hidden_sheets": "Sheets of the workbook are hidden. The safe copy lacks them.",
    "office_hidden_cells": "Rows or columns are hidden. The safe copy lacks them.",
    "office_narrow_cells": "Some cells are too narrow for their numbers. The safe copy lacks them.",
    "office_cut_rows": "Rows of a table are lower than their words. The safe copy cuts them too.",
    "office_cells_left": "Cells of the workbook may be hidden or cut in the safe copy: it is too"
    " large, or protected.",
    "office_vba_macro": "The file contains macros: programs that may run when it is opened.",
    "office_xlm_macro": "The workbook contains macros of an old kind (Excel 4).",
    "office_basic_macro": "The document contains macros or runs one when something happens.",
    "office_macro_format": "The file is of a kind that is made to carry macros.",
    "office_old_format": "The file is of a kind from before 2007, of which not all can be judged.",
    "office_dde": "The file asks another program to run (DDE).",
    "office_remote_template": "The document loads its template from another computer.",
    "office_local_template": "The document names a template on its author's computer.",
    "office_external_link": "The file loads content from outside when it is opened.",
    "office_ole_package": "The file carries another file inside that a click would open.",
    "office_ole_object": "The file contains an object of another program.",
    "office_activex": "The file contains a control that runs code (ActiveX).",
    "office_inserted_file": "The document pulls in a whole other file when it is opened.",
    "office_embedded_document": "The file contains another office file inside, such as a chart's.",
    "office_data_connection": "The workbook fetches data from elsewhere.",
    "office_web_extension": "The file loads an add-in from the web.",
    "office_web_service": "The workbook has a formula that asks the web, and may send data there.",
    "office_program_call": "The workbook has a formula that starts a program or calls its code.",
    "office_standard_password": "It was encrypted with Excel's standard password, opened with it.",
    "office_hyperlink": "The file has links to web pages. They wait for a click.",
    "office_malformed": "The file is not built as its kind demands, so programs may differ on it.",
    "office_entities": "The file declares abbreviations that can hide or multiply its content.",
    "office_nested_too_deep": "Files are packed inside files too deeply to be judged.",
    "office_not_fully_read": "A part of the file could not be read, so it was not judged.",
    # RTF
    "rtf_object": "The document contains an object of another program.",
    "rtf_package": "The document carries another file inside that a click would open.",
    # markup
    "html_script": "The page contains a script.",
    "html_event_handler": "The page runs code when something happens on it.",
    "html_embedded": "The page shows another page or object inside itself.",
    "html_remote": "The page loads content from the web, which tells its sender who looks.",
    "html_form": "The page has a form that sends what is typed into it.",
    # letters that point elsewhere
    "cloud_link": "It points to a file in a cloud service. Ask for the file itself.",
    "secure_mail_notice": "It announces a message in a secure system. Ask for the documents.",
    # sheets as text
    "sheet_dde": "A cell would start a program in a spreadsheet program.",
    "sheet_macro": "The sheet contains macros of an old kind.",
    "sheet_query": "The file makes a spreadsheet program fetch data from the web.",
    # calendar entries and contacts
    "calendar_program": "The entry would start a program at a time that its sender chose.",
    "calendar_other_computer": "The entry makes a program open something on another computer.",
    # kinds
    "polyglot": "The file is of two kinds at once.",
    "type_disagrees": "Its name or its sender says another kind of file than it is.",
    "detached_signature": "It is an electronic signature of the mail. Whose it is was not proven.",
    "called_signature": "It is called an electronic signature. It is cut or of an unknown kind, so"
    " it could not be checked.",
    "public_key": "It is a public key, by which mail to its owner can be encrypted.",
    "signature_fits": "The signed part of the mail came as it was signed.",
    "signature_differs": "What came is not what was signed: it was changed on its way, or something"
    " else was signed.",
    "signature_not_checked": "It could not be checked whether what came is what was signed.",
    "type_corrected": "Its name or its sender called it something else. It is shown as what it is.",
    "script_file": "Its name or content is that of a script, which a computer would run.",
    "program_package": "It is a package that installs a program, a theme or an add-on.",
    "text_reads_as_mail": "The text begins like an e-mail.",
    "text_holds_mail_parts": "Files of an e-mail are written out in the text, and it cannot be told"
    " which.",
    "data_after_end": "Something stands behind the end of the picture.",
    "data_of_another_type": "A file of another kind is hidden behind the end of the picture.",
    "advice_film_behind": "The phone saved a short film with the photo. The copy shows the photo.",
    "advice_pictures_behind": "The camera saved further pictures with the photo, often the same"
    " again. The copy shows the first.",
    "advice_records_behind": "The phone saved records of its own with the photo.",
    # pictures
    "image_location": "The photo says where it was taken. The safe copy does not.",
    "image_metadata": "The photo says with what, when or by whom. The safe copy does not.",
    # what the scanner remarked
    "scanner_saw_broken_picture": "The scanner finds the picture built oddly, as many are.",
    "scanner_saw_broken_program": "The scanner finds a damaged program in it.",
    "scanner_saw_macros": "The scanner sees macros in the file.",
    "scanner_saw_phishing": "The scanner finds that a link may lead elsewhere than it says.",
    "scanner_saw_numbers": "The scanner finds many numbers of persons or cards.",
    "scanner_saw_hidden_names": "The scanner finds names that the PDF writes in a disguised way.",
    "image_tiny": "The picture is as small as an icon.",
    "image_small": "The picture has the size and the shape of a logo.",
    # advice
    "advice_blank": "The picture looks blank. The wrong side may have been scanned.",
    "advice_dark": "The picture is very dark and may be hard to read.",
    "advice_missing_pages": "Page numbers on it say that pages are missing or out of order; they"
    " may be in another file.",
    "advice_small": "The picture is small and may be hard to read.",
    # charsets; the name of the one that was taken stands behind the sentence
    "charset_undeclared": "Its character set was not declared. It was read in the likeliest one.",
    "charset_differs": "Its text is not in the declared character set, and was read in another.",
    "charset_doubtful": "In the declared character set it makes no words of a known language.",
    "charset_either": "It makes words in the declared character set, and different ones in UTF-8.",
    "charset_as_others": "No character set was declared. It was read like the mail's other parts.",
    "charset_chosen": "An officer chose its character set. What is not in it is shown as \ufffd.",
    "charset_bad_bytes": "Some bytes are no characters. Each is shown as \ufffd.",
    # what ended the inspection
    "cpu_time": "It took more work than any legitimate document.",
    "wall_clock": "It took longer than any legitimate document.",
    "no_answer": "Its inspection did not answer in time.",
    "out_of_memory": "It needs more memory than any legitimate document.",
}

# The reasons of states that follow from findings, for pages that show a reason in words.
REASONS = {
    "polyglot": "A file of two kinds at once. A person must look.",
    "type_disagrees": "Its name or its sender says another kind of file than it is.",
    "scanner_suspects": "The malware scanner suspects it by a rule of thumb. A person must look.",
    "type_not_allowed": "Files of this kind are not accepted.",
    "page_count_disagrees": "Two readers count its pages differently.",
    "pdf_cut": "The end of the file is missing: it was cut on its way. Ask for it again.",
    "pdf_objects_behind_end": "Further parts stand behind the end of the PDF. A person must look.",
    "data_of_another_type": "A file of another kind is hidden behind the picture.",
    "text_holds_mail_parts": "Files of an e-mail are written out in a text. A person must look.",
    "certificate_needed": "Locked with a certificate.",
    "detached_signature": "An electronic signature of the mail, not a document.",
    "called_signature": "Called a signature of the mail. It could not be checked.",
    "public_key": "A public key, by which mail to its owner can be encrypted. Not a document.",
    "microsoft_encrypted": "Encrypted by Microsoft for its reader alone. Ask for the file itself.",
    "apple_document": "A file of Apple's Pages, Numbers or Keynote. Ask for it as a PDF.",
    "script_file": "A script that a computer would run.",
    "program_package": "A package that installs a program. It is not opened.",
    "office_kind_not_allowed": "Office files of this kind are not accepted.",
    "office_kind_not_allowed_active": (
        "Office files of this kind are not accepted, and it carries scripts, links or objects."
    ),
    "office_cannot_be_opened": "The file is damaged, or is not an office file.",
    "office_too_large_to_judge": "The office file is too large to be checked automatically.",
    "office_malformed": "The office file is not built as its kind demands.",
    "office_entities": "The office file declares abbreviations that can hide its content.",
    "office_nested_too_deep": "Files are packed inside files too deeply.",
    "office_not_fully_read": "A part of the office file could not be read.",
}
# What came of opening a container and of drawing a copy; two codes may have the same sentence.
_DAMAGED = "It is damaged and cannot be opened."
_TWO_READINGS = "Two programs would open it differently, so it is not opened."
_MANY = "It contains more files than are opened automatically."
_LARGE = "Its content is larger than the limit."
_LOCKED = "Locked with a password that nobody gave."
REASONS |= {
    **dict.fromkeys(
        ("archive_damaged", "mail_damaged", "ole_damaged", "pgp_damaged", "rtf_damaged",
         "smime_damaged", "zip_damaged", "opening_failed"), _DAMAGED,
    ),
    **dict.fromkeys(("too_many_documents", "too_many_members", "office_too_many_members"), _MANY),
    **dict.fromkeys(("too_large_unpacked", "ratio_too_high"), _LARGE),
    **dict.fromkeys(("wrong_password", "office_encrypted"), _LOCKED),
    **dict.fromkeys(("no_key_fits", "pgp_encrypted", "smime_encrypted"),
                    "Encrypted with a key that this office does not have."),
    "archive_not_supported": "Archives of this kind are not opened.",
    "empty_mail": "The mail inside has no part that could be opened.",
    "encryption_not_supported": "Locked in a way that is not opened here.",
    "nested_too_deep": "Files are packed inside files too deeply.",
    "pdf_attachment_damaged": "A file inside the PDF is damaged.",
    "several_pgp_messages": "It holds several encrypted messages. Ask for one at a time.",
    "smime_compressed": "The mail inside is compressed in a way that is not opened.",
    "sparse_member": "A file in it is written with gaps, which programs read differently.",
    "too_large_to_decrypt": "Locked, and too large to be opened with a password.",
    "unsupported_method": "It is packed in a way that is not opened here.",
    "zip_disagrees": _TWO_READINGS,
    # drawing
    "layout_not_available": "Only its words are shown: its layout cannot be drawn on this machine.",
    "text_cut_off": "The text is too long and is cut.",
    "office_cannot_be_read": "The words of the office file could not be read.",
    "office_too_large": "The office file is too large to be drawn.",
    "out_of_time_or_room": "Drawing it took too long, so the last pages are missing.",
    "xml_entities": "It declares abbreviations that can hide its content.",
    "xml_too_deep": "It is nested too deeply.",
    # what the sandbox says of itself; the rest of such a code is for the log
    "suspicious": "A rule of ours suspects it. A person must look.",
    "parse_timeout": "It took longer than any legitimate document.",
    "parse_crash": "The program that reads it stopped over it.",
    "page_too_large": "A page is larger than is drawn.",
    "text_too_large": "Its text is longer than is kept.",
    "not_a_pdf": "What an office program made of it cannot be drawn.",
    "output_refused": "What was read of it is not as it should be.",
    "jail_died": "The program that reads it stopped over it.",
}  # fmt: skip
# How codes begin of which the rest is a number or a field's name.
BEGINNINGS = {"signal_": "parse_crash", "exit_": "parse_crash", "bad_": "output_refused"}
# Stand before the reason of the step that failed.
STEPS = {"inspection_": "It could not be judged.", "unpacking_": "It could not be opened."}
UNKNOWN = "Something that has no words yet: {}."


def sentence(code: str) -> str:
    """Return the sentence for a finding; an unknown code is shown as it is.

    >>> sentence("charset_undeclared:cp1251")
    'Its character set was not declared. It was read in the likeliest one. (windows-1251)'
    """
    head, _, rest = code.partition(":")
    if head in WITH_CHARSET and codec_of(rest):
        return f"{FINDINGS[head]} ({shown_name(codec_of(rest) or rest)})"
    return FINDINGS.get(code) or UNKNOWN.format(code.replace("_", " "))

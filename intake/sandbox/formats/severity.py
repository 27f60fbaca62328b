"""Decide from the findings in a document what may be done with it.

`intake/inspection/findings.py` has the sentence for each code; a test holds that none is without
one. A code that is not listed here is only reported.
"""

from collections.abc import Iterable

from ..protocol.results import Inspection

# Programs, and what fetches or opens something by itself: only the safe copy is ever shown.
ACTIVE = frozenset(
    {
        "pdf_javascript", "pdf_open_action", "pdf_additional_actions", "pdf_launch",
        "pdf_embedded_files", "pdf_xfa", "pdf_rich_media", "pdf_goto_embedded", "pdf_goto_remote",
        "pdf_layer_action", "pdf_thread_action", "pdf_submit_form", "pdf_import_data",
        "pdf_external_stream", "pdf_leads_nowhere",
        "office_old_format",
        "office_vba_macro", "office_xlm_macro", "office_basic_macro", "office_macro_format",
        "office_dde", "office_remote_template", "office_external_link", "office_ole_package",
        "office_ole_object", "office_activex", "office_inserted_file", "office_data_connection",
        "office_web_extension", "office_web_service", "office_program_call",
        "rtf_object", "rtf_package",
        "html_script", "html_event_handler", "html_embedded", "html_remote", "html_form",
        "sheet_dde", "sheet_macro", "sheet_query",
        "calendar_program", "calendar_other_computer",
    }
)  # fmt: skip

# The reason of markup of which only the words are shown.
SHOWN_AS_TEXT = "shown_as_text"

# Doubts: a person looks first. The first that is found is the reason.
HOLDING = (
    "script_file",
    "program_package",
    "polyglot",
    "type_disagrees",
    "page_count_disagrees",
    "pdf_cut",
    "pdf_objects_behind_end",
    "data_of_another_type",
    "text_holds_mail_parts",
    "office_malformed",
    "office_entities",
    "office_nested_too_deep",
    "office_not_fully_read",
)


def judge(detected_type: str, findings: Iterable[str], page_count: int | None = None) -> Inspection:
    """Return what the findings make of a document: held before active before clean."""
    found = tuple(sorted(set(findings)))
    for reason in HOLDING:
        if reason in found:
            return Inspection(detected_type, "held", reason, found, page_count)
    if ACTIVE.intersection(found):
        return Inspection(detected_type, "active", "active_content", found, page_count)
    return Inspection(detected_type, "clean", "", found, page_count)

"""Check that every field of every template says its fault in the one way that the summary knows."""

import re
from pathlib import Path

from flask import Flask

from portal import shown_faults
from portal.app import TEMPLATES

# A fault beside its field: only the macro and the fields of the office data draw one by hand; the
# latter tell the summary themselves. The style guide draws a sample.
BY_HAND = frozenset(
    {"_macros.html", "administration/editions/_parts.html", "administration/style_guide.html"}
)
FAULT = re.compile(r'class="error" id="')
# What takes the focus from the summary: a wrong field that is not the only one of its form.
MARKED = re.compile(r'autofocus aria-invalid="true"')
ALONE = re.compile(r"alone=true|import_file")


def test_no_template_draws_a_fault_by_hand() -> None:
    found = {
        str(path.relative_to(TEMPLATES))
        for path in Path(TEMPLATES).rglob("*.html")
        if FAULT.search(path.read_text())
    }

    assert found == BY_HAND


def test_only_a_field_that_stands_alone_takes_the_focus() -> None:
    for path in Path(TEMPLATES).rglob("*.html"):
        text = path.read_text()
        if MARKED.search(text):
            assert ALONE.search(text), path


def test_each_fault_is_noted_once_for_its_page(app: Flask) -> None:
    with app.test_request_context("/"):
        shown_faults.note_fault("day", "Write the day.")
        shown_faults.note_fault("day", "Write the day.")
        shown_faults.note_fault("name", "Write the name.")
        noted = shown_faults.noted()

        assert noted.fields == [("day", "Write the day."), ("name", "Write the name.")]

    with app.test_request_context("/"):
        assert shown_faults.noted().fields == []

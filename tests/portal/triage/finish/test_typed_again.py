"""Check that refused forms of one act each come back with what was typed into them."""

import pytest

from intake.core.services import Services
from tests.portal import samples
from tests.portal.conftest import SignIn
from tests.portal.triage.finish.test_refused_forms import field, form_of
from tests.portal.triage.forms import page_of

GOOD = {
    "country": "Iraq",
    "decided_on": "2026-10-01",
    "collect_by": "2027-04-01",
    "adults": "2",
    "children": "3",
    "amount_sek": "90000",
}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("country", "Nowhere"),
        ("country", ""),
        ("decided_on", ""),
        ("decided_on", "2026-13-01"),
        ("decided_on", "2030-01-01"),
        ("collect_by", "in spring"),
        ("adults", "two"),
        ("children", "31"),
        ("amount_sek", "99999999999"),
        ("amount_sek", '"><script>alert(1)</script>'),
    ],
)
def test_a_refused_cash_decision_keeps_every_field_and_marks_the_wrong_one(
    services: Services, signed_in: SignIn, name: str, value: str
) -> None:
    browser = signed_in("CASH")
    path = page_of(samples.seed(services, programme="cash", queue="Q9"))

    answer = browser.post(f"{path}/decision", path, **(GOOD | {name: value}))

    form = form_of(answer.text, "/decision")
    assert answer.status_code == 400
    assert "<script>alert" not in answer.text
    assert 'aria-invalid="true"' in field(form, name)
    assert form.count('aria-invalid="true"') == 1
    assert f'id="{name}-error"' in form
    for each, typed in GOOD.items():
        if each != name:
            assert f'value="{typed}"' in field(form, each)
        elif "<" not in value:
            assert f'value="{value}"' in field(form, each)


@pytest.mark.parametrize(
    ("act", "typed", "more"),
    [
        ("case", "K7M-4QX-9T", {"with_sender": "yes"}),
        ("case", "no reference", {}),
        ("merge", "K7M-4QX-9T", {"case": "", "across_regions": "yes"}),
    ],
)
def test_a_refused_reference_comes_back_to_be_mended(
    services: Services, signed_in: SignIn, act: str, typed: str, more: dict[str, str]
) -> None:
    browser = signed_in("INTAKE")
    path = page_of(samples.seed(services))
    name = {"case": "case", "merge": "into"}[act]

    answer = browser.post(f"{path}/{act}", path, **({name: typed} | more))

    form = form_of(answer.text, f"/{act}")
    assert answer.status_code in {400, 404}
    assert f'value="{typed}"' in field(form, name)
    for each, value in more.items():
        if value:
            assert f'value="{value}"' in field(form, each)


@pytest.mark.parametrize(("first", "last"), [("x", "2"), ("9", "2"), ("1", "999")])
def test_refused_pages_of_a_type_come_back(
    services: Services, signed_in: SignIn, first: str, last: str
) -> None:
    browser = signed_in("INTAKE")
    made = samples.seed(services)
    path = page_of(made)
    with services.database.reading() as session:
        from storage.documents import documents

        rows = documents.of_submission(session, made.submission_id)
        document = next(row.id for row in rows if row.page_count == 4)

    answer = browser.post(
        f"/documents/{document}/kind", path, kind="REF-FORM", first=first, last=last
    )

    form = form_of(answer.text, "/kind")
    assert answer.status_code == 400
    assert f'value="{first}"' in field(form, "first")
    assert f'value="{last}"' in field(form, "last")
    assert 'value="REF-FORM"' in field(form, "kind")

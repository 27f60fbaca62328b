"""Check that people are named once by themselves, and by nothing that only looks like a name."""

import pytest

from intake.accounts.people import names
from intake.accounts.people.names import NameAndLine, PersonInvalid
from intake.core.errors import Conflict, NotFound
from intake.core.services import Services
from storage import audit
from storage.accounts import users
from storage.accounts.users import Role, User
from tests.intake.accounts.people.rows import make_deputy, plant_colleague


@pytest.mark.parametrize(
    ("name", "line", "kept"),
    [
        ("  Anna   Berg ", "", NameAndLine("Anna Berg", "")),
        ("Anna\r\nBerg", "+358 40 123 45 67", NameAndLine("Anna Berg", "+358 40 123 45 67")),
        ("Siobh\u00e1n O\u2019Neill-\u00c5s", "09 123 456", None),
        ("\u202eAnna Berg\u202c", "", NameAndLine("Anna Berg", "")),
        ("\u0646\u0648\u0631 \u0627\u0644\u062f\u06cc\u0646", "", None),
        ("A. B. van der Berg", "(09) 123", None),
        ("", "", NameAndLine("", "")),
    ],
)
def test_a_name_is_kept_tidied(name: str, line: str, kept: NameAndLine | None) -> None:
    if kept is None and not line.startswith("("):
        kept = NameAndLine(name, line)
    if kept is None:
        with pytest.raises(PersonInvalid):
            names.checked(name, line)
    else:
        assert names.checked(name, line) == kept


@pytest.mark.parametrize(
    "name",
    [
        "<script>alert(1)</script>",
        "Anna Berg, direct line +46 70 000 00 00",
        "Intake officer 2",
        "https://evil.example",
        "-",
        "A" * 81,
        "Anna\u0000; DROP TABLE users",
        "{{ 7 * 7 }}",
        "\u0301\u0301",
    ],
)
def test_what_is_no_name_is_refused(name: str) -> None:
    with pytest.raises(PersonInvalid) as refused:
        names.checked(name, "")

    assert set(refused.value.errors) == {"name"}


@pytest.mark.parametrize(
    "line",
    ["call me", "+46", "1" * 40, "+46 70 <b>", "tel:112", "\u0661\u0661\u0662\u0661\u0661\u0662"],
)
def test_what_is_no_number_is_refused(line: str) -> None:
    with pytest.raises(PersonInvalid) as refused:
        names.checked("Anna Berg", line)

    assert set(refused.value.errors) == {"direct_line"}


def test_a_name_is_written_once_and_a_line_changed_any_time(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1")
    names.change_own(services, officer, "Anna Berg", "")

    with pytest.raises(PersonInvalid):
        names.change_own(services, officer, "Bo Ek", "")
    is_changed = names.change_own(services, officer, "Anna Berg", "+358 40 123 45 67")
    again = names.change_own(services, officer, "Anna Berg", "+358 40 123 45 67")

    assert (is_changed, again) == (True, False)
    with services.database.reading() as session:
        row = session.get_one(User, officer.id)
        changed = [each.detail for each in audit.of_subject(session, "account", officer.id)]
    assert (row.name, row.direct_line) == ("Anna Berg", "+358 40 123 45 67")
    # The audit says that they changed, and holds neither.
    assert changed == [{"changed": ["name"]}, {"changed": ["direct_line"]}]


def test_a_coordinator_changes_no_number_that_officers_call_back_on(services: Services) -> None:
    coordinator = plant_colleague(services, "Coordinator 1", role=Role.COORD, region="SYD")

    with pytest.raises(Conflict):
        names.change_own(services, coordinator, "Anna Berg", "+46 70 000 00 00")


def test_an_administrator_changes_a_name(services: Services) -> None:
    admin = plant_colleague(services, "Administrator 1", role=Role.ADMIN)
    officer = plant_colleague(services, "Intake officer 1", name="Anna Berg")

    assert names.change_names(services, admin, officer.id, "Anna Ek", "")
    with pytest.raises(NotFound):
        names.change_names(services, admin, "f" * 32, "Anna Ek", "")

    with services.database.reading() as session:
        assert users.labels_of(session, {officer.id}) == {officer.id: "Anna Ek"}
        full = {officer.id: "Anna Ek (Intake officer 1)"}
        assert users.full_names_of(session, {officer.id}) == full


def test_a_name_stands_nowhere_in_clear(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1", name="Anna Berg", direct_line="0912345")

    with services.database.engine.connect() as connection:
        stored = connection.exec_driver_sql(
            f"SELECT sealed_name, sealed_direct_line FROM users WHERE id = '{officer.id}'"
        ).one()

    assert all(b"Anna" not in bytes(each) and b"0912345" not in bytes(each) for each in stored)


def test_a_contact_names_a_deputy_who_can_act_only(services: Services) -> None:
    officer = plant_colleague(services, "Intake officer 1", name="Anna Berg")
    deputy = plant_colleague(services, "Intake officer 2", name="Bo Ek", direct_line="0912345")
    make_deputy(services, officer, deputy)

    with services.database.transaction() as session:
        there = names.contact_of(services, session, officer.id)
        session.get_one(User, deputy.id).disabled_at = services.now()
        session.flush()
        gone = names.contact_of(services, session, officer.id)

    assert (there.name, there.deputy, there.is_named) == ("Anna Berg", "Bo Ek, 0912345", True)
    assert gone.deputy == ""

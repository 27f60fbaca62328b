"""Check the operator's commands.

Output for machines, links from settings only, one line an error.
"""

import json

import pytest
from flask import Flask

from intake.accounts import accounts
from intake.core.services import Services
from tests.portal import samples
from tests.portal.building import PASSWORD


def test_listing_prints_one_array(app: Flask, services: Services) -> None:
    seeded = samples.seed(services)

    result = app.test_cli_runner().invoke(args=["submissions", "list", "--json"])

    assert result.exit_code == 0
    [found] = json.loads(result.stdout)
    assert found["reference"] == seeded.reference


def test_listing_for_people_has_one_line_each(app: Flask, services: Services) -> None:
    seeded = samples.seed(services)

    result = app.test_cli_runner().invoke(args=["submissions", "list"])

    assert result.stdout.startswith(f"{seeded.reference}  24 Nov 2026")


def test_showing_prints_one_object(app: Flask, services: Services) -> None:
    seeded = samples.seed(services)
    runner = app.test_cli_runner()

    as_json = runner.invoke(args=["submissions", "show", seeded.reference, "--json"])
    as_text = runner.invoke(args=["submissions", "show", seeded.reference.lower()])

    assert json.loads(as_json.stdout)["history"]
    assert "Samtycke.pdf" in as_text.stdout


def test_a_hostile_name_does_not_act_on_a_terminal(app: Flask, services: Services) -> None:
    seeded = samples.seed(services, parts=(samples.Part("\x1b[2J\x9b\u202e", "HELD"),))
    runner = app.test_cli_runner()

    for option in ([], ["--json"]):
        shown = runner.invoke(args=["submissions", "show", seeded.reference, *option]).stdout
        assert not set("\x1b\x9b\u202e") & set(shown)


@pytest.mark.parametrize("reference", ["nonsense", "K7M-4QX-9T"])
def test_an_unknown_reference_is_one_line(app: Flask, reference: str) -> None:
    result = app.test_cli_runner().invoke(args=["submissions", "show", reference])

    assert result.exit_code == 1
    assert result.stderr == "Error: There is nothing here.\n"


def test_inviting_prints_a_link_from_the_settings(app: Flask, services: Services) -> None:
    result = app.test_cli_runner().invoke(
        args=["users", "invite", "anna@iom.example", "--role", "COORD", "--region", "VAST"]
    )

    link = result.stdout.splitlines()[1]
    assert link.startswith("http://portal.test/invitation/")
    accounts.accept_invitation(services, link.rpartition("/")[2], PASSWORD)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["anna@iom.example", "--role", "COORD"], "needs a region"),
        (["nonsense", "--role", "INTAKE"], "not a mail address"),
    ],
)
def test_an_impossible_invitation_is_explained(
    app: Flask, arguments: list[str], words: str
) -> None:
    result = app.test_cli_runner().invoke(args=["users", "invite", *arguments])

    assert result.exit_code == 1
    assert words in result.stderr


def test_health_has_an_exit_code(app: Flask) -> None:
    result = app.test_cli_runner().invoke(args=["health", "--json"])

    assert result.exit_code == 1
    found = json.loads(result.stdout)
    assert found["status"] == "degraded"
    assert {"name", "status", "detail", "hint", "since"} == set(found["checks"][0])


def test_what_came_in_before_is_indexed_once(app: Flask, services: Services) -> None:
    samples.seed(services)
    samples.seed(services, state="RECEIVED", queue=None)
    runner = app.test_cli_runner()

    outputs = [runner.invoke(args=["submissions", "index"]).output for _ in range(2)]

    assert outputs == ["1 indexed\n", "0 indexed\n"]

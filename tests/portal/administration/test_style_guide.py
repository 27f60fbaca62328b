"""Check the style guide: for those who answer for the pages, from either side, with every mark."""

import pytest

from portal.text import labels
from portal.text.labels import Mark
from storage.accounts.users import Role
from tests.portal.conftest import SignIn

GUIDE = "/admin/styleguide"


@pytest.mark.parametrize("role", [Role.ADMIN, Role.MGR, Role.INTAKE, Role.COORD])
def test_it_opens_to_who_answers_for_the_pages(signed_in: SignIn, role: Role) -> None:
    answer = signed_in(role).get(GUIDE)

    assert answer.status_code == (200 if role in {Role.ADMIN, Role.MGR} else 404)


def test_it_reads_from_either_side_and_shows_every_mark(signed_in: SignIn) -> None:
    browser = signed_in("MGR")

    left, right = browser.get(GUIDE).text, browser.get(f"{GUIDE}?dir=rtl").text
    odd = browser.get(f'{GUIDE}?dir="><script>').text

    assert '<html lang="en" dir="ltr">' in left
    assert '<html lang="en" dir="rtl">' in right
    assert 'lang="ar">' in right
    assert '<html lang="en" dir="ltr">' in odd
    tables = [value for name, value in vars(labels).items() if name.endswith("_MARKS")]
    marks = [mark for table in tables for mark in table.values() if isinstance(mark, Mark)]
    assert len(marks) > 20
    missing = {mark for mark in marks if f"<bdi>{mark.word}</bdi>" not in left}
    assert missing == set()

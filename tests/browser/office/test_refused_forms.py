"""Check that a refused form says at the top of its page what is wrong, and leads to each field.

The tour sends every form wrongly that has more than one field. The summary has the focus, so that
a screen reader begins with it; a form with one field gives the focus to that field.
"""

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.tour import serve
from tests.browser.tour.serve import Tour

pytestmark = pytest.mark.browser
# Stops whose page says what is wrong in another way: it has no form, or nothing in it is wrong.
NOT_FORMS = frozenset({"submission, an attempt refused"})
# The style guide shows a summary among its samples.
SAMPLES = frozenset({"style guide", "style guide from the right"})
# A script that tells of a page: how many fields are wrong, whether they stand alone in their form,
# what the summary links to, and what has the focus.
READ = """
() => {
  const wrong = [...document.querySelectorAll("main [aria-invalid=true]")];
  const shown = (field) => [...(field.form || document).querySelectorAll("input, select, textarea")]
    .filter((each) => !["hidden", "submit"].includes(each.type) && each.type !== "radio");
  const alone = wrong.filter((each) => shown(each).length === 1);
  const summaries = [...document.querySelectorAll(".problems")];
  const links = summaries.flatMap((each) => [...each.querySelectorAll("a")]);
  return {
    wrong: wrong.map((each) => each.id),
    alone: alone.map((each) => each.id),
    summaries: summaries.length,
    isFirst: document.querySelector("main").firstElementChild === summaries[0],
    hasFocus: document.activeElement === summaries[0],
    focused: document.activeElement.id,
    linked: links.map((each) => each.hash.slice(1)),
    lost: links.filter((each) => !document.getElementById(each.hash.slice(1))).map((e) => e.hash),
    empty: links.filter((each) => !each.textContent.trim()).length,
    title: document.title,
    autofocus: document.querySelectorAll("[autofocus]").length,
    alerts: document.querySelectorAll("main [role=alert]").length,
  };
}
"""


def faults_of(page: Page) -> list[str]:
    """Return what is amiss with the way in which a page tells of a refused form."""
    read = page.evaluate(READ)
    found = []
    if set(read["alone"]) == set(read["wrong"]) and not read["summaries"]:
        if read["wrong"] and read["focused"] not in read["wrong"]:
            found.append(f"the only field has not the focus, but {read['focused']}")
        return found
    if read["summaries"] != 1 or not read["isFirst"]:
        return [f"{read['summaries']} summaries at the top for {read['wrong']}"]
    if not read["hasFocus"]:
        found.append(f"the focus is on {read['focused'] or 'nothing'}")
    if missing := set(read["wrong"]) - set(read["linked"]):
        found.append(f"no link to {sorted(missing)}")
    if read["lost"] or read["empty"]:
        found.append(f"links to nothing {read['lost']}, {read['empty']} without words")
    if read["autofocus"] != 1:
        found.append(f"{read['autofocus']} places ask for the focus")
    if read["alerts"] != 1:
        found.append(f"{read['alerts']} alerts")
    if not read["title"].startswith("Error:"):
        found.append(f"the title is {read['title']}")
    return found


def test_every_refused_form_has_a_summary(tour_of_all: Tour, chromium: Browser) -> None:
    found, refused = {}, set()

    for stop, page in serve.walk(tour_of_all, chromium):
        if stop.name in SAMPLES:
            continue
        if page.locator("main [aria-invalid=true], .problems").count():
            refused.add(stop.name)
            if faults := faults_of(page):
                found[stop.name] = faults
        elif "refused" in stop.name and stop.name not in NOT_FORMS:
            found[stop.name] = ["nothing on the page is marked as wrong"]

    assert found == {}
    assert len(refused) > 30

"""A coordinator who sends referrals through the portal, and looks at what became of them."""

import io
import re
from typing import TYPE_CHECKING, Any

from tests.portal.building import HOST

if TYPE_CHECKING:
    from tests.flow.desk_month.house import Seat
    from tests.flow.desk_month.papers import Attachment

REFERENCE = re.compile(r'class="reference"[^>]*><bdi>([^<]+)</bdi>')


class Coordinator:
    """Works at a seat, with the pages' own forms."""

    def __init__(self, seat: "Seat") -> None:
        self.seat = seat

    def upload(self, papers: "list[Attachment]", note: str) -> str:
        """Send a referral with papers; return its reference."""
        self.seat.sign_in()
        page = self.seat.open("/referrals/new")
        # The page's first form chooses its language, at the same address.
        begin = next(
            each
            for each in page.forms
            if "csrf_token" in each.fields and each.action == "/referrals/new"
        )
        begun = self.seat.send(begin.action, begin.fields)
        path = str(begun.location).partition("#")[0]
        form = next(each for each in self.seat.open(path).forms if "version" in each.fields)
        sent: dict[str, Any] = {  # Any: files beside texts
            **form.fields,
            "priority": "normal",
            "consent": "given",
            "note": note,
            "act": "send",
            "file": [(io.BytesIO(content), name, kind) for name, kind, content in papers],
        }
        answer = self.seat.client.post(
            path, base_url=f"http://{HOST}", data=sent, content_type="multipart/form-data"
        )
        assert answer.status_code == 303, answer.text
        found = REFERENCE.search(self.seat.open(str(answer.location)).text)
        assert found is not None
        return found.group(1)

    def pages_about(self, reference: str) -> tuple[str, str]:
        """Return the list of what was sent, and the page of one of it."""
        self.seat.sign_in()
        return self.seat.open("/referrals").text, self.seat.open(f"/referrals/{reference}").text

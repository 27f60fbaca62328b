"""Measure the doors that anybody may knock at: slow callers, and sixty sign-ins at once.

`python -m tests.bench.crowding`. The portal runs as an operator starts it.
"""

import http.client
import time
from contextlib import closing

from intake.accounts import accounts, known_browsers
from intake.bootstrap import read_secret_key
from portal.app import create_app
from tests.bench.uploading import show
from tests.components.server import scratch_folder
from tests.portal.account.crowd_at_the_door import Rush, rush
from tests.portal.building import PASSWORD, stub_health
from tests.portal.coordinators.upload_server import PortalServer
from tests.portal.web.siege import CHUNK, head, public_acts, siege

SLOW_CALLERS = 300
ADDRESSES = 5
PAGES = 20
LENGTH = 4 * 2**20
STRANGERS = 60
EMAIL = "officer@iom.example"


def main() -> None:
    """Print how long sign-in pages take under siege, and what sixty sign-ins at once take."""
    with scratch_folder() as folder, PortalServer(folder / "portal") as server:
        services = server.services
        app = create_app(
            services, secret_key=read_secret_key(services.settings), check_health=stub_health
        )
        # The ones that read a body before they asked for anything come first.
        acts = sorted(public_acts(app), key=lambda act: act[1] not in {"/send/x", "/verify"})
        _wait_for_both_processes(server.port)
        for method, path in acts[:ADDRESSES]:
            starts = [head(method, path, LENGTH) + CHUNK] * SLOW_CALLERS
            with siege(server.port, starts):
                waited = sorted(_page(server.port) for _ in range(PAGES))
            within = sum(seconds <= 1 for seconds in waited)
            show(
                f"sign-in pages, {SLOW_CALLERS} slow at {method} {path} (limit: all within 1 s)",
                f"{within} of {PAGES}, max {waited[-1] * 1000:.0f} ms",
            )
        accounts.create_with_password(services, EMAIL, "INTAKE", None, PASSWORD)
        mark = known_browsers.make_mark(services, EMAIL)
        for name, given in (("known", mark), ("new", "")):
            came = rush(server, STRANGERS, EMAIL, PASSWORD, given)
            show(
                f"{STRANGERS} sign-ins at once, {name} browser (limit: 300 MB, 3 s)", _figures(came)
            )
        services.database.close()


def _figures(came: Rush) -> str:
    answered = {status: came.wrong.count(status) for status in sorted(set(came.wrong))}
    return (
        f"{came.grown_bytes / 1e6:.0f} MB more, the right one {came.right} after "
        f"{came.right_seconds:.1f} s, the others {answered}"
    )


def _wait_for_both_processes(port: int) -> None:
    """Ask for pages until all come quickly: the second process starts while the first answers."""
    in_a_row = 0
    while in_a_row < PAGES:
        in_a_row = in_a_row + 1 if _page(port) < 0.1 else 0


def _page(port: int) -> float:
    started = time.perf_counter()
    with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=60)) as line:
        line.request("GET", "/sign-in")
        answer = line.getresponse()
        answer.read()
        if answer.status != 200:
            raise RuntimeError(f"/sign-in answered {answer.status}")
    return time.perf_counter() - started


if __name__ == "__main__":
    main()

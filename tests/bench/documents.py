"""Measure what a document costs by type and pages: to inspect, to make safe, and for the jail.

Run by `python -m tests.bench.documents`. Milliseconds are a median of some rounds, seen from the
host; processor time is that of the jail's processes, which the kernel counts in hundredths of a
second, so it is a mean over all rounds. «Without» is the same operation in this process.
"""

import io
import os
import statistics
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from intake.safe_copies.pdf import build_safe_pdf
from intake.sandbox import Duty, Jail
from intake.sandbox.host.office_converter import OfficeConverter
from intake.sandbox.worker.operations import Operation, load_operations
from tests.bench.timing import letter, seconds
from tests.components.server import descendants
from tests.intake.sandbox.office.samples import docx
from tests.intake.sandbox.samples import locked_pdf, picture
from tests.samples.mail.mails import referral, tiny_pdf

PDF, TEXT, JPEG = "application/pdf", "text/plain", "image/jpeg"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
ROUNDS = 10
DPI = 150
TICKS = os.sysconf("SC_CLK_TCK")
WORDS = "<w:p><w:r><w:t>The person was met on 12 March.</w:t></w:r></w:p>"


@dataclass(frozen=True)
class Sample:
    """One document of the table."""

    kind: str
    content: bytes
    detected_type: str


class WatchedJail(Jail):
    """A jail that tells its processor time and its memory."""

    def cpu_seconds(self) -> float:
        """Return the processor time of all its processes, ended children included."""
        started = self._started
        if started is None or started.process_id is None:
            return 0.0
        family = (started.process_id, *descendants(started.process_id))
        return sum(map(_cpu_seconds, family))

    def resident_megabytes(self) -> float:
        """Return the resident memory of the warm process."""
        started = self._started
        if started is None or started.process_id is None:
            return 0.0
        *_, warm = descendants(started.process_id)
        rows = dict(
            row.split(":", 1) for row in Path(f"/proc/{warm}/status").read_text().splitlines()
        )
        return int(rows["VmRSS"].split()[0]) / 1024


def main() -> None:
    """Measure and print."""
    with (
        closing(WatchedJail(allow_reduced=False, duties=(Duty.DOCUMENTS,))) as inspector,
        closing(WatchedJail(allow_reduced=False, duties=(Duty.PICTURES,))) as renderer,
    ):
        by_type(inspector, renderer)
    for duty in Duty:
        overhead(duty)


def samples() -> list[Sample]:
    """Return documents of each type, small and large."""
    return [
        Sample("PDF of 1 page", letter(1), PDF),
        Sample("PDF of 10 pages", letter(10), PDF),
        Sample("PDF of 48 pages", letter(48), PDF),
        Sample("PDF of a scan, 1 page", scan(), PDF),
        Sample("photograph, 12 Mpx", picture("JPEG", size=(4000, 3000)), JPEG),
        Sample("text, 1 page", b"The person was met.\n" * 30, TEXT),
        Sample("text, 10 pages", b"The person was met.\n" * 500, TEXT),
        Sample("DOCX, as words, 1 page", docx(WORDS * 20), DOCX),
        Sample("DOCX, as words, 10 pages", docx(WORDS * 450), DOCX),
    ]


def scan() -> bytes:
    """Return a PDF of one page that is a picture."""
    target = io.BytesIO()
    Image.open(io.BytesIO(picture("JPEG", size=(1650, 2340)))).save(target, "PDF")
    return target.getvalue()


def by_type(inspector: WatchedJail, renderer: WatchedJail) -> None:
    """Print milliseconds and processor time of inspecting and of making safe, for each sample."""
    inspector.start()
    renderer.start()
    for sample in samples():
        judged, judged_cpu = measured(inspector, lambda s=sample: _inspect(inspector, s))  # type: ignore[misc]
        drawn, drawn_cpu = measured(renderer, lambda s=sample: _draw(renderer, s))  # type: ignore[misc]
        rendition = renderer.render(sample.content, sample.detected_type, dpi=DPI)
        built = seconds(lambda r=rendition: build_safe_pdf(r.pages))  # type: ignore[misc]
        print(
            f"{sample.kind:26} {len(rendition.pages):3} pages: "
            f"inspect {judged:6.1f} ms, CPU {judged_cpu:6.1f}; "
            f"make safe {drawn + 1000 * built:7.1f} ms, "
            f"CPU {drawn_cpu + 1000 * built:7.1f} (of it the PDF {1000 * built:5.1f})"
        )
    office = OfficeConverter(renderer)
    if office.is_available():
        spent = seconds(lambda: office.render(docx(WORDS * 20), DOCX))
        print(f"DOCX, laid out by LibreOffice, once: make safe {1000 * spent:.0f} ms")


def overhead(duty: Duty) -> None:
    """Print what a jail of one duty holds, and what its smallest request costs beside the call."""
    operation, arguments, content, ask = _smallest(duty)
    direct: Operation = load_operations([duty])[operation]
    with closing(WatchedJail(allow_reduced=False, duties=(duty,))) as jail:
        start = seconds(jail.start)
        resident = jail.resident_megabytes()
        inside, cpu = measured(jail, lambda: ask(jail))
    direct(arguments, [content])
    started = time.process_time()
    outside = _median(lambda: direct(arguments, [content]))
    bare = 1000 * (time.process_time() - started) / ROUNDS
    print(
        f"jail for {duty:9}: start {1000 * start:4.0f} ms, {resident:3.0f} MB; {operation:9} "
        f"{inside:5.1f} ms (CPU {cpu:4.1f}), without {outside:5.1f} (CPU {bare:4.1f}), "
        f"the jail costs {inside - outside:4.1f} ms (CPU {cpu - bare:4.1f})"
    )


def measured(jail: WatchedJail, call: Callable[[], object]) -> tuple[float, float]:
    """Return the median of the milliseconds, and the jail's processor time a call, as well."""
    call()
    before = jail.cpu_seconds()
    median = _median(call)
    return median, 1000 * (jail.cpu_seconds() - before) / ROUNDS


def _median(call: Callable[[], object]) -> float:
    return 1000 * statistics.median(seconds(call) for _ in range(ROUNDS))


def _inspect(jail: Jail, sample: Sample) -> object:
    return jail.inspect(sample.content, sample.detected_type, "")


def _draw(jail: Jail, sample: Sample) -> object:
    return jail.render(sample.content, sample.detected_type, dpi=DPI)


def _smallest(duty: Duty) -> tuple[str, dict[str, object], bytes, Callable[[Jail], object]]:
    """Return an operation of the duty, its arguments, its bytes, and how a jail is asked for it."""
    from intake.sandbox.protocol import unpacked

    pdf = tiny_pdf("small", 240_000)
    match duty:
        case Duty.MAIL:
            raw = referral(attachments=[("a.pdf", PDF, pdf)])
            return "open_mail", {}, raw, lambda jail: jail.open_mail(raw)
        case Duty.SIGNATURES:
            signed = referral()
            return "signatures", {}, signed, lambda jail: jail.signatures(signed)
        case Duty.DOCUMENTS:
            claims: dict[str, object] = {"claimed_type": PDF, "claimed_name": "a.pdf"}
            return "inspect", claims, pdf, lambda jail: jail.inspect(pdf, PDF, "a.pdf")
        case Duty.LOCKS:
            locked = locked_pdf(user="other")
            asked = unpacked.question(PDF, "", ("x",), unpacked.NO_KEYS, unpacked.DEFAULT_LIMITS)
            return "unlock", asked, locked, lambda jail: jail.unlock(locked, PDF, "x")
        case Duty.PICTURES:
            batch: dict[str, object] = {
                "detected_type": PDF, "first": 0, "count": 25, "dpi": DPI, "milliseconds": 9000,
            }  # fmt: skip
            return "render", batch, pdf, lambda jail: jail.render(pdf, PDF, dpi=DPI)


def _cpu_seconds(process: int) -> float:
    fields = Path(f"/proc/{process}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(map(int, fields[11:15])) / TICKS


if __name__ == "__main__":
    main()

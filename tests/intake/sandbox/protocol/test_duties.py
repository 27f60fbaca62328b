"""Hold that duties are read as they were written and load what they say, no more."""

import subprocess
import sys
from pathlib import Path

import pytest

from intake.sandbox.protocol.duties import ALL_DUTIES, DUTY_OF, Duty, read_duties, write_duties
from intake.sandbox.worker.operations import load_operations
from intake.sandbox.worker.warm_up import rehearse

PROJECT = Path(__file__).parents[4]
# What would make every copy of the process that opens mail a large one.
LARGE = (
    "PIL", "pypdfium2", "pikepdf", "magic", "oletools", "cryptography", "asn1crypto", "py7zr",
    "lxml",
)  # fmt: skip
LOADED = """
import sys
from intake.sandbox.worker import operations, warm_up
from intake.sandbox.protocol.duties import Duty
warm_up.rehearse(operations.load_operations([Duty(sys.argv[1])]))
print(*{name.partition(".")[0] for name in sys.modules})
"""


@pytest.mark.parametrize("duties", [(Duty.MAIL,), (Duty.DOCUMENTS, Duty.LOCKS), ALL_DUTIES])
def test_duties_are_read_as_they_were_written(duties: tuple[Duty, ...]) -> None:
    assert read_duties(write_duties(duties)) == duties


@pytest.mark.parametrize("word", ["", "mail,", "post", "--probes"])
def test_a_word_that_names_no_duty_is_refused(word: str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - an enum says it in its own words
        read_duties(word)


@pytest.mark.parametrize("duty", ALL_DUTIES)
def test_a_duty_loads_its_own_operations_and_no_others(duty: Duty) -> None:
    operations = load_operations([duty])

    assert set(operations) == {name for name, each in DUTY_OF.items() if each is duty}
    rehearse(operations)


@pytest.mark.parametrize(
    ("duty", "absent"),
    # Who draws a PDF asks its catalogue which layers are off, so pikepdf is no longer absent there.
    [(Duty.MAIL, LARGE), (Duty.PICTURES, ("oletools", "cryptography", "py7zr"))],
)
def test_a_small_duty_loads_no_large_library(duty: Duty, absent: tuple[str, ...]) -> None:
    command = [sys.executable, "-c", LOADED, duty]

    loaded = subprocess.run(command, capture_output=True, text=True, check=True, cwd=PROJECT).stdout

    assert sorted({*loaded.split()} & {*absent}) == []

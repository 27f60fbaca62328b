import re
import tomllib
from typing import Any

import pytest
from cyclonedx.model.bom import Bom

from tests.bill_of_materials import ROOT, LockUnread, bill_of_materials

LOCK = (ROOT / "requirements.txt").read_text(encoding="ascii")
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
HEX = "0" * 64


def test_every_locked_library_is_named_with_its_hashes() -> None:
    made = bill_of_materials(LOCK, PROJECT)

    hashes = [one["content"] for each in made["components"] for one in each["hashes"]]
    assert hashes == re.findall(r"sha256:([0-9a-f]{64})", LOCK)
    assert len(made["components"]) == len(re.findall(r"^\S+==", LOCK, re.MULTILINE))
    assert all(each["hashes"] for each in made["components"])


def test_every_direct_library_is_in_it() -> None:
    wanted = {re.split(r"[\[<>=~!; ]", each)[0].lower() for each in PROJECT["dependencies"]}

    names = {each["name"] for each in bill_of_materials(LOCK, PROJECT)["components"]}

    assert wanted - names == set()


def test_cyclonedx_reads_it() -> None:
    made = bill_of_materials(LOCK, PROJECT)

    read = Bom.from_json(made)  # type: ignore[attr-defined] # added by a decorator of its library

    assert len(read.components) == len(made["components"])


def test_a_library_for_another_python_says_so() -> None:
    lock = f"numpy==2.5.5 ; python_full_version >= '3.12' \\\n    --hash=sha256:{HEX}\n"

    (component,) = bill_of_materials(lock, PROJECT)["components"]

    assert component["properties"] == [
        {"name": "python:marker", "value": "python_full_version >= '3.12'"}
    ]


@pytest.mark.parametrize(
    "line", ["numpy>=2", "-e .", "numpy @ https://example.org/numpy.whl", "numpy==2.5.5"]
)
def test_a_line_that_cannot_be_read_is_refused(line: str) -> None:
    with pytest.raises(LockUnread):
        bill_of_materials(f"{line}\n", PROJECT)

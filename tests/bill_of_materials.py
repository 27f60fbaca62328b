"""Write the bill of materials that `make sbom` keeps: the locked libraries, as CycloneDX 1.6.

It reads `requirements.txt`, so it names what is installed by hash and nothing else; licences are
those that installed libraries state. It asks no network, holds no time and no random number, and is
the same for the same lock file. Programs of the system (bubblewrap, LibreOffice, tesseract, clamd)
are not in it. This may import nothing of ours.
"""

import json
import re
import sys
import tomllib
from importlib import metadata
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
# A pinned library stands on a line of its own: NAME==VERSION, perhaps « ; MARKER», and « \».
PINNED = re.compile(r"([A-Za-z0-9._-]+)==(\S+?)(?: ; (.+?))? \\")
HASH = re.compile(r"--hash=sha256:([0-9a-f]{64})")
MAX_LICENCE_CHARS = 80


class LockUnread(ValueError):
    """A line of the lock file is none that this can read; leaving it out would hide a library."""


def bill_of_materials(lock: str, project: dict[str, Any]) -> dict[str, Any]:
    """Return the document for a lock file's text and the table `project` of pyproject.toml.

    Any: JSON and TOML. Raises LockUnread.
    """
    name, version = project["name"], project["version"]
    components = _components(lock)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application",
                "bom-ref": name,
                "name": name,
                "version": version,
                "licenses": [{"expression": project["license"]}],
            }
        },
        "components": components,
        "dependencies": [{"ref": name, "dependsOn": [each["bom-ref"] for each in components]}],
    }


def _components(lock: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for line in lock.splitlines():
        pinned = PINNED.fullmatch(line)
        digest = HASH.search(line)
        if pinned is not None:
            found.append(_component(*pinned.groups()))
        elif digest is not None and found:
            found[-1]["hashes"].append({"alg": "SHA-256", "content": digest[1]})
        elif line.strip() and not line.lstrip().startswith("#"):
            raise LockUnread(line)
    return found


def _component(name: str, version: str, marker: str | None) -> dict[str, Any]:
    address = f"pkg:pypi/{name.lower().replace('_', '-')}@{version}"
    component: dict[str, Any] = {
        "type": "library",
        "bom-ref": address,
        "name": name,
        "version": version,
        "purl": address,
        "hashes": [],
    }
    licences = _licences(name, version)
    if licences:
        component["licenses"] = licences
    if marker is not None:
        # Installed only where this holds, such as on another Python.
        component["properties"] = [{"name": "python:marker", "value": marker}]
    return component


def _licences(name: str, version: str) -> list[dict[str, Any]]:
    """Return what the installed library says of its licence, nothing for another version."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return []
    if about["Version"] != version:
        return []
    if "License-Expression" in about:
        expression = about["License-Expression"]
        return [{"expression": expression}]
    classifiers = about.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    lines = str(about["License"] or "").strip().splitlines()
    if not named and lines and len(lines[0]) <= MAX_LICENCE_CHARS:
        named = [lines[0]]
    return [{"license": {"name": each}} for each in named]


def main() -> None:
    """Write the document of this project to standard output."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = (ROOT / "requirements.txt").read_text(encoding="ascii")
    json.dump(bill_of_materials(lock, project), sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")


if __name__ == "__main__":
    main()
